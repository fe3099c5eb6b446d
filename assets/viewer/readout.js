// What was received at the moment, in numbers, over the time bar; its names choose the second line of the profile.

import { put } from "./clock.js";
import { decodeColumn, findIndex } from "./decode.js";
import { element } from "./dom.js";

/** @typedef {import("./types.js").Context} Context */
/** @typedef {import("./types.js").Quantity} Quantity */
/** @typedef {import("./types.js").NumberFormat} NumberFormat */
/** @typedef {{ time: number[], value: number[] }} Series */
/** @typedef {Quantity & { beside: boolean, runs: Series[], name: HTMLElement, value: HTMLElement }} Line */

/**
 * A received value; between two of them on the line that joins them, and none outside a series.
 * @param {Series[]} runs
 * @param {number} time
 * @returns {number | null}
 */
export function valueAt(runs, time) {
  for (const run of runs) {
    const i = findIndex(run.time, time);
    const t0 = run.time[i] ?? Infinity;
    const from = run.value[i] ?? 0;
    if (time === t0) return from;
    const t1 = run.time[i + 1] ?? -Infinity;
    if (time > t0 && time < t1) return from + (((run.value[i + 1] ?? 0) - from) * (time - t0)) / (t1 - t0);
  }
  return null;
}

/**
 * @param {number} value
 * @param {NumberFormat} format
 */
export function valueText(value, format) {
  const rounded = Math.round((value * format.factor) / format.step) * format.step;
  const [whole = "", part] = Math.abs(rounded).toFixed(format.step < 1 ? 1 : 0).split(".");
  const sign = rounded < 0 ? format.minus : rounded > 0 ? format.plus : "";
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, format.group) + (part ? format.point + part : "") + format.unit;
}

/**
 * @param {Context} ctx
 * @param {() => void} redraw after another line was chosen
 */
export function createReadout(ctx, redraw) {
  const node = element("div", { class: "fc-read", id: `${ctx.uid}-read` });
  /** @type {Line[]} the altitude, and what may be drawn beside it */
  let lines = [];
  /** @type {number | undefined} */
  let chosen;

  function press() {
    lines.forEach(({ beside, name }, i) => beside && name.setAttribute("aria-pressed", String(i === chosen)));
  }

  /** @param {number} place */
  function choose(place) {
    chosen = place === chosen ? -1 : place;
    press();
    redraw();
  }

  return {
    node,
    /** The lines to draw, the one at the back first. */
    lines: () => lines.filter(({ beside }, i) => !beside || i === chosen).reverse(),
    render() {
      const { profile, profiles = [] } = ctx.scene;
      const altitude = profile?.series.length ? [{ format: null, ...profile }] : [];
      chosen ??= altitude.length;
      lines = [...altitude, ...profiles].map((quantity, i) => {
        const beside = i >= altitude.length;
        const name = element(beside ? "button" : "span", { class: "fc-name", type: beside && "button" }, quantity.caption);
        if (beside) name.addEventListener("click", () => choose(i));
        return { ...quantity, beside, name, value: element("b"), runs: quantity.series.map(({ time, value }) => ({ time: decodeColumn(time), value: decodeColumn(value) })) };
      });
      node.replaceChildren(...lines.map(({ name, value }) => element("span", null, name, value)));
      node.hidden = !lines.length;
      press();
    },
    paint() {
      for (const { runs, format, value: figure } of lines) {
        if (!format) continue;
        const value = valueAt(runs, ctx.state.view.time);
        put(figure, value === null ? "–" : valueText(value, format));
      }
    },
  };
}
