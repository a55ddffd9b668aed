// Live code: the "Live Code" button turns the page's cells and exercises into editors, whose
// code runs on Binder or on a Jupyter server of the reader's own (?jupyter=URL&token=TOKEN).
// Until that button is pressed this loads nothing and sends nothing.
(() => {
  "use strict";

  const make = (tag, className, text = "") =>
    Object.assign(document.createElement(tag), { className, textContent: text });

  // ---- where the code runs ----

  const JUPYTER = "mlmastery-jupyter";
  const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

  // Only this machine's own servers: a link must not be able to send code, or fetch output,
  // anywhere else. "?jupyter=off" goes back to Binder.
  function jupyterServer() {
    const query = new URLSearchParams(window.location.search);
    if (!query.has("jupyter")) return loopback(remembered());
    const server = loopback({ url: query.get("jupyter"), token: query.get("token") ?? "" });
    remember(server);
    hideToken(query);
    return server;
  }

  function loopback(server) {
    try {
      const url = new URL(server.url);
      if (!/^https?:$/.test(url.protocol) || !LOOPBACK.has(url.hostname)) return null;
      return { url: url.origin + url.pathname.replace(/\/?$/, "/"), token: String(server.token ?? "") };
    } catch {
      return null;
    }
  }

  // Storage is missing or forbidden in some browsers and settings; the page must not care.
  function remembered() {
    try {
      return JSON.parse(window.sessionStorage.getItem(JUPYTER));
    } catch {
      return null;
    }
  }

  function remember(server) {
    try {
      if (server) window.sessionStorage.setItem(JUPYTER, JSON.stringify(server));
      else window.sessionStorage.removeItem(JUPYTER);
    } catch {
      // The server then holds for this page alone.
    }
  }

  function hideToken(query) {
    query.delete("jupyter");
    query.delete("token");
    const rest = query.toString();
    try {
      window.history.replaceState(null, "", window.location.pathname + (rest && `?${rest}`) + window.location.hash);
    } catch {
      // A page opened from disk may keep its address.
    }
  }

  // ---- what thebe is told ----

  // Each page has a kernel of its own, found again after a reload by its path.
  function options(server) {
    const page = window.location.pathname.split("/").pop().replace(/\.html$/, "") || "index";
    return {
      requestKernel: true,
      useBinder: !server,
      mathjaxUrl: "", // MathJax is on the page; thebe would ask a CDN for another
      mountRunAllButton: false,
      mountRestartButton: false,
      mountRestartAllButton: false,
      kernelOptions: { path: `${page}.ipynb` },
      codeMirrorConfig: {
        theme: "book",
        mode: "python",
        indentUnit: 4,
        lineNumbers: false,
        viewportMargin: 10000, // all lines are drawn: an editor is as high as its code
        screenReaderLabel: "Python code; Escape leaves the editor",
      },
      ...(server && { serverSettings: serverSettings(server) }),
    };
  }

  const serverSettings = (server) => ({
    baseUrl: server.url,
    wsUrl: server.url.replace(/^http/, "ws"),
    token: server.token,
    appendToken: true,
  });

  function loadThebe() {
    if (window.thebe?.bootstrap) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const script = make("script", "");
      script.addEventListener("load", resolve);
      script.addEventListener("error", () => reject(new Error("thebe's script is missing")));
      script.src = THEBE_JS_URL; // set by the page's head
      document.head.append(script);
    });
  }

  // ---- the page's cells and exercises ----

  // thebe pairs the n-th source with the n-th place for output, so each source gets one.
  function findCells() {
    return [...document.querySelectorAll("div.cell, .exercise-stub")]
      .map((box) => ({ box, source: box.querySelector(box.matches(".cell") ? ".cell_input pre" : "pre") }))
      .filter(({ source }) => source?.textContent.trim())
      .map(({ box, source }) => (box.matches(".cell") ? pageCell(box, source) : exerciseCell(box, source)));
  }

  function pageCell(box, source) {
    let old = box.querySelector(".cell_output");
    if (!old) box.append((old = make("div", "cell_output")));
    const place = outputPlace(old.querySelector("img")?.alt);
    const caption = old.querySelector("figure > figcaption");
    if (caption) caption.before(place);
    else old.append(place);
    return marked({ box, source, old, place, caption, exercise: false });
  }

  // The stub comes with the call that checks it; its class check-3.5 holds the exercise's id.
  function exerciseCell(box, source) {
    const id = [...box.classList].find((name) => name.startsWith("check-"))?.slice("check-".length);
    const name = source.textContent.match(/^def ([A-Za-z]\w*)/m)?.[1];
    const check = id && name ? `\n\n\nfrom mlmastery.check import check\n\ncheck("${id}", ${name})` : "";
    source.textContent = source.textContent.trim() + check;
    const old = make("div", "cell_output");
    const place = outputPlace();
    old.append(place);
    box.after(old);
    return marked({ box, source, old, place, caption: null, exercise: true });
  }

  // A new picture takes the words of the page's own, for it is drawn by the same code at first.
  function outputPlace(alt = "Picture that this code draws") {
    const place = make("div", "live-output");
    place.setAttribute("data-output", "");
    const name = () => place.querySelectorAll("img:not([alt])").forEach((img) => (img.alt = alt));
    new MutationObserver(name).observe(place, { childList: true, subtree: true });
    return place;
  }

  function marked(cell) {
    cell.source.setAttribute("data-executable", "true");
    cell.source.setAttribute("data-language", "python");
    cell.box.querySelectorAll("button.copybtn").forEach((button) => button.remove());
    return cell;
  }

  // The page's own output goes when there is a new one; a figure keeps its caption.
  function removeOldOutput({ old, place, caption }) {
    const clear = (element) => {
      if (element === place || element === caption) return;
      if (element.contains(place)) [...element.children].forEach(clear);
      else element.remove();
    };
    clear(old);
    place.classList.add("live-output-new");
  }

  // ---- the bar above the page: what Python is doing, and how to stop it ----

  function addBar() {
    const element = make("div", "live-bar");
    const words = make("span", "live-status");
    words.setAttribute("role", "status");
    element.append(words);
    document.querySelector("article h1").after(element);
    const button = (text, action) => {
      const made = Object.assign(make("button", "", text), { type: "button" });
      made.addEventListener("click", action);
      element.append(made);
    };
    return { element, button, say: (text) => (words.textContent = text) };
  }

  // ---- running ----

  const READY = "Python is ready: change a cell and run it.";
  const SET_UP = "from mlmastery.bookkit import set_up; set_up()";

  // The page's figure style. Where the package is missing, cells run without it.
  function setUp(kernel) {
    return kernel.requestExecute({ code: SET_UP, silent: true, store_history: false }).done.catch(() => null);
  }

  async function launch(server) {
    const bar = addBar();
    const where = server ? "your own Jupyter server" : "mybinder.org";
    bar.say(`Starting Python on ${where} …`);
    try {
      await loadThebe();
      const cells = findCells();
      const opened = window.thebe.bootstrap(options(server)); // draws the editors at once
      const kernel = opened.then(({ session }) => session.kernel);
      const live = { bar, cells, runs: new Set(), prepared: kernel.then(setUp) };
      live.prepared.catch(() => {});
      window.thebe.notebook.cells.forEach((runner, n) => makeRunnable(live, cells[n], runner));
      tellProgress(live, where);
      addControls(live, await kernel);
      await live.prepared;
      live.started = true;
      if (!live.runs.size) bar.say(READY);
    } catch (error) {
      bar.say(`Python could not be started on ${where}: ${error?.message ?? error}`);
    }
  }

  // Binder may take minutes, and says what it is at.
  function tellProgress(live, where) {
    window.thebe.on("status", (_, { subject, status, message }) => {
      if (subject === "server" && status === "launching" && !live.started) {
        live.bar.say(`Starting Python on ${where} … ${message}`);
      }
    });
  }

  function addControls(live, kernel) {
    live.bar.button("Stop", () => kernel.interrupt());
    live.bar.button("Restart Python", async () => {
      live.bar.say("Restarting Python …");
      await stopRuns(live, kernel);
      live.prepared = kernel.restart().then(() => setUp(kernel));
      await live.prepared;
      live.bar.say("Python is new: nothing has been run yet.");
    });
  }

  // thebe shows an error in a cell whose kernel is restarted under it, so cells are stopped first.
  async function stopRuns(live, kernel) {
    if (!live.runs.size) return;
    await kernel.interrupt();
    const patience = new Promise((resolve) => setTimeout(resolve, 3000));
    await Promise.race([Promise.all(live.runs), patience]);
  }

  // Give a cell its buttons and keys, and let each run begin with taking the old output away.
  function makeRunnable(live, cell, runner) {
    cell.runner = runner;
    cell.element = document.querySelector(`[data-thebe-id="${runner.id}"]`);
    const execute = runner.execute.bind(runner);
    runner.execute = (code) => run(live, cell, () => execute(code));
    const button = cell.element.querySelector(".thebe-run-button");
    Object.assign(button, { type: "button", textContent: "Run", title: "Run this cell (Shift+Enter)" });
    const before = live.cells.slice(0, live.cells.indexOf(cell)).filter((other) => !other.exercise);
    if (before.length) button.after(runToHere([...before, cell]));
    const editor = cell.element.querySelector(".CodeMirror").CodeMirror;
    editor.setOption("extraKeys", { ...editor.getOption("extraKeys"), Tab: indent, "Shift-Tab": "indentLess" });
  }

  // CodeMirror's own Tab puts in a tab, which Python does not mix with spaces.
  const indent = (editor) => editor.execCommand(editor.somethingSelected() ? "indentMore" : "insertSoftTab");

  async function run(live, cell, execute) {
    const done = runOnce(live, cell, execute);
    live.runs.add(done);
    cell.element.setAttribute("aria-busy", "true");
    const result = await done;
    live.runs.delete(done);
    cell.element.setAttribute("aria-busy", "false");
    if (live.started && !live.runs.size) {
      live.bar.say(result && !result.error ? READY : "Python stopped at an error.");
    }
    return result;
  }

  async function runOnce(live, cell, execute) {
    try {
      await live.prepared;
    } catch {
      return null; // the bar says why Python could not be started
    }
    removeOldOutput(cell);
    live.bar.say("Python is running …");
    return execute();
  }

  // A cell that builds on the ones before it needs them run; exercises are the reader's.
  function runToHere(cells) {
    const button = make("button", "thebe-button", "Run all up to here");
    button.type = "button";
    button.addEventListener("click", async () => {
      for (const { runner } of cells) {
        const result = await runner.execute(runner.source);
        if (!result || result.error) return;
      }
    });
    return button;
  }

  function start() {
    const server = jupyterServer();
    if (!document.querySelector("script[type='text/x-thebe-config']")) return;
    let launched = false;
    // The theme's button calls this; sphinx-thebe's own version mixes up the cells' outputs.
    window.initThebeSBT = () => {
      if (!launched) launch(server);
      launched = true;
    };
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
