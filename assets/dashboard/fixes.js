// The table of fixes, of any length: only the rows in view are in the document. It leads the viewer, and follows it.

import { createBlocks } from "./blocks.js";
import { follow, seek } from "./link.js";
import { createScroller } from "./scroller.js";
import { sheet } from "./rows.js";
import { element } from "../viewer/dom.js";

/** @typedef {import("./blocks.js").Row} Row */
/**
 * @typedef {object} Data
 * @property {string} style address of the style
 * @property {string} address of the rows
 * @property {string} label
 * @property {string[]} columns
 * @property {number[]} widths of the columns, px; the last one takes what is left
 * @property {{ id: string, text: string, count: number, count_text: string }[]} kinds
 * @property {{ id: string, text: string }[]} orders
 * @property {Record<string, string>} words
 */
/** @typedef {{ data: Data, parentElement: HTMLElement | ShadowRoot }} Component */

/** A row this near to the moment of the viewer, s, is marked as it. */
const NEAR = 60;
/** Least time between two looks for the row of a moment, ms. */
const CALM = 300;
/** Time that the reader rests on a row before the map goes there, ms. */
const REST = 60;
/** Places of the cells with numbers. */
const NUMBERS = { first: 0, last: 7 };

/** @type {WeakMap<HTMLElement | ShadowRoot, { said: string, end: () => void }>} */
const held = new WeakMap();

/** @param {Component} component */
export async function render({ data, parentElement }) {
  const root = /** @type {ShadowRoot} */ (parentElement);
  const said = JSON.stringify(data);
  const before = held.get(root);
  if (before?.said !== said) {
    before?.end();
    held.set(root, { said, end: () => undefined });
    root.adoptedStyleSheets = [await sheet(data.style)];
    const holder = root.querySelector(".fc-fixes") ?? root.appendChild(element("div", { class: "fc-fixes" }));
    held.set(root, { said, end: mount(/** @type {HTMLElement} */ (holder), data) });
  }
  return () => {
    held.get(root)?.end();
    held.delete(root);
  };
}

/** @param {HTMLElement} holder @param {Data} data */
function mount(holder, data) {
  const { words } = data;
  let kind = data.kinds[0]?.id ?? "all";
  let order = data.orders[0]?.id ?? "time";
  /** The chosen row, and the one of the moment. @type {number | null} */
  let chosen = null;
  /** @type {number | null} */
  let current = null;
  let moment = NaN;
  let leading = false;
  let resting = 0;

  const total = () => data.kinds.find(({ id }) => id === kind)?.count ?? 0;
  const make = () => {
    const made = createBlocks(data.address, { kind, order }, () => {
      if (made !== blocks) return;
      wrong.textContent = made.failed ? (words.failed ?? made.failed) : "";
      // To draw is to ask for what is missing: a server that does not answer is asked again when the reader moves on.
      if (!made.failed) scroller.draw();
    });
    return made;
  };
  const wrong = element("span", { class: "fc-wrong", role: "status" });
  /** @type {ReturnType<typeof createBlocks>} */
  let blocks = make();

  const why = element("p", { class: "fc-why", "aria-live": "polite" });
  const scroller = createScroller({ label: data.label, columns: data.columns, widths: data.widths, numbers: NUMBERS }, fill, (first, last) => blocks.want(first, last), choose);

  /** @param {HTMLElement} line @param {number} index */
  function fill(line, index) {
    const row = blocks.row(index);
    line.toggleAttribute("data-chosen", index === chosen);
    line.toggleAttribute("data-current", index === current);
    line.setAttribute("aria-selected", String(index === chosen));
    line.dataset.kind = row?.kind ?? "";
    [...line.children].forEach((cell, i) => {
      cell.textContent = row ? (row.cells[i] ?? "") : i ? "" : "…";
      cell.classList.toggle("fc-struck", Boolean(row?.struck?.includes(i)));
    });
    if (row && index === chosen) tell(row);
  }

  /** @param {Row} row */
  function tell(row) {
    if (why.dataset.row === String(row.row)) return;
    why.dataset.row = String(row.row);
    const judgement = [words.row?.replace("{row}", row.cells[0] ?? ""), row.cells.at(-1)].filter(Boolean).join(": ");
    // The judge speaks English.
    why.replaceChildren(element("b", null, judgement), ...row.why.map((each) => element("span", { lang: "en", dir: "ltr" }, each)));
  }

  /** @param {number} index */
  function choose(index) {
    chosen = index;
    scroller.show(index);
    clearTimeout(resting);
    resting = window.setTimeout(lead, REST, index);
  }

  /** @param {number} index */
  async function lead(index) {
    const row = blocks.row(index);
    if (!row) return void window.setTimeout(() => index === chosen && lead(index), REST);
    if (row.t === null) return;
    leading = true;
    seek({ t: row.t, lat: row.lat ?? null, lon: row.lon ?? null, rejected: row.kind === "rejected", text: `${row.cells[1]} ${row.cells.at(-1)}` });
    leading = false;
    current = null;
    scroller.draw();
  }

  /** @param {string} at @returns {Promise<boolean>} whether there is such a row */
  async function find(at) {
    const here = blocks;
    const index = await here.find(at).catch(() => null);
    if (index === null || here !== blocks) return here !== blocks;
    const row = blocks.row(index);
    const near = row?.t != null && Math.abs(row.t - moment) <= NEAR;
    current = near ? index : null;
    scroller.show(index, true);
    return true;
  }

  let looked = 0;
  let looking = 0;
  const unfollow = follow((t) => {
    moment = t;
    if (leading) return;
    if (chosen !== null && Math.abs((blocks.row(chosen)?.t ?? Infinity) - t) > 1) {
      chosen = null;
      why.replaceChildren();
      delete why.dataset.row;
    }
    clearTimeout(looking);
    looking = window.setTimeout(() => {
      looked = performance.now();
      void find(String(moment));
    }, Math.max(0, looked + CALM - performance.now()));
  });

  function again() {
    chosen = current = null;
    why.replaceChildren();
    delete why.dataset.row;
    blocks = make();
    scroller.resize(total());
    scroller.show(0, false);
    for (const button of filter.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.kind === kind));
  }

  const filter = element("div", { class: "fc-kinds", role: "group", "aria-label": words.filter });
  for (const each of data.kinds) {
    const button = element("button", { type: "button", "data-kind": each.id, "aria-pressed": "false" }, each.text, " ", element("b", null, each.count_text));
    button.addEventListener("click", () => {
      kind = each.id;
      again();
    });
    filter.append(button);
  }

  const orders = element("select", { "aria-label": words.order });
  for (const each of data.orders) orders.append(element("option", { value: each.id }, each.text));
  orders.addEventListener("change", () => {
    order = orders.value;
    again();
  });

  const time = element("input", { type: "text", placeholder: "08:45:11", "aria-label": words.goto, autocomplete: "off", inputmode: "numeric", dir: "ltr" });
  const go = element("form", { class: "fc-go" }, element("label", null, words.goto, time), element("button", { type: "submit" }, words.go), wrong);
  go.addEventListener("submit", async (event) => {
    event.preventDefault();
    const asked = time.value.trim();
    if (!asked) return;
    const index = await blocks.find(asked).catch(() => null);
    wrong.textContent = index === null ? (words.notime ?? "") : "";
    if (index !== null) choose(index);
  });

  holder.replaceChildren(element("div", { class: "fc-tools" }, filter, element("div", { class: "fc-jump" }, orders, go)), scroller.node, why);
  again();
  if (Number.isFinite(moment)) void find(String(moment));
  return () => {
    unfollow();
    clearTimeout(looking);
    clearTimeout(resting);
    scroller.end();
  };
}
