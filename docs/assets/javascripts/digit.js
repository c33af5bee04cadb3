// A button in place of a paragraph, which opens a drawing pad for the model that the page trained.
//
// Markdown:  a paragraph with a link to the weights, [weights](….f32), and below it  { .tf2-digit }
//            The link may have others before it. With .tf2-digit--inviting, too, a picture of the pad stands there first.
//
// Without this script the paragraph stays. A click loads the weights as the script `….f32.js` beside them, since a
// page opened from a folder may load a script but not fetch a file, and then the pad, `digit-pad.js`.
(() => {
  const WORDS = {
    zh: { open: "打开画板", invite: "自己写一个数字", failed: "读不到画板或模型的权重，请再试一次" },
    en: { open: "Open the drawing pad", invite: "Draw a digit of your own", failed: "The pad or the model's weights can't be read; try again" },
  };
  const words = WORDS[document.documentElement.lang.slice(0, 2)] ?? WORDS.en;
  const pad = new URL("digit-pad.js", document.currentScript.src).href;

  const PICTURE = `<svg class="tf2-digit__pad" viewBox="0 0 280 280" aria-hidden="true">
    <path d="M88 78C98 50 128 36 154 42C182 48 190 78 176 102C166 120 146 128 122 132C158 132 190 148 190 184C190 218 158 240 124 236C102 233 88 222 82 206"/></svg>`;

  function run(address) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = () => reject(new Error(words.failed));
      document.head.append(script);
    });
  }

  async function open(paragraph, address) {
    const [button, status] = ["button", "[role=status]"].map((name) => paragraph.querySelector(name));
    let weights;
    addEventListener("tf2docs:file", (event) => (weights = event.detail), { once: true });
    button.disabled = true;
    try {
      await run(`${address}.js`);
      await run(pad);
      dispatchEvent(new CustomEvent("tf2docs:digit", { detail: { paragraph, weights } }));
    } catch (error) {
      button.disabled = false;
      status.textContent = error.message;
    }
  }

  for (const paragraph of document.querySelectorAll("p.tf2-digit")) {
    const address = paragraph.querySelector('a[href$=".f32"]').href;
    const inviting = paragraph.classList.contains("tf2-digit--inviting");
    paragraph.innerHTML = `${inviting ? PICTURE : ""}<button type="button" class="md-button md-button--primary">${
      inviting ? words.invite : words.open
    }</button> <span role="status"></span>`;
    paragraph.querySelector("button").addEventListener("click", () => open(paragraph, address));
    paragraph.querySelector("svg")?.addEventListener("click", () => paragraph.querySelector("button").click());
  }
})();
