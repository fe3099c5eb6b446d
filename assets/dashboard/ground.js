// The land under a map that goes anywhere: the whole Earth coarsely, and what is in view as finely as it needs.

import { drawBasemap } from "../viewer/basemap.js";
import { element } from "../viewer/dom.js";

/** @typedef {import("../viewer/types.js").Basemap & { bounds: number[], names: { text: string, at: [number, number], kind: string }[] }} Basemap bounds: west, south, east, north */

/** Rest after which what is in view is fetched, ms. */
const REST = 160;
/** From this width on the coarse Earth is fine enough, degrees. */
const WIDE = 150;
/** Parts of its width that a view is fetched beyond its edges. */
const BEYOND = 0.3;
const POLE = 85;

/** @type {Map<string, Promise<Basemap>>} */
const known = new Map();

/** @param {string} address @returns {Promise<Basemap>} */
function load(address) {
  const found = known.get(address) ?? fetch(new URL(address, document.baseURI).href).then(async (answer) => {
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  });
  known.set(address, found);
  found.catch(() => known.delete(address));
  return found;
}

/**
 * @param {any} L Leaflet
 * @param {any} map
 * @param {string} prefix of the addresses; west, south, east and north follow
 * @param {(wrong: string) => void} fail
 * @param {() => void} named called when other names stand on the map
 */
export function createGround(L, map, prefix, fail, named) {
  const renderers = ["fc-base", "fc-near"].map((name, i) => {
    map.createPane(name).style.zIndex = String(200 + i);
    return L.svg({ pane: name, padding: 0.5 });
  });
  const far = L.layerGroup().addTo(map);
  const near = L.layerGroup().addTo(map);
  map.createPane("fca-names").style.zIndex = "350";
  const names = L.layerGroup().addTo(map);
  let [shown, timer] = ["", 0];
  /** @type {number[] | null} */
  let held = null;

  const address = (/** @type {number[]} */ box) => `${prefix}${box.join(",")}.json`;
  load(address([-180, -POLE, 180, POLE]))
    .then((data) => {
      if (!shown) label(data, 0);
      // Leaflet shows the Earth again and again; so is what stands on it.
      for (const turn of [-1, 0, 1]) for (const layer of drawBasemap(L, shifted(data, turn), renderers[0])) layer.addTo(far);
    })
    .catch((wrong) => fail(String(wrong.message ?? wrong)));

  /** @param {Basemap} data @param {number} turn degrees */
  function label(data, turn) {
    names.clearLayers();
    for (const { text, at, kind } of data.names) {
      const html = element("span", { class: `fca-name fca-${kind}`, "aria-hidden": "true" }, text);
      L.marker([at[0], at[1] + turn], { icon: L.divIcon({ className: "fc-icon", iconSize: [0, 0], html }), pane: "fca-names", interactive: false, keyboard: false }).addTo(names);
    }
    named();
  }

  function look() {
    const bounds = map.getBounds();
    const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const width = Math.max(east - west, north - south);
    if (width > WIDE) return void whole();
    if (held && west >= (held[0] ?? 0) && south >= (held[1] ?? 0) && east <= (held[2] ?? 0) && north <= (held[3] ?? 0) && width * 4 > (held[2] ?? 0) - (held[0] ?? 0)) return;
    // Views that are nearly the same are one: their answer is kept.
    const step = 2 ** Math.ceil(Math.log2(width * BEYOND));
    const turn = 360 * Math.round((west + east) / 720);
    const down = (/** @type {number} */ value) => Math.floor(value / step) * step;
    const box = [down(west - turn), Math.max(-POLE, down(south)), down(east - turn) + 2 * step, Math.min(POLE, down(north) + step)];
    const wanted = address(box);
    if (wanted === shown || !((box[3] ?? 0) > (box[1] ?? 0)) || (box[2] ?? 0) - (box[0] ?? 0) > 360) return;
    shown = wanted;
    load(wanted)
      .then((data) => {
        if (shown !== wanted) return;
        near.clearLayers();
        const turned = shifted(data, turn / 360);
        const [w = 0, s = 0, e = 0, n = 0] = data.bounds;
        // The sea first: the coarse Earth under it has other shores.
        L.rectangle([[s, w + turn], [n, e + turn]], { renderer: renderers[1], pane: "fc-near", interactive: false, className: "fc-lake fca-sea" }).addTo(near);
        for (const layer of drawBasemap(L, turned, renderers[1])) {
          layer.options.pane = "fc-near";
          layer.addTo(near);
        }
        label(data, turn);
        held = [w + turn, s, e + turn, n];
      })
      .catch((wrong) => fail(String(wrong.message ?? wrong)));
  }

  /** The whole Earth again. */
  function whole() {
    near.clearLayers();
    if (shown) load(address([-180, -POLE, 180, POLE])).then((data) => label(data, 0));
    [held, shown] = [null, ""];
  }

  const rest = () => {
    clearTimeout(timer);
    timer = window.setTimeout(look, REST);
  };
  map.on("moveend", rest);
  rest();
  return { destroy: () => clearTimeout(timer) };
}

/**
 * The same land so many turns of the Earth farther east.
 * @param {Basemap} data
 * @param {number} turns
 * @returns {Basemap}
 */
function shifted(data, turns) {
  if (!turns) return data;
  const by = (360 * turns) / data.quantum;
  const line = (/** @type {number[]} */ [first = 0, ...rest]) => [first + by, ...rest];
  const lines = (/** @type {number[][]} */ all) => (all ?? []).map(line);
  return { ...data, land: data.land.map(lines), lakes: data.lakes.map(lines), coast: lines(data.coast), borders: lines(data.borders), disputed: lines(data.disputed) };
}
