// The search of sections, on its own page only: MiniSearch over what book/_ext/booksearch.py
// wrote. Whatever a reader types is shown as text, never as markup.
(() => {
  "use strict";

  const MOST = 50;
  const SNIPPET = 32; // words
  const COMMON = new Set("a an and are as at be by do does for from how i in is it of on or the to what why with".split(" "));

  // Sphinx's highlighter leaves a page alone that has this: it would mark the last query's words.
  window.Search = {};

  const make = (tag, textContent = "", more = {}) =>
    Object.assign(document.createElement(tag), { textContent, ...more });

  const WORD = /[\p{L}\p{N}]+/gu;
  const wordsOf = (text) => text.toLowerCase().match(WORD) ?? [];

  // ---- the index ----

  function entriesOf(pages) {
    return Object.values(pages).flatMap(({ url, chapter, sections }) =>
      sections.map(([anchor, titles, text, code]) => ({
        url: anchor ? `${url}#${encodeURIComponent(anchor)}` : url,
        title: titles.at(-1),
        path: titles.slice(0, -1).join(" › "),
        weight: chapter ? 1 : 0.7,
        text,
        code,
      })),
    );
  }

  function indexOf(entries) {
    const index = new MiniSearch({
      fields: ["title", "path", "text", "code"],
      tokenize: wordsOf,
      searchOptions: {
        boost: { title: 5, path: 0.7, text: 1, code: 0.4 },
        prefix: (term) => term.length > 2,
        fuzzy: (term) => (term.length > 4 ? 0.2 : false),
        boostDocument: (id) => entries[id].weight,
      },
    });
    index.addAll(entries.map((entry, id) => ({ ...entry, id })));
    return index;
  }

  // ---- the results, best first ----

  // Common words count only where there is nothing else.
  function wanted(query) {
    const words = wordsOf(query);
    const rare = words.filter((word) => !COMMON.has(word));
    return rare.length ? rare : words;
  }

  function find(index, entries, query) {
    const words = wanted(query).join(" ");
    const all = index.search(words, { combineWith: "AND" });
    const found = all.length ? all : index.search(words, { combineWith: "OR" });
    const phrase = wordsOf(query).join(" ");
    const results = found.map(({ id, score, terms }) => ({
      ...entries[id],
      terms: new Set(terms),
      score: score * closeness(entries[id], phrase),
    }));
    return { all: all.length > 0, results: results.sort((a, b) => b.score - a.score) };
  }

  // A title that is the query is worth most, and the words side by side more than the words apart.
  function closeness({ title, text }, phrase) {
    if (wordsOf(title).join(" ") === phrase) return 4;
    if (!phrase.includes(" ")) return 1;
    const holds = (where) => ` ${wordsOf(where).join(" ")} `.includes(` ${phrase} `);
    return (holds(title) ? 2 : 1) * (holds(text) ? 1.5 : 1);
  }

  // ---- what is shown ----

  // The stretch of the text with most of the words in it.
  function bestStretch(text, terms) {
    const words = [...text.matchAll(WORD)];
    const hits = words.map((word) => (terms.has(word[0].toLowerCase()) ? word[0].toLowerCase() : null));
    let [best, most] = [0, 0];
    hits.forEach((hit, i) => {
      const different = hit ? new Set(hits.slice(i, i + SNIPPET).filter(Boolean)).size : 0;
      if (different > most) [best, most] = [i, different];
    });
    const first = Math.max(0, Math.min(best - 6, words.length - SNIPPET));
    return { words: words.slice(first, first + SNIPPET), before: first > 0, after: first + SNIPPET < words.length, most };
  }

  function snippet(text, code, terms) {
    const inText = bestStretch(text, terms);
    const inCode = inText.most ? null : bestStretch(code, terms);
    return inCode?.most ? marked(code, inCode, terms) : marked(text, inText, terms);
  }

  function marked(text, { words, before, after }, terms) {
    const context = make("p", before ? "… " : "", { className: "context" });
    if (!words.length) return context;
    let at = before ? words[0].index : 0;
    for (const word of words.filter(([w]) => terms.has(w.toLowerCase()))) {
      context.append(text.slice(at, word.index), make("mark", word[0]));
      at = word.index + word[0].length;
    }
    const last = words.at(-1);
    context.append(after ? `${text.slice(at, last.index + last[0].length)} …` : text.slice(at));
    return context;
  }

  function item({ url, path, title, text, code, terms }) {
    const li = make("li");
    li.append(make("a", path ? `${path} › ${title}` : title, { href: url }));
    const context = snippet(text, code, terms);
    if (context.textContent) li.append(context);
    return li;
  }

  function summary(query, { all, results: { length } }) {
    const sections = length === 1 ? "1 section" : `${length} sections`;
    if (!length) return `Nothing was found for “${query}”. Fewer or other words may help.`;
    const found = length > MOST ? `The ${MOST} best of ${sections}` : sections;
    return all ? `${found} for “${query}”.` : `No section has all the words of “${query}”. With some of them: ${found}.`;
  }

  // ---- the page ----

  function answer(query, status, list) {
    if (!window.MiniSearch || !window.bookSections) {
      status.textContent = "The search could not load its index.";
      return;
    }
    const entries = entriesOf(window.bookSections.pages);
    const found = find(indexOf(entries), entries, query);
    list.append(...found.results.slice(0, MOST).map(item));
    status.textContent = summary(query, found);
    markOnThePage(found.results.length ? wanted(query) : []);
  }

  // Sphinx's highlighter marks these on the page that is opened next.
  function markOnThePage(words) {
    try {
      window.localStorage.setItem("sphinx_highlight_terms", words.filter((word) => word.length > 2).join(" "));
    } catch {
      // Without storage nothing is marked.
    }
  }

  function start() {
    const query = (new URLSearchParams(window.location.search).get("q") ?? "").trim();
    document.querySelectorAll("input[name=q]").forEach((input) => (input.value = query));
    // The theme would focus the field of its dialog, which is closed.
    if (!query) return document.querySelector(".bd-search-container input[name=q]")?.focus();
    const status = make("p", "Searching …", { className: "search-summary" });
    status.setAttribute("role", "status");
    const list = make("ul", "", { className: "search" });
    document.getElementById("search-results").append(status, list);
    setTimeout(() => answer(query, status, list), 50); // the page is drawn first, and the change announced
  }

  if (document.readyState === "complete") start();
  else document.addEventListener("DOMContentLoaded", start);
})();
