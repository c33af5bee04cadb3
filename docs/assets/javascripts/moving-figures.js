// Figures that answer: a slider below a picture, and the picture drawn anew for where it stands.
//
// Markdown:  a paragraph with the picture that a block drew, and below it  { .tf2-moving data-figure="bowl" }
//
// The picture stays for paper, and where this script doesn't run. Numbers that a figure starts from are read off the
// output above it, so they are the ones of the page's record.
(() => {
  "use strict";
  const WORDS = {
    zh: {
      rate: "学习率",
      temperature: "温度 T",
      weight: "权重",
      loss: "损失",
      digit: "数字",
      share: "概率",
      descent: (weight, loss) => `走 15 步之后：权重 ${weight}，损失 ${loss}`,
      bowl: (W, b, loss) => `第 10 轮开始时：W = ${W}，b = ${b}，损失 ${loss}`,
      softmax: (least, most, digit) => `概率从 ${least} 到 ${most}，最大的是数字 ${digit}`,
    },
    en: {
      rate: "Learning rate",
      temperature: "Temperature T",
      weight: "weight",
      loss: "loss",
      digit: "digit",
      share: "probability",
      descent: (weight, loss) => `After 15 steps: weight ${weight}, loss ${loss}`,
      bowl: (W, b, loss) => `At the start of epoch 10: W = ${W}, b = ${b}, loss ${loss}`,
      softmax: (least, most, digit) => `Probabilities from ${least} to ${most}, that of ${digit} the largest`,
    },
  };
  const words = WORDS[document.documentElement.lang.slice(0, 2)] ?? WORDS.en;
  const range = (count) => Array.from({ length: count }, (_, index) => index);
  const short = (number) => number.toFixed(2);

  // Each figure: the slider's name, ends, step and start; what it reads off the output above; the view, as the numbers
  // at its edges and what its axes are called; and what it shows at a value of the slider, as lines, dots, bars, words.

  const rate = { name: words.rate, least: 0.01, most: 1.1, step: 0.01, start: 0.1, show: short };

  const descent = {
    slider: rate,
    read: () => ({}),
    view: () => ({ x: [-4.6, 6.6], y: [-1, 32], names: [words.weight, words.loss], wide: true }),
    at(learningRate) {
      const loss = (weight) => (weight - 1) ** 2;
      const weights = [-4];
      for (const _ of range(15)) weights.push(weights.at(-1) - learningRate * 2 * (weights.at(-1) - 1));
      return {
        lines: [range(57).map((index) => index / 5 - 4.6).map((weight) => [weight, loss(weight)])],
        path: weights.map((weight) => [weight, loss(weight)]),
        says: words.descent(short(weights.at(-1)), short(loss(weights.at(-1)))),
      };
    },
  };

  const bowl = {
    slider: rate,
    read(output) {
      const found = [...(output.match(/^means .*/m)?.[0] ?? "").matchAll(/(\w+) (-?[\d.]+)/g)];
      return found.length === 5 && Object.fromEntries(found.map(([, name, mean]) => [name, Number(mean)]));
    },
    view: () => ({ x: [0.5, 5.5], y: [-0.5, 4.5], names: ["W", "b"] }),
    at(learningRate, { x, y, xx, xy, yy }) {
      const loss = ([W, b]) => W * W * xx + 2 * W * b * x + b * b - 2 * W * xy - 2 * b * y + yy;
      const gradient = ([W, b]) => [2 * (W * xx + b * x - xy), 2 * (W * x + b - y)];
      const path = [[5, 0]];
      for (const _ of range(9)) {
        const slope = gradient(path.at(-1));
        path.push(path.at(-1).map((value, axis) => value - learningRate * slope[axis]));
      }
      // Points of equal loss: circles, stretched by what the loss makes of W and b.
      const spread = xx - x * x;
      const best = [(xy - x * y) / spread, (y * xx - x * xy) / spread];
      const ring = (radius) => range(73).map((index) => {
        const angle = (index * Math.PI) / 36;
        const across = (radius * Math.cos(angle)) / Math.sqrt(spread);
        return [best[0] + across, best[1] + radius * Math.sin(angle) - x * across];
      });
      return {
        lines: range(9).map((index) => ring(0.4 * (index + 1))),
        path,
        says: words.bowl(...path.at(-1).map(short), short(loss(path.at(-1)))),
      };
    },
  };

  const softmax = {
    slider: {
      name: words.temperature, least: -1, most: 1, step: 0.05, start: 0,
      show: (power) => (10 ** power).toPrecision(2), // equal steps multiply
    },
    read(output) {
      const scores = (output.match(/^scores (.*)/m)?.[1] ?? "").trim().split(/\s+/).map(Number);
      return scores.length === 10 && scores.every(Number.isFinite) && { scores };
    },
    view(data) {
      const top = Math.max(...this.at(this.slider.least, data).bars);
      return { x: [-0.7, 9.7], y: [0, 1.05 * top], names: [words.digit, words.share], wide: true };
    },
    at(power, { scores }) {
      const powers = scores.map((score) => Math.exp((score - Math.max(...scores)) / 10 ** power));
      const sum = powers.reduce((a, b) => a + b);
      const bars = powers.map((each) => each / sum);
      const most = Math.max(...bars);
      const says = words.softmax(Math.min(...bars).toFixed(3), most.toFixed(3), bars.indexOf(most));
      return { bars, says };
    },
  };

  // Drawing: the view takes the middle of the picture, its axes what is left.

  const LEFT = 44;
  const BELOW = 40;
  const HEIGHT = { wide: 220, square: 320 };
  const WIDTH = { wide: 440, square: 320 };

  function element(name, attributes, text = "") {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.textContent = text;
    return made;
  }

  /** The picture with its axes, and what draws into it. */
  function canvas({ x, y, names, wide }) {
    const form = wide ? "wide" : "square";
    const [width, height] = [WIDTH[form], HEIGHT[form]];
    const across = (value) => ((value - x[0]) / (x[1] - x[0])) * width;
    const down = (value) => ((y[1] - value) / (y[1] - y[0])) * height;
    const picture = element("svg", { viewBox: `0 0 ${LEFT + width + 8} ${height + BELOW + 8}`, "aria-hidden": "true" });
    const plot = element("svg", { x: LEFT, y: 8, width, height }); // cuts off what leaves it
    picture.append(plot, element("rect", { x: LEFT, y: 8, width, height, class: "tf2-moving__frame" }));
    for (const value of ticks(x)) {
      picture.append(element("text", { x: LEFT + across(value), y: height + 24, "text-anchor": "middle" }, value));
    }
    for (const value of ticks(y)) {
      picture.append(element("text", { x: LEFT - 6, y: 8 + down(value) + 4, "text-anchor": "end" }, value));
    }
    picture.append(
      element("text", { x: LEFT + width / 2, y: height + BELOW + 4, "text-anchor": "middle" }, names[0]),
      element("text", { x: 12, y: 8 + height / 2, "text-anchor": "middle", transform: `rotate(-90 12 ${8 + height / 2})` }, names[1]),
    );
    return { picture, plot, place: ([a, b]) => [across(a), down(b)] };
  }

  /** About six round numbers between two. */
  function ticks([least, most]) {
    const rough = (most - least) / 6;
    const unit = 10 ** Math.floor(Math.log10(rough));
    const step = unit * [1, 2, 5, 10].find((each) => each * unit >= rough);
    const first = Math.ceil(least / step);
    return range(Math.floor(most / step) - first + 1).map((index) => Number(((first + index) * step).toPrecision(6)));
  }

  function draw({ plot, place }, { lines = [], path = [], bars = [] }) {
    // Far outside, a drawing's numbers mean nothing to a browser.
    const near = (point) => place(point).map((value) => Math.min(Math.max(value, -1e4), 1e4).toFixed(1));
    const line = (points, name) => element("polyline", { points: points.map(near).join(" "), class: `tf2-moving__${name}` });
    const shapes = lines.map((points) => line(points, "line"));
    if (path.length) shapes.push(line(path, "path"));
    path.forEach((point, index) => {
      const [cx, cy] = near(point);
      const last = index === path.length - 1;
      shapes.push(element("circle", { cx, cy, r: last ? 6 : 4, class: last ? "tf2-moving__end" : "tf2-moving__dot" }));
    });
    bars.forEach((share, index) => {
      const [[left, top], [right, bottom]] = [place([index - 0.4, share]), place([index + 0.4, 0])];
      const best = share === Math.max(...bars) ? " tf2-moving__bar--best" : "";
      shapes.push(element("rect", { x: left, y: top, width: right - left, height: bottom - top, class: `tf2-moving__bar${best}` }));
    });
    plot.replaceChildren(...shapes);
  }

  /** Put a figure that moves in the place of a paragraph with a picture. */
  function start(paragraph, figure, data) {
    const { slider } = figure;
    const box = document.createElement("figure");
    box.className = "tf2-moving";
    box.dataset.figure = paragraph.dataset.figure;
    box.innerHTML = `<label>${slider.name} <output></output>
      <input type="range" min="${slider.least}" max="${slider.most}" step="${slider.step}" value="${slider.start}"></label>
      <p role="status"></p>`;
    const [value, input, says] = ["output", "input", "p"].map((name) => box.querySelector(name));
    const drawing = canvas(figure.view(data));
    const update = () => {
      const shown = figure.at(input.valueAsNumber, data);
      draw(drawing, shown);
      value.textContent = slider.show(input.valueAsNumber);
      input.setAttribute("aria-valuetext", value.textContent);
      says.textContent = shown.says;
    };
    box.prepend(paragraph.querySelector("img"), drawing.picture);
    input.addEventListener("input", update);
    update();
    paragraph.replaceWith(box);
  }

  function outputAbove(paragraph) {
    let place = paragraph.previousElementSibling;
    while (place && !place.matches(".tf2-output")) place = place.previousElementSibling;
    return place?.textContent ?? "";
  }

  const FIGURES = { descent, bowl, softmax };
  for (const paragraph of document.querySelectorAll("p.tf2-moving")) {
    const figure = FIGURES[paragraph.dataset.figure];
    const data = figure?.read(outputAbove(paragraph));
    if (data) start(paragraph, figure, data);
  }
})();
