// Map tiles of a provider, for readers who ask for them: until the button is pressed nobody is asked for anything.

import { element, say } from "./dom.js";

/** @typedef {import("./types.js").Tiles} Tiles */

const SIZE = 256;

/**
 * The tiles of a zoom that cover a view: columns as they lie side by side, also beyond the antimeridian.
 * @param {{ min: { x: number, y: number }, max: { x: number, y: number } }} view px of the world at `zoom`
 * @param {number} zoom of the map, any number
 * @param {number} most the closest zoom that there are tiles for
 */
export function cover({ min, max }, zoom, most) {
  const level = Math.max(0, Math.min(most, Math.round(zoom)));
  const side = SIZE * 2 ** (zoom - level);
  const last = 2 ** level - 1;
  const tiles = [];
  for (let y = Math.max(0, Math.floor(min.y / side)); y <= Math.min(last, Math.floor(max.y / side)); y += 1) {
    for (let x = Math.floor(min.x / side); x <= Math.floor(max.x / side); x += 1) tiles.push({ x, y, column: x & last });
  }
  return { level, tiles };
}

/**
 * @param {any} L
 * @param {any} map
 * @param {HTMLElement} node that the button and the credit stand in
 */
export function createTiles(L, map, node) {
  const sheet = element("div", { class: "fc-sheet leaflet-zoom-animated" });
  const button = element("button", { type: "button" });
  const credit = element("p", { hidden: true });
  const box = element("div", { class: "fc-tiling" }, button, credit);
  /** @type {Tiles | null} */
  let tiles = null;
  let shown = false;
  let level = 0;
  /** The tile that the places of the others are counted from. */
  let first = { x: 0, y: 0 };
  /** @type {Map<string, HTMLImageElement>} */
  let pictures = new Map();

  const pane = map.createPane("fc-tiles");
  pane.style.zIndex = 250;
  pane.append(sheet);
  map.on("zoom viewreset", still).on("zoomanim", follow).on("moveend", draw);
  button.addEventListener("click", () => {
    shown = !shown;
    paint();
    // The map settles again: its furniture has changed.
    map.fire("moveend");
  });

  function still() {
    follow({ center: map.getCenter(), zoom: map.getZoom() });
  }

  /** @param {{ center: any, zoom: number }} view that the map goes to */
  function follow({ center, zoom }) {
    const scale = 2 ** (zoom - level);
    const corner = L.point(first.x, first.y).multiplyBy(SIZE * scale);
    const middle = map.containerPointToLayerPoint(map.getSize().divideBy(2));
    const { x, y } = corner.subtract(map.project(center, zoom).subtract(middle).round());
    sheet.style.transform = `translate3d(${x}px, ${y}px, 0) scale(${scale})`;
  }

  function draw() {
    const old = pictures;
    pictures = new Map();
    if (shown && tiles) {
      const wanted = cover(map.getPixelBounds(), map.getZoom(), tiles.max_zoom);
      level = wanted.level;
      first = wanted.tiles[0] ?? first;
      for (const { x, y, column } of wanted.tiles) {
        const key = `${level}/${x}/${y}`;
        const picture = old.get(key) ?? load(tiles.url.replace("{z}", String(level)).replace("{x}", String(column)).replace("{y}", String(y)));
        picture.style.left = `${(x - first.x) * SIZE}px`;
        picture.style.top = `${(y - first.y) * SIZE}px`;
        pictures.set(key, picture);
      }
    }
    sheet.replaceChildren(...pictures.values());
    still();
  }

  /** @param {string} address */
  function load(address) {
    const picture = element("img", { alt: "", draggable: "false", width: SIZE, height: SIZE });
    // What does not come leaves the map as it is.
    picture.addEventListener("error", () => picture.remove());
    picture.src = address;
    return picture;
  }

  function paint() {
    if (!tiles) return;
    button.textContent = shown ? tiles.remove : tiles.load;
    button.title = tiles.note;
    say(credit, tiles.attribution).hidden = !shown;
    node.classList.toggle("fc-tiled", shown);
  }

  return {
    /** @param {Tiles | undefined} next those of the scene that is drawn now */
    render(next) {
      if (next?.url !== tiles?.url) shown = false;
      tiles = next ?? null;
      if (tiles) node.append(box);
      else box.remove();
      node.classList.remove("fc-tiled");
      paint();
      draw();
    },
    destroy() {
      map.off("zoom viewreset", still).off("zoomanim", follow).off("moveend", draw);
      node.classList.remove("fc-tiled");
      box.remove();
      pane.remove();
    },
  };
}
