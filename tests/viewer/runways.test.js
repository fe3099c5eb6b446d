import assert from "node:assert/strict";
import { test } from "node:test";
import { numberBoxes } from "../../assets/viewer/runways.js";

/** @param {[number, number, number, number]} box */
const middle = ([left, top, right, bottom]) => [(left + right) / 2, (top + bottom) / 2];

test("a runway too short to be read has no numbers", () => {
  assert.deepEqual(numberBoxes({ x: 0, y: 0 }, { x: 43, y: 0 }), []);
  assert.deepEqual(numberBoxes({ x: 7, y: 7 }, { x: 7, y: 7 }), []);
  assert.equal(numberBoxes({ x: 0, y: 0 }, { x: 44, y: 0 }).length, 2);
});

for (const degrees of [0, 30, 90, 167, 200, 270, 301]) {
  test(`numbers stand beyond the ends of a runway that lies at ${degrees} degrees`, () => {
    const angle = (degrees * Math.PI) / 180;
    const from = { x: 300, y: 200 };
    const to = { x: 300 + 100 * Math.cos(angle), y: 200 + 100 * Math.sin(angle) };
    const [first, second] = numberBoxes(from, to).map(middle);
    // On the line of the runway, as far before one end as behind the other, and in the order of the ends.
    const along = [first, second].map(([x, y]) => (x - from.x) * Math.cos(angle) + (y - from.y) * Math.sin(angle));
    const across = [first, second].map(([x, y]) => (y - from.y) * Math.cos(angle) - (x - from.x) * Math.sin(angle));
    assert.deepEqual(along.map(Math.round), [-11, 111]);
    assert.ok(across.every((offset) => Math.abs(offset) < 1e-9));
  });
}
