// What Material leaves unnamed or out of the keyboard's reach.
(() => {
  "use strict";
  const search = document.querySelector(".md-search[role=dialog]");
  search?.setAttribute("aria-label", search.querySelector("input")?.getAttribute("aria-label") ?? "Search");

  // Each heading of the table of contents that has others below it is a landmark, some of one name.
  for (const part of document.querySelectorAll(".md-nav--secondary nav.md-nav")) {
    part.setAttribute("role", "none");
    part.removeAttribute("aria-label"); // a name would make it a landmark again
  }

  function mend() {
    // Each code block's copy button stands in a landmark of its own, all without a name.
    for (const bar of document.querySelectorAll("nav.md-code__nav:not([role])")) bar.setAttribute("role", "none");
    // What is wider than the screen must scroll by keyboard, too.
    for (const box of document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex]), .md-typeset pre > code:not([tabindex])"))
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }

  mend();
  new MutationObserver(mend).observe(document.querySelector("article") ?? document.body, { childList: true, subtree: true });
  addEventListener("resize", mend);
})();
