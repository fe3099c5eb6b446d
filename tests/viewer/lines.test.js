import assert from "node:assert/strict";
import { test } from "node:test";
import { MANY } from "../../assets/viewer/detail.js";
import { drawLines, sampled } from "../../assets/viewer/lines.js";
import { CASES, goldenScene } from "./scenes.js";

/** @param {number} count */
const path = (count) => {
  const column = { quantum: 1e-5, deltas: [0, ...Array(count - 1).fill(100)] };
  return { lon: column, lat: column, time: column };
};

/** What Leaflet is asked to make: the points and the class of each line. */
function drawn(/** @type {any} */ map) {
  const make = (/** @type {any[]} */ latlngs, /** @type {any} */ options) => ({ points: latlngs.length, name: options.className });
  return drawLines({ polyline: make, polygon: make }, /** @type {any} */ ({ map }), {}, "x");
}

test("a few points stand for a line of many while labels are placed, its ends among them", () => {
  for (const count of [2, 3, 400, 401, 402, 1000, 90_837]) {
    const some = sampled(path(count));
    assert.ok(some.length <= 401);
    assert.deepEqual(some[0], [0, 0]);
    assert.ok(Math.abs(some[some.length - 1][0] - (count - 1) * 0.001) < 1e-9);
  }
  assert.equal(sampled(path(401)).length, 401);
});

test("only a received line of many points is drawn by its detail: Leaflet gets no point of it", () => {
  const line = (/** @type {string} */ style, /** @type {number} */ count) => ({ id: style, style, path: path(count), label: null, short_label: null });
  const of = (/** @type {any} */ one) => drawn({ lines: [one], bands: [], rings: [] }).layers.map(({ points, name }) => [points, name]);
  assert.deepEqual(of(line("received", MANY + 1)), [[0, "fc-casing fc-c-received"], [0, "fc-line fc-l-received"]]);
  assert.deepEqual(of(line("received", MANY)), [[MANY, "fc-casing fc-c-received"], [MANY, "fc-line fc-l-received"]]);
  assert.deepEqual(of(line("inferred", MANY + 1)), [[MANY + 1, "fc-line fc-l-inferred"]]);
});

for (const name of CASES) {
  test(`every line of ${name} is drawn, received ones over the intended route and on a casing`, () => {
    const { map } = goldenScene(name);
    const { layers, drawn: lines } = drawn(map);
    const names = layers.map((/** @type {any} */ layer) => layer.name);
    for (const { style } of map.lines) assert.ok(names.includes(`fc-line fc-l-${style}`));
    assert.equal(lines.length, map.lines.length);
    const received = names.indexOf("fc-line fc-l-received");
    if (received >= 0) assert.ok(names.indexOf("fc-line fc-l-intended") < received && names.indexOf("fc-casing fc-c-received") < received);
  });
}
