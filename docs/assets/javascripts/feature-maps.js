// Below the drawing pad, what each layer of a convolutional network makes of the drawing. `alive.js` loads this.
(() => {
  "use strict";
  const WORDS = {
    zh: {
      title: "每一层的输出",
      note: "白色是这一层最大的值，黑色是 0；有负数的层，0 是灰色，负数更暗。",
      maps: (count, height, width) => `${count} 张 ${height}×${width} 的特征图`,
      units: (count) => `${count} 个数`,
      strongest: (number) => `，平均响应最强的是第 ${number} 张`,
      highest: (number) => `，最大的是第 ${number} 个`,
      scores: "十个数字的得分",
      best: (digit) => `，最高的是 ${digit}`,
    },
    en: {
      title: "What each layer gives",
      note: "White is a layer's largest value and black is 0; where a layer has negative values, 0 is grey and they are darker.",
      maps: (count, height, width) => (count === 1 ? `1 feature map of ${height}×${width}` : `${count} feature maps of ${height}×${width}`),
      units: (count) => (count === 1 ? "1 number" : `${count} numbers`),
      strongest: (number) => `; on average, map ${number} responds most strongly`,
      highest: (number) => `; the largest is number ${number}`,
      scores: "the scores of the ten digits",
      best: (digit) => `; the highest is that of ${digit}`,
    },
  };
  const words = WORDS[document.documentElement.lang.slice(0, 2)] ?? WORDS.en;
  const UNSHOWN = new Set(["Flatten", "Rescaling", "Reshape"]); // they show nothing that their neighbours don't
  const sizeOf = (values) => values.reduce((sum, value) => sum + Math.abs(value), 0);
  const placeOfMost = (numbers) => numbers.indexOf(numbers.reduce((most, number) => Math.max(most, number), -Infinity));

  /** A layer's output as pictures, one for each channel; numbers without height and width are one row. */
  function picturesOf({ shape, values }) {
    const [height, width, channels] = shape.length === 3 ? shape : [1, shape.at(-1), 1];
    const pixels = (channel) => Array.from({ length: height * width }, (_, pixel) => values[pixel * channels + channel]);
    return { height, width, pictures: Array.from({ length: channels }, (_, channel) => pixels(channel)) };
  }

  function paint(canvas, picture, most, hasNegative) {
    const shades = new ImageData(canvas.width, canvas.height);
    picture.forEach((value, pixel) => {
      const share = most ? value / most : 0;
      const shade = hasNegative ? 127.5 + 127.5 * share : 255 * share;
      shades.data.set([shade, shade, shade, 255], 4 * pixel);
    });
    canvas.getContext("2d").putImageData(shades, 0, 0);
  }

  /** A row for a layer, and what shows an output in it. */
  function row({ name }, output, isLast) {
    const isImage = output.shape.length === 3;
    const { height, width, pictures } = picturesOf(output);
    const figure = document.createElement("figure");
    figure.innerHTML = `<figcaption><code></code> <span></span></figcaption><div></div>`;
    figure.querySelector("code").textContent = name;
    const canvases = pictures.map(() => Object.assign(document.createElement("canvas"), { width, height }));
    for (const canvas of canvases) {
      canvas.setAttribute("aria-hidden", "true"); // the caption says what can be said of it
      canvas.style.setProperty("--width", width);
    }
    const stage = figure.querySelector("div");
    stage.append(...canvases);
    stage.classList.toggle("tf2-maps__row", !isImage);
    const what = isImage ? words.maps(pictures.length, height, width) : isLast ? words.scores : words.units(width);
    const says = (place) => (isLast ? words.best(place) : (isImage ? words.strongest : words.highest)(place + 1));
    const show = (output) => {
      const { pictures } = picturesOf(output ?? { shape: isImage ? [height, width, canvases.length] : [width], values: [] });
      const most = output ? output.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) : 0;
      const hasNegative = Boolean(output?.values.some((value) => value < 0));
      pictures.forEach((picture, channel) => paint(canvases[channel], picture, most, hasNegative));
      const best = isImage ? placeOfMost(pictures.map(sizeOf)) : placeOfMost(pictures[0]);
      figure.querySelector("span").textContent = what + (output && most ? says(best) : "");
    };
    return { figure, show };
  }

  function featureMaps([{ bytes }]) {
    const { read, softmax } = window.tf2docs.network;
    const network = read(bytes);
    const isRaw = network.layers[0].class === "Rescaling"; // then it takes pixels from 0 to 255
    const run = (image) => network.run(isRaw ? image.map((ink) => 255 * ink) : image);
    const isShare = network.layers.at(-1).activation === "softmax";
    const blank = run(new Float32Array(28 * 28));
    const rows = network.layers.map((layer, index) => (UNSHOWN.has(layer.class) ? null : row(layer, blank[index], index === blank.length - 1)));

    let outputs = null; // of the drawing that was classified last
    const classify = (image) => {
      outputs = run(image);
      const scores = outputs.at(-1).values;
      return Array.from(isShare ? scores : softmax(scores));
    };
    const box = window.tf2docs.pad(classify, (image) => rows.forEach((row, index) => row?.show(image && outputs[index])));
    const below = document.createElement("div");
    below.className = "tf2-maps";
    below.setAttribute("role", "group");
    below.setAttribute("aria-label", words.title);
    below.append(Object.assign(document.createElement("p"), { textContent: words.note }));
    below.append(...rows.filter(Boolean).map(({ figure }) => figure));
    box.append(below);
    box.run = run; // as classify, for the console
    return box;
  }

  window.tf2docs.alive["feature-maps"] = featureMaps;
})();
