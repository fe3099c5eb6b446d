// Tables and charts beside a viewer: a choice in them moves the viewer, its moment moves them. All stay in the browser.

/**
 * @typedef {object} Place what was chosen
 * @property {number} [t] POSIX seconds
 * @property {number | null} [lat]
 * @property {number | null} [lon]
 * @property {boolean} [rejected] the position is not believed: it is marked as where the aircraft claimed to be
 * @property {string} [text] what the mark says
 */

const SEEK = "flightcase-seek";
const MOMENT = "flightcase-moment";
/** The mark keeps its meaning without colour: a cross for a position that is not believed, else a ring. */
const CROSS = "M-5-5L5 5M5-5L-5 5";
const SIZE = 28;
/** Share of the map that counts as its edge: a place there is brought in. */
const EDGE = -0.06;
/** Where the viewer is now, for a table that comes later. @type {number | null} */
let now = null;

/** Moves the viewer. @param {Place} place */
export function seek(place) {
  window.dispatchEvent(new CustomEvent(SEEK, { detail: place }));
}

/**
 * Calls back with the moment of the viewer, POSIX seconds, at once where there is one and whenever it changes.
 * @param {(t: number) => void} hear
 * @returns {() => void} ends it
 */
export function follow(hear) {
  const listen = (/** @type {Event} */ event) => hear(/** @type {CustomEvent} */ (event).detail);
  window.addEventListener(MOMENT, listen);
  if (now !== null) hear(now);
  return () => window.removeEventListener(MOMENT, listen);
}

/**
 * Ties a viewer to what stands beside it.
 * @param {import("../viewer/mount.js").Viewer} viewer
 * @param {HTMLElement} root that it stands in
 * @returns {() => void} unties it
 */
export function link(viewer, root) {
  /** @type {any} */
  let mark = null;
  /** The moment of the mark: any other takes it away. @type {number | null} */
  let marked = null;
  const clear = () => {
    mark?.remove();
    mark = marked = null;
  };
  const tell = (/** @type {number} */ time) => {
    now = time;
    window.dispatchEvent(new CustomEvent(MOMENT, { detail: time }));
  };

  const listen = (/** @type {Event} */ event) => {
    /** @type {Place} */
    const { t, lat, lon, rejected = false, text = "" } = /** @type {CustomEvent} */ (event).detail;
    clear();
    if (t !== undefined) viewer.seek(t);
    if (typeof lat !== "number" || typeof lon !== "number") return;
    const L = /** @type {any} */ (globalThis).L;
    const { map } = viewer;
    // The map may be drawn around another turn of the Earth.
    const at = L.latLng(lat, lon + 360 * Math.round((map.getCenter().lng - lon) / 360));
    mark = L.marker(at, { icon: L.divIcon({ html: sign(rejected, text), className: "fc-fix", iconSize: [SIZE, SIZE] }), pane: "fc-aircraft", interactive: false, keyboard: false }).addTo(map);
    marked = now ?? t ?? null;
    if (!map.getBounds().pad(EDGE).contains(at)) map.panTo(at, { animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  };

  const unheard = viewer.on("timechange", ({ time }) => {
    if (marked !== null && time !== marked) clear();
    tell(time);
  });
  if (root.dataset.time) tell(Date.parse(root.dataset.time) / 1000);
  window.addEventListener(SEEK, listen);
  return () => {
    unheard();
    window.removeEventListener(SEEK, listen);
    clear();
    now = null;
  };
}

/**
 * @param {boolean} rejected
 * @param {string} text
 */
function sign(rejected, text) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const half = SIZE / 2;
  for (const [name, value] of Object.entries({ width: SIZE, height: SIZE, viewBox: `${-half} ${-half} ${SIZE} ${SIZE}`, fill: "none", role: "img", "aria-label": text, "data-rejected": rejected })) svg.setAttribute(name, String(value));
  const shape = rejected ? `<path d="${CROSS}"/>` : `<circle r="9"/>`;
  svg.innerHTML = `<g stroke="var(--halo)" stroke-width="5" stroke-linecap="round">${shape}</g><g stroke="var(${rejected ? "--gap" : "--ink"})" stroke-width="2" stroke-linecap="round">${shape}</g>`;
  return svg;
}
