// Shows the other language's text beside each piece of prose (wide) or under it (phone); code stays once.
// Twin pages hold the same code, outputs and figures in the same order, so the prose between them pairs up.
(() => {
  "use strict";
  const SHARED = ".highlight, .tf2-output, .tf2-mark, .tf2-ran, .tf2-figure, .tf2-diagram, div.tf2-formula, .tf2-downloads, .tf2-facts, .tf2-digit, .tf2-alive";
  const TABLE = "table, .md-typeset__scrollwrap"; // a plain one has a box around it
  const WORDS = {
    zh: { show: "对照显示英文（B）", hide: "不再对照显示（B）", failed: "读不到英文版" },
    en: { show: "Show the Chinese text beside (B)", hide: "Hide the Chinese text (B)", failed: "The Chinese text can't be read" },
  };
  const KEY = "tf2docs.side-by-side";
  const { memory, place } = window.tf2docs;
  const article = document.querySelector("article.md-content__inner");
  const language = document.documentElement.lang.slice(0, 2);
  const twin = [...document.querySelectorAll(".md-select__link[hreflang]")].find((a) => a.hreflang !== language);
  if (!article || !twin || !WORDS[language] || document.querySelector(".doc-object")) return;

  const isShared = (element) => element.matches(SHARED) || element.querySelector(":scope > img, :scope > a > img");
  const isHeading = (element) => /^H[1-6]$/.test(element.tagName);

  // Runs of prose between headings and what both pages share; each run is an array of elements.
  function runs(root) {
    const found = [[]];
    for (const element of root.children) {
      if (element.matches(".md-content__button, .tf2-twin, form, hr, .tf2-skip")) continue;
      if (isHeading(element) || element.matches(TABLE)) found.push([element], []);
      else if (isShared(element)) found.push([]);
      else found.at(-1).push(element);
    }
    return found;
  }

  function translated(run) {
    const box = document.createElement("div");
    box.className = "tf2-twin";
    box.lang = twin.hreflang;
    for (const element of run) {
      const copy = element.cloneNode(true); // in its own document, which loads no pictures
      copy.querySelectorAll(`${SHARED}, img, .headerlink`).forEach((part) => part.remove());
      copy.removeAttribute("id");
      copy.querySelectorAll("[id]").forEach((part) => part.removeAttribute("id"));
      if (isHeading(copy)) {
        const line = document.createElement("p");
        line.className = "tf2-twin__heading";
        line.append(...copy.childNodes);
        box.append(line);
      } else box.append(copy);
    }
    return box;
  }

  function pair(html) {
    const other = new DOMParser().parseFromString(`<article>${html}</article>`, "text/html").querySelector("article");
    const theirs = runs(other);
    runs(article).forEach((own, number) => {
      if (!own.length || !theirs[number]?.length) return;
      const row = document.createElement("div");
      row.className = "tf2-pair";
      row.classList.toggle("tf2-pair--heading", isHeading(own[0]));
      row.classList.toggle("tf2-pair--stacked", own.some((each) => each.matches(TABLE) || each.querySelector(SHARED)));
      own[0].before(row);
      const first = document.createElement("div");
      first.append(...own);
      row.append(first, translated(theirs[number]));
    });
    rebase(twin.href);
  }

  // Links in the other language's text are relative to the other page.
  function rebase(base) {
    for (const link of article.querySelectorAll(".tf2-twin a[href]")) link.href = new URL(link.getAttribute("href"), base);
  }

  function unpair() {
    for (const row of article.querySelectorAll(".tf2-pair")) row.replaceWith(...row.firstChild.childNodes);
  }

  function load() {
    const address = twin.href.replace(/[?#].*/, "").replace(/\/$/, "/index.html").replace(/html$/, "article.js");
    return window.tf2docs.run(address, "tf2docs:article");
  }

  /** The button says what it will do. */
  function label(what) {
    button.title = WORDS[language][what];
    button.setAttribute("aria-label", button.title);
  }

  const isOn = () => document.body.classList.contains("tf2-side-by-side");
  let html = null;
  async function set(on) {
    if (on) {
      try {
        html ??= await load();
      } catch {
        label("failed");
        return;
      }
    }
    if (on === isOn()) return; // asked for twice before the text came
    place.keep(() => {
      if (on) pair(html);
      else unpair();
      document.body.classList.toggle("tf2-side-by-side", on);
    });
    label(on ? "hide" : "show");
    memory.write(KEY, on ? "on" : "off");
  }

  const button = document.createElement("button");
  button.type = "button";
  button.className = "md-header__button md-icon tf2-side-by-side__button";
  button.innerHTML =
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 4h8v16H3V4m10 0h8v16h-8V4M5 7v2h4V7H5m0 4v2h4v-2H5m10-4v2h4V7h-4m0 4v2h4v-2h-4"/></svg>';
  label("show");
  const toggle = () => set(!isOn());
  button.addEventListener("click", toggle);
  twin.closest(".md-header__option")?.after(button);
  addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "b" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) toggle();
  });
  if (memory.read(KEY) === "on") set(true);
})();
