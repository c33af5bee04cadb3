// Scripts that are run when the reader turns to what they do. A script, not fetch: a page opened from a folder may load
// one but not fetch a file.
(() => {
  "use strict";

  /** Run a script, and give what it says by an event of this name, if it says something. */
  async function run(address, event) {
    let said;
    const hear = ({ detail }) => (said = detail);
    if (event) addEventListener(event, hear);
    try {
      await new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = address;
        script.onload = resolve;
        script.onerror = reject;
        document.head.append(script);
      });
    } finally {
      if (event) removeEventListener(event, hear);
    }
    return said;
  }

  window.tf2docs.run = run;
})();
