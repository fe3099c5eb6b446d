// A grid of any number of rows: it scrolls like a long page, and holds only the rows that are seen.

import { element } from "../viewer/dom.js";

/** @typedef {{ label: string, columns: string[], widths: number[], numbers: { first: number, last: number } }} Look */

/** Height of a row, px, as in the style. */
export const ROW = 28;
/** No browser lays out an element that is much higher, px; a longer table scrolls in coarser steps. */
const HIGHEST = 15_000_000;
/** Time without scrolling after which rows are fetched, ms. */
const STILL = 40;
let made = 0;

/**
 * @param {Look} look
 * @param {(line: HTMLElement, index: number) => void} fill puts a row into its line
 * @param {(first: number, last: number) => void} want is told which rows are seen
 * @param {(index: number) => void} choose is told of the row that was chosen
 */
export function createScroller(look, fill, want, choose) {
  made += 1;
  const uid = `fc-grid-${made}`;
  const columns = [...look.widths.slice(0, -1).map((width) => `${width}px`), `minmax(${look.widths.at(-1)}px, 1fr)`].join(" ");
  const kind = (/** @type {number} */ i) => (i >= look.numbers.first && i <= look.numbers.last ? "fc-number" : "");
  const head = element("div", { class: "fc-row fc-heads", role: "row", "aria-rowindex": "1" }, ...look.columns.map((text, i) => element("div", { role: "columnheader", class: kind(i) }, text)));
  const body = element("div", { class: "fc-body", role: "rowgroup" });
  const layer = element("div", { class: "fc-layer" }, element("div", { role: "rowgroup" }, head), body);
  const spacer = element("div", { class: "fc-spacer" }, layer);
  const node = element("div", { class: "fc-grid", role: "grid", tabindex: "0", "aria-label": look.label, "aria-colcount": look.columns.length, "aria-readonly": "true" }, spacer);
  node.style.setProperty("--columns", columns);
  node.style.setProperty("--least", `${look.widths.reduce((sum, width) => sum + width, 0)}px`);

  let total = 0;
  /** Row at the upper edge, with its fraction. */
  let first = 0;
  /** Row that the keys move from. */
  let active = -1;
  let waiting = 0;

  const room = () => Math.max(ROW, node.clientHeight - head.offsetHeight);
  const most = () => Math.max(0, total - room() / ROW);
  /** Pixels of scrolling for a row. */
  const scale = () => (most() ? Math.max(1e-9, spacer.offsetHeight - node.clientHeight) / most() : ROW);

  function size() {
    spacer.style.height = `${Math.min(HIGHEST, total * ROW + head.offsetHeight)}px`;
    layer.style.height = `${node.clientHeight}px`;
  }

  /** @param {number} index */
  function line(index) {
    const row = element("div", { class: "fc-row", role: "row", id: `${uid}-${index}`, "aria-rowindex": index + 2 }, ...look.columns.map((_, i) => element("div", { role: "gridcell", class: kind(i) })));
    row.dataset.index = String(index);
    return row;
  }

  function draw() {
    const start = Math.floor(first);
    const end = Math.min(total, Math.ceil(first + room() / ROW) + 1);
    const known = new Map([...body.children].map((row) => [Number(/** @type {HTMLElement} */ (row).dataset.index), /** @type {HTMLElement} */ (row)]));
    const lines = Array.from({ length: Math.max(0, end - start) }, (_, i) => known.get(start + i) ?? line(start + i));
    lines.forEach((row, i) => fill(row, start + i));
    const same = lines.length === body.children.length && lines.every((row, i) => body.children[i] === row);
    if (!same) body.replaceChildren(...lines);
    body.style.transform = `translateY(${(-(first - start) * ROW).toFixed(2)}px)`;
    if (active >= start && active < end) node.setAttribute("aria-activedescendant", `${uid}-${active}`);
    else node.removeAttribute("aria-activedescendant");
    clearTimeout(waiting);
    if (end > start) waiting = window.setTimeout(want, STILL, start, end - 1);
  }

  /** @param {number} to row at the upper edge */
  function move(to) {
    first = Math.min(most(), Math.max(0, to));
    const top = first * scale();
    if (Math.abs(node.scrollTop - top) >= 1) node.scrollTop = top;
    draw();
  }

  /** @param {number} index @param {boolean} [middle] */
  function show(index, middle = false) {
    const seen = Math.floor(room() / ROW);
    if (middle ? index < first || index > first + seen - 1 : index < first) move(middle ? index - Math.floor(seen / 2) : index);
    else if (index > first + seen - 1) move(index - seen + 1);
    else draw();
  }

  node.addEventListener("scroll", () => {
    // Our own moves come back as whole pixels.
    if (Math.abs(node.scrollTop - first * scale()) < 1.5) return;
    first = Math.min(most(), node.scrollTop / scale());
    draw();
  });
  node.addEventListener(
    "wheel",
    (event) => {
      if (total * ROW <= HIGHEST || event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      event.preventDefault();
      move(first + event.deltaY / (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 1 : ROW));
    },
    { passive: false },
  );
  node.addEventListener("click", (event) => {
    const row = /** @type {HTMLElement} */ (event.target).closest("[data-index]");
    if (row) pick(Number(/** @type {HTMLElement} */ (row).dataset.index));
  });
  node.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.floor(room() / ROW) - 1);
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: total - 1, Enter: active, " ": active };
    const to = steps[event.key];
    if (to === undefined || event.altKey || event.metaKey || !total) return;
    event.preventDefault();
    event.stopPropagation();
    pick(Math.min(total - 1, Math.max(0, to)));
  });
  node.addEventListener("focus", () => {
    if (active < 0 || active < first || active > first + room() / ROW) active = Math.ceil(first);
    draw();
  });

  /** @param {number} index */
  function pick(index) {
    active = index;
    choose(index);
  }

  const watcher = new ResizeObserver(() => {
    size();
    move(first);
  });
  watcher.observe(node);

  return {
    node,
    draw,
    show,
    /** Another number of rows, from the first on. @param {number} count */
    resize(count) {
      total = count;
      first = 0;
      active = -1;
      body.replaceChildren();
      node.setAttribute("aria-rowcount", String(count + 1));
      size();
      node.scrollTop = 0;
      draw();
    },
    end() {
      watcher.disconnect();
      clearTimeout(waiting);
    },
  };
}
