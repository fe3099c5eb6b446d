// How a page looks by its own address: ?dark=true&plain=true in the query or the hash. docs/page.md has the flags in words.

import { ownHash } from "./address.js";

const LOOKS = ["plain", "static", "transparent", "fit"];
const PLACE = ["t", "event", "e", "step", "view"];

/** What the address asks for: the query, and over it the hash, which is all of the place where it names one. */
export function ownAddress() {
  const asked = new URLSearchParams(location.search);
  const newer = new URLSearchParams(ownHash().slice(1));
  if (PLACE.some((key) => newer.has(key))) for (const key of PLACE) asked.delete(key);
  for (const [key, value] of newer) asked.set(key, value);
  return `${asked}`;
}

/** Light, dark, or as the reader's device has it. @param {HTMLElement} root @param {string} theme */
export function paint(root, theme) {
  const scheme = theme === "auto" ? "" : theme;
  document.documentElement.style.colorScheme = scheme;
  if (scheme) root.dataset.scheme = scheme;
  else delete root.dataset.scheme;
}

/**
 * Gives a page the looks that its address asks for; what is no flag, or has no such value, changes nothing.
 * @param {HTMLElement} root of the viewer
 */
export function dress(root) {
  const asked = new URLSearchParams(ownAddress());
  const dark = asked.get("dark") ?? "";
  if (/^(true|false|auto)$/.test(dark)) paint(root, { true: "dark", false: "light" }[dark] ?? "auto");
  for (const look of LOOKS) document.documentElement.classList.toggle(`fc-${look}`, asked.get(look) === "true");
  // A still picture: nothing in it answers, and nothing takes the focus; the table tells all of it.
  for (const part of root.querySelectorAll(".fc-slot, .fc-list, .fc-scrub")) /** @type {HTMLElement} */ (part).inert = asked.get("static") === "true";
}
