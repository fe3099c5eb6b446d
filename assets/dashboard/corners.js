// The corners of an area that is drawn on a map: added by a click or the crosshair, moved by hand, taken back.

import { saidAt, written } from "./drawing.js";

/** @typedef {import("./drawing.js").LatLon} LatLon */
/** @typedef {import("./picking.js").Request} Request */
/** @typedef {import("./picking.js").Tool} Tool */

/** A click so near to a side puts the corner into it, px. */
const NEAR = 9;

/**
 * Each point on the turn of the Earth that is nearest to the one before: an area goes over the antimeridian so.
 * @param {LatLon[]} points
 * @param {(at: LatLon) => LatLon} seen the turn that is shown
 * @returns {LatLon[]}
 */
export function chained(points, seen) {
  /** @type {LatLon[]} */
  const found = [];
  for (const point of points) {
    const [lat, lon] = found.length ? point : seen(point);
    const before = found.at(-1)?.[1] ?? lon;
    found.push([lat, lon + 360 * Math.round((before - lon) / 360)]);
  }
  return found;
}

/**
 * Points along the sides of an area, which are straight on a map of longitude and latitude, as the archive takes them.
 * @param {LatLon[]} corners chained
 * @returns {LatLon[]}
 */
export function straight(corners) {
  return corners.flatMap((from, i) => {
    // The last side leads back to the first corner the short way round.
    const next = corners[(i + 1) % corners.length] ?? from;
    const east = next[1] - from[1] - 360 * Math.round((next[1] - from[1]) / 360);
    const parts = Math.max(1, Math.ceil(Math.hypot(next[0] - from[0], east)));
    return Array.from({ length: parts }, (_, part) => /** @type {LatLon} */ ([from[0] + ((next[0] - from[0]) * part) / parts, from[1] + (east * part) / parts]));
  });
}

/**
 * The way to give an area.
 * @param {ReturnType<typeof import("./drawing.js").createSheet>} sheet
 * @param {any} map
 * @param {{ words: Record<string, string>, tell: (answer: import("./picking.js").Answer) => void, say: (text: string) => void, show: (text: string) => void }} ends
 * @param {(words?: string, values?: Record<string, string | number>) => string} filled
 */
export function createCorners(sheet, map, { words, tell, say, show }, filled) {
  /** @param {Request} asked @returns {Tool} */
  return function areaTool({ place, points: given }) {
    /** @type {LatLon[]} */
    const points = chained(given.flatMap(({ at }) => (at ? [at] : [])), sheet.seen);
    const area = sheet.line(true);
    const paint = () => area.setLatLngs(straight(points));
    const done = () => {
      paint();
      tell({ place, op: "area", points: points.map(written) });
    };
    const removed = (/** @type {LatLon} */ point) => {
      const i = points.indexOf(point);
      points.splice(i, 1);
      say(filled(words.removed, { number: i + 1 }));
      done();
    };
    points.forEach((point, i) => {
      const made = sheet.handle(point, filled(words.point, { number: i + 1, count: points.length }), "vertex", {
        move: (to) => {
          [point[0], point[1]] = to;
          show(saidAt(to));
          paint();
        },
        drop: done,
        remove: () => removed(point),
      });
      made.layer.setLatLng(point);
      made.button.dataset.handle = `corner-${i}`;
    });
    paint();
    return {
      hover: saidAt,
      click([lat, lon]) {
        const last = points.at(-1)?.[1] ?? lon;
        points.splice(into(points, [lat, lon]), 0, [lat, lon + 360 * Math.round((last - lon) / 360)]);
        done();
      },
      back() {
        const last = points.at(-1);
        if (last) removed(last);
      },
    };
  };

  /** Where a click goes: into a side when it is on it, else behind the last corner. @param {LatLon[]} points @param {LatLon} at */
  function into(points, at) {
    const p = map.latLngToContainerPoint(at);
    for (let i = 1; i < points.length && points.length > 2; i += 1) {
      const [from, to] = [map.latLngToContainerPoint(points[i - 1]), map.latLngToContainerPoint(points[i])];
      const [x, y] = [to.x - from.x, to.y - from.y];
      const share = ((p.x - from.x) * x + (p.y - from.y) * y) / (x * x + y * y || 1);
      if (share > 0.02 && share < 0.98 && Math.hypot(from.x + share * x - p.x, from.y + share * y - p.y) < NEAR) return i;
    }
    return points.length;
  }
}
