// All events, states and facts as tables.

import { element, say } from "./dom.js";
import { sourceNode } from "./timeline.js";

/** @typedef {import("./types.js").Context} Context */
/** @typedef {import("./types.js").Words} Words */

/**
 * @param {{ caption: string, columns: string[] }} grid
 * @param {HTMLElement[][]} rows
 */
function makeTable({ caption, columns }, rows) {
  const head = element("tr", null, ...columns.map((name) => element("th", { scope: "col" }, name)));
  const body = rows.map((cells) => element("tr", null, ...cells));
  return element("table", null, element("caption", null, caption), element("thead", null, head), element("tbody", null, ...body));
}

/** @param {...(Words | null)} words each a paragraph of its own */
function cell(...words) {
  const said = words.filter((each) => each !== null && each !== "");
  if (said.length === 1) return say(element("td"), /** @type {Words} */ (said[0]));
  return element("td", null, ...said.map((each) => say(element("p"), /** @type {Words} */ (each))));
}

/** @param {import("./types.js").Claim} claim */
function claimed({ letter, by, says, cites }) {
  const line = element("p", null, `${letter} `, say(element("b"), by), " ", say(element("span"), says), ` ${cites}`);
  return line;
}

/** @param {import("./types.js").SceneEvent} event */
function eventRow({ number, long_time: time, local_text: local, aftermath, title, grade_text: grade, card }) {
  const account = cell(card.text, card.unknown);
  account.append(...card.groups.flatMap((group) => group.claims.map(claimed)));
  const cited = card.sources.map((source) => source.id).join(", ");
  return [cell(number), cell(time), cell(aftermath ? "" : local), cell(title), cell(grade), account, cell(cited)];
}

/** @param {Context} ctx */
export function createTable(ctx) {
  const node = element("div", { class: "fc-table", tabindex: "0", role: "group", hidden: true });
  return {
    node,
    render() {
      const { table, events, state_table: states, facts_table: facts } = ctx.scene;
      const more = [states, facts].flatMap((grid) => (grid ? [makeTable(grid, grid.rows.map((row) => row.map((words) => cell(words))))] : []));
      node.setAttribute("aria-label", ctx.scene.words.show_table ?? "");
      const others = element("ul", { class: "fc-sources", role: "list", "aria-label": ctx.scene.words.sources }, ...ctx.scene.other_sources.map(sourceNode));
      node.replaceChildren(makeTable(table, events.map(eventRow)), ...more, others);
    },
  };
}
