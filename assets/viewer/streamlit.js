// The entry of the dashboard: the viewer as a Streamlit component, which Streamlit calls with every change of its data.

import { mount } from "./mount.js";

/**
 * @typedef {object} Data addresses of what is drawn, and where it opens
 * @property {string} leaflet
 * @property {string[]} styles
 * @property {string} scene
 * @property {string} basemap
 * @property {{ t: string | null, event: string | null }} opens
 */
/** @typedef {{ data: Data, parentElement: HTMLElement | ShadowRoot, setStateValue: (name: string, value: unknown) => void }} Component */
/**
 * @typedef {object} Held what one component has mounted
 * @property {import("./mount.js").Viewer | null} viewer
 * @property {string} scene address of what is drawn
 * @property {Promise<unknown>} queue one change after the other
 * @property {Component} component its last call
 */

/** Time without a change after which Python is told of the moment, ms. */
const SETTLED = 400;
/** @type {WeakMap<HTMLElement | ShadowRoot, Held>} */
const held = new WeakMap();

/**
 * @param {Component} component
 * @returns {Promise<() => void>} takes the viewer away
 */
export async function render(component) {
  const { parentElement } = component;
  const here = held.get(parentElement) ?? { viewer: null, scene: "", queue: Promise.resolve(), component };
  held.set(parentElement, here);
  here.component = component;
  here.queue = here.queue.then(() => draw(here, component));
  await here.queue;
  return () => {
    here.viewer?.destroy();
    held.delete(parentElement);
  };
}

/** @param {string} address */
const absolute = (address) => new URL(address, document.baseURI).href;

/** @param {string} address */
async function load(address) {
  const answer = await fetch(absolute(address));
  if (!answer.ok) throw new Error(await answer.text());
  return answer;
}

/** @param {string} address */
const loadJson = async (address) => (await load(address)).json();

/** @param {string} address */
async function loadStyle(address) {
  const sheet = new CSSStyleSheet();
  return sheet.replace(await (await load(address)).text());
}

/**
 * @param {Held} here
 * @param {Component} component
 */
async function draw(here, { data, parentElement }) {
  if (here.scene === data.scene) return;
  if (here.viewer) {
    here.viewer.update(await loadJson(data.scene));
    here.scene = data.scene;
    return;
  }
  const [scene, basemap, ...styles] = await Promise.all([
    loadJson(data.scene),
    loadJson(data.basemap),
    ...data.styles.map(loadStyle),
    import(absolute(data.leaflet)),
  ]);
  styles.pop();
  /** @type {ShadowRoot} */ (parentElement).adoptedStyleSheets = styles;
  const root = document.createElement("div");
  root.style.setProperty("height", "var(--fc-height, auto)");
  parentElement.append(root);
  const viewer = mount(root, scene, { L: /** @type {any} */ (globalThis).L, basemap });
  here.viewer = viewer;
  here.scene = data.scene;
  if (data.opens.t) viewer.seek(data.opens.t);
  if (data.opens.event) viewer.select(data.opens.event);
  report(here, viewer, root);
}

/**
 * Tells Python of the moment once it has settled: the map and the list never wait for it.
 * @param {Held} here
 * @param {import("./mount.js").Viewer} viewer
 * @param {HTMLElement} root
 */
function report(here, viewer, root) {
  let waiting = 0;
  let told = "";
  const later = (/** @type {{ event?: string | null }} */ detail) => {
    if ("event" in detail) chosen = detail.event ?? null;
    clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      const moment = { t: root.dataset.time ?? null, event: chosen };
      if (JSON.stringify(moment) === told) return;
      told = JSON.stringify(moment);
      here.component.setStateValue("moment", moment);
    }, SETTLED);
  };
  /** @type {string | null} */
  let chosen = null;
  viewer.on("select", later);
  viewer.on("timechange", later);
}
