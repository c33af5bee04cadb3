// A drawing pad: says, in the browser, which digit its reader has drawn. `alive.js` loads this once it is asked for.
(() => {
  "use strict";
  const WORDS = {
    zh: {
      title: "写一个数字",
      pad: "画板：用鼠标、手指或触控笔写一个数字；用键盘时，方向键移动笔，空格键落笔和抬笔",
      hint: "在方框里写一个 0 到 9 的数字。用键盘也行：方向键移动笔，空格键落笔和抬笔。",
      down: "笔已落下",
      up: "笔已抬起",
      then: "。",
      clear: "清除",
      example: "看个例子",
      seen: "模型看到的",
      bars: "十个数字的概率",
      answer: (digit, share) => `模型的答案是 ${digit}，概率 ${share}`,
    },
    en: {
      title: "Draw a digit",
      pad: "Drawing pad: write a digit with the mouse, a finger or a pen; on the keyboard, arrow keys move a pen, the space bar puts it down and lifts it",
      hint: "Write a digit from 0 to 9 in the box. By keyboard, arrow keys move a pen, and the space bar puts it down and lifts it.",
      down: "The pen is down",
      up: "The pen is up",
      then: ". ",
      clear: "Clear",
      example: "Show an example",
      seen: "What the model sees",
      bars: "Probabilities of the ten digits",
      answer: (digit, share) => `The model's answer is ${digit}, with a probability of ${share}`,
    },
  };
  const words = WORDS[document.documentElement.lang.slice(0, 2)] ?? WORDS.en;
  const SIDE = 28; // pixels of an image, each way
  const BOX = 20; // of which the digit takes so many at most, as in MNIST
  const PEN = 1.1; // half the width of a stroke in pixels; about as much ink as in MNIST
  const PAD = 280; // units of the pad, each way
  const STEP = 14; // units that an arrow key moves the pen
  const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
  const CLASSES = 10;
  const EXAMPLE = [
    [[88, 78], [108, 48], [148, 40], [182, 62], [180, 98], [150, 124], [122, 132]],
    [[122, 132], [162, 140], [190, 168], [186, 208], [150, 236], [108, 232], [82, 206]],
  ];

  /** What maps an image, 784 numbers from 0 to 1, to ten probabilities: Flatten, Dense with relu, Dense, softmax. */
  function classifier({ bytes }) {
    const { make, softmax } = window.tf2docs.network;
    const weights = new Float32Array(bytes.buffer); // the four arrays end to end, and nothing else
    const pixels = SIDE * SIDE;
    const hidden = (weights.length - CLASSES) / (pixels + 1 + CLASSES);
    const layers = [
      { class: "Dense", activation: "relu", weights: [[pixels, hidden], [hidden]] },
      { class: "Dense", activation: "linear", weights: [[hidden, CLASSES], [CLASSES]] },
    ];
    const network = make({ input: [pixels], layers }, weights);
    return (image) => Array.from(softmax(network.run(image).at(-1).values));
  }

  // From strokes to an image as MNIST's were made: scaled to a box, then moved so that its centre of mass is the middle.

  /** The image of strokes; each is a list of points `[x, y]`. */
  function draw(strokes) {
    const image = rasterize(scaled(strokes).flatMap(toSegments));
    const [x, y] = centreOfMass(image);
    return moved(image, Math.round(SIDE / 2 - x), Math.round(SIDE / 2 - y));
  }

  function scaled(strokes) {
    const [xs, ys] = [0, 1].map((axis) => strokes.flat().map((point) => point[axis]));
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const longest = Math.max(right - left, bottom - top, PAD / 10); // a dot stays one
    const scale = (BOX - 2 * PEN) / longest;
    const place = (value, low, high) => SIDE / 2 + (value - (low + high) / 2) * scale;
    return strokes.map((stroke) => stroke.map(([x, y]) => [place(x, left, right), place(y, top, bottom)]));
  }

  const toSegments = (stroke) => stroke.map((point, index) => [stroke[Math.max(index - 1, 0)], point]);

  /** How much ink is on each pixel: all of it on a stroke, less at its edge. */
  function rasterize(segments) {
    return eachPixel((x, y) => {
      const nearest = segments.reduce((least, segment) => Math.min(least, distance([x, y], segment)), Infinity);
      return Math.min(Math.max(PEN + 0.5 - nearest, 0), 1);
    });
  }

  const moved = (image, right, down) =>
    eachPixel((x, y) => (isInside(x - right) && isInside(y - down) ? image[(y - down) * SIDE + x - right] : 0));

  const isInside = (place) => place >= 0 && place < SIDE;

  const eachPixel = (value) =>
    Float32Array.from({ length: SIDE * SIDE }, (_, index) => value(index % SIDE, Math.floor(index / SIDE)));

  /** How far a point lies from a segment. */
  function distance([x, y], [[x1, y1], [x2, y2]]) {
    const [dx, dy] = [x2 - x1, y2 - y1];
    const along = dx || dy ? ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy) : 0;
    const share = Math.min(Math.max(along, 0), 1);
    return Math.hypot(x - x1 - share * dx, y - y1 - share * dy);
  }

  function centreOfMass(image) {
    let [x, y, mass] = [0, 0, 0];
    image.forEach((ink, index) => {
      x += ink * (index % SIDE);
      y += ink * Math.floor(index / SIDE);
      mass += ink;
    });
    return [x / mass, y / mass];
  }

  // What the reader sees.

  const percent = (share) => `${(100 * share).toFixed(1)}%`;

  /** The pad with all that belongs to it, by role. */
  function build() {
    const box = document.createElement("div");
    box.className = "tf2-digit";
    box.setAttribute("aria-label", words.title);
    const bars = Array.from({ length: CLASSES }, (_, digit) =>
      `<li><span>${digit}</span><span class="tf2-digit__bar"></span><span class="tf2-digit__share"></span></li>`);
    box.innerHTML = `
      <svg class="tf2-digit__pad" viewBox="0 0 ${PAD} ${PAD}" role="application" aria-label="${words.pad}" tabindex="0">
        <path/><circle class="tf2-digit__pen" r="7"/>
      </svg>
      <p class="tf2-digit__buttons">
        <button type="button">${words.clear}</button>
        <button type="button">${words.example}</button>
      </p>
      <div class="tf2-digit__side">
        <ul class="tf2-digit__bars" aria-label="${words.bars}">${bars.join("")}</ul>
        <p class="tf2-digit__seen"><canvas width="${SIDE}" height="${SIDE}" aria-hidden="true"></canvas>${words.seen}</p>
      </div>
      <p class="tf2-digit__answer" role="status" aria-live="polite"></p>`;
    const [clear, example] = box.querySelectorAll("button");
    const find = (name) => box.querySelector(`.tf2-digit__${name}`);
    const [ink, seen] = ["path", "canvas"].map((name) => box.querySelector(name));
    return { box, clear, example, ink, seen, pad: find("pad"), pen: find("pen"), bars: find("bars"), answer: find("answer") };
  }

  function show(parts, image, probabilities) {
    [...parts.bars.children].forEach((bar, digit) => {
      const share = probabilities?.[digit] ?? 0;
      bar.style.setProperty("--share", share);
      bar.classList.toggle("tf2-digit__best", Boolean(probabilities) && share === Math.max(...probabilities));
      bar.lastChild.textContent = probabilities ? percent(share) : "";
    });
    const shades = new ImageData(SIDE, SIDE);
    shades.data.forEach((_, place) => {
      shades.data[place] = place % 4 === 3 ? 255 : 255 * (image?.[place >> 2] ?? 0);
    });
    parts.seen.getContext("2d").putImageData(shades, 0, 0);
  }

  function say(parts, probabilities, before = "") {
    const best = Math.max(...(probabilities ?? []));
    const answer = probabilities ? words.answer(probabilities.indexOf(best), percent(best)) : words.hint;
    parts.answer.textContent = before + answer;
  }

  /** Let the reader draw, and answer; `follow` hears of each new image, or that there is none. */
  function start(parts, classify, follow) {
    let strokes = [];
    let drawing = false;
    const pen = { x: PAD / 2, y: PAD / 5, isDown: false }; // the keyboard's

    function update() {
      parts.ink.setAttribute("d", strokes.map((stroke) => `M${stroke[0]}L${stroke.join("L")}`).join(""));
      const image = strokes.length ? draw(strokes) : null;
      const probabilities = image && classify(image);
      show(parts, image, probabilities);
      follow(image);
      return probabilities;
    }
    function pointOf(event) {
      const place = parts.pad.getBoundingClientRect();
      const inside = (value) => Math.min(Math.max(Math.round(value), 0), PAD);
      return [
        inside(((event.clientX - place.left) * PAD) / place.width),
        inside(((event.clientY - place.top) * PAD) / place.height),
      ];
    }
    parts.pad.addEventListener("pointerdown", (event) => {
      if (!event.isPrimary || event.button) return;
      parts.pad.setPointerCapture(event.pointerId);
      drawing = true;
      strokes.push([pointOf(event)]);
      update();
    });
    parts.pad.addEventListener("pointermove", (event) => {
      if (!drawing || !event.isPrimary) return;
      strokes.at(-1).push(pointOf(event));
      update();
    });
    for (const end of ["pointerup", "pointercancel"]) {
      parts.pad.addEventListener(end, (event) => {
        if (drawing && event.isPrimary) say(parts, update());
        drawing = drawing && !event.isPrimary;
      });
    }
    function showPen() {
      parts.pen.setAttribute("cx", pen.x);
      parts.pen.setAttribute("cy", pen.y);
      parts.pen.classList.toggle("tf2-digit__pen--down", pen.isDown);
    }
    function lift() {
      pen.isDown = false;
      showPen();
    }
    function press() {
      pen.isDown = !pen.isDown;
      showPen();
      const said = pen.isDown ? words.down : words.up;
      if (pen.isDown) strokes.push([[pen.x, pen.y]]);
      const probabilities = update();
      if (pen.isDown) parts.answer.textContent = said;
      else say(parts, probabilities, `${said}${words.then}`);
    }
    function move([right, down]) {
      const inside = (value) => Math.min(Math.max(value, 0), PAD);
      [pen.x, pen.y] = [inside(pen.x + right), inside(pen.y + down)];
      showPen();
      if (!pen.isDown) return;
      strokes.at(-1).push([pen.x, pen.y]);
      update();
    }
    parts.pad.addEventListener("keydown", (event) => {
      const arrow = ARROWS[event.key];
      if ((!arrow && event.key !== " ") || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation(); // nor is it anybody's shortcut
      if (arrow) move(arrow);
      else if (!event.repeat) press();
    });
    parts.pad.addEventListener("blur", lift);
    const become = (drawn) => () => {
      lift();
      say(parts, update((strokes = structuredClone(drawn))));
    };
    parts.clear.addEventListener("click", become([]));
    parts.example.addEventListener("click", become(EXAMPLE));
    become([])();
  }

  /** The pad as an element; `classify` maps an image to ten probabilities. */
  function pad(classify, follow = () => {}) {
    const parts = build();
    parts.box.classify = classify; // for those who would rather try it from the console
    start(parts, classify, follow);
    return parts.box;
  }

  window.tf2docs.pad = pad;
  window.tf2docs.alive.digit = ([file]) => pad(classifier(file));
})();
