// The page of a case at several widths, made smaller together so that they stand side by side.

import { element } from "../viewer/dom.js";

/** @typedef {{ name: string, width: number, text: string, title: string }} Width */
/** @typedef {{ src: string, frames: Width[] }} Data */
/** @typedef {{ data: Data, parentElement: HTMLElement }} Component */

/** Height of what is shown of a page, px of the page. */
const HEIGHT = 700;
const GAP = 24;
/** Frames stand side by side as long as they are not made smaller than this. */
const LEAST = 0.42;
const MOST = 0.72;
/** How they may be set in rows, the first that is large enough. */
const ROWS = [[[0, 1, 2]], [[0, 1], [2]], [[0], [1], [2]]];

/** @type {WeakMap<HTMLElement, { said: string, observer: ResizeObserver }>} */
const drawn = new WeakMap();

/** @param {Component} component */
export function render({ data, parentElement }) {
  const said = JSON.stringify(data);
  const before = drawn.get(parentElement);
  if (before?.said === said) return undefined;
  before?.observer.disconnect();
  const figures = data.frames.map((frame) => figure(frame, data.src));
  const row = element("div", { class: "fc-frames" }, ...figures);
  parentElement.replaceChildren(row);
  const fit = () => fitted(row, figures, data.frames);
  const observer = new ResizeObserver(fit);
  observer.observe(row);
  fit();
  drawn.set(parentElement, { said, observer });
  return () => {
    observer.disconnect();
    drawn.delete(parentElement);
  };
}

/**
 * @param {HTMLElement} row
 * @param {HTMLElement[]} figures
 * @param {Width[]} frames
 */
function fitted(row, figures, frames) {
  const room = row.clientWidth;
  if (!room) return;
  /** @param {number[]} line */
  const scaleOf = (line) => (room - GAP * (line.length - 1)) / line.reduce((sum, index) => sum + (frames[index]?.width ?? 0), 0);
  const rows = ROWS.find((lines) => lines.every((line) => scaleOf(line) >= LEAST)) ?? /** @type {number[][]} */ (ROWS.at(-1));
  for (const line of rows) {
    const scale = Math.min(scaleOf(line), line.length > 1 ? MOST : 1);
    for (const index of line) {
      const style = figures[index]?.style;
      style?.setProperty("--fc-scale", String(scale));
      style?.setProperty("--fc-shown", `${Math.floor((frames[index]?.width ?? 0) * scale)}px`);
      style?.setProperty("--fc-tall", `${Math.round(HEIGHT * scale)}px`);
    }
  }
}

/**
 * @param {Width} frame
 * @param {string} src
 */
function figure({ name, width, text, title }, src) {
  // A sandbox without an origin: what a page runs can reach nothing of the dashboard's.
  const frame = element("iframe", { src, title, loading: "lazy", sandbox: "allow-scripts allow-popups", width, height: HEIGHT });
  return element("figure", null, element("figcaption", null, element("b", null, name), ` ${text}`), element("div", { class: "fc-glass" }, frame));
}
