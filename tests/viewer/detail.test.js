import assert from "node:assert/strict";
import { test } from "node:test";
import { detailed, makeWay, outline } from "../../assets/viewer/detail.js";
import { randomFrom } from "./random.js";

/** @param {[number, number][]} points px of a world of 1000 px */
const way = (points) => ({ x: points.map(([x]) => x / 1000), y: points.map(([, y]) => y / 1000) });

/** The steps that a path draws. @param {string} d @returns {[number, number, number, number][]} */
function steps(d) {
  const found = [];
  let from = [NaN, NaN];
  for (const [, letter, x, y] of d.matchAll(/([ML])(-?[\d.]+) (-?[\d.]+)/g)) {
    if (letter === "L") found.push([from[0], from[1], +x, +y]);
    from = [+x, +y];
  }
  return found;
}

/** @param {[number, number]} point @param {[number, number, number, number]} step */
function away([x, y], [ax, ay, bx, by]) {
  const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
  const share = length2 ? Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2)) : 0;
  return Math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay));
}

const ORIGIN = { x: 0, y: 0 };
const BOX = { min: { x: 0, y: 0 }, max: { x: 200, y: 100 } };

test("places lie where Mercator has them, and the poles at its edge", () => {
  const path = { lon: { quantum: 1, deltas: [0, 180, -360] }, lat: { quantum: 1, deltas: [0, 90, -180] } };
  const { x, y } = makeWay(path);
  assert.deepEqual([...x], [0.5, 1, 0]);
  assert.ok([...y].every((each, i) => Math.abs(each - [0.5, 0, 1][i]) < 1e-9));
});

test("what is outside the view is not drawn, and what crosses it is", () => {
  const line = way([[-50, -50], [-50, 150], [-20, 50], [220, 50], [220, 300]]);
  assert.deepEqual(steps(outline([line], 1000, ORIGIN, BOX)), [[-20, 50, 220, 50]]);
  assert.equal(outline([way([[500, 500], [600, 600]])], 1000, ORIGIN, BOX), "M0 0");
});

test("a line runs on over its smallest steps, to its end", () => {
  const line = way([...Array(1000).keys()].map((i) => [10 + i / 10, 50]));
  const d = outline([line], 1000, ORIGIN, BOX);
  const drawn = steps(d);
  assert.equal(d.match(/M/g)?.length, 1);
  assert.ok(drawn.length <= 200);
  assert.ok(Math.abs(drawn[drawn.length - 1][2] - 109.9) <= 2);
});

test("a hundred circles take little more than one", () => {
  /** @param {number} turns @returns {[number, number][]} */
  const circle = (turns) => [...Array(turns * 90).keys()].map((i) => [100 + 40 * Math.cos((i * Math.PI) / 45), 50 + 40 * Math.sin((i * Math.PI) / 45)]);
  const once = steps(outline([way(circle(1))], 1000, ORIGIN, BOX)).length;
  assert.ok(steps(outline([way(circle(100))], 1000, ORIGIN, BOX)).length < once * 1.2);
});

for (const scale of [300, 1000, 4000]) {
  test(`whatever a line does, every point of it in view is on or beside what is drawn (scale ${scale})`, () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const next = randomFrom(seed);
      let [x, y] = [100, 50];
      const step = [0.2, 3, 40][seed % 3];
      const line = way([...Array(600).keys()].map(() => [(x += (next() - 0.5) * step), (y += (next() - 0.5) * step)]));
      const origin = { x: 100 * (scale / 1000) - 100, y: 50 * (scale / 1000) - 50 };
      const drawn = steps(outline([line], scale, origin, BOX));
      for (let i = 0; i < line.x.length; i += 1) {
        const at = /** @type {[number, number]} */ ([line.x[i] * scale - origin.x, line.y[i] * scale - origin.y]);
        if (at[0] < 0 || at[1] < 0 || at[0] > 200 || at[1] > 100) continue;
        assert.ok(Math.min(...drawn.map((each) => away(at, each))) < 3, `seed ${seed}, point ${i}`);
      }
    }
  });
}

test("all layers of a line share one outline, made anew when the view changes", () => {
  /** @type {[object, string][]} */
  const set = [];
  const L = { polyline: (/** @type {any} */ _, /** @type {any} */ options) => ({ options }) };
  const view = { zoom: 2, min: { x: 0, y: 0 }, max: { x: 200, y: 100 } };
  const map = { getZoom: () => view.zoom, getPixelOrigin: () => ({ x: 0, y: 0, toString: () => "0,0" }), options: { crs: { scale: (/** @type {number} */ zoom) => 250 * zoom } } };
  const bounds = () => ({ min: { ...view.min, toString: () => `${view.min.x}` }, max: { ...view.max, toString: () => `${view.max.x}` } });
  const renderer = { get _bounds() { return bounds(); }, _setPath: (/** @type {any} */ layer, /** @type {string} */ d) => set.push([layer, d]) };
  const layers = detailed(L, [way([[10, 10], [100, 80]])], [{}, {}]);
  const update = () => layers.forEach((layer) => Object.assign(layer, { _map: map, _renderer: renderer })._update());
  update();
  assert.equal(set.length, 2);
  assert.equal(set[0][1], "M5.0 5.0L50.0 40.0");
  assert.equal(set[1][1], set[0][1]);
  view.zoom = 4;
  update();
  assert.equal(set[3][1], "M10.0 10.0L100.0 80.0");
  Object.assign(layers[0], { _map: null })._update();
  assert.equal(set.length, 4);
});
