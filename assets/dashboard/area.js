// The map of the Archive page: the area that is asked about, drawn on it, and what the answer says was received.

import { element, iconButton } from "../viewer/dom.js";
import { scaleBar } from "../viewer/frame.js";
import { load } from "./choosing.js";
import { chained, straight } from "./corners.js";
import { createSheet, ringOf } from "./drawing.js";
import { createFlown } from "./flown.js";
import { createGround } from "./ground.js";
import { createPicking } from "./picking.js";
import { sheet as styleOf } from "./rows.js";

/** @typedef {import("./drawing.js").LatLon} LatLon */
/**
 * @typedef {object} Data
 * @property {string} leaflet address
 * @property {string[]} styles addresses
 * @property {string} ground what the addresses of the land begin with
 * @property {string} credit of the land
 * @property {{ m: number, text: string }[]} scale lengths of its bar
 * @property {string | null} answer address of what is drawn
 * @property {LatLon[]} corners of the area that is asked about
 * @property {{ at: LatLon, km: number } | null} circle that is asked about
 * @property {{ at: LatLon, name: string }[]} places
 * @property {string | null} drawing what a click does; null while nothing is drawn
 * @property {[number, number, number, number] | null} view west, south, east, north to begin with
 * @property {{ kind: string, text: string }[]} key what the lines mean
 * @property {Record<string, string>} words
 */
/** @typedef {{ data: Data, parentElement: HTMLElement | ShadowRoot, setTriggerValue: (name: string, value: unknown) => void }} Component */
/** @typedef {ReturnType<typeof begin>} Made */
/** @typedef {{ component: Component, made: Made | null, queue: Promise<unknown> }} Held */

/** @type {WeakMap<HTMLElement | ShadowRoot, Held>} */
const held = new WeakMap();
/** Where the map was when Streamlit took it away; it brings it back when one run overtakes another. @type {{ center: any, zoom: number } | null} */
let left = null;

/**
 * @param {Component} component
 * @returns {Promise<() => void>} takes the map away
 */
export async function render(component) {
  const { parentElement } = component;
  const here = held.get(parentElement) ?? { component, made: null, queue: Promise.resolve() };
  held.set(parentElement, here);
  here.component = component;
  here.queue = here.queue.then(() => (here.component === component ? draw(here) : null)).catch((wrong) => here.made?.fail(String(wrong.message ?? wrong)));
  await here.queue;
  return () => {
    if (held.get(parentElement) !== here) return;
    held.delete(parentElement);
    here.made?.destroy();
  };
}

/** @param {Held} here */
async function draw(here) {
  const { data, parentElement } = here.component;
  if (!here.made) {
    const styles = await Promise.all(data.styles.map(styleOf));
    await import(new URL(data.leaflet, document.baseURI).href);
    /** @type {ShadowRoot} */ (parentElement).adoptedStyleSheets = styles;
    here.made = begin(here);
  }
  await here.made.take(data);
}

/** @param {Held} here */
function begin(here) {
  const L = /** @type {any} */ (globalThis).L;
  const { data, parentElement } = here.component;
  const home = element("div", { class: "fca-home" });
  const slot = element("div", { class: "fca-slot" }, home);
  const sentence = element("span", { class: "fcp-sentence" });
  const stop = element("button", { type: "button", class: "fcp-stop" });
  const ask = element("div", { class: "fcp-ask" }, sentence, stop);
  const wrong = element("p", { class: "fca-wrong", role: "alert" });
  const live = element("p", { class: "fcp-hidden", "aria-live": "polite" });
  const key = element("ul", { class: "fca-key" });
  const credit = element("p", { class: "fca-credit" }, data.credit);
  const scale = element("div", { class: "fc-scale", "aria-hidden": "true" });
  const nearer = iconButton("", "", "M12 5V19M5 12H19", () => map.zoomIn());
  const farther = iconButton("", "", "M5 12H19", () => map.zoomOut());
  const region = element("section", { class: "fc fca-map" }, element("div", { class: "fc-zoom" }, nearer, farther), slot, key, scale, credit);
  const root = element("div", { class: "fcp fca" }, ask, wrong, region, live);
  parentElement.append(root);

  const map = L.map(home, { zoomControl: false, attributionControl: false, keyboard: true, tap: false, center: [30, 20], zoom: 2, zoomSnap: 0.25, zoomDelta: 1, minZoom: 1, maxZoom: 14, worldCopyJump: false, maxBoundsViscosity: 1 });
  map.setMaxBounds([[-88, -100_000], [88, 100_000]]);
  if (left) map.setView(left.center, left.zoom, { animate: false });
  const fail = (/** @type {string} */ text) => void (wrong.textContent = text);
  const ground = createGround(L, map, data.ground, fail, () => measure());
  const flown = createFlown(L, map);
  const sheet = createSheet(L, map);
  const picking = createPicking({
    L,
    map,
    words: data.words,
    tell: (answer) => here.component.setTriggerValue("picked", { ...answer, number: Date.now() }),
    say: (text) => void (live.textContent = text),
  });
  /** The bar of scale; names of places stay on the map, and those of countries give way to them. */
  function measure() {
    scaleBar(map, scale, here.component.data.scale);
    const edge = home.getBoundingClientRect();
    const labels = /** @type {HTMLElement[]} */ ([...home.querySelectorAll(".fca-place")]);
    for (const label of labels) {
      label.classList.remove("fca-left");
      label.classList.toggle("fca-left", label.getBoundingClientRect().right > edge.right - 8);
    }
    const boxes = [...labels, ...region.querySelectorAll(".fc-zoom, .fca-key, .fca-credit, .fc-scale")].map((label) => label.getBoundingClientRect());
    for (const name of /** @type {HTMLElement[]} */ ([...home.querySelectorAll(".fca-name")])) {
      const at = name.getBoundingClientRect();
      const covered = boxes.some((box) => at.left < box.right && at.right > box.left && at.top < box.bottom && at.bottom > box.top);
      const away = covered || at.left < edge.left || at.right > edge.right;
      name.style.visibility = away ? "hidden" : "";
      if (!away) boxes.push(at);
    }
  }
  const resized = new ResizeObserver(() => {
    map.invalidateSize({ animate: false });
    measure();
  });
  resized.observe(home);
  map.on("moveend", () => {
    left = { center: map.getCenter(), zoom: map.getZoom() };
    measure();
  });
  stop.addEventListener("click", () => picking.end());
  let [answered, viewed] = ["", ""];

  /** The area, where nobody is drawing it, and the places. @param {Data} said */
  function outline({ corners, circle, places, drawing }) {
    sheet.clear();
    const ring = circle ? ringOf(sheet.seen(circle.at), circle.km) : straight(chained(corners, sheet.seen));
    if (ring.length > 2 && drawing === null) sheet.line(true).setLatLngs(ring);
    for (const { at, name } of places) {
      const label = element("div", { class: "fca-place" }, element("span", null, name));
      L.marker(sheet.seen(at), { icon: L.divIcon({ className: "fc-icon", iconSize: [0, 0], html: label }), pane: "fcp-lines", interactive: false, keyboard: false }).addTo(sheet.group);
    }
  }

  return {
    fail,
    /** @param {Data} said */
    async take(said) {
      const { words, drawing, corners, answer: address } = said;
      region.setAttribute("aria-label", words.map ?? "");
      region.setAttribute("role", "region");
      nearer.setAttribute("aria-label", words.nearer ?? "");
      farther.setAttribute("aria-label", words.farther ?? "");
      sentence.textContent = drawing ?? "";
      stop.textContent = words.stop ?? "";
      ask.hidden = drawing === null;
      key.replaceChildren(...said.key.map(({ kind, text }) => element("li", { class: `fca-as-${kind}` }, text)));
      key.hidden = !said.key.length;
      fail("");
      const answer = address ? await load(address) : null;
      const box = answer?.box ?? said.view;
      if (String(box) !== viewed && box && drawing === null) {
        viewed = String(box);
        map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { padding: [24, 24], maxZoom: 11, animate: false });
      }
      outline(said);
      measure();
      if ((address ?? "") !== answered) {
        answered = address ?? "";
        flown.show(answered, answer, map.getCenter().lng);
      }
      const points = corners.map((at) => ({ value: at, at }));
      picking.take(drawing === null ? null : { id: "area", how: "area", place: ["area"], sentence: drawing, at: null, centre: null, km: null, points }, []);
      // Tests wait for it.
      root.dataset.shown = JSON.stringify({ answer: answered, corners: corners.length, drawing: drawing !== null });
    },
    destroy() {
      resized.disconnect();
      ground.destroy();
      flown.destroy();
      picking.destroy();
      map.remove();
      root.remove();
    },
  };
}
