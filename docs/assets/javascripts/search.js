// The search: a worker that takes the place of Material's, which knows Chinese words only where it cut the index
// itself, finds nothing for a word that is mistyped, and cuts no English endings once it leaves identifiers whole.
//
// What the page sends and expects is Material's own: {type: 0, data: {config, docs}} once, answered by {type: 1};
// {type: 2, data: query}, answered by {type: 3, data: {items}}, where an item is a page with its sections.
//
// `config.aliases` leads from other words for a term, such as those of the other language, to the one in use here.
(() => {
  "use strict";
  const [SETUP, READY, QUERY, RESULT] = [0, 1, 2, 3];
  const PAGES = 20; // more than these nobody reads
  const CLOSE = 0.1; // how much of the best score a section must have to be shown at all
  const BESIDE = 0.5; // how much of its page's best score a section must have to be shown at once, not folded away
  const SHOWN = 2; // and no more sections than these

  // Where a word stands: what it is worth there, the number of words usual for such a place, and how much a longer
  // one is held against it.
  const PLACES = {
    title: { worth: 6, usual: 3, strict: 0.6 },
    anchor: { worth: 2, usual: 2, strict: 0.6 }, // English on Chinese pages, too
    page: { worth: 2, usual: 4, strict: 0.6 }, // of a section, the page's title; of a page, its tags
    text: { worth: 1, usual: 150, strict: 0.3 },
  };
  const EXACT = 2; // how many times as much a section is worth whose heading is what was typed
  const LEAD = 40; // a section's first words say what it is about: they count twice
  const REPEATS = new Set(["next", "exercises"]); // sections that say again what others explain
  const REPEATED = 0.6;
  const PART = 0.5; // what a part of an identifier, `states` of `reset_states`, is worth beside the whole

  const PIECE = /<[^>]*>|&#?\w+;|\p{sc=Han}+|\d+(?:\.\d+)+|(?:(?!\p{sc=Han})[\p{L}\p{N}_])+/gu;
  const HAN = /^\p{sc=Han}/u;
  const PARTS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;
  const NAMES = new Set(["tensorflow", "tensorboard"]); // no identifiers: `tensor` doesn't mean them
  const QUESTION = /为什么|是什么|什么是|怎么办|怎么样|怎么|怎样|如何|什么|哪些|哪个|吗|呢/g;
  const FILLERS = new Set(
    "a an and are be can do does for from has have how i in is it me my no not of on or should the to what when where which why with you your".split(" "),
  );

  /** The pieces of a text between its tags: Chinese runs, numbers, words and identifiers, each with its place. */
  function* piecesOf(text) {
    for (const { 0: piece, index } of text.matchAll(PIECE)) if (!/^[<&]/.test(piece)) yield [piece, index];
  }

  /** A Chinese run as its pairs of characters, which need no dictionary to meet those of a query. */
  function pairsOf(run) {
    const characters = [...run];
    return characters.slice(1).map((character, i) => characters[i] + character);
  }

  function partsOf(piece) {
    const parts = NAMES.has(piece.toLowerCase()) ? [] : (piece.match(PARTS) ?? []);
    return parts.length > 1 ? parts.map((part) => part.toLowerCase()) : [];
  }

  /** The words by which a piece is found: `[word, worth]`. */
  function wordsOf(piece) {
    if (HAN.test(piece)) return [...pairsOf(piece), ...piece].map((word) => [word, 1]);
    return [[piece.toLowerCase(), 1], ...partsOf(piece).map((part) => [part, PART])];
  }

  /** A word without its English ending: losses and loss, saving and saved are one. */
  const stemOf = (word) => {
    if (word.length < 4) return word;
    const single = word.replace(/ies$/, "y").replace(/([^s])s$/, "$1");
    return single.replace(/(ing|ed|e)$/, "").replace(/e$/, "").replace(/([^aeiou])\1$/, "$1");
  };

  /** How many letters must be changed, left out, put in or swapped with the next; more than `most` are too many. */
  function mistakes(a, b, most) {
    if (Math.abs(a.length - b.length) > most) return Infinity;
    let [before, last] = [[], [...Array(b.length + 1).keys()]];
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      if (Math.min(...row) > most) return Infinity;
      [before, last] = [last, row];
    }
    return last[b.length] <= most ? last[b.length] : Infinity;
  }

  class Index {
    constructor(docs, aliases = {}) {
      this.holders = new Map(); // word → section → what the word is worth there
      this.stems = new Map(); // stem → words
      const pages = new Map();
      this.sections = docs.map((doc) => {
        const [address, anchor = ""] = doc.location.split("#");
        const page = pages.get(address) ?? doc;
        pages.set(address, page);
        const name = doc.title.replace(/<[^>]*>/g, "").replace(/[（(].*/, "").trim().toLowerCase();
        return { doc, page, anchor, name };
      });
      this.sections.forEach((section, number) => this.#add(section, number));
      for (const word of this.holders.keys()) {
        const stem = stemOf(word);
        this.stems.set(stem, [...(this.stems.get(stem) ?? []), word]);
      }
      this.aliases = aliases;
      const longestFirst = Object.keys(aliases).sort((a, b) => b.length - a.length);
      const words = longestFirst.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
      const [chinese, others] = [words.filter((word) => HAN.test(word)), words.filter((word) => !HAN.test(word))];
      const either = (each) => each.join("|") || "(?!)";
      this.alias = new RegExp(`(?:${either(chinese)})|(^|[^a-z0-9_.])(${either(others)})(?:e?s)?(?![a-z0-9_])`, "g");
    }

    #add({ doc, page, anchor }, number) {
      const boost = (doc.boost ?? 1) * (REPEATS.has(anchor) ? REPEATED : 1);
      const texts = { title: doc.title, anchor, page: page === doc ? (doc.tags ?? []).join(" ") : page.title, text: doc.text };
      for (const [place, { worth, usual, strict }] of Object.entries(PLACES)) {
        const counts = new Map();
        let length = 0;
        for (const [piece] of piecesOf(texts[place])) {
          const times = place === "text" && length < LEAD ? 2 : 1;
          for (const [word, share] of wordsOf(piece)) counts.set(word, (counts.get(word) ?? 0) + share * times);
          length += HAN.test(piece) ? piece.length / 2 : FILLERS.has(piece.toLowerCase()) ? 0 : 1;
        }
        for (const [word, count] of counts) {
          // Said twice isn't twice as good, and a word says more in a short text (BM25).
          const gain = (2.2 * count) / (count + 1.2 * (1 - strict + strict * (length / usual)));
          if (!this.holders.has(word)) this.holders.set(word, new Map());
          const sections = this.holders.get(word);
          sections.set(number, (sections.get(number) ?? 0) + worth * gain * boost);
        }
      }
    }

    /** The words here that a word of a query may mean: `word → how near it is`. */
    #near(word) {
      const near = new Map();
      if (HAN.test(word)) return this.holders.has(word) ? near.set(word, 1) : near;
      for (const known of this.stems.get(stemOf(word)) ?? []) near.set(known, 0.8);
      if (this.holders.has(word)) near.set(word, 1);
      if (word.length > 2) {
        for (const known of this.holders.keys()) {
          if (known.startsWith(word) && !near.has(known)) near.set(known, 0.2 + (0.4 * word.length) / known.length);
        }
      }
      return near.size ? near : this.#meant(word);
    }

    /** The words that were meant, where one was mistyped: those with the fewest mistakes. */
    #meant(word) {
      const most = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
      const found = [...this.holders.keys()].map((known) => [known, mistakes(word, known, most)]);
      const fewest = Math.min(most, ...found.map(([, count]) => count));
      return new Map(found.filter(([, count]) => count === fewest).map(([known]) => [known, 0.6]));
    }

    /** What a query asks for: a list of `{piece, near, weight}`, one for each word of it that is known here. */
    #read(query) {
      const text = query.replace(/[<>&]/g, " ");
      const plain = text.replace(QUESTION, " ");
      const all = [...piecesOf(/[\p{L}\p{N}]/u.test(plain) ? plain : text)].map(([piece]) => piece);
      const telling = all.filter((piece) => !FILLERS.has(piece.toLowerCase()));
      const asked = [];
      const pieces = telling.length ? telling : all;
      pieces.forEach((piece, i) => {
        const words = HAN.test(piece) ? (piece.length > 1 ? pairsOf(piece) : [piece]) : [piece.toLowerCase()];
        let found = words.map((word) => this.#near(word));
        if (!found.some((near) => near.size)) {
          const parts = HAN.test(piece) ? [...piece] : partsOf(piece);
          found = parts.map((part) => this.#near(part));
        }
        // `gradient tape` and `reset states` are identifiers with a space in them.
        for (const [one, other] of [[pieces[i - 1], piece], [piece, pieces[i + 1]]]) {
          if (HAN.test(piece) || !one || !other) continue;
          for (const whole of [one + other, `${one}_${other}`].map((each) => each.toLowerCase())) {
            for (const near of found) if (this.holders.has(whole)) near.set(whole, 1);
          }
        }
        for (const near of found) if (near.size) asked.push({ piece, near, weight: this.#rarity(near) });
        if (!found.some((near) => near.size)) asked.push({ piece, near: new Map(), weight: 0 });
      });
      return asked;
    }

    /** What a word says: the fewer sections hold it, the more. */
    #rarity(near) {
      const best = Math.max(...near.values());
      const holders = new Set();
      for (const [word, nearness] of near) {
        if (nearness >= Math.min(best, 0.8)) for (const number of this.holders.get(word).keys()) holders.add(number);
      }
      return Math.log(1 + (this.sections.length - holders.size + 0.5) / (holders.size + 0.5));
    }

    /** The query with its terms in the words that are used here. */
    #inOwnWords(query) {
      const own = (found, before = "", word = found) => `${before} ${this.aliases[word]} `;
      return query.replace(this.alias, own).toLowerCase();
    }

    #score(asked) {
      const total = asked.reduce((sum, { weight }) => sum + weight, 0) || 1;
      const scores = new Map();
      for (const { near, weight } of asked) {
        const best = new Map();
        for (const [word, nearness] of near) {
          for (const [number, worth] of this.holders.get(word)) {
            best.set(number, Math.max(best.get(number) ?? 0, nearness * worth));
          }
        }
        for (const [number, worth] of best) {
          const { score, share } = scores.get(number) ?? { score: 0, share: 0 };
          scores.set(number, { score: score + weight * worth, share: share + weight / total });
        }
      }
      // A section that has all that was asked for goes before one that has a part of it again and again.
      return new Map([...scores].map(([number, { score, share }]) => [number, score * share]));
    }

    search(query) {
      const best = new Map(); // section → the better of its scores for the query as typed and in our own words
      for (const words of [query, this.#inOwnWords(query.toLowerCase())]) {
        const asked = this.#read(words);
        const name = words.trim().toLowerCase();
        for (const [number, plain] of this.#score(asked)) {
          const score = this.sections[number].name === name ? EXACT * plain : plain;
          if (score > (best.get(number)?.score ?? 0)) best.set(number, { score, asked });
        }
      }
      const top = Math.max(...[...best.values()].map(({ score }) => score));
      const ranked = [...best].filter(([, { score }]) => score >= CLOSE * top).sort(([, a], [, b]) => b.score - a.score);
      const pages = new Map();
      for (const [number, { score, asked }] of ranked) {
        const { page } = this.sections[number];
        if (!pages.has(page) && pages.size === PAGES) continue;
        pages.set(page, [...(pages.get(page) ?? []), this.#item(number, score, asked)]);
      }
      for (const [page, items] of pages) {
        // Material folds away the sections that score less than the best.
        const sections = items.filter(({ location }) => location !== page.location);
        const near = sections.filter(({ score }) => score >= BESIDE * items[0].score);
        for (const section of near.slice(0, SHOWN)) section.score = items[0].score;
        if (!items.some(({ location }) => location === page.location)) items.push({ ...page, score: 0, terms: {} });
      }
      return { items: [...pages.values()] };
    }

    /** A section as it is shown: what was found is marked, and what wasn't is named. */
    #item(number, score, asked) {
      const { doc, page } = this.sections[number];
      const wanted = new Set(asked.flatMap(({ near }) => [...near.keys()]));
      const title = mark(doc.title, wanted);
      const text = excerpt(doc.text, wanted);
      const terms = {};
      const found = new Set([...title.found, ...text.found]);
      for (const word of [...found].sort((a, b) => b.length - a.length).slice(0, 8)) terms[word] = true;
      const holds = ({ near }) => [...near.keys()].some((word) => this.holders.get(word).has(number));
      const held = new Set(asked.filter(holds).map(({ piece }) => piece));
      for (const { piece } of asked) if (!held.has(piece)) terms[piece] = false;
      const parent = page === doc ? undefined : page;
      return { ...doc, parent, title: title.html, text: text.html, score, terms };
    }
  }

  /** The HTML with the wanted words marked, and the set of what was marked. */
  function mark(html, wanted) {
    const found = new Set();
    let [out, done] = ["", 0];
    for (const [piece, index] of piecesOf(html)) {
      for (const [start, end] of spansIn(piece, wanted)) {
        const word = piece.slice(start, end);
        found.add(word.toLowerCase());
        out += `${html.slice(done, index + start)}<mark>${word}</mark>`;
        done = index + end;
      }
    }
    return { html: out + html.slice(done), found };
  }

  /** Where in a piece the wanted words stand; Chinese pairs that overlap are one. */
  function spansIn(piece, wanted) {
    if (!HAN.test(piece)) return wordsOf(piece).some(([word]) => wanted.has(word)) ? [[0, piece.length]] : [];
    const spans = [];
    for (let i = 0; i < piece.length; i++) {
      const end = wanted.has(piece.slice(i, i + 2)) ? i + 2 : wanted.has(piece[i]) ? i + 1 : 0;
      const last = spans.at(-1);
      if (last && end && i <= last[1]) last[1] = Math.max(last[1], end);
      else if (end) spans.push([i, end]);
    }
    return spans.map(([start, end]) => [start, Math.min(end, piece.length)]);
  }

  /** The two blocks of a section that hold the most of what is wanted, or else its first. */
  function excerpt(html, wanted) {
    const blocks = blocksOf(html).map((block) => mark(block, wanted));
    const best = [...blocks].sort((a, b) => b.found.size - a.found.size).slice(0, 2).filter(({ found }) => found.size);
    const shown = best.length ? blocks.filter((block) => best.includes(block)) : blocks.slice(0, 1);
    return { html: shown.map((block) => block.html).join(""), found: shown.flatMap((block) => [...block.found]) };
  }

  /** The outermost elements of a text, each with the loose words before it. */
  function blocksOf(html) {
    const blocks = [];
    let [depth, start] = [0, 0];
    for (const { 0: tag, index } of html.matchAll(/<[^>]*>/g)) {
      depth += tag.startsWith("</") ? -1 : 1;
      if (depth === 0) {
        blocks.push(html.slice(start, index + tag.length));
        start = index + tag.length;
      }
    }
    return html.slice(start).trim() ? [...blocks, html.slice(start)] : blocks;
  }

  let index;
  addEventListener("message", ({ data: { type, data } }) => {
    if (type === SETUP) {
      index = new Index(data.docs, data.config.aliases);
      postMessage({ type: READY });
    } else if (type === QUERY) {
      postMessage({ type: RESULT, data: index.search(data) });
    }
  });
})();
