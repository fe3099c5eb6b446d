// Which texts the map wants: places, events, lines, countries and waters.
// On paper geo/render/poster/placing/caption.py does the same, step for step: change both.

import { meet, plain } from "./dom.js";

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").Words} Words */
/** @typedef {import("./types.js").Closeup} Closeup */
/** @typedef {import("./labels.js").Label} Label */
/** @typedef {import("./labels.js").TextLine} TextLine */
/** @typedef {import("./lines.js").DrawnLine} DrawnLine */
/** @typedef {import("./markers.js").Sign} Sign */
/** @typedef {{ x: number, y: number }} Spot */
/** @typedef {(at: [number, number]) => Spot} Project */

/** Shares of a line's visible length at which its label may stand. */
const SHARES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
/** What may have to go before a text of the map is lost: second lines, long forms. */
const DETAIL = 4;
/** Places this close, px, are one. */
const SAME = 6;

/** From this many letters on a second line may stand in two. */
const LONG = 24;

/** Part of some words, in their language. @param {Words | null} words @param {string} text @returns {Words} */
const as = (words, text) => (words && typeof words !== "string" ? { ...words, text } : text);

/** @param {Spot} a @param {Spot} b */
const apart = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);

/** At most two lines, as equal as they can be. @param {string} text */
function halves(text) {
  const words = text.split(" ");
  const cuts = words.map((_, i) => [words.slice(0, i).join(" "), words.slice(i).join(" ")]).slice(1);
  const longest = (/** @type {string[]} */ lines) => Math.max(...lines.map((line) => line.length));
  return cuts.sort((a, b) => longest(a) - longest(b))[0] ?? words;
}

/**
 * @param {Words} name
 * @param {Words | null} note
 * @param {boolean} small
 * @param {Pick<Label, "anchors" | "gap" | "rank" | "must">} rest
 * @returns {Label}
 */
function twoLines(name, note, small, rest) {
  const first = { words: name, size: small ? 12 : 13.5, weight: 700, kind: "fc-place" };
  const seconds = [[plain(note)], halves(plain(note))].filter(([text], i) => text && (!i || plain(note).length > LONG));
  const forms = seconds.map((lines) => [first, ...lines.map((text) => ({ words: as(note, text), size: small ? 11 : 12, weight: 400, kind: "fc-second" }))]);
  return { forms: [...forms, [first]], mode: "beside", full: DETAIL + rest.rank / 10, ...rest };
}

/**
 * @param {Scene} scene
 * @param {Project} project
 * @param {Sign[]} signs those that are shown
 * @param {(at: [number, number]) => number} around px that a ring takes around a place
 * @param {boolean} small
 * @returns {Label[]}
 */
export function placeLabels(scene, project, signs, around, small) {
  const { places } = scene.map;
  const named = places.flatMap((place) => {
    if (!place.name) return [];
    const at = project(place.at);
    const sign = signs.find((each) => apart(each, at) < SAME);
    const gap = Math.max(around(place.at) + 8, sign ? sign.r + 7 : 11);
    return twoLines(place.name, small ? place.short_note : place.note, small, { anchors: [at], gap, rank: place.rank, must: place.rank <= 1 });
  });
  const events = signs
    .filter((sign) => plain(sign.marker.label) && !(small && sign.edge))
    .map((sign) => {
      const at = project(sign.marker.at);
      // An event names the place of origin or destination where it stands.
      const must = places.some((place) => place.rank <= 1 && !place.name && apart(project(place.at), at) < SAME);
      // A sign that was moved leaves its label at the place itself.
      const anchors = apart(at, sign) < 3 || sign.edge ? [sign] : [at, sign];
      const gap = anchors.length > 1 ? 12 : sign.r * (sign.event.grade === "disputed" ? 1.3 : 1) + 7;
      return twoLines(/** @type {Words} */ (sign.marker.label), small ? null : sign.marker.label_note, small, { anchors, gap, rank: must ? 1 : 1.5, must });
    });
  return [...named, ...events];
}

/**
 * @param {DrawnLine} drawn
 * @param {Project} project
 * @param {Spot} size of the map
 * @returns {Label["anchors"]} points at the shares of the visible length, with the normal that points up or right
 */
function alongLine(drawn, project, size) {
  const spots = drawn.latlngs.map(([lat, lon]) => project([lon, lat]));
  const parts = spots.slice(1).flatMap((b, i) => {
    const a = spots[i] ?? b;
    const seen = meet([Math.min(a.x, b.x), Math.min(a.y, b.y), Math.max(a.x, b.x) + 1, Math.max(a.y, b.y) + 1], [0, 0, size.x, size.y]);
    return seen && apart(a, b) ? [{ a, b, length: apart(a, b) }] : [];
  });
  const total = parts.reduce((sum, { length }) => sum + length, 0);
  return SHARES.flatMap((share) => {
    let left = share * total;
    const part = parts.find(({ length }) => (left -= length) <= 0);
    if (!part) return [];
    const { a, b, length } = part;
    const [dx, dy] = [(b.x - a.x) / length, (b.y - a.y) / length];
    const up = dx > 0.3 || (dx > -0.3 && dy > 0) ? 1 : -1;
    return [{ x: b.x + dx * left, y: b.y + dy * left, nx: dy * up, ny: -dx * up }];
  });
}

/**
 * @param {DrawnLine[]} lines
 * @param {Project} project
 * @param {Spot} size of the map
 * @returns {Label[]}
 */
export function lineLabels(lines, project, size) {
  const width = size.x;
  return lines.flatMap((drawn) => {
    const { line } = drawn;
    const texts = width < 480 ? [line.short_label] : [line.label, line.short_label];
    const words = texts.filter((text, i) => plain(text) && plain(text) !== plain(texts[i - 1]));
    if (!words.length || (line.style === "intended" && width < 620)) return [];
    const heavy = line.style === "received" || line.style === "inferred";
    const forms = words.map((text) => [{ words: /** @type {Words} */ (text), size: width < 480 ? 11.5 : 12, weight: heavy ? 700 : 400, kind: `fc-linelabel fc-t-${line.style}` }]);
    const rank = line.style === "intended" ? 5 : 3;
    return [/** @type {Label} */ ({ forms, anchors: alongLine(drawn, project, size), gap: 7, mode: "along", rank, full: DETAIL + rank / 10, of: line })];
  });
}

/**
 * @param {Scene} scene
 * @param {Project} project
 * @param {Spot} size of the map
 * @returns {Label[]}
 */
export function nameLabels(scene, project, size) {
  const small = size.x < 480;
  const spots = scene.map.names.map((name) => project(name.at));
  return scene.map.names.flatMap((name, nth) => {
    const at = spots[nth] ?? { x: 0, y: 0 };
    const water = name.kind === "water";
    const near = spots.map((other, i) => (i === nth ? Infinity : apart(at, other)));
    // One that would reach into a greater country is left out.
    if (!water && near.some((px, i) => (scene.map.names[i]?.rank ?? 0) < name.rank && px < (name.short ?? name.text).length * 3.5)) return [];
    /** @param {string} text @returns {TextLine[]} */
    const lines = (text) =>
      (water ? halves(text) : [text.toLocaleUpperCase(scene.language)]).map((words) => ({
        words,
        size: water ? (small ? 13 : 16) - (name.rank > 1 ? 3 : 0) : small ? 10 : 11,
        weight: 400,
        kind: water ? "fc-water" : "fc-country",
        spacing: 1.2,
      }));
    // A name stays in its own country: nearer to its middle than to that of any other.
    const room = Math.min(180, ...near) / 2;
    const anchors = [0, 0.3, 0.6, 0.95].flatMap((share) => (share ? [0, 6, 3, 9, 1, 5, 7, 11, 2, 4, 8, 10] : [0]).map((hour) => ({ x: at.x + share * room * Math.sin((hour * Math.PI) / 6), y: at.y - share * room * 0.7 * Math.cos((hour * Math.PI) / 6) })));
    const forms = [lines(name.text), ...(name.short && name.short !== name.text ? [lines(name.short)] : [])];
    const rank = (water ? 5.5 : 6) + name.rank / 100;
    return [/** @type {Label} */ ({ forms, anchors, gap: 0, mode: "centre", rank, full: rank })];
  });
}

/**
 * @param {Closeup} closeup
 * @param {Project} project
 * @param {boolean} small letters only
 * @param {(ring: import("./types.js").Path) => Spot[]} outline
 * @returns {Label[]}
 */
export function closeupLabels(closeup, project, small, outline) {
  if (small) return [];
  const marks = closeup.marks.map((mark) => ({ ...twoLines(mark.label, mark.note, false, { anchors: [project(mark.at)], gap: 20, rank: 0, must: true }), full: 0.5 }));
  const areas = [...closeup.rings, ...closeup.wedges].flatMap((area) => {
    if (!plain(area.label) || closeup.marks.some((mark) => mark.letter === area.letter)) return [];
    const forms = [[{ words: /** @type {Words} */ (area.label), size: 12, weight: 400, kind: "fc-second" }]];
    const points = outline(area.ring);
    const middle = { x: points.reduce((sum, point) => sum + point.x / points.length, 0), y: points.reduce((sum, point) => sum + point.y / points.length, 0) };
    const anchors = points
      .filter((_, i) => i % Math.max(1, Math.round(points.length / 36)) === 0)
      .map((point) => ({ ...point, nx: (point.x - middle.x) / (apart(point, middle) || 1), ny: (point.y - middle.y) / (apart(point, middle) || 1) }))
      // The upper right first, then the upper left.
      .sort((a, b) => Math.abs(a.nx - 0.75) + a.ny * 0.8 - Math.abs(b.nx - 0.75) - b.ny * 0.8);
    return [/** @type {Label} */ ({ forms, anchors, gap: 8, mode: "along", rank: 2, full: 2 })];
  });
  return [...marks, ...areas];
}
