// Which texts the map wants: places, events, lines, countries and waters.

import { plain } from "./dom.js";

/** @typedef {import("./types.js").Scene} Scene */
/** @typedef {import("./types.js").Words} Words */
/** @typedef {import("./types.js").Closeup} Closeup */
/** @typedef {import("./labels.js").Label} Label */
/** @typedef {import("./labels.js").TextLine} TextLine */
/** @typedef {import("./lines.js").DrawnLine} DrawnLine */
/** @typedef {import("./markers.js").Sign} Sign */
/** @typedef {{ x: number, y: number }} Spot */
/** @typedef {(at: [number, number]) => Spot} Project */

/** Shares of a line's length at which its label may stand. */
const SHARES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];

/**
 * @param {Words} name
 * @param {Words | null} note
 * @param {boolean} small
 * @param {Pick<Label, "anchors" | "gap" | "rank">} rest
 * @returns {Label}
 */
function twoLines(name, note, small, rest) {
  const first = { words: name, size: small ? 12 : 13.5, weight: 700, kind: "fc-place" };
  /** @type {Label} */
  const alone = { lines: [first], mode: "beside", must: true, ...rest };
  if (!plain(note)) return alone;
  return { ...alone, lines: [first, { words: /** @type {Words} */ (note), size: small ? 11 : 12, weight: 400, kind: "fc-second" }], instead: alone };
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
  const places = scene.map.places.flatMap((place) => {
    if (!place.name) return [];
    const at = project(place.at);
    const sign = signs.find((each) => Math.hypot(each.x - at.x, each.y - at.y) < 6);
    const gap = Math.max(around(place.at) + 8, sign ? sign.r + 7 : 11);
    return twoLines(place.name, small ? place.short_note : place.note, small, { anchors: [at], gap, rank: place.rank });
  });
  const events = signs
    .filter((sign) => plain(sign.marker.label) && !(small && sign.edge))
    .map((sign) => {
      const gap = sign.r * (sign.event.grade === "disputed" ? 1.3 : 1) + 7;
      const at = project(sign.marker.at);
      // A sign that was moved leaves its label at the place itself.
      const anchors = Math.hypot(at.x - sign.x, at.y - sign.y) < 3 || sign.edge ? [sign] : [at, sign];
      return { ...twoLines(/** @type {Words} */ (sign.marker.label), small ? null : sign.marker.label_note, small, { anchors, gap: anchors.length > 1 ? 12 : gap, rank: 1.5 }), must: false };
    });
  return [...places, ...events];
}

/**
 * @param {DrawnLine} drawn
 * @param {Project} project
 * @returns {Spot[]} points at the shares of the visible length
 */
function alongLine(drawn, project) {
  const spots = drawn.latlngs.map(([lat, lon]) => project([lon, lat]));
  const sums = [0];
  for (let i = 1; i < spots.length; i += 1) {
    const [a, b] = [spots[i - 1], spots[i]];
    sums.push((sums[i - 1] ?? 0) + Math.hypot((b?.x ?? 0) - (a?.x ?? 0), (b?.y ?? 0) - (a?.y ?? 0)));
  }
  const total = sums[sums.length - 1] ?? 0;
  return SHARES.map((share) => {
    const i = Math.max(1, sums.findIndex((sum) => sum >= share * total));
    const [a, b] = [spots[i - 1] ?? { x: 0, y: 0 }, spots[i] ?? spots[0] ?? { x: 0, y: 0 }];
    const part = (share * total - (sums[i - 1] ?? 0)) / ((sums[i] ?? 0) - (sums[i - 1] ?? 0) || 1);
    return { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part };
  });
}

/**
 * @param {DrawnLine[]} lines
 * @param {Project} project
 * @param {number} width of the map
 * @returns {Label[]}
 */
export function lineLabels(lines, project, width) {
  /** @type {Label[]} */
  const labels = [];
  for (const drawn of lines) {
    const { line } = drawn;
    const words = width < 480 ? line.short_label : (line.label ?? line.short_label);
    if (!plain(words) || (line.style === "intended" && width < 620)) continue;
    const heavy = line.style === "received" || line.style === "inferred";
    /** @type {TextLine} */
    const text = { words: /** @type {Words} */ (words), size: width < 480 ? 11.5 : 12, weight: heavy ? 700 : 400, kind: `fc-linelabel fc-t-${line.style}` };
    const label = /** @type {Label} */ ({ lines: [text], anchors: alongLine(drawn, project), gap: 10, mode: "along", rank: line.style === "intended" ? 5 : 3, must: false });
    labels.push({ ...label, instead: { ...label, gap: 18 } });
  }
  return labels;
}

/**
 * @param {Scene} scene
 * @param {Project} project
 * @param {Spot} size of the map
 * @returns {Label[]}
 */
export function nameLabels(scene, project, size) {
  const small = size.x < 480;
  return scene.map.names.flatMap((name) => {
    const at = project(name.at);
    const water = name.kind === "water";
    if (at.x < -30 || at.y < -20 || at.x > size.x + 30 || at.y > size.y + 20) return [];
    /** @param {string} text @returns {TextLine[]} */
    const lines = (text) =>
      (water ? text.split(" ") : [text.toLocaleUpperCase(scene.language)]).map((words) => ({
        words,
        size: water ? (small ? 13 : 16) - (name.rank > 1 ? 3 : 0) : small ? 10 : 11,
        weight: 400,
        kind: water ? "fc-water" : "fc-country",
        spacing: 1.2,
      }));
    const anchors = [[0, 0], [0, -18], [0, 18], [-26, 0], [26, 0], [-26, 22], [-26, -22], [26, 22], [26, -22], [0, 40], [0, -40], [-52, 0], [52, 0], [-80, -40], [80, -40], [-80, 40], [80, 40], [0, 70], [0, -70]].map(([dx, dy]) => ({ x: at.x + (dx ?? 0), y: at.y + (dy ?? 0) }));
    const label = /** @type {Label} */ ({ lines: lines(name.text), anchors, gap: 0, mode: "centre", rank: (water ? 5.5 : 6) + name.rank / 10, must: false });
    return [{ ...label, instead: name.short && name.short !== name.text ? { ...label, lines: lines(name.short) } : undefined }];
  });
}

/** @param {Spot[]} points @param {number} x */
const reach = (points, x) => Math.max(...points.map((point) => Math.abs(point.x - x)));

/**
 * @param {Closeup} closeup
 * @param {Project} project
 * @param {boolean} small letters only
 * @param {(ring: import("./types.js").Path) => Spot[]} outline
 * @returns {Label[]}
 */
export function closeupLabels(closeup, project, small, outline) {
  if (small) return [];
  const marks = closeup.marks.map((mark) => twoLines(mark.label, mark.note, false, { anchors: [project(mark.at)], gap: 20, rank: 0 }));
  const areas = [...closeup.rings, ...closeup.wedges].flatMap((area) => {
    if (!plain(area.label) || closeup.marks.some((mark) => mark.letter === area.letter)) return [];
    const text = { words: /** @type {Words} */ (area.label), size: 12, weight: 400, kind: "fc-second" };
    const points = outline(area.ring);
    const x = points.reduce((sum, point) => sum + point.x, 0) / points.length;
    // The upper right first, then the upper left.
    const anchors = points.filter((_, i) => i % Math.max(1, Math.round(points.length / 36)) === 0).sort((a, b) => Math.abs(Math.abs(a.x - x) - reach(points, x) * 0.9) + (a.y - b.y) / 4 - (a.x - b.x) / 20 - Math.abs(Math.abs(b.x - x) - reach(points, x) * 0.9));
    const label = /** @type {Label} */ ({ lines: [text], anchors, gap: 9, mode: "beside", rank: 2, must: false });
    return [{ ...label, instead: { ...label, gap: 26, instead: { ...label, gap: 40 } } }];
  });
  return [...marks, ...areas];
}
