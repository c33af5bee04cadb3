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

  // A table wider than the screen scrolls in a box that Material puts around it once the page is shown.
  function reachTables() {
    for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }
  addEventListener("load", reachTables);
  addEventListener("resize", reachTables);
})();
