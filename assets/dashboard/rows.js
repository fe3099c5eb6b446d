// A table whose rows can be chosen, as a Streamlit component. The first cell of a row holds its button.

import { seek } from "./link.js";

/** @typedef {{ text: string, grade?: string, tone?: string, sort?: number | string }} Cell */
/** @typedef {{ id: string, cells: Cell[] }} Row */
/**
 * @typedef {object} Data
 * @property {string} style address of the style
 * @property {string} label
 * @property {string[]} columns
 * @property {Row[]} rows
 * @property {string | null} chosen
 * @property {boolean} choosing
 * @property {string | null} act words of the button at the end of each row
 * @property {string | null} primary row whose button stands out
 * @property {Record<string, import("./link.js").Place>} [moments] by row, where its choice leads the viewer beside it; it is then told to nobody else
 */
/** @typedef {{ data: Data, parentElement: HTMLElement | ShadowRoot, setTriggerValue: (name: string, value: unknown) => void }} Component */

const SVG = "http://www.w3.org/2000/svg";
/** The marks of TOKENS 6, 16 px. @type {Record<string, [string, Record<string, string>]>} */
const MARKS = {
  confirmed: ["circle", { cx: "8", cy: "8", r: "6.5", fill: "currentColor" }],
  stated: ["rect", { x: "2", y: "2", width: "12", height: "12", rx: "2", fill: "none", stroke: "currentColor", "stroke-width": "1.8" }],
  disputed: ["path", { d: "M8 .8 15.2 8 8 15.2 .8 8Z", fill: "none", stroke: "currentColor", "stroke-width": "1.8" }],
  inferred: ["circle", { cx: "8", cy: "8", r: "6.5", fill: "none", stroke: "currentColor", "stroke-width": "1.8", "stroke-dasharray": "3 2.1" }],
};
/** @type {Map<string, Promise<CSSStyleSheet>>} */
const sheets = new Map();

/**
 * @param {Component} component
 */
export async function render(component) {
  const { data, parentElement } = component;
  const root = /** @type {ShadowRoot} */ (parentElement);
  root.adoptedStyleSheets = [await sheet(data.style)];
  let holder = /** @type {HTMLElement | null} */ (root.querySelector(".fc-table"));
  if (!holder) {
    holder = element("div", "fc-table");
    root.append(holder);
  }
  const focus = /** @type {HTMLElement | null} */ (root.activeElement)?.dataset.focus;
  holder.replaceChildren(table(component));
  if (focus) /** @type {HTMLElement | null} */ (holder.querySelector(`[data-focus="${CSS.escape(focus)}"]`))?.focus({ preventScroll: true });
  reveal(holder, data.chosen);
}

/**
 * Show the chosen row in a table that scrolls, once after it was chosen; the page itself does not move.
 * @param {HTMLElement} holder @param {string | null} chosen
 */
function reveal(holder, chosen) {
  if (holder.dataset.chosen === (chosen ?? "")) return;
  holder.dataset.chosen = chosen ?? "";
  const row = holder.querySelector("tr[data-chosen]")?.getBoundingClientRect();
  const head = holder.querySelector("tr")?.getBoundingClientRect().height ?? 0;
  const seen = holder.getBoundingClientRect();
  if (row && row.top < seen.top + head) holder.scrollTop += row.top - seen.top - head;
  if (row && row.bottom > seen.bottom) holder.scrollTop += row.bottom - seen.bottom;
}

/** @param {string} address */
export function sheet(address) {
  const known = sheets.get(address) ?? fetch(new URL(address, document.baseURI).href).then(async (answer) => new CSSStyleSheet().replace(await answer.text()));
  sheets.set(address, known);
  return known;
}

/** @param {Component} component */
function table({ data, setTriggerValue }) {
  const made = document.createElement("table");
  made.setAttribute("aria-label", data.label);
  const head = made.createTHead().insertRow();
  for (const title of data.columns) {
    const th = element("th", "", title);
    th.setAttribute("scope", "col");
    head.append(th);
  }
  if (data.act !== null) head.append(element("td"));
  const body = made.createTBody();
  for (const row of data.rows) {
    const tr = body.insertRow();
    const choosing = data.choosing || Boolean(data.moments?.[row.id]);
    if (row.id === data.chosen) tr.dataset.chosen = "";
    row.cells.forEach((cell, index) => {
      const td = tr.insertCell();
      const content = filled(cell);
      if (index > 0 || !choosing) return void td.append(content);
      const open = /** @type {HTMLButtonElement} */ (element("button", "fc-open"));
      open.append(content);
      open.dataset.focus = `open-${row.id}`;
      open.setAttribute("aria-pressed", String(row.id === data.chosen));
      open.setAttribute("aria-label", row.cells.map(({ text }) => text).filter(Boolean).join(", "));
      td.append(open);
    });
    if (choosing) {
      tr.dataset.choosing = "";
      tr.addEventListener("click", (event) => {
        const place = data.moments?.[row.id];
        if (place) {
          mark(body, tr);
          seek(place);
        } else if (!(/** @type {Element} */ (event.target).closest(".fc-act"))) setTriggerValue("choose", row.id);
      });
    }
    if (data.act !== null) {
      const act = element("button", "fc-act", data.act);
      act.dataset.focus = `act-${row.id}`;
      act.setAttribute("aria-label", `${data.act}: ${row.cells[0]?.text ?? row.id}`);
      if (row.id === data.primary) act.dataset.primary = "";
      act.addEventListener("click", () => setTriggerValue("act", row.id));
      tr.insertCell().append(act);
    }
  }
  return made;
}

/** @param {HTMLTableSectionElement} body @param {HTMLTableRowElement} chosen */
function mark(body, chosen) {
  for (const row of body.rows) {
    if (row === chosen) row.dataset.chosen = "";
    else delete row.dataset.chosen;
    row.querySelector(".fc-open")?.setAttribute("aria-pressed", String(row === chosen));
  }
}

/** @param {Cell} cell */
function filled({ text, grade, tone }) {
  const mark = grade && MARKS[grade];
  const said = element("span", tone ? `fc-${tone}` : "", text);
  if (!mark) return said;
  const holder = element("span", "fc-grade");
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({ width: "16", height: "16", viewBox: "0 0 16 16", "aria-hidden": "true" })) svg.setAttribute(name, value);
  const shape = document.createElementNS(SVG, mark[0]);
  for (const [name, value] of Object.entries(mark[1])) shape.setAttribute(name, value);
  svg.append(shape);
  holder.append(svg, said);
  return holder;
}

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
