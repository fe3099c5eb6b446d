// <flight-case src="…"> in any article, and frames with data-flightcase that get their height: docs/embedding.md.
// A classic script as it stands: no build, no request, nothing put in as HTML, no inline style that a policy forbids.
(() => {
  "use strict";
  /** What is kept free until the page says what it wants, and the most that it may want, px. */
  const RESERVED = 720;
  const MOST = 20000;
  const FLAGS = ["plain", "static", "transparent", "fit"];
  const COMMANDS = { t: "seek", event: "select", lang: "setLanguage", units: "setUnits", theme: "setTheme" };

  /** Where the messages of a frame have to come from; a sandboxed one, and one from disk, have the origin "null". */
  function originOf(frame) {
    const closed = frame.hasAttribute("sandbox") && !frame.sandbox.contains("allow-same-origin");
    return closed || !frame.src ? "null" : new URL(frame.src).origin;
  }

  function post(frame, command, value) {
    const origin = originOf(frame);
    frame.contentWindow?.postMessage({ type: "flightcase:command", command, value }, origin === "null" ? "*" : origin);
  }

  /** What the elements do with messages, by their frames. */
  const elements = new Map();
  const plain = () => [...document.querySelectorAll("iframe[data-flightcase]")];

  addEventListener("message", ({ source, origin, data }) => {
    const frame = source && [...elements.keys(), ...plain()].find((each) => each.contentWindow === source);
    if (!frame || origin !== originOf(frame) || !data) return;
    const { type, height, event, detail } = data;
    const { grow, hear } = elements.get(frame) ?? { grow: (px) => (frame.style.height = `${px}px`) };
    if (type === "flightcase:height" && height > 0 && height <= MOST) grow(Math.ceil(height));
    if (type === "flightcase:event" && /^[a-z]{1,20}$/.test(event)) hear?.(event, detail);
  });

  /** Pages that were there before this script say all of it again; what is still on its way is not reached. */
  const greet = () => plain().forEach((frame) => frame.contentWindow?.postMessage({ type: "flightcase:command", command: "hello" }, "*"));
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", greet);
  else greet();

  if (!window.customElements || customElements.get("flight-case")) return;

  class FlightCase extends HTMLElement {
    static observedAttributes = ["src", "title", "height", ...FLAGS, ...Object.keys(COMMANDS)];
    #frame;
    #slot = document.createElement("slot");
    /** Commands for a page that is not there yet; null once it is. */
    #waiting = [];

    constructor() {
      super();
      this.attachShadow({ mode: "open" }).append(this.#slot);
    }

    connectedCallback() {
      Object.assign(this.style, { display: "block", position: "relative" });
      this.#load();
    }

    disconnectedCallback() {
      elements.delete(this.#frame);
      this.#frame?.remove();
      this.#frame = undefined;
    }

    attributeChangedCallback(name, before, value) {
      if (before === value || !this.isConnected) return;
      if (name === "title") this.#name();
      else if (name === "height") this.#reserve();
      else if (name in COMMANDS) this.#send(COMMANDS[name], value ?? (name === "theme" ? "auto" : null));
      else this.#load();
    }

    seek(time) { this.#send("seek", time); }
    select(event) { this.#send("select", event); }
    play() { this.#send("play"); }
    pause() { this.#send("pause"); }
    setLanguage(language) { this.#send("setLanguage", language); }
    setUnits(units) { this.#send("setUnits", units); }
    setTheme(theme) { this.#send("setTheme", theme); }

    /** A frame of its own for each address, so that going back in the article does not go back in the frame. */
    #load() {
      this.disconnectedCallback();
      this.#waiting = [];
      this.#slot.style.display = "";
      this.#reserve();
      const url = this.#address();
      if (!url) return;
      const frame = (this.#frame = document.createElement("iframe"));
      frame.setAttribute("sandbox", "allow-scripts allow-popups allow-popups-to-escape-sandbox");
      frame.allow = "fullscreen; clipboard-write";
      frame.loading = "lazy";
      Object.assign(frame.style, { position: "absolute", inset: "0", border: "0", width: "100%", height: "100%" });
      // What stands between the tags is seen until a page is there.
      frame.addEventListener("load", () => this.#hide());
      frame.src = url;
      this.#name();
      elements.set(frame, { grow: (px) => this.hasAttribute("fit") || (this.style.height = `${px}px`), hear: (event, detail) => this.#hear(event, detail) });
      this.shadowRoot.append(frame);
    }

    /** What the attributes ask for stands behind the #: no server is told, and one copy of the page serves all. */
    #address() {
      const src = this.getAttribute("src");
      let url;
      try {
        url = new URL(src || "about:blank", document.baseURI);
      } catch {
        return "";
      }
      if (!/^(https?|file):$/.test(url.protocol)) return "";
      const asked = new URLSearchParams(url.hash.slice(1));
      for (const name of ["t", "event", "lang", "units"]) if (this.hasAttribute(name)) asked.set(name, this.getAttribute(name));
      for (const name of FLAGS) if (this.hasAttribute(name)) asked.set(name, "true");
      if (this.hasAttribute("theme")) asked.set("dark", { dark: "true", light: "false" }[this.getAttribute("theme")] ?? "auto");
      url.hash = asked;
      return url.href;
    }

    #name() {
      if (this.#frame) this.#frame.title = this.title || this.querySelector("a")?.textContent || "Flightcase";
    }

    #reserve() {
      this.style.height = `${parseInt(this.getAttribute("height"), 10) || RESERVED}px`;
    }

    #hide() {
      this.#slot.style.display = "none";
    }

    #send(command, value) {
      if (this.#waiting) this.#waiting.push([command, value]);
      else post(this.#frame, command, value);
    }

    #hear(event, detail) {
      if (event === "ready") {
        this.#hide();
        const waiting = this.#waiting ?? [];
        this.#waiting = null;
        for (const [command, value] of waiting) this.#send(command, value);
      }
      this.dispatchEvent(new CustomEvent(`flightcase-${event}`, { detail, bubbles: true, composed: true }));
    }
  }
  customElements.define("flight-case", FlightCase);
})();
