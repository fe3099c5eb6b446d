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
  const { scene, basemap, sources = readSources(), events } = read(document.getElementById(`${name}_data`));
  /** @type {PackedEvent[]} */
  const packed = events ?? [...document.querySelectorAll("#flightcase .fc-event")].map(read);
  /** @param {string[]} ids */
  const cited = (ids) => ids.map((id) => sources[id]);
  scene.events = packed.map((event) => {
    const time = event.aftermath ? event.long_time : `${event.time_text} UTC`;
    const name = event.name ?? `${time}, ${plain(event.title)}, ${event.grade_text}`;
    return { ...event, name, card: { ...event.card, sources: cited(event.card.sources) } };
  });
  scene.other_sources = cited(scene.other_sources);
  for (const name of ["state_table", "facts_table"]) {
    const table = document.querySelector(`#flightcase .fc-${name}`);
    if (table) scene[name] = readGrid(table);
  }
  return { scene: /** @type {Scene} */ (scene), basemap };
}

/**
 * The sources as the list of the text has them: "[id] before", a link, "after", or without a link all in one.
 * @returns {Record<string, Source>}
 */
function readSources() {
  /** @type {Record<string, Source>} */
  const sources = {};
  for (const item of document.querySelectorAll("#flightcase li[id^=source-]")) {
    const id = item.id.slice("source-".length);
    const link = item.querySelector("a");
    const [before, after] = link ? [link.previousSibling, link.nextSibling].map((node) => node?.textContent ?? "") : [item.textContent ?? "", ""];
    const start = before?.slice(id.length + 3) ?? "";
    sources[id] = { id, before: start, link: link?.textContent ?? "", after: after ?? "", url: link?.getAttribute("href") ?? null, language: link?.hreflang || null };
  }
  return sources;
}

/** What a table of the text says: in a page it stands there alone. @param {Element} table */
function readGrid(table) {
  const [head = [], ...rows] = [...table.querySelectorAll("tr")].map((row) => [...row.children].map((cell) => cell.textContent ?? ""));
  return { caption: table.querySelector("caption")?.textContent ?? "", columns: head, rows };
}

/** @param {HTMLElement} container */
function frame(container) {
  const root = document.createElement("div");
  root.style.height = "100%";
  container.replaceWith(root);
  root.append(container);
  return root;
}
