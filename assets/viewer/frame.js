// What surrounds the map's content: hosting, fitting, scale, and the places that labels must leave free.

/** @typedef {import("./types.js").Bounds} Bounds */
/** @typedef {import("./dom.js").Box} Box */
/** @typedef {{ x: number, y: number }} Spot */

/**
 * Makes a map in the slot, or takes over the host's.
 * @param {any} L
 * @param {HTMLElement} slot
 * @param {any} [given] an L.Map
 */
export function adopt(L, slot, given) {
  const rules = { zoomSnap: 0, zoomDelta: 0.75, maxBoundsViscosity: 1, zoomControl: false, keyboard: false, scrollWheelZoom: false, doubleClickZoom: true, boxZoom: false };
  let map = given;
  if (map) {
    slot.append(map.getContainer());
    Object.assign(map.options, rules);
    map.zoomControl?.remove();
    for (const name of ["keyboard", "scrollWheelZoom", "boxZoom"]) map[name]?.disable();
    map.attributionControl?.setPrefix(false);
    map.invalidateSize({ animate: false });
  } else {
    const home = document.createElement("div");
    slot.append(home);
    map = L.map(home, { ...rules, attributionControl: false, tap: false });
  }
  const box = map.getContainer();
  box.removeAttribute("tabindex");
  // One finger scrolls the page, two move the map.
  box.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => map.dragging[event.pointerType === "touch" ? "disable" : "enable"](), true);
  box.addEventListener(
    "wheel",
    (/** @type {WheelEvent} */ event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const by = Math.max(-0.5, Math.min(0.5, -event.deltaY * 0.01));
      map.setZoomAround(map.mouseEventToContainerPoint(event), map.getZoom() + by, { animate: false });
    },
    { passive: false },
  );
  return map;
}

/**
 * Px that labels and furniture need around what is fitted: left, top, right, bottom.
 * @param {{ x: number, y: number }} size of the map
 * @param {boolean} close an event's own frame
 * @returns {Box}
 */
function padding({ x: width, y: height }, close) {
  if (close) return width < 480 ? [24, 24, 24, 24] : [90, 80, 90, 70];
  return width < 480 ? [50, 44, 42, 28] : width < 620 || height < 360 ? [100, 60, 80, 40] : [166, 84, 118, 50];
}

/**
 * @param {any} L
 * @param {any} map
 * @param {Bounds} fit
 * @param {Bounds} limits
 * @param {boolean} close an event's own frame
 * @param {boolean} animate
 */
export function fitMap(L, map, fit, limits, close, animate) {
  const { x } = map.getSize();
  if (!x) return;
  /** @param {Bounds} bounds */
  const box = ([west, south, east, north]) => L.latLngBounds([south, west], [north, east]);
  const slot = map.getContainer().closest(".fc-map");
  let [start, top, end, bottom] = padding(map.getSize(), close);
  map.setMaxBounds(null);
  map.setMinZoom(0);
  map.setMaxZoom(15);
  // What is fitted by its height makes way for the legend beside it, as far as the basemap reaches.
  const zoom = map.getBoundsZoom(box(fit), false, L.point(start + end, top + bottom));
  /** @param {number} lon */
  const across = (lon) => map.project([0, lon], zoom).x;
  const wide = across(fit[2]) - across(fit[0]);
  const legend = slot?.querySelector(".fc-legend")?.offsetWidth ?? 0;
  const most = 2 * Math.min(across(fit[0]) - across(limits[0]), across(limits[2]) - across(fit[2])) + end + wide - x;
  if (!close && legend && x - end - wide > legend + 40) start = Math.max(start, Math.min(legend + 40, most));
  const [left, right] = slot && getComputedStyle(slot).direction === "rtl" ? [end, start] : [start, end];
  map.fitBounds(box(fit), { paddingTopLeft: [left, top], paddingBottomRight: [right, bottom], animate: animate && map._loaded, duration: 0.3 });
  if (close) return;
  const whole = box(limits).extend(map.getBounds());
  map.setMinZoom(Math.min(map.getZoom(), map.getBoundsZoom(whole, true)));
  map.options.maxBounds = whole;
}

/**
 * @param {any} map
 * @param {HTMLElement} scale
 * @param {{ m: number, text: string }[]} steps
 */
export function scaleBar(map, scale, steps) {
  const { x, y } = map.getSize();
  const from = map.containerPointToLatLng([x / 2 - 50, y - 20]);
  const metres = map.distance(from, map.containerPointToLatLng([x / 2 + 50, y - 20])) / 100;
  const room = x < 480 ? 84 : 110;
  const fitting = steps.filter((step) => step.m / metres <= room);
  const step = fitting[fitting.length - 1];
  scale.hidden = !step;
  if (!step) return;
  scale.textContent = step.text;
  scale.style.width = `${Math.round(step.m / metres)}px`;
}

/**
 * Boxes that the controls and notes of the map take, in its own px.
 * @param {HTMLElement} node
 * @returns {Box[]}
 */
export function furniture(node) {
  const origin = node.getBoundingClientRect();
  /** @type {Box[]} */
  const boxes = [];
  for (const part of node.querySelectorAll(".fc-zoom, .fc-pill, .fc-scale, .fc-stamp, .fc-legend, .fc-tiling > *")) {
    const box = part.getBoundingClientRect();
    if (box.width) boxes.push([box.left - origin.left - 3, box.top - origin.top - 3, box.right - origin.left + 3, box.bottom - origin.top + 3]);
  }
  return boxes;
}

/**
 * Stands the legend in a corner where it hides nothing: as it is, else in small type, else in few words.
 * @param {HTMLElement} node
 * @param {HTMLElement} card
 * @param {Spot} size
 * @param {Spot[]} points what should stay visible
 * @param {Spot[]} signs what has to, with its surroundings
 */
export function legendCorner(node, card, size, points, signs) {
  if (!card.offsetWidth) return;
  for (const [small, brief] of [[false, false], [true, false], [true, true]]) {
    node.classList.toggle("fc-legend-small", small);
    node.classList.toggle("fc-legend-brief", brief);
    if (freeCorner(node, card, size, points, signs) <= 2) return;
  }
}

/**
 * Stands the legend, as large as it is now, where it hides least; gives how much that is.
 * @param {HTMLElement} node
 * @param {HTMLElement} card
 * @param {Spot} size
 * @param {Spot[]} points
 * @param {Spot[]} signs
 */
function freeCorner(node, card, size, points, signs) {
  const { offsetWidth: w, offsetHeight: h } = card;
  const [start, end] = getComputedStyle(node).direction === "rtl" ? [size.x - w - 11, 11] : [11, size.x - w - 11];
  /** @type {[string, number, number][]} */
  const corners = [
    ["", start, size.y - h - 11],
    ["fc-legend-end", end, size.y - h - 11],
    ["fc-legend-top", end, 36],
  ];
  let best = "";
  let least = Infinity;
  for (const [name, x, y] of corners) {
    /** @param {number} by @param {Spot} point */
    const under = (by, point) => point.x > x - by && point.x < x + w + by && point.y > y - by && point.y < y + h + by;
    const hidden = points.filter((point) => under(4, point)).length + 100 * signs.filter((sign) => under(18, sign)).length;
    if (hidden < least) [best, least] = [name, hidden];
  }
  node.classList.toggle("fc-legend-end", best === "fc-legend-end");
  node.classList.toggle("fc-legend-top", best === "fc-legend-top");
  return least;
}
