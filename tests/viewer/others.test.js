import assert from "node:assert/strict";
import { test } from "node:test";
import { placeNames } from "../../assets/viewer/others.js";

const VIEW = { min: { x: 0, y: 0 }, max: { x: 400, y: 300 } };

/** @param {number} x @param {number} y @param {string} [style] */
const seen = (x, y, style = "other") => ({ mark: { other: { style }, width: 60, side: 0 }, at: { x, y }, near: false });
/** @param {ReturnType<typeof seen>[]} all @param {[number, number, number, number][]} [taken] */
const spots = (all, taken = []) => placeNames(all, taken, VIEW).map(([, spot]) => spot);

test("a name stands after its dart, before it at the far edge, and inside the map", () => {
  assert.deepEqual(spots([seen(100, 100)]), [{ x: 9, y: 4 }]);
  assert.deepEqual(spots([seen(390, 100)]), [{ x: -69, y: 4 }]);
  assert.deepEqual(spots([seen(200, -5)]), [{ x: -30, y: 18 }]);
});

test("of two names that would meet the first stands, and the other elsewhere", () => {
  const [first, second] = spots([seen(100, 100), seen(104, 102)]);
  assert.deepEqual(first, { x: 9, y: 4 });
  assert.deepEqual(second, { x: -69, y: 4 });
});

test("where all sides are taken there is no name", () => {
  assert.deepEqual(spots([seen(100, 100)], [[0, 50, 250, 150]]), [undefined]);
});

test("a name stays on its side while there is room", () => {
  const moving = seen(100, 100);
  assert.deepEqual(spots([moving], [[105, 80, 200, 120]]), [{ x: -69, y: 4 }]);
  assert.deepEqual(spots([moving]), [{ x: -69, y: 4 }]);
});

test("of much traffic only that near the pointer is named, and before all others", () => {
  const many = [...Array(30).keys()].map((i) => seen(20 + (i % 6) * 60, 20 + Math.floor(i / 6) * 40, "traffic"));
  assert.deepEqual(spots(many).filter(Boolean), []);
  const pointed = { ...seen(200, 150, "traffic"), near: true };
  const placed = placeNames([seen(205, 152), ...many, pointed], [], VIEW);
  assert.equal(placed[0][0], pointed.mark);
  assert.deepEqual(placed[0][1], { x: 9, y: 4 });
  assert.equal(placed.filter(([, spot]) => spot).length, 2);
});

test("little traffic is named", () => {
  assert.equal(spots([seen(50, 50, "traffic"), seen(50, 150, "traffic")]).filter(Boolean).length, 2);
});
