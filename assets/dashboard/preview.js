// The live preview of Edit: the viewer on the draft as it stands, and the map on which positions are given.

import { mount } from "../viewer/mount.js";
import { createTiles } from "../viewer/tiles.js";
import { createPicking } from "./picking.js";

/**
 * @typedef {object} Data
 * @property {string} leaflet address
 * @property {string[]} styles addresses
 * @property {string | null} scene address; null when nothing can be shown
 * @property {string} basemap address
 * @property {string} draft that is shown
 * @property {string} empty why nothing can be shown
 * @property {string[]} notes what is left out
 * @property {import("./picking.js").Request | null} picking
 * @property {import("./picking.js").Movable[]} movable
 * @property {Record<string, string>} words
 */
/** @typedef {{ data: Data, parentElement: HTMLElement | ShadowRoot, setTriggerValue: (name: string, value: unknown) => void }} Component */
/** @typedef {ReturnType<typeof furnish>} Parts */
/** @typedef {{ t?: string, event?: string }} Moment */
/**
 * @typedef {object} Held what one component has mounted
 * @property {Component} component its last call
 * @property {Promise<unknown>} queue one change after the other
 * @property {Parts | null} parts
 * @property {import("../viewer/mount.js").Viewer | null} viewer
 * @property {any} map
 * @property {ReturnType<typeof createPicking> | null} picking
 * @property {any} options of the viewer
 * @property {any} drawn the scene
 * @property {string | null} scene its address
 */

/** @type {WeakMap<HTMLElement | ShadowRoot, Held>} */
const held = new WeakMap();
/** Where the reader was when Streamlit took the viewer away; it brings it back when one run overtakes another. @type {Map<string, Moment>} */
const left = new Map();

/**
 * @param {Component} component
 * @returns {Promise<() => void>} takes the preview away
 */
export async function render(component) {
  const { parentElement } = component;
  const here = held.get(parentElement) ?? { component, queue: Promise.resolve(), parts: null, viewer: null, map: null, picking: null, options: null, drawn: null, scene: null };
  held.set(parentElement, here);
  here.component = component;
  // While one change is drawn others may come: only the last of them is.
  here.queue = here.queue.then(() => (here.component === component ? draw(here, component) : null)).catch((wrong) => note(here, String(wrong.message ?? wrong)));
  await here.queue;
  return () => {
    // Runs that overtake each other leave several of these for one preview.
    if (held.get(parentElement) !== here) return;
    held.delete(parentElement);
    here.picking?.destroy();
    here.viewer?.destroy();
    here.map?.remove();
    here.parts?.section.remove();
  };
}

/** @param {string} address */
async function load(address) {
  const answer = await fetch(new URL(address, document.baseURI).href);
  if (!answer.ok) throw new Error(await answer.text());
  return answer;
}

/** @type {Map<string, Promise<CSSStyleSheet>>} */
const sheets = new Map();

/** @param {string} address */
function sheet(address) {
  const known = sheets.get(address) ?? load(address).then(async (answer) => new CSSStyleSheet().replace(await answer.text()));
  sheets.set(address, known);
  return known;
}

/**
 * @param {Held} here
 * @param {Component} component
 */
async function draw(here, { data, parentElement }) {
  if (!here.parts) {
    const styles = await Promise.all([...data.styles.map(sheet), import(new URL(data.leaflet, document.baseURI).href)]);
    styles.pop();
    /** @type {ShadowRoot} */ (parentElement).adoptedStyleSheets = styles;
    here.parts = furnish(here);
    parentElement.append(here.parts.section);
  }
  const { parts } = here;
  parts.say(data);
  if (data.scene !== here.scene) await show(here, data);
  parts.show(Boolean(here.viewer) && data.scene !== null);
  here.picking?.take(data.scene === null ? null : data.picking, data.movable);
  // Tests and measurements wait for it.
  parts.section.dataset.shown = data.scene ?? "";
}

/** @param {Held} here @param {Data} data */
async function show(here, data) {
  here.scene = data.scene;
  if (data.scene === null) return;
  const scene = await (await load(data.scene)).json();
  const limits = String(scene.map.limits);
  if (String(here.drawn?.map.limits) !== limits) {
    here.options ??= { L: /** @type {any} */ (globalThis).L, basemap: null, tiles: createTiles };
    // What is drawn does not hang on the ground under it.
    here.options.basemap = await load(data.basemap).then((answer) => answer.json()).catch((wrong) => (note(here, wrong.message), here.options.basemap));
  }
  // Who is giving a position keeps the view: the map must not run away under the pointer.
  if (data.picking && here.drawn && here.viewer) scene.map.fit = here.drawn.map.fit;
  here.drawn = scene;
  if (here.viewer) here.viewer.update(scene);
  else begin(here, scene);
}

/** @param {Held} here @param {any} scene */
function begin(here, scene) {
  const parts = /** @type {Parts} */ (here.parts);
  const { L } = here.options;
  parts.show(true);
  const home = document.createElement("div");
  home.style.position = "absolute"; // or Leaflet, which does not know where it will stand, makes it relative
  const map = L.map(home, { zoomControl: false, attributionControl: false, keyboard: false, tap: false, center: [0, 0], zoom: 2 });
  here.map = map;
  // The viewer keeps the options that it is given: a later basemap goes in there.
  const viewer = mount(parts.root, scene, Object.assign(here.options, { map }));
  here.viewer = viewer;
  const draft = here.component.data.draft;
  const moment = left.get(draft);
  if (moment?.t) viewer.seek(moment.t);
  if (moment?.event) viewer.select(moment.event);
  here.picking = createPicking({
    L,
    map,
    words: here.component.data.words,
    tell: (answer) => here.component.setTriggerValue("picked", { ...answer, number: Date.now() }),
    say: parts.announce,
  });
  /** @param {string | null} event */
  const keep = (event) => left.set(draft, { t: parts.root.dataset.time, ...(event && { event }) });
  let chosen = moment?.event ?? null;
  here.picking.select(chosen);
  viewer.on("select", ({ event }) => {
    chosen = event;
    here.picking?.select(chosen);
    keep(chosen);
  });
  viewer.on("timechange", () => keep(chosen));
}

/** @param {Held} here @param {string} text */
function note(here, text) {
  if (here.parts) here.parts.fail(text);
}

/**
 * @param {string} name
 * @param {string} style
 * @param {Record<string, string>} [attributes]
 * @param {...Node} children
 */
function element(name, style, attributes = {}, ...children) {
  const made = document.createElement(name);
  made.className = style;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/**
 * What stands around the viewer: its head, what is asked for, what is left out.
 * @param {Held} here
 */
function furnish(here) {
  const heading = element("h3", "fcp-title");
  const width = element("span", "fcp-width");
  const fold = element("button", "fcp-fold", { type: "button", "aria-expanded": "false", "aria-controls": "fcp-body" });
  const wide = element("button", "fcp-wide", { type: "button", "aria-pressed": "false" });
  const sentence = element("span", "fcp-sentence");
  const stop = element("button", "fcp-stop", { type: "button" });
  const ask = element("div", "fcp-ask", {}, sentence, stop);
  const notes = element("ul", "fcp-notes");
  const empty = element("p", "fcp-empty", { role: "status" });
  const root = element("div", "fcp-viewer");
  const view = element("div", "fcp-view", { tabindex: "0", role: "group" }, root);
  const live = element("p", "fcp-hidden", { "aria-live": "polite" });
  const body = element("div", "fcp-body", { id: "fcp-body" }, ask, notes, empty, view);
  const section = element("section", "fcp", { popover: "auto" }, element("div", "fcp-head", {}, fold, heading, width, wide), body, live);
  const open = () => section.matches(":popover-open");

  const unfold = (/** @type {boolean} */ unfolded) => {
    section.classList.toggle("fcp-open", unfolded);
    fold.setAttribute("aria-expanded", String(unfolded));
  };
  fold.addEventListener("click", () => unfold(fold.getAttribute("aria-expanded") !== "true"));
  wide.addEventListener("click", () => (open() ? section.hidePopover() : section.showPopover()));
  section.addEventListener("toggle", () => {
    wide.setAttribute("aria-pressed", String(open()));
    wide.textContent = (open() ? here.component.data.words.phone : here.component.data.words.wide) ?? "";
  });
  stop.addEventListener("click", () => here.picking?.end());
  new ResizeObserver(() => {
    const { words } = here.component.data;
    const px = Math.round(root.clientWidth);
    width.textContent = px ? (words.width ?? "").replace("{px}", String(px)) : "";
  }).observe(root);

  return {
    section,
    root,
    /** @param {string} text */
    announce: (text) => void (live.textContent = text),
    /** @param {boolean} shown */
    show: (shown) => {
      view.hidden = !shown;
      empty.hidden = shown;
    },
    /** @param {string} text */
    fail(text) {
      notes.replaceChildren(element("li", "", {}, document.createTextNode(text)));
      notes.hidden = false;
    },
    /** @param {Data} data */
    say({ words, notes: told, picking, empty: why }) {
      heading.textContent = words.title ?? "";
      section.setAttribute("aria-label", words.title ?? "");
      view.setAttribute("aria-label", words.title ?? "");
      fold.textContent = words.title ?? "";
      wide.textContent = (open() ? words.phone : words.wide) ?? "";
      stop.textContent = words.stop ?? "";
      notes.replaceChildren(...told.map((text) => element("li", "", {}, document.createTextNode(text))));
      notes.hidden = !told.length;
      empty.textContent = why;
      sentence.textContent = picking?.sentence ?? "";
      stop.hidden = !picking;
      ask.hidden = !picking;
      section.classList.toggle("fcp-asking", Boolean(picking));
      if (picking) unfold(true);
    },
  };
}
