// A field above every table in a `tf2-filter`, which hides the rows that don't match what is typed or pasted.
//
// Markdown:  <div class="tf2-filter" markdown> a table </div>
//
// A row is found by its own words and by those of the section that it links to, so that an error message leads
// to its row. A row with words in its first cell alone names a group, and goes where nothing of it is left.
// Without this script the whole table is there, and no field.
(() => {
  const WORDS = {
    zh: {
      label: "筛选：粘贴报错信息，或输入旧名字",
      all: (total) => `共 ${total} 行`,
      exact: (count, total) => `${total} 行中有 ${count} 行符合，按回车打开第一行`,
      near: (count) => `没有完全符合的；最接近的有 ${count} 行，按回车打开第一行`,
      none: "没有找到。试试报错最后一行里的名字",
    },
    en: {
      label: "Filter: paste an error, or type an old name",
      all: (total) => `${total} rows`,
      exact: (count, total) => `${count} of ${total} rows match; press Enter to open the first`,
      near: (count) => `No row matches in full; closest: ${count}. Press Enter to open the first`,
      none: "Nothing found. Try a name from the last line of the error",
    },
  };
  const FEW = 3; // up to so many words are a search, and more of them a message that was pasted
  const CLOSE = 0.8; // how much of the best row's score another must have to be shown beside it
  const MOST = 12; // more rows than these are as close only where a message says nothing of its own

  /** The words of a text, as they stand in code: `Adam(lr=0.1)` is Adam and lr. */
  const wordsOf = (text) => text.toLowerCase().match(/[a-z_]\w*|[\u4e00-\u9fff]+/g) ?? [];

  /** The text of the section that a heading begins, up to the next heading that isn't below it. */
  function sectionText(heading) {
    const level = Number(heading.tagName[1]);
    const texts = [heading.textContent];
    for (let next = heading.nextElementSibling; next; next = next.nextElementSibling) {
      if (/^H[1-6]$/.test(next.tagName) && Number(next.tagName[1]) <= level) break;
      texts.push(next.textContent);
    }
    return texts.join(" ");
  }

  function readRow(element) {
    const link = element.querySelector('a[href^="#"]');
    const heading = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const isSection = heading && /^H[1-6]$/.test(heading.tagName);
    const own = element.textContent.toLowerCase();
    const all = own + " " + (isSection ? sectionText(heading).toLowerCase() : "");
    return { element, link, all, own: new Set(wordsOf(own)), words: new Set(wordsOf(all)) };
  }

  const isGroup = (element) =>
    element.cells.length > 1 && [...element.cells].slice(1).every((cell) => !cell.textContent.trim());

  /** The rows that hold all the words, or those closest to them: `[rows, whether they match in full]`. */
  function find(rows, query) {
    // The object in "'Adam' object has no attribute 'lr'" is the reader's own.
    const meant = query.toLowerCase().replace(/'\w+' object has/g, "object has");
    const pieces = meant.split(/[\s"'`,;:()[\]{}=]+/).filter(Boolean);
    if (pieces.length <= FEW) {
      const found = rows.filter((row) => pieces.every((piece) => row.all.includes(piece)));
      const named = found.filter((row) => pieces.every((piece) => row.own.has(piece)));
      if (found.length) return [named.length ? named : found, true];
    }
    // The fewer rows hold a word, the more it says; it says twice as much where the row itself holds it.
    const scores = new Map(rows.map((row) => [row, 0]));
    for (const word of new Set(wordsOf(meant))) {
      const holders = rows.filter((row) => row.words.has(word));
      const worth = Math.log(rows.length / holders.length) ** 2;
      for (const row of holders) scores.set(row, scores.get(row) + worth * (row.own.has(word) ? 2 : 1));
    }
    const best = Math.max(...scores.values());
    const closest = rows.filter((row) => best > 0 && scores.get(row) >= CLOSE * best);
    return [closest.length > MOST ? [] : closest, false];
  }

  function addField(container, number) {
    const texts = WORDS[document.documentElement.lang.slice(0, 2)] ?? WORDS.en;
    const elements = [...container.querySelectorAll("tbody tr")];
    const groups = elements.filter(isGroup);
    const rows = elements.filter((element) => !isGroup(element)).map(readRow);
    groups.forEach((group) => group.classList.add("tf2-filter__group"));

    const form = document.createElement("form");
    form.className = "tf2-filter__form";
    form.setAttribute("role", "search");
    const id = `tf2-filter-${number}`;
    form.innerHTML =
      `<label for="${id}"></label>` +
      `<input id="${id}" type="search" autocomplete="off" autocapitalize="off" spellcheck="false">` +
      `<p role="status" aria-live="polite"></p>`;
    const [label, input, status] = form.children;
    label.textContent = texts.label;
    container.prepend(form);

    let shown = rows;
    function update() {
      const query = input.value.trim();
      const [found, whole] = query ? find(rows, query) : [rows, true];
      shown = found;
      const visible = new Set(found.map((row) => row.element));
      let left = false;
      for (const element of [...elements].reverse()) {
        const group = groups.includes(element);
        element.hidden = group ? !left : !visible.has(element);
        left = group ? false : left || !element.hidden;
      }
      status.textContent = !query
        ? texts.all(rows.length)
        : !found.length
          ? texts.none
          : whole
            ? texts.exact(found.length, rows.length)
            : texts.near(found.length);
    }
    input.addEventListener("input", update);
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      input.value = "";
      update();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (input.value.trim()) shown[0]?.link?.click();
    });
    update();
  }

  document.querySelectorAll(".tf2-filter").forEach(addField);
})();
