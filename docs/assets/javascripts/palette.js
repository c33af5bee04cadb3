// The colours that the reader chooses by the button in the header: the system's, light or dark.
// Material's own script would work out the style of the whole page anew four times while it loads.
(() => {
  "use strict";
  const SYSTEM = "(prefers-color-scheme)";
  const PARTS = ["mdColorScheme", "mdColorPrimary", "mdColorAccent"];
  const inputs = [...document.querySelectorAll("input[name=__palette]")];
  const { memory } = window.tf2docs;
  const light = matchMedia("(prefers-color-scheme: light)");
  if (!inputs.length) return;

  const KEY = `${__md_scope.pathname}.__palette`; // as the theme reads it, before the page is drawn
  const of = (media) => inputs.find(({ dataset }) => dataset.mdColorMedia === media);

  function chosen() {
    const index = JSON.parse(memory.read(KEY))?.index ?? 0;
    return inputs[index] ?? inputs[0];
  }

  /** What the page looks like by a choice; that of the system is another's. */
  function coloursBy(input) {
    const media = light.matches ? "(prefers-color-scheme: light)" : "(prefers-color-scheme: dark)";
    return input.dataset.mdColorMedia === SYSTEM ? (of(media) ?? input) : input;
  }

  function show(input) {
    const { body } = document;
    const { dataset } = coloursBy(input);
    if (PARTS.some((part) => body.dataset[part] !== dataset[part])) {
      body.dataset.mdColorSwitching = ""; // at once, without transitions
      for (const part of PARTS) body.dataset[part] = dataset[part];
      requestAnimationFrame(() => setTimeout(() => delete body.dataset.mdColorSwitching));
    }
    for (const each of inputs) each.nextElementSibling.hidden = each !== input;
    const [scheme, primary, accent] = PARTS.map((part) => dataset[part]);
    document.documentElement.style.colorScheme = scheme === "slate" ? "dark" : ""; // its scroll bars, too
    const color = { media: input.dataset.mdColorMedia, scheme, primary, accent };
    memory.write(KEY, JSON.stringify({ index: inputs.indexOf(input), color }));
  }

  for (const input of inputs) input.addEventListener("change", () => show(input));
  inputs[0].form.addEventListener("keydown", ({ key }) => {
    if (key !== "Enter") return;
    const next = inputs[(inputs.indexOf(chosen()) + 1) % inputs.length];
    next.click();
    next.focus();
  });
  light.addEventListener("change", () => show(chosen()));
  show(chosen());
})();
