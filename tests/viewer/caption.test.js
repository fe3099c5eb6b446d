import assert from "node:assert/strict";
import { test } from "node:test";
import { lineLabels, nameLabels, placeLabels } from "../../assets/viewer/caption.js";
import { decodeLatLngs } from "../../assets/viewer/decode.js";
import { plain } from "../../assets/viewer/dom.js";
import { CASES, goldenScene } from "./scenes.js";

/** A view of what the scene fits. @param {any} scene @param {{ x: number, y: number }} size */
function viewOf({ map }, size) {
  const [west, south, east, north] = map.fit;
  const scale = Math.min(size.x / (east - west), size.y / (north - south)) * 0.7;
  return (/** @type {[number, number]} */ [lon, lat]) => ({ x: size.x / 2 + (lon - (west + east) / 2) * scale, y: size.y / 2 - (lat - (south + north) / 2) * scale });
}

/** Signs at their places. @param {any} scene @param {any} project @returns {any[]} */
const signsOf = (scene, project) => scene.map.markers.map((/** @type {any} */ marker) => ({ marker, event: scene.events.find((/** @type {any} */ event) => event.id === marker.event), r: 10, edge: 0, ...project(marker.at) }));
/** @param {any} label */
const said = (label) => label.forms.map((/** @type {any[]} */ lines) => lines.map((line) => plain(line.words)));

const [wide, narrow] = [{ x: 668, y: 458 }, { x: 375, y: 276 }];

for (const name of CASES) {
  const scene = goldenScene(name);

  test(`${name} cannot do without the names of its origin and destination`, () => {
    for (const size of [wide, narrow]) {
      const project = viewOf(scene, size);
      const labels = placeLabels(scene, project, signsOf(scene, project), () => 0, size === narrow);
      const ends = scene.map.places.filter((/** @type {any} */ place) => place.rank <= 1);
      for (const end of ends) {
        const at = project(end.at);
        const own = labels.filter((label) => label.must && label.anchors.some((anchor) => Math.hypot(anchor.x - at.x, anchor.y - at.y) < 6));
        // An end that no text of the case names has none to keep.
        const named = end.name || scene.map.markers.some((/** @type {any} */ marker) => marker.label && Math.hypot(project(marker.at).x - at.x, project(marker.at).y - at.y) < 6);
        assert.equal(own.length > 0, Boolean(named), plain(end.name));
        assert.ok(own.length <= 1 || !end.name, "an end that has a name of its own needs no other");
      }
    }
  });

  test(`texts of ${name} give up second lines, never first ones, and on a phone have one`, () => {
    const project = viewOf(scene, wide);
    for (const forms of placeLabels(scene, project, signsOf(scene, project), () => 0, false).map(said)) {
      assert.ok(forms.every((/** @type {string[]} */ lines) => lines[0] === forms[0][0]));
      assert.equal(forms[forms.length - 1].length, 1);
      assert.equal(new Set(forms.map((/** @type {string[]} */ lines) => lines.slice(1).join(" "))).size, Math.min(2, forms.length));
    }
    const few = viewOf(scene, narrow);
    const shown = placeLabels(scene, few, signsOf(scene, few), () => 0, true).map(said);
    const notes = scene.map.places.flatMap((/** @type {any} */ place) => plain(place.short_note));
    for (const forms of shown) assert.ok(forms[0].length === 1 || notes.includes(forms[0].slice(1).join(" ")));
  });

  test(`a name on the map of ${name} stays nearer to its own middle than to any other`, () => {
    for (const size of [wide, narrow]) {
      const project = viewOf(scene, size);
      const middles = scene.map.names.map((/** @type {any} */ each) => project(each.at));
      for (const label of nameLabels(scene, project, size)) {
        const own = label.anchors[0];
        assert.ok(own);
        for (const at of label.anchors) {
          const home = Math.hypot(at.x - own.x, at.y - own.y);
          for (const other of middles) if (other.x !== own.x || other.y !== own.y) assert.ok(Math.hypot(at.x - other.x, at.y - other.y) > home);
        }
        assert.ok(label.forms.every((lines) => lines.length <= 2));
      }
    }
  });

  test(`the texts of lines of ${name} stand square to them, above or right of them first; the intended one only where it is wide`, () => {
    const lines = scene.map.lines.map((/** @type {any} */ line) => ({ line, latlngs: decodeLatLngs(line.path) }));
    for (const size of [wide, { x: 600, y: 430 }, narrow]) {
      const labels = lineLabels(lines, viewOf(scene, size), size);
      const texts = labels.flatMap((label) => label.forms.map((form) => form[0]?.kind ?? ""));
      assert.equal(texts.some((kind) => kind.includes("fc-t-intended")), size === wide && scene.map.lines.some((/** @type {any} */ line) => line.style === "intended" && plain(line.label)));
      for (const { nx = 0, ny = 0, x, y } of labels.flatMap((label) => label.anchors)) {
        assert.ok(Math.abs(Math.hypot(nx, ny) - 1) < 1e-9 && (ny < 0.31 || nx > 0));
        assert.ok(x > -size.x && y > -size.y && x < size.x * 2 && y < size.y * 2);
      }
    }
  });
}
