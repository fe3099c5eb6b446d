// Lines, bands, rings and crosses of the map.
// On paper geo/render/poster/placing/points.py does the same: change both.

import { decodeColumn, decodeLatLngs } from "./decode.js";
import { detailed, makeWay, MANY } from "./detail.js";
import { drawing } from "./dom.js";
import { HEAVY } from "./labels.js";
import { cross } from "./shapes.js";

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").Line} Line */
/** @typedef {import("./types.js").Closeup} Closeup */
/** @typedef {[number, number]} Pair */
/** @typedef {{ line: Line, latlngs: Pair[] }} DrawnLine */

/**
 * Keeps a line where it is: Leaflet rounds its points to whole pixels, which makes smooth lines wobble.
 * @param {any} layer
 */
function exact(layer) {
  layer._projectLatlngs = (/** @type {any[]} */ latlngs, /** @type {any[]} */ result, /** @type {any} */ bounds) => {
    if (Array.isArray(latlngs[0])) {
      for (const part of latlngs) layer._projectLatlngs(part, result, bounds);
      return;
    }
    const origin = layer._map.getPixelOrigin();
    const ring = latlngs.map((at) => layer._map.project(at).subtract(origin));
    for (const point of ring) bounds.extend(point);
    result.push(ring);
  };
  return layer;
}

const ORDER = ["intended", "received", "inferred", "partial", "silent", "rejected"];
/** Points of a line that stand for it while labels are placed. */
const ENOUGH = 400;

/**
 * @param {any} L
 * @param {Line} line
 * @param {string} patternId
 * @param {(kind: string) => object} style
 */
function drawLine(L, line, patternId, style) {
  const styles = line.style === "received" || line.style === "intended" ? [style(`fc-casing fc-c-${line.style}`)] : [];
  styles.push(style(`fc-line fc-l-${line.style}`));
  if (line.path.lon.deltas.length > MANY && line.style === "received") return detailed(L, [makeWay(line.path)], styles);
  const latlngs = decodeLatLngs(line.path);
  const layers = [];
  if (line.style === "silent" || line.style === "partial" || line.style === "rejected") {
    const name = line.style === "rejected" ? "silent" : line.style;
    layers.push(exact(L.polyline(latlngs, { ...style("fc-hatch"), color: `url(#${patternId}-${name})` })));
  }
  return [...layers, ...styles.map((each) => exact(L.polyline(latlngs, each)))];
}

/** Some points of a path, its ends among them. @param {import("./types.js").Path} path @returns {Pair[]} */
export function sampled(path) {
  const lon = decodeColumn(path.lon);
  const lat = decodeColumn(path.lat);
  const last = lon.length - 1;
  const count = Math.min(last, ENOUGH);
  return Array.from({ length: count + 1 }, (_, i) => Math.round((i * last) / (count || 1))).map((i) => [lat[i] ?? 0, lon[i] ?? 0]);
}

/**
 * @param {any} L
 * @param {Scene} scene
 * @param {Record<string, any>} renderers by pane
 * @param {string} patternId
 */
export function drawLines(L, scene, renderers, patternId) {
  /** @param {string} pane */
  const styler = (pane) => (/** @type {string} */ className) => ({ renderer: renderers[pane], pane, interactive: false, className, smoothFactor: 0.5 });
  const { lines, bands, rings } = scene.map;
  const layers = bands.map((band) => {
    // That of an inferred line is seen where colours are the reader's own: the style sheet fills it otherwise.
    const fill = { fillColor: `url(#${patternId}-${band.style === "silent" ? "silent" : "partial"})` };
    return exact(L.polygon(decodeLatLngs(band.ring), { ...styler("fc-band")(`fc-b-${band.style}`), stroke: false, ...fill }));
  });
  const sorted = [...lines].sort((a, b) => ORDER.indexOf(a.style) - ORDER.indexOf(b.style));
  for (const line of sorted) layers.push(...drawLine(L, line, patternId, styler("fc-line")));
  const circles = rings.map((ring) => exact(L.polygon(decodeLatLngs(ring.ring), styler("fc-ring")("fc-ring fc-ringfill"))));
  const drawn = lines.map((line) => ({ line, latlngs: sampled(line.path) }));
  return { layers, circles, drawn };
}

/**
 * The crosses of a false position, at least 8 px from each other.
 * @param {any} L
 * @param {any} map
 * @param {Line} line
 */
export function drawCrosses(L, map, line) {
  const spots = line.crosses ?? [];
  const middle = spots[spots.length >> 1];
  if (!middle) return null;
  const casing = drawing("path", { class: "fc-crosses fc-crosscase" });
  const path = drawing("path", { class: "fc-crosses" });
  const icon = L.divIcon({ className: "fc-icon", iconSize: [0, 0], html: svgIcon(casing, path) });
  const marker = L.marker([middle[1], middle[0]], { icon, pane: "fc-line", interactive: false, keyboard: false });
  const place = () => {
    const origin = map.latLngToContainerPoint([middle[1], middle[0]]);
    const points = spots.map(([lon, lat]) => map.latLngToContainerPoint([lat, lon]).subtract(origin));
    const first = points[0];
    const last = points[points.length - 1];
    const length = Math.hypot(last.x - first.x, last.y - first.y);
    const grow = Math.max(1, (8 * (points.length - 1)) / (length || 1));
    const d = points.map((point) => cross(+(point.x * grow).toFixed(1), +(point.y * grow).toFixed(1))).join("");
    casing.setAttribute("d", d);
    path.setAttribute("d", d);
  };
  return { marker, place };
}

/**
 * An <svg> that draws around its own corner.
 * @param {...SVGElement} children
 */
export function svgIcon(...children) {
  return drawing("svg", { class: "fc-point", width: 1, height: 1, "aria-hidden": "true", focusable: "false" }, ...children);
}

/**
 * A mark that says only a distance may stand anywhere on its ring: it keeps clear of the marks before it.
 * @param {Closeup} closeup
 * @returns {Closeup}
 */
export function apart(closeup) {
  const [, south, , north] = closeup.fit;
  /** @type {Closeup["marks"]} */
  const marks = [];
  for (const mark of closeup.marks) {
    const own = closeup.rings.find((ring) => ring.letter === mark.letter);
    const spots = own ? decodeLatLngs(own.ring) : [];
    /** @param {Pair} at */
    const clear = (at) => marks.every((other) => Math.hypot(other.at[1] - at[0], (other.at[0] - at[1]) * 0.7) > (north - south) / 5);
    const at = clear([mark.at[1], mark.at[0]]) ? null : spots.find((spot, i) => i > spots.length / 8 && clear(spot));
    marks.push(at ? { ...mark, at: [at[1], at[0]] } : mark);
  }
  return { ...closeup, marks };
}

/**
 * Rings and wedges of an event's own frame.
 * @param {any} L
 * @param {Closeup} closeup
 * @param {Record<string, any>} renderers
 * @param {string} fadeId gradient of the wedges: they end nowhere in particular
 */
export function drawCloseup(L, closeup, renderers, fadeId) {
  /** @param {string} className */
  const style = (className) => ({ renderer: renderers["fc-ring"], pane: "fc-ring", interactive: false, className, smoothFactor: 0.3 });
  const wedges = closeup.wedges.map((wedge) => L.polygon(decodeLatLngs(wedge.ring), { ...style("fc-wedge"), fillColor: `url(#${fadeId})` }));
  const rings = closeup.rings.map((ring) => exact(L.polygon(decodeLatLngs(ring.ring), style(`fc-ring fc-r-${ring.style ?? "claim"}`))));
  const froms = closeup.marks.flatMap(({ at, from }) => (from ? [L.polyline([[from[1], from[0]], [at[1], at[0]]], style("fc-leader"))] : []));
  return [...wedges, ...rings, ...froms];
}

/**
 * Points every few px along all that is drawn, each with what it weighs that a label covers it.
 * @param {DrawnLine[]} drawn
 * @param {Closeup | null} closeup
 * @param {(at: Pair) => { x: number, y: number }} project
 */
export function samplePoints(drawn, closeup, project) {
  const all = drawn.map(({ line, latlngs }) => ({ latlngs, of: /** @type {object} */ (line), weight: line.style === "intended" ? undefined : line.style === "received" || line.style === "inferred" ? HEAVY : 1 }));
  for (const ring of closeup?.rings ?? []) all.push({ latlngs: decodeLatLngs(ring.ring), of: ring, weight: undefined });
  for (const { at, from } of closeup?.marks ?? []) if (from) all.push({ latlngs: [[from[1], from[0]], [at[1], at[0]]], of: closeup ?? {}, weight: 1 });
  /** @type {{ x: number, y: number, weight: number | undefined, of: object }[]} */
  const points = [];
  for (const { latlngs, weight, of } of all) {
    let last = null;
    for (const [lat, lon] of latlngs) {
      const { x, y } = project([lon, lat]);
      const from = last ?? { x, y };
      const steps = Math.max(1, Math.min(200, Math.ceil(Math.hypot(x - from.x, y - from.y) / 6)));
      for (let i = 1; i <= steps; i += 1) points.push({ x: from.x + ((x - from.x) * i) / steps, y: from.y + ((y - from.y) * i) / steps, weight, of });
      last = { x, y };
    }
  }
  return points;
}

/**
 * The legend's lines that a frame shows.
 * @param {any} L
 * @param {import("./types.js").LegendLine[]} legend
 * @param {{ line: { style: string }, latlngs: Pair[] }[]} drawn
 * @param {import("./types.js").Bounds} frame
 */
export function linesWithin(L, legend, drawn, [west, south, east, north]) {
  const bounds = L.latLngBounds([south, west], [north, east]).pad(0.1);
  const styles = drawn.filter(({ latlngs }) => latlngs.some((at, i) => i && bounds.overlaps(L.latLngBounds([latlngs[i - 1], at])))).map(({ line }) => line.style);
  return legend.filter((line) => styles.includes(line.style));
}
