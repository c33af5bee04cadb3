// Runs a network in the browser: reads what `tf2docs.browser.write_network` wrote, and computes what Keras computes.
//
//   const network = tf2docs.network.read(bytes);
//   network.run(values);           // what each layer gives, from the first to the last: { shape, values }
//   network.run([index], state);   // the same, and each GRU goes on from where `state`, a Map, says that it is
(() => {
  "use strict";
  const VERSION = 1;
  const sizeOf = (shape) => shape.reduce((product, length) => product * length, 1);

  // Activations work in place; `row` is the length of the last axis, along which softmax adds up to 1.

  const inPlace = (change) => (values) => {
    for (let place = 0; place < values.length; place++) values[place] = change(values[place]);
    return values;
  };
  const ACTIVATIONS = {
    linear: (values) => values,
    relu: inPlace((value) => Math.max(value, 0)),
    tanh: inPlace(Math.tanh),
    sigmoid: inPlace((value) => 1 / (1 + Math.exp(-value))),
    softmax(values, row) {
      for (let start = 0; start < values.length; start += row) values.set(softmax(values.subarray(start, start + row)), start);
      return values;
    },
  };

  function softmax(scores) {
    const top = scores.reduce((most, score) => Math.max(most, score), -Infinity);
    const shares = Float64Array.from(scores, (score) => Math.exp(score - top));
    const sum = shares.reduce((total, share) => total + share, 0);
    return shares.map((share) => share / sum);
  }

  // Layers: each maps an input { shape, values } to an output; of a batch there is none.

  /** Rows of inputs times a matrix, plus the biases if there are any. */
  function affine(inputs, kernel, units, biases) {
    const features = kernel.length / units;
    const sums = new Float64Array((inputs.length / features) * units);
    for (let row = 0; row * features < inputs.length; row++) {
      const out = sums.subarray(row * units, (row + 1) * units);
      if (biases) out.set(biases);
      for (let feature = 0; feature < features; feature++) {
        const input = inputs[row * features + feature];
        if (input === 0) continue; // as most pixels are, and much after relu
        const start = feature * units;
        for (let unit = 0; unit < units; unit++) out[unit] += input * kernel[start + unit];
      }
    }
    return sums;
  }

  /** Where a window stands along an axis: at how many places, and where the first begins. */
  function placesOf(length, window, stride, padding) {
    if (padding === "valid") return [Math.floor((length - window) / stride) + 1, 0];
    const count = Math.ceil(length / stride);
    const missing = Math.max((count - 1) * stride + window - length, 0);
    return [count, -Math.floor(missing / 2)]; // where one is left over, it is at the end
  }

  /** Slide a window over an image: `visit(output, input, within)` is called for each pixel of it that is in the image. */
  function slide([height, width], [tall, wide], { strides: [down, across], padding }, visit) {
    const [rows, top] = placesOf(height, tall, down, padding);
    const [columns, left] = placesOf(width, wide, across, padding);
    for (let output = 0; output < rows * columns; output++) {
      for (let within = 0; within < tall * wide; within++) {
        const y = top + Math.floor(output / columns) * down + Math.floor(within / wide);
        const x = left + (output % columns) * across + (within % wide);
        if (y >= 0 && y < height && x >= 0 && x < width) visit(output, y * width + x, within);
      }
    }
  }

  /** The shape that sliding a window gives. */
  function slidShape([height, width], [tall, wide], { strides: [down, across], padding }, channels) {
    return [placesOf(height, tall, down, padding)[0], placesOf(width, wide, across, padding)[0], channels];
  }

  function convolution({ shape, values }, layer) {
    const [kernel, biases] = layer.weights;
    const [tall, wide, channels, filters] = kernel.shape;
    const result = slidShape(shape, [tall, wide], layer, filters);
    const sums = new Float64Array(sizeOf(result));
    if (biases) for (let start = 0; start < sums.length; start += filters) sums.set(biases.values, start);
    slide(shape, [tall, wide], layer, (output, input, within) => {
      for (let channel = 0; channel < channels; channel++) {
        const value = values[input * channels + channel];
        if (value === 0) continue;
        const start = (within * channels + channel) * filters;
        for (let filter = 0; filter < filters; filter++) sums[output * filters + filter] += value * kernel.values[start + filter];
      }
    });
    return { shape: result, values: ACTIVATIONS[layer.activation](sums, filters) };
  }

  /** Pooling by what `join` makes of the value so far and the next one; `finish` is given how many there were. */
  const pooling = (first, join, finish) => ({ shape, values }, layer) => {
    const channels = shape[2];
    const result = slidShape(shape, layer.pool_size, layer, channels);
    const pooled = new Float64Array(sizeOf(result)).fill(first);
    const counts = new Uint32Array(pooled.length);
    slide(shape, layer.pool_size, layer, (output, input) => {
      for (let channel = 0; channel < channels; channel++) {
        const place = output * channels + channel;
        pooled[place] = join(pooled[place], values[input * channels + channel]);
        counts[place]++;
      }
    });
    return { shape: result, values: pooled.map((value, place) => finish(value, counts[place])) };
  };

  function embedding({ shape, values }, { weights: [{ shape: [count, units], values: vectors }] }) {
    const found = new Float64Array(values.length * units);
    values.forEach((index, place) => {
      if (!(index in vectors) || index >= count) throw new RangeError(`the index ${index} isn't below ${count}`);
      found.set(vectors.subarray(index * units, (index + 1) * units), place * units);
    });
    return { shape: [...shape, units], values: found };
  }

  /** A GRU as Keras has it by default: the reset gate comes after the recurrent matrix, which has biases of its own. */
  function gru({ shape: [steps, features], values }, layer, state) {
    const [kernel, recurrent, biases] = layer.weights;
    const units = recurrent.shape[0];
    const [ofInput, ofState] = [0, 1].map((row) => biases?.values.subarray(row * 3 * units, (row + 1) * 3 * units));
    const gate = ACTIVATIONS[layer.recurrent_activation];
    const activate = ACTIVATIONS[layer.activation];
    const all = new Float64Array(steps * units);
    let hidden = state.get(layer) ?? new Float64Array(units);
    for (let step = 0; step < steps; step++) {
      const x = affine(values.subarray(step * features, (step + 1) * features), kernel.values, 3 * units, ofInput);
      const h = affine(hidden, recurrent.values, 3 * units, ofState);
      const part = (which, sum) => Float64Array.from({ length: units }, (_, unit) => sum(which * units + unit, unit));
      const update = gate(part(0, (place) => x[place] + h[place]), units);
      const reset = gate(part(1, (place) => x[place] + h[place]), units);
      const candidate = activate(part(2, (place, unit) => x[place] + reset[unit] * h[place]), units);
      hidden = hidden.map((value, unit) => update[unit] * value + (1 - update[unit]) * candidate[unit]);
      all.set(hidden, step * units);
    }
    state.set(layer, hidden);
    return layer.return_sequences ? { shape: [steps, units], values: all } : { shape: [units], values: hidden };
  }

  const LAYERS = {
    AveragePooling2D: pooling(0, (sum, value) => sum + value, (sum, count) => sum / count),
    Conv2D: convolution,
    Dense({ shape, values }, { weights: [kernel, biases], activation }) {
      const units = kernel.shape[1];
      const sums = affine(values, kernel.values, units, biases?.values);
      return { shape: [...shape.slice(0, -1), units], values: ACTIVATIONS[activation](sums, units) };
    },
    Embedding: embedding,
    Flatten: ({ values }) => ({ shape: [values.length], values }),
    GRU: gru,
    MaxPooling2D: pooling(-Infinity, Math.max, (most) => most),
    Rescaling: ({ shape, values }, { scale, offset }) => ({ shape, values: values.map((value) => value * scale + offset) }),
    Reshape: ({ values }, { target_shape: shape }) => ({ shape: fitted(shape, values.length), values }),
  };

  /** A shape whose open axis, null or -1, is as long as so many values make it. */
  function fitted(shape, count) {
    const open = (length) => length === null || length === -1;
    const rest = sizeOf(shape.filter((length) => !open(length)));
    const found = shape.map((length) => (open(length) ? count / rest : length));
    if (sizeOf(found) !== count || !found.every(Number.isInteger)) throw new RangeError(`${count} values don't make the shape ${shape}`);
    return found;
  }

  function isKnown({ class: name, activation = "linear", recurrent_activation: gate = "linear" }) {
    return Object.hasOwn(LAYERS, name) && Object.hasOwn(ACTIVATIONS, activation) && Object.hasOwn(ACTIVATIONS, gate);
  }

  /** A network of layers as a header describes them, and of its numbers, which stand end to end. */
  function make({ input, layers, facts = {} }, numbers) {
    let place = 0;
    const take = (shape) => ({ shape, values: numbers.subarray(place, (place += sizeOf(shape))) });
    const made = layers.map((layer) => ({ ...layer, weights: layer.weights.map(take) }));
    const stranger = made.find((layer) => !isKnown(layer));
    if (stranger) throw new TypeError(`the layer ${stranger.name} of the class ${stranger.class} can't be run`);
    if (place !== numbers.length) throw new RangeError(`${numbers.length} weights, expected ${place}`);
    const run = (values, state = new Map()) => {
      let flow = { shape: fitted(input, values.length), values: Float64Array.from(values) };
      return made.map((layer) => (flow = LAYERS[layer.class](flow, layer, state)));
    };
    return { input, layers: made, facts, run };
  }

  // The file: the length of the header, the header, the weights.

  const DECODE = { float16: fromHalves, float32: (buffer) => new Float32Array(buffer) };

  /** Numbers of 16 bits: their bits, moved to where those of 32 have them, make 2^-112 of each number. */
  function fromHalves(buffer) {
    const halves = new Uint16Array(buffer);
    const numbers = new Float32Array(halves.length);
    const bits = new Uint32Array(numbers.buffer);
    for (let place = 0; place < halves.length; place++) {
      bits[place] = ((halves[place] & 0x8000) << 16) | ((halves[place] & 0x7fff) << 13);
      numbers[place] *= 2 ** 112;
    }
    return numbers;
  }

  function read(bytes) {
    const start = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, start)));
    if (header.format !== "tf2docs.network" || header.version !== VERSION) throw new TypeError("no network of this version");
    return make(header, DECODE[header.dtype](bytes.slice(start).buffer));
  }

  window.tf2docs = { ...window.tf2docs, network: { read, make, softmax } };
})();
