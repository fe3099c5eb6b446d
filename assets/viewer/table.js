// All events, states and facts as tables.

import { sourceList } from "./cite.js";
import { element, say } from "./dom.js";

/** @typedef {import("./types.js").Context} Context */
/** @typedef {import("./types.js").Joined} Joined */

/**
 * A table; its cells know the names of their columns, because on a phone each row is a block.
 * @param {{ caption: string, columns: string[] }} grid
 * @param {HTMLElement[][]} rows
 */
function makeTable({ caption, columns }, rows) {
  const head = element("tr", { role: "row" }, ...columns.map((name) => element("th", { scope: "col", role: "columnheader" }, name)));
  const body = rows.map((cells) => {
    cells.forEach((each, i) => each.setAttribute("data-name", columns[i] ?? ""));
    return element("tr", { role: "row" }, ...cells);
  });
  // The roles are those that blocks would lose.
  return element("table", { role: "table" }, element("caption", null, caption), element("thead", { role: "rowgroup" }, head), element("tbody", { role: "rowgroup" }, ...body));
}

/** @param {...(Joined | null)} words each a paragraph of its own */
function cell(...words) {
  const node = element("td", { role: "cell" });
  if (words.length === 1) return say(node, words[0]);
  node.append(...words.flatMap((each) => (each ? say(element("p"), each) : [])));
  return node;
}

/** @param {import("./types.js").Claim} claim */
function claimed({ letter, by, says, time_text: time, cites }) {
  return element("p", null, `${letter} `, say(element("b"), by), " ", say(element("span"), says), time && ` · ${time}`, ` ${cites}`);
}

/** @param {import("./types.js").SceneEvent} event */
function eventRow({ number, long_time: time, local_text: local, aftermath, title, grade_text: grade, note, card }) {
  const account = cell(card.text, card.unknown, card.times ?? null);
  account.append(...card.groups.flatMap((group) => group.claims.map(claimed)));
  const cited = card.sources.map((source) => `[${source.id}]`).join(" ");
  const name = say(element("th", { scope: "row", role: "rowheader" }), title);
  return [cell(number), cell(time), cell(aftermath ? "" : local), name, cell(grade, note), account, cell(cited)];
}

/** @param {Context} ctx @param {() => void} asked the reader wants to go back */
export function createTable(ctx, asked) {
  const node = element("div", { class: "fc-table", tabindex: "0", role: "group", hidden: true });
  const back = element("button", { type: "button", class: "fc-more fc-back" });
  back.addEventListener("click", asked);
  // Within the tables these keys scroll, as in any other text.
  node.addEventListener("keydown", (event) => {
    if (/^(Home|End|Arrow|Page| )/.test(event.key)) event.stopPropagation();
  });
  return {
    node,
    enter() {
      node.scrollIntoView({ block: ctx.wide() ? "nearest" : "start" });
      node.focus({ preventScroll: true });
    },
    render() {
      const { table, events, state_table: states, facts_table: facts, words, other_sources: others } = ctx.scene;
      const more = [states, facts].flatMap((grid) => (grid ? [makeTable(grid, grid.rows.map((row) => row.map((said) => cell(said))))] : []));
      node.setAttribute("aria-label", words.show_table ?? "");
      back.textContent = words.close ?? "";
      const cited = [...events.flatMap((event) => event.card.sources), ...others];
      const sources = [...new Map(cited.map((source) => [source.id, source])).values()];
      node.replaceChildren(back, makeTable(table, events.map(eventRow)), ...more, sourceList(ctx, sources));
    },
  };
}
