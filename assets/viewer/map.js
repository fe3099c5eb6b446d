// The map: one Leaflet map, ours or the host's, and what stands on it.

import { annotate } from "./annotate.js";
import { drawBasemap } from "./basemap.js";
import { createCamera } from "./camera.js";
import { decodeLatLngs } from "./decode.js";
import { drawing, makeRuler } from "./dom.js";
import { listed } from "./filter.js";
import { adopt, furniture, legendCorner, scaleBar } from "./frame.js";
import { createFurnishing } from "./furnishing.js";
import { drawLabel } from "./labels.js";
import { apart, drawCloseup, drawCrosses, drawLines, linesWithin, samplePoints } from "./lines.js";
import { claimSign, makeAircraft, makeSigns, placeSign, placeSigns, pointLayer } from "./markers.js";
import { makeOthers } from "./others.js";
import { makeReach } from "./reach.js";
import { makeRunways } from "./runways.js";
import { patterns } from "./shapes.js";
import { boxOf, frameOf } from "./steps.js";
import { atOnce } from "./turns.js";

/** @typedef {import("./types.js").Context} Context */
/** @typedef {import("./types.js").MountOptions} MountOptions */
/** @typedef {import("./types.js").Closeup} Closeup */
/** @typedef {import("./types.js").LegendLine} LegendLine */
/** @typedef {import("./markers.js").Sign} Sign */
/** @typedef {{ x: number, y: number }} Spot */

const PANES = { "fc-base": 200, "fc-band": 390, "fc-line": 400, "fc-ring": 420, "fc-aircraft": 590, "fc-marker": 600, "fc-label": 650 };
const DRAWN = ["fc-base", "fc-band", "fc-line", "fc-ring"];

/**
 * @param {Context} ctx
 * @param {MountOptions} options
 * @param {{ card: HTMLElement, list: (lines: LegendLine[] | null) => void }} legend
 */
export function createMap(ctx, options, legend) {
  const L = options.L ?? /** @type {any} */ (globalThis).L;
  const { node, slot, pill, scale, ...furnishing } = createFurnishing(ctx, legend.card, (by) => map.setZoom(map.getZoom() + by));
  const fade = drawing("radialGradient", { class: "fc-fade", id: `${ctx.uid}-fade`, gradientUnits: "userSpaceOnUse" }, drawing("stop"), drawing("stop", { offset: 1 }));
  const overlay = drawing("svg", { class: "fc-labels", width: 1, height: 1, "aria-hidden": "true", focusable: "false" });

  /** @type {any} */
  let [map, group, closeGroup] = [null, null, null];
  /** @type {Closeup | null} as the scene gives it */
  let framed = null;
  /** @type {Closeup | null} as it is drawn */
  let closeup = null;
  /** @type {Sign[]} */
  let signs = [];
  /** @type {ReturnType<typeof drawLines>} */
  let lines = { layers: [], circles: [], drawn: [] };
  /** @type {ReturnType<typeof makeAircraft> | null} */
  let aircraft = null;
  /** @type {ReturnType<typeof makeReach> | null} */
  let reach = null;
  const ground = /** @type {{ others?: ReturnType<typeof makeOthers>, runways?: ReturnType<typeof makeRunways>, tiles?: ReturnType<typeof import("./tiles.js").createTiles> }} */ ({});
  /** @type {{ marker: any, place: () => void }[]} */
  let crosses = [];
  /** @type {Record<string, any>} */
  const renderers = {};
  let sized = "";
  /** While one change brings others with it: what stands on the map is placed once, after the last. */
  let busy = false;
  /** @type {ReturnType<typeof createCamera> | null} */
  let camera = null;
  /** @type {Sign | undefined} */
  let before;

  /** @param {[number, number]} at @returns {Spot} */
  const project = ([lon, lat]) => map.latLngToContainerPoint([lat, lon]);
  /** @param {Spot} spot */
  const xy = ({ x, y }) => ({ x, y });
  const small = () => map.getSize().x < 480;

  /** @param {Sign} sign */
  const radius = (sign) => {
    const ring = sign.marker.ring ? ctx.scene.map.rings.find((each) => each.id === sign.marker.ring) : null;
    return ring ? Math.abs(project(ring.at).y - Math.min(...decodeLatLngs(ring.ring).map(([lat, lon]) => project([lon, lat]).y))) : 0;
  };

  function start() {
    map = adopt(L, slot, options.map);
    for (const [name, level] of Object.entries(PANES)) (map.getPane(name) ?? map.createPane(name)).style.zIndex = String(level);
    for (const name of DRAWN) renderers[name] = L.svg({ pane: name, padding: 0.6 });
    map.getPane("fc-label").append(overlay);
    map.on("moveend", settle).on("click", pick).on("zoomstart", () => (overlay.classList.add("fc-away"), ground.others?.hide()));
    camera = createCamera(L, map, ctx.state);
    ground.tiles = options.tiles?.(L, map, node);
  }

  /** A click near a marker is a click on it. @param {any} event */
  function pick(event) {
    const { x, y } = event.containerPoint;
    let best = null;
    let least = 22;
    for (const sign of shown()) {
      const distance = Math.hypot(sign.x - x, sign.y - y);
      if (distance < least) [best, least] = [sign, distance];
    }
    if (best) ctx.choose(best.event.id, "map");
  }

  const shown = () => signs.filter((sign) => !closeup && (listed(sign.event, ctx.state.view) || sign.event.id === ctx.state.view.selected));

  function veil() {
    const visible = shown();
    for (const sign of signs) {
      sign.button.hidden = !visible.includes(sign);
      if (sign.button.hidden) sign.place(0, 0, 0);
    }
  }

  function settle() {
    if (!busy && map._loaded && map.getSize().x) atOnce(settling());
  }

  /** Stands signs and labels where the view has room for them. */
  function* settling() {
    const size = map.getSize();
    const points = samplePoints(lines.drawn, closeup, project);
    const visible = shown();
    const rings = visible.filter((sign) => radius(sign)).map((sign) => ({ ...xy(project(sign.marker.at)), r: radius(sign) }));
    const ports = ctx.scene.map.places.map((place) => {
      const at = xy(project(place.at));
      return { ...at, r: Math.max(6, ...rings.filter((ring) => Math.hypot(ring.x - at.x, ring.y - at.y) < ring.r).map((ring) => ring.r)) };
    });
    for (const each of crosses) each.place();
    fadeOut();
    scaleBar(map, scale, ctx.scene.map.scale_bar ?? []);
    const stands = closeup ? closeup.marks.map((each) => project(each.at)) : visible.map((sign) => project(sign.marker.at));
    legendCorner(node, legend.card, size, points, [...stands, ...ports, ...(ground.runways?.ends(map) ?? [])]);
    const boxes = furniture(node);
    veil();
    placeSigns(visible, project, { ports, points, boxes, size, radius });
    yield;
    const shift = map.containerPointToLayerPoint([0, 0]);
    const numbers = ground.runways?.settle(map, { boxes, points }, closeup ? [...stands, ...ports] : [...visible, ...ports], shift) ?? [];
    const placed = yield* annotate(ctx.scene, { size, points, ports, boxes, signs: visible, closeup, lines: lines.drawn, project }, makeRuler(node));
    yield;
    overlay.replaceChildren(...numbers, ...placed.map((each) => drawLabel(each, shift)));
    overlay.classList.remove("fc-away");
    ground.others?.clear([...boxes, ...placed.map(({ box }) => box), ...visible.map(({ x, y, r }) => /** @type {import("./dom.js").Box} */ ([x - r, y - r, x + r, y + r]))], shift);
    turn();
  }

  /** @param {boolean} animate */
  function refit(animate) {
    camera?.fit(closeup ? closeup.fit : boxOf(ctx.scene, ctx.state.view), ctx.scene.map.limits, Boolean(closeup), animate);
  }

  /** A direction without a distance has no edge: its wedge fades with the distance from its apex. */
  function fadeOut() {
    const wedge = closeup?.wedges[0];
    if (!wedge) return;
    const points = decodeLatLngs(wedge.ring).map((at) => map.latLngToLayerPoint(at));
    const { x, y } = points[0];
    renderers["fc-ring"]._container.prepend(fade);
    for (const [name, value] of Object.entries({ cx: x, cy: y, r: Math.max(...points.map((point) => Math.hypot(point.x - x, point.y - y))) })) fade.setAttribute(name, String(value));
  }

  function turn() {
    const known = aircraft?.fly(ctx.state.view.time, map);
    reach?.move(ctx.state.view.time);
    ground.others?.fly(ctx.state.view.time, map);
    pill.classList.toggle("fc-away", Boolean(known) || Boolean(closeup));
  }

  function mark() {
    const { selected, current } = ctx.state.view;
    for (const sign of signs) {
      const on = sign.event.id === (selected ?? current);
      sign.button.classList.toggle("fc-on", on);
      sign.layer.setZIndexOffset(on ? 2000 : 0);
      sign.button.setAttribute("aria-pressed", String(sign.event.id === selected));
    }
  }

  /** @param {Closeup | null} next @param {boolean} [fit] whether the view goes there */
  function frame(next, fit = true) {
    if (next === framed) return false;
    framed = next;
    closeup = next && apart(next);
    closeGroup.clearLayers();
    for (const circle of lines.circles) map[next ? "removeLayer" : "addLayer"](circle);
    node.classList.toggle("fc-close", Boolean(next));
    legend.list(closeup ? [...linesWithin(L, ctx.scene.legend.lines, [...lines.drawn, ...(ground.others?.drawn() ?? [])], closeup.fit), ...closeup.legend] : null);
    if (closeup) {
      for (const layer of drawCloseup(L, closeup, renderers, fade.id)) closeGroup.addLayer(layer);
      closeup.marks.forEach((each, i) => closeGroup.addLayer(pointLayer(L, each.at, "fc-marker", claimSign(each.letter, i))));
    }
    overlay.classList.add("fc-away");
    veil();
    // In the next frame, so that the list answers the click at once.
    if (fit) requestAnimationFrame(() => framed === next && group && refit(!ctx.still()));
    else settle();
    return true;
  }

  return {
    node,
    start,
    get map() {
      return map;
    },
    /** @param {boolean} fit */
    *drawing(fit) {
      const { map: data } = ctx.scene;
      furnishing.render();
      busy = true;
      sized = `${node.clientWidth}x${node.clientHeight}`;
      camera?.measure();
      if (fit) camera?.fit(boxOf(ctx.scene, ctx.state.view), data.limits, false, false);
      group?.remove();
      closeGroup?.remove();
      for (const circle of lines.circles) circle.remove();
      group = L.layerGroup().addTo(map);
      closeGroup = L.layerGroup().addTo(map);
      ground.tiles?.render(data.tiles);
      if (options.basemap) for (const layer of drawBasemap(L, options.basemap, renderers["fc-base"])) group.addLayer(layer);
      yield;
      reach = makeReach(L, ctx, renderers, `${ctx.uid}-map`);
      lines = drawLines(L, ctx.scene, renderers, `${ctx.uid}-map`);
      ground.runways = makeRunways(L, data.runways ?? [], renderers["fc-band"]);
      ground.others = makeOthers(L, ctx, renderers);
      for (const layer of [...ground.runways.layers, ...reach.layers, ...ground.others.layers, ...lines.layers]) group.addLayer(layer);
      for (const circle of lines.circles) circle.addTo(map);
      yield;
      renderers["fc-line"]?.addTo(map)._container.prepend(patterns(`${ctx.uid}-map`));
      crosses = data.lines.flatMap((line) => drawCrosses(L, map, line) ?? []);
      for (const each of crosses) group.addLayer(each.marker);
      for (const place of data.places) group.addLayer(pointLayer(L, place.at, "fc-ring", placeSign(place.kind)).setZIndexOffset(5000));
      aircraft = makeAircraft(L, ctx);
      group.addLayer(aircraft.layer);
      signs = makeSigns(L, ctx, small());
      for (const sign of signs) group.addLayer(sign.lead).addLayer(sign.layer);
      closeup = framed = null;
      node.classList.remove("fc-close");
      mark();
      busy = false;
      frame(frameOf(ctx.scene, ctx.state.view), fit);
      yield;
      if (map.getSize().x) yield* settling();
    },
    /** @param {Set<string>} changed */
    paint(changed) {
      const { selected, step } = ctx.state.view;
      if (changed.has("selected") || changed.has("current")) mark();
      // Who leaves the story without going to an event stays where the map is.
      const leaves = changed.has("step") && !step && !selected;
      if (changed.has("selected") || (changed.has("step") && step)) {
        const sign = signs.find((each) => each.event.id === selected);
        const framing = frame(frameOf(ctx.scene, ctx.state.view), !leaves);
        if (!framing && step) requestAnimationFrame(() => group && refit(!ctx.still()));
        else if (!framing && sign) {
          const { x, y } = map.getSize();
          if (sign.x < 12 || sign.y < 12 || sign.x > x - 12 || sign.y > y - 12) camera?.pan(sign.marker.at, !ctx.still());
        }
        // A small marker comes and goes with its selection.
        if (sign?.event.main === false || before?.event.main === false) requestAnimationFrame(settle);
        before = sign;
      }
      if (changed.has("all") || changed.has("hidden")) settle();
    },
    turn,
    /** @param {import("./types.js").Bounds} box */
    look: (box) => camera?.look(box),
    /** @param {number} by */
    zoom(by) {
      if (by) map.setZoom(map.getZoom() + by, { animate: !ctx.still() });
      else refit(!ctx.still());
    },
    resize() {
      const now = `${node.clientWidth}x${node.clientHeight}`;
      if (now === sized || !node.clientWidth || !group) return;
      // Leaflet may have heard of the new size before.
      const narrow = parseInt(sized, 10) < 480;
      sized = now;
      busy = true;
      const box = camera?.measure();
      if (narrow !== small()) return atOnce(this.drawing(true));
      else if (box) camera?.look(box);
      else refit(false);
      busy = false;
      settle();
    },
    destroy() {
      if (!map) return;
      ground.tiles?.destroy();
      // While it zooms Leaflet cannot be taken away: it arrives first.
      map.off("moveend", settle).off("click", pick)._onZoomTransitionEnd();
      framed = null;
      group?.remove();
      group = null;
      if (options.map) {
        closeGroup?.remove();
        for (const circle of lines.circles) circle.remove();
      } else map.remove();
    },
  };
}
