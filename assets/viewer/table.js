// All events and states as tables.

import { element, say } from "./dom.js";

/** @typedef {import("./types.js").Context} Context */

/** @param {import("./types.js").Grid} grid */
function makeTable({ caption, columns, rows }) {
  const head = element("tr", null, ...columns.map((name) => element("th", { scope: "col" }, name)));
  const body = rows.map((row) => element("tr", null, ...row.map((cell) => say(element("td"), cell))));
  return element("table", null, element("caption", null, caption), element("thead", null, head), element("tbody", null, ...body));
}

/** @param {Context} ctx */
export function createTable(ctx) {
  const node = element("div", { class: "fc-table", tabindex: "0", role: "group", hidden: true });
  return {
    node,
    render() {
      const { table, state_table: states } = ctx.scene;
      node.setAttribute("aria-label", ctx.scene.words.show_table ?? "");
      node.replaceChildren(makeTable(table), ...(states ? [makeTable(states)] : []));
    },
  };
}
