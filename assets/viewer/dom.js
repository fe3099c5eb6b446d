// Elements without markup: text is only ever set as text.

/** @typedef {import("./types.js").Joined} Joined */
/** @typedef {Record<string, string | number | boolean | null | undefined>} Attributes */
/** @typedef {Node | string | null | undefined | false} Child */

/**
 * @param {Element} node
 * @param {Attributes | null} attributes
 * @param {Child[]} children
 */
function furnish(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child) node.append(child);
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes | null} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, attributes = null, ...children) {
  const node = document.createElement(tag);
  furnish(node, attributes, children);
  return node;
}

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes | null} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function drawing(tag, attributes = null, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  furnish(node, attributes, children);
  return node;
}

/**
 * Words as a string.
 * @param {Joined | null | undefined} words
 * @returns {string}
 */
export function plain(words) {
  if (Array.isArray(words)) return words.map(plain).join("");
  return typeof words === "string" ? words : (words?.text ?? "");
}

/**
 * Sets words as text, with their language where it differs.
 * @template {Element} T
 * @param {T} node
 * @param {Joined | null | undefined} words
 * @returns {T}
 */
export function say(node, words) {
  node.removeAttribute("lang");
  if (Array.isArray(words)) node.replaceChildren(...words.map((part) => (typeof part === "string" ? part : say(element("span"), part))));
  else node.textContent = plain(words);
  if (words && typeof words === "object" && "lang" in words) node.setAttribute("lang", words.lang);
  return node;
}

/**
 * A button with an icon for a label.
 * @param {string} kind class name
 * @param {string} label
 * @param {string} icon path in a 24 x 24 box
 * @param {() => void} act
 */
export function iconButton(kind, label, icon, act) {
  const button = element(
    "button",
    { type: "button", class: kind, "aria-label": label },
    drawing("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, drawing("path", { d: icon })),
  );
  button.addEventListener("click", act);
  return button;
}

/**
 * @param {Element} node
 * @param {string} icon
 */
export function setIcon(node, icon) {
  node.querySelector("path")?.setAttribute("d", icon);
}

/** @param {HTMLElement} node @param {boolean} shown */
export function show(node, shown) {
  node.hidden = !shown;
}

/**
 * Measures text in the font of an element, without a layout.
 * @param {Element} root
 * @returns {(text: string, size: number, weight?: number) => number} width in px
 */
export function makeRuler(root) {
  const pen = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(root).fontFamily;
  return (text, size, weight = 400) => {
    if (!pen) return text.length * size * 0.55;
    pen.font = `${weight} ${size}px ${family}`;
    return pen.measureText(text).width;
  };
}

/** @typedef {[number, number, number, number]} Box left, top, right, bottom in px */

/** @param {Box} a @param {Box} b */
export function meet(a, b) {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}
