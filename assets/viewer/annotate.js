// The texts of the map, placed: what each view wants to say, and what it has to leave free.

import { closeupLabels, lineLabels, nameLabels, placeLabels } from "./caption.js";
import { decodeLatLngs } from "./decode.js";
import { solve } from "./labels.js";

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").Closeup} Closeup */
/** @typedef {import("./dom.js").Box} Box */
/** @typedef {import("./markers.js").Sign} Sign */
/** @typedef {{ x: number, y: number }} Spot */
/**
 * @typedef {object} Sight what a view shows, in px of the map
 * @property {Spot} size
 * @property {(Spot & { light?: boolean })[]} points along all that is drawn
 * @property {(Spot & { r: number })[]} ports
 * @property {Box[]} boxes of the furniture
 * @property {Sign[]} signs
 * @property {Closeup | null} closeup
 * @property {import("./lines.js").DrawnLine[]} lines
 * @property {(at: [number, number]) => Spot} project
 */

/** @param {Spot} at @param {number} r @returns {Box} */
const around = (at, r) => [at.x - r, at.y - r, at.x + r, at.y + r];

/**
 * @param {Scene} scene
 * @param {Sight} sight
 * @param {import("./labels.js").Ruler} ruler
 */
export function annotate(scene, sight, ruler) {
  const { size, points, ports, signs, closeup, lines, project } = sight;
  const small = size.x < 480;
  const boxes = [...sight.boxes, ...ports.map((port) => around(port, 5)), ...signs.map((sign) => around(sign, sign.r * (sign.event.grade === "disputed" ? 1.3 : 1) + 2))];
  for (const port of ports) if (port.r > 6) boxes.push(around(port, port.r * 0.8));
  if (closeup) for (const mark of closeup.marks) boxes.push(around(project(mark.at), 14));
  /** @param {[number, number]} at */
  const ringAt = (at) => {
    const here = project(at);
    return ports.find((port) => Math.hypot(port.x - here.x, port.y - here.y) < 1)?.r ?? 0;
  };
  /** @param {import("./types.js").Path} ring */
  const outline = (ring) => decodeLatLngs(ring).map(([lat, lon]) => project([lon, lat]));
  const labels = [...placeLabels(scene, project, signs, ringAt, small), ...nameLabels(scene, project, size)];
  if (closeup) labels.push(...closeupLabels(closeup, project, small, outline));
  else labels.push(...lineLabels(lines, project, size.x));
  const inside = labels.filter((label) => label.anchors.some((at) => at.x > 0 && at.y > 0 && at.x < size.x && at.y < size.y));
  return solve(inside, { size, boxes, points }, ruler);
}
