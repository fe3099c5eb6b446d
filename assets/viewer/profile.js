// Altitude and one more quantity over time: received series, single published values, and where there are none.

import { drawing, meet } from "./dom.js";

/** @typedef {import("./types.js").Profile} Profile */
/** @typedef {import("./readout.js").Line} Line */
/** @typedef {import("./dom.js").Box} Box */
/** @typedef {{ opens: number, x: (time: number) => number, left: number, right: number }} Axis */
/** @typedef {(text: string, size: number, weight?: number) => number} Ruler */

/** Rows of the time bar, px: 30,000 ft, 0 ft, their labels. */
const PROFILE_TOP = 20;
const PROFILE_FOOT = 56;
const VALUE_SIZE = 11;

/**
 * A received series, with its lowest and highest value for each pixel.
 * @param {import("./readout.js").Series} series
 * @param {Axis} axis
 * @param {(value: number) => number} y
 */
export function seriesPath({ time: times, value: values }, axis, y) {
  let d = "";
  let pixel = -1;
  /** @type {number[]} */
  let kept = [];
  const flush = () => {
    const low = Math.min(...kept);
    const high = Math.max(...kept);
    for (const value of kept.length < 3 ? kept : [low, high]) d += `${d ? "L" : "M"}${pixel} ${value.toFixed(1)}`;
    kept = [];
  };
  times.forEach((time, i) => {
    const at = Math.round(axis.x(time));
    if (at !== pixel) {
      if (kept.length) flush();
      pixel = at;
    }
    kept.push(y(values[i] ?? 0));
  });
  if (kept.length) flush();
  return d;
}

/**
 * @param {Profile | null} profile
 * @param {Line[]} lines the one at the back first
 * @param {Axis} axis
 * @param {Ruler} ruler
 * @returns {{ node: SVGGElement, missing: SVGTextElement | null, span: [number, number] }} the note on missing figures, and its width
 */
export function drawProfile(profile, lines, axis, ruler) {
  const { dots, missing, top, caption } = profile ?? { dots: [], missing: null, top: 1, caption: "" };
  /** @param {number} value */
  const y = (value, high = top, low = 0) => PROFILE_FOOT - ((PROFILE_FOOT - PROFILE_TOP) * (Math.min(value, high) - low)) / (high - low);
  const node = drawing("g", { class: "fc-profile" });
  node.append(drawing("path", { class: "fc-hair", d: `M${axis.left} ${PROFILE_FOOT}H${axis.right}` }));
  for (const line of lines) {
    if (line.low) node.append(drawing("path", { class: "fc-hair", d: `M${axis.left} ${y(0, line.top, line.low)}H${axis.right}` }));
    const d = line.runs.map((run) => seriesPath(run, axis, (value) => y(value, line.top, line.low))).join("");
    node.append(drawing("path", { class: line.beside ? "fc-series fc-beside" : "fc-series", d }));
  }

  const spots = dots.map((dot) => ({ dot, x: axis.x(dot.at), y: y(dot.value) }));
  /** @type {Box[]} */
  const taken = [...spots.map((spot) => /** @type {Box} */ ([spot.x - 3, spot.y - 3, spot.x + 3, PROFILE_FOOT])), [axis.opens - 3, 0, axis.opens + 3, PROFILE_FOOT]];
  for (const spot of spots) {
    node.append(drawing("path", { class: "fc-stem", d: `M${spot.x} ${spot.y}V${PROFILE_FOOT}` }));
    if (spot.dot.false) node.append(drawing("path", { class: "fc-false", d: `M${spot.x - 3} ${spot.y - 3}l6 6m0-6l-6 6` }));
    else node.append(drawing("circle", { class: spot.dot.filled ? "fc-dot" : "fc-dot fc-open", cx: spot.x, cy: spot.y, r: spot.dot.filled ? 3.6 : 3.2 }));
  }
  /** @param {string} text @param {Box} box @param {string} kind */
  const write = (text, box, kind) => {
    taken.push(box);
    const label = drawing("text", { class: kind, x: box[0], y: box[3] - 2 });
    label.textContent = text;
    node.append(label);
    return label;
  };
  for (const spot of spots) {
    const { x } = spot;
    const { text: full, short = full } = spot.dot;
    // The first value names the unit; later ones keep their words, and do without the unit.
    const lean = spot !== spots[0] && full.length - short.length < 5 ? short : full;
    for (const text of spot.dot.filled ? [lean, short] : [full]) {
      const width = ruler(text, VALUE_SIZE);
      /** @param {number} left @param {number} middle @returns {Box} */
      const box = (left, middle) => [left, middle - 6, left + width, middle + 6];
      const places = [box(x + 7, spot.y), box(x + 7, spot.y - 5), box(x + 7, spot.y + 3), box(x - 7 - width, spot.y), box(x - width / 2, spot.y - 11), box(x - width / 2 + 4, spot.y + 12)];
      const free = places.find((place) => place[0] > axis.left && place[2] < axis.right + 60 && place[1] > 13 && place[3] < PROFILE_FOOT + 6 && !taken.some((other) => meet(place, other)));
      if (free) {
        write(text, free, "fc-value");
        break;
      }
    }
  }
  // A received altitude is named in the row above.
  const wide = profile && !profile.series.length ? ruler(caption, VALUE_SIZE) : 0;
  const named = [40, 16, 28].map((top) => /** @type {Box} */ ([axis.left + 5, top, axis.left + 5 + wide, top + 12])).find((box) => !taken.some((other) => meet(box, other)));
  if (wide && named) write(caption, named, "fc-quiet");
  if (lines.length) {
    const edge = [...lines].reverse().map((line) => line.top_text).join(" · ");
    const length = ruler(edge, VALUE_SIZE);
    // Under the values, which may stand on it.
    node.prepend(drawing("path", { class: "fc-hair", d: `M${axis.left} ${PROFILE_TOP}H${axis.right}` }));
    const ends = [0, 60, 120].map((by) => /** @type {Box} */ ([axis.right - by - length - 4, PROFILE_TOP - 6, axis.right - by - 4, PROFILE_TOP + 6]));
    const end = ends.find((box) => !taken.some((other) => meet(box, other)));
    if (end) write(edge, end, "fc-quiet");
  }
  if (!missing) return { node, missing: null, span: [0, 0] };
  const right = axis.x(missing.to) - 3;
  const length = ruler(missing.text, VALUE_SIZE);
  const note = /** @type {Box} */ ([right - length, 36, right, 48]);
  if (taken.some((other) => meet(note, other))) return { node, missing: null, span: [0, 0] };
  return { node, missing: write(missing.text, note, "fc-quiet"), span: [note[0], note[2]] };
}
