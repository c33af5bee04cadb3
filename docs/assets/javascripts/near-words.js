// The words nearest to one that the reader writes, or to a sum of several, by the page's own vectors. `alive.js` loads this.
(() => {
  "use strict";
  const number = (count) => count.toLocaleString("en");
  const WORDS = {
    zh: {
      title: "找相近的词",
      vectors: "词向量",
      ask: "词，或者用 + 和 - 连起来的几个词",
      among: "在多少个词里找",
      most: (count) => `最常见的 ${number(count)} 个`,
      all: (count) => `全部 ${number(count)} 个`,
      find: "找",
      back: "后退",
      examples: "试试：",
      columns: ["词", "余弦", "出现次数"],
      ofOne: (word, times) => `离“${word}”（出现 ${number(times)} 次）最近的词：`,
      ofSum: (sum) => `离 ${sum} 最近的词，不算给出的词：`,
      empty: "先写一个词。",
      nowhere: "加减的结果是零，没有方向。",
      unknown: (word, count) => `这 ${number(count)} 个词里没有“${word}”。`,
      alike: "写法相近的有：",
      between: "、",
    },
    en: {
      title: "Near words",
      vectors: "Vectors",
      ask: "A word, or several with + and -",
      among: "Search among",
      most: (count) => `the ${number(count)} most frequent words`,
      all: (count) => `all ${number(count)} words`,
      find: "Find",
      back: "Back",
      examples: "For example:",
      columns: ["Word", "Cosine", "Occurs"],
      ofOne: (word, times) => `Nearest to “${word}”, which occurs ${times === 1 ? "once" : `${number(times)} times`}:`,
      ofSum: (sum) => `Nearest to ${sum}, the given words left out:`,
      empty: "Write a word first.",
      nowhere: "The sum is zero, which has no direction.",
      unknown: (word, count) => `“${word}” isn't among these ${number(count)} words. `,
      alike: "Spelt in a similar way: ",
      between: ", ",
    },
  };
  const pageLanguage = document.documentElement.lang.slice(0, 2);
  const words = WORDS[pageLanguage] ?? WORDS.en;
  const SHOWN = 10; // words that are listed
  const SPELLINGS = 5; // words that are offered in place of an unknown one
  const SUGGESTED = 12;
  const LONGEST = 100; // characters of a question
  const AMONG = [700, 1500]; // and all
  const EXAMPLES = {
    en: ["funny", "minutes", "boring", "films - film + movie", "actress - actor + man"],
    zh: ["好吃", "小时", "送餐", "不好 - 好 + 快", "凉 - 热 + 快"],
  };
  const isHan = (text) => /\p{Script=Han}/u.test(text);
  const MINUS = "\u2212"; // as it is shown

  // The vectors: which words point nearly the same way?

  /** The vector made 1 long. */
  function unit(vector) {
    const length = Math.hypot(...vector);
    return length ? vector.map((value) => value / length) : vector;
  }

  /** The words of a file, the most frequent first, and their vectors, each made 1 long. */
  function lexicon({ name, bytes }) {
    const network = window.tf2docs.network.read(bytes);
    const { words, counts } = network.facts;
    const { shape, values } = network.run(words.map((_, place) => place)).at(-1);
    const units = words.map((_, place) => unit(values.subarray(place * shape[1], (place + 1) * shape[1])));
    const places = new Map(words.map((word, place) => [word, place]));
    const folded = new Map(words.map((word) => [word.toLowerCase(), word]).reverse()); // the more frequent one stays
    return { name, words, counts, units, places, folded, lang: words.some(isHan) ? "zh" : "en" };
  }

  /** The places and cosines of the nearest of the first `among` words; null where what is asked points nowhere. */
  function nearest({ units }, terms, among) {
    const sum = units[0].map((_, axis) => terms.reduce((total, { place, sign }) => total + sign * units[place][axis], 0));
    if (Math.hypot(...sum) < 1e-9) return null;
    const direction = unit(sum);
    const given = new Set(terms.map(({ place }) => place));
    const found = units.slice(0, among).map((vector, place) => ({ place, cosine: vector.reduce((total, value, axis) => total + value * direction[axis], 0) }));
    return found
      .filter(({ place }) => !given.has(place))
      .sort((one, other) => other.cosine - one.cosine)
      .slice(0, SHOWN);
  }

  // What the reader writes: words, with + or - before them.

  /** Pieces of a question: words, and signs on their own. A hyphen between Latin letters is part of a word. */
  function pieces(text) {
    return text
      .replace(/[\uff0d\u2212\u2013]/g, "-")
      .replace(/[+\uff0b]/g, " + ")
      .replace(/(\p{Script=Han})-/gu, "$1 - ")
      .replace(/-(?=\p{Script=Han})/gu, " - ")
      .replace(/(^|\s)-(?=[^\s-])/g, "$1- ")
      .split(/\s+/)
      .filter(Boolean);
  }

  /** The terms of a question: of each word the sign and the place, which is undefined for one that isn't known. */
  function read(text, { places, folded }) {
    const term = (piece, sign) => {
      const word = places.has(piece) ? piece : folded.get(piece.toLowerCase()) ?? piece;
      return { word, sign, place: places.get(word) };
    };
    if (places.has(text.trim())) return [term(text.trim(), 1)]; // such as a sign, where it is a word
    const terms = [];
    let sign = 1;
    for (const piece of pieces(text)) {
      if (piece === "+" || piece === "-") {
        sign = piece === "+" ? 1 : -1;
      } else {
        terms.push(term(piece, sign));
        sign = 1;
      }
    }
    return terms;
  }

  /** The terms as a question, with the sign that is to be read or the one that is to be shown. */
  function written(terms, minus) {
    const text = terms.map(({ word, sign }) => `${sign < 0 ? minus : "+"} ${word}`).join(" ");
    return text.startsWith("+ ") ? text.slice(2) : text;
  }

  /** How many letters have to be changed, put in, left out or swapped with their neighbour. */
  function distance(one, other) {
    let [before, last] = [[], Array.from({ length: other.length + 1 }, (_, place) => place)];
    for (let row = 1; row <= one.length; row++) {
      const next = [row];
      for (let column = 1; column <= other.length; column++) {
        const changed = last[column - 1] + (one[row - 1] !== other[column - 1]);
        next.push(Math.min(changed, last[column] + 1, next[column - 1] + 1));
        const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
        if (row > 1 && column > 1 && swapped) next[column] = Math.min(next[column], before[column - 2] + 1);
      }
      [before, last] = [last, next];
    }
    return last[other.length];
  }

  /** Words that are spelt nearly so; of Chinese ones also those within it, since nothing divides what is written. */
  function spellings(word, { words }) {
    const letters = [...word.toLowerCase()];
    const most = isHan(word) ? 1 / 2 : 1 / 3; // of the letters may differ
    const unlikeness = (other) => {
      const share = distance(letters, [...other]) / Math.max(letters.length, [...other].length);
      return isHan(other) && other.length > 1 && word.includes(other) ? Math.min(share, most) : share;
    };
    return words
      .map((other) => ({ other, share: unlikeness(other) }))
      .filter(({ share }) => share <= most)
      .sort((one, other) => one.share - other.share) // of equal ones the more frequent first, as they stood
      .slice(0, SPELLINGS)
      .map(({ other }) => other);
  }

  // What the reader sees.

  function build(lexicons) {
    const box = document.createElement("div");
    box.className = "tf2-alive tf2-near";
    box.setAttribute("aria-label", words.title);
    box.innerHTML = `
      <form class="tf2-near__form">
        <label>${words.vectors} <select></select></label>
        <label>${words.among} <select></select></label>
        <label class="tf2-near__ask">${words.ask}
          <input type="text" list="tf2-near-words" maxlength="${LONGEST}" spellcheck="false" autocapitalize="off"></label>
        <datalist id="tf2-near-words"></datalist>
        <p class="tf2-digit__buttons"><button>${words.find}</button> <button type="button">${words.back}</button></p>
      </form>
      <p class="tf2-near__examples"><span>${words.examples}</span></p>
      <p class="tf2-near__status" role="status" tabindex="-1"></p>
      <table class="tf2-near__found"><thead><tr>${words.columns.map((name) => `<th scope="col">${name}</th>`).join("")}</tr></thead><tbody></tbody></table>`;
    const [form, input, suggestions, examples, status, table] = ["form", "input", "datalist", ".tf2-near__examples", "[role=status]", "table"].map((name) => box.querySelector(name));
    const [select, among] = box.querySelectorAll("select");
    const [, back] = box.querySelectorAll("button");
    select.append(...lexicons.map(({ name }) => new Option(name)));
    select.parentElement.hidden = lexicons.length === 1;
    return { box, form, select, among, input, suggestions, back, examples, status, table };
  }

  function wordButton(text, onClick) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    button.addEventListener("click", () => onClick(button.textContent));
    return button;
  }

  /** The rows of the list. They stay while what is in them changes, and so does the focus. */
  function makeRows(table, onClick) {
    return Array.from({ length: SHOWN }, () => {
      const row = table.tBodies[0].insertRow();
      const [word, cosine, count] = [0, 1, 2].map(() => row.insertCell());
      const button = wordButton("", onClick);
      word.append(button);
      cosine.innerHTML = `<span class="tf2-digit__bar" aria-hidden="true"></span> <span class="tf2-digit__share"></span>`;
      const [bar, share] = cosine.children;
      return { row, button, bar, share, count };
    });
  }

  function start(parts, lexicons) {
    const { form, select, among, input, suggestions, back, examples, status, table } = parts;
    const past = []; // questions that were answered, the shown one last
    let lexicon = null;
    const rows = makeRows(table, (word) => ask(word));

    function show(found) {
      table.hidden = !found;
      back.disabled = past.length < (found ? 2 : 1);
      rows.forEach(({ row, button, bar, share, count }, index) => {
        const each = found?.[index];
        row.hidden = !each;
        if (!each) return;
        button.textContent = lexicon.words[each.place];
        bar.style.setProperty("--share", Math.max(each.cosine, 0));
        share.textContent = each.cosine.toFixed(2).replace("-", MINUS);
        count.textContent = number(lexicon.counts[each.place]);
      });
    }
    /** The first of the list for those who hear what the status says; the others see the list below it. */
    function heard(found) {
      const names = found.slice(0, 3).map(({ place }) => lexicon.words[place]);
      return Object.assign(document.createElement("span"), { className: "tf2-hidden", lang: lexicon.lang, textContent: ` ${names.join(words.between)}` });
    }
    /** Say that a word isn't known, and offer others in its place. */
    function refuse(terms, stranger) {
      status.textContent = words.unknown(stranger.word, lexicon.words.length);
      const others = spellings(stranger.word, lexicon);
      if (others.length) status.append(words.alike);
      others.forEach((other, index) => {
        const replaced = terms.map((term) => (term === stranger ? { ...term, word: other } : term));
        const button = wordButton(other, () => {
          ask(written(replaced, "-"));
          status.focus({ preventScroll: true });
        });
        button.lang = lexicon.lang;
        status.append(...(index ? [words.between] : []), button);
      });
      show(null);
    }
    function ask(text) {
      input.value = text;
      const terms = read(text, lexicon);
      const stranger = terms.find(({ place }) => place === undefined);
      if (stranger) return refuse(terms, stranger);
      const found = terms.length ? nearest(lexicon, terms, Number(among.value)) : null;
      if (found && text !== past.at(-1)) past.push(text);
      if (!terms.length) status.textContent = words.empty;
      else if (!found) status.textContent = words.nowhere;
      else if (terms.length === 1 && terms[0].sign > 0) status.textContent = words.ofOne(terms[0].word, lexicon.counts[terms[0].place]);
      else status.textContent = words.ofSum(written(terms, MINUS));
      if (found) status.append(heard(found));
      show(found);
    }
    /** Suggest words that begin as the last one does. */
    function suggest() {
      const [, begun, last] = input.value.match(/^(.*?)([^\s+]*)$/su);
      const going = last ? lexicon.words.filter((word) => word.startsWith(last.toLowerCase())) : [];
      suggestions.replaceChildren(...going.slice(0, SUGGESTED).map((word) => new Option("", begun + word)));
    }
    function take(chosen) {
      lexicon = chosen;
      past.length = 0;
      for (const element of [input, table.tBodies[0], suggestions]) element.lang = lexicon.lang;
      const sizes = [...AMONG.filter((size) => size < lexicon.words.length), lexicon.words.length];
      among.replaceChildren(...sizes.map((size, index) => new Option((index < sizes.length - 1 ? words.most : words.all)(size), size)));
      const known = EXAMPLES[lexicon.lang].filter((text) => read(text, lexicon).every(({ place }) => place !== undefined));
      const shown = known.length ? known : lexicon.words.slice(0, 3);
      const buttons = shown.map((text) => wordButton(text.replace(/ - /g, ` ${MINUS} `), () => ask(text)));
      for (const button of buttons) button.lang = lexicon.lang;
      examples.replaceChildren(examples.firstElementChild, ...buttons);
      suggestions.replaceChildren();
      ask(shown[0]);
    }
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(input.value);
    });
    input.addEventListener("input", suggest);
    among.addEventListener("change", () => ask(past.at(-1) ?? input.value));
    back.addEventListener("click", () => {
      if (!table.hidden) past.pop();
      ask(past.at(-1));
      if (back.disabled) status.focus({ preventScroll: true });
    });
    select.addEventListener("change", () => take(lexicons[select.selectedIndex]));
    select.selectedIndex = Math.max(lexicons.findIndex(({ lang }) => lang === pageLanguage), 0);
    take(lexicons[select.selectedIndex]);
  }

  function nearWords(files) {
    const lexicons = files.map(lexicon);
    const parts = build(lexicons);
    // for those who would rather try it from the console
    parts.box.lexicons = lexicons;
    parts.box.nearest = (text, { index = 0, among = Infinity } = {}) =>
      nearest(lexicons[index], read(text, lexicons[index]), among).map(({ place, cosine }) => [lexicons[index].words[place], cosine]);
    start(parts, lexicons);
    return parts.box;
  }

  window.tf2docs.alive["near-words"] = nearWords;
})();
