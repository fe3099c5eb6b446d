// What stands over and under the rest: headline and standfirst, footer and corrections.

import { element, say } from "./dom.js";

/** @typedef {import("./types.js").Context} Context */

/**
 * @param {Context} ctx
 * @param {() => void} asked the reader wants to see the corrections
 */
export function createHead(ctx, asked) {
  const title = element("h1");
  const standfirst = element("span");
  const corrected = element("button", { type: "button", class: "fc-more" });
  corrected.addEventListener("click", asked);
  return {
    node: element("div", { class: "fc-head" }, title, element("p", { class: "fc-standfirst" }, standfirst, " ", corrected)),
    render() {
      say(title, ctx.scene.title);
      say(standfirst, ctx.scene.standfirst);
      corrected.textContent = ctx.scene.corrected ?? "";
      corrected.hidden = !ctx.scene.corrected;
    },
  };
}

/**
 * @param {Context} ctx
 * @param {() => void} asked the reader wants the tables, or no longer
 */
export function createFoot(ctx, asked) {
  const node = element("footer", { class: "fc-foot" });
  const tabular = element("button", { type: "button", class: "fc-more" });
  const fixes = element("div", { class: "fc-fixes", tabindex: "-1" });
  tabular.addEventListener("click", asked);
  return {
    node,
    render() {
      const { footer, corrections, words } = ctx.scene;
      const notes = footer.map((said) => say(element("p"), said));
      const items = corrections.map(({ date, datetime, text }) => element("li", null, element("time", { datetime }, date), ": ", say(element("span"), text)));
      fixes.replaceChildren(element("h2", null, words.corrections), element("ul", { role: "list" }, ...items));
      fixes.hidden = !items.length;
      const last = notes[notes.length - 1] ?? element("p");
      this.tabulate(false);
      last.append(" ", tabular);
      // Widths by length, so that the columns end together.
      for (const note of notes) note.style.flex = `${(note.textContent ?? "").length + 30} 1 0`;
      node.replaceChildren(...(notes.length ? notes : [last]), fixes);
    },
    /** Brings the corrections into view, and the focus to them. */
    correct() {
      fixes.scrollIntoView({ block: "nearest", behavior: ctx.still() ? "auto" : "smooth" });
      fixes.focus({ preventScroll: true });
    },
    /** The focus comes back from the tables. */
    enter: () => tabular.focus({ preventScroll: true }),
    /** @param {boolean} shown whether the tables are */
    tabulate(shown) {
      const { words } = ctx.scene;
      tabular.textContent = (shown ? words.hide_table : words.show_table) ?? "";
      tabular.setAttribute("aria-expanded", String(shown));
    },
  };
}
