// A worker for pages that are opened from a folder, where a browser allows none: a frame that runs the worker's script.
// The theme's search starts it, and notices no difference; iframe-worker by Martin Donath (MIT licence) had the idea.
(() => {
  "use strict";
  class FrameWorker extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      this.frame = frame;
      const inside = frame.contentWindow;
      inside.postMessage = (data) => this.#receive(data);
      inside.importScripts = async (...addresses) => {
        for (const each of addresses) await this.#load(each);
      };
      this.ready = this.#load(address);
    }

    #load(address) {
      return new Promise((resolve, reject) => {
        const inside = this.frame.contentDocument;
        const script = inside.createElement("script");
        script.src = address;
        script.onload = resolve;
        script.onerror = () => reject(new Error(`${address} can't be read`));
        inside.body.append(script);
      });
    }

    #receive(data) {
      const message = new MessageEvent("message", { data: structuredClone(data) });
      setTimeout(() => {
        this.dispatchEvent(message);
        this.onmessage?.(message);
      });
    }

    async postMessage(data) {
      await this.ready;
      const inside = this.frame.contentWindow;
      inside.dispatchEvent(new inside.MessageEvent("message", { data: structuredClone(data) }));
    }

    terminate() {
      this.frame.remove();
    }
  }
  if (location.protocol === "file:") window.Worker = FrameWorker;
})();
