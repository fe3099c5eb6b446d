// What moves the reader through the story: to a time, to an event, to the next one.

import { listed } from "./filter.js";
import { eventAt, within } from "./state.js";

/** @typedef {import("./types.js").Context} Context */

/**
 * @param {Context} ctx
 * @param {{ stop: () => void, entries: Map<string, import("./timeline.js").Entry> }} parts
 */
export function createMoves(ctx, { stop, entries }) {
  const { state, root } = ctx;

  /** @param {number} next */
  const at = (next) => ({ time: next, current: eventAt(ctx.scene, next) });

  const focused = () => /** @type {Document | ShadowRoot} */ (root.getRootNode()).activeElement;

  /** @param {string} id @param {string} [from] */
  function choose(id, from) {
    stop();
    const event = ctx.scene.events.find((each) => each.id === id);
    if (!event) return;
    if (state.view.selected === id && from) {
      state.set({ selected: null });
      return;
    }
    const inside = !event.aftermath && event.start === within(ctx.scene, event.start);
    const held = root.contains(focused()) && focused()?.closest(".fc-marker");
    state.set({ selected: id, ...(inside && at(event.start)) });
    // The close-up hides the marker that was pressed; its row takes the focus.
    if (held && event.closeup) entries.get(id)?.row.focus({ preventScroll: true });
  }

  return {
    choose,
    /** @param {number} next */
    go: (next) => state.set(at(next)),
    /** @param {number} next */
    scrub(next) {
      stop();
      state.set({ ...at(within(ctx.scene, next)), selected: null });
    },
    /** @param {number} by */
    step(by) {
      const events = ctx.scene.events.filter((event) => listed(event, state.view));
      const { selected, current, time: now } = state.view;
      const here = events.findIndex((event) => event.id === (selected ?? current));
      const before = events.filter((event) => !event.aftermath && event.start <= now).length;
      const next = here >= 0 ? here + by : by > 0 ? before : before - 1;
      const target = events[Math.max(0, Math.min(events.length - 1, next))];
      if (target && target.id !== selected) choose(target.id);
    },
    /** Opens the row of an event. @param {string} id */
    open(id) {
      choose(id);
      entries.get(id)?.row.focus();
    },
    /** @param {string | null} id */
    hint(id) {
      for (const [key, entry] of entries) entry.item.classList.toggle("fc-hover", key === id);
    },
  };
}
