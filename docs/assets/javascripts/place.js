// Which line the reader has at the top of the screen, and how to bring it there again: on the other language's page, or
// on this one once it was laid out anew. It travels in the address, `#section~place`, since a page opened from a folder
// shares no memory with its neighbour, and a browser may have none; the address is as before once the page is shown.
//
// A place counts what both languages have alike: the section, the blocks of code, pictures, tables and lists passed since
// its heading, the paragraphs, items and rows since the last of those, and the share of the paragraph out of sight.
(() => {
  "use strict";
  const HEADING = "h1, h2, h3, h4, h5, h6";
  const SHARED = ".highlight, .tf2-output, .tf2-figure, .tf2-diagram, div.tf2-formula, .tf2-digit, .tf2-alive";
  const GRID = "table, ul, ol, dl"; // its rows or items are the same in both languages
  const PIECE = `${HEADING}, p, li, dt, dd, tr, pre, summary, img, figcaption, ${SHARED}`;
  const MARK = "~";
  const LEFT = 20; // pixels: a piece of which less than a line is in sight has been read
  const SETTLING = 3000; // milliseconds in which what comes late may still move the page
  const ACTS = ["wheel", "touchstart", "pointerdown", "keydown"];
  const article = document.querySelector("article.md-content__inner");
  if (!article) return;

  /** The pieces of a text in their order, none inside of what is shared. */
  function piecesOf(root) {
    const inTwin = root.closest(".tf2-twin");
    return [...root.querySelectorAll(PIECE)].filter(
      (piece) => piece.closest(".tf2-twin") === inTwin && !piece.parentElement.closest(SHARED),
    );
  }

  /** The outermost table or list that a piece stands in. */
  function gridOf(piece) {
    const grid = piece?.closest(GRID);
    return grid && (gridOf(grid.parentElement) ?? grid);
  }

  /** What stands from each heading, or each thing that both languages have, to the next; each table or list by itself. */
  function stretches() {
    const found = [{ section: "", passed: 0, pieces: [] }];
    const begin = (...pieces) => found.push({ ...found.at(-1), passed: found.at(-1).passed + 1, pieces });
    for (const piece of piecesOf(article)) {
      const [before, grid] = [found.at(-1).pieces.at(-1), piece].map(gridOf);
      if (piece.id && piece.matches(HEADING)) found.push({ section: piece.id, passed: 0, pieces: [piece] });
      else if (piece.matches(SHARED)) begin(piece);
      else {
        if (before && before !== grid) begin(); // text after the table, though there may be none
        if (grid && before !== grid) begin();
        found.at(-1).pieces.push(piece);
      }
    }
    return found;
  }

  /** The height at which reading begins: below the header, which stays. */
  const line = () => document.querySelector(".md-header")?.getBoundingClientRect().bottom ?? 0;

  const isRead = (piece) => piece.getBoundingClientRect().bottom < line() + LEFT;

  /** The innermost piece that the line crosses, or else the first below it; the last one at the foot of the page. */
  function atLine(pieces) {
    const shown = pieces.filter((piece) => piece.getBoundingClientRect().height);
    const isBelow = (piece) => piece.getBoundingClientRect().top > line();
    const crossed = shown.findLast((piece) => !isBelow(piece) && !isRead(piece));
    return crossed ?? shown.find(isBelow) ?? shown.at(-1);
  }

  /** Where the other language's text stands below the page's own, the paragraph that the reader has there of it. */
  function ofTwin() {
    const rows = [...article.querySelectorAll(".tf2-pair")];
    const row = rows.find(({ firstChild, lastChild }) => isRead(firstChild) && !isRead(lastChild));
    if (!row) return {};
    const [own, theirs] = [...row.children].map(piecesOf);
    const piece = atLine(theirs);
    return piece ? { piece: own[counterpart(theirs.indexOf(piece), theirs.length, own.length)], rect: piece.getBoundingClientRect() } : {};
  }

  /** The number of a piece among so many, where the other text may have more or fewer after the first. */
  const counterpart = (number, count, others) =>
    number && Math.min(others - 1, 1 + Math.floor(((number - 1) * (others - 1)) / (count - 1)));

  let left = { place: null, top: -1 }; // where the page was last brought to

  /** The reader's place; null at the top of the page. */
  function read() {
    if (scrollY === left.top) return left.place; // the end of a page may have kept it from getting there
    if (scrollY < 1) return null;
    const all = stretches();
    let { piece, rect } = ofTwin();
    piece ??= atLine(all.flatMap(({ pieces }) => pieces));
    const stretch = all.find(({ pieces }) => pieces.includes(piece));
    if (!stretch) return null;
    const { top, height } = rect ?? piece.getBoundingClientRect();
    const [gap, share] = top > line() ? [Math.round(top - line()), 0] : [0, (line() - top) / height];
    const { section, passed, pieces } = stretch;
    return { section, passed, number: pieces.indexOf(piece), count: pieces.length, share: Number(share.toFixed(3)), gap };
  }

  function find({ section, passed, number, count }) {
    const all = stretches().filter((stretch) => stretch.section === section);
    const pieces = all[Math.min(passed, all.length - 1)]?.pieces ?? [];
    return pieces[counterpart(number, count, pieces.length)];
  }

  /** What is folded away, or on a tab that isn't chosen, is shown first. */
  function unfold(piece) {
    const inside = piece.matches("summary") ? piece.parentElement.parentElement : piece;
    for (let box = inside.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    const tab = piece.closest(".tabbed-block");
    const set = tab?.closest(".tabbed-set");
    if (tab) set.querySelectorAll(":scope > input")[[...tab.parentElement.children].indexOf(tab)].checked = true;
  }

  function bring(place) {
    const piece = place && find(place);
    if (!piece) return;
    unfold(piece);
    const { top, height } = piece.getBoundingClientRect();
    scrollBy({ top: top + place.share * height - place.gap - line(), behavior: "instant" });
    left = { place, top: scrollY };
  }

  /** Bring the reader to a place and keep it there while pictures come in, until they do something themselves. */
  function hold(place) {
    let held = true;
    const again = () => held && bring(place);
    const watch = new ResizeObserver(again);
    const release = () => {
      held = false;
      watch.disconnect();
      for (const act of ACTS) removeEventListener(act, release, true);
    };
    for (const act of ACTS) addEventListener(act, release, { capture: true, passive: true });
    again();
    watch.observe(article);
    whenLoaded(() => {
      again();
      whenSeen(() => setTimeout(release, SETTLING));
    });
  }

  function whenLoaded(act) {
    if (document.readyState === "complete") act();
    else addEventListener("load", act, { once: true });
  }

  /** A tab behind others is laid out anew when its turn comes. */
  function whenSeen(act) {
    if (document.visibilityState === "visible") act();
    else document.addEventListener("visibilitychange", act, { once: true });
  }

  const FIELDS = ["section", "passed", "number", "count", "share", "gap"];
  const write = (place) => (place ? MARK + FIELDS.map((field) => place[field]).join(MARK) : "");

  function parse(text) {
    const values = text.split(MARK);
    if (values.length !== FIELDS.length) return null;
    const numbers = values.slice(1).map(Number);
    if (!numbers.every((number) => number >= 0) || !numbers[2]) return null;
    return Object.fromEntries(FIELDS.map((field, index) => [field, index ? numbers[index - 1] : values[0]]));
  }

  /** The address of the other language's page, with the reader's section and place. */
  function elsewhere(address) {
    return address.replace(/#.*/, "") + (`#${location.hash.slice(1)}${write(read())}`.replace(/^#$/, ""));
  }

  /** Let `change` lay the page out anew, and the reader stay where they are. */
  function keep(change) {
    const place = read();
    change();
    hold(place);
  }

  const [hash, ...rest] = decodeURIComponent(location.hash).split(MARK);
  if (rest.length) {
    // Not before: a browser goes to the section of an address when a page is whole.
    whenLoaded(() => setTimeout(() => history.replaceState(history.state, "", location.href.replace(/#.*/, "") + hash.replace(/^#$/, ""))));
    hold(parse(rest.join(MARK)));
  }
  window.tf2docs.place = { elsewhere, keep };
})();
