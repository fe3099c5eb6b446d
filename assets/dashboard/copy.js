// A button that copies a text and says so; where the browser lets nobody copy, it shows the text to be copied by hand.

import { element } from "../viewer/dom.js";

/** @typedef {{ text: string, label: string, copied: string, byHand: string }} Data */
/** @typedef {{ data: Data, parentElement: HTMLElement }} Component */

/** How long it says that it has copied, ms. */
const TOLD = 4000;

/** @param {Component} component */
export function render({ data, parentElement }) {
  let button = parentElement.querySelector("button");
  if (!button) {
    button = element("button", { type: "button", class: "fc-copy" });
    parentElement.replaceChildren(button, element("span", { role: "status", class: "fc-hidden" }), element("div", { class: "fc-by-hand" }));
  }
  if (button.dataset.label !== data.label) button.textContent = button.dataset.label = data.label;
  button.onclick = () => copy(data, parentElement);
}

/**
 * @param {Data} data
 * @param {HTMLElement} parent
 */
async function copy({ text, label, copied, byHand }, parent) {
  const [button, status, beside] = /** @type {[HTMLButtonElement, HTMLElement, HTMLElement]} */ ([...parent.children]);
  try {
    // There is no clipboard for pages without a secure connection.
    await navigator.clipboard.writeText(text);
  } catch {
    const field = element("textarea", { readonly: true, rows: 3, "aria-label": byHand });
    field.value = text;
    beside.replaceChildren(element("p", null, byHand), field);
    field.select();
    return;
  }
  beside.replaceChildren();
  button.textContent = status.textContent = copied;
  setTimeout(() => {
    button.textContent = label;
    status.textContent = "";
  }, TOLD);
}
