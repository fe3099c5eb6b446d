// What a click on the map of the preview does, for each of the ways to give a place; and the handles of what can be moved.

import { createCorners } from "./corners.js";
import { destination, distanceKm, ringOf, roundKm, saidAt, written } from "./drawing.js";

/** @typedef {import("./drawing.js").LatLon} LatLon */
/** @typedef {import("./picking.js").Request} Request */
/** @typedef {import("./picking.js").Movable} Movable */
/** @typedef {import("./picking.js").PathPoint} PathPoint */
/** @typedef {import("./picking.js").Tool} Tool */

/** A click so near to a line of the path puts the point into it, px. */
const NEAR = 9;

/** Words with values put in. @param {string} words @param {Record<string, string | number>} values */
export const filled = (words = "", values = {}) => words.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

/**
 * @param {ReturnType<typeof import("./drawing.js").createSheet>} sheet
 * @param {any} map
 * @param {Omit<import("./picking.js").Ends, "L" | "map"> & { show: (text: string) => void }} ends
 * @param {() => void} end
 */
export function createTools(sheet, map, { words, tell, say, show }, end) {
  /** @param {Movable} movable */
  function pointHandle({ place, at, name }) {
    const made = sheet.handle(at, filled(words.move, { name }), "move", {
      move: (to) => show(saidAt(to)),
      drop: (to) => tell({ place, op: "point", at: written(to) }),
    });
    made.button.dataset.handle = "move";
  }

  /** @param {{ place: (string | number)[], at: LatLon, km: number | null, own: boolean, name: string }} ring */
  function ringHandles({ place, at, km, own, name }) {
    const line = sheet.line(true);
    let [centre, size] = [sheet.seen(at), km ?? 0];
    const paint = () => line.setLatLngs(size ? ringOf(centre, size) : []);
    const edge = sheet.handle(destination(centre, size, 90), filled(words.radius, { name, km: size }), "radius", {
      move: (to) => {
        size = roundKm(distanceKm(centre, to));
        show(filled(words.km, { km: size }));
        paint();
      },
      drop: (to) => tell({ place, op: "km", at: written(to) }),
    });
    edge.button.dataset.handle = "radius";
    paint();
    if (!own) return;
    const middle = sheet.handle(centre, filled(words.move, { name }), "move", {
      move: (to) => {
        centre = to;
        show(saidAt(to));
        paint();
        edge.move(destination(centre, size, 90));
      },
      drop: (to) => tell({ place, op: "centre", at: written(to) }),
    });
    middle.button.dataset.handle = "move";
  }

  // --- the three ways to give a place ---------------------------------------------------------------------------------

  /** @param {Request} asked @returns {Tool} */
  function pointTool({ place }) {
    return { hover: saidAt, click: (at) => tell({ place, op: "point", at: written(at) }) };
  }

  /** @param {Request} asked @returns {Tool} */
  function ringTool({ place, centre }) {
    if (!centre) return { hover: saidAt, click: (at) => tell({ place, op: "centre", at: written(at) }) };
    const line = sheet.line(true);
    const middle = sheet.seen(centre);
    return {
      hover(at) {
        const km = roundKm(distanceKm(middle, at));
        line.setLatLngs(ringOf(middle, km));
        return filled(words.km, { km });
      },
      click: (at) => tell({ place, op: "km", at: written(at) }),
    };
  }

  /** @param {Request} asked @returns {Tool} */
  function pathTool({ place, points: given }) {
    const points = given.map((each) => ({ ...each }));
    const line = sheet.line(false);
    const shown = () => points.filter((each) => each.at);
    const paint = () => line.setLatLngs(shown().map(({ at }) => sheet.seen(/** @type {LatLon} */ (at))));
    const done = () => {
      paint();
      tell({ place, op: "path", points: points.map(({ value }) => value) });
    };
    /** @param {PathPoint} point @param {LatLon} to */
    const put = (point, to) => {
      const [lat, lon] = written(to);
      const held = point.value;
      const kept = held && typeof held === "object" && "lat" in held ? held : {};
      point.value = { ...kept, lat, lon };
      point.at = [lat, lon];
    };
    points.forEach((point, i) => {
      if (!point.at) return;
      const made = sheet.handle(point.at, filled(words.point, { number: i + 1, count: points.length }), "vertex", {
        move: (to) => {
          point.at = to;
          show(saidAt(to));
          paint();
        },
        drop: (to) => (put(point, to), done()),
        remove: () => (points.splice(points.indexOf(point), 1), say(filled(words.removed, { number: i + 1 })), done()),
        press: end,
      });
      made.button.dataset.handle = `vertex-${i}`;
    });
    paint();
    return {
      hover: saidAt,
      click(at) {
        const point = { value: {}, at };
        put(point, at);
        points.splice(into(points, at), 0, point);
        done();
      },
      back: () => points.length && (points.pop(), done()),
    };
  }

  /** Where a click goes into a path: between two points when it is on their line, else at the end. @param {PathPoint[]} points @param {LatLon} at */
  function into(points, at) {
    const p = map.latLngToContainerPoint(at);
    for (let i = 1; i < points.length; i += 1) {
      const [a, b] = [points[i - 1]?.at, points[i]?.at];
      if (!a || !b) continue;
      const [from, to] = [map.latLngToContainerPoint(sheet.seen(a)), map.latLngToContainerPoint(sheet.seen(b))];
      const [x, y] = [to.x - from.x, to.y - from.y];
      const share = ((p.x - from.x) * x + (p.y - from.y) * y) / (x * x + y * y || 1);
      if (share > 0.02 && share < 0.98 && Math.hypot(from.x + share * x - p.x, from.y + share * y - p.y) < NEAR) return i;
    }
    return points.length;
  }

  return {
    point: pointTool,
    ring: ringTool,
    path: pathTool,
    area: createCorners(sheet, map, { words, tell, say, show }, filled),
    /** @param {Movable} movable */
    handles: (movable) => (movable.kind === "ring" ? ringHandles : pointHandle)(movable),
  };
}
