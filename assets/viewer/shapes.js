// Signs: grade markers, patterns, the aircraft, legend swatches.

import { drawing } from "./dom.js";

/** @typedef {import("./types.js").Grade} Grade */

const DART = "M0-10.5L7.2 8.5L0 4.6L-7.2 8.5Z";

/**
 * Outline of a grade: circle, square, diamond or dashed circle.
 * @param {Grade} grade
 * @param {number} r
 * @param {string} kind class
 * @returns {SVGElement}
 */
function outline(grade, r, kind) {
  if (grade === "stated") {
    const side = 1.86 * r;
    return drawing("rect", { class: kind, x: -side / 2, y: -side / 2, width: side, height: side, rx: 2 });
  }
  if (grade === "disputed") {
    const d = 1.3 * r;
    return drawing("path", { class: kind, d: `M0 ${-d}L${d} 0L0 ${d}L${-d} 0Z` });
  }
  return drawing("circle", { class: kind, r });
}

/**
 * A grade marker around 0, 0; `fc-on` on it shows its halo.
 * @param {Grade} grade
 * @param {number} r px
 * @param {string | null} text number or letter
 */
export function gradeMark(grade, r, text) {
  const known = ["confirmed", "stated", "disputed"].includes(grade);
  const body = outline(grade, r, `fc-body${grade === "confirmed" ? " fc-full" : ""}`);
  if (!known) body.setAttribute("stroke-dasharray", `${0.42 * r} ${0.3 * r}`);
  const mark = drawing("g", { class: "fc-mark" }, outline(grade, r + 4, "fc-halo"), body);
  if (grade === "disputed") {
    const d = 1.3 * r;
    mark.append(drawing("path", { class: "fc-edge", d: `M${-d} 0L0 ${-d}M${d} 0L0 ${d}`, "stroke-width": r < 8 ? 2.4 : 3.4 }));
  }
  if (text) {
    const size = Math.max(r * (text.length > 1 ? 0.94 : 1.05), 8.5);
    const label = drawing("text", { class: grade === "confirmed" ? "fc-num fc-numfull" : "fc-num", y: size * 0.355, "font-size": size });
    label.textContent = text;
    mark.append(label);
  }
  return mark;
}

/**
 * The aircraft in its circle of doubt.
 * @returns {{ node: SVGGElement, turn: (degrees: number, hollow: boolean, doubt: number) => void }}
 */
export function aircraftMark() {
  const dart = drawing("path", { d: DART });
  const circle = drawing("circle", { class: "fc-doubt" });
  const node = drawing("g", { class: "fc-aircraft" }, circle, dart);
  return {
    node,
    turn(degrees, hollow, doubt) {
      dart.setAttribute("transform", `rotate(${degrees.toFixed(1)})scale(1.3)`);
      dart.setAttribute("class", hollow ? "fc-dart fc-hollow" : "fc-dart");
      circle.setAttribute("r", String(hollow ? Math.max(doubt, 15) : 0));
    },
  };
}

/**
 * The hatches of one <svg>; ids are unique by `id`.
 * @param {string} id
 * @returns {SVGDefsElement}
 */
export function patterns(id) {
  /** @param {string} name @param {number} size @param {string} d @param {boolean} turned */
  const tile = (name, size, d, turned) =>
    drawing(
      "pattern",
      { id: `${id}-${name}`, patternUnits: "userSpaceOnUse", width: size, height: size, patternTransform: turned ? "rotate(45)" : null },
      drawing("path", { class: `fc-tile-${name}`, d }),
    );
  return drawing("defs", null, tile("silent", 6, "M0 0V6", true), tile("partial", 6, "M0 0V6", true), tile("rejected", 5, "M0 0L5 5M5 0L0 5", false));
}

/**
 * @param {number} x
 * @param {number} y
 */
export function cross(x, y) {
  return `M${x - 3.6} ${y - 3.6}l7.2 7.2m0-7.2l-7.2 7.2`;
}

/**
 * What stands for a style in the legend, 34 x 14 px.
 * @param {string} style
 * @param {string} id
 */
export function swatch(style, id) {
  const svg = drawing("svg", { class: "fc-swatch", width: 36, height: 14, "aria-hidden": "true", focusable: "false" });
  const hatched = style === "silent" || style === "partial";
  if (hatched || style === "rejected") svg.append(patterns(id));
  if (hatched) svg.append(drawing("rect", { y: 2, width: 36, height: 10, fill: `url(#${id}-${style})`, opacity: 0.7 }));
  if (style === "reach") svg.append(patterns(id), drawing("rect", { class: "fc-reach fc-now", x: 1, y: 1, width: 34, height: 12, rx: 6, fill: `url(#${id}-silent)` }));
  if (style === "inferred") svg.append(drawing("rect", { class: "fc-b-inferred", y: 1, width: 36, height: 12 }));
  if (style === "ring" || style === "claim") svg.append(drawing("circle", { class: "fc-ring", cx: 18, cy: 7, r: 5 }));
  else if (style === "claim-minor") svg.append(drawing("path", { class: "fc-ring fc-r-claim-minor", d: "M1 4.5H35M1 9.5H35" }));
  else if (style === "wedge") svg.append(drawing("path", { class: "fc-wedge", d: "M18 1L34 13H2Z" }));
  else if (style === "rejected") svg.append(drawing("path", { class: "fc-crosses", d: cross(8, 7) + cross(18, 7) + cross(28, 7) }));
  else if (style !== "reach") svg.append(drawing("path", { class: `fc-line fc-l-${style}`, d: style === "intended" ? "M2 7H35" : "M1 7H35" }));
  return svg;
}

/**
 * @param {Grade} grade
 * @param {number} size px of the box
 * @param {number} r
 * @param {string | null} text
 */
export function gradeIcon(grade, size, r, text) {
  const box = `${-size / 2} ${-size / 2} ${size} ${size}`;
  return drawing("svg", { class: "fc-grade", width: size, height: size, viewBox: box, "aria-hidden": "true", focusable: "false" }, gradeMark(grade, r, text));
}
