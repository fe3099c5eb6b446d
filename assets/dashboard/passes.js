// The rows of an answer as a table that is sorted in the browser; a choice in it is one on the map.

import { element } from "../viewer/dom.js";
import { choose, chosen, load, onChoice } from "./choosing.js";
import { sheet } from "./rows.js";

/** @typedef {import("./choosing.js").Answer} Answer */
/** @typedef {import("./choosing.js").Row} Row */
/** @typedef {{ styles: string[], answer: string, label: string, words: { sort: string, failed: string } }} Data */
/** @typedef {{ data: Data, parentElement: HTMLElement | ShadowRoot, setStateValue: (name: string, value: unknown) => void }} Component */
/** @typedef {{ component: Component, table: Table | null, ended: () => void }} Held */

/** @type {WeakMap<Node, Held>} */
const held = new WeakMap();

/**
 * @param {Component} component
 * @returns {Promise<() => void>} takes the table away
 */
export async function render(component) {
  const root = /** @type {ShadowRoot} */ (component.parentElement);
  const here = held.get(root) ?? { component, table: null, ended: () => {} };
  held.set(root, here);
  here.component = component;
  const { data } = component;
  const away = () => {
    if (held.get(root) !== here) return;
    held.delete(root);
    here.ended();
    root.replaceChildren();
  };
  root.adoptedStyleSheets = await Promise.all(data.styles.map(sheet));
  if (here.table?.address === data.answer) return away;
  try {
    const answer = await load(data.answer);
    if (here.component !== component) return away;
    here.ended();
    const table = new Table(data, answer, (id) => here.component.setStateValue("chosen", id));
    here.table = table;
    here.ended = onChoice(() => table.mark());
    root.replaceChildren(table.node);
    table.mark();
  } catch (wrong) {
    root.replaceChildren(element("p", { role: "alert" }, `${data.words.failed} ${wrong instanceof Error ? wrong.message : wrong}`));
  }
  return away;
}

class Table {
  /**
   * @param {Data} data
   * @param {Answer} answer
   * @param {(id: string | null) => void} tell
   */
  constructor(data, answer, tell) {
    this.address = data.answer;
    this.answer = answer;
    this.tell = tell;
    this.told = chosen(data.answer);
    this.column = answer.order[0];
    this.down = answer.order[1];
    this.heads = answer.columns.map(({ text, numeric }, i) => {
      const button = element("button", { type: "button", class: "fca-sort", title: data.words.sort.replace("{column}", text) }, element("span", null, text));
      button.addEventListener("click", () => {
        [this.column, this.down] = [i, this.column === i ? !this.down : false];
        this.sort();
      });
      return element("th", { scope: "col", class: numeric ? "fca-number" : "" }, button);
    });
    this.body = element("tbody");
    this.rows = new Map(answer.rows.map((row) => [row.id, this.row(row)]));
    this.node = element("div", { class: "fc-table fca-table" }, element("table", { "aria-label": data.label }, element("thead", null, element("tr", null, ...this.heads)), this.body));
    this.body.addEventListener("keydown", (event) => this.step(event));
    this.sort();
  }

  /** @param {Row} row */
  row({ id, cells }) {
    const open = element("button", { type: "button", class: "fc-open", "aria-pressed": "false", "aria-label": cells.map(({ text }) => text).filter(Boolean).join(", "), tabindex: -1 }, cells[0]?.text ?? "");
    const tds = cells.map(({ text, tone }, i) => element("td", { class: [this.answer.columns[i]?.numeric && "fca-number", tone && `fc-${tone}`].filter(Boolean).join(" ") }, i ? text : open));
    const tr = element("tr", { "data-choosing": true, "data-id": id }, ...tds);
    tr.addEventListener("click", () => {
      const next = chosen(this.address) === id ? null : id;
      choose(this.address, next);
      this.told = next;
      this.tell(next);
    });
    return tr;
  }

  sort() {
    const by = this.column;
    const key = (/** @type {Row} */ row) => row.cells[by]?.sort ?? row.cells[by]?.text ?? "";
    const ordered = this.answer.rows
      .map((row, i) => ({ row, i, key: key(row) }))
      .sort((a, b) => {
        // What is not known stands last, whichever way.
        const [none, other] = [a.key === "" || a.key === null, b.key === "" || b.key === null];
        if (none || other) return Number(none) - Number(other) || a.i - b.i;
        const order = typeof a.key === "number" && typeof b.key === "number" ? a.key - b.key : String(a.key).localeCompare(String(b.key));
        return (this.down ? -order : order) || a.i - b.i;
      });
    this.body.replaceChildren(...ordered.map(({ row }) => /** @type {HTMLElement} */ (this.rows.get(row.id))));
    this.heads.forEach((head, i) => (i === by ? head.setAttribute("aria-sort", this.down ? "descending" : "ascending") : head.removeAttribute("aria-sort")));
    this.reach(null);
  }

  /** One row is in the way of the Tab key: the chosen one, else the first. @param {HTMLElement | null} wanted */
  reach(wanted) {
    const id = chosen(this.address);
    const row = wanted ?? (id === null ? null : this.rows.get(id)) ?? this.body.firstElementChild;
    for (const each of this.body.querySelectorAll(".fc-open[tabindex='0']")) each.setAttribute("tabindex", "-1");
    row?.querySelector(".fc-open")?.setAttribute("tabindex", "0");
  }

  /** @param {KeyboardEvent} event */
  step(event) {
    const row = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("tr"));
    const to = { ArrowDown: row?.nextElementSibling, ArrowUp: row?.previousElementSibling, Home: this.body.firstElementChild, End: this.body.lastElementChild }[event.key];
    if (!to) return;
    event.preventDefault();
    this.reach(/** @type {HTMLElement} */ (to));
    /** @type {HTMLElement | null} */ (to.querySelector(".fc-open"))?.focus();
  }

  mark() {
    const id = chosen(this.address);
    for (const [own, row] of this.rows) {
      row.toggleAttribute("data-chosen", own === id);
      row.querySelector(".fc-open")?.setAttribute("aria-pressed", String(own === id));
    }
    const row = id === null ? null : this.rows.get(id);
    if (row) {
      const [seen, at] = [this.node.getBoundingClientRect(), row.getBoundingClientRect()];
      const head = this.heads[0]?.getBoundingClientRect().height ?? 0;
      if (at.top < seen.top + head) this.node.scrollTop += at.top - seen.top - head;
      if (at.bottom > seen.bottom) this.node.scrollTop += at.bottom - seen.bottom;
    }
    this.reach(null);
    if (this.told !== id) this.tell((this.told = id));
  }
}
