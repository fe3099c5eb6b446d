// The moment in the address of the page.

import { isoTime } from "./state.js";

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").View} View */

/**
 * Time and event of the address; neither where there is none, or where a frame forbids to look.
 * @param {Scene} scene
 * @returns {{ time: number | null, selected: string | null }}
 */
export function readHash(scene) {
  try {
    const query = new URLSearchParams(location.hash.slice(1));
    const id = query.get("event") ?? query.get("e");
    const event = scene.events.find((each) => each.id === id);
    const text = query.get("t");
    const time = text ? Date.parse(text) / 1000 : NaN;
    return { time: Number.isFinite(time) ? time : null, selected: event ? event.id : null };
  } catch {
    return { time: null, selected: null };
  }
}

/**
 * Keeps what else the address says.
 * @param {View} view
 */
export function writeHash(view) {
  try {
    const query = new URLSearchParams(location.hash.slice(1));
    query.delete("e");
    query.delete("event");
    query.set("t", isoTime(view.time));
    if (view.selected) query.set("event", view.selected);
    history.replaceState(history.state, "", `#${query.toString().replaceAll("%3A", ":")}`);
  } catch {
    // A sandboxed frame has no history to write to.
  }
}
