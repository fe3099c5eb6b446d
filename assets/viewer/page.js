// The entry of pages and folium maps: draws the scene that stands in the document, around a Leaflet map.

import { plain } from "./dom.js";
import { mount } from "./mount.js";

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").SceneEvent} SceneEvent */
/** @typedef {import("./types.js").Source} Source */
/** @typedef {Omit<SceneEvent, "card"> & { card: Omit<SceneEvent["card"], "sources"> & { sources: string[] } }} PackedEvent */

/**
 * Draws the scene of a folium layer. In a page it takes the place of the text, elsewhere the place of the map.
 * @param {string} name of the layer; its data block is called so with "_data" at the end
 * @param {import("leaflet").Map} map
 */
export function drawLayer(name, map) {
  const { scene, basemap } = readData(name);
  const page = document.getElementById("flightcase");
  const root = page ?? frame(map.getContainer());
  const text = [...root.childNodes];
  try {
    return mount(root, scene, { L: /** @type {any} */ (window).L, map, basemap, hash: Boolean(page) });
  } catch (error) {
    // Readers get the text back; the class hides it while the script is expected to draw.
    document.documentElement.className = root.className = "";
    root.replaceChildren(...text);
    throw error;
  }
}

/**
 * The scene as it was before a document packed it: with every source in every card.
 * @param {string} name
 */
function readData(name) {
  /** @param {Element | null} block */
  const read = (block) => JSON.parse(block?.textContent ?? "");
  const { scene, basemap, sources, events } = read(document.getElementById(`${name}_data`));
  /** @type {PackedEvent[]} */
  const packed = events ?? [...document.querySelectorAll("#flightcase .fc-event")].map(read);
  scene.events = packed.map((event) => {
    const time = event.aftermath ? event.long_time : `${event.time_text} UTC`;
    const name = event.name ?? `${time}, ${plain(event.title)}, ${event.grade_text}`;
    return { ...event, name, card: { ...event.card, sources: event.card.sources.map((id) => sources[id]) } };
  });
  return { scene: /** @type {Scene} */ (scene), basemap };
}

/** @param {HTMLElement} container */
function frame(container) {
  const root = document.createElement("div");
  root.style.height = "100%";
  container.replaceWith(root);
  root.append(container);
  return root;
}
