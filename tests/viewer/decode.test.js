import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeColumn, decodeFlat, decodeLatLngs, decodePath, findIndex, interpolate } from "../../assets/viewer/decode.js";
import { CASES, goldenScene } from "./scenes.js";

test("a column is the running sum of its differences, in its unit", () => {
  assert.deepEqual(decodeColumn({ quantum: 0.5, deltas: [2, 1, -4] }), [1, 1.5, -0.5]);
  assert.deepEqual(decodeColumn(undefined), []);
  const once = { quantum: 1, deltas: [1, 2] };
  assert.equal(decodeColumn(once), decodeColumn(once));
});

test("a line of the basemap comes latitude first", () => {
  assert.deepEqual(decodeFlat([10, 20, 1, -2], 0.5), [[10, 5], [9, 5.5]]);
});

test("the index is that of the last value that is not above", () => {
  assert.deepEqual([0, 1, 1.5, 4].map((x) => findIndex([1, 2, 3], x)), [-1, 0, 0, 2]);
});

test("between two fixes the aircraft is on the line between them, and nowhere outside", () => {
  const points = { lon: [10, 11], lat: [50, 50], time: [100, 200], doubt_m: [0, 1000] };
  const middle = interpolate(points, 150);
  assert.ok(middle);
  assert.deepEqual([middle.lon, middle.lat, middle.doubt_m, Math.round(middle.bearing)], [10.5, 50, 500, 90]);
  assert.equal(interpolate(points, 99), null);
  assert.equal(interpolate(points, 201), null);
});

for (const name of CASES) {
  test(`every path of ${name} has columns of one length and lies on the Earth`, () => {
    const { map } = goldenScene(name);
    const paths = [...map.lines.map((/** @type {any} */ line) => line.path), ...map.bands.map((/** @type {any} */ band) => band.ring), ...map.rings.map((/** @type {any} */ ring) => ring.ring)];
    for (const path of paths) {
      const { lon, lat, time } = decodePath(path);
      assert.equal(lon.length, lat.length);
      assert.ok(time.length === 0 || time.length === lon.length);
      assert.ok(decodeLatLngs(path).every(([y]) => y >= -90 && y <= 90));
    }
  });
}
