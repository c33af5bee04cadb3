// What Material leaves unnamed, out of the keyboard's reach, or to the keyboard alone.
(() => {
  "use strict";
  const search = document.querySelector(".md-search[role=dialog]");
  const field = search?.querySelector("input");
  search?.setAttribute("aria-label", field?.getAttribute("aria-label") ?? "Search");

  // It listens to keys, and there may be none: text is pasted, spoken, written by hand, chosen from an input method.
  field?.addEventListener("input", () => field.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true })));

  // Each heading of the table of contents that has others below it is a landmark, some of one name.
  for (const part of document.querySelectorAll(".md-nav--secondary nav.md-nav")) {
    part.setAttribute("role", "none");
    part.removeAttribute("aria-label"); // a name would make it a landmark again
  }

  // A table wider than the screen scrolls in a box around it.
  function reachTables() {
    for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }
  addEventListener("load", reachTables);
  addEventListener("resize", reachTables);
})();
