// What stands over and under the rest: headline and standfirst, footer and corrections.

import { element, plain, say } from "./dom.js";

/** @typedef {import("./types.js").Context} Context */

/** @param {Context} ctx */
export function createHead(ctx) {
  const title = element("h1");
  const standfirst = element("p", { class: "fc-standfirst" });
  return {
    node: element("div", { class: "fc-head" }, title, standfirst),
    render() {
      say(title, ctx.scene.title);
      say(standfirst, ctx.scene.standfirst);
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
  tabular.addEventListener("click", asked);
  return {
    node,
    render() {
      const { footer, corrections, words } = ctx.scene;
      const notes = footer.map((said) => {
        const note = say(element("p"), said);
        // Widths by length, so that the columns end together.
        note.style.flex = `${plain(said).length + 30} 1 0`;
        return note;
      });
      const fixes = corrections.map((each) => element("li", null, `${each.date}: `, say(element("span"), each.text)));
      const list = fixes.length ? [element("div", { class: "fc-fixes" }, element("b", null, words.corrections), element("ul", { role: "list" }, ...fixes))] : [];
      const last = notes[notes.length - 1] ?? element("p");
      last.append(" ", tabular);
      node.replaceChildren(...(notes.length ? notes : [last]), ...list);
    },
    /** @param {boolean} shown whether the tables are */
    tabulate(shown) {
      const { words } = ctx.scene;
      tabular.textContent = (shown ? words.hide_table : words.show_table) ?? "";
      tabular.setAttribute("aria-expanded", String(shown));
    },
  };
}
