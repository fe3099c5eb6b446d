// Land, lakes, coasts and borders under the lines.

import { decodeFlat } from "./decode.js";

/** @typedef {import("./types.js").Basemap} Basemap */

/**
 * @param {any} L Leaflet
 * @param {Basemap} data
 * @param {any} renderer
 * @returns {any[]} layers, low to high
 */
export function drawBasemap(L, data, renderer) {
  /** @param {number[]} flat */
  const read = (flat) => decodeFlat(flat, data.quantum);
  /** @param {string} className */
  const style = (className) => ({ renderer, pane: "fc-base", interactive: false, className, smoothFactor: 0.8 });
  /** @param {number[][][]} polygons */
  const rings = (polygons) => (polygons ?? []).map((polygon) => polygon.map(read));
  /** @param {number[][]} lines */
  const paths = (lines) => (lines ?? []).map(read);
  return [
    L.polygon(rings(data.land), style("fc-land")),
    L.polygon(rings(data.lakes), style("fc-lake")),
    L.polyline(paths(data.coast), style("fc-coast")),
    L.polyline(paths(data.borders), style("fc-border")),
    L.polyline(paths(data.disputed), style("fc-border fc-disputed")),
  ];
}
