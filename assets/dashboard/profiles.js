// Altitude, ground speed and vertical rate over time, with what was received as bands behind; a click goes to its moment.

import { follow, seek } from "./link.js";
import { sheet } from "./rows.js";
import { clockText } from "../viewer/clock.js";
import { decodeColumn } from "../viewer/decode.js";
import { drawing, element } from "../viewer/dom.js";
import { seriesPath } from "../viewer/profile.js";
import { valueAt, valueText } from "../viewer/readout.js";
import { patterns } from "../viewer/shapes.js";
import { spanAt } from "../viewer/state.js";

/** @typedef {import("../viewer/types.js").Scene} Scene */
/** @typedef {import("../viewer/types.js").Dot} Dot */
/** @typedef {import("../viewer/types.js").Quantity} Quantity */
/** @typedef {{ module: string, styles: string[], scene: string, words: Record<string, string> }} Data */
/** @typedef {{ data: Data, parentElement: HTMLElement | ShadowRoot }} Component */
/** @typedef {{ caption: string, low: number, top: number, top_text: string, low_text: string, dots: Dot[], runs: import("../viewer/readout.js").Series[], format: import("../viewer/types.js").NumberFormat | null }} Chart */

const HEIGHT = 132;
const ROOM = { top: 16, foot: 22, side: 10 };
const MINUTE = 60;
/** Radius of the dot of a published value, and how near to it counts, px. */
const DOT = 3.8;
const NEAR_DOT = 12;
/** Width of a letter of a label, about, px. */
const LETTER = 6;
/** Rows of the table that stands for a chart. */
const MOST = 400;

/** @type {WeakMap<HTMLElement | ShadowRoot, { said: string, end: () => void }>} */
const held = new WeakMap();
let made = 0;

/** @param {Component} component */
export async function render({ data, parentElement }) {
  const root = /** @type {ShadowRoot} */ (parentElement);
  const said = JSON.stringify(data);
  if (held.get(root)?.said !== said) {
    held.get(root)?.end();
    held.set(root, { said, end: () => undefined });
    const [answer, ...styles] = await Promise.all([fetch(new URL(data.scene, document.baseURI)), ...data.styles.map(sheet)]);
    if (!answer.ok) throw new Error(await answer.text());
    /** @type {Scene} */
    const scene = await answer.json();
    root.adoptedStyleSheets = styles;
    const holder = root.querySelector("section") ?? root.appendChild(element("section", { class: "fc-profiles" }));
    const ends = chartsOf(scene).map((chart) => mount(/** @type {HTMLElement} */ (holder), chart, scene, data.words));
    holder.replaceChildren(legend(scene), ...ends.map(({ node }) => node));
    for (const { draw } of ends) draw();
    held.set(root, { said, end: () => ends.forEach(({ end }) => end()) });
  }
  return () => {
    held.get(root)?.end();
    held.delete(root);
  };
}

/** @param {Scene} scene @returns {Chart[]} */
function chartsOf({ profile, profiles = [] }) {
  /** @param {Quantity["series"]} series */
  const runs = (series) => series.map(({ time, value }) => ({ time: decodeColumn(time), value: decodeColumn(value) }));
  const altitude = profile ? [{ ...profile, low: 0, low_text: "0", runs: runs(profile.series), format: profile.format ?? null }] : [];
  const others = profiles.map((each) => ({ ...each, low: each.low ?? 0, low_text: each.low ? "" : "0", dots: [], runs: runs(each.series) }));
  return [...altitude, ...others];
}

/**
 * @param {HTMLElement} holder
 * @param {Chart} chart
 * @param {Scene} scene
 * @param {Record<string, string>} words
 */
function mount(holder, chart, scene, words) {
  made += 1;
  const id = `fc-profile-${made}`;
  const { start, end } = scene.time;
  const svg = drawing("svg", { height: HEIGHT, "aria-hidden": "true", focusable: "false" });
  const value = element("b");
  const head = element("figcaption", { id }, chart.caption, value);
  const plot = element("div", { class: "fc-plot", role: "slider", tabindex: "0", "aria-labelledby": id, "aria-valuemin": Math.floor(start), "aria-valuemax": Math.ceil(end) }, svg);
  const node = element("figure", null, head, plot, alternative(chart, scene, words));
  const line = drawing("path", { class: "fc-hand" });
  const spot = drawing("circle", { class: "fc-spot", r: 4 });
  let now = scene.time.opens;
  let width = 0;

  const x = (/** @type {number} */ time) => ROOM.side + ((width - 2 * ROOM.side) * (time - start)) / Math.max(1, end - start);
  const y = (/** @type {number} */ what) => HEIGHT - ROOM.foot - ((HEIGHT - ROOM.foot - ROOM.top) * (what - chart.low)) / (chart.top - chart.low);

  function draw() {
    width = plot.clientWidth;
    if (!width) return;
    svg.setAttribute("width", String(width));
    const foot = HEIGHT - ROOM.foot;
    const made = drawing("g");
    made.append(patterns(id));
    for (const span of scene.states) {
      const box = { x: x(span.from), y: ROOM.top, width: Math.max(1, x(span.to) - x(span.from)), height: foot - ROOM.top };
      made.append(drawing("rect", { ...box, class: `fc-band fc-band-${span.style}` }));
      if (span.style !== "received" && span.style !== "inferred") made.append(drawing("rect", { ...box, fill: `url(#${id}-${span.style})`, opacity: 0.45 }));
    }
    for (const level of chart.low < 0 ? [chart.low, 0, chart.top] : [0, chart.top / 2, chart.top]) made.append(drawing("path", { class: "fc-grid", d: `M${ROOM.side} ${y(level)}H${width - ROOM.side}` }));
    for (const tick of width < 420 ? scene.time.coarse_ticks : scene.time.ticks) {
      made.append(drawing("path", { class: "fc-grid", d: `M${x(tick.at)} ${foot}v4` }), writing(tick.text, x(tick.at), HEIGHT - 5, "middle"));
    }
    made.append(writing(chart.top_text, ROOM.side, ROOM.top - 4, "start"));
    if (chart.low_text) made.append(writing(chart.low_text, ROOM.side + 3, foot - 3, "start"));
    const d = chart.runs.map((run) => seriesPath(run, { x, left: 0, right: width, opens: 0 }, y)).join("");
    made.append(drawing("path", { class: "fc-series", d }));
    for (const dot of chart.dots) {
      made.append(drawing("path", { class: "fc-stem", d: `M${x(dot.at)} ${y(dot.value)}V${foot}` }));
      if (dot.false) made.append(drawing("path", { class: "fc-false", d: `M${x(dot.at) - 3} ${y(dot.value) - 3}l6 6m0-6l-6 6` }));
      else made.append(drawing("circle", { class: dot.filled ? "fc-dot" : "fc-dot fc-open", cx: x(dot.at), cy: y(dot.value), r: DOT }));
    }
    made.append(...named(chart.dots, x, y, width));
    svg.replaceChildren(made, line, spot);
    move(now);
  }

  /** What is known at a time. @param {number} time */
  function told(time) {
    const received = chart.format ? valueAt(chart.runs, time) : null;
    if (received !== null && chart.format) return valueText(received, chart.format);
    const near = chart.dots.find((dot) => Math.abs(x(dot.at) - x(time)) < NEAR_DOT);
    return near ? near.text : (words.none ?? "");
  }

  /** @param {number} time */
  function move(time) {
    now = time;
    const said = told(time);
    const received = valueAt(chart.runs, time);
    line.setAttribute("d", `M${x(time)} ${ROOM.top}V${HEIGHT - ROOM.foot}`);
    spot.setAttribute("cx", String(x(time)));
    spot.setAttribute("cy", String(y(received ?? 0)));
    spot.toggleAttribute("hidden", received === null);
    value.textContent = said;
    plot.setAttribute("aria-valuenow", String(Math.round(time)));
    plot.setAttribute("aria-valuetext", `${clockText(time, false)} ${scene.words.utc ?? "UTC"}, ${said}, ${spanAt(scene, time)?.spoken ?? ""}`);
  }

  /** @param {number} time */
  function go(time) {
    const to = Math.min(end, Math.max(start, time));
    move(to);
    seek({ t: to });
  }

  plot.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const at = event.clientX - plot.getBoundingClientRect().left;
    const near = chart.dots.find((dot) => Math.abs(x(dot.at) - at) < NEAR_DOT / 2);
    go(near?.at ?? start + ((at - ROOM.side) / Math.max(1, width - 2 * ROOM.side)) * (end - start));
  });
  plot.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 10 * MINUTE : MINUTE;
    /** @type {Record<string, number>} */
    const keys = { ArrowRight: now + step, ArrowUp: now + step, ArrowLeft: now - step, ArrowDown: now - step, PageUp: now + 10 * MINUTE, PageDown: now - 10 * MINUTE, Home: start, End: end };
    const to = keys[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(to);
  });

  const unfollow = follow((time) => move(time));
  const watcher = new ResizeObserver(() => plot.clientWidth !== width && draw());
  watcher.observe(plot);
  return {
    node,
    draw,
    end() {
      unfollow();
      watcher.disconnect();
    },
  };
}

/**
 * The published values, where they do not stand on each other.
 * @param {Dot[]} dots
 * @param {(time: number) => number} x
 * @param {(value: number) => number} y
 * @param {number} width
 */
function named(dots, x, y, width) {
  let free = 0;
  return dots.flatMap((dot) => {
    const text = dot.short ?? dot.text;
    const least = text.length * LETTER;
    const right = x(dot.at) + 7 + least < width;
    const from = right ? x(dot.at) + 7 : x(dot.at) - 7 - least;
    if (from < free) return [];
    free = from + least + 4;
    return [writing(text, right ? from : x(dot.at) - 7, Math.max(ROOM.top + 9, y(dot.value) + 4), right ? "start" : "end")];
  });
}

/** What the bands mean. @param {Scene} scene */
function legend(scene) {
  const styles = new Map(scene.states.map((span) => [span.style, span.text]));
  return element(
    "ul",
    { class: "fc-key" },
    ...[...styles].map(([style, text]) => {
      const id = `fc-key-${style}`;
      const box = { x: 0.5, y: 0.5, width: 25, height: 11 };
      const hatch = style !== "received" && style !== "inferred";
      const swatch = drawing("svg", { width: 26, height: 12, "aria-hidden": "true", focusable: "false" }, patterns(id), drawing("rect", { ...box, class: `fc-band fc-band-${style} fc-edge` }), hatch && drawing("rect", { ...box, fill: `url(#${id}-${style})`, opacity: 0.6 }));
      return element("li", null, swatch, text);
    }),
  );
}

/** @param {string} text @param {number} x @param {number} y @param {string} anchor */
function writing(text, x, y, anchor) {
  const node = drawing("text", { class: "fc-axis", x, y, "text-anchor": anchor });
  node.textContent = text;
  return node;
}

/**
 * The same as a table: each published value, and of each run of received values its ends, its lowest and its highest.
 * @param {Chart} chart
 * @param {Scene} scene
 * @param {Record<string, string>} words
 */
function alternative({ caption, dots, runs, format }, scene, words) {
  const clock = (/** @type {number} */ time) => `${clockText(time, false)} ${scene.words.utc ?? "UTC"}`;
  const text = (/** @type {number} */ what) => (format ? valueText(what, format) : "");
  /** @type {[string, string][]} */
  const rows = dots.map((dot) => [clock(dot.at), dot.text]);
  for (const { time, value } of format ? runs : []) {
    const low = value.indexOf(Math.min(...value));
    const high = value.indexOf(Math.max(...value));
    const last = value.length - 1;
    for (const [name, i] of /** @type {[string | undefined, number][]} */ ([[words.first, 0], [words.lowest, low], [words.highest, high], [words.last, last]]).sort((a, b) => a[1] - b[1])) {
      rows.push([`${clock(time[i] ?? 0)} · ${name}`, text(value[i] ?? 0)]);
    }
  }
  const body = element("tbody", null, ...rows.slice(0, MOST).map(([when, what]) => element("tr", null, element("th", { scope: "row" }, when), element("td", null, what))));
  return element("details", null, element("summary", null, words.table), element("table", { "aria-label": caption }, body));
}
