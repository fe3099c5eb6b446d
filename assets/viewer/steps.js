// Where the story stands, and what its step has the map show.

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").View} View */

/**
 * The step that the reader is at.
 * @param {Scene} scene
 * @param {Pick<View, "step">} view
 */
export function stepOf({ story }, { step }) {
  return story?.steps.find(({ id }) => id === step);
}

/**
 * The frame of the selected event, unless the step shows something else.
 * @param {Scene} scene
 * @param {Pick<View, "step" | "selected">} view
 */
export function frameOf(scene, view) {
  const step = stepOf(scene, view);
  const event = scene.events.find(({ id }) => id === view.selected);
  return (!step || step.view === "event") && event?.closeup ? event.closeup : null;
}

/**
 * The box of the step, else the whole route.
 * @param {Scene} scene
 * @param {Pick<View, "step">} view
 */
export function boxOf(scene, view) {
  const box = stepOf(scene, view)?.view;
  return Array.isArray(box) ? box : scene.map.fit;
}
