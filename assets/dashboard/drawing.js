// What the author draws on the map of the preview: points to drag, rings, paths, and the distances between them.

import { pointLayer } from "../viewer/markers.js";

/** @typedef {[number, number]} LatLon degrees, north and east positive */

/** WGS 84: semi-major axis in km, flattening. */
const [AXIS, FLAT] = [6378.137, 1 / 298.257223563];
const POLAR = AXIS * (1 - FLAT);
const RADIAN = Math.PI / 180;
/** Points of a ring. */
const CORNERS = 72;
/** How far the pointer may stray in a click, px. */
export const STEADY = 4;

/**
 * Length of the geodesic between two points, km (Vincenty 1975); near the antipodes that of the sphere.
 * @param {LatLon} from
 * @param {LatLon} to
 */
export function distanceKm([lat1, lon1], [lat2, lon2]) {
  const [u1, u2] = [reduced(lat1), reduced(lat2)];
  const [sin1, cos1, sin2, cos2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  const across = (lon2 - lon1) * RADIAN;
  let lambda = across;
  for (let round = 0; round < 100; round += 1) {
    const sigmaSin = Math.hypot(cos2 * Math.sin(lambda), cos1 * sin2 - sin1 * cos2 * Math.cos(lambda));
    if (!sigmaSin) return 0;
    const sigmaCos = sin1 * sin2 + cos1 * cos2 * Math.cos(lambda);
    const sigma = Math.atan2(sigmaSin, sigmaCos);
    const alpha = (cos1 * cos2 * Math.sin(lambda)) / sigmaSin;
    const square = 1 - alpha * alpha;
    const middle = square ? sigmaCos - (2 * sin1 * sin2) / square : 0;
    const c = (FLAT / 16) * square * (4 + FLAT * (4 - 3 * square));
    const next = across + (1 - c) * FLAT * alpha * (sigma + c * sigmaSin * (middle + c * sigmaCos * (2 * middle * middle - 1)));
    if (Math.abs(next - lambda) < 1e-12) {
      const [a, b] = series(square);
      return POLAR * a * (sigma - swing(b, sigmaSin, sigmaCos, middle));
    }
    lambda = next;
  }
  const half = Math.sin(((lat2 - lat1) * RADIAN) / 2) ** 2 + Math.cos(lat1 * RADIAN) * Math.cos(lat2 * RADIAN) * Math.sin(across / 2) ** 2;
  return 2 * 6371.0088 * Math.asin(Math.min(1, Math.sqrt(half)));
}

/**
 * The point at a distance in a direction.
 * @param {LatLon} from
 * @param {number} km
 * @param {number} bearing degrees clockwise from north
 * @returns {LatLon} longitude not wrapped
 */
export function destination([lat, lon], km, bearing) {
  const [sinB, cosB] = [Math.sin(bearing * RADIAN), Math.cos(bearing * RADIAN)];
  const u = reduced(lat);
  const [sinU, cosU] = [Math.sin(u), Math.cos(u)];
  const start = Math.atan2(Math.tan(u), cosB);
  const alpha = cosU * sinB;
  const square = 1 - alpha * alpha;
  const [a, b] = series(square);
  let sigma = km / (POLAR * a);
  let middle = 0;
  for (let round = 0; round < 100; round += 1) {
    middle = Math.cos(2 * start + sigma);
    const next = km / (POLAR * a) + swing(b, Math.sin(sigma), Math.cos(sigma), middle);
    const settled = Math.abs(next - sigma) < 1e-12;
    sigma = next;
    if (settled) break;
  }
  const [sinS, cosS] = [Math.sin(sigma), Math.cos(sigma)];
  const to = Math.atan2(sinU * cosS + cosU * sinS * cosB, (1 - FLAT) * Math.hypot(alpha, sinU * sinS - cosU * cosS * cosB));
  const lambda = Math.atan2(sinS * sinB, cosU * cosS - sinU * sinS * cosB);
  const c = (FLAT / 16) * square * (4 + FLAT * (4 - 3 * square));
  const across = lambda - (1 - c) * FLAT * alpha * (sigma + c * sinS * (middle + c * cosS * (2 * middle * middle - 1)));
  return [to / RADIAN, lon + across / RADIAN];
}

/** @param {number} lat */
const reduced = (lat) => Math.atan((1 - FLAT) * Math.tan(lat * RADIAN));

/** @param {number} square cosine of the azimuth at the equator, squared @returns {[number, number]} */
function series(square) {
  const u = (square * (AXIS * AXIS - POLAR * POLAR)) / (POLAR * POLAR);
  return [1 + (u / 16384) * (4096 + u * (-768 + u * (320 - 175 * u))), (u / 1024) * (256 + u * (-128 + u * (74 - 47 * u)))];
}

/** @param {number} b @param {number} sin @param {number} cos @param {number} middle */
function swing(b, sin, cos, middle) {
  const square = middle * middle;
  return b * sin * (middle + (b / 4) * (cos * (2 * square - 1) - (b / 6) * middle * (4 * sin * sin - 3) * (4 * square - 3)));
}

/** @param {LatLon} centre @param {number} km @returns {LatLon[]} */
export const ringOf = (centre, km) => Array.from({ length: CORNERS }, (_, i) => destination(centre, km, (i * 360) / CORNERS));

/** Km as they are written into the case. @param {number} km */
export const roundKm = (km) => Math.max(0.1, km < 100 ? Math.round(km * 10) / 10 : Math.round(km));

/** @param {LatLon} at @returns {LatLon} six decimals, longitude within ±180 */
export const written = ([lat, lon]) => [round6(Math.max(-90, Math.min(90, lat))), round6(((((lon + 180) % 360) + 360) % 360) - 180)];

/** @param {number} value */
const round6 = (value) => Math.round(value * 1e6) / 1e6;

/** @param {LatLon} at */
export function saidAt(at) {
  const [lat, lon] = written(at);
  return `${lat.toFixed(4)}, ${lon.toFixed(4)}`;
}

/**
 * A sheet over the map, for what is drawn on it.
 * @param {any} L
 * @param {any} map
 */
export function createSheet(L, map) {
  for (const [name, level] of Object.entries({ "fcp-lines": 640, "fcp-handles": 670 })) (map.getPane(name) ?? map.createPane(name)).style.zIndex = String(level);
  const renderer = L.svg({ pane: "fcp-lines", padding: 0.6 });
  const group = L.layerGroup().addTo(map);
  /** On the copy of the world that is shown. @param {LatLon} at @returns {LatLon} */
  const seen = ([lat, lon]) => [lat, lon + 360 * Math.round((map.getCenter().lng - lon) / 360)];
  const line = (/** @type {boolean} */ closed) => L[closed ? "polygon" : "polyline"]([], { renderer, pane: "fcp-lines", interactive: false, className: closed ? "fcp-ring" : "fcp-path" }).addTo(group);

  return {
    group,
    seen,
    line,
    /** @param {{ x: number, y: number }} point of the container @returns {LatLon} */
    at(point) {
      const { lat, lng } = map.containerPointToLatLng([point.x, point.y]);
      return [lat, lng];
    },
    /**
     * A button that can be dragged and moved by the arrow keys; what it did is told once, at the end.
     * @param {LatLon} at
     * @param {string} label
     * @param {string} kind
     * @param {{ move: (at: LatLon) => void, drop: (at: LatLon) => void, remove?: () => void, press?: () => void }} acts
     */
    handle(at, label, kind, acts) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `fcp-handle fcp-${kind}`;
      button.setAttribute("aria-label", label);
      button.title = label;
      const layer = pointLayer(L, /** @type {[number, number]} */ ([seen(at)[1], at[0]]), "fcp-handles", button).addTo(group);
      /** @returns {LatLon} */
      const now = () => [layer.getLatLng().lat, layer.getLatLng().lng];
      const move = (/** @type {LatLon} */ to) => {
        layer.setLatLng(to);
        acts.move(to);
      };
      button.addEventListener("pointerdown", (down) => drag(down, button, map, now(), move, () => acts.drop(now())));
      let waiting = 0;
      const settle = () => {
        if (!waiting) return;
        clearTimeout(waiting);
        waiting = 0;
        acts.drop(now());
      };
      L.DomEvent.disableClickPropagation(button);
      button.addEventListener("blur", settle);
      button.addEventListener("keydown", (event) => {
        const step = arrow(event);
        if (step) {
          const spot = map.latLngToContainerPoint(now());
          move(this.at({ x: spot.x + step.x, y: spot.y + step.y }));
          clearTimeout(waiting);
          waiting = window.setTimeout(settle, 900);
        } else if ((event.key === "Delete" || event.key === "Backspace") && acts.remove) acts.remove();
        else if (event.key === "Enter" && waiting) settle();
        else if (event.key === "Enter" && acts.press) acts.press();
        else return;
        event.preventDefault();
        event.stopPropagation();
      });
      return { button, layer, move: (/** @type {LatLon} */ to) => layer.setLatLng(seen(to)) };
    },
    clear: () => group.clearLayers(),
    destroy: () => group.remove(),
  };
}

/** What an arrow key moves by, px. @param {KeyboardEvent} event */
export function arrow(event) {
  const by = event.shiftKey ? 40 : 4;
  const step = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] }[event.key];
  return step && !event.ctrlKey && !event.metaKey && !event.altKey ? { x: step[0] ?? 0, y: step[1] ?? 0 } : null;
}

/**
 * Drags over the map what the pointer has come down on.
 * @param {PointerEvent} down
 * @param {HTMLElement} element that takes the pointer
 * @param {any} map
 * @param {LatLon} from where it is
 * @param {(at: LatLon) => void} move
 * @param {() => void} drop
 * @param {() => void} [cancel]
 */
export function drag(down, element, map, from, move, drop, cancel = () => move(from)) {
  if (down.button > 0) return;
  down.stopPropagation();
  const began = map.latLngToContainerPoint(from);
  let moving = false;
  element.setPointerCapture(down.pointerId);
  const go = (/** @type {PointerEvent} */ event) => {
    const [x, y] = [event.clientX - down.clientX, event.clientY - down.clientY];
    if (!moving && Math.hypot(x, y) < STEADY) return;
    moving = true;
    const { lat, lng } = map.containerPointToLatLng([began.x + x, began.y + y]);
    move([Math.max(-90, Math.min(90, lat)), lng]);
  };
  const end = (/** @type {PointerEvent} */ event) => {
    element.removeEventListener("pointermove", go);
    for (const name of ENDS) element.removeEventListener(name, end);
    if (!moving) return;
    // The click that follows is the end of the drag, not a choice.
    const swallow = (/** @type {Event} */ click) => (click.stopImmediatePropagation(), click.preventDefault());
    element.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => element.removeEventListener("click", swallow, true));
    if (event.type === "pointerup") drop();
    else cancel();
  };
  element.addEventListener("pointermove", go);
  for (const name of ENDS) element.addEventListener(name, end);
  // Leaflet would move the map along.
  element.addEventListener("mousedown", (event) => event.stopPropagation(), { once: true });
}

/** @type {("pointerup" | "pointercancel")[]} */
const ENDS = ["pointerup", "pointercancel"];
