// Which events are listed: all, or the main ones, without those whose grade or kind the reader has put away.

import { element, iconButton } from "./dom.js";
import { gradeIcon } from "./shapes.js";

/** @typedef {import("./types.js").Context} Context */
/** @typedef {import("./types.js").SceneEvent} SceneEvent */
/** @typedef {import("./types.js").View} View */

/** @param {SceneEvent} event @param {View} view */
export const listed = (event, view) => (event.main || view.all) && !view.hidden.has(event.id);

/** Where an event stands. @param {SceneEvent} event */
const kindOf = (event) => (event.aftermath ? "aftermath" : event.mapped ? "mapped" : "unmapped");

/** Whether several parties say something of one matter. @param {SceneEvent} event */
const several = (event) => event.card.groups.some((group) => group.claims.length > 1);

/**
 * The events that are put away.
 * @param {SceneEvent[]} events
 * @param {Set<string>} off grades and kinds; "single": what has one account or none
 */
export function hiddenBy(events, off) {
  const away = events.filter((event) => off.has(event.grade) || off.has(kindOf(event)) || (off.has("single") && !several(event)));
  return new Set(away.map((event) => event.id));
}

/** @param {Context} ctx */
export function createFilter(ctx) {
  const panel = element("div", { class: "fc-filter", id: `${ctx.uid}-filter`, hidden: true });
  const toggle = iconButton("fc-funnel", "", "M3 6H21M7 12H17M10 18H14", () => {
    panel.hidden = !panel.hidden;
    toggle.setAttribute("aria-expanded", String(!panel.hidden));
  });
  toggle.setAttribute("aria-expanded", "false");
  toggle.setAttribute("aria-controls", panel.id);
  const told = element("p", { role: "status" });
  const reset = element("button", { type: "button", class: "fc-more" });
  const showing = element("div", { class: "fc-showing" }, told, reset);
  /** @type {Set<string>} what is put away; survives another scene */
  const off = new Set();

  function apply() {
    ctx.state.set({ hidden: hiddenBy(ctx.scene.events, off) });
  }

  /**
   * @param {string} key
   * @param {string | undefined} text
   * @param {Node | null} sign
   * @param {boolean} [inverse] whether a tick puts away what has not this
   */
  function box(key, text, sign, inverse = false) {
    const input = element("input", { type: "checkbox" });
    input.checked = off.has(key) === inverse;
    input.addEventListener("change", () => {
      if (input.checked === inverse) off.add(key);
      else off.delete(key);
      apply();
    });
    return element("label", null, input, sign, text);
  }

  /** @param {string | undefined} legend @param {HTMLElement[]} boxes */
  const group = (legend, boxes) => (boxes.length > 1 ? element("fieldset", null, element("legend", null, legend), ...boxes) : null);

  function build() {
    const { events, words, aftermath } = ctx.scene;
    /** @type {Map<string, HTMLElement>} */
    const grades = new Map();
    for (const grade of /** @type {const} */ (["confirmed", "stated", "disputed", "inferred"])) {
      const first = events.find((event) => event.grade === grade);
      if (first) grades.set(grade, box(grade, first.grade_text, gradeIcon(grade, 20, 6.4, null)));
    }
    const names = { mapped: words.mapped, unmapped: words.unmapped, aftermath: aftermath?.text };
    const kinds = Object.entries(names).flatMap(([key, name]) => (events.some((event) => kindOf(event) === key) ? [box(key, name, null)] : []));
    const accounts = events.some(several) && !events.every(several) && box("single", words.accounts, null, true);
    panel.replaceChildren(...[group(words.grade, [...grades.values()]), group(words.kind, kinds), accounts].filter((node) => node instanceof Node));
  }

  reset.addEventListener("click", () => {
    off.clear();
    build();
    apply();
    toggle.focus();
  });

  return {
    toggle,
    panel,
    showing,
    render() {
      const { words } = ctx.scene;
      toggle.hidden = !words.filter;
      toggle.setAttribute("aria-label", words.filter ?? "");
      toggle.title = words.filter ?? "";
      reset.textContent = words.show_all ?? "";
      ctx.state.view.hidden = hiddenBy(ctx.scene.events, off);
      build();
    },
    paint() {
      const { view } = ctx.state;
      const all = ctx.scene.events.filter((event) => event.main || view.all);
      const shown = all.filter((event) => listed(event, view));
      told.textContent = off.size ? (ctx.scene.words.showing ?? "").replace("{shown}", String(shown.length)).replace("{all}", String(all.length)) : "";
      reset.hidden = !off.size;
      toggle.classList.toggle("fc-on", off.size > 0);
    },
  };
}
