// What stands around the content of the map: zoom buttons, stamp, state, scale, and its description for those who do not see it.

import { element, iconButton, say } from "./dom.js";

/**
 * @param {import("./types.js").Context} ctx
 * @param {HTMLElement} card the legend
 * @param {(by: number) => void} zoom
 */
export function createFurnishing(ctx, card, zoom) {
  const slot = element("div", { class: "fc-slot" });
  const nearer = iconButton("", "", "M12 5V19M5 12H19", () => zoom(1));
  const farther = iconButton("", "", "M5 12H19", () => zoom(-1));
  const buttons = element("div", { class: "fc-zoom" }, nearer, farther);
  const stamp = element("p", { class: "fc-stamp" });
  const pill = element("p", { class: "fc-pill", "aria-hidden": "true" });
  const scale = element("div", { class: "fc-scale", "aria-hidden": "true" });
  const about = element("p", { class: "fc-hidden", id: `${ctx.uid}-about` });
  const node = element("section", { class: "fc-map", role: "region", "aria-describedby": about.id }, about, buttons, slot, pill, scale, stamp, card);
  return {
    node,
    slot,
    pill,
    scale,
    render() {
      const { words, map, description } = ctx.scene;
      node.setAttribute("aria-label", words.map ?? "");
      nearer.setAttribute("aria-label", words.zoom_in ?? "");
      farther.setAttribute("aria-label", words.zoom_out ?? "");
      say(stamp, map.stamp).hidden = !map.stamp;
      about.textContent = description;
      pill.textContent = map.pill;
    },
  };
}
