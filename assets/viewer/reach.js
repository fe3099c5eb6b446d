// Where the aircraft can have been while no position was received: the area of the moment, and that of all moments.

import { decodeLatLngs } from "./decode.js";
import { spanAt } from "./state.js";

/** @typedef {import("./types.js").Context} Context */
/** @typedef {[number, number]} Pair */

/**
 * @param {any} L
 * @param {Context} ctx
 * @param {Record<string, any>} renderers by pane
 * @param {string} patternId
 */
export function makeReach(L, ctx, renderers, patternId) {
  const pane = "fc-band";
  const fill = { renderer: renderers[pane], pane, interactive: false, fillColor: `url(#${patternId}-silent)`, smoothFactor: 0.5 };
  const spans = ctx.scene.map.reaches.map((reach) => ({
    ...reach,
    whole: L.polygon(reach.rings.map((ring) => [decodeLatLngs(ring)]), { ...fill, className: "fc-reach" }),
    moments: reach.frames.map(({ at, ring }) => ({ at, corners: decodeLatLngs(ring) })),
  }));
  const moment = L.polygon([], { ...fill, className: "fc-reach fc-moment" });

  /**
   * The outline at a time: that between the two moments around it, corner by corner.
   * @param {{ at: number, corners: Pair[] }[]} moments
   * @param {number} time
   */
  function outline(moments, time) {
    const next = moments.findIndex(({ at }) => at >= time);
    const b = moments[next];
    const a = moments[next - 1] ?? b;
    if (!a || !b) return [];
    const share = b.at > a.at ? (time - a.at) / (b.at - a.at) : 0;
    const turn = 360 * Math.round(((a.corners[0]?.[1] ?? 0) - (b.corners[0]?.[1] ?? 0)) / 360);
    return a.corners.map(([lat, lon], i) => {
      const [toLat, toLon] = b.corners[i] ?? [lat, lon - turn];
      return [lat + (toLat - lat) * share, lon + (toLon + turn - lon) * share];
    });
  }

  let empty = true;

  return {
    layers: [...spans.map(({ whole }) => whole), moment],
    /** @param {number} time */
    move(time) {
      const here = spans.find(({ from, to }) => time >= from && time <= to);
      // Where a path is drawn all the same, its band speaks of the moment.
      const bare = here && !spanAt(ctx.scene, time)?.aircraft;
      for (const span of spans) span.whole._path?.classList.toggle("fc-now", span === here && bare);
      // Nothing is drawn again while there is nothing to draw.
      if (bare || !empty) moment.setLatLngs(bare ? outline(here.moments, time) : []);
      empty = !bare;
    },
  };
}
