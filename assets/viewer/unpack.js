// The scene of a document: its data, and in a page the words of its text (geo/render/markup.py writes it).

import { plain } from "./dom.js";
import { changed, whole } from "./languages.js";

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").Basemap} Basemap */

/**
 * What nodes say one after the other, each with its language where it names one.
 * @param {any[]} nodes
 * @returns {any} Joined
 */
function joined(nodes) {
  const parts = nodes.map((node) => (node.lang ? { text: node.textContent, lang: node.lang } : node.textContent));
  return parts.length > 1 ? parts : (parts[0] ?? "");
}

/** What an element says. @param {any} node */
const words = (node) => joined(node.firstElementChild && node.querySelector("[lang]") ? [...node.childNodes] : [node]);

/**
 * What the elements that have names say, by their names.
 * @param {Element} node
 * @param {string} which selector
 */
const named = (node, which) => Object.fromEntries([...node.querySelectorAll(which)].map((each) => [each.className, words(each)]));

/** The ids of the sources that something cites. @param {Element} node */
const cited = (node) => [...node.querySelectorAll("a[href^='#s-']")].map((link) => link.textContent);

/** @param {Element} table */
function readGrid(table) {
  const [columns, ...rows] = [...table.querySelectorAll("tr")].map((row) => [...row.children].map(words));
  return { caption: words(table.firstElementChild), columns, rows };
}

/** @param {Element} text */
function readScene(text) {
  const scene = {
    ...named(text, ":scope > :is(h1, p)"),
    ...Object.fromEntries([...text.querySelectorAll("table[class]")].map((table) => [table.className, readGrid(table)])),
    footer: [...text.querySelectorAll("footer > p")].map(words),
  };
  const steps = [...text.querySelectorAll(".steps > li")].map((step) => ({
    ...named(step, "[class]"),
    event: step.querySelector("a[href^='#e-']")?.getAttribute("href")?.slice(3) ?? null,
    sources: cited(step),
  }));
  return steps.length ? { ...scene, story: { steps } } : scene;
}

/**
 * The sources as the list of the text has them: "[id] before", a link, "after", an archived copy.
 * @param {Element} text
 */
function readSources(text) {
  /** @type {Record<string, any>} */
  const sources = {};
  for (const item of text.querySelectorAll("li[id]")) {
    const id = item.id.slice(2);
    const copy = item.querySelector("small a");
    /** @type {any[]} */
    const [before, link, ...after] = [...item.childNodes].filter((node) => node.nodeName !== "SMALL");
    sources[id] = { id, before: before.textContent.slice(id.length + 3), link: link.textContent, after: joined(after), url: link.getAttribute("href"), language: link.hreflang || null };
    if (copy) sources[id].archived = { text: copy.textContent, url: copy.getAttribute("href") };
  }
  return sources;
}

/** @param {Element} item */
const readClaim = (item) => ({ letter: null, detail: null, time_text: null, cites: null, leak: Boolean(item.querySelector("em")), ...named(item, "[class]") });

/**
 * @param {any} row
 * @param {Scene} scene
 */
function readEvent(row, { time, map, legend }) {
  const { text = null, unknown = null, times, ...said } = named(row, "[class]:not(li *)");
  const id = row.id.slice(2);
  const datetime = row.querySelector("time").dateTime;
  const aftermath = !said.time_text;
  const start = aftermath ? time.end : Date.parse(datetime) / 1000;
  return {
    id,
    datetime,
    aftermath,
    start,
    end: start,
    main: "number" in said,
    mapped: map.markers.some(({ event }) => event === id),
    grade: legend.grades.find((each) => each.text === said.grade_text)?.grade,
    name: `${aftermath ? said.long_time : `${said.time_text} UTC`}, ${plain(said.title)}, ${said.grade_text}`,
    local_text: aftermath ? datetime.slice(0, 4) : "",
    number: null,
    note: null,
    closeup: null,
    ...said,
    card: {
      text,
      unknown,
      ...(times && { times }),
      groups: [...row.querySelectorAll("h4")].map((heading) => ({ heading: words(heading), claims: [...heading.nextElementSibling.children].map(readClaim) })),
      sources: cited(row),
    },
  };
}

/**
 * Whole numbers from letters: the digits of each to the base of 26, the last a small letter; 0, 1, 2, 3 … are 0, -1, 1, -2 …
 * @param {string} text
 */
function integers(text) {
  const numbers = [];
  let value = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    value = value * 26 + (code & 31) - 1;
    if (code < 97) continue;
    numbers.push(value % 2 ? -(value + 1) / 2 : value / 2);
    value = 0;
  }
  return numbers;
}

/** The deltas of a column: a digit says how often their differences were taken. @param {string} text */
function deltas(text) {
  const numbers = integers(text.slice(1));
  for (let order = Number(text[0]); order; order -= 1) {
    let sum = 0;
    for (let i = 1; i < numbers.length; i += 1) numbers[i] = sum += numbers[i] ?? 0;
  }
  return numbers;
}

/** Writes the columns of any JSON in numbers. @param {any} node */
function expand(node) {
  for (const value of Object.values(node)) {
    if (typeof value?.deltas === "string") value.deltas = deltas(value.deltas);
    else if (value && typeof value === "object") expand(value);
  }
}

/**
 * Texts from their forms, in each of which # is the next number.
 * @param {{ forms: string[], mark: string, which: { deltas: number[] }, values: { deltas: number[] } }} packed
 */
function spell({ forms, mark, which, values }) {
  let [form, at, value] = [0, 0, 0];
  const number = () => `${(value += values.deltas[at++] ?? 0)}`.replace(/\B(?=(\d{3})+$)/g, () => mark);
  return which.deltas.map((step) => forms[(form += step)]?.replaceAll("#", number));
}

/** Lines of a basemap, or lists of them. @param {any} value @returns {any} */
const lines = (value) => (typeof value === "string" ? integers(value) : Array.isArray(value) ? value.map(lines) : value);

/**
 * The scene as it was before a document packed it: with its words, and with every source in every card.
 * @param {string} name of the layer; its data block is called so with "_data" at the end
 * @returns {{ scene: Scene, basemap: Basemap }}
 */
export function unpack(name) {
  const data = JSON.parse(document.getElementById(`${name}_data`)?.textContent ?? "");
  const text = document.querySelector("#flightcase > article");
  expand(data);
  for (const [key, value] of Object.entries(data.basemap)) if (Array.isArray(value)) data.basemap[key] = lines(value);
  const sources = changed(text ? readSources(text) : {}, data.sources);
  const scene = changed(text ? readScene(text) : {}, data.scene);
  if (scene.distances?.texts.forms) scene.distances.texts = spell(scene.distances.texts);
  const rows = text ? [...text.querySelectorAll("tr[id]")].map((row) => readEvent(row, scene)) : [];
  return { scene: whole({ sources, scene, events: changed(rows, data.events) }), basemap: data.basemap };
}
