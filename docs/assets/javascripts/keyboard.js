// The list of keyboard shortcuts, by `?`. Search, next and previous page are Material's, the others stand in
// `language.js` and `side-by-side.js`.
(() => {
  "use strict";
  const WORDS = {
    zh: {
      title: "键盘快捷键",
      close: "关闭",
      keys: [["/", "搜索"], ["N", "下一页"], ["P", "上一页"], ["L", "切换语言"], ["B", "对照另一种语言"], ["?", "显示这张表"]],
    },
    en: {
      title: "Keyboard shortcuts",
      close: "Close",
      keys: [["/", "Search"], ["N", "Next page"], ["P", "Previous page"], ["L", "The other language"], ["B", "Both languages side by side"], ["?", "Show this list"]],
    },
  };
  const language = document.documentElement.lang.slice(0, 2);
  const words = WORDS[language];
  if (!words) return;

  function help() {
    const dialog = document.createElement("dialog");
    dialog.className = "tf2-keys md-typeset";
    dialog.setAttribute("aria-label", words.title);
    const rows = words.keys.map(([key, what]) => `<tr><td><kbd>${key}</kbd></td><td>${what}</td></tr>`).join("");
    dialog.innerHTML = `<h2>${words.title}</h2><table>${rows}</table><form method="dialog"><button class="md-button">${words.close}</button></form>`;
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }

  addEventListener("keydown", (event) => {
    const busy = event.target.closest?.("input, textarea, select, dialog, [contenteditable]");
    if (busy || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "?") help();
  });
})();
