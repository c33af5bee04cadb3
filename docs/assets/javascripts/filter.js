// A field above the table in a `tf2-filter`: paste an error, and the rows that answer it are left.
//
// The rows' names, the patterns and the words that count are in a script beside the page, which `data-rows` names. It and
// `answering.js`, which finds rows by it, are loaded when the reader turns to the field.
// Without this script the whole table is there, and no field.
(() => {
  const WORDS = {
    zh: {
      label: "筛选：粘贴报错信息，或输入旧名字",
      all: (total) => `共 ${total} 行`,
      found: (count, total) => `${total} 行中有 ${count} 行符合，按回车打开第一行`,
      guesses: "表里没有这一条。下面是名字最接近的几行，只是猜测，不一定相干。",
      none: "表里没有这一条，也没有相近的名字。",
      ask: "怎样提问",
      loading: "正在加载……",
      failed: "读不到筛选用的数据，请再试一次",
    },
    en: {
      label: "Filter: paste an error, or type an old name",
      all: (total) => `${total} rows`,
      found: (count, total) => `${count} of ${total} rows match; press Enter to open the first`,
      guesses: "The table doesn't have this. Below are the rows with the nearest names: guesses, perhaps of no use.",
      none: "The table doesn't have this, nor a name like it.",
      ask: "How to ask",
      loading: "Loading …",
      failed: "The data to filter by can't be read; try again",
    },
  };
  const here = document.currentScript.src;
  const { run } = window.tf2docs;

  /** What answers a question by the rows of a table. */
  async function loadAnswers(filter) {
    const [data] = await Promise.all([run(filter.dataset.rows, "tf2docs:rows"), run(new URL("answering.js", here))]);
    return window.tf2docs.answering(data);
  }

  /** The parts of the form above the table. */
  function makeForm(words) {
    const form = document.createElement("form");
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("textarea"), { rows: 2, spellcheck: false, autocapitalize: "off" });
    const status = Object.assign(document.createElement("p"), { ariaLive: "polite" });
    form.className = "tf2-filter__form";
    status.setAttribute("role", "status");
    form.setAttribute("role", "search");
    label.append(words.label, input);
    form.append(label, status);
    return { form, input, status };
  }

  function start(filter) {
    const words = WORDS[document.documentElement.lang.startsWith("zh") ? "zh" : "en"];
    const body = filter.querySelector("tbody");
    const lines = [...body.rows];
    const rows = new Map(lines.filter((line) => line.id).map((line) => [line.id.replace(/^row-/, ""), line]));
    const { form, input, status } = makeForm(words);
    let shown = [...rows.keys()];
    let [answer, loaded] = [null, null];

    async function load() {
      filter.setAttribute("aria-busy", "true");
      status.replaceChildren(words.loading);
      try {
        answer = await loadAnswers(filter);
        look();
      } catch {
        loaded = null;
        status.replaceChildren(words.failed);
      }
      filter.setAttribute("aria-busy", "false");
    }
    const begin = () => (loaded ??= load());

    /** Show these rows, the best first, or the whole table. */
    function show(ids) {
      body.append(...lines);
      for (const line of lines) line.hidden = ids !== null;
      for (const id of [...(ids ?? [])].reverse()) {
        rows.get(id).hidden = false;
        body.prepend(rows.get(id));
      }
      shown = ids ?? [...rows.keys()];
    }

    function look() {
      const asked = input.value.trim();
      if (asked && !answer) return begin();
      const { rows: found, guesses } = asked ? answer(asked) : { rows: null, guesses: [] };
      const isGuess = found !== null && !found.length;
      show(isGuess ? guesses : found);
      filter.classList.toggle("tf2-filter--guess", isGuess);
      const told = isGuess ? words[guesses.length ? "guesses" : "none"] : words.found(shown.length, rows.size);
      status.replaceChildren(found === null ? words.all(rows.size) : told);
      if (isGuess) status.append(" ", Object.assign(document.createElement("a"), { href: "#not-listed", textContent: words.ask }));
    }

    async function openFirst() {
      await begin();
      if (answer && input.value.trim() && shown.length) rows.get(shown[0]).querySelector("a").click();
    }

    input.addEventListener("focus", begin);
    input.addEventListener("input", look);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        openFirst();
      }
      if (event.key === "Escape") {
        input.value = "";
        look();
      }
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    input.value = new URLSearchParams(location.search).get("q") ?? "";
    filter.prepend(form);
    if (input.value) look();
    else status.replaceChildren(words.all(rows.size)); // the table is there, and moving its rows would draw all of it anew
  }

  for (const filter of document.querySelectorAll(".tf2-filter")) start(filter);
})();
