import assert from "node:assert/strict";
import { test } from "node:test";
import { spread } from "../../assets/viewer/scrubber.js";

/** @param {number[]} placed */
const gaps = (placed) => placed.slice(1).map((at, i) => at - (placed[i] ?? 0));

test("what has room stays where it is", () => {
  assert.deepEqual(spread([10, 40, 80], 14, 0, 100), [10, 40, 80]);
});

test("neighbours are moved apart and none leaves the bar", () => {
  const placed = spread([0, 1, 2, 50, 97, 98, 99], 14, 0, 99);
  assert.ok(Math.min(...placed) >= 0 && Math.max(...placed) <= 99);
  assert.ok(gaps(placed).every((gap) => gap >= 14 - 1e-9));
});

test("where there is too little room all are equally close", () => {
  assert.deepEqual(spread([5, 5, 5], 14, 0, 10), [0, 5, 10]);
});
