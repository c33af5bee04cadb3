// Networks that run in the page: a button in place of a paragraph, which loads the page's own model and what shows it.
//
// Markdown:  a paragraph with a link to each file of weights that a block of the page kept, [its name](….network), and
//            below it  { .tf2-alive data-shows="feature-maps" }  or another of the names of WIDGETS. { .tf2-digit } is
//            short for the drawing pad; with .tf2-digit--inviting, too, a picture of the pad stands there first.
//
// Without this script the paragraph stays. A click loads the scripts, and the weights as the script `….network.js`
// beside them, since a page opened from a folder may load a script but not fetch a file.
(() => {
  "use strict";
  const WIDGETS = {
    digit: ["network.js", "digit-pad.js"],
    "feature-maps": ["network.js", "digit-pad.js", "feature-maps.js"],
    "near-words": ["network.js", "near-words.js"],
    verse: ["network.js", "verse.js"],
  };
  const WORDS = {
    zh: {
      open: { digit: "打开画板", "feature-maps": "打开画板", "near-words": "找相近的词", verse: "让模型接着写" },
      invite: "自己写一个数字",
      loading: "正在加载……",
      failed: {
        digit: "读不到画板或模型的权重，请再试一次",
        "feature-maps": "读不到画板或模型的权重，请再试一次",
        "near-words": "读不到词向量，请再试一次",
        verse: "读不到模型，请再试一次",
      },
    },
    en: {
      open: { digit: "Open the drawing pad", "feature-maps": "Open the drawing pad", "near-words": "Find near words", verse: "Let the model write" },
      invite: "Draw a digit of your own",
      loading: "Loading …",
      failed: {
        digit: "The pad or the model's weights can't be read; try again",
        "feature-maps": "The pad or the model's weights can't be read; try again",
        "near-words": "The vectors can't be read; try again",
        verse: "The model can't be read; try again",
      },
    },
  };
  const words = WORDS[document.documentElement.lang.slice(0, 2)] ?? WORDS.en;
  const here = document.currentScript.src;
  const { run } = window.tf2docs;
  window.tf2docs.alive = {}; // each widget puts itself here: a function that makes a labelled element of the files

  const PICTURE = `<svg class="tf2-digit__pad" viewBox="0 0 280 280" aria-hidden="true">
    <path d="M88 78C98 50 128 36 154 42C182 48 190 78 176 102C166 120 146 128 122 132C158 132 190 148 190 184C190 218 158 240 124 236C102 233 88 222 82 206"/></svg>`;

  const decoded = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

  /** What is in a file, and what its link calls it. */
  async function load({ name, address }) {
    return { name, bytes: decoded(await run(`${address}.js`, "tf2docs:file")) };
  }

  async function open(paragraph, shows, links) {
    const [button, status] = ["button", "[role=status]"].map((name) => paragraph.querySelector(name));
    button.disabled = true;
    status.textContent = words.loading;
    try {
      for (const script of WIDGETS[shows]) await run(new URL(script, here));
      const files = [];
      for (const link of links) files.push(await load(link)); // one by one, since each says no more than what is in it
      const box = window.tf2docs.alive[shows](files);
      box.tabIndex = -1;
      box.setAttribute("role", "group");
      paragraph.replaceWith(box);
      box.focus({ preventScroll: true });
    } catch {
      button.disabled = false;
      status.textContent = words.failed[shows];
    }
  }

  for (const paragraph of document.querySelectorAll("p.tf2-alive, p.tf2-digit")) {
    const shows = paragraph.dataset.shows ?? "digit";
    const links = [...paragraph.querySelectorAll('a[href*="assets/files/"]')].map((link) => ({ name: link.textContent, address: link.href }));
    if (!(shows in WIDGETS) || !links.length) continue;
    const inviting = paragraph.classList.contains("tf2-digit--inviting");
    paragraph.innerHTML = `${inviting ? PICTURE : ""}<button type="button" class="md-button md-button--primary">${
      inviting ? words.invite : words.open[shows]
    }</button> <span role="status"></span>`;
    const button = paragraph.querySelector("button");
    button.addEventListener("click", () => open(paragraph, shows, links));
    paragraph.querySelector("svg")?.addEventListener("click", () => button.click());
  }
})();
