// Which rows of the table of changes answer a question. `filter.js` loads it when somebody turns to the table's field.
//
// `tf2docs/migrate/answering.py` explains how rows are found, and does the same step by step; tests hold the two to
// each other.
(() => {
  const [ENOUGH, SHOWN, FEW, QUOTED] = [10, 3, 3, 20]; // as in answering.py

  /** What answers a question by the data of the table: `{rows, guesses}`, the ids of rows, the best first. */
  function answering(data) {
    const regex = (source, flags = "g") => new RegExp(source, flags);
    const end = regex(data.end, "");
    const last = (name) => name.slice(name.lastIndexOf(".") + 1);
    const joined = (text) => text.split(/\s+/).filter(Boolean).join(" ");
    const most = (numbers) => numbers.reduce((one, other) => Math.max(one, other), 0);
    const all = (source, text, group = 0) => [...text.matchAll(regex(source))].map((found) => found[group]);

    const rows = data.rows.map((row) => ({ ...row, there: new Set(row.there), patterns: row.patterns.map((each) => (Array.isArray(each) ? each : [each, "", ""])) }));
    const nameOf = ([base, argument, key]) => key || (/^[A-Za-z_]/.test(argument) ? argument : last(base));

    function canonical(name) {
      for (const [prefix, short] of data.prefixes) {
        if (name === prefix || name.startsWith(`${prefix}.`)) return canonical(short + name.slice(prefix.length));
      }
      return name;
    }

    const clean = (text) =>
      data.cleaning.reduce((cleaned, [pattern, instead]) => cleaned.replace(regex(pattern), instead), text);

    /** The messages of the exceptions in a text, the last one first, since it counts. */
    function messagesOf(text) {
      const found = [];
      for (const line of text.split("\n")) {
        const heads = [...line.matchAll(regex(data.head))].map((head) => head.index);
        heads.forEach((start, i) => found.push([line.slice(start, heads[i + 1])])); // several where lines were lost
        if (heads.length) continue;
        if (end.test(line)) found.push([]);
        else if (found.length && found.at(-1).length) found.at(-1).push(line);
      }
      return found.reverse().filter((lines) => lines.length).map((lines) => joined(lines.join(" ")));
    }

    /** A message with the module that a name wasn't found in, where only the code shows it. */
    function withModule(message, text) {
      const [untold, name] = message.match(regex(data.untold, "")) ?? [];
      if (!untold) return message;
      const line = `from ([A-Za-z_][\\w.]*) import (?:[^\\n]*\\b${name}\\b|[^\\n]*[\\\\(,]\\s*$)`; // or the line goes on
      const module = [...text.matchAll(regex(line, "gm"))].map((found) => found[1]).at(-1);
      return module ? message.replaceAll(untold, `${untold} from '${module}'`) : message;
    }

    /** A message on a module that was called, with the name that the code above it shows. */
    function withCallee(message, text) {
      if (!regex(data.uncalled, "").test(message)) return message;
      const [before] = text.split(regex(data.uncalled, ""));
      const called = all(data.callee, before.slice(0, Math.max(before.lastIndexOf("\n"), 0)), 1).at(-1);
      return called ? `${message}, 'module' object has no attribute '${called}'` : message;
    }

    /** The dotted names in a text, and those that an import of it stands for. */
    function namesOf(text) {
      const imported = [...text.matchAll(regex(data.import))].flatMap(([, module, names]) =>
        all(data.name, names).map((name) => `${module}.${name}`),
      );
      return [...all(data.name, text), ...imported].map(canonical);
    }

    function factsOf(message) {
      const facts = [];
      for (const [kind, pattern] of data.facts) {
        for (const [, first = "", second = ""] of message.matchAll(regex(pattern))) {
          if (kind === "imported") facts.push({ kind, owner: second, name: first });
          else if (kind !== "arguments") facts.push({ kind, owner: first, name: second });
          else for (const name of all(data.key, second, 1)) facts.push({ kind: "argument", owner: first, name });
        }
      }
      for (const fact of facts) fact.path = canonical(fact.owner ? `${fact.owner}.${fact.name}` : fact.name);
      return facts;
    }

    /** What a name of the table is worth for the name that a message, or code, is about. */
    function byPath(base, path, kind) {
      if (path === base || path.startsWith(`${base}.`)) return 12 + base.split(".").length - 1;
      const isModule = ["module", "path"].includes(kind) && path.includes(".") && !data.common.includes(path);
      if (isModule && base.startsWith(`${path}.`)) return 11;
      const depth = (name) => name.split(".").length;
      if (!path.includes(".") && ["path", "imported"].includes(kind)) return base.endsWith(`.${path}`) ? 10 : 0;
      if (kind === "mention" && depth(path) > depth(base)) return 0; // such as `tf.math.log`, which works
      const sameRoot = base.split(".")[0] === path.split(".")[0];
      return sameRoot && kind !== "module" && last(base) === last(path) ? 10 : 0;
    }

    function byArgument([base, argument], fact) {
      if (argument !== fact.name) return 0;
      const called = fact.owner.split(".").filter((part) => part !== "__init__").at(-1) ?? "";
      if (last(base) === "*" || last(base) === called) return 12;
      if (!called && base.startsWith("tf.")) return 5; // of which function, isn't told
      return !called || data.anything.includes(called) ? 11 : 5;
    }

    /** What a row is worth for a name that some version called deprecated, whatever it is. */
    function byDeprecated(row, fact) {
      const isNamed = row.patterns.some((each) => nameOf(each) === fact.name) || row.names.includes(fact.name);
      const given = row.patterns.filter(([, argument]) => argument).map((each) => byArgument(each, fact));
      return most([...given, isNamed && !fact.owner ? 11 : 0]);
    }

    function byPattern([base, argument, key], fact) {
      if (fact.kind === "attribute") return base.startsWith(".") && last(base) === fact.name && !argument ? 12 : 0;
      if (fact.kind === "argument") return byArgument([base, argument], fact);
      return argument || key || base.startsWith(".") ? 0 : byPath(base, fact.path, fact.kind);
    }

    function byName(name, fact) {
      if (fact.kind === "attribute" || fact.kind === "argument") return name === fact.name ? 11 : 0;
      const isOf = ["path", "imported", "module"].includes(fact.kind);
      if (name.endsWith(".*")) return isOf && fact.path.startsWith(name.slice(0, -1)) ? 10 : 0; // whatever else it lacks
      if (name.includes(".")) return byPath(name, fact.path, fact.kind);
      return fact.path.split(".").includes(name) ? 11 : 0;
    }

    /** Whether a message misses what a row says is there today. */
    function isThere(row, { kind, path }) {
      const isWhole = kind === "path" || kind === "imported" || (kind === "module" && path.includes("."));
      return isWhole && row.there.has(path);
    }

    function knows(row, fact) {
      if (fact.kind === "undefined") return 0;
      if (fact.kind === "deprecated") return byDeprecated(row, fact);
      if (isThere(row, fact)) return 10;
      return most([...row.patterns.map((each) => byPattern(each, fact)), ...row.names.map((name) => byName(name, fact))]);
    }

    function mentions(row, name, isCode) {
      const named = [name, ...(isCode ? name.split(".") : [])].some((part) => row.names.includes(part)) ? 11 : 0;
      const bases = row.patterns.filter(([, argument, key]) => !argument && !key).map(([base]) => base);
      const dotted = [...bases, ...row.names].filter((base) => base.replace(/^\.+/, "").includes("."));
      return most([named, ...(name.includes(".") ? dotted.map((base) => byPath(base, name, "mention")) : [])]);
    }

    /** The callee and the name of each argument in code; no callee where it isn't there. */
    function argumentsOf(text) {
      const [open, facts] = [[], []];
      const works = (owner, name) => data.working.some(([callee, argument]) => callee === owner && argument === name);
      for (const [piece, callee = "", name] of text.matchAll(regex(data.call))) {
        const owner = last(open.at(-1) ?? "");
        if (name && !works(owner, name)) facts.push({ kind: "argument", owner, name });
        if (name) continue;
        if (piece === ")") open.pop();
        else open.push(callee);
      }
      return facts;
    }

    /** What is in a line of code, read once for all rows. */
    function readCode(text) {
      const names = new Set(all(data.name, text.replace(regex(data.said), "$1")));
      return {
        names,
        attributes: new Set(all(data.attribute, text, 1)),
        keys: new Set(all(data.subscript, text, 1)),
        alone: names.size === 1 ? [...names][0] : "",
        given: argumentsOf(text),
        calls: [...text.matchAll(regex(data.text))].map(([, callee, said]) => [callee, said]),
        text,
      };
    }

    /** Whether a call is the one with such a text. */
    function isMeant([owner, name, ends, pieces, barred], [callee, text]) {
      const parts = callee.split(".");
      if (parts.pop() !== name || !(parts.at(-1) ?? "").toLowerCase().includes(owner)) return false;
      return pieces.some((piece) => text.endsWith(piece)) === ends && !barred.some((piece) => text.endsWith(piece));
    }

    /** What a row is worth for code. */
    const worthOf = (row, code) =>
      most([
        ...row.patterns.map((pattern) => byCode(pattern, code)),
        ...row.calls.map((call) => (regex(call, "").test(code.text) ? 12 : 0)),
        ...row.texts.flatMap((text) => code.calls.map((call) => (isMeant(text, call) ? 12 : 0))),
      ]);

    function byCode([base, argument, key], { names, attributes, keys, alone, given, text }) {
      const name = last(base);
      if (key) return keys.has(key) || key === alone ? 12 : 0;
      if (argument) return most([...given.map((fact) => byArgument([base, argument], fact)), argument === alone ? 11 : 0]);
      if (base.startsWith(".")) return attributes.has(name) ? 12 : name === alone ? 11 : 0;
      const distinct = name.includes("_") || (name.toLowerCase() !== name && text.includes(`${name}(`));
      const suffix = [...names].some((each) => each.includes(".") && base.endsWith(`.${each}`));
      return suffix ? 12 : name === alone || (distinct && names.has(name)) ? 11 : 0;
    }

    /** What it is worth that a message says this, where `…` stands for anything. */
    function quotes(piece, message) {
      let start = 0;
      for (const part of piece.split("…")) {
        const found = message.indexOf(part, start);
        if (found < 0) return 0;
        start = found + part.length;
      }
      return QUOTED + piece.length / 10;
    }

    function best(scored) {
      const ordered = scored.filter(([worth]) => worth > 0).sort(([one], [other]) => other - one);
      return ordered.slice(0, SHOWN).map(([, row]) => row.id);
    }

    function answersTo(message, isCode) {
      const facts = factsOf(message);
      const isOpen = facts.every((fact) => fact.kind === "deprecated");
      const names = isOpen ? namesOf(message.replace(regex(data.shown_class), " ")) : [];
      const code = isCode && !facts.length ? readCode(message) : null;
      const quoted = joined(message).toLowerCase();
      const scored = rows.map((row) => {
        const known = [...facts.map((fact) => knows(row, fact)), ...names.map((name) => mentions(row, name, isCode))];
        if (code) known.push(worthOf(row, code));
        return [most(row.says.map((piece) => quotes(piece, quoted))) + most(known), row];
      });
      const least = Math.max(ENOUGH, most(scored.map(([worth]) => worth)) / 2);
      return best(scored.filter(([worth]) => worth >= least));
    }

    /** The rows, behind the one on the package in whose code it happened, which isn't one's own. */
    function withPackage(ids, text) {
      const names = [...text.matchAll(regex(data.frame, "gm"))].map((found) => found[1]);
      const name = names.filter((each) => !data.ours.includes(each)).at(-1);
      const own = rows.filter((row) => row.packages.includes(name)).map((row) => row.id);
      return [...new Set([...own, ...ids])];
    }

    /** The rows that hold all of a few words, such as a part of a name. */
    function containing(text) {
      const pieces = text.toLowerCase().split(regex(data.separators)).filter(Boolean);
      if (!pieces.length || pieces.length > FEW || pieces.some((each) => each.length < 2)) return [];
      return rows.filter((row) => pieces.every((piece) => row.text.includes(piece))).map((row) => row.id);
    }

    /** The rows with an exception that says nothing more, and whose code a traceback shows. */
    function byProgram(exception, text) {
      const raising = containing(exception);
      const code = readCode(text);
      const lower = joined(text).toLowerCase();
      const isShown = (row) => row.says.some((piece) => quotes(piece, lower)) || worthOf(row, code) >= ENOUGH;
      const shown = new Set(rows.filter(isShown).map((row) => row.id));
      const found = raising.filter((id) => shown.has(id));
      return { rows: found.slice(0, SHOWN), guesses: found.length ? [] : raising.slice(0, SHOWN) };
    }

    const threes = (word) => new Set([...word].map((_, i) => `  ${word} `.slice(i, i + 3)).concat(`  ${word} `.slice(-3)));

    /** How much of two words is the same, in threes of letters, from 0 to 1. */
    function alike(one, other) {
      const [here, there] = [one, other].map((word) => threes(word.toLowerCase()));
      return (2 * [...here].filter((three) => there.has(three)).length) / (here.size + there.size);
    }

    /** The rows whose names look most like those of the text. */
    function nearest(text, messages) {
      const told = messages[0] ?? text;
      const code = readCode(messages.length ? text : ""); // what a traceback shows of the program
      const facts = factsOf(told).map((fact) => fact.name);
      const wanted = new Set(facts.length ? facts : namesOf(told).map(last));
      return best(
        rows.map((row) => {
          const own = new Set([...row.patterns.map(nameOf), ...row.names.map(last)]);
          const likeness = most([...own].flatMap((one) => [...wanted].map((other) => alike(one, other))));
          return [likeness + worthOf(row, code), row];
        }),
      );
    }

    return (pasted) => {
      const text = clean(pasted);
      const said = messagesOf(text).map((message) => withCallee(withModule(message, text), text));
      const messages = said.length || !regex(data.told, "").test(text) ? said : [text];
      const exception = messages[0] ?? text;
      if (regex(data.bare, "").test(exception)) return byProgram(exception, text);
      const told = (messages.length ? messages : [text]).flatMap((each) => answersTo(each, !messages.length));
      const found = withPackage(told, text);
      if (found.length) return { rows: found.slice(0, SHOWN), guesses: [] };
      const rows = messages.length ? [] : containing(text);
      return { rows, guesses: rows.length ? [] : nearest(text, messages) };
    };
  }

  if (typeof document === "undefined") module.exports = { answering };
  else window.tf2docs.answering = answering;
})();
