import assert from "node:assert/strict";
import { test } from "node:test";
import { cover } from "../../assets/viewer/tiles.js";

/** @param {number} left @param {number} top @param {number} right @param {number} bottom */
const view = (left, top, right, bottom) => ({ min: { x: left, y: top }, max: { x: right, y: bottom } });

test("at a whole zoom a view is covered by the tiles that it touches, and no others", () => {
  const { level, tiles } = cover(view(300, 260, 700, 500), 3, 19);
  assert.equal(level, 3);
  assert.deepEqual(tiles.map(({ x, y }) => [x, y]), [[1, 1], [2, 1]]);
});

test("between two zooms the nearer one is taken, scaled", () => {
  assert.equal(cover(view(0, 0, 10, 10), 5.4, 19).level, 5);
  assert.equal(cover(view(0, 0, 10, 10), 5.6, 19).level, 6);
  // Half a zoom on, tiles are 362 px wide.
  assert.deepEqual(cover(view(0, 0, 723, 10), 4.5, 4).tiles.map(({ x }) => x), [0, 1]);
});

test("beyond the closest zoom of the provider its last tiles are stretched", () => {
  const { level, tiles } = cover(view(0, 0, 1000, 1000), 17, 15);
  assert.equal(level, 15);
  assert.equal(tiles.length, 1);
});

test("across the antimeridian the columns begin anew", () => {
  const { tiles } = cover(view(7 * 256, 256, 9 * 256, 300), 3, 19);
  assert.deepEqual(tiles.map(({ x, column }) => [x, column]), [[7, 7], [8, 0], [9, 1]]);
  assert.deepEqual(cover(view(-300, 256, -10, 300), 3, 19).tiles.map(({ x, column }) => [x, column]), [[-2, 6], [-1, 7]]);
});

test("beyond the poles there are none", () => {
  assert.deepEqual(cover(view(0, -500, 10, -10), 2, 19).tiles, []);
  assert.deepEqual(cover(view(0, 900, 10, 2000), 2, 19).tiles.map(({ y }) => y), [3]);
  assert.deepEqual(cover(view(0, 1100, 10, 2000), 2, 19).tiles, []);
});

test("a zoom below nothing takes the one tile of the world", () => {
  assert.deepEqual(cover(view(0, 0, 100, 100), -1, 19), { level: 0, tiles: [{ x: 0, y: 0, column: 0 }] });
});
