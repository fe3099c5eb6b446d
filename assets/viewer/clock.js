// Play button, running clocks and the name of the state.

import { element, iconButton, setIcon } from "./dom.js";
import { spanAt } from "./state.js";

/** @typedef {import("./types.js").Context} Context */
/** @typedef {import("./types.js").NamedClock} NamedClock */

const ICON_PLAY = "M7.5 4.5V19.5L19.5 12Z";
const ICON_PAUSE = "M6.5 5H10.5V19H6.5ZM13.5 5H17.5V19H13.5Z";
const ICON_SKIP = "M4 6L11 12L4 18ZM12 6L19 12L12 18Z";
export const ICON_UP = "M6 15L12 9L18 15";
export const ICON_DOWN = "M6 9L12 15L18 9";

/**
 * @param {number} seconds
 * @param {boolean} short without seconds
 */
export function clockText(seconds, short) {
  return new Date(Math.floor(seconds) * 1000).toISOString().slice(11, short ? 16 : 19);
}

/**
 * @param {NamedClock} clock
 * @param {number} time
 */
function offsetAt(clock, time) {
  let offset = clock.offsets[0]?.[1] ?? 0;
  for (const [from, seconds] of clock.offsets) if (time >= from) offset = seconds;
  return offset;
}

/**
 * How far from where it was meant to go the aircraft was or can have been.
 * @param {import("./types.js").Scene} scene
 * @param {number} time
 */
function distanceText({ distances }, time) {
  return distances?.texts[Math.floor((time - distances.from) / distances.step)] ?? "";
}

/** @param {Node} node @param {string} text */
export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * @param {Context} ctx
 * @param {{ toggle: () => void, step: (by: number) => void }} acts
 * @param {{ hasten: (factor: number) => void, skip: (on: boolean) => void }} player
 */
export function createClock(ctx, acts, player) {
  const play = iconButton("fc-play", "", ICON_PLAY, acts.toggle);
  const up = iconButton("fc-step", "", ICON_UP, () => acts.step(-1));
  const down = iconButton("fc-step", "", ICON_DOWN, () => acts.step(1));
  const pace = element("select", { class: "fc-pace" });
  pace.addEventListener("change", () => player.hasten(Number(pace.value)));
  const skip = iconButton("fc-skip", "", ICON_SKIP, () => {
    const on = skip.getAttribute("aria-pressed") !== "true";
    skip.setAttribute("aria-pressed", String(on));
    player.skip(on);
  });
  skip.setAttribute("aria-pressed", "true");
  const digits = element("span");
  const utc = element("small");
  const span = element("div", { class: "fc-span" });
  const far = element("div", { class: "fc-far", id: `${ctx.uid}-far` });
  const zones = element("dl", { class: "fc-zones" });
  const node = element(
    "div",
    { class: "fc-clock" },
    play,
    element("div", { class: "fc-now" }, element("div", { class: "fc-utc" }, digits, utc), span),
    element("div", { class: "fc-steps" }, up, down),
    pace,
    element("div", { class: "fc-under" }, far, skip),
    zones,
  );
  /** @type {HTMLElement[]} */
  let hands = [];
  return {
    node,
    render() {
      const { words, clocks, playback } = ctx.scene;
      const { paces, skips } = playback ?? { paces: [], skips: [] };
      const factor = pace.value || "1";
      pace.setAttribute("aria-label", words.speed ?? "");
      pace.replaceChildren(...paces.map((each) => element("option", { value: each.factor }, each.text)));
      pace.value = factor;
      pace.hidden = !paces.length;
      skip.setAttribute("aria-label", words.skip ?? "");
      skip.title = words.skip ?? "";
      skip.hidden = !skips.length;
      up.setAttribute("aria-label", words.previous ?? "");
      down.setAttribute("aria-label", words.next ?? "");
      utc.textContent = words.utc ?? "";
      hands = clocks.map(() => element("dd"));
      zones.replaceChildren(...clocks.map((clock, i) => element("div", null, element("dt", null, clock.name), hands[i])));
      this.paint(true);
    },
    /** @param {boolean} [button] whether the button changes too */
    paint(button) {
      const { time, playing, skip: passed } = ctx.state.view;
      const { words, clocks } = ctx.scene;
      put(digits, clockText(time, false));
      put(span, spanAt(ctx.scene, time)?.text ?? "");
      put(far, passed || distanceText(ctx.scene, time));
      clocks.forEach((clock, i) => hands[i] && put(hands[i], clockText(time + offsetAt(clock, time), true)));
      if (!button) return;
      play.setAttribute("aria-label", (playing ? words.pause : words.play) ?? "");
      setIcon(play, playing ? ICON_PAUSE : ICON_PLAY);
    },
  };
}
