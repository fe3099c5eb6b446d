// How the draft stands, and what is open in it; each finding leads to the field where it can be mended.

/** @typedef {{ panel: string, name: string, text: string, keys: string[] }} Finding */
/**
 * @typedef {object} Data
 * @property {string} style address of the style
 * @property {string} direction
 * @property {string} status
 * @property {string} tone saved, unsaved or open
 * @property {string} show words of the button that shows the findings
 * @property {Finding[]} findings
 */
/** @typedef {{ data: Data, parentElement: HTMLElement | ShadowRoot, setTriggerValue: (name: string, value: unknown) => void }} Component */

/** How long a panel may take to show the field that was asked for, ms. */
const PATIENCE = 3000;
const FIELDS = "input, textarea, select, [role=combobox], [contenteditable], button";
/** @type {Map<string, Promise<CSSStyleSheet>>} */
const sheets = new Map();
/** @type {WeakMap<Node, Status>} */
const known = new WeakMap();

/** @param {Component} component */
export async function render(component) {
  const root = /** @type {ShadowRoot} */ (component.parentElement);
  let status = known.get(root);
  if (!status) {
    status = new Status(root);
    known.set(root, status);
  }
  status.shows(component);
  root.adoptedStyleSheets = [await sheet(component.data.style)];
}

/** @param {string} address */
function sheet(address) {
  const kept = sheets.get(address) ?? fetch(new URL(address, document.baseURI).href).then(async (answer) => new CSSStyleSheet().replace(await answer.text()));
  sheets.set(address, kept);
  return kept;
}

class Status {
  /** @param {ShadowRoot} root */
  constructor(root) {
    this.all = element("div", "fc-status");
    this.told = element("p");
    this.button = element("button");
    this.list = element("ul");
    this.told.setAttribute("role", "status");
    this.list.id = "findings";
    this.list.hidden = true;
    this.button.setAttribute("type", "button");
    this.button.setAttribute("aria-controls", this.list.id);
    this.button.setAttribute("aria-expanded", "false");
    this.button.addEventListener("click", () => this.open(Boolean(this.list.hidden)));
    this.all.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.list.hidden) return;
      event.stopPropagation();
      this.open(false);
      this.button.focus();
    });
    this.all.addEventListener("focusout", (event) => {
      if (!this.all.contains(/** @type {Node | null} */ (event.relatedTarget)) && event.relatedTarget) this.open(false);
    });
    document.addEventListener("pointerdown", (event) => {
      if (!event.composedPath().includes(this.all)) this.open(false);
    });
    this.all.append(this.told, this.button, this.list);
    root.append(this.all);
  }

  /** @param {boolean} isOpen */
  open(isOpen) {
    this.list.hidden = !isOpen;
    this.button.setAttribute("aria-expanded", String(isOpen));
  }

  /** @param {Component} component */
  shows({ data, setTriggerValue }) {
    this.all.dir = data.direction;
    this.all.dataset.tone = data.tone;
    // The same words again would be spoken again.
    if (this.told.textContent !== data.status) this.told.textContent = data.status;
    this.button.textContent = data.show;
    this.button.hidden = data.findings.length === 0;
    if (this.button.hidden) this.open(false);
    const at = [...this.list.children].findIndex((item) => item.contains(/** @type {ShadowRoot} */ (this.all.getRootNode()).activeElement));
    this.list.replaceChildren(
      ...data.findings.map((finding, index) => {
        const item = element("li");
        const button = element("button");
        button.setAttribute("type", "button");
        button.append(element("b", "", finding.name), element("span", "", finding.text));
        button.addEventListener("click", () => {
          this.open(false);
          setTriggerValue("go", index);
          void lead(finding);
        });
        item.append(button);
        return item;
      }),
    );
    if (at >= 0) /** @type {HTMLElement | undefined} */ (this.list.children[at]?.firstElementChild)?.focus();
  }
}

/**
 * Lead to the field of a finding: its panel at once, the field as soon as the panel shows it.
 * @param {Finding} finding
 */
async function lead(finding) {
  const panel = /** @type {HTMLElement | null} */ (document.querySelector(`.st-key-panel-${finding.panel}`));
  if (!panel) return;
  panel.scrollIntoView({ block: "start" });
  panel.tabIndex = -1;
  panel.focus({ preventScroll: true });
  if (finding.keys.length === 0) {
    // What is wrong with the case as a whole is mended by what the panel offers first.
    fieldIn(panel)?.focus();
    return;
  }
  const end = performance.now() + PATIENCE;
  const exact = finding.keys.slice(0, 1);
  while (performance.now() < end) {
    for (const summary of panel.querySelectorAll("details:not([open]) > summary")) /** @type {HTMLElement} */ (summary).click();
    if (enter(exact)) return;
    await new Promise((done) => setTimeout(done, 100));
    // Whoever went on is not called back.
    if (document.activeElement !== panel && document.activeElement !== document.body) return;
  }
  enter(finding.keys);
}

/**
 * Enter the first of some fields that is there.
 * @param {string[]} keys
 */
function enter(keys) {
  for (const key of keys) {
    const holder = document.querySelector(`.st-key-${CSS.escape(key)}`);
    const field = holder && fieldIn(holder);
    if (field) {
      field.scrollIntoView({ block: "center" });
      field.focus();
      return true;
    }
  }
  return false;
}

/**
 * The first field within, also in a component of ours.
 * @param {Element | ShadowRoot} holder
 * @returns {HTMLElement | null}
 */
function fieldIn(holder) {
  const plain = /** @type {HTMLElement | null} */ (holder.querySelector(FIELDS));
  if (plain) return plain;
  for (const each of holder.querySelectorAll("*")) {
    const within = each.shadowRoot && fieldIn(each.shadowRoot);
    if (within) return within;
  }
  return null;
}

// Undo in a field is the field's own: Streamlit's keys would take it for the whole draft where the field is in a shadow.
addEventListener(
  "keydown",
  (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    const at = event.composedPath()[0];
    if (at instanceof HTMLElement && at.matches("input, textarea, [contenteditable]")) event.stopImmediatePropagation();
  },
  true,
);

/**
 * @param {string} name
 * @param {string} [style]
 * @param {string} [text]
 */
function element(name, style = "", text = "") {
  const made = document.createElement(name);
  if (style) made.className = style;
  if (text) made.textContent = text;
  return made;
}
