// Event markers, aerodromes and the aircraft.
// On paper geo/render/poster/placing/signs.py stands signs the same way, step for step: change both.

import { decodePath, interpolate } from "./decode.js";
import { drawing, element, meet } from "./dom.js";
import { svgIcon } from "./lines.js";
import { aircraftMark, gradeMark } from "./shapes.js";
import { solve } from "./solver.js";
import { spanAt } from "./state.js";

/** @typedef {import("./types.js").Context} Context */
/** @typedef {import("./types.js").EventMarker} EventMarker */
/** @typedef {import("./types.js").SceneEvent} SceneEvent */
/** @typedef {import("./dom.js").Box} Box */
/** @typedef {{ x: number, y: number }} Spot */
/** @typedef {{ marker: EventMarker, event: SceneEvent, layer: any, button: HTMLButtonElement, lead: any, r: number, x: number, y: number, edge: number, place: (dx: number, dy: number, edge: number) => void }} Sign */

/** Directions and steps of distance at which a sign may stand off its place. */
const AROUND = 16;
const STEPS = 6;
/** Most of them that are tried. */
const ENOUGH = 48;
/** Room between signs, px, and that around one that has no need to move. */
const APART = 3;
const ALONE = 50;
/** The aircraft is not drawn within this many seconds of an event that has a marker (0.6 min). */
const HIDE = 36;

/**
 * @param {any} L
 * @param {[number, number]} at lon, lat
 * @param {string} pane
 * @param {Node} html
 */
export function pointLayer(L, at, pane, html) {
  return L.marker([at[1], at[0]], { icon: L.divIcon({ className: "fc-icon", iconSize: [0, 0], html }), pane, interactive: false, keyboard: false });
}

/**
 * @param {any} L
 * @param {Context} ctx
 * @param {EventMarker} marker
 * @param {SceneEvent} event
 * @param {number} r
 * @returns {Sign}
 */
function makeSign(L, ctx, marker, event, r) {
  const leader = drawing("path", { class: "fc-leader" });
  const mark = gradeMark(event.grade, r, event.number);
  const button = element("button", { type: "button", class: "fc-marker", "aria-label": event.name, "aria-pressed": "false", "data-event": event.id }, svgIcon(mark));
  L.DomEvent.disableClickPropagation(button);
  button.addEventListener("click", () => ctx.choose(event.id, "map"));
  button.addEventListener("pointerenter", () => ctx.hint(event.id));
  button.addEventListener("pointerleave", () => ctx.hint(null));
  return {
    marker,
    event,
    button,
    r,
    x: 0,
    y: 0,
    edge: 0,
    layer: pointLayer(L, marker.at, "fc-marker", button),
    // Leaders lie under all markers.
    lead: pointLayer(L, marker.at, "fc-aircraft", svgIcon(leader)),
    place(dx, dy, edge) {
      button.style.transform = `translate(${dx.toFixed(1)}px,${dy.toFixed(1)}px)`;
      const length = Math.hypot(dx, dy);
      const from = length ? edge / length : 0;
      leader.setAttribute("d", length > edge ? `M${dx * from} ${dy * from}L${dx} ${dy}` : "");
    },
  };
}

/**
 * @param {any} L
 * @param {Context} ctx
 * @param {boolean} small
 * @returns {Sign[]} in time order
 */
export function makeSigns(L, ctx, small) {
  const signs = [];
  for (const event of ctx.scene.events) {
    const marker = ctx.scene.map.markers.find((each) => each.event === event.id);
    if (marker) signs.push(makeSign(L, ctx, marker, event, event.number ? (small ? 9.5 : 10.5) : 5));
  }
  return signs;
}

/** Half the side of the box around a sign. @param {{ r: number, event: { grade: string } }} sign */
export const body = ({ r, event }) => r * (event.grade === "disputed" ? 1.3 : 1);

/** @typedef {{ x: number, y: number, from: Spot | null, box: Box, cost: number, tier: number }} Stand */

/** @param {Spot} a @param {Spot} b @param {number} px */
const near = (a, b, px) => (a.x - b.x) ** 2 + (a.y - b.y) ** 2 < px * px;

/** @param {Spot} spot @param {Box} box */
const within = ({ x, y }, box) => x > box[0] && x < box[2] && y > box[1] && y < box[3];

/**
 * Whether a leader runs through a box that it does not come from.
 * @param {Stand} stand
 * @param {Box} box
 */
function through({ x, y, from }, box) {
  if (!from || within(from, box)) return false;
  const [a, b, c, d] = [(box[0] - from.x) / (x - from.x), (box[2] - from.x) / (x - from.x), (box[1] - from.y) / (y - from.y), (box[3] - from.y) / (y - from.y)];
  return Math.max(0, Math.min(a, b), Math.min(c, d)) < Math.min(1, Math.max(a, b), Math.max(c, d));
}

/** Whether two leaders cross. @param {Stand} a @param {Stand} b */
function cross(a, b) {
  if (!a.from || !b.from) return false;
  /** @param {Spot} p @param {Spot} q @param {Spot} r */
  const side = (p, q, r) => (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
  return side(a.from, a, b.from) * side(a.from, a, b) < 0 && side(b.from, b, a.from) * side(b.from, b, a) < 0;
}

/** @param {Stand} a @param {Stand} b */
const clash = (a, b) => meet(a.box, b.box) || through(a, b.box) || through(b, a.box) || cross(a, b);

/**
 * Where a sign may stand, the best first: at its place, or on a leader around it.
 * @param {Sign} sign
 * @param {Spot} spot
 * @param {Spot[]} spots places of all signs, this one among them
 * @param {Scenery} scenery
 * @returns {Stand[]}
 */
function stands(sign, spot, spots, { ports, points, boxes, size, radius }) {
  const half = body(sign);
  const edge = radius(sign);
  /** @param {Spot} at @param {Spot | null} from @param {number} cost @returns {Stand} */
  const stand = (at, from, cost) => {
    const pad = half + APART / 2;
    const box = /** @type {Box} */ ([at.x - pad, at.y - pad, at.x + pad, at.y + pad]);
    // A sign at its own place may stand for the aerodrome there.
    const hidden = ports.filter((port) => near(port, at, half + port.r + 1) && (from || !near(port, at, 2)));
    const outside = from && (box[0] < 2 || box[1] < 2 || box[2] > size.x - 2 || box[3] > size.y - 2);
    return { ...at, from, box, cost: cost + hidden.length * 40 + (outside ? 200 : 0) + (boxes.some((other) => meet(box, other)) ? 80 : 0), tier: 0 };
  };
  const home = stand(spot, null, 0);
  const found = edge ? [] : [home];
  // One that is out of view is left there, and one that is alone needs no other place.
  if (!within(spot, [0, 0, size.x, size.y])) return [home];
  if (!edge && !home.cost && !spots.some((other) => other !== spot && near(other, spot, ALONE))) return found;
  const close = points.filter((point) => near(point, spot, 120));
  // In whole px: the order of the points must not matter where they balance.
  const toward = Math.atan2(close.reduce((sum, point) => sum + point.x - spot.x, 0.5) | 0, close.reduce((sum, point) => sum + spot.y - point.y, 0.5) | 0);
  for (let i = 0; i < AROUND * STEPS; i += 1) {
    const angle = (2 * Math.PI * (i % AROUND)) / AROUND;
    const step = Math.floor(i / AROUND);
    const [x, y] = [Math.sin(angle), -Math.cos(angle)];
    const reach = Math.max(edge, 4) + sign.r + 12 + 9 * step;
    const at = { x: spot.x + reach * x, y: spot.y + reach * y };
    const covered = close.filter((point) => near(point, at, half + 3)).length;
    // Thousandths: what is equal stays equal, whoever takes the cosine.
    const taste = 5 * Math.cos(angle - toward) + (edge ? 0 : 7 * Math.abs(x));
    found.push(stand(at, { x: spot.x + edge * x, y: spot.y + edge * y }, 10 + Math.min(covered, 12) * 4 + step * 6 + +taste.toFixed(3)));
  }
  return found.sort((a, b) => a.cost - b.cost).slice(0, ENOUGH);
}

/** @typedef {{ ports: (Spot & { r: number })[], points: Spot[], boxes: Box[], size: Spot, radius: (sign: Sign) => number }} Scenery ring radius in px, 0 without */

/**
 * Stands signs apart from each other, from aerodromes and from the furniture of the map.
 * @param {Sign[]} signs
 * @param {(at: [number, number]) => Spot} project to px of the map
 * @param {Scenery} scenery
 */
export function placeSigns(signs, project, scenery) {
  const spots = signs.map((sign) => project(sign.marker.at));
  const chosen = solve(signs.map((sign, i) => ({ options: stands(sign, spots[i] ?? sign, spots, scenery), ranks: [sign.event.main ? 0 : 1] })), clash);
  signs.forEach((sign, i) => {
    const spot = spots[i] ?? sign;
    // In a crowd that nothing can part a sign stands where it belongs.
    const { x, y } = chosen[i] ?? spot;
    Object.assign(sign, { x, y, edge: scenery.radius(sign) });
    sign.place(x - spot.x, y - spot.y, sign.edge);
  });
}

/** An aerodrome, or another place. @param {string} kind */
export function placeSign(kind) {
  const dot = drawing("circle", { class: "fc-portdot", r: kind === "airport" ? 1.5 : 2.6 });
  return svgIcon(drawing("circle", { class: "fc-port", r: kind === "airport" ? 4.2 : 0 }), dot);
}

/**
 * @param {any} L
 * @param {Context} ctx
 */
export function makeAircraft(L, ctx) {
  const mark = aircraftMark();
  const layer = pointLayer(L, [0, 0], "fc-aircraft", svgIcon(mark.node));
  const tracks = ctx.scene.map.lines
    .filter((line) => line.path.time)
    .map((line) => ({ hollow: line.style !== "received", points: decodePath(line.path) }));
  const marked = ctx.scene.events.filter((event) => event.main && ctx.scene.map.markers.some((each) => each.event === event.id));
  return {
    layer,
    /**
     * @param {number} time
     * @param {any} map
     * @returns {boolean} whether a position is known or inferred then
     */
    fly(time, map) {
      const flying = spanAt(ctx.scene, time)?.aircraft ?? false;
      let found = null;
      let hollow = false;
      for (const track of tracks) {
        const here = flying ? interpolate(track.points, time) : null;
        if (here) [found, hollow] = [here, track.hollow];
      }
      const near = marked.some((event) => Math.abs(event.start - time) < HIDE);
      mark.node.classList.toggle("fc-away", !found || near);
      if (found) {
        layer.setLatLng([found.lat, found.lon]);
        const metres = (40075016.7 * Math.cos((found.lat * Math.PI) / 180)) / 2 ** (map.getZoom() + 8);
        mark.turn(found.bearing, hollow, found.doubt_m / metres);
      }
      return Boolean(found) || flying;
    },
  };
}

/**
 * The mark of a claim in a close-up: the first solid, the second dashed, as the edges of their columns.
 * @param {string} letter
 * @param {number} index
 */
export function claimSign(letter, index) {
  const text = drawing("text", { class: "fc-num", y: 4.6, "font-size": 13 }, letter);
  return svgIcon(drawing("circle", { class: "fc-body", r: 12, "stroke-dasharray": index % 2 ? "4.6 3" : null }), text);
}
