// Material starts its search with every page and hands it the index. Ours, search.js, isn't loaded until the reader turns
// to the search: by a click, a key, or an address with `?q=`. All of them put the cursor into the field.
{
  const Started = window.Worker;
  window.Worker = class extends EventTarget {
    #worker;
    #waiting = [];

    constructor(address) {
      super();
      const look = () => {
        if (!this.#worker && document.activeElement?.matches(".md-search__input")) this.#start(address);
      };
      document.addEventListener("focusin", look);
      look();
    }

    postMessage(message) {
      if (this.#worker) this.#worker.postMessage(message);
      else this.#waiting.push(message);
    }

    #start(address) {
      const { base } = JSON.parse(document.getElementById("__config").textContent);
      const index = new URL(`${base}/search/index.js`, location).href;
      this.#worker = new Started(address);
      this.#worker.addEventListener("message", ({ data }) => this.dispatchEvent(new MessageEvent("message", { data })));
      for (const message of [...this.#waiting, { type: 4, data: index }]) this.#worker.postMessage(message);
    }
  };
}

// On a page with a table to filter, `?q=` is for the table's field: close the search that Material opens for it.
addEventListener("load", () => {
  const { href, search } = location;
  const opened = document.getElementById("__search");
  if (!search || !opened?.checked || !document.querySelector(".tf2-filter")) return;
  opened.click();
  document.querySelector(".md-search__input").value = "";
  document.querySelector(".tf2-filter textarea, .tf2-filter input").focus();
  history.replaceState(history.state, "", href);
});
