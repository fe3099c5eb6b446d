// What is selected and when: the one truth of a mount, and its address in the URL.

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").View} View */
/** @typedef {ReturnType<typeof createState>} State */

/** An event within this many seconds is the current one (0.9 min). */
const NEAR = 54;

/**
 * The main event at a time, if one is near.
 * @param {Scene} scene
 * @param {number} time
 * @returns {string | null}
 */
export function eventAt(scene, time) {
  let best = null;
  let least = NEAR + 0.001;
  for (const event of scene.events) {
    const distance = Math.abs(time - event.start);
    if (event.main && !event.aftermath && distance < least) {
      least = distance;
      best = event.id;
    }
  }
  return best;
}

/**
 * @param {Scene} scene
 * @param {number} time
 */
export function spanAt(scene, time) {
  const { states } = scene;
  let i = states.length - 1;
  while (i > 0 && (states[i]?.from ?? 0) > time) i -= 1;
  return states[i] ?? null;
}

/** A time within the span of a scene. @param {Scene} scene @param {number} wanted */
export function within({ time }, wanted) {
  return Math.min(time.end, Math.max(time.start, wanted));
}

/**
 * @param {number} seconds
 * @returns {string} ISO 8601, whole seconds, UTC
 */
export function isoTime(seconds) {
  return `${new Date(Math.floor(seconds) * 1000).toISOString().slice(0, 19)}Z`;
}

/** Whoever changes one of these has left the step of the story: it holds until then. */
const ELSEWHERE = /** @type {const} */ (["time", "selected", "playing", "box"]);

/** @param {View} start */
export function createState(start) {
  const view = { ...start };
  /** @type {Set<(view: View, changed: Set<string>) => void>} */
  const readers = new Set();
  return {
    view,
    /** @param {Partial<View>} patch */
    set(patch) {
      if (view.step && !("step" in patch) && ELSEWHERE.some((key) => key in patch && patch[key] !== view[key])) patch = { ...patch, step: null };
      const changed = new Set(Object.keys(patch).filter((key) => /** @type {any} */ (view)[key] !== /** @type {any} */ (patch)[key]));
      if (!changed.size) return;
      Object.assign(view, patch);
      for (const read of readers) read(view, changed);
    },
    /** @param {(view: View, changed: Set<string>) => void} read */
    watch(read) {
      readers.add(read);
    },
    clear() {
      readers.clear();
    },
  };
}
