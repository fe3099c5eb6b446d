// Leaflet's dom/DomUtil.js for browsers of today: no prefixes, no filters, no class names by hand.
import { off, on, preventDefault } from "leaflet/src/dom/DomEvent.js";
import { Point } from "leaflet/src/geometry/Point.js";

export const TRANSFORM = "transform";
export const TRANSITION = "transition";
export const TRANSITION_END = "transitionend";

export const get = (id) => (typeof id === "string" ? document.getElementById(id) : id);
export const getStyle = (node, name) => getComputedStyle(node)[name];

export function create(tag, kind = "", container = null) {
  const node = document.createElement(tag);
  node.className = kind;
  container?.append(node);
  return node;
}

export const remove = (node) => node.remove();
export const empty = (node) => node.replaceChildren();
export const hasClass = (node, name) => node.classList.contains(name);
export const addClass = (node, names) => node.classList.add(...names.split(" "));
export const removeClass = (node, name) => node.classList.remove(name);

export function setTransform(node, offset, scale) {
  const { x, y } = offset ?? { x: 0, y: 0 };
  node.style.transform = `translate3d(${x}px,${y}px,0)${scale ? ` scale(${scale})` : ""}`;
}

export function setPosition(node, point) {
  node._leaflet_pos = point;
  setTransform(node, point);
}

export const getPosition = (node) => node._leaflet_pos ?? new Point(0, 0);

export const disableTextSelection = () => on(window, "selectstart", preventDefault);
export const enableTextSelection = () => off(window, "selectstart", preventDefault);
export const disableImageDrag = () => on(window, "dragstart", preventDefault);
export const enableImageDrag = () => off(window, "dragstart", preventDefault);

// A press on the map shows no ring of the focus; the next key brings it back.
let plain = null;
let style = "";

export function preventOutline(node) {
  while (node.tabIndex === -1) node = node.parentNode;
  if (!node.style) return;
  restoreOutline();
  plain = node;
  style = node.style.outlineStyle;
  node.style.outlineStyle = "none";
  on(window, "keydown", restoreOutline);
}

export function restoreOutline() {
  if (!plain) return;
  plain.style.outlineStyle = style;
  plain = null;
  off(window, "keydown", restoreOutline);
}

export function getSizedParentNode(node) {
  do node = node.parentNode;
  while ((!node.offsetWidth || !node.offsetHeight) && node !== document.body);
  return node;
}

export function getScale(node) {
  const box = node.getBoundingClientRect();
  return { x: box.width / node.offsetWidth || 1, y: box.height / node.offsetHeight || 1, boundingClientRect: box };
}
