import assert from "node:assert/strict";
import { test } from "node:test";
import { meet } from "../../assets/viewer/dom.js";
import { body, placeSigns } from "../../assets/viewer/markers.js";
import { randomFrom, shuffled } from "./random.js";

const size = { x: 400, y: 300 };
const grades = ["confirmed", "stated", "disputed", "inferred"];
const project = (/** @type {[number, number]} */ [x, y]) => ({ x, y });

/** @param {number} x @param {number} y @param {number} [nth] @returns {any} what the map knows of a sign */
function sign(x, y, nth = 0) {
  const made = { marker: { at: [x, y] }, event: { grade: grades[nth % 4], main: true }, r: 10, x: 0, y: 0, edge: 0, moved: [0, 0], place: (/** @type {number} */ dx, /** @type {number} */ dy) => (made.moved = [dx, dy]) };
  return made;
}

/** @param {any[]} signs @param {object} [more] */
function placed(signs, more = {}) {
  placeSigns(signs, project, { ports: [], points: [], boxes: [], size, radius: () => 0, ...more });
  return signs;
}

/** @param {any} each @returns {import("../../assets/viewer/dom.js").Box} */
const box = (each) => [each.x - body(each), each.y - body(each), each.x + body(each), each.y + body(each)];
/** @param {any} each */
const home = (each) => each.x === each.marker.at[0] && each.y === each.marker.at[1];
const side = (/** @type {any} */ p, /** @type {any} */ q, /** @type {any} */ r) => (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);

test("a sign with room around it stands at its place", () => {
  const [one, two] = placed([sign(100, 100), sign(200, 100, 2)]);
  assert.ok(home(one) && home(two));
  assert.deepEqual(one.moved, [0, 0]);
});

test("signs at one place stand apart, and one of them at the place", () => {
  const signs = placed([0, 1, 2, 3].map((i) => sign(200 + i / 10, 150, i)));
  assert.equal(signs.filter(home).length, 1);
  signs.forEach((a, i) => signs.slice(i + 1).forEach((b) => assert.ok(!meet(box(a), box(b)))));
});

test("no sign hides another, no leader runs through a sign or crosses another", () => {
  for (let seed = 0; seed < 40; seed += 1) {
    const random = randomFrom(seed);
    const signs = placed([...Array(8)].map((_, i) => sign(170 + random() * 60, 130 + random() * 50, i)));
    for (const [a, b] of signs.flatMap((one) => signs.flatMap((other) => (one === other ? [] : [[one, other]])))) {
      assert.ok(!meet(box(a), box(b)), `set ${seed}`);
      const [from, to] = [project(a.marker.at), project(b.marker.at)];
      assert.ok(!(side(from, a, to) * side(from, a, b) < 0 && side(to, b, from) * side(to, b, a) < 0), `set ${seed}`);
      const way = [...Array(50).keys()].map((i) => ({ x: from.x + ((a.x - from.x) * i) / 50, y: from.y + ((a.y - from.y) * i) / 50 }));
      const under = way.map(({ x, y }) => meet([x, y, x, y], box(b)));
      // A leader may begin under a sign or close beside it, and not come to one.
      assert.ok(meet([from.x - 2, from.y - 2, from.x + 2, from.y + 2], box(b)) || !under.includes(true), `set ${seed}`);
    }
  }
});

test("an aerodrome beside a sign stays visible; the sign of an event there stands for it", () => {
  const port = { x: 205, y: 150, r: 6 };
  const [beside] = placed([sign(200, 150)], { ports: [port] });
  assert.ok(Math.hypot(beside.x - port.x, beside.y - port.y) >= body(beside) + port.r);
  const [there] = placed([sign(205, 150)], { ports: [port] });
  assert.ok(home(there));
});

test("the sign of a ring stands outside it, on a leader from its edge", () => {
  const [ring] = placed([sign(200, 150, 2)], { radius: () => 30, ports: [{ x: 200, y: 150, r: 30 }] });
  assert.ok(Math.hypot(ring.x - 200, ring.y - 150) > 30 + ring.r);
  assert.equal(ring.edge, 30);
});

test("no sign stands under the furniture or over the edge; one that is out of view is left there", () => {
  const card = [0, 200, 150, 300];
  const [under, corner, away] = placed([sign(140, 240), sign(396, 3), sign(900, 900)], { boxes: [card] });
  assert.ok(!meet(box(under), /** @type {any} */ (card)));
  assert.ok(box(corner)[1] >= -body(corner) && home(away));
});

test("the order of what is drawn does not matter, also where it balances", () => {
  for (let seed = 0; seed < 40; seed += 1) {
    // Fractions as the points of a line have them: sums of them depend on their order.
    const points = [...Array(24)].map((_, i) => ({ x: 195 + (i - 11.5) / 0.3, y: 150 + (i - 11.5) / 0.7 }));
    const stand = (/** @type {any[]} */ some) => placed([sign(195, 150), sign(195, 150, 1)], { points: some }).map(({ x, y }) => [x, y]);
    assert.deepEqual(stand(shuffled(points, randomFrom(seed))), stand(points), `set ${seed}`);
  }
});
