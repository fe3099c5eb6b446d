// Leaflet's dom/DomEvent.js for browsers of today: the same functions, without attachEvent, pointer shims and wheels.
import { splitWords, stamp } from "leaflet/src/core/Util.js";
import { addDoubleTapListener, removeDoubleTapListener } from "leaflet/src/dom/DomEvent.DoubleTap.js";
import { getScale } from "leaflet/src/dom/DomUtil.js";
import { Point } from "leaflet/src/geometry/Point.js";

const idOf = (type, act, context) => `${type}${stamp(act)}_${context ? stamp(context) : ""}`;

export function on(node, types, act, context) {
  const known = (node._leaflet_events ??= {});
  for (const type of splitWords(types)) {
    const id = idOf(type, act, context);
    if (known[id]) continue;
    const hear = (event) => act.call(context ?? node, event);
    known[id] = [type, type === "dblclick" ? addDoubleTapListener(node, hear) : hear];
    if (type !== "dblclick") node.addEventListener(type, hear, { passive: false });
  }
}

export function off(node, types, act, context) {
  const known = node._leaflet_events ?? {};
  for (const id of types ? splitWords(types).map((type) => idOf(type, act, context)) : Object.keys(known)) {
    if (!known[id]) continue;
    const [type, hear] = known[id];
    if (type === "dblclick") removeDoubleTapListener(node, hear);
    else node.removeEventListener(type, hear);
    delete known[id];
  }
}

// Leaflet's own events have no such method, and carry the browser's.
export function stopPropagation(event) {
  if (event.stopPropagation) event.stopPropagation();
  else event.originalEvent._stopped = true;
}

export const preventDefault = (event) => event.preventDefault();
export const getPropagationPath = (event) => event.composedPath();

export function disableClickPropagation(node) {
  on(node, "mousedown touchstart dblclick contextmenu", stopPropagation);
  node._leaflet_disable_click = true;
}

export function getMousePosition(event, container) {
  const { x, y, boundingClientRect: box } = getScale(container);
  return new Point((event.clientX - box.left) / x - container.clientLeft, (event.clientY - box.top) / y - container.clientTop);
}

export function isExternalTarget(node, event) {
  return !event.relatedTarget || (event.relatedTarget !== node && !node.contains(event.relatedTarget));
}
