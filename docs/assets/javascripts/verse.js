// A model of characters goes on with what the reader began. `alive.js` loads this.
(() => {
  "use strict";
  const WORDS = {
    zh: {
      title: "让模型接着写",
      model: "模型",
      beginning: "开头",
      temperature: "温度",
      go: "接着写",
      stop: "停",
      anew: "重新开始",
      text: "开头和模型写出的文字",
      writing: "正在写……",
      wrote: (count) => `写了 ${count} 个字符。`,
      empty: "先写一个开头，至少一个模型认识的字符。",
      unknown: (letters, blank) => `模型没有见过${letters.map(shown).join("、")}，${blank ? `读作 ${blank}` : "读的时候跳过"}。`,
    },
    en: {
      title: "Let the model write",
      model: "Model",
      beginning: "Beginning",
      temperature: "Temperature",
      go: "Go on",
      stop: "Stop",
      anew: "Begin anew",
      text: "The beginning, and what the model wrote",
      writing: "Writing … ",
      wrote: (count) => (count === 1 ? "1 character written. " : `${count} characters written. `),
      empty: "Write a beginning first, with at least one character that the model knows.",
      unknown: (letters, blank) =>
        `The model has never seen ${letters.map(shown).join(", ")} and ${blank ? `reads ${blank} instead` : "reads on without"}.`,
    },
  };
  const pageLanguage = document.documentElement.lang.slice(0, 2);
  const words = WORDS[pageLanguage] ?? WORDS.en;
  const BEGINNINGS = ["ROMEO:\n", "明月", "The ", "the "]; // the first that a model can read is put there
  const BLANK = "□"; // stands for whatever a model has not seen, if it has this character; it is never written
  const shown = (letter) => `“${letter === "\n" ? "↵" : letter}”`;
  const AT_ONCE = 200; // characters that are written on one click
  const PAUSE = 30; // milliseconds between two
  const LONGEST = 300; // characters of a beginning
  const isStill = matchMedia("(prefers-reduced-motion: reduce)");

  // The model: from what has been written, the scores of the next character.

  /** A model of characters. Its first outputs may stand for none, such as padding: `characters` are the last of them. */
  function writer({ name, bytes }) {
    const network = window.tf2docs.network.read(bytes);
    const characters = [...network.facts.characters];
    const last = network.layers.at(-1);
    const outputs = last.weights[0].shape[1];
    const skipped = outputs - characters.length;
    const indices = new Map(characters.map((letter, place) => [letter, place + skipped]));
    const blank = indices.has(BLANK) ? BLANK : "";
    const knows = (letter) => indices.has(letter) && letter !== BLANK;
    const lang = characters.some((letter) => /\p{Script=Han}/u.test(letter)) ? "zh" : "en";

    /** The scores of what may follow more text, one for each character; `state` is where the network is, and moves on. */
    function scores(text, state) {
      const known = [...text].map((letter) => indices.get(letter) ?? indices.get(blank)).filter((index) => index !== undefined);
      const raw = network.run(known, state).at(-1).values.slice(-outputs).subarray(skipped);
      if (blank) raw[characters.indexOf(blank)] = last.activation === "softmax" ? 0 : -Infinity;
      return last.activation === "softmax" ? raw.map(Math.log) : raw;
    }
    return { name, characters, blank, knows, scores, lang };
  }

  /** A character by its score: the lower the temperature, the more often the likeliest; at 0 always that one. */
  function choose(scores, temperature) {
    if (temperature === 0) return scores.indexOf(scores.reduce((most, score) => Math.max(most, score), -Infinity));
    let rest = Math.random();
    const shares = window.tf2docs.network.softmax(scores.map((score) => score / temperature));
    const found = shares.findIndex((share) => (rest -= share) < 0);
    return found < 0 ? shares.length - 1 : found; // what rounding left
  }

  // What the reader sees.

  function build(writers) {
    const box = document.createElement("div");
    box.className = "tf2-alive tf2-verse";
    box.setAttribute("aria-label", words.title);
    box.innerHTML = `
      <label class="tf2-verse__model">${words.model} <select></select></label>
      <label>${words.beginning} <textarea rows="2" maxlength="${LONGEST}" spellcheck="false" autocapitalize="off"></textarea></label>
      <label>${words.temperature} <span class="tf2-verse__value"></span>
        <input type="range" min="0" max="1.5" step="0.1" value="0.7"></label>
      <p class="tf2-digit__buttons"><button type="button">${words.go}</button> <button type="button">${words.anew}</button></p>
      <p class="tf2-verse__status" role="status"></p>
      <p class="tf2-verse__text" role="region" aria-label="${words.text}"><span></span><span class="tf2-verse__written"></span></p>`;
    const [select, beginning, value, slider, status] = ["select", "textarea", ".tf2-verse__value", "input", "[role=status]"].map((name) => box.querySelector(name));
    const [go, anew] = box.querySelectorAll("button");
    const [begun, written] = box.querySelectorAll(".tf2-verse__text span");
    select.append(...writers.map(({ name }) => new Option(name)));
    select.parentElement.hidden = writers.length === 1;
    return { box, select, beginning, value, slider, status, go, anew, begun, written };
  }

  function start(parts, writers) {
    const { select, beginning, value, slider, status, go, anew, begun, written } = parts;
    let writer;
    let pen = null; // { state, scores, count }: where the model is in the text, once it has read the beginning
    let timer = 0;
    let example = "";

    const unknown = () => [...new Set(beginning.value)].filter((letter) => !writer.knows(letter));
    const saysUnknown = () => (unknown().length ? words.unknown(unknown(), writer.blank) : "");

    function stop() {
      clearTimeout(timer);
      timer = 0;
      go.textContent = words.go;
    }
    function clear() {
      stop();
      pen = null;
      begun.textContent = written.textContent = "";
      status.textContent = saysUnknown();
    }
    function rest() {
      stop();
      status.textContent = words.wrote(pen.count) + saysUnknown();
    }
    /** Write a character more. */
    function write() {
      const letter = writer.characters[choose(pen.scores, slider.valueAsNumber)];
      written.append(letter);
      pen.scores = writer.scores(letter, pen.state);
      pen.count++;
    }
    function goOn() {
      if (![...beginning.value].some(writer.knows)) {
        status.textContent = words.empty;
        return;
      }
      if (!pen) {
        const state = new Map();
        pen = { state, scores: writer.scores(beginning.value, state), count: 0 };
        begun.textContent = beginning.value;
      }
      const end = pen.count + AT_ONCE;
      if (isStill.matches) {
        while (pen.count < end) write();
        rest();
        return;
      }
      const next = () => {
        write();
        if (pen.count < end) timer = setTimeout(next, PAUSE);
        else rest();
      };
      go.textContent = words.stop;
      status.textContent = words.writing + saysUnknown();
      timer = setTimeout(next, 0);
    }
    /** Take a model, with an example of a beginning where the reader hasn't written one. */
    function take(chosen) {
      writer = chosen;
      if (beginning.value === example) {
        example = BEGINNINGS.find((text) => [...text].every(writer.knows)) ?? "";
        beginning.value = example;
      }
      beginning.lang = begun.parentElement.lang = writer.lang;
      clear();
    }
    function showTemperature() {
      value.textContent = slider.valueAsNumber.toFixed(1);
      slider.setAttribute("aria-valuetext", value.textContent);
    }
    go.addEventListener("click", () => (timer ? rest() : goOn()));
    anew.addEventListener("click", () => {
      clear();
      beginning.focus();
    });
    beginning.addEventListener("input", clear);
    select.addEventListener("change", () => take(writers[select.selectedIndex]));
    slider.addEventListener("input", showTemperature);
    showTemperature();
    select.selectedIndex = Math.max(writers.findIndex(({ lang }) => lang === pageLanguage), 0);
    take(writers[select.selectedIndex]);
  }

  function verse(files) {
    const writers = files.map(writer);
    const parts = build(writers);
    parts.box.writers = writers; // for those who would rather try it from the console
    parts.box.choose = choose;
    start(parts, writers);
    return parts.box;
  }

  window.tf2docs.alive.verse = verse;
})();
