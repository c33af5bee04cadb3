// The search: a worker that takes the place of Material's, which knows Chinese words only where it cut the index
// itself, finds nothing for a word that is mistyped, and cuts no English endings once it leaves identifiers whole.
//
// What the page sends and expects is Material's own: {type: 0} once, answered by {type: 1}; {type: 2, data: query},
// answered by {type: 3, data: {items}}, where an item is a page with its sections. What Material sends along is empty:
// this file is started, and the index loaded on {type: 4, data: address}, by search-on-demand.js when the reader turns to
// the search.
//
// The index, made by tf2docs/pages/showing/search_index.py, also holds `aliases`, which lead from other words for a
// thing, such as those of the other language, to the ones in use here; `traditional` characters with the simplified
// ones; and `readings`, the characters by their pinyin.
(() => {
  "use strict";
  const [SETUP, READY, QUERY, RESULT, LOAD] = [0, 1, 2, 3, 4];
  const PAGES = 10; // more than these nobody reads
  const SECTIONS = 6; // of one page
  const CLOSE = 0.1; // how much of the best score a section must have to be shown at all
  const BESIDE = 0.5; // how much of its page's best score a section must have to be shown at once, not folded away
  const SHOWN = 2; // and no more sections than these
  const WORDS = 32; // of a query: more tell nothing new
  const [HEAD, TAIL] = [100, 300]; // what is read of a long query: of an error that is pasted whole, the end says most
  const VARIANTS = 12; // ways to read a query: as typed, in our own words, as pinyin

  // Where a word stands: what it is worth there, the number of words usual for such a place, and how much a longer
  // one is held against it.
  const PLACES = {
    title: { worth: 6, usual: 3, strict: 0.6 },
    anchor: { worth: 2, usual: 2, strict: 0.6 }, // English on Chinese pages, too
    page: { worth: 2, usual: 4, strict: 0.6 }, // of a section, the page's title; of a page, its tags
    text: { worth: 1, usual: 150, strict: 0.3 },
    code: { worth: 1, usual: 60, strict: 0.3 }, // and what it printed; what the text has, too, isn't said again
  };
  const NAMED = 1; // how many times more a section is worth whose heading is what was typed
  const LEAD = 40; // a section's first words say what it is about: they count twice
  const REPEATS = new Set(["next", "exercises"]); // sections that say again what others explain
  const REPEATED = 0.6;
  const PART = 0.5; // what a part of an identifier, `states` of `reset_states`, is worth beside the whole
  const NEAR = { stem: 0.8, prefix: 0.6, mistyped: 0.6, homophone: 0.6 }; // than what was typed, at most
  const LONGEST = 6; // of words in pinyin, in syllables
  const OWN = 1.3; // how many times more a section is worth that is found by the words used here
  const GLUE = 0.2; // what a pair with a character like 的 says

  const PIECE = /\p{sc=Han}+|\d+(?:\.\d+)+|(?:(?!\p{sc=Han})[\p{L}\p{N}_])+/gu;
  const HAN = /^\p{sc=Han}/u;
  const PARTS = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g;
  const NAMES = new Set(["tensorflow", "tensorboard"]); // no identifiers: `tensor` doesn't mean them
  const QUESTION = /是干什么的|是做什么的|干什么|干嘛|有什么用|为什么|为啥|是什么意思|是什么|什么是|怎么办|怎么样|怎么|怎样|如何|请问|能不能|可不可以|有没有|什么时候|什么|哪些|哪个|多少|吗|呢/g;
  const MEANING = /\bwhat do(?:es)? (.+?) mean\b/gi; // where `mean` isn't an average
  const GLUES = /[的了和是在把被给与及]/;
  const FILLERS = new Set(
    ("a an and are be by can could do does doesn don for from get has have how i if in into is isn it its me my no not of on or " +
      "s should so t that the there these they this to use using want was we what when where which who why will with won would you your").split(" "),
  );

  const GAP = /[-\s]+/g; // `time-series`, `time series` and `timeseries` are one, and so are `loss 不降` and `loss不降`

  const lower = (text) => text.toLowerCase();
  const bare = (word) => word.replace(GAP, "");
  const piecesOf = (text) => text.matchAll(PIECE);

  /** A Chinese run as its pairs of characters, which need no dictionary to meet those of a query. */
  function pairsOf(run) {
    const characters = [...run];
    return characters.slice(1).map((character, i) => characters[i] + character);
  }

  function partsOf(piece) {
    const parts = NAMES.has(lower(piece)) ? [] : (piece.match(PARTS) ?? []);
    return parts.length > 1 ? parts.map(lower) : [];
  }

  /** The words by which a piece is found: `[word, worth]`. */
  function wordsOf(piece) {
    if (HAN.test(piece)) return [...pairsOf(piece), ...piece].map((word) => [word, 1]);
    return [[lower(piece), 1], ...partsOf(piece).map((part) => [part, PART])];
  }

  /** A word without its English ending: losses and loss, saving and saved, regularise and regularize are one. */
  const stemOf = (word) => {
    if (word.length < 4) return word;
    const single = word.replace(/ies$/, "y").replace(/([^s])s$/, "$1");
    const plain = single.replace(/(ing|ed|e)$/, "").replace(/e$/, "").replace(/([^aeiou])\1$/, "$1");
    return plain.replace(/is(er?|ation)?$/, "iz$1").replace(/our$/, "or");
  };

  /** How many letters must be changed, left out, put in or swapped with the next; more than `most` are too many. */
  function mistakes(a, b, most) {
    let [before, last] = [[], Array.from({ length: b.length + 1 }, (_, i) => i)];
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      let least = i;
      for (let j = 1; j <= b.length; j++) {
        const same = a[i - 1] === b[j - 1] ? 0 : 1;
        let fewest = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + same);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) fewest = Math.min(fewest, before[j - 2] + 1);
        row.push(fewest);
        least = Math.min(least, fewest);
      }
      if (least > most) return Infinity;
      [before, last] = [last, row];
    }
    return last[b.length];
  }

  /** The letters of a word, a bit for each: words with other letters are further apart than their bits. */
  function lettersOf(word) {
    let bits = 0;
    for (let i = 0; i < word.length; i++) bits |= 1 << (word.charCodeAt(i) & 31);
    return bits;
  }

  function bitsIn(number) {
    let count = 0;
    for (let left = number; left; left &= left - 1) count++;
    return count;
  }

  /** Chinese as it is typed with other characters, in pinyin, or with a character that sounds the same. */
  class Chinese {
    constructor({ traditional, readings }, names) {
      this.simplified = traditional;
      this.syllables = new Set(Object.keys(readings));
      this.longest = Math.max(0, ...[...this.syllables].map((each) => each.length));
      this.read = new Map(); // character → how it is read
      for (const [syllable, characters] of Object.entries(readings)) {
        for (const character of characters) this.read.set(character, [...(this.read.get(character) ?? []), syllable]);
      }
      this.names = [...new Set(names)].map((name) => [...name]).filter((name) => name.length > 1);
    }

    simplify(text) {
      return [...text].map((character) => this.simplified[character] ?? character).join("");
    }

    /** Whether two pairs of characters sound the same. */
    alike(one, other) {
      return [...one].every((character, i) => this.read.get(character)?.some((each) => this.read.get(other[i])?.includes(each)));
    }

    /** The Chinese that may be meant by letters: what the site says that is read so, else names with these initials. */
    meant(letters) {
      if (!this.syllables.size || !/^[a-zü]{3,40}$/.test(letters)) return [];
      const typed = letters.replaceAll("ü", "v");
      const spelt = this.#syllables(typed);
      const said = spelt.flatMap((sounds) => this.#said(sounds));
      if (said.length) return said.slice(0, 3);
      const inParts = spelt.map((sounds) => this.#saidInParts(sounds)).filter(Boolean);
      if (inParts.length) return [inParts[0]];
      const begins = (name) => name.every((character, i) => this.read.get(character)?.some((each) => each[0] === typed[i]));
      return this.names.filter((name) => name.length === typed.length && begins(name)).map((name) => name.join(""));
    }

    /** What is read with these sounds somewhere in the names, the commonest first. */
    #said(sounds) {
      const counts = new Map();
      for (const name of this.names) {
        for (let start = 0; start + sounds.length <= name.length; start++) {
          if (!sounds.every((sound, i) => this.read.get(name[start + i])?.includes(sound))) continue;
          const words = name.slice(start, start + sounds.length).join("");
          counts.set(words, (counts.get(words) ?? 0) + 1);
        }
      }
      return [...counts].sort(([, a], [, b]) => b - a).map(([words]) => words);
    }

    /** Sounds as the longest words of the names that are read so, one after the other; "" where there are none. */
    #saidInParts(sounds) {
      let words = "";
      for (let start = 0; start < sounds.length; ) {
        let end = Math.min(sounds.length, start + LONGEST);
        let said = [];
        while (end > start + 1 && !(said = this.#said(sounds.slice(start, end))).length) end--;
        words += said[0] ?? "";
        start = end;
      }
      return words;
    }

    /** The ways to cut letters into syllables, those with the fewest first. */
    #syllables(letters) {
      const ways = [[[]]]; // to cut the first letters, by their number
      for (let end = 1; end <= letters.length; end++) {
        ways.push([]);
        for (let start = Math.max(0, end - this.longest); start < end; start++) {
          const syllable = letters.slice(start, end);
          if (this.syllables.has(syllable)) ways[end].push(...ways[start].map((way) => [...way, syllable]));
        }
        ways[end] = ways[end].sort((a, b) => a.length - b.length).slice(0, 4);
      }
      return ways[letters.length];
    }
  }

  class Index {
    constructor({ sections, aliases, traditional, readings }) {
      this.holders = new Map(); // word → section → what the word is worth there
      this.stems = new Map(); // stem → words
      const pages = new Map();
      this.sections = sections.map((doc) => {
        const [address, anchor = ""] = doc.location.split("#");
        const page = pages.get(address) ?? doc;
        pages.set(address, page);
        const name = doc.title.replace(/`/g, "").replace(/[（(].*/, "");
        return { doc, page, anchor, name: new Set([...piecesOf(name)].flatMap(([piece]) => namesOf(piece))) };
      });
      this.sections.forEach((section, number) => this.#add(section, number));
      // The other words are known, too, so that a mistyped one is recognized, though nothing holds them.
      for (const word of Object.keys(aliases).flatMap((each) => each.match(/[a-z0-9_]+/g) ?? [])) {
        if (!this.holders.has(word)) this.holders.set(word, new Map());
      }
      for (const word of this.holders.keys()) {
        const stem = stemOf(word);
        this.stems.set(stem, [...(this.stems.get(stem) ?? []), word]);
      }
      this.words = [...this.holders.keys()].filter((word) => !HAN.test(word)).sort();
      this.letters = this.words.map(lettersOf);
      this.pairs = [...this.holders.keys()].filter((word) => HAN.test(word) && [...word].length === 2);
      this.aliases = Object.fromEntries(Object.entries(aliases).map(([word, meanings]) => [bare(word), meanings]));
      const titles = sections.map(({ title }) => title);
      const runs = [...titles, ...Object.keys(aliases)].flatMap((title) => [...piecesOf(title)].map(([piece]) => piece));
      this.chinese = new Chinese({ traditional, readings }, runs.filter((piece) => HAN.test(piece)));
      const longestFirst = Object.keys(aliases).sort((a, b) => b.length - a.length);
      const words = longestFirst.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(GAP, "[-\\s]*"));
      const [chinese, others] = [words.filter((word) => HAN.test(word)), words.filter((word) => !HAN.test(word))];
      const either = (each) => each.join("|") || "(?!)";
      this.alias = new RegExp(`(?:${either(chinese)})|(^|[^a-z0-9_])(${either(others)})(?:e?s)?(?![a-z0-9_])`, "g");
    }

    #add({ doc, page, anchor }, number) {
      const boost = (doc.boost ?? 1) * (REPEATS.has(anchor) ? REPEATED : 1);
      const above = page === doc ? (doc.tags ?? []).join(" ") : page.title;
      const texts = { title: doc.title, anchor, page: above, text: doc.text.join("\n"), code: doc.code };
      for (const [place, { worth, usual, strict }] of Object.entries(PLACES)) {
        const counts = new Map();
        let length = 0;
        for (const [piece] of piecesOf(texts[place])) {
          const times = place === "text" && length < LEAD ? 2 : 1;
          for (const [word, share] of wordsOf(piece)) counts.set(word, (counts.get(word) ?? 0) + share * times);
          length += HAN.test(piece) ? piece.length / 2 : FILLERS.has(lower(piece)) ? 0 : 1;
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
      if (HAN.test(word)) {
        if (this.holders.has(word)) return near.set(word, 1);
        if ([...word].length === 2) for (const known of this.pairs) if (this.chinese.alike(word, known)) near.set(known, NEAR.homophone);
        return near;
      }
      for (const known of this.stems.get(stemOf(word)) ?? []) near.set(known, NEAR.stem);
      if (this.holders.has(word)) near.set(word, 1);
      if (word.length > 2) {
        for (let i = this.#place(word); this.words[i]?.startsWith(word); i++) {
          const known = this.words[i];
          if (!near.has(known)) near.set(known, NEAR.prefix * (1 / 3 + ((2 / 3) * word.length) / known.length));
        }
      }
      return near.size ? near : this.#mistyped(word);
    }

    /** Where a word stands among those known, or would stand. */
    #place(word) {
      let [low, high] = [0, this.words.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.words[middle] < word) low = middle + 1;
        else high = middle;
      }
      return low;
    }

    /** The words that were meant, where one was mistyped: those with the fewest mistakes. */
    #mistyped(word) {
      let most = word.length < 4 ? 0 : word.length < 8 ? 1 : 2;
      const letters = lettersOf(word);
      let found = [];
      for (let i = 0; most && i < this.words.length; i++) {
        const known = this.words[i];
        if (Math.abs(known.length - word.length) > most || bitsIn(letters ^ this.letters[i]) > 2 * most) continue;
        const count = mistakes(word, known, most);
        if (count > most) continue;
        found = count < most ? [known] : [...found, known];
        most = count;
      }
      return new Map(found.map((known) => [known, NEAR.mistyped]));
    }

    /** What a query asks for: a list of `{piece, near, weight}`, one for each word of it. */
    #read(query) {
      const plain = query.replace(QUESTION, " ").replace(MEANING, "$1");
      const all = [...piecesOf(/[\p{L}\p{N}]/u.test(plain) ? plain : query)].map(([piece]) => piece);
      const content = all.filter((piece) => !FILLERS.has(lower(piece)));
      const pieces = [...new Set(content.length ? content : all)].slice(0, WORDS);
      return pieces.flatMap((piece, i) => {
        let words = HAN.test(piece) && [...piece].length > 1 ? pairsOf(piece).slice(0, WORDS) : [lower(piece)];
        let found = words.map((word) => this.#near(word));
        if (!found.some((near) => near.size)) {
          words = HAN.test(piece) ? [...piece].slice(0, WORDS) : partsOf(piece);
          found = words.map((word) => this.#near(word));
        }
        // `gradient tape` and `reset states` are identifiers with a space in them.
        for (const [one, other] of HAN.test(piece) ? [] : [[pieces[i - 1], piece], [piece, pieces[i + 1]]]) {
          if (!one || !other) continue;
          for (const whole of [one + other, `${one}_${other}`].map(lower)) {
            for (const near of found) if (this.holders.has(whole)) near.set(whole, 1);
          }
        }
        if (!found.some((near) => near.size)) return [{ piece, near: new Map(), weight: this.#rarity(new Map()) }];
        // A pair that nobody holds may merely join two words.
        const telling = (near, word) => (near.size && !GLUES.test(word) ? 1 : GLUE);
        return found.map((near, j) => ({ piece, near, weight: this.#rarity(near) * telling(near, words[j]) }));
      });
    }

    /** What a word says: the fewer sections hold it, the more. */
    #rarity(near) {
      const best = Math.max(...near.values());
      const holders = new Set();
      for (const [word, nearness] of near) {
        if (nearness >= Math.min(best, NEAR.stem)) for (const number of this.holders.get(word).keys()) holders.add(number);
      }
      return Math.log(1 + (this.sections.length - holders.size + 0.5) / (holders.size + 0.5));
    }

    /** The query with its terms in the words that are used here: once for each of their meanings. */
    #inOwnWords(query) {
      let most = 1;
      const own = (meaning) => (found, before = "", word = found) => {
        const meanings = this.aliases[bare(word)];
        most = Math.max(most, meanings.length);
        return `${before} ${meanings[Math.min(meaning, meanings.length - 1)]} `;
      };
      const ways = [];
      for (let i = 0; i < most; i++) ways.push(lower(query).replace(this.alias, own(i)));
      return ways;
    }

    /** The ways to read a query, each with what it is worth: as typed, corrected, with its pinyin as Chinese, in our words. */
    #variants(query) {
      const typed = this.chinese.simplify(query.length > HEAD + TAIL ? `${query.slice(0, HEAD)} ${query.slice(-TAIL)}` : query);
      const small = lower(typed);
      const corrected = this.#corrected(small);
      const ways = corrected === small ? [typed] : [typed, corrected]; // capitals part identifiers
      ways.push(...this.#joined(small));
      for (const text of new Set([small, small.replace(/(?<=[a-zü])[\s']+(?=[a-zü])/g, "")])) {
        for (const [word] of text.matchAll(/[a-zü]+/g)) {
          if (!this.holders.has(word)) for (const meant of this.chinese.meant(word)) ways.push(text.replace(word, ` ${meant} `));
        }
      }
      const own = ways.flatMap((way) => this.#inOwnWords(way)).filter((way) => !ways.includes(way) && way !== small);
      return [...ways.map((way) => [way, 1]), ...own.map((way) => [way, OWN])].slice(0, VARIANTS);
    }

    /** A query with its mistyped and unfinished words as they were meant. */
    #corrected(query) {
      return query.replace(/[a-z_]{4,}/g, (word) => {
        if (this.holders.has(word)) return word;
        if (this.stems.has(stemOf(word))) return this.stems.get(stemOf(word))[0];
        const next = this.words[this.#place(word)];
        if (next?.startsWith(word)) return word.length < 6 ? word : next;
        return this.#mistyped(word).keys().next().value ?? word;
      });
    }

    /** A query with two of its words as the one that was meant, such as `tensor bord`; a list, empty mostly. */
    #joined(query) {
      for (const [both, one, other] of query.matchAll(/(?<![a-z_])([a-z]{3,}) (?=([a-z]{3,}))/g)) {
        if (this.holders.has(one) && this.holders.has(other)) continue;
        const whole = this.#corrected(one + other);
        if (this.holders.has(whole)) return [query.replace(both + other, whole)];
      }
      return [];
    }

    /** The sections that hold what was asked for, each with its score. */
    #score(asked) {
      const total = asked.reduce((sum, { weight }) => sum + weight, 0) || 1;
      const scores = new Map();
      for (const { near, weight } of asked) {
        const best = new Map();
        for (const [word, nearness] of near) {
          for (const [number, worth] of this.holders.get(word)) {
            if (nearness * worth > (best.get(number) ?? 0)) best.set(number, nearness * worth);
          }
        }
        for (const [number, worth] of best) {
          const sum = scores.get(number) ?? { score: 0, share: 0 };
          sum.score += (weight / total) * worth;
          sum.share += weight / total;
          scores.set(number, sum);
        }
      }
      // A section that has all that was asked for goes before one that has a part of it again and again.
      return new Map([...scores].map(([number, { score, share }]) => [number, score * share * (1 + NAMED * this.#named(number, asked, total))]));
    }

    /** How far the heading of a section is what was asked for, from 0 to 1. */
    #named(number, asked, total) {
      const { name } = this.sections[number];
      let [share, said] = [0, new Set()];
      for (const { near, weight } of asked) {
        let nearest = 0;
        for (const word of name) {
          const nearness = near.get(word) ?? 0;
          if (nearness) said.add(word);
          nearest = Math.max(nearest, nearness);
        }
        share += (nearest * weight) / total;
      }
      return name.size ? (share * said.size) / name.size : 0;
    }

    search(query) {
      const best = new Map(); // section → the best of its scores for the ways to read the query
      for (const [words, worth] of this.#variants(query)) {
        const asked = this.#read(words);
        for (const [number, plain] of this.#score(asked)) {
          const score = worth * plain;
          if (score > (best.get(number)?.score ?? 0)) best.set(number, { score, asked });
        }
      }
      const ranked = [...best].sort(([, a], [, b]) => b.score - a.score);
      const pages = new Map();
      for (const [number, { score, asked }] of ranked) {
        if (score < CLOSE * ranked[0][1].score) break;
        const { page } = this.sections[number];
        if (!pages.has(page) && pages.size === PAGES) continue;
        const items = pages.get(page) ?? [];
        if (items.length < SECTIONS) pages.set(page, [...items, { number, score, asked }]);
      }
      return { items: [...pages].map(([page, found]) => this.#page(page, found)) };
    }

    /** A page with its sections, as they are shown. */
    #page(page, found) {
      const items = found.map(({ number, score, asked }) => this.#item(number, score, asked));
      // Material folds away the sections that score less than the best.
      const sections = items.filter(({ location }) => location !== page.location);
      const near = sections.filter(({ score }) => score >= BESIDE * items[0].score);
      for (const section of near.slice(0, SHOWN)) section.score = items[0].score;
      if (sections.length === items.length) items.push({ ...shown(page), text: "", score: 0, terms: {} });
      return items;
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
      const parent = page === doc ? undefined : shown(page);
      return { ...doc, parent, title: title.html, text: text.html, score, terms };
    }
  }

  /** A piece as the words by which a heading is known, without single characters beside pairs. */
  function namesOf(piece) {
    return HAN.test(piece) && [...piece].length > 1 ? pairsOf(piece) : FILLERS.has(lower(piece)) ? [] : [lower(piece)];
  }

  const escape = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  const withCode = (html) => html.replace(/`([^`]*)`/g, "<code>$1</code>");
  const shown = (page) => ({ ...page, title: withCode(escape(page.title)) });

  /** A text as HTML with the wanted words marked, and the set of what was marked. */
  function mark(text, wanted) {
    const found = new Set();
    let [html, done] = ["", 0];
    for (const { 0: piece, index } of piecesOf(text)) {
      for (const [start, end] of spansIn(piece, wanted)) {
        const word = piece.slice(start, end);
        found.add(lower(word));
        html += `${escape(text.slice(done, index + start))}<mark>${escape(word)}</mark>`;
        done = index + end;
      }
    }
    return { html: withCode(html + escape(text.slice(done))), found };
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
  function excerpt(texts, wanted) {
    const blocks = texts.map((text) => mark(text, wanted));
    const best = [...blocks].sort((a, b) => b.found.size - a.found.size).slice(0, 2).filter(({ found }) => found.size);
    const chosen = best.length ? blocks.filter((block) => best.includes(block)) : blocks.slice(0, 1);
    const html = chosen.map((block) => `<p>${block.html}</p>`).join("");
    return { html, found: chosen.flatMap((block) => [...block.found]) };
  }

  let index; // a promise of it, once it is wanted
  let asked; // the newest query: where typing is quicker than loading, the older ones aren't answered
  async function load(address) {
    await importScripts(address);
    return new Index(searchIndex);
  }

  async function answer(query) {
    asked = query;
    const known = await index;
    if (known && asked === query) postMessage({ type: RESULT, data: known.search(query) });
  }

  addEventListener("message", ({ data: { type, data } }) => {
    if (type === SETUP) postMessage({ type: READY });
    else if (type === LOAD) index ??= load(data);
    else if (type === QUERY) answer(data);
  });
})();
