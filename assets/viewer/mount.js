// The entry: mounts the viewer in an element and ties its parts together.

import { readHash, writeHash } from "./address.js";
import { createClock } from "./clock.js";
import { element, say } from "./dom.js";
import { createFoot, createHead } from "./head.js";
import { listenKeys } from "./keys.js";
import { createLegend } from "./legend.js";
import { createMap } from "./map.js";
import { createPlayer } from "./player.js";
import { createScrubber } from "./scrubber.js";
import { createState, eventAt, isoTime, spanAt } from "./state.js";
import { createTable } from "./table.js";
import { createTimeline } from "./timeline.js";
import { SCENE_VERSION } from "./types.js";

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").Context} Context */
/** @typedef {import("./types.js").MountOptions} MountOptions */
/** @typedef {"ready" | "select" | "timechange" | "error"} ViewerEvent */
/** @typedef {ReturnType<typeof mount>} Viewer */

/** From this width on the list stands beside the map, px. */
const WIDE = 1040;
/** Least time between two `timechange` while playing, ms. */
const CALM = 250;

/**
 * @param {HTMLElement} root is emptied, and carries data-time, data-event and data-state
 * @param {Scene} scene
 * @param {MountOptions} [options]
 */
export function mount(root, scene, options = {}) {
  if (scene.scene !== SCENE_VERSION) throw new Error(`This viewer draws scenes of form ${SCENE_VERSION}, not ${scene.scene}.`);
  const bus = new EventTarget();
  const asked = options.hash ? readHash(scene) : { time: null, selected: null };
  const chosen = scene.events.find((event) => event.id === asked.selected);
  const opens = asked.time ?? (chosen && !chosen.aftermath ? chosen.start : scene.time.opens);
  const time = Math.min(scene.time.end, Math.max(scene.time.start, opens));
  const state = createState({ time, selected: asked.selected, current: eventAt(scene, time), playing: false, all: false, table: false });
  const quiet = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");
  /** @type {Context} */
  const ctx = {
    root,
    scene,
    uid: `fc${Math.random().toString(36).slice(2, 8)}`,
    state,
    choose,
    scrub,
    hint,
    wide: () => root.clientWidth >= WIDE,
    still: () => Boolean(quiet?.matches),
  };

  /** @param {ViewerEvent} type @param {object} [detail] */
  function emit(type, detail = {}) {
    bus.dispatchEvent(new CustomEvent(type, { detail }));
    root.dispatchEvent(new CustomEvent(type, { detail }));
  }

  const head = createHead(ctx);
  const foot = createFoot(ctx, () => state.set({ table: !state.view.table }));
  const live = element("p", { class: "fc-hidden", "aria-live": "polite" });
  const legend = createLegend(ctx);
  const map = createMap(ctx, options, legend);
  const timeline = createTimeline(ctx);
  const table = createTable(ctx);
  const player = createPlayer(ctx, go);
  const clock = createClock(ctx, { toggle, step });
  const scrubber = createScrubber(ctx);
  const bottom = element("div", { class: "fc-scrub" }, clock.node, scrubber.node);
  const page = element("div", { class: "fc-page" }, head.node, map.node, legend.key, timeline.node, table.node, bottom, foot.node, live);
  let told = 0;

  /** @param {number} next */
  function go(next) {
    state.set({ time: next, current: eventAt(ctx.scene, next) });
  }

  /** @param {number} next */
  function scrub(next) {
    player.stop();
    state.set({ time: Math.min(ctx.scene.time.end, Math.max(ctx.scene.time.start, next)), selected: null, current: eventAt(ctx.scene, next) });
  }

  /** @param {string} id @param {string} [from] */
  function choose(id, from) {
    player.stop();
    const event = ctx.scene.events.find((each) => each.id === id);
    if (!event) return;
    if (state.view.selected === id && from) {
      state.set({ selected: null });
      return;
    }
    const inside = !event.aftermath && event.start >= ctx.scene.time.start && event.start <= ctx.scene.time.end;
    const held = root.contains(focused()) && focused()?.closest(".fc-marker");
    state.set(inside ? { selected: id, time: event.start, current: eventAt(ctx.scene, event.start) } : { selected: id });
    // The close-up hides the marker that was pressed; its row takes the focus.
    if (held && event.closeup) timeline.entries.get(id)?.row.focus({ preventScroll: true });
  }

  /** @returns {Element | null} */
  function focused() {
    return /** @type {Document | ShadowRoot} */ (root.getRootNode()).activeElement;
  }

  /** @param {string | null} id */
  function hint(id) {
    for (const [key, entry] of timeline.entries) entry.item.classList.toggle("fc-hover", key === id);
  }

  function toggle() {
    if (state.view.playing) player.stop();
    else player.start();
  }

  /** @param {number} by */
  function step(by) {
    const events = ctx.scene.events.filter((event) => event.main || state.view.all);
    const { selected, current, time: now } = state.view;
    const here = events.findIndex((event) => event.id === (selected ?? current));
    const before = events.filter((event) => !event.aftermath && event.start <= now).length;
    const next = here >= 0 ? here + by : by > 0 ? before : before - 1;
    const target = events[Math.max(0, Math.min(events.length - 1, next))];
    if (target && target.id !== selected) choose(target.id);
  }

  function tabulate() {
    const shown = state.view.table;
    page.classList.toggle("fc-tabled", shown);
    table.node.hidden = !shown;
    foot.tabulate(shown);
    // A long table is made when it is asked for, and not while the page opens.
    if (shown) table.render();
    else map.resize();
  }

  function stampRoot() {
    const { time: now, selected, current } = state.view;
    root.dataset.time = isoTime(now);
    root.dataset.event = selected ?? current ?? "";
    root.dataset.state = spanAt(ctx.scene, now)?.style ?? "";
  }

  function tell() {
    told = performance.now();
    emit("timechange", { time: state.view.time, iso: root.dataset.time, state: root.dataset.state });
  }

  /** @param {boolean} fit */
  function render(fit) {
    root.lang = ctx.scene.language;
    root.dir = ctx.scene.direction;
    for (const part of [head, foot, legend, timeline, clock]) part.render();
    tabulate();
    say(legend.stamp, ctx.scene.map.stamp).hidden = !ctx.scene.map.stamp;
    map.render(fit);
    scrubber.render();
    stampRoot();
  }

  state.watch((view, changed) => {
    stampRoot();
    if (changed.has("time")) {
      scrubber.move();
      map.turn();
    }
    if (changed.has("time") || changed.has("playing")) clock.paint(changed.has("playing"));
    if (changed.has("playing")) scrubber.move();
    if (changed.has("selected") || changed.has("current")) scrubber.mark();
    if (changed.has("selected") || changed.has("current") || changed.has("all")) {
      map.paint(changed);
      timeline.paint(changed);
    }
    if (changed.has("table")) tabulate();
    if (changed.has("current") && view.playing) live.textContent = ctx.scene.events.find((event) => event.id === view.current)?.name ?? "";
    if (changed.has("selected")) emit("select", { event: view.selected, time: view.time });
    if (changed.has("time") && (!view.playing || performance.now() - told > CALM)) tell();
    if (changed.has("playing") && !view.playing) tell();
    if (!view.playing && options.hash) later();
  });

  let waiting = 0;
  /** Browsers allow few changes of the address: one for a whole drag. */
  function later() {
    clearTimeout(waiting);
    waiting = window.setTimeout(() => writeHash(state.view), 300);
  }

  listenKeys(page, {
    toggle,
    step,
    move: (seconds) => scrub(state.view.time + seconds),
    ends: (last) => scrub(last ? ctx.scene.time.end : ctx.scene.time.start),
    zoom: (by) => map.zoom(by),
    close: () => state.set({ selected: null, table: false }),
  });

  root.classList.add("fc");
  if (options.scheme) root.dataset.scheme = options.scheme;
  if (options.map) options.map.getContainer().remove();
  root.replaceChildren(page);
  map.start();
  render(true);
  const watcher = new ResizeObserver(() => {
    legend.resize();
    map.resize();
    scrubber.resize();
  });
  watcher.observe(root);
  watcher.observe(map.node);
  queueMicrotask(() => emit("ready"));

  return {
    /** @param {string | null} id */
    select(id) {
      if (id === null) state.set({ selected: null });
      else choose(id);
    },
    /** @param {number | string} to POSIX seconds, or ISO 8601 */
    seek(to) {
      const seconds = typeof to === "number" ? to : Date.parse(to) / 1000;
      if (Number.isFinite(seconds)) scrub(seconds);
      else emit("error", { message: `No time: ${to}` });
    },
    play: () => player.start(),
    pause: () => player.stop(),
    /**
     * Draws another scene, or the same in other words; time, selection and view stay.
     * @param {Scene} next
     */
    update(next) {
      if (next.scene !== SCENE_VERSION) {
        emit("error", { message: `This viewer draws scenes of form ${SCENE_VERSION}, not ${next.scene}.` });
        return;
      }
      const other = next.id !== ctx.scene.id || String(next.map.fit) !== String(ctx.scene.map.fit);
      ctx.scene = next;
      const { selected, time: now } = state.view;
      const kept = next.events.some((event) => event.id === selected) ? selected : null;
      const clipped = Math.min(next.time.end, Math.max(next.time.start, now));
      state.view.selected = kept;
      state.view.time = clipped;
      state.view.current = eventAt(next, clipped);
      render(other);
    },
    destroy() {
      player.stop();
      clearTimeout(waiting);
      watcher.disconnect();
      state.clear();
      map.destroy();
      root.replaceChildren();
      root.classList.remove("fc");
      for (const name of ["time", "event", "state", "scheme"]) delete root.dataset[name];
    },
    /**
     * @param {ViewerEvent} type
     * @param {(detail: any) => void} act
     * @returns {() => void} lets go
     */
    on(type, act) {
      /** @param {Event} event */
      const hear = (event) => act(/** @type {CustomEvent} */ (event).detail);
      bus.addEventListener(type, hear);
      return () => bus.removeEventListener(type, hear);
    },
  };
}
