// Where the reader is, as the address of the page says it: #t= #event= #step= #lang= #units= #view=. Written as the reader moves,
// read when the page opens, when somebody changes it, and when the page around a frame sends it.

import { isoTime } from "./state.js";

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").Bounds} Bounds */
/** @typedef {import("./types.js").Context} Context */
/** @typedef {{ time: number | null, selected: string | null, step: string | null, lang: string | null, units: string | null, box: Bounds | null }} Place */

const OURS = ["t", "event", "e", "step", "lang", "units", "view"];
/** Browsers allow few changes of the address: one for a whole drag, ms. */
const SETTLED = 300;

/** @param {string | null} text @returns {Bounds | null} west, south, east, north */
function readBox(text) {
  const [west = NaN, south = NaN, east = NaN, north = NaN, ...more] = (text ?? "").split(",").map(Number);
  const right = !more.length && west < east && south < north && east - west <= 360 && south >= -90 && north <= 90;
  return right ? [west, south, east, north] : null;
}

/**
 * What an address says, as far as the scene has it.
 * @param {Scene} scene
 * @param {string} text "#t=2024-12-25T05:13:31Z&event=first-bang"
 * @returns {Place}
 */
export function readPlace(scene, text) {
  const query = new URLSearchParams(text.replace(/^#/, ""));
  const time = Date.parse(query.get("t") ?? "") / 1000;
  const id = query.get("event") ?? query.get("e");
  return {
    time: Number.isFinite(time) ? time : null,
    selected: scene.events.find((event) => event.id === id)?.id ?? null,
    step: scene.story?.steps.find((step) => step.id === query.get("step"))?.id ?? null,
    lang: query.get("lang"),
    units: query.get("units"),
    box: readBox(query.get("view")),
  };
}

/**
 * The address of a place; what else the former one says stays.
 * @param {import("./types.js").View} view
 * @param {Record<string, string>} more what else is told
 * @param {string} former
 */
export function writePlace(view, more, former) {
  const query = new URLSearchParams(former.replace(/^#/, ""));
  for (const key of OURS) query.delete(key);
  query.set("t", isoTime(view.time));
  if (view.selected) query.set("event", view.selected);
  if (view.step) query.set("step", view.step);
  for (const [key, value] of Object.entries(more)) query.set(key, value);
  if (view.box) {
    const [west, , east] = view.box;
    const digits = Math.max(0, Math.min(5, 3 - Math.floor(Math.log10(east - west))));
    query.set("view", view.box.map((degrees) => Number(degrees.toFixed(digits))).join(","));
  }
  return `#${query.toString().replaceAll("%3A", ":").replaceAll("%2C", ",")}`;
}

/** The address of the page, or nothing where a frame forbids to look. */
export function ownHash() {
  try {
    return location.hash;
  } catch {
    return "";
  }
}

/**
 * Keeps the address and the page around a frame told, and hears both.
 * @param {Context} ctx
 * @param {() => Record<string, string>} more language and units, as far as they are told
 * @param {(place: Place) => void} visit
 */
export function createAddress(ctx, more, visit) {
  let waiting = 0;
  /** @param {string} text */
  const go = (text) => visit(readPlace(ctx.scene, text));
  const changed = () => go(ownHash());
  /** Only the page around the frame may send the reader somewhere. @param {MessageEvent} message */
  const hear = ({ source, data }) => {
    if (source === window.parent && source !== window && data?.type === "flightcase" && typeof data.hash === "string") go(data.hash);
  };
  addEventListener("hashchange", changed);
  addEventListener("message", hear);
  const write = () => {
    const hash = writePlace(ctx.state.view, more(), ownHash());
    try {
      history.replaceState(history.state, "", hash);
    } catch {
      // A sandboxed frame has no history to write to.
    }
    if (window.parent !== window) window.parent.postMessage({ type: "flightcase", hash }, "*");
  };
  return {
    later() {
      clearTimeout(waiting);
      waiting = window.setTimeout(write, SETTLED);
    },
    destroy() {
      clearTimeout(waiting);
      removeEventListener("hashchange", changed);
      removeEventListener("message", hear);
    },
  };
}
