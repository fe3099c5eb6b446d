// The page in other words: the languages that it carries, and the links between them.

import { element, plain } from "./dom.js";

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").Source} Source */
/** @typedef {{ lang: string, name: string, units: string, measures: string, scene: () => Scene }} Language name, measures: what language and units are called */

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
 * The languages and units of a page, in its order; none where it has but one.
 * @param {Scene} scene of the page
 * @returns {Language[]}
 */
export function carried(scene) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("script.fc-words"))].map(({ lang, title: name, dataset: { units = "", name: measures = "" }, textContent }) => ({
    lang,
    name,
    units,
    measures,
    scene: () => translated(scene, JSON.parse(textContent ?? "{}")),
  }));
}

/**
 * The one of a page that is asked for. What is not asked for stays; where both are not to be had, the language counts.
 * @param {Language[]} all
 * @param {Pick<Scene, "language" | "units">} now
 * @param {{ lang: string | null, units: string | null }} asked
 */
export function chosen(all, { language, units: measured }, { lang, units }) {
  /** @param {string} one @param {string} other */
  const find = (one, other) => all.find((each) => each.lang === one && each.units === other);
  const [tongue, measures] = [lang ?? language, units ?? measured];
  return find(tongue, measures) ?? find(tongue, measured) ?? all.find((each) => each.lang === tongue) ?? find(language, measures);
}

/**
 * What an address has to say of language and units: what is not the page's own, or not that of its query.
 * @param {Scene} own of the page
 * @param {Scene} now
 * @returns {Record<string, string>}
 */
export function otherwise(own, now) {
  const asked = new URLSearchParams(location.search);
  return {
    ...((now.language !== own.language || asked.has("lang")) && { lang: now.language }),
    ...((now.units !== own.units || asked.has("units")) && { units: now.units }),
  };
}

/**
 * Links to the languages and units: an address like any other, so that each can be opened, copied and sent.
 * @param {Language[]} all
 * @param {(text: string) => void} visit
 */
export function createLanguages(all, visit) {
  /** The first of each; one alone is no choice. @param {"lang" | "units"} key */
  const first = (key) => {
    const found = all.filter((one, i) => all.findIndex((other) => other[key] === one[key]) === i);
    return found.length > 1 ? found : [];
  };
  const tongues = first("lang").map(({ lang, name }) => element("a", { href: `#lang=${lang}`, lang, hreflang: lang }, name));
  const measures = first("units").map(({ units }) => element("a", { href: `#units=${units}`, "data-units": units }));
  const links = [...tongues, ...measures];
  for (const link of links) {
    link.addEventListener("click", (event) => {
      // A document within an attribute has no address of its own: there the link would lead to the page around it.
      if (location.protocol !== "about:") return;
      event.preventDefault();
      visit(link.hash);
    });
  }
  const node = element("nav", { class: "fc-languages", hidden: !links.length }, element("span", null, ...tongues), element("span", null, ...measures));
  return {
    node,
    /** @param {Scene} scene */
    render({ language, units, direction, title }) {
      if (!links.length) return;
      document.title = plain(title);
      Object.assign(document.documentElement, { lang: language, dir: direction });
      for (const link of links) {
        const kind = link.dataset.units;
        if (kind) link.textContent = chosen(all, { language, units }, { lang: null, units: kind })?.measures ?? "";
        if (kind ? kind === units : link.lang === language) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
      node.setAttribute("aria-label", links.map((link) => link.textContent).join(", "));
    },
  };
}
