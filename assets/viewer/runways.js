// The runways of the aerodromes: to scale, from where they are long enough to be seen, under everything that is known of the flight.
// On paper geo/render/poster/placing/runways.py does the same: change both.

import { drawing, meet } from "./dom.js";

/** @typedef {import("./types.js").Runway} Runway */
/** @typedef {import("./dom.js").Box} Box */
/** @typedef {{ x: number, y: number }} Spot */

/** Shorter ones are not drawn, px. */
const SEEN = 12;
/** Shorter ones have no numbers, px. */
const NUMBERED = 44;
/** From the end of a runway to the middle of its number, px. */
const BEYOND = 11;
/** From the middle of a number to that of a mark, px. */
const CLEAR = 18;

/**
 * Where the numbers of a runway stand that is drawn from one spot to another: beyond its ends, in their order.
 * @param {Spot} from
 * @param {Spot} to
 * @returns {[Box, Box] | []} none where it is too short
 */
export function numberBoxes(from, to) {
  const long = Math.hypot(to.x - from.x, to.y - from.y);
  if (long < NUMBERED) return [];
  /** @param {Spot} end @param {number} way @returns {Box} */
  const beyond = (end, way) => {
    const x = end.x + ((to.x - from.x) / long) * way;
    const y = end.y + ((to.y - from.y) / long) * way;
    return [x - 10, y - 6, x + 10, y + 6];
  };
  return [beyond(from, -BEYOND), beyond(to, BEYOND)];
}

/**
 * @param {any} L
 * @param {Runway[]} runways
 * @param {any} renderer
 */
export function makeRunways(L, runways, renderer) {
  const drawn = runways.map((runway) => {
    const ends = [runway.from, runway.to].map(([lon, lat]) => L.latLng(lat, lon));
    return { runway, ends, layer: L.polyline(ends, { renderer, pane: "fc-band", interactive: false, className: "fc-runway", noClip: true }) };
  });
  /** @param {any} map @param {any[]} ends @returns {any[]} px of the map */
  const spots = (map, ends) => ends.map((end) => map.latLngToContainerPoint(end));
  return {
    layers: drawn.map(({ layer }) => layer),
    /** The ends of those that are drawn with their numbers, in px of the map. @param {any} map @returns {Spot[]} */
    ends: (map) => drawn.map(({ ends }) => spots(map, ends)).flatMap(([from, to]) => (numberBoxes(from, to).length ? [from, to] : [])),
    /**
     * Draws them as wide as they are in this view, and gives the numbers that have room.
     * @param {any} map
     * @param {{ boxes: Box[], points: (Spot & { light?: boolean })[] }} scenery that labels keep clear of: theirs is put to it
     * @param {Spot[]} marks that numbers keep clear of
     * @param {Spot} shift from px of the map to px of the layer
     */
    settle(map, { boxes, points }, marks, shift) {
      const size = map.getSize();
      return drawn.flatMap(({ runway, ends, layer }) => {
        const [from, to] = spots(map, ends);
        const long = from.distanceTo(to);
        const wide = (runway.width_m * long) / map.distance(...ends);
        layer.setStyle({ weight: long < SEEN ? 0 : Math.max(2, wide) });
        for (let i = 0; i < long && long >= SEEN; i += 8) points.push({ ...from.add(to.subtract(from).multiplyBy(i / long)), light: true });
        if (!layer._path.firstChild) layer._path.append(drawing("title", null, runway.text));
        return numberBoxes(from, to).flatMap((box, end) => {
          const x = box[0] + 10;
          const y = box[1] + 6;
          if (x < 10 || y < 6 || x > size.x - 10 || y > size.y - 6) return [];
          if (boxes.some((other) => meet(box, other)) || marks.some((mark) => Math.hypot(mark.x - x, mark.y - y) < CLEAR)) return [];
          boxes.push(box);
          return drawing("text", { class: "fc-label fc-second", x: x + shift.x, y: y + 3.5 + shift.y, "text-anchor": "middle", "font-size": 10.5 }, runway.ident[end]);
        });
      });
    },
  };
}
