// The time bar: states, altitude, events, the aftermath and the playhead.

import { drawing, element, makeRuler } from "./dom.js";
import { drawProfile } from "./profile.js";
import { createReadout } from "./readout.js";
import { gradeMark, patterns } from "./shapes.js";
import { clockText } from "./clock.js";
import { spanAt } from "./state.js";

/** @typedef {import("./types.js").Context} Context */
/** @typedef {import("./types.js").SceneEvent} SceneEvent */
/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {{ event: SceneEvent, x: number, y: number, node: SVGElement }} Pip */

/** Vertical places of the rows, px: pips, bar, knob, text under the ticks. */
const ROWS_WIDE = { pip: 69, bar: 80, height: 116, ticks: 109, stem: 14 };
const ROWS_COMPACT = { pip: 9, bar: 13, height: 52, ticks: 42, stem: 0 };
const BAR = 14;
const PIP = 6.8;
/** @type {{ missing: SVGTextElement | null, span: [number, number] }} */
const NO_NOTE = { missing: null, span: [0, 0] };

/** @param {string} kind @param {string} d */
function stroke(kind, d) {
  return drawing("path", { class: kind, d });
}

/** @param {string} kind @param {string} text @param {number} x @param {number} y @param {string} [anchor] */
function writing(kind, text, x, y, anchor = "start") {
  const node = drawing("text", { class: kind, x, y, "text-anchor": anchor });
  node.textContent = text;
  return node;
}

/**
 * Moves neighbours apart that would overlap, and keeps all between two ends.
 * @param {number[]} wanted ascending
 * @param {number} gap
 * @param {number} low
 * @param {number} high
 */
export function spread(wanted, gap, low, high) {
  const room = Math.min(gap, (high - low) / Math.max(1, wanted.length - 1));
  const placed = [...wanted];
  for (let i = 0; i < placed.length; i += 1) placed[i] = Math.max(placed[i] ?? 0, i ? (placed[i - 1] ?? 0) + room : low);
  for (let i = placed.length - 1; i >= 0; i -= 1) placed[i] = Math.min(placed[i] ?? 0, i + 1 < placed.length ? (placed[i + 1] ?? 0) - room : high);
  return placed;
}

/** @param {Context} ctx */
export function createScrubber(ctx) {
  const slider = element("div", { class: "fc-slider", role: "slider", tabindex: "0", "aria-orientation": "horizontal", "aria-describedby": `${ctx.uid}-far ${ctx.uid}-read` });
  const svg = drawing("svg", { "aria-hidden": "true", focusable: "false" });
  const node = element("div", { class: "fc-bar" }, slider, svg);
  const readout = createReadout(ctx, draw);
  const side = element("div", { class: "fc-side" }, readout.node, node);
  const knob = drawing("g", { class: "fc-playhead" });
  const stem = drawing("g", { class: "fc-playhead" });
  let rows = ROWS_WIDE;
  let compact = false;
  let drawn = 0;
  let left = 6;
  let right = 6;
  /** @type {Pip[]} */
  let pips = [];
  let quiet = NO_NOTE;

  /** @param {number} time */
  const x = (time) => left + ((right - left) * (time - ctx.scene.time.start)) / Math.max(1, ctx.scene.time.end - ctx.scene.time.start);

  /** @param {SVGElement} into */
  function drawStates(into) {
    const id = `${ctx.uid}-bar`;
    into.append(patterns(id));
    for (const span of ctx.scene.states) {
      const box = { x: x(span.from), y: rows.bar, width: Math.max(1, x(span.to) - x(span.from)), height: BAR };
      const hatch = span.style !== "received" && span.style !== "inferred";
      into.append(drawing("rect", { ...box, class: `fc-s fc-s-${span.style}` }));
      if (hatch) into.append(drawing("rect", { ...box, fill: `url(#${id}-${span.style})` }));
      if (span.style === "inferred") into.append(stroke("fc-sdash", `M${box.x + 2} ${rows.bar + BAR / 2}h${Math.max(0, box.width - 4)}`));
      if (span.style !== "received") into.append(drawing("rect", { x: box.x + 0.5, y: rows.bar + 0.5, width: Math.max(0.5, box.width - 1), height: BAR - 1, class: `fc-edge-${span.style}` }));
    }
  }

  /** @param {SVGElement} into @param {(text: string, size: number, weight?: number) => number} ruler */
  function drawTicks(into, ruler) {
    const { time } = ctx.scene;
    const foot = rows.bar + BAR;
    let free = compact ? left - 8 : left - 6 + ruler(time.from_text, 11) + 6;
    const stop = compact ? right + 4 : right - ruler(time.to_text, 11) / 2 - 6;
    for (const tick of compact ? time.coarse_ticks : time.ticks) {
      const half = ruler(tick.text, 11) / 2;
      into.append(stroke("fc-tick", `M${x(tick.at)} ${foot}v4`));
      if (x(tick.at) - half < free || x(tick.at) + half > stop) continue;
      into.append(writing("fc-axis", tick.text, x(tick.at), rows.ticks, "middle"));
      free = x(tick.at) + half + 6;
    }
    if (compact) return;
    into.append(writing("fc-axis", time.from_text, left - 6, rows.ticks), writing("fc-axis", time.to_text, right, rows.ticks, "middle"));
  }

  /** @param {SVGElement} into @param {(text: string, size: number, weight?: number) => number} ruler */
  function drawHeads(into, ruler) {
    let free = 0;
    for (const head of ctx.scene.heads) {
      const at = x(head.from);
      into.append(stroke("fc-hair", `M${at} 0V${rows.bar}`));
      const next = ctx.scene.heads.find((other) => other.from > head.from);
      const room = (next ? x(next.from) : node.clientWidth) - at - 8;
      const text = [head.text, head.short ?? head.text].find((each) => ruler(each, 11, 700) <= room);
      if (at < free || !text) continue;
      into.append(writing(`fc-head fc-t-${head.style}`, text, at + 5, 10));
      free = at + 5 + ruler(text, 11, 700) + 6;
    }
  }

  /** @param {SVGElement} into @param {number} end @param {(text: string, size: number, weight?: number) => number} ruler */
  function drawAftermath(into, end, ruler) {
    const { aftermath } = ctx.scene;
    const events = ctx.scene.events.filter((event) => event.aftermath && event.main);
    if (!aftermath || !events.length) return;
    const y = rows.bar + BAR / 2;
    const from = right + (compact ? 9 : 10);
    into.append(stroke("fc-zig", compact ? `M${from} ${y}l3-6l5 12l3-6H${end}` : `M${from} ${y}l4.5-7l8 14l4-7`));
    const first = from + (compact ? 16 : 33);
    const step = (end - (compact ? 4 : 12) - first) / Math.max(1, events.length - 1);
    if (!compact) into.append(stroke("fc-hair2", `M${from + 20} ${y}H${end}`));
    events.forEach((event, i) => {
      const at = first + step * i;
      if (!compact && step >= 2 * PIP) addPip(into, event, at, y);
      else {
        into.append(stroke("fc-mini", `M${at} ${y - 6}v12`));
        pips.push({ event, x: at, y, node: drawing("g") });
      }
    });
    const begin = first - 9;
    const { text, note, from_text, to_text, short_text } = aftermath;
    if (!compact) into.append(writing("fc-axis fc-strong", text, begin, 49));
    if (!compact && begin + ruler(note, 11) <= end) into.append(writing("fc-axis", note, begin, 63));
    const both = !compact && begin + ruler(from_text, 11) + ruler(to_text, 11) + 8 <= end;
    if (both) into.append(writing("fc-axis", from_text, begin, rows.ticks));
    into.append(writing("fc-axis", both ? to_text : short_text, end, rows.ticks, "end"));
  }

  /** @param {SVGElement} into @param {SceneEvent} event @param {number} at @param {number} y */
  function addPip(into, event, at, y) {
    const mark = gradeMark(event.grade, PIP, event.number);
    mark.setAttribute("transform", `translate(${at.toFixed(1)} ${y})`);
    into.append(mark);
    pips.push({ event, x: at, y, node: mark });
  }

  /** @param {SVGElement} into */
  function drawEvents(into) {
    const events = ctx.scene.events.filter((event) => !event.aftermath);
    for (const event of events) {
      if (event.main && !compact) continue;
      const d = event.main ? `M${x(event.start)} ${rows.bar - 5}v5` : `M${x(event.start)} ${rows.bar + BAR - 6}v6`;
      into.append(stroke(event.main ? "fc-mini" : "fc-minor", d));
      if (event.main) pips.push({ event, x: x(event.start), y: rows.pip, node: drawing("g") });
    }
    if (compact) return;
    const main = events.filter((event) => event.main);
    const places = spread(main.map((event) => x(event.start)), 14.6, left, right);
    main.forEach((event, i) => {
      const at = places[i] ?? 0;
      if (Math.abs(at - x(event.start)) > 4) into.append(stroke("fc-hair2", `M${at} ${rows.pip}L${x(event.start)} ${rows.bar}`));
      addPip(into, event, at, rows.pip);
    });
  }

  function draw() {
    const width = node.clientWidth;
    if (!width) return;
    drawn = width;
    compact = width < 520;
    side.classList.toggle("fc-compact", compact);
    rows = compact ? ROWS_COMPACT : ROWS_WIDE;
    const ruler = makeRuler(node);
    const after = ctx.scene.aftermath && ctx.scene.events.some((event) => event.aftermath && event.main);
    right = after ? width * (compact ? 0.86 : 0.815) - 6 : width - 14;
    left = compact ? 8 : 6;
    pips = [];
    svg.setAttribute("width", String(width));
    svg.setAttribute("height", String(rows.height));
    const body = drawing("g");
    const events = drawing("g");
    if (!compact) {
      drawHeads(body, ruler);
      const lines = readout.lines();
      const profile = ctx.scene.profile || lines.length ? drawProfile(ctx.scene.profile, lines, { x, left, right, opens: x(ctx.scene.time.opens) }, ruler) : null;
      if (profile) body.append(profile.node);
      quiet = profile ?? NO_NOTE;
    } else quiet = NO_NOTE;
    drawStates(body);
    drawTicks(body, ruler);
    drawEvents(events);
    drawAftermath(events, width, ruler);
    const y = rows.bar + BAR / 2;
    knob.replaceChildren(
      stroke("fc-headline", `M0 ${compact ? -5 : rows.stem}V${y}`),
      drawing("circle", { class: "fc-knobring", cy: y, r: 14 }),
      drawing("circle", { class: "fc-knobcase", cy: y, r: 11 }),
      drawing("circle", { class: "fc-knob", cy: y, r: 8.2 }),
      drawing("circle", { class: "fc-knobdot", cy: y, r: 2.6 }),
    );
    // The line of the playhead goes under the pips, its knob over them.
    if (knob.firstChild) stem.replaceChildren(knob.firstChild);
    svg.replaceChildren(body, stem, events, knob);
    const { time } = ctx.scene;
    slider.style.left = `${left}px`;
    slider.style.width = `${right - left}px`;
    slider.style.top = `${y - 22}px`;
    slider.setAttribute("aria-valuemin", String(Math.floor(time.start)));
    slider.setAttribute("aria-valuemax", String(Math.ceil(time.end)));
    mark();
    move();
  }

  function mark() {
    const { selected, current, hidden } = ctx.state.view;
    const shown = selected ?? current;
    for (const pip of pips) {
      pip.node.classList.toggle("fc-sifted", hidden.has(pip.event.id));
      const on = pip.event.id === shown;
      pip.node.classList.toggle("fc-on", on);
      if (on && pip.node.parentNode) pip.node.parentNode.append(pip.node);
    }
  }

  function move() {
    const { time } = ctx.state.view;
    const at = x(time);
    readout.paint();
    for (const group of [stem, knob]) group.setAttribute("transform", `translate(${at.toFixed(2)} 0)`);
    if (quiet.missing) quiet.missing.classList.toggle("fc-away", at > quiet.span[0] - 4 && at < quiet.span[1] + 4);
    // A running value would be read out again and again.
    if (ctx.state.view.playing) return;
    slider.setAttribute("aria-valuenow", String(Math.floor(time)));
    slider.setAttribute("aria-valuetext", `${clockText(time, false)} ${ctx.scene.words.utc ?? ""}, ${spanAt(ctx.scene, time)?.spoken ?? ""}`);
  }

  /** @param {PointerEvent} event @returns {{ at: number, pip: Pip | null }} */
  function locate(event) {
    const box = node.getBoundingClientRect();
    const at = event.clientX - box.left;
    const y = event.clientY - box.top;
    let best = null;
    let least = compact ? 0 : 11;
    for (const pip of pips) {
      const distance = Math.hypot(pip.x - at, pip.y - y);
      if (distance < least && !ctx.state.view.hidden.has(pip.event.id)) [best, least] = [pip, distance];
    }
    return { at, pip: best };
  }

  /** @param {number} at */
  const seek = (at) => {
    const { start, end } = ctx.scene.time;
    ctx.scrub(start + ((at - left) / (right - left)) * (end - start));
  };

  node.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    const { at, pip } = locate(event);
    if (pip) ctx.choose(pip.event.id, "bar");
    else if (at < right + 14) {
      node.setPointerCapture(event.pointerId);
      slider.focus({ preventScroll: true });
      seek(at);
    }
    event.preventDefault();
  });
  node.addEventListener("pointermove", (event) => {
    if (node.hasPointerCapture(event.pointerId)) seek(locate(event).at);
    else {
      const { pip } = locate(event);
      node.style.cursor = pip ? "pointer" : "";
      ctx.hint(pip ? pip.event.id : null);
    }
  });
  node.addEventListener("pointerleave", () => ctx.hint(null));

  return {
    node: side,
    slider,
    render() {
      readout.render();
      slider.setAttribute("aria-label", ctx.scene.words.time ?? "");
      draw();
    },
    resize() {
      if (node.clientWidth !== drawn) draw();
    },
    mark,
    move,
  };
}
