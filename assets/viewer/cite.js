// Sources with their links, and citations of them and of events for the clipboard.

import { drawing, element, plain, say } from "./dom.js";

/** @typedef {import("./types.js").Context} Context */
/** @typedef {import("./types.js").SceneEvent} SceneEvent */
/** @typedef {import("./types.js").Source} Source */

/** How long a button says that its text was copied, ms. */
const SAID = 2000;

/** A link, but only to an address of the web: a case file could say javascript:. @param {string | null} url @param {string} text @param {string | null} [language] */
function link(url, text, language) {
  const safe = url && /^https?:/.test(url);
  return safe ? element("a", { href: url, hreflang: language, rel: "noopener noreferrer", target: "_blank" }, text) : text;
}

/** @param {Source} source */
export function sourceNode({ id, before, link: text, after, url, language, archived }) {
  const more = archived ? [" · ", link(archived.url, archived.text, language)] : [];
  return element("li", null, `[${id}] ${before}`, link(url, text, language), say(element("span"), after), ...more);
}

/** Texts as sentences, each with one full stop. @param {(string | null | undefined | false)[]} texts */
const sentences = (texts) => texts.flatMap((text) => (text ? text.replace(/\.?$/, ".") : [])).join(" ");

/** @param {Source} source */
export function citeSource({ before, link: text, after, url, archived }) {
  return [sentences([before + text + plain(after)]), url, archived && `${archived.text}: ${archived.url}`].filter(Boolean).join(" ");
}

/**
 * What an event is cited by: what, when and how sure; flight, page and its last change; the sources.
 * @param {import("./types.js").Scene} scene
 * @param {SceneEvent} event
 * @param {string} address of the page, or ""
 */
export function citeEvent(scene, event, address) {
  const page = `${plain(scene.title)}${scene.updated ? ` (${scene.updated})` : ""}`;
  const own = sentences([plain(event.title), event.long_time, event.grade_text, scene.flight, page]);
  return [own, address && `${address}#event=${event.id}`, ...event.card.sources.map((source) => `[${source.id}] ${citeSource(source)}`)].filter(Boolean).join("\n");
}

/**
 * Copies by the clipboard, or by a selection where a frame forbids that; where both fail the text stays, selected.
 * @param {HTMLElement} button
 * @param {string} text
 * @param {string} label
 */
async function copy(button, text, label) {
  try {
    // Where a policy forbids it, Chromium would complain in the console of the host.
    if (/** @type {any} */ (document).featurePolicy?.allowsFeature("clipboard-write") === false) throw new Error();
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = element("textarea", { class: "fc-copy", readonly: true, "aria-label": label, rows: 4 });
    area.value = text;
    button.after(area);
    area.select();
    const done = document.execCommand("copy");
    if (done) {
      area.remove();
      button.focus();
    } else area.addEventListener("blur", () => document.hasFocus() && area.remove());
    return done;
  }
}

/**
 * @param {Context} ctx
 * @param {() => string} text
 * @param {Node | string} face what the button shows
 * @param {string} [name] what it is called where that is no text
 */
function copyButton(ctx, text, face, name) {
  const { words } = ctx.scene;
  const button = element("button", { type: "button", class: "fc-more fc-cite", "aria-label": name, title: name }, face);
  button.addEventListener("click", async () => {
    const done = await copy(button, text(), words.copy_by_hand ?? "");
    ctx.announce((done ? words.copied : words.copy_by_hand) ?? "");
    if (!done) return;
    button.textContent = words.copied ?? "";
    setTimeout(() => button.replaceChildren(face), SAID);
  });
  return button;
}

/** @param {Context} ctx @param {SceneEvent} event */
export function eventCitation(ctx, event) {
  // Not of a frame without an address of its own, nor of a disk or a workshop.
  const address = () => (location.protocol === "https:" ? location.href.replace(/#.*/, "") : "");
  return copyButton(ctx, () => citeEvent(ctx.scene, event, address()), ctx.scene.words.copy ?? "");
}

/** A list of sources, each to be copied as a citation. @param {Context} ctx @param {Source[]} sources */
export function sourceList(ctx, sources) {
  const { words } = ctx.scene;
  const items = sources.map((source) => {
    const icon = drawing("svg", { viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" }, drawing("path", { d: "M9 9H19V20H9ZM15 9V4H5V15H9" }));
    const item = sourceNode(source);
    item.append(" ", copyButton(ctx, () => citeSource(source), icon, `${words.copy} [${source.id}]`));
    return item;
  });
  return element("ul", { class: "fc-sources", role: "list", "aria-label": words.sources }, ...items);
}
