// What a block of code gets as it comes near the screen: a copy button, and the keyboard's reach where it scrolls.
// Material would do so for all blocks at once, and lay the page out anew for each.
(() => {
  "use strict";
  const { translations } = JSON.parse(document.getElementById("__config").textContent);
  let count = 0;

  // A session without its prompts and outputs.
  function typed(session) {
    const lines = session.split("\n").filter((line) => /^(>>>|\.\.\.)( |$)/.test(line));
    return lines.map((line) => line.slice(4)).join("\n");
  }

  function addCopyButton(code) {
    code.id = `tf2-code-${count++}`;
    const button = document.createElement("button");
    button.className = "md-code__button";
    button.title = translations["clipboard.copy"];
    // Material copies what these say.
    if (code.querySelector(".gp")) button.dataset.clipboardText = typed(code.textContent);
    else button.dataset.clipboardTarget = `#${code.id}`;
    button.dataset.mdType = "copy";
    const bar = document.createElement("div");
    bar.className = "md-code__nav";
    bar.append(button);
    code.before(bar);
  }

  const near = new IntersectionObserver(
    (changes) => {
      const codes = changes.filter((change) => change.isIntersecting).map((change) => change.target);
      const wide = codes.filter((code) => code.scrollWidth > code.clientWidth);
      for (const code of wide) code.tabIndex = 0;
      for (const code of codes.filter((code) => !code.id)) addCopyButton(code);
    },
    { rootMargin: "100%" },
  );

  function watch() {
    for (const code of document.querySelectorAll(".md-typeset pre > code")) near.observe(code);
  }

  // Until Material's script has measured all code, what is folded away is nothing to it, see `site.css`.
  addEventListener("load", () => setTimeout(() => document.documentElement.classList.add("tf2-measured")));

  watch();
  new MutationObserver(watch).observe(document.querySelector("article") ?? document.body, { childList: true, subtree: true });
})();
