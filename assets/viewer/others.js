// Other aircraft: thin lines, a small dart where one was received, its name beside it.

import { decodePath, interpolate } from "./decode.js";
import { detailed, makeWay } from "./detail.js";
import { drawing, element, makeRuler, meet, plain, say } from "./dom.js";
import { sampled } from "./lines.js";
import { pointLayer } from "./markers.js";

/** @typedef {import("./types.js").Context} Context */
/** @typedef {import("./dom.js").Box} Box left, top, right, bottom in px of the layer */
/** @typedef {{ x: number, y: number }} Spot */

const DART = "M0-6L4.2 5L0 2.6L-4.2 5Z";
/** Traffic is named where so few are in view, and within so many px of the pointer. */
const FEW = 10;
const NEAR = 30;

/** Where a name of this width may stand beside its dart: after, before, under, over. @param {number} width */
const sides = (width) => [[9, 4], [-9 - width, 4], [-width / 2, 18], [-width / 2, -10]].map(([x = 0, y = 0]) => ({ x, y }));

/**
 * Where each name stands, from its dart to the start of its line; none where it would cover something or another name.
 * @template {{ other: { style: string }, width: number, side: number }} Mark
 * @param {{ mark: Mark, at: Spot, near: boolean }[]} seen in order of precedence
 * @param {Box[]} taken
 * @param {{ min: Spot, max: Spot }} view
 * @returns {[Mark, Spot | undefined][]}
 */
export function placeNames(seen, taken, { min, max }) {
  const boxes = [...taken];
  return [...seen].sort((a, b) => Number(b.near) - Number(a.near)).map(({ mark, at, near }) => {
    const spots = near || mark.other.style === "other" || seen.length <= FEW ? sides(mark.width) : [];
    // It stays on its side while there is room.
    const side = [mark.side, ...spots.keys()].find((i) => {
      const { x, y } = spots[i] ?? { x: NaN, y: NaN };
      /** @type {Box} */
      const box = [at.x + x - 2, at.y + y - 10, at.x + x + mark.width + 2, at.y + y + 3];
      const free = box[0] > min.x && box[2] < max.x && box[1] > min.y && box[3] < max.y && !boxes.some((other) => meet(other, box));
      if (free) boxes.push(box);
      return free;
    });
    if (side === undefined) return [mark, undefined];
    mark.side = side;
    return [mark, spots[side]];
  });
}

/**
 * @param {any} L
 * @param {Context} ctx
 * @param {Record<string, any>} renderers
 */
export function makeOthers(L, ctx, renderers) {
  const { others, fit } = ctx.scene.map;
  const ruler = makeRuler(ctx.root);
  // Those of the story first: their names have precedence.
  const marks = [...(others?.aircraft ?? [])]
    .sort((a, b) => Number(a.style > b.style) - Number(a.style < b.style))
    .map((other) => {
      const dart = drawing("path", { class: `fc-o-${other.style}`, d: DART });
      const name = say(drawing("text"), other.name);
      return { other, dart, name, width: ruler(plain(other.name), 11), node: drawing("g", null, dart, name), side: 0, tracks: other.paths.map(decodePath) };
    });
  const svg = drawing("svg", { class: "fc-point fc-others", width: 1, height: 1, "aria-hidden": "true", focusable: "false" }, ...marks.map(({ node }) => node).reverse());
  const names = element("ul", { class: "fc-hidden", "aria-label": others?.text }, ...marks.map(({ other }) => say(element("li"), other.name)));
  const layer = pointLayer(L, [fit[0], fit[1]], "fc-aircraft", element("div", null, svg, names)).setZIndexOffset(-9999);
  /** @param {string} className */
  const style = (className) => ({ renderer: renderers["fc-line"], pane: "fc-line", interactive: false, className });
  /** @param {string} kind */
  const ways = (kind) => marks.flatMap(({ other }) => (other.style === kind ? other.paths.map(makeWay) : []));
  const lines = [
    ...detailed(L, ways("traffic"), [style("fc-line fc-l-traffic")]),
    ...detailed(L, ways("other"), [style("fc-casing fc-c-other"), style("fc-line fc-l-other")]),
  ];
  /** @type {Spot | null} */
  let pointer = null;
  let again = () => {};
  /** @type {((event: PointerEvent) => void) | undefined} */
  let hear;
  /** @type {Box[]} */
  let taken = [];

  return {
    layers: marks.length ? [...lines, layer] : [],
    /** Some points of each line, and its style. */
    drawn: () => marks.flatMap(({ other: { style, paths } }) => paths.map((path) => ({ line: { style }, latlngs: sampled(path) }))),
    /** The map changes its scale. */
    hide: () => svg.classList.add("fc-away"),
    /**
     * What else stands on the map: no name covers it.
     * @param {Box[]} boxes px of the map
     * @param {Spot} shift of the layer
     */
    clear(boxes, { x, y }) {
      taken = boxes.map(([left, top, right, bottom]) => [left + x, top + y, right + x, bottom + y]);
    },
    /**
     * @param {number} time
     * @param {any} map
     */
    fly(time, map) {
      if (!marks.length) return;
      again = () => this.fly(time, map);
      // Once for each drawing: the latest takes the place of those before.
      hear ??= map.getContainer().onpointermove = map.getContainer().onpointerdown = (/** @type {PointerEvent} */ event) => {
        pointer = map.mouseEventToLayerPoint(event);
        again();
      };
      const min = map.containerPointToLayerPoint([0, 0]);
      const max = min.add(map.getSize());
      const home = map.latLngToLayerPoint(layer.getLatLng());
      const seen = marks.flatMap((mark) => {
        const here = mark.tracks.reduce((found, track) => found ?? interpolate(track, time), /** @type {ReturnType<typeof interpolate>} */ (null));
        const at = here && map.latLngToLayerPoint([here.lat, here.lon]);
        const inside = at && at.x > min.x - 9 && at.y > min.y - 9 && at.x < max.x + 9 && at.y < max.y + 9;
        mark.node.classList.toggle("fc-away", !inside);
        if (!here || !inside) return [];
        mark.node.setAttribute("transform", `translate(${at.x - home.x} ${at.y - home.y})`);
        mark.dart.setAttribute("transform", `rotate(${here.bearing.toFixed()})`);
        return [{ mark, at, near: pointer !== null && Math.hypot(at.x - pointer.x, at.y - pointer.y) < NEAR }];
      });
      for (const [mark, spot] of placeNames(seen, taken, { min, max })) {
        if (spot) mark.name.setAttribute("transform", `translate(${spot.x} ${spot.y})`);
        mark.name.classList.toggle("fc-away", !spot);
      }
      svg.classList.remove("fc-away");
    },
  };
}
