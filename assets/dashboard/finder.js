// A field that finds a place while one types: a combobox whose list stands beside it, as a Streamlit component.
// The words, numbers and distances come from the server; here nothing is formatted.

import { element, option, set } from "./candidates.js";

/** @typedef {import("./candidates.js").Candidate} Candidate */
/** @typedef {{ asked: string, clear: boolean, told: string, count: string, candidates: Candidate[] }} Answer */
/**
 * @typedef {object} Data
 * @property {string} style address of the style
 * @property {string} find address that answers
 * @property {string} language
 * @property {string} units
 * @property {string} near positions of the flight so far
 * @property {string} label
 * @property {string} value what stands in the field
 * @property {number} choices how often a place was chosen here
 * @property {boolean} typing whether a text without a choice is reported
 * @property {string} placeholder
 * @property {string} told what is wrong with the value
 * @property {number} longest
 * @property {{ match: string, position: string, names: string, use: string, failed: string }} words
 */
/** @typedef {{ data: Data, parentElement: HTMLElement | ShadowRoot, setTriggerValue: (name: string, value: unknown) => void }} Component */

/** How long typing has to pause before the server is asked, ms. */
const PAUSE = 120;
const NOTHING = /** @type {Answer} */ ({ asked: "", clear: false, told: "", count: "", candidates: [] });
/** @type {Map<string, Promise<CSSStyleSheet>>} */
const sheets = new Map();
/** @type {WeakMap<Node, Finder>} */
const finders = new WeakMap();
let made = 0;
/** Whether a pointer is down somewhere on the page. */
let pressed = false;
addEventListener("pointerdown", () => (pressed = true), true);
for (const over of ["pointerup", "pointercancel"]) addEventListener(over, () => (pressed = false), true);

/** @param {Component} component */
export async function render(component) {
  const root = /** @type {ShadowRoot} */ (component.parentElement);
  let finder = finders.get(root);
  if (!finder) {
    finder = new Finder(root);
    finders.set(root, finder);
  }
  finder.shows(component);
  root.adoptedStyleSheets = [await sheet(component.data.style)];
}

/** @param {string} address */
function sheet(address) {
  const known = sheets.get(address) ?? fetch(new URL(address, document.baseURI).href).then(async (answer) => new CSSStyleSheet().replace(await answer.text()));
  sheets.set(address, known);
  return known;
}

class Finder {
  /** @param {ShadowRoot} root */
  constructor(root) {
    const id = `finder-${++made}`;
    this.all = element("div", "fc-find");
    this.label = /** @type {HTMLLabelElement} */ (element("label"));
    this.box = element("div", "fc-box");
    this.input = /** @type {HTMLInputElement} */ (element("input"));
    this.count = element("span", "fc-count");
    this.told = element("p", "fc-told");
    this.found = element("div", "fc-found");
    this.heads = element("div", "fc-heads");
    this.list = element("div");
    this.status = element("div", "fc-spoken");
    /** @type {Component | null} */
    this.component = null;
    this.answer = NOTHING;
    /** The candidate that the arrow keys are at; -1 is the field itself. */
    this.at = -1;
    this.asked = 0;
    /** The text that was last chosen or reported. */
    this.settled = "";
    this.choices = -1;
    this.wantsFirst = false;
    /** @type {number | undefined} */
    this.timer = undefined;
    this.label.htmlFor = this.input.id = `${id}-input`;
    this.list.id = `${id}-list`;
    this.told.id = `${id}-told`;
    this.count.setAttribute("aria-hidden", "true");
    this.heads.setAttribute("aria-hidden", "true");
    this.status.setAttribute("role", "status");
    this.list.setAttribute("role", "listbox");
    set(this.input, { type: "text", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, "aria-describedby": this.told.id, autocomplete: "off", autocapitalize: "off", spellcheck: "false", dir: "auto" });
    const ask = element("div");
    this.box.append(this.input, this.count);
    ask.append(this.label, this.box, this.told);
    this.found.hidden = true;
    this.found.append(this.heads, this.list);
    this.all.append(ask, this.found, this.status);
    this.listen();
    root.append(this.all);
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => this.open());
    this.input.addEventListener("blur", () => this.left());
    // The field keeps the focus while a candidate is clicked.
    this.found.addEventListener("pointerdown", (event) => event.preventDefault());
    this.found.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = /** @type {Element} */ (event.target).closest("[role=option]");
      if (option) this.choose(Number(/** @type {HTMLElement} */ (option).dataset.at));
    });
  }

  /** @param {Component} component */
  shows(component) {
    const { data } = component;
    const before = this.component?.data;
    this.component = component;
    this.label.textContent = data.label;
    set(this.input, { placeholder: data.placeholder, maxlength: String(data.longest) });
    this.all.lang = data.language;
    this.list.setAttribute("aria-label", data.words.match);
    this.heads.replaceChildren(...[data.words.match, data.words.position, data.words.names, ""].map((text) => element("span", "", text)));
    if (before?.value !== data.value || this.choices !== data.choices) {
      // What the page says stands in the field, unless somebody is typing something else there.
      if (this.input.value === this.settled) this.input.value = data.value;
      this.settled = this.input.value === data.value ? data.value : this.settled;
      this.choices = data.choices;
    }
    this.says();
    if (before && (before.language !== data.language || before.near !== data.near || before.units !== data.units)) {
      this.answer = NOTHING;
      if (this.isTyping) void this.ask();
    }
  }

  /** Whether the field holds a text that nothing was chosen for. */
  get isTyping() {
    return this.input.value.trim() !== "" && this.input.value !== this.settled;
  }

  typed() {
    clearTimeout(this.timer);
    this.wantsFirst = false;
    this.timer = window.setTimeout(() => void this.ask(), PAUSE);
  }

  async ask() {
    clearTimeout(this.timer);
    this.timer = undefined;
    const turn = ++this.asked;
    const text = this.input.value;
    const data = this.component?.data;
    if (!data) return;
    let answer = NOTHING;
    if (text.trim()) {
      const query = new URLSearchParams({ q: text, language: data.language, units: data.units, near: data.near });
      try {
        const given = await fetch(new URL(`${data.find}?${query}`, document.baseURI).href);
        if (!given.ok) throw new Error(String(given.status));
        answer = /** @type {Answer} */ (await given.json());
      } catch {
        answer = { ...NOTHING, asked: text, told: data.words.failed };
      }
    }
    // An older question may be answered after a newer one.
    if (turn !== this.asked || text !== this.input.value) return;
    this.answer = answer;
    this.at = -1;
    this.draw();
    if (this.wantsFirst) this.take();
  }

  draw() {
    const { candidates } = this.answer;
    this.list.replaceChildren(...candidates.map((candidate, index) => option(candidate, index, this.list.id, this.component?.data.words.use ?? "")));
    this.open();
    this.status.textContent = [this.answer.count, this.answer.told].filter(Boolean).join(". ");
  }

  open() {
    const isOpen = this.isTyping && this.answer.candidates.length > 0 && this.answer.asked === this.input.value;
    this.found.hidden = !isOpen;
    this.all.toggleAttribute("data-open", isOpen);
    this.input.setAttribute("aria-expanded", String(isOpen));
    this.mark(isOpen ? this.at : -1);
    this.says();
  }

  close() {
    this.found.hidden = true;
    this.all.removeAttribute("data-open");
    this.input.setAttribute("aria-expanded", "false");
    this.mark(-1);
  }

  /** Write how many were found beside the text, and what is to be said of it under the field. */
  says() {
    const fresh = this.isTyping && this.answer.asked === this.input.value;
    const wrong = this.input.value === this.settled ? (this.component?.data.told ?? "") : "";
    this.count.textContent = fresh ? this.answer.count : "";
    this.told.textContent = wrong || (fresh && !this.answer.clear ? this.answer.told : "");
    const isWrong = wrong !== "" || (fresh && this.answer.candidates.length === 0);
    this.told.toggleAttribute("data-wrong", isWrong);
    this.box.toggleAttribute("data-wrong", isWrong);
    if (isWrong) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
  }

  /** @param {number} index */
  mark(index) {
    this.at = index;
    for (const option of this.list.children) option.setAttribute("aria-selected", String(Number(/** @type {HTMLElement} */ (option).dataset.at) === index));
    const option = this.list.children[index];
    if (option && !this.found.hidden) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    // Streamlit has keys of its own (r, c), and cannot see from outside that this is a field.
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
    if (event.isComposing) return;
    const { length } = this.answer.candidates;
    const isOpen = !this.found.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) return this.open();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // The field itself is one of the stops, as APG has it.
      this.mark(((this.at + 1 + step + length + 1) % (length + 1)) - 1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.enter();
    } else if (event.key === "Escape") {
      if (isOpen) this.close();
      else if (this.isTyping) {
        this.input.value = this.settled = this.component?.data.value ?? "";
        this.says();
      }
    }
  }

  enter() {
    if (!this.isTyping) return;
    if (this.at >= 0 && !this.found.hidden) return this.choose(this.at);
    if (this.timer !== undefined || this.answer.asked !== this.input.value) {
      this.wantsFirst = true;
      void this.ask();
    } else this.take();
  }

  /** Take the first candidate when it is the clear answer; else say that there are several. */
  take() {
    this.wantsFirst = false;
    if (this.answer.clear && this.answer.candidates.length > 0) return this.choose(0);
    this.open();
    const told = this.answer.told;
    // The same words again are spoken only when they are new to the region.
    this.status.textContent = "";
    setTimeout(() => (this.status.textContent = told));
    this.report();
  }

  /** @param {number} index */
  choose(index) {
    const candidate = this.answer.candidates[index];
    if (!candidate || !this.component) return;
    clearTimeout(this.timer);
    this.asked += 1;
    this.answer = NOTHING;
    this.input.value = this.settled = candidate.name;
    this.close();
    this.says();
    this.status.textContent = candidate.spoken;
    this.component.setTriggerValue("choose", candidate.code);
  }

  left() {
    this.report();
    // Were the list to go while a button is pressed, the button would move from under the pointer.
    if (pressed) addEventListener("pointerup", () => setTimeout(() => this.close()), { once: true, capture: true });
    else this.close();
  }

  /** Tell the page of a text that nothing was chosen for. */
  report() {
    const text = this.input.value.trim();
    if (!this.component?.data.typing || text === this.settled) return;
    if (text === "" || this.reported !== text) this.component.setTriggerValue("typed", text);
    this.reported = text;
  }

  reported = "";
}
