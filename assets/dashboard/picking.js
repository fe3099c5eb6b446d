// Positions given on the map of the preview: a click, a drag, or a crosshair that the arrow keys move.

import { STEADY, arrow, createSheet, drag, saidAt, written } from "./drawing.js";
import { createTools, filled } from "./tools.js";

/** @typedef {import("./drawing.js").LatLon} LatLon */
/** @typedef {{ value: unknown, at: LatLon | null }} PathPoint value: as the case has it */
/** @typedef {{ id: string, how: "point" | "ring" | "path" | "area", place: (string | number)[], sentence: string, at: LatLon | null, centre: LatLon | null, km: number | null, points: PathPoint[] }} Request */
/** @typedef {{ event: string, place: (string | number)[], kind: "point" | "ring", at: LatLon, own: boolean, km: number | null, name: string }} Movable */
/** @typedef {{ place: (string | number)[], op: string, at?: LatLon, points?: unknown[] }} Answer */
/** @typedef {{ click: (at: LatLon) => void, hover: (at: LatLon) => string, back?: () => void }} Tool */
/**
 * @typedef {object} Ends
 * @property {any} L
 * @property {any} map
 * @property {Record<string, string>} words
 * @property {(answer: Answer) => void} tell
 * @property {(text: string) => void} say to those who listen
 */

/** Whether many points are given, one after the other. @param {Request | null} request */
const isLine = (request) => request?.how === "path" || request?.how === "area";
/** Room that the crosshair keeps to the edge of the map, px. */
const EDGE = 28;
/**
 * @param {Ends} ends
 */
export function createPicking({ L, map, words, tell: send, say }) {
  const sheet = createSheet(L, map);
  const box = /** @type {HTMLElement} */ (map.getContainer());
  const slot = /** @type {HTMLElement} */ (box.parentElement);
  // On the map and not beside the sentence: nothing may move while something is dragged.
  const readout = document.createElement("output");
  readout.className = "fcp-readout";
  readout.setAttribute("aria-hidden", "true");
  slot.append(readout);
  /** What was drawn is drawn anew after it: also where the case did not take it. @param {Answer} answer */
  const tell = (answer) => {
    drawn = "";
    send(answer);
  };
  const show = (/** @type {string} */ text) => void (readout.textContent = text);
  const tools = createTools(sheet, map, { words, tell, say, show }, () => end());
  /** @type {Request | null} */
  let request = null;
  /** @type {Movable[]} */
  let movables = [];
  /** @type {string | null} */
  let selected = null;
  /** @type {Tool | null} */
  let tool = null;
  let drawn = "";
  /** @type {Element | null} that had the focus before the crosshair */
  let former = null;
  const cross = document.createElement("div");
  cross.className = "fcp-cross";
  cross.tabIndex = 0;
  cross.setAttribute("role", "application");
  let [spot, stirred, waiting] = [{ x: 0, y: 0 }, false, 0];

  // --- what is drawn --------------------------------------------------------------------------------------------------

  /** Draws again only what changed: a handle that is held or has the focus stays. */
  function draw() {
    const own = request ? [] : movables.filter((each) => each.event === selected);
    const wanted = JSON.stringify([request, own]);
    if (wanted === drawn) return;
    drawn = wanted;
    const focus = /** @type {any} */ (box.getRootNode()).activeElement?.dataset?.handle;
    sheet.clear();
    tool = request ? tools[request.how](request) : null;
    for (const each of own) tools.handles(each);
    if (!request) show("");
    if (focus) /** @type {HTMLElement | null} */ (box.querySelector(`[data-handle="${focus}"]`))?.focus({ preventScroll: true });
  }

  // --- pointer --------------------------------------------------------------------------------------------------------

  const own = (/** @type {EventTarget | null} */ target) => Boolean(/** @type {Element} */ (target)?.closest?.(".fcp-handle"));
  const point = (/** @type {MouseEvent} */ event) => map.mouseEventToContainerPoint(event);
  /** @type {{ x: number, y: number } | null} */
  let pressed = null;

  function press(/** @type {PointerEvent} */ event) {
    pressed = { x: event.clientX, y: event.clientY };
    const sign = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest?.(".fc-marker[data-event]"));
    const movable = sign && !request && movables.find((each) => each.event === sign.dataset.event && each.kind === "point");
    if (!sign || !movable) return;
    const ghost = sheet.line(false);
    /** @type {LatLon} */
    let to = sheet.seen(movable.at);
    const from = to;
    drag(
      event,
      sign,
      map,
      from,
      (at) => {
        to = at;
        ghost.setLatLngs([from, at]);
        show(saidAt(at));
      },
      () => (ghost.remove(), show(""), tell({ place: movable.place, op: "point", at: written(to) })),
      () => (ghost.remove(), show("")),
    );
  }

  function click(/** @type {MouseEvent} */ event) {
    if (!tool || own(event.target)) return;
    event.stopPropagation();
    event.preventDefault();
    const still = pressed && Math.hypot(event.clientX - pressed.x, event.clientY - pressed.y) < STEADY;
    if (still && event.detail < 2) act(sheet.at(point(event)));
  }

  function twice(/** @type {MouseEvent} */ event) {
    if (!tool) return;
    event.stopPropagation();
    if (isLine(request) && !own(event.target)) end();
  }

  function hover(/** @type {PointerEvent} */ event) {
    const sign = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest?.(".fc-marker[data-event]"));
    if (sign && !request && movables.some((each) => each.event === sign.dataset.event && each.kind === "point")) sign.style.cursor = "grab";
    if (tool && event.pointerType === "mouse" && !event.buttons) show(tool.hover(sheet.at(point(event))));
  }

  // --- keyboard -------------------------------------------------------------------------------------------------------

  function place() {
    cross.style.transform = `translate(${spot.x}px, ${spot.y}px)`;
  }

  /** @param {{ x: number, y: number }} step */
  function shift(step) {
    const { x, y } = map.getSize();
    const next = { x: spot.x + step.x, y: spot.y + step.y };
    const by = [next.x - Math.max(EDGE, Math.min(x - EDGE, next.x)), next.y - Math.max(EDGE, Math.min(y - EDGE, next.y))];
    const at = sheet.at(next);
    if (by[0] || by[1]) map.panBy(by, { animate: false });
    const stands = map.latLngToContainerPoint(at);
    spot = { x: Math.max(0, Math.min(x, stands.x)), y: Math.max(0, Math.min(y, stands.y)) };
    stirred = true;
    place();
    const told = tool?.hover(sheet.at(spot)) ?? "";
    show(told);
    clearTimeout(waiting);
    waiting = window.setTimeout(() => say(told), 300);
  }

  cross.addEventListener("keydown", (event) => {
    const step = arrow(event);
    if (step) shift(event.shiftKey ? step : { x: 2 * step.x, y: 2 * step.y });
    else if (event.key === "Enter" || event.key === " ") stirred || !isLine(request) ? act(sheet.at(spot)) : end();
    else if ((event.key === "Delete" || event.key === "Backspace") && tool?.back) tool.back();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function escape(/** @type {KeyboardEvent} */ event) {
    if (event.key !== "Escape" || !request) return;
    event.preventDefault();
    event.stopPropagation();
    end();
  }

  /** @param {LatLon} at */
  function act(at) {
    stirred = false;
    say(filled(words.set, { position: saidAt(at) }));
    tool?.click(at);
  }

  function end() {
    if (request) tell({ place: request.place, op: "end" });
  }

  /** Stands the crosshair where the place is now, else in the middle. @param {Request} asked */
  function aim({ at, centre }) {
    const goal = at ?? centre;
    if (goal && !map.getBounds().pad(-0.08).contains(sheet.seen(goal))) map.panTo(sheet.seen(goal), { animate: false });
    const { x, y } = map.getSize();
    spot = goal ? map.latLngToContainerPoint(sheet.seen(goal)) : { x: x / 2, y: y / 2 };
    stirred = false;
    place();
  }

  /** @param {Request | null} next */
  function arm(next) {
    const before = request;
    request = next;
    slot.classList.toggle("fcp-armed", Boolean(next));
    if (next) {
      cross.setAttribute("aria-label", `${words.cross ?? ""} ${next.sentence}`);
      if (before?.id === next.id) return;
      map.doubleClickZoom.disable();
      box.append(cross);
      box.scrollIntoView(/** @type {ScrollIntoViewOptions} */ ({ block: "nearest", container: "nearest" }));
      aim(next);
      show("");
      say(next.sentence);
      const active = document.activeElement;
      if (!active?.matches(":focus-visible") || active.matches("input, textarea")) return;
      former = active;
      cross.focus({ preventScroll: true });
    } else if (before) {
      const back = cross.matches(":focus") || /** @type {any} */ (box.getRootNode()).activeElement?.closest(".fcp-handle");
      map.doubleClickZoom.enable();
      cross.remove();
      show("");
      if (back && former instanceof HTMLElement && former.isConnected) former.focus({ preventScroll: true });
      former = null;
    }
  }

  slot.addEventListener("pointerdown", press, true);
  slot.addEventListener("click", click, true);
  slot.addEventListener("dblclick", twice, true);
  slot.addEventListener("pointermove", hover);
  slot.addEventListener("pointerleave", () => request && show(""));
  document.addEventListener("keydown", escape, true);

  return {
    /** What is asked for, and what may be moved. @param {Request | null} asked @param {Movable[]} given */
    take(asked, given) {
      movables = given;
      arm(asked);
      draw();
    },
    /** @param {string | null} event */
    select(event) {
      selected = event;
      draw();
    },
    end,
    destroy() {
      readout.remove();
      document.removeEventListener("keydown", escape, true);
      sheet.destroy();
    },
  };
}
