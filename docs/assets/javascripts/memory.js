// What this browser remembers for the scripts after this one. It may refuse to, as in a private window: then until the
// page is left.
(() => {
  "use strict";
  const here = new Map();

  function read(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return here.get(key) ?? null;
    }
  }

  function write(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      here.set(key, value);
    }
  }

  window.tf2docs = { memory: { read, write } };
})();
