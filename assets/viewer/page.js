// The entry of pages and folium maps: draws the scene that stands in the document, around a Leaflet map.

import { dress } from "./flags.js";
import { createHost } from "./host.js";
import { carried } from "./languages.js";
import { mount } from "./mount.js";
import { breath } from "./turns.js";
import { unpack } from "./unpack.js";

/**
 * Draws the scene of a folium layer. In a page it takes the place of the text, elsewhere the place of the map.
 * @param {string} name of the layer; its data block is called so with "_data" at the end
 * @param {import("leaflet").Map} map
 * @returns {Promise<import("./mount.js").Viewer>}
 */
export async function drawLayer(name, map) {
  const page = document.getElementById("flightcase");
  const global = /** @type {any} */ (window);
  const root = page ?? frame(map.getContainer());
  const text = [...root.childNodes];
  /** Readers get the text back; the class hides it while the script is expected to draw. @param {unknown} error @returns {never} */
  function failed(error) {
    document.documentElement.className = root.className = "";
    root.replaceChildren(...text);
    throw error;
  }
  try {
    await breath();
    const { scene, basemap } = unpack(name);
    await breath();
    const viewer = mount(root, scene, { L: global.L, map, basemap, hash: Boolean(page), failed, languages: page ? carried(scene) : [], tiles: global.flightcaseTiles?.createTiles });
    if (page) {
      dress(root);
      addEventListener("hashchange", () => dress(root));
      createHost(root, viewer, scene.id);
    }
    return viewer;
  } catch (error) {
    return failed(error);
  }
}

/** @param {HTMLElement} container */
function frame(container) {
  const root = document.createElement("div");
  root.style.height = "100%";
  container.replaceWith(root);
  root.append(container);
  return root;
}
