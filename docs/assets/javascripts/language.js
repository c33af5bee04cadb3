// The menu of languages: it keeps the reader's place, is closed by Escape and says whether it is open; `l` switches.
// At the front page, a reader whose browser speaks no Chinese is offered English, once.
(() => {
  "use strict";
  const language = document.documentElement.lang.slice(0, 2);
  const menu = document.querySelector(".md-select:has(.md-select__link[hreflang])");
  const links = [...document.querySelectorAll(".md-select__link[hreflang]")];
  const twin = links.find((link) => link.hreflang !== language);
  if (!menu || !twin) return;

  const { memory, place } = window.tf2docs;

  // Before the browser follows the link, by whatever means.
  for (const act of ["click", "auxclick", "contextmenu"]) {
    twin.addEventListener(act, () => (twin.href = place.elsewhere(twin.href)));
  }
  addEventListener("keydown", (event) => {
    const busy = event.target.closest?.("input, textarea, select, dialog, [contenteditable]");
    if (event.key === "l" && !busy && !event.ctrlKey && !event.metaKey && !event.altKey) location.href = place.elsewhere(twin.href);
  });

  // The theme opens the menu while the mouse or the focus is on it, by its style sheet alone.
  const CLOSED = "tf2-closed";
  const button = menu.querySelector("button");
  function set(closed) {
    menu.classList.toggle(CLOSED, closed);
    button.setAttribute("aria-expanded", String(!closed && menu.matches(":hover, :focus-within")));
  }
  const isOpen = () => button.getAttribute("aria-expanded") === "true";
  menu.addEventListener("pointerenter", () => set(false));
  menu.addEventListener("focusin", ({ target }) => set(target === button && menu.classList.contains(CLOSED)));
  for (const act of ["pointerleave", "focusout"]) {
    menu.addEventListener(act, () => setTimeout(() => {
      if (!menu.matches(":hover, :focus-within")) set(false);
    }));
  }
  button.addEventListener("click", (event) => {
    if (event.detail === 0) set(isOpen()); // by keyboard
  });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !isOpen()) return;
    if (menu.contains(document.activeElement)) button.focus();
    set(true);
  });
  set(false);

  const KEY = "tf2docs.offered";
  const isFrontPage = language === "zh" && links.some((link) => link.hreflang === "zh" && link.href === location.href.replace(/[?#].*/, ""));

  function wasOffered() {
    const before = memory.read(KEY);
    memory.write(KEY, "yes");
    return before !== null;
  }

  function offer() {
    const box = document.createElement("aside");
    box.className = "tf2-offer md-typeset";
    box.lang = "en";
    box.setAttribute("aria-label", "Language");
    const link = document.createElement("a");
    link.className = "md-button md-button--primary";
    link.href = twin.href;
    link.textContent = "Read in English";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "md-button";
    close.textContent = "Stay here";
    close.addEventListener("click", () => box.remove());
    box.append("All of this site is in English, too. ", link, close);
    document.body.append(box);
  }

  const isHome = document.querySelector(".tf2-continue") !== null;
  const readsChinese = navigator.languages.some((each) => /^zh\b/i.test(each));
  if (isHome && isFrontPage && !readsChinese && !wasOffered()) offer();
})();
