// The texts of the map, placed: what each view wants to say, and what it has to leave free.
// On paper geo/render/poster/placing/annotate.py does the same, step for step: change both.

import { closeupLabels, lineLabels, nameLabels, placeLabels } from "./caption.js";
import { decodeLatLngs } from "./decode.js";
import { arranging } from "./labels.js";
import { body } from "./markers.js";

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").Closeup} Closeup */
/** @typedef {import("./dom.js").Box} Box */
/** @typedef {import("./markers.js").Sign} Sign */
/** @typedef {{ x: number, y: number }} Spot */
/**
 * @typedef {object} Sight what a view shows, in px of the map
 * @property {Spot} size
 * @property {import("./labels.js").Scenery["points"]} points along all that is drawn
 * @property {(Spot & { r: number })[]} ports
 * @property {Box[]} boxes of the furniture
 * @property {Sign[]} signs
 * @property {Closeup | null} closeup
 * @property {import("./lines.js").DrawnLine[]} lines
 * @property {(at: [number, number]) => Spot} project
 */

/** What a point of a leader weighs. */
const LEADER = 3;

/** @param {Spot} at @param {number} r @returns {Box} */
const around = (at, r) => [at.x - r, at.y - r, at.x + r, at.y + r];

/**
 * Points every few px along the leader of a sign.
 * @param {Sign} sign
 * @param {Spot} from
 */
function leader(sign, from) {
  const steps = Math.ceil(Math.hypot(sign.x - from.x, sign.y - from.y) / 5);
  return [...Array(steps).keys()].map((i) => ({ x: from.x + ((sign.x - from.x) * i) / steps, y: from.y + ((sign.y - from.y) * i) / steps, weight: LEADER }));
}

/**
 * @param {Scene} scene
 * @param {Sight} sight
 * @param {import("./labels.js").Ruler} ruler
 */
export function* annotate(scene, sight, ruler) {
  const { size, ports, signs, closeup, lines, project } = sight;
  const small = size.x < 480;
  const marks = [...ports.map((port) => around(port, port.r > 6 ? port.r * 0.8 : 5)), ...signs.map((sign) => around(sign, body(sign) + 2))];
  if (closeup) for (const mark of closeup.marks) marks.push(around(project(mark.at), 14));
  const points = [...sight.points, ...signs.flatMap((sign) => leader(sign, project(sign.marker.at)))];
  /** @param {[number, number]} at */
  const ringAt = (at) => {
    const here = project(at);
    return ports.find((port) => Math.hypot(port.x - here.x, port.y - here.y) < 1)?.r ?? 0;
  };
  /** @param {import("./types.js").Path} ring */
  const outline = (ring) => decodeLatLngs(ring).map(([lat, lon]) => project([lon, lat]));
  const labels = [...placeLabels(scene, project, signs, ringAt, small), ...nameLabels(scene, project, size)];
  labels.push(...(closeup ? closeupLabels(closeup, project, small, outline) : lineLabels(lines, project, size)));
  const inside = labels.filter((label) => label.anchors.some((at) => at.x > 0 && at.y > 0 && at.x < size.x && at.y < size.y));
  return yield* arranging(inside, { size, boxes: sight.boxes, marks, points }, ruler);
}
