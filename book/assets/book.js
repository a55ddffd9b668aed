// The book's own script: accessible names, the curriculum's ticks, and films. It loads
// nothing and sends nothing; without it every page is whole, only the ticks are missing.
(() => {
  "use strict";

  // Storage is missing or forbidden in some browsers and settings; the page must not care.
  const stored = (key) => {
    try {
      return JSON.parse(window.localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const keep = (key, value) => {
    try {
      window.localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Ticks then last as long as the page.
    }
  };

  const make = (tag, className, text = "") =>
    Object.assign(document.createElement(tag), { className, textContent: text });

  // ---- names and roles that the theme, docutils and sphinx-togglebutton leave out ----

  function nameElements() {
    document.querySelectorAll("summary").forEach((summary) => {
      if (!summary.textContent.trim()) summary.setAttribute("aria-label", "Show or hide the sections");
      else summary.removeAttribute("aria-label"); // the visible text is the better name
    });
    document.querySelectorAll(".citation-list[role=list]").forEach((list) => list.removeAttribute("role"));
    document.querySelectorAll("[role=doc-biblioentry]").forEach((entry) => entry.removeAttribute("role"));
    document.querySelectorAll("object[type='image/svg+xml']").forEach((object) => {
      if (!object.getAttribute("aria-label")) {
        object.setAttribute("aria-label", object.textContent.trim() || "Diagram");
      }
    });
    document.querySelectorAll("button.search-button-field, button.theme-switch-button").forEach((button) => {
      if (button.textContent.trim()) button.removeAttribute("aria-label");
    });
  }

  // Code that scrolls must be within the keyboard's reach. The theme measures once, before
  // a fold opens and while the columns still move.
  const reachWideCode = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const wide = target.scrollWidth > target.clientWidth;
      target.tabIndex = wide ? 0 : -1;
      target.classList.toggle("scrolls", wide);
    }
  });

  // A formula wider than its column shrinks, down to SMALLEST. What is wider still scrolls,
  // so the keyboard must reach it.
  const SMALLEST = 0.7;

  function fitFormulas() {
    document.querySelectorAll("mjx-container[display]").forEach((formula) => {
      formula.dataset.size ??= formula.style.fontSize || "100%"; // as MathJax set it
      formula.style.fontSize = formula.dataset.size;
      const fit = formula.clientWidth / formula.scrollWidth;
      if (fit < 1) {
        const share = Math.max(0.99 * fit, SMALLEST);
        formula.style.fontSize = `${share * parseFloat(formula.dataset.size)}%`;
      }
      if (formula.scrollWidth > formula.clientWidth) formula.tabIndex = 0;
      else formula.removeAttribute("tabindex");
    });
  }
  window.addEventListener("load", () => window.MathJax?.startup?.promise?.then(fitFormulas));
  window.addEventListener("resize", fitFormulas);

  // ---- ticks: on every element with data-tick="id" or with class "tick" and an id ----

  const TICKS = "mlmastery-ticks";

  function addTicks() {
    const items = [...document.querySelectorAll("[data-tick], .tick[id]")].map(tickItem);
    if (!items.length) return;
    const weeks = Map.groupBy ? Map.groupBy(items, sectionOf) : groupBy(items, sectionOf);
    const counters = [...weeks]
      .filter(([section]) => section && weeks.size > 1)
      .map(([section, its]) => weekCounter(section, its));
    const total = totalCounter(items);
    const first = sectionOf(items[0]);
    (weeks.size > 1 && first ? first : items[0].element).before(total.element);

    const show = () => [...counters, total].forEach((counter) => counter.show());
    const load = () => {
      const done = new Set(asList(stored(TICKS)));
      items.forEach((item) => (item.box.checked = done.has(item.id)));
      show();
    };
    const save = () => {
      const here = new Set(items.map((item) => item.id));
      const elsewhere = asList(stored(TICKS)).filter((id) => !here.has(id));
      const done = items.filter((item) => item.box.checked).map((item) => item.id);
      keep(TICKS, [...elsewhere, ...done]);
      show();
    };
    items.forEach((item) => item.box.addEventListener("change", save));
    total.reset.addEventListener("click", () => {
      if (!window.confirm("Remove all ticks on this device?")) return;
      items.forEach((item) => (item.box.checked = false));
      save();
    });
    window.addEventListener("storage", (event) => event.key === TICKS && load());
    load();
  }

  const asList = (value) => (Array.isArray(value) ? value : []);
  const sectionOf = (item) => item.element.closest("section");

  function groupBy(items, key) {
    const groups = new Map();
    items.forEach((item) => groups.set(key(item), [...(groups.get(key(item)) ?? []), item]));
    return groups;
  }

  // A checkbox is named by the text beside it, which may hold links and so cannot be its label.
  function tickItem(element) {
    const id = element.dataset.tick || element.id;
    const holder = element.matches("ul, ol") ? element.querySelector("li") ?? element : element;
    const text = make(holder.matches("p") ? "span" : "div", "tick-text");
    text.id = `${id}-text`;
    text.append(...holder.childNodes);
    const box = make("input", "");
    box.type = "checkbox";
    box.setAttribute("aria-labelledby", text.id);
    const frame = make("label", "tick-box");
    frame.append(box);
    holder.classList.add("tick-item");
    holder.append(frame, text);
    return { element, id, box };
  }

  function counter(items, className, label) {
    const element = make("div", className);
    const bar = make("progress", "");
    bar.max = items.length;
    bar.setAttribute("aria-label", label);
    const words = make("span", "tick-count");
    element.append(bar, words);
    const show = () => {
      bar.value = items.filter((item) => item.box.checked).length;
      words.textContent = `${bar.value} of ${items.length} done`;
    };
    return { element, words, show };
  }

  function weekCounter(section, items) {
    const heading = section.querySelector("h1, h2, h3, h4");
    const title = heading?.firstChild?.textContent.trim() || "week";
    const made = counter(items, "tick-progress", `Progress: ${title}`);
    if (heading) heading.after(made.element);
    else section.prepend(made.element);
    return made;
  }

  function totalCounter(items) {
    const made = counter(items, "tick-progress tick-total", "Progress in the whole curriculum");
    made.words.setAttribute("role", "status");
    const reset = make("button", "tick-reset", "Remove all ticks");
    reset.type = "button";
    made.element.append(reset);
    return { ...made, reset };
  }

  // ---- films: a slider and a button over the pictures of a figure ----

  function addFilms() {
    document.querySelectorAll("figure.frames").forEach((figure) => {
      const frames = [...figure.querySelectorAll(".frame")];
      const title = figure.querySelector("figcaption")?.innerText.trim() ?? "";
      const controls = make("div", "frames-controls");
      const play = Object.assign(make("button", "", "Play"), { type: "button" });
      const slider = Object.assign(make("input", ""), { type: "range", min: 0, max: frames.length - 1, value: 0 });
      slider.setAttribute("aria-label", `Picture of the film: ${title}`);
      const label = make("output", "");
      controls.append(play, slider, label);
      figure.querySelector(".frames-stage").after(controls);
      figure.classList.add("frames-live");

      const show = (n) => {
        frames.forEach((frame, i) => frame.classList.toggle("frame-now", i === n));
        slider.value = n;
        slider.setAttribute("aria-valuetext", frames[n].dataset.label);
        label.textContent = frames[n].dataset.label;
      };
      let timer = null;
      const stop = () => {
        clearInterval(timer);
        timer = null;
        play.textContent = "Play";
      };
      const step = () => {
        const next = Number(slider.value) + 1;
        if (next < frames.length) show(next);
        if (next >= frames.length - 1) stop();
      };
      play.addEventListener("click", () => {
        if (timer) return stop();
        if (Number(slider.value) === frames.length - 1) show(0);
        play.textContent = "Pause";
        timer = setInterval(step, 700);
      });
      slider.addEventListener("input", () => {
        stop();
        show(Number(slider.value));
      });
      show(0);
    });
  }

  // ---- figures: the drawing for the theme that is shown ----

  function showFigures(theme) {
    document.querySelectorAll("img[data-dark]").forEach((image) => {
      if (image.closest(".tag_keep-colours, .keep-colours")) return; // colours are data
      image.dataset.light ??= image.getAttribute("src");
      image.setAttribute("src", theme === "dark" ? image.dataset.dark : image.dataset.light);
    });
  }

  const showFiguresOfTheme = () => showFigures(document.documentElement.dataset.theme);
  window.addEventListener("beforeprint", () => showFigures("light"));
  window.addEventListener("afterprint", showFiguresOfTheme);

  function start() {
    new MutationObserver(showFiguresOfTheme).observe(document.documentElement, {
      attributeFilter: ["data-theme"],
    });
    showFiguresOfTheme();
    nameElements();
    document.querySelectorAll("pre").forEach((pre) => reachWideCode.observe(pre));
    addTicks();
    addFilms();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
