// The page in other words: the languages that it carries, and the links between them.

import { element, plain } from "./dom.js";

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").Source} Source */
/** @typedef {{ lang: string, name: string, scene: () => Scene }} Language */

/**
 * A value after its changes: a list of one replaces it, names and indices change its parts.
 * @param {any} old
 * @param {any} changes
 * @returns {any}
 */
export function changed(old, changes) {
  if (Array.isArray(changes)) return changes[0];
  const next = Array.isArray(old) ? [...old] : { ...old };
  for (const [key, change] of Object.entries(changes)) next[key] = changed(old[key], change);
  return next;
}

/**
 * The scene in another language.
 * @param {Scene} scene of the page
 * @param {any} changes to its sources by their ids, to its events and to the rest, both of which name sources by id
 * @returns {Scene}
 */
export function translated({ events, ...rest }, changes) {
  const all = [...events.flatMap((event) => event.card.sources), ...rest.other_sources];
  /** @param {Source[]} cited */
  const ids = (cited) => cited.map(({ id }) => id);
  const next = changed(
    {
      sources: Object.fromEntries(all.map((source) => [source.id, source])),
      scene: { ...rest, other_sources: ids(rest.other_sources) },
      events: events.map((event) => ({ ...event, card: { ...event.card, sources: ids(event.card.sources) } })),
    },
    changes,
  );
  return whole(next);
}

/**
 * A scene in one piece: the sources stand where their ids stood.
 * @param {{ sources: Record<string, Source>, scene: any, events: any[] }} parts
 * @returns {Scene}
 */
export function whole({ sources, scene, events }) {
  /** @param {string[]} ids */
  const cited = (ids) => ids.map((id) => sources[id]);
  return { ...scene, other_sources: cited(scene.other_sources), events: events.map((event) => ({ ...event, card: { ...event.card, sources: cited(event.card.sources) } })) };
}

/**
 * The languages of a page, in its order; none where it has but one.
 * @param {Scene} scene of the page
 * @returns {Language[]}
 */
export function carried(scene) {
  return [...document.querySelectorAll("script.fc-words")].map((block) => ({
    lang: /** @type {HTMLElement} */ (block).lang,
    name: /** @type {HTMLElement} */ (block).title,
    scene: () => translated(scene, JSON.parse(block.textContent ?? "{}")),
  }));
}

/**
 * Links to the languages: an address like any other, so that each can be opened, copied and sent.
 * @param {Language[]} languages
 */
export function createLanguages(languages) {
  const links = languages.map(({ lang, name }) => element("a", { href: `#lang=${lang}`, lang, hreflang: lang }, name));
  const node = element("nav", { class: "fc-languages", hidden: !links.length, "aria-label": languages.map(({ name }) => name).join(", ") }, ...links);
  return {
    node,
    /** @param {Scene} scene */
    render({ language, direction, title }) {
      if (!links.length) return;
      document.title = plain(title);
      Object.assign(document.documentElement, { lang: language, dir: direction });
      for (const link of links) {
        if (link.lang === language) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    },
  };
}
