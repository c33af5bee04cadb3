// A button in place of a paragraph, which opens a drawing pad for the model that the page trained.
//
// Markdown:  a paragraph with a link to the weights, [weights](….f32), and below it  { .tf2-digit }
//
// Without this script the paragraph stays. A click loads the weights as the script `….f32.js` beside them, since a
// page opened from a folder may load a script but not fetch a file, and then the pad, `digit-pad.js`.
(() => {
  const WORDS = {
    zh: { open: "打开画板", failed: "读不到画板或模型的权重，请再试一次" },
    en: { open: "Open the drawing pad", failed: "The pad or the model's weights can't be read; try again" },
  };
  const words = WORDS[document.documentElement.lang.slice(0, 2)] ?? WORDS.en;
  const pad = new URL("digit-pad.js", document.currentScript.src).href;

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
    const [button, status] = paragraph.children;
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
    const address = paragraph.querySelector("a[href]").href;
    paragraph.innerHTML = `<button type="button" class="md-button md-button--primary">${words.open}</button> <span role="status"></span>`;
    paragraph.firstChild.addEventListener("click", () => open(paragraph, address));
  }
})();
