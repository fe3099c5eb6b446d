// The entry of the dashboard: the viewer as a Streamlit component, which Streamlit calls with every change of its data.

import { mount } from "./mount.js";
import { createTiles } from "./tiles.js";
import { link } from "../dashboard/link.js";

/**
 * @typedef {object} Data addresses of what is drawn, and how
 * @property {string} leaflet
 * @property {string[]} styles
 * @property {string} scene
 * @property {string} basemap
 * @property {string} language of the page
 * @property {string | null} scheme light or dark; null follows the reader's system
 * @property {Record<string, string>} address what the address of the page says besides the moment
 */
/** @typedef {{ data: Data, parentElement: HTMLElement | ShadowRoot, setStateValue: (name: string, value: unknown) => void }} Component */
/** @typedef {{ t?: string, event?: string }} Moment */
/**
 * @typedef {object} Held what one component has mounted
 * @property {import("./mount.js").Viewer | null} viewer
 * @property {HTMLElement | null} root that the viewer stands in
 * @property {string} scene address of what is drawn
 * @property {Moment} moment last told to Python
 * @property {Promise<unknown>} queue one change after the other
 * @property {Component} component its last call
 * @property {() => void} [unlink] from tables and charts beside it
 */

/** Time without a change after which Python is told of the moment, ms. */
const SETTLED = 400;
/** @type {WeakMap<HTMLElement | ShadowRoot, Held>} */
const held = new WeakMap();
/** The case that was drawn last and the moment it is at. @type {{ case?: string, moment: Moment }} */
let latest = { moment: {} };

/**
 * @param {Component} component
 * @returns {Promise<() => void>} takes the viewer away
 */
export async function render(component) {
  const { parentElement } = component;
  const here = held.get(parentElement) ?? { viewer: null, root: null, scene: "", moment: opening(component.data), queue: Promise.resolve(), component };
  held.set(parentElement, here);
  here.component = component;
  here.queue = here.queue.then(() => draw(here, component));
  await here.queue;
  return () => {
    here.unlink?.();
    here.viewer?.destroy();
    here.viewer = null;
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
  if (here.viewer && here.root) {
    dress(here.root, data.scheme);
    if (here.scene === data.scene) return;
    here.viewer.update(await loadJson(data.scene));
    here.scene = data.scene;
    keepAddress(here);
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
  const viewer = mount(root, scene, { L: /** @type {any} */ (globalThis).L, basemap, tiles: createTiles });
  dress(root, data.scheme);
  here.viewer = viewer;
  here.root = root;
  here.scene = data.scene;
  if (here.moment.t) viewer.seek(here.moment.t);
  if (here.moment.event) viewer.select(here.moment.event);
  keepAddress(here);
  report(here, viewer, root);
  here.unlink = link(viewer, root);
}

/**
 * @param {HTMLElement} root
 * @param {string | null} scheme
 */
function dress(root, scheme) {
  if (scheme) root.dataset.scheme = scheme;
  else delete root.dataset.scheme;
}

/**
 * The moment that the address of the page names. Streamlit takes the viewer away and brings it back when one run
 * overtakes another: then it is the one that the viewer was at.
 * @param {Data} data
 * @returns {Moment}
 */
function opening({ address }) {
  if (latest.case === address.case) return latest.moment;
  const query = new URLSearchParams(location.search);
  const [t, event] = [query.get("t"), query.get("event")];
  if ((query.get("case") ?? address.case) !== address.case) return {};
  return { ...(t && { t }), ...(event && { event }) };
}

/**
 * Writes the moment into the address of the page, in the place of the last one: Back leads to the case before, not
 * through every row that was looked at.
 * @param {Held} here
 */
function keepAddress(here) {
  const { address } = here.component.data;
  const shown = new URLSearchParams(location.search).get("case");
  // Another case was chosen meanwhile: the address is that one's.
  if (shown && shown !== address.case) return;
  const query = new URLSearchParams({ ...address, ...here.moment });
  history.replaceState(history.state, "", `?${query.toString().replaceAll("%3A", ":")}`);
}

/**
 * Tells Python of the moment once it has settled: the map and the list never wait for it.
 * @param {Held} here
 * @param {import("./mount.js").Viewer} viewer
 * @param {HTMLElement} root
 */
function report(here, viewer, root) {
  const mine = here.component.data.address.case ?? "";
  const again = latest.case === mine;
  let waiting = 0;
  let event = here.moment.event;
  const later = (/** @type {{ event?: string | null }} */ detail) => {
    if (here.viewer !== viewer) return;
    if ("event" in detail) event = detail.event ?? undefined;
    const moment = { t: root.dataset.time, ...(event && { event }) };
    latest = { case: mine, moment };
    clearTimeout(waiting);
    waiting = window.setTimeout(() => {
      if (here.viewer !== viewer || !root.isConnected) return;
      if (JSON.stringify(moment) === JSON.stringify(here.moment)) return;
      here.moment = moment;
      keepAddress(here);
      here.component.setStateValue("moment", moment);
    }, SETTLED);
  };
  viewer.on("select", later);
  viewer.on("timechange", later);
  if (!again) latest = { case: mine, moment: here.moment };
  else if (here.moment.t) {
    // What it was at when it was taken away may not have been told.
    here.moment = {};
    later({});
  }
}
