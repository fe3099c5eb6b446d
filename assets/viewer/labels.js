// Places texts on the map so that none covers a marker, a line, the furniture or another text.

import { drawing, meet, plain } from "./dom.js";

/** @typedef {import("./types.js").Words} Words */
/** @typedef {import("./dom.js").Box} Box */
/** @typedef {{ x: number, y: number }} Spot */
/** @typedef {{ words: Words, size: number, weight: number, kind: string, spacing?: number }} TextLine */
/**
 * @typedef {object} Label
 * @property {TextLine[]} lines
 * @property {Spot[]} anchors in order of preference
 * @property {number} gap px from the anchor
 * @property {"beside" | "along" | "centre"} mode
 * @property {number} rank low ranks are placed first
 * @property {boolean} must drawn even where it hits something
 * @property {Label} [instead] tried where this one finds no room
 */
/** @typedef {{ size: Spot, boxes: Box[], points: (Spot & { light?: boolean })[] }} Scenery */
/** @typedef {{ label: Label, box: Box, anchor: "start" | "middle" | "end" }} Placed */
/** @typedef {(text: string, size: number, weight?: number) => number} Ruler */

const EDGE = 5;

/** @param {TextLine} line */
const lineHeight = (line) => Math.round(line.size * 1.2);

/**
 * Left, top and alignment to try around an anchor: right, left, below, above, then the corners.
 * @param {Label} label
 * @param {Spot} at
 * @param {number} w
 * @param {number} h
 * @returns {[number, number, "start" | "middle" | "end"][]}
 */
function candidates(label, at, w, h) {
  const { gap } = label;
  const first = lineHeight(label.lines[0] ?? { size: 12, words: "", weight: 400, kind: "" }) / 2;
  const { x, y } = at;
  if (label.mode === "centre") return [[x - w / 2, y - h / 2, "middle"]];
  const beside = /** @type {[number, number, "start" | "middle" | "end"][]} */ ([
    [x + gap, y - first, "start"],
    [x + gap + 6, y - first, "start"],
    [x - gap - w, y - first, "end"],
    [x - gap - 6 - w, y - first, "end"],
    [x - w / 2, y + gap, "middle"],
    [x - w / 2, y - gap - h, "middle"],
  ]);
  const corner = gap * 0.75;
  /** @type {[number, number, "start" | "middle" | "end"][]} */
  const corners = [
    [x + corner, y - corner - h, "start"],
    [x + corner, y + corner, "start"],
    [x - corner - w, y - corner - h, "end"],
    [x - corner - w, y + corner, "end"],
  ];
  if (label.mode === "beside") return [...beside, ...corners, [x + gap, y - h, "start"], [x - gap - w, y - h, "end"], [x - w / 2, y + gap + 6, "middle"]];
  const steps = [0, 6, 12, 18].map((more) => [x - w / 2, y - gap - more - h, "middle"]);
  return /** @type {[number, number, "start" | "middle" | "end"][]} */ ([...steps, corners[0], ...steps.map((_, i) => [x - w / 2, y + gap + 6 * i, "middle"]), corners[1], beside[0], corners[2], corners[3], beside[2]]);
}

/**
 * @param {Box} box
 * @param {Scenery} scenery
 * @param {Placed[]} placed
 * @returns {number} how much it covers; 0 is free
 */
function covers(box, scenery, placed) {
  const { size, boxes, points } = scenery;
  let cost = 0;
  if (box[0] < EDGE || box[1] < EDGE || box[2] > size.x - EDGE || box[3] > size.y - EDGE) cost += 100;
  for (const other of boxes) if (meet(box, other)) cost += 20;
  for (const other of placed) if (meet(box, other.box)) cost += 30;
  for (const point of points) if (point.x > box[0] - 2 && point.x < box[2] + 2 && point.y > box[1] - 1 && point.y < box[3] + 1) cost += point.light ? 0.1 : 1;
  return cost;
}

/** @param {Label} label @param {Ruler} ruler @returns {[number, number]} */
function extent(label, ruler) {
  const widths = label.lines.map((line) => {
    const text = plain(line.words);
    return ruler(text, line.size, line.weight) + text.length * (line.spacing ?? 0);
  });
  return [Math.max(...widths) + 2, label.lines.reduce((sum, line) => sum + lineHeight(line), 0)];
}

/**
 * @param {Label[]} labels
 * @param {Scenery} scenery
 * @param {Ruler} ruler
 * @returns {Placed[]}
 */
export function solve(labels, scenery, ruler) {
  /** @type {Placed[]} */
  const placed = [];
  for (const wanted of [...labels].sort((a, b) => a.rank - b.rank)) {
    /** @type {(Placed & { cost: number }) | null} */
    let best = null;
    for (let label = /** @type {Label | undefined} */ (wanted); label && (!best || best.cost > (wanted.must ? 1 : 0)); label = label.instead) {
      // A second line is worth a little crossing of light lines.
      const worth = best ? 1 : 0;
      const [w, h] = extent(label, ruler);
      // Names of countries and waters keep away from what is drawn.
      const room = label.mode === "centre" ? 7 : 0;
      for (const at of label.anchors) {
        for (const [x, y, anchor] of candidates(label, at, w, h)) {
          const box = /** @type {Box} */ ([x, y, x + w, y + h]);
          const cost = covers([x - room, y - room, x + w + room, y + h + room], scenery, placed);
          if (!best || cost < best.cost - (best.label === label ? 0 : worth)) best = { label, box, anchor, cost };
          if (!cost) break;
        }
        if (best && best.cost <= (wanted.must ? 0.9 : 0)) break;
      }
    }
    if (best && (!best.cost || (wanted.must && best.cost < 40))) placed.push(best);
  }
  return placed;
}

/**
 * @param {Placed} placed
 * @param {Spot} shift from px of the map to px of the layer
 */
export function drawLabel(placed, shift) {
  const { label, box, anchor } = placed;
  const node = drawing("g", { class: "fc-label" });
  let y = box[1] + shift.y;
  const x = (anchor === "start" ? box[0] + 1 : anchor === "end" ? box[2] - 1 : (box[0] + box[2]) / 2) + shift.x;
  for (const line of label.lines) {
    const height = lineHeight(line);
    const text = drawing("text", { class: line.kind, x: x.toFixed(1), y: (y + height * 0.79).toFixed(1), "text-anchor": anchor, "font-size": line.size, "font-weight": line.weight });
    if (typeof line.words !== "string") text.setAttribute("lang", line.words.lang);
    text.textContent = plain(line.words);
    node.append(text);
    y += height;
  }
  return node;
}
