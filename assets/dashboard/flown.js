// What an answer says was received, on the map: a line for each pass or flight, a dashed hop for each jump.

import { decodeFlat } from "../viewer/decode.js";
import { choose, chosen, onChoice } from "./choosing.js";

/** @typedef {import("./choosing.js").Row} Row */

/** Room around what is chosen, px. */
const ROOM = 56;
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * @param {any} L Leaflet
 * @param {any} map
 */
export function createFlown(L, map) {
  for (const [name, level] of Object.entries({ "fca-lines": 400, "fca-chosen": 430 })) map.createPane(name).style.zIndex = String(level);
  const quiet = L.svg({ pane: "fca-lines", padding: 0.5 });
  const loud = L.svg({ pane: "fca-chosen", padding: 0.5 });
  const all = L.layerGroup().addTo(map);
  const one = L.layerGroup().addTo(map);
  /** @type {Map<string, { row: Row, lines: [number, number][][], layers: any[] }>} */
  let drawn = new Map();
  let address = "";

  /** On the turn of the Earth that the map shows. @param {[number, number][]} line @param {number} centre @returns {[number, number][]} */
  const turned = (line, centre) => {
    const by = 360 * Math.round((centre - (line[0]?.[1] ?? 0)) / 360);
    return line.map(([lat, lon]) => [lat, lon + by]);
  };

  /** @param {string} style @param {any} renderer */
  const look = (style, renderer) => ({ renderer, className: style, interactive: false, smoothFactor: 1 });

  /** A square in which positions jumped: the more, the darker. @param {Row} row @param {number} centre */
  function drawCell(row, centre) {
    const [south = 0, west = 0, side = 1, share = 0] = row.cell ?? [];
    const corners = turned([[south, west]], centre)[0] ?? [south, west];
    const bounds = /** @type {[number, number][]} */ ([corners, [south + side, corners[1] + side]]);
    const layer = L.rectangle(bounds, { ...look("fca-cell", quiet), interactive: true, fillOpacity: 0.12 + 0.6 * share });
    tipped(layer, row);
    layer.addTo(all);
    drawn.set(row.id, { row, lines: [[[south, corners[1]], [south, corners[1] + side], [south + side, corners[1] + side], [south + side, corners[1]], [south, corners[1]]]], layers: [layer] });
  }

  /** What it is when it is pointed at; a click chooses it. @param {any} layer @param {Row} row */
  function tipped(layer, row) {
    const words = document.createElement("span");
    words.textContent = row.label;
    layer.bindTooltip(words, { sticky: true, className: "fca-tip", direction: "top", offset: [0, -6] });
    layer.on("click", (/** @type {any} */ event) => {
      L.DomEvent.stop(event);
      choose(address, chosen(address) === row.id ? null : row.id);
    });
  }

  /** @param {Row} row @param {[number, number][][]} lines */
  function drawRow(row, lines) {
    const style = row.hop ? "fc-line fca-hop" : "fc-line fca-line";
    const layers = [L.polyline(lines.filter((line) => line.length > 1), look(style, quiet))];
    for (const line of lines) if (line.length === 1) layers.push(L.circleMarker(line[0], { ...look("fca-fix", quiet), radius: 2.5 }));
    // Thin lines are hard to meet: a wide one that is not seen lies over each.
    const hit = L.polyline(lines, { ...look("fca-hit", quiet), interactive: true });
    tipped(hit, row);
    layers.push(hit);
    for (const layer of layers) layer.addTo(all);
    drawn.set(row.id, { row, lines, layers });
  }

  function mark() {
    one.clearLayers();
    const id = chosen(address);
    const found = id === null ? null : drawn.get(id);
    if (!found) return;
    const { row, lines } = found;
    const name = row.hop ? "fc-line fca-hop fca-on" : "fc-line fca-line fca-on";
    for (const style of ["fc-line fca-halo", "fc-line fc-casing fca-case", name]) L.polyline(lines, look(style, loud)).addTo(one);
    const [first, last] = [lines[0]?.[0], lines.at(-1)?.at(-1)];
    if (row.cell) return;
    if (first) L.circleMarker(first, { ...look("fca-first", loud), radius: 4.5 }).addTo(one);
    if (last) L.circleMarker(last, { ...look(row.hop ? "fca-first" : "fca-last", loud), radius: 4.5 }).addTo(one);
    const bounds = L.latLngBounds(lines.flat());
    if (bounds.isValid() && !map.getBounds().contains(bounds)) {
      const fits = map.getBoundsZoom(bounds, false, [2 * ROOM, 2 * ROOM]) >= map.getZoom();
      if (fits) map.panInsideBounds(bounds, { animate: !still() });
      else map.fitBounds(bounds, { padding: [ROOM, ROOM], animate: !still() });
    }
  }

  const ended = onChoice(mark);

  return {
    /** @param {string} from @param {import("./choosing.js").Answer | null} answer @param {number} centre longitude around which it is drawn */
    show(from, answer, centre) {
      address = from;
      all.clearLayers();
      drawn = new Map();
      for (const row of answer?.rows ?? []) {
        const paths = row.paths.map((path) => turned(decodeFlat(path, answer?.quantum ?? 1), centre));
        if (row.hop) {
          const [lat0, lon0, lat1, lon1] = row.hop;
          const hop = turned([[lat0, lon0]], centre)[0] ?? [lat0, lon0];
          // The shorter way round the Earth.
          paths.push([hop, [lat1, lon1 + 360 * Math.round((hop[1] - lon1) / 360)]]);
        }
        if (row.cell) drawCell(row, centre);
        else if (paths.length) drawRow(row, paths);
      }
      mark();
    },
    destroy: ended,
  };
}
