// Commands that install the package name the site they stand on, also where it was copied to another address.
(() => {
  "use strict";
  if (!location.protocol.startsWith("http")) return;
  for (const code of document.querySelectorAll("code[data-wheel]")) {
    const here = new URL(code.dataset.wheel, location.href).href;
    const named = (_, extra = "") => `"${code.dataset.package}${extra} @ ${here}"`;
    // "tf2docs[cpu] @ https://…whl" as well as "./….whl[cpu]"
    code.textContent = code.textContent
      .replace(/"[^"[]*(\[[^\]"]*\])? @ [^"]*\.whl"/g, named)
      .replace(/"\.\/[^"[]*\.whl(\[[^\]"]*\])?"/g, named);
  }
})();
