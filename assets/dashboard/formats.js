// The files that a case can be taken away as, each with a box to tick, as a Streamlit component.

import { element } from "../viewer/dom.js";

/** @typedef {{ id: string, name: string, file: string, weight: string, about: string, ticked: boolean }} Offer */
/**
 * @typedef {object} Data
 * @property {string} label of the table
 * @property {string[]} columns box, name, file, weight, what it holds
 * @property {Offer[]} rows
 */
/** @typedef {{ data: Data, parentElement: HTMLElement, setStateValue: (name: string, value: unknown) => void }} Component */

/** @param {Component} component */
export function render({ data, parentElement, setStateValue }) {
  const focus = /** @type {HTMLElement | null} */ (parentElement.querySelector("input:focus"))?.dataset.id;
  const body = element("tbody");
  const boxes = data.rows.map((row) => {
    const box = element("input", { type: "checkbox", id: `fc-offer-${row.id}`, "data-id": row.id });
    box.checked = row.ticked;
    box.addEventListener("change", () => setStateValue("ticked", boxes.filter((each) => each.checked).map((each) => each.dataset.id)));
    body.append(
      element(
        "tr",
        null,
        element("td", null, box),
        element("th", { scope: "row" }, element("label", { for: box.id }, row.name)),
        element("td", { class: "fc-file" }, row.file),
        element("td", { class: "fc-weight" }, row.weight),
        element("td", { class: "fc-about" }, row.about),
      ),
    );
    return box;
  });
  const head = element("thead", null, element("tr", null, ...data.columns.map((title) => element("th", { scope: "col" }, title))));
  parentElement.replaceChildren(element("table", { class: "fc-formats", "aria-label": data.label }, head, body));
  boxes.find((box) => box.dataset.id === focus)?.focus();
}
