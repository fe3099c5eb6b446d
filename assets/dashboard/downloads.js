// Files to download, as links: the server writes each when it is asked for.

import { element } from "../viewer/dom.js";

/** @typedef {{ text: string, label: string, address: string, name: string }} File */
/** @typedef {{ label: string, groups: { title: string, note: string, files: File[] }[] }} Data */
/** @typedef {{ data: Data, parentElement: HTMLElement | ShadowRoot }} Component */

/** @param {Component} component */
export function render({ data, parentElement: root }) {
  const holder = root.querySelector("table") ?? root.appendChild(element("table", { class: "fc-downloads" }));
  const focused = document.activeElement;
  const focus = root.contains(focused) && focused?.getAttribute("download");
  holder.setAttribute("aria-label", data.label);
  holder.replaceChildren(
    element(
      "tbody",
      null,
      ...data.groups.map(({ title, note, files }) =>
        element(
          "tr",
          null,
          element("th", { scope: "row" }, title, element("small", null, note)),
          element("td", null, ...files.map((file) => element("a", { href: new URL(file.address, document.baseURI).href, download: file.name, "aria-label": file.label }, file.text))),
        ),
      ),
    ),
  );
  if (focus) /** @type {HTMLElement | null} */ (root.querySelector(`a[download="${CSS.escape(focus)}"]`))?.focus();
}
