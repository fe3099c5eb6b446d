// Places texts on the map so that none covers a marker, a heavy line, the furniture or another text.
// On paper geo/render/poster/placing/labels.py does the same, step for step: change both.

import { drawing, meet, plain } from "./dom.js";
import { solve } from "./solver.js";

/** @typedef {import("./types.js").Words} Words */
/** @typedef {import("./dom.js").Box} Box */
/** @typedef {{ x: number, y: number }} Spot */
/** @typedef {{ words: Words, size: number, weight: number, kind: string, spacing?: number }} TextLine */
/** @typedef {"start" | "middle" | "end"} Align */
/**
 * @typedef {object} Label
 * @property {TextLine[][]} forms what it says: the fullest first, the shortest last
 * @property {(Spot & { nx?: number, ny?: number })[]} anchors in order of preference; along a line with its normal
 * @property {number} gap px from the anchor
 * @property {"beside" | "along" | "centre"} mode
 * @property {number} rank low ranks find room first
 * @property {number} full rank of what the shortest form leaves out
 * @property {boolean} [must] rather on a line than not at all
 * @property {object} [of] the line that it stands along
 */
/** @typedef {Spot & { weight?: number, of?: object }} Point of a line, with what it weighs that a text covers it */
/** @typedef {{ size: Spot, boxes: Box[], marks: Box[], points: Point[] }} Scenery what texts leave free: boxes of the furniture, of signs and aerodromes, and lines */
/** @typedef {{ lines: TextLine[], box: Box, zone: Box, anchor: Align, cost: number, tier: number }} Placed */
/** @typedef {(text: string, size: number, weight?: number) => number} Ruler */

const EDGE = 5;
/** What a point of a line weighs that may be crossed: a binary fraction, so that sums are exact in any order. */
const LIGHT = 0.3125;
/** What a point of a line weighs that no text may cover. */
export const HEAVY = 100;
/** Most options of one form that are looked at. */
const ENOUGH = 32;
const NEAR = 8;

/** @param {TextLine} line */
const lineHeight = (line) => Math.round(line.size * 1.2);

/** @param {Box} box @param {number} by @returns {Box} */
const grown = ([left, top, right, bottom], by) => [left - by, top - by, right + by, bottom + by];

/**
 * Left, top, alignment and cost of the places to try at an anchor: right, left, below, above, then the corners.
 * @param {Label} label
 * @param {Label["anchors"][0]} at
 * @param {number} w
 * @param {number} h
 * @param {number} first height of the first line
 * @returns {[number, number, Align, number][]}
 */
function candidates(label, at, w, h, first) {
  const { x, y, nx = 0, ny = 0 } = at;
  if (label.mode === "centre") return [[x - w / 2, y - h / 2, "middle", 0]];
  /** @type {[number, number, Align, number][]} */
  const found = [];
  for (const more of label.must ? [0, 6, 14, 24, 36] : [0, 6, 14]) {
    const gap = label.gap + more;
    if (label.mode === "along") {
      for (const side of [1, -1]) found.push([x + side * nx * (gap + Math.abs(nx) * (w / 2)) - w / 2, y + side * ny * (gap + (Math.abs(ny) * h) / 2) - h / 2, "middle", (side > 0 ? 0 : 0.7) + more / 20]);
      continue;
    }
    const corner = gap * 0.75;
    const far = more / 5;
    found.push(
      [x + gap, y - first / 2, "start", far],
      [x - gap - w, y - first / 2, "end", 0.8 + far],
      [x - w / 2, y + gap, "middle", 1.6 + far],
      [x - w / 2, y - gap - h, "middle", 2 + far],
      [x + corner, y - corner - h, "start", 2.6 + far],
      [x + corner, y + corner, "start", 2.7 + far],
      [x - corner - w, y - corner - h, "end", 2.8 + far],
      [x - corner - w, y + corner, "end", 2.9 + far],
      [x + gap, y - h, "start", 3 + far],
      [x - gap - w, y - h, "end", 3.1 + far],
    );
  }
  return found;
}

/**
 * What the points weigh that a box covers, but for those of one line.
 * @param {Point[]} points
 * @param {Box} box
 * @param {object} [but]
 */
function weigh(points, [left, top, right, bottom], but) {
  let sum = 0;
  for (const { x, y, weight = LIGHT, of } of points) if (x > left && x < right && y > top && y < bottom && !(but && of === but)) sum += weight;
  return sum;
}

/** @param {TextLine[]} lines @param {Ruler} ruler @returns {[number, number]} */
function extent(lines, ruler) {
  const widths = lines.map((line) => {
    const text = plain(line.words);
    return ruler(text, line.size, line.weight) + text.length * (line.spacing ?? 0);
  });
  return [Math.max(...widths) + 2, lines.reduce((sum, line) => sum + lineHeight(line), 0)];
}

/**
 * Where a text may stand, the best places first.
 * @param {Label} label
 * @param {Scenery} scenery
 * @param {Ruler} ruler
 */
function options(label, { size, boxes, marks, points }, ruler) {
  const all = [...boxes, ...marks];
  const map = /** @type {Box} */ ([EDGE, EDGE, size.x - EDGE, size.y - EDGE]);
  // Names of countries and waters keep away from what is drawn.
  const pad = label.mode === "centre" ? 4 : 1;
  return label.forms.flatMap((lines, nth) => {
    const shortest = nth === label.forms.length - 1;
    const [w, h] = extent(lines, ruler);
    const first = lines[0] ? lineHeight(lines[0]) : 0;
    /** @type {Placed[]} */
    const found = [];
    label.anchors.forEach((at, i) => {
      const others = marks.filter((mark) => !meet([at.x - 3, at.y - 3, at.x + 3, at.y + 3], mark));
      for (const [x, y, anchor, taste] of candidates(label, at, w, h, first)) {
        const box = /** @type {Box} */ ([x, y, x + w, y + h]);
        const zone = grown(box, pad);
        if (box[0] < map[0] || box[1] < map[1] || box[2] > map[2] || box[3] > map[3] || all.some((other) => meet(zone, other))) continue;
        // No other line runs between a text and its own.
        const [nx, ny] = [Math.max(x, Math.min(at.x, box[2])), Math.max(y, Math.min(at.y, box[3]))];
        const between = label.of ? weigh(points, grown([Math.min(nx, at.x), Math.min(ny, at.y), Math.max(nx, at.x), Math.max(ny, at.y)], 4), label.of) : 0;
        const covers = weigh(points, grown(box, pad + 1)) + between;
        const bearable = label.mode === "centre" ? !covers : covers < (shortest ? 12 : 4);
        if (!bearable && !(label.must && shortest)) continue;
        // A text stands nearer to its own sign than to others.
        const around = grown(box, NEAR);
        const rivals = others.filter((other) => meet(around, other)).length;
        found.push({ lines, box, zone, anchor, cost: (i * 0.15 + taste + covers + rivals) / (1 + label.rank), tier: bearable ? label.forms.length - nth : 0 });
      }
    });
    return found.sort((a, b) => a.cost - b.cost).slice(0, ENOUGH);
  }).sort((a, b) => a.cost - b.cost);
}

/** @param {Label} label */
const said = ({ forms, anchors, rank }) => `${forms[0]?.map((line) => plain(line.words))} ${anchors[0]?.x} ${anchors[0]?.y} ${rank}`;

/**
 * The texts of the story find room first, all together; the names of countries and waters stand where they leave some.
 * @param {Label[]} labels
 * @param {Scenery} scenery
 * @param {Ruler} ruler
 * @returns {Generator<void, Placed[]>}
 */
export function* arranging(labels, scenery, ruler) {
  const points = scenery.points.filter(({ x, y }) => x > 0 && y > 0 && x < scenery.size.x && y < scenery.size.y);
  // Their order in the scene must not matter.
  const sorted = labels.map((label) => ({ label, key: said(label) })).sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  /** @type {Placed[]} */
  const placed = [];
  for (const names of [false, true]) {
    const free = { ...scenery, points, boxes: [...scenery.boxes, ...placed.map((each) => each.box)] };
    const items = [];
    for (const { label } of sorted.filter((each) => (each.label.mode === "centre") === names)) {
      yield;
      items.push({ options: options(label, free, ruler), ranks: [label.rank, ...label.forms.map((_, i) => (i ? label.full : label.rank))] });
    }
    yield;
    placed.push(...solve(items, (a, b) => meet(a.zone, b.zone)).flatMap((each) => each ?? []));
  }
  return placed;
}

/**
 * @param {Placed} placed
 * @param {Spot} shift from px of the map to px of the layer
 */
export function drawLabel({ lines, box, anchor }, shift) {
  const node = drawing("g", { class: "fc-label" });
  let y = box[1] + shift.y;
  const x = (anchor === "start" ? box[0] + 1 : anchor === "end" ? box[2] - 1 : (box[0] + box[2]) / 2) + shift.x;
  for (const line of lines) {
    const height = lineHeight(line);
    const text = drawing("text", { class: line.kind, x: x.toFixed(1), y: (y + height * 0.79).toFixed(1), "text-anchor": anchor, "font-size": line.size, "font-weight": line.weight });
    if (typeof line.words !== "string") text.setAttribute("lang", line.words.lang);
    text.textContent = plain(line.words);
    node.append(text);
    y += height;
  }
  return node;
}
