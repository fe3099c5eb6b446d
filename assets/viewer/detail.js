// Lines of many thousand points: each view draws only what it shows of them.

import { decodeColumn } from "./decode.js";

/** @typedef {import("./types.js").Path} Path */
/** @typedef {{ x: number, y: number }} Spot */
/** @typedef {{ x: number[], y: number[] }} Way places on a square map of the world, 0 to 1 */

/** From this many points on a line is drawn by its detail. */
export const MANY = 4000;
/** Mercator's map ends there: sine of the latitude. */
const HIGHEST = 0.99627207622075;
/** Where a line has been within a cell of so many px, what runs there again shows nothing new. */
const CELL = 2;
/** Longer steps are few: they are drawn as they are. */
const LONG = 48;

/** @param {Path} path @returns {Way} */
export function makeWay(path) {
  return {
    x: decodeColumn(path.lon).map((lon) => lon / 360 + 0.5),
    y: decodeColumn(path.lat).map((lat) => {
      const sine = Math.max(-HIGHEST, Math.min(HIGHEST, Math.sin((lat * Math.PI) / 180)));
      return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
    }),
  };
}

/**
 * What a view shows of some lines, for the `d` of one path.
 * @param {Way[]} ways
 * @param {number} scale of the world, px
 * @param {Spot} origin of the layer, px of the world
 * @param {{ min: Spot, max: Spot }} box px of the layer
 */
export function outline(ways, scale, origin, { min, max }) {
  const across = Math.ceil((max.x - min.x) / CELL) + 1;
  const touched = new Uint8Array(across * (Math.ceil((max.y - min.y) / CELL) + 1));
  /** Whether all of a step has been drawn before. @param {number} ax @param {number} ay @param {number} bx @param {number} by */
  const again = (ax, ay, bx, by) => {
    const length = Math.hypot(bx - ax, by - ay);
    if (length > LONG) return false;
    const parts = Math.ceil(length / CELL) || 1;
    let old = true;
    for (let i = 0; i <= parts; i += 1) {
      const x = ax + ((bx - ax) * i) / parts - min.x;
      const y = ay + ((by - ay) * i) / parts - min.y;
      const cell = Math.floor(y / CELL) * across + Math.floor(x / CELL);
      if (x < 0 || y < 0 || x > max.x - min.x || touched[cell]) continue;
      touched[cell] = 1;
      old = false;
    }
    return old;
  };
  let d = "";
  for (const { x, y } of ways) {
    const last = x.length - 1;
    let ax = (x[0] ?? 0) * scale - origin.x;
    let ay = (y[0] ?? 0) * scale - origin.y;
    let [endX, endY] = [NaN, NaN];
    for (let i = 1; i <= last; i += 1) {
      const bx = (x[i] ?? 0) * scale - origin.x;
      const by = (y[i] ?? 0) * scale - origin.y;
      // Less than half a pixel is part of the next step.
      if (i < last && Math.abs(bx - ax) < 0.5 && Math.abs(by - ay) < 0.5) continue;
      const outside = (ax < min.x && bx < min.x) || (ay < min.y && by < min.y) || (ax > max.x && bx > max.x) || (ay > max.y && by > max.y);
      if (!outside && !again(ax, ay, bx, by)) {
        // Across what was left out because the line itself had just been there, it runs on.
        const on = Math.hypot(ax - endX, ay - endY) < 2 * CELL;
        if (!on || ax !== endX || ay !== endY) d += `${on ? "L" : "M"}${ax.toFixed(1)} ${ay.toFixed(1)}`;
        d += `L${bx.toFixed(1)} ${by.toFixed(1)}`;
        [endX, endY] = [bx, by];
      }
      ax = bx;
      ay = by;
    }
  }
  return d || "M0 0";
}

/**
 * One layer for each of some styles, all of the same lines; Leaflet alone would project and clip every point of them.
 * @param {any} L
 * @param {Way[]} ways
 * @param {object[]} styles
 */
export function detailed(L, ways, styles) {
  let view = "";
  let d = "";
  return styles.map((style) => {
    const layer = L.polyline([], style);
    layer._project = () => {};
    layer._update = () => {
      const map = layer._map;
      if (!map) return;
      const box = layer._renderer._bounds;
      const zoom = map.getZoom();
      const origin = map.getPixelOrigin();
      const now = `${zoom} ${origin} ${box.min} ${box.max}`;
      if (now !== view) [view, d] = [now, outline(ways, map.options.crs.scale(zoom), origin, box)];
      layer._renderer._setPath(layer, d);
    };
    return layer;
  });
}
