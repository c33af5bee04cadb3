// Material hands its search the index with every page. Ours, search.js, loads it itself, once it hears that the
// reader turns to the search: by a click, a key, or an address with `?q=`. All of them put the cursor into the field.
window.Worker = class extends window.Worker {
  constructor(address) {
    super(address);
    const { base } = JSON.parse(document.getElementById("__config").textContent);
    const index = new URL(`${base}/search/index.js`, location).href;
    const look = () => {
      if (document.activeElement?.matches(".md-search__input")) this.postMessage({ type: 4, data: index });
    };
    document.addEventListener("focusin", look);
    look();
  }
};

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
