// Event markers, aerodromes and the aircraft.

import { decodePath, interpolate } from "./decode.js";
import { drawing, element } from "./dom.js";
import { svgIcon } from "./lines.js";
import { aircraftMark, gradeMark } from "./shapes.js";
import { spanAt } from "./state.js";

/** @typedef {import("./types.js").Context} Context */
/** @typedef {import("./types.js").EventMarker} EventMarker */
/** @typedef {import("./types.js").SceneEvent} SceneEvent */
/** @typedef {import("./dom.js").Box} Box */
/** @typedef {{ x: number, y: number }} Spot */
/** @typedef {{ marker: EventMarker, event: SceneEvent, layer: any, button: HTMLButtonElement, lead: any, r: number, x: number, y: number, edge: number, place: (dx: number, dy: number, edge: number) => void }} Sign */

const AROUND = 16;
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

/**
 * Stands signs apart from each other, from aerodromes and from the furniture of the map.
 * @param {Sign[]} signs
 * @param {(at: [number, number]) => Spot} project to px of the map
 * @param {{ ports: (Spot & { r: number })[], points: Spot[], boxes: Box[], size: Spot, radius: (sign: Sign) => number }} scenery ring radius in px, 0 without
 */
export function placeSigns(signs, project, scenery) {
  const { ports, points, boxes, size, radius } = scenery;
  /** @type {Sign[]} */
  const done = [];
  /** @type {Sign[]} */
  const waiting = [];
  /** @param {Spot} spot @param {number} r */
  const crowd = (spot, r) => done.filter((other) => Math.hypot(other.x - spot.x, other.y - spot.y) < other.r + r + 4).length;
  // Numbered events first: the small ones make way.
  for (const sign of [...signs].sort((a, b) => Number(b.event.main) - Number(a.event.main))) {
    const spot = project(sign.marker.at);
    sign.edge = radius(sign);
    const port = ports.some((each) => {
      const distance = Math.hypot(each.x - spot.x, each.y - spot.y);
      return distance > 2 && distance < sign.r + each.r;
    });
    if (sign.edge || port || crowd(spot, sign.r)) waiting.push(sign);
    else {
      Object.assign(sign, { x: spot.x, y: spot.y });
      sign.place(0, 0, 0);
      done.push(sign);
    }
  }
  for (const sign of waiting) {
    const spot = project(sign.marker.at);
    const close = points.filter((point) => Math.hypot(point.x - spot.x, point.y - spot.y) < 120);
    const toward = Math.atan2(close.reduce((sum, point) => sum + point.x - spot.x, 0), close.reduce((sum, point) => sum + spot.y - point.y, 0));
    let best = Infinity;
    for (let i = 0; i < AROUND * 3; i += 1) {
      const angle = (2 * Math.PI * (i % AROUND)) / AROUND;
      const reach = Math.max(sign.edge, 4) + sign.r + 12 + 9 * Math.floor(i / AROUND);
      const at = { x: spot.x + reach * Math.sin(angle), y: spot.y - reach * Math.cos(angle) };
      const pad = sign.r + 5;
      const outside = at.x < pad || at.y < pad || at.x > size.x - pad || at.y > size.y - pad;
      const covered = boxes.some((box) => at.x > box[0] - pad && at.x < box[2] + pad && at.y > box[1] - pad && at.y < box[3] + pad);
      const onPort = ports.filter((port) => Math.hypot(port.x - at.x, port.y - at.y) < sign.r + port.r + 3).length;
      const near = points.filter((point) => Math.hypot(point.x - at.x, point.y - at.y) < sign.r * 1.3 + 3).length;
      const cost = crowd(at, sign.r * 1.15) * 60 + (outside ? 200 : 0) + (covered ? 80 : 0) + onPort * 40 + Math.min(near, 12) * 4 + Math.floor(i / AROUND) * 6 + 5 * Math.cos(angle - toward) + (sign.edge ? 0 : 7 * Math.abs(Math.sin(angle)));
      if (cost < best) {
        best = cost;
        Object.assign(sign, at);
      }
    }
    sign.place(sign.x - spot.x, sign.y - spot.y, sign.edge);
    done.push(sign);
  }
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
