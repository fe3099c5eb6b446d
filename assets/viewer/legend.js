// What the lines and signs mean: a card on the wide map, a strip and a disclosure under the narrow one.

import { element, plain, say } from "./dom.js";
import { gradeIcon, swatch } from "./shapes.js";

/** @typedef {import("./types.js").Context} Context */
/** @typedef {import("./types.js").LegendLine} LegendLine */

/** @param {Context} ctx */
export function createLegend(ctx) {
  let count = 0;
  const card = element("div", { class: "fc-legend" });
  const strip = element("ul", { class: "fc-strip", role: "list" });
  const stamp = element("p", { class: "fc-caption" });
  const summary = element("summary");
  const full = element("div", { class: "fc-full-key" });
  const details = element("details", null, summary, full);
  const key = element("div", { class: "fc-key" }, stamp, strip, details);
  details.addEventListener("toggle", fill);

  /** @param {LegendLine} line @param {boolean} short */
  const entry = (line, short) =>
    element("li", null, swatch(line.style, `${ctx.uid}-k${(count += 1)}`), ...(short ? [say(element("span"), line.short ?? line.text)] : both(line)));

  /** Both lengths of what a line means, where there are two; the style sheet shows one. @param {LegendLine} line */
  const both = ({ text, short }) =>
    short && short !== plain(text) ? [say(element("span", { class: "fc-long" }), text), element("span", { class: "fc-brief" }, short)] : [say(element("span"), text)];

  /** @param {LegendLine[]} lines @param {boolean} grades */
  const body = (lines, grades) => {
    const { legend } = ctx.scene;
    return [
      element("p", null, element("b", null, legend.title), " ", legend.note),
      element("ul", { role: "list" }, ...lines.map((line) => entry(line, false))),
      grades &&
        element("ul", { role: "list", class: "fc-grades" }, ...legend.grades.map((each) => element("li", null, gradeIcon(each.grade, 20, 6.4, null), element("span", null, each.text)))),
    ].filter((part) => part instanceof Node);
  };

  /** Nobody sees the whole key on a narrow page before it is asked for. */
  function fill() {
    full.replaceChildren(...(details.open ? body(ctx.scene.legend.lines, true) : []));
  }

  return {
    card,
    key,
    render() {
      const { legend, map } = ctx.scene;
      say(stamp, map.stamp).hidden = !map.stamp;
      const drawn = new Set(["ring", ...map.lines.map((line) => line.style)]);
      strip.replaceChildren(...legend.lines.filter((line) => drawn.has(line.style)).slice(0, 6).map((line) => entry(line, true)));
      summary.textContent = legend.full;
      fill();
      card.replaceChildren(...body(legend.lines, true));
    },
    /**
     * Lists what one view draws.
     * @param {LegendLine[] | null} lines null for the whole
     */
    list(lines) {
      card.replaceChildren(...body(lines ?? ctx.scene.legend.lines, !lines));
    },
  };
}
