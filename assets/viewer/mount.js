// The entry: mounts the viewer in an element and ties its parts together.

import { createAddress, readPlace } from "./address.js";
import { createClock } from "./clock.js";
import { element } from "./dom.js";
import { ownAddress } from "./flags.js";
import { createFoot, createHead } from "./head.js";
import { listenKeys } from "./keys.js";
import { chosen, createLanguages, otherwise } from "./languages.js";
import { createLegend } from "./legend.js";
import { createMap } from "./map.js";
import { createMoves } from "./moves.js";
import { listenPrint } from "./paper.js";
import { createPlayer } from "./player.js";
import { createScrubber } from "./scrubber.js";
import { createState, eventAt, isoTime, spanAt, within } from "./state.js";
import { createStory } from "./story.js";
import { createTable } from "./table.js";
import { createTimeline } from "./timeline.js";
import { atOnce, inTurn } from "./turns.js";
import { SCENE_VERSION } from "./types.js";

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").Context} Context */
/** @typedef {import("./types.js").MountOptions} MountOptions */
/** @typedef {"ready" | "select" | "timechange" | "step" | "error"} ViewerEvent */
/** @typedef {ReturnType<typeof mount>} Viewer */

/** From this width on the list stands beside the map, px. */
export const WIDE = 1040;
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
  const languages = options.languages ?? [];
  const own = scene;
  const asked = readPlace(scene, options.hash ? ownAddress() : "");
  scene = chosen(languages, scene, asked)?.scene() ?? scene;
  const event = scene.events.find((event) => event.id === asked.selected);
  const opens = asked.time ?? (event && !event.aftermath ? event.start : scene.time.opens);
  const time = within(scene, opens);
  const state = createState({ time, selected: asked.selected, current: eventAt(scene, time), playing: false, all: false, hidden: new Set(), table: false, skip: "", box: null });
  const quiet = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");
  /** @type {Context} */
  const ctx = {
    root,
    scene,
    uid: `fc${Math.random().toString(36).slice(2, 8)}`,
    state,
    choose: (id, from) => moves.choose(id, from),
    scrub: (seconds) => moves.scrub(seconds),
    announce: (text) => void (live.textContent = text),
    hint: (id) => moves.hint(id),
    wide: () => root.clientWidth >= WIDE,
    still: () => Boolean(quiet?.matches),
  };

  /** @param {ViewerEvent} type @param {object} [detail] */
  function emit(type, detail = {}) {
    bus.dispatchEvent(new CustomEvent(type, { detail }));
    root.dispatchEvent(new CustomEvent(type, { detail }));
  }

  const head = createHead(ctx, () => foot.correct());
  const foot = createFoot(ctx, () => state.set({ table: !state.view.table }));
  const live = element("p", { class: "fc-hidden", "aria-live": "polite" });
  const legend = createLegend(ctx);
  const map = createMap(ctx, options, legend);
  const timeline = createTimeline(ctx);
  const table = createTable(ctx, () => state.set({ table: false }));
  const moves = createMoves(ctx, { stop: () => player.stop(), entries: timeline.entries });
  const player = createPlayer(ctx, moves.go);
  const toggle = () => (state.view.playing ? player.stop() : player.start());
  const clock = createClock(ctx, { toggle, step: moves.step }, player);
  const scrubber = createScrubber(ctx);
  const bottom = element("div", { class: "fc-scrub" }, clock.node, scrubber.node);
  const story = createStory(ctx, { map: map.node, bottom, stop: () => player.stop(), list: moves.open });
  const arrive = (/** @type {string} */ text) => visit(readPlace(ctx.scene, text));
  const tongues = createLanguages(languages, arrive);
  const page = element("div", { class: "fc-page" }, tongues.node, head.node, map.node, legend.key, timeline.node, story.node, table.node, bottom, foot.node, live);
  let told = 0;

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

  /** @param {boolean} fit whether the map goes to where the scene wants it */
  function* drawing(fit) {
    root.lang = ctx.scene.language;
    root.dir = ctx.scene.direction;
    for (const part of [head, foot, legend]) part.render();
    tongues.render(ctx.scene);
    story.render(head.node.querySelector(".fc-standfirst") ?? head.node);
    yield;
    timeline.render();
    yield;
    clock.render();
    tabulate();
    scrubber.render();
    stampRoot();
    yield;
    yield* map.drawing(fit);
  }

  /** @param {import("./types.js").View} view @param {Set<string>} changed */
  function react(view, changed) {
    stampRoot();
    if (changed.has("time")) {
      scrubber.move();
      map.turn();
    }
    if (changed.has("time") || changed.has("playing") || changed.has("skip")) clock.paint(changed.has("playing"));
    if (changed.has("skip") && view.skip) live.textContent = view.skip;
    if (changed.has("playing")) scrubber.move();
    if (["selected", "current", "hidden"].some((key) => changed.has(key))) scrubber.mark();
    if (changed.has("step")) {
      story.paint();
      live.textContent = story.said();
      emit("step", { step: view.step, time: view.time });
    }
    if (["selected", "current", "all", "hidden", "step"].some((key) => changed.has(key))) {
      map.paint(changed);
      timeline.paint(changed);
    }
    if (changed.has("table")) {
      tabulate();
      (view.table ? table : foot).enter();
    }
    if (changed.has("current") && view.playing) live.textContent = ctx.scene.events.find((event) => event.id === view.current)?.name ?? "";
    if (changed.has("selected")) emit("select", { event: view.selected, time: view.time });
    if (changed.has("time") && (!view.playing || performance.now() - told > CALM)) tell();
    if (changed.has("playing") && !view.playing) tell();
    if (!view.playing) address?.later();
  }

  /** What changes before everything stands, which is drawn then. @type {Set<string> | null} */
  let missed = new Set();
  state.watch((view, changed) => {
    if (!missed) react(view, changed);
    for (const key of changed) missed?.add(key);
  });

  /** @param {import("./address.js").Place} place */
  function visit({ time: to, selected, step, lang, units, box }) {
    const other = chosen(languages, ctx.scene, { lang, units });
    if (other && (other.lang !== ctx.scene.language || other.units !== ctx.scene.units)) {
      update(other.scene());
      address?.later();
    }
    if (step) return void story.step(step);
    if (to !== null || selected) {
      player.stop();
      if (selected) moves.choose(selected);
      else state.set({ selected });
      if (to !== null) moves.go(within(ctx.scene, to));
    }
    if (box) map.look(box);
  }

  const address = options.hash ? createAddress(ctx, () => otherwise(own, ctx.scene), visit) : null;

  /**
   * Draws another scene, or the same in other words; time, selection and view stay.
   * @param {Scene} next
   */
  function update(next) {
    if (next.scene !== SCENE_VERSION) {
      emit("error", { message: `This viewer draws scenes of form ${SCENE_VERSION}, not ${next.scene}.` });
      return;
    }
    const fresh = next.id !== ctx.scene.id || String(next.map.fit) !== String(ctx.scene.map.fit);
    ctx.scene = next;
    const { selected, time: now } = state.view;
    state.view.selected = next.events.some((event) => event.id === selected) ? selected : null;
    state.view.time = within(next, now);
    state.view.current = eventAt(next, state.view.time);
    if (missed) missed.add("scene");
    else atOnce(drawing(fresh));
  }

  listenKeys(page, {
    toggle,
    step: moves.step,
    move: (seconds) => moves.scrub(state.view.time + seconds),
    ends: (last) => moves.scrub(last ? ctx.scene.time.end : ctx.scene.time.start),
    zoom: (by) => map.zoom(by),
    close: () => state.set({ selected: null, table: false }),
  });

  page.addEventListener("keydown", story.press);
  root.classList.add("fc");
  if (options.scheme) root.dataset.scheme = options.scheme;
  if (options.map) options.map.getContainer().remove();
  root.replaceChildren(page);
  function resize() {
    map.resize();
    scrubber.resize();
    story.resize();
  }
  const watcher = new ResizeObserver(resize);
  const unprinted = listenPrint(root, { tables: () => table.render(), resize });

  function* opening() {
    map.start();
    yield;
    yield* drawing(true);
    const changed = missed ?? new Set();
    missed = null;
    if (changed.delete("scene")) atOnce(drawing(true));
    page.classList.remove("fc-away");
    if (changed.size) react(state.view, changed);
    if (asked.step) story.step(asked.step);
    else if (asked.box) map.look(asked.box);
    watcher.observe(root);
    watcher.observe(map.node);
    queueMicrotask(() => emit("ready"));
  }

  if (options.failed) {
    // Unseen until all of it stands, so that nothing moves under the reader's eyes.
    page.classList.add("fc-away");
    inTurn(opening(), () => page.isConnected).catch(options.failed);
  } else atOnce(opening());

  return {
    /** @param {string | null} id */
    select(id) {
      if (id === null) state.set({ selected: null });
      else moves.choose(id);
    },
    /** @param {number | string} to POSIX seconds, or ISO 8601 */
    seek(to) {
      const seconds = typeof to === "number" ? to : Date.parse(to) / 1000;
      if (Number.isFinite(seconds)) moves.scrub(seconds);
      else emit("error", { message: `No time: ${to}` });
    },
    /** The map of Leaflet, for what a host draws on it. */
    get map() {
      return map.map;
    },
    /** That which is drawn now. */
    scene: () => ctx.scene,
    play: () => player.start(),
    pause: () => player.stop(),
    /** Goes to a step of the story; null closes it. */
    step: story.step,
    /** Goes where an address says: "t=…&lang=…". */
    visit: arrive,
    update,
    destroy() {
      player.stop();
      address?.destroy();
      watcher.disconnect();
      unprinted();
      story.destroy();
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
