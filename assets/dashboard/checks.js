// What must be so before a case is published, each with its sign, and a button where a person signs for it.

import { drawing, element } from "../viewer/dom.js";

/** @typedef {{ id: string, label: string, name: string }} Act what its button says, and what it is called in full */
/** @typedef {{ id: string, state: "ok" | "open", spoken: string, text: string, notes: string[], where: string[], places: string, acts: Act[] }} Check */
/** @typedef {{ label: string, checks: Check[] }} Data */
/** @typedef {{ data: Data, parentElement: HTMLElement, setTriggerValue: (name: string, value: unknown) => void }} Component */

/** How long a dialog may take to go, ms. */
const PATIENCE = 3000;
/** What is drawn, and the check that a person was asked about last. @type {WeakMap<HTMLElement, { said: string, asked: string | null }>} */
const drawn = new WeakMap();

/** @param {Component} component */
export function render({ data, parentElement, setTriggerValue }) {
  const said = JSON.stringify(data);
  const before = drawn.get(parentElement);
  // As long as nothing has changed the buttons stay, so that a dialog can give the focus back to the one that opened it.
  if (before?.said === said) return;
  const now = { said, asked: /** @type {string | null} */ (null) };
  const act = (/** @type {string} */ check, /** @type {string} */ name) => {
    now.asked = check;
    setTriggerValue("act", `${name} ${check}`);
  };
  const focus = find(parentElement, "button:focus")?.dataset.id;
  const opened = new Set([...parentElement.querySelectorAll("details[open]")].map((each) => /** @type {HTMLElement} */ (each).dataset.id));
  const items = data.checks.map((check) => item(check, opened.has(check.id), act));
  parentElement.replaceChildren(element("ul", { class: "fc-checks", "aria-label": data.label }, ...items));
  drawn.set(parentElement, now);
  if (focus) (find(parentElement, `button[data-id="${CSS.escape(focus)}"]`) ?? buttonOf(parentElement, focus.split(" ")[1] ?? ""))?.focus();
  else if (before?.asked) afterDialog(parentElement, before.asked);
}

/** @param {HTMLElement} parent @param {string} selector @returns {HTMLElement | null} */
function find(parent, selector) {
  return parent.querySelector(selector);
}

/** The first button of a check. @param {HTMLElement} parent @param {string} check */
function buttonOf(parent, check) {
  return find(parent, `li[data-check="${CSS.escape(check)}"] button`);
}

/**
 * Puts the focus on the button of a check once the dialog that asked about it is gone, unless it is somewhere by then.
 * @param {HTMLElement} parent
 * @param {string} check
 */
function afterDialog(parent, check) {
  const end = performance.now() + PATIENCE;
  const look = () => {
    const { activeElement, body } = document;
    if (!document.querySelector("[role=dialog]") && (!activeElement || activeElement === body)) {
      buttonOf(parent, check)?.focus();
    } else if (performance.now() < end) requestAnimationFrame(look);
  };
  look();
}

/**
 * @param {Check} check
 * @param {boolean} open whether its places are shown
 * @param {(check: string, name: string) => void} then
 */
function item(check, open, then) {
  const said = element("div", { class: "fc-said" }, element("p", null, element("span", { class: "fc-hidden" }, `${check.spoken}: `), check.text));
  said.append(...check.notes.map((note) => element("p", { class: "fc-note" }, note)));
  if (check.where.length) {
    const list = element("ul", null, ...check.where.map((place) => element("li", null, element("code", null, place))));
    said.append(element("details", { "data-id": check.id, open }, element("summary", null, check.places), list));
  }
  const acts = check.acts.length > 0 && element("div", { class: "fc-acts" }, ...check.acts.map((act) => button(check, act, then)));
  return element("li", { "data-check": check.id, "data-state": check.state }, sign(check.state), said, acts);
}

/**
 * @param {Check} check
 * @param {Act} act
 * @param {(check: string, name: string) => void} then
 */
function button(check, act, then) {
  const made = element("button", { type: "button", "data-id": `${act.id} ${check.id}`, "aria-label": act.name }, act.label);
  made.addEventListener("click", () => then(check.id, act.id));
  return made;
}

/** A tick in a disc, or an exclamation mark in a square: the shape says it without the colour. @param {string} state */
function sign(state) {
  const ok = state === "ok";
  return drawing(
    "svg",
    { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" },
    ok ? drawing("circle", { cx: 8, cy: 8, r: 8 }) : drawing("rect", { x: 1, y: 1, width: 14, height: 14, rx: 2.5 }),
    drawing("path", { d: ok ? "M4.6 8.3 7 10.6l4.4-5" : "M8 4.3v4.4M8 11.2v.9" }),
  );
}
