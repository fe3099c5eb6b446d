import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeColumn } from "../../assets/viewer/decode.js";
import { seriesPath } from "../../assets/viewer/profile.js";
import { goldenScene } from "./scenes.js";

/** @param {string} d */
const corners = (d) => d.split(/(?=[ML])/).map((each) => each.slice(1).split(" ").map(Number));

test("a line begins where its series begins", () => {
  const axis = { x: (/** @type {number} */ time) => time, left: 0, right: 100, opens: 0 };
  assert.equal(seriesPath({ time: [0, 10], value: [1, 2] }, axis, (value) => value), "M0 1.0L10 2.0");
});

test("of many values in one pixel the lowest and the highest are drawn", () => {
  const axis = { x: (/** @type {number} */ time) => time / 10, left: 0, right: 100, opens: 0 };
  const value = [5, 9, 1, 4];
  assert.deepEqual(corners(seriesPath({ time: [0, 1, 2, 3], value }, axis, (each) => each)), [[0, 1], [0, 9]]);
});

test("no peak of JL516 is lost in a narrow profile", () => {
  const { profile, time } = goldenScene("jl516");
  const axis = { x: (/** @type {number} */ at) => (300 * (at - time.start)) / (time.end - time.start), left: 0, right: 300, opens: 0 };
  const runs = profile.series.map((/** @type {any} */ run) => ({ time: decodeColumn(run.time), value: decodeColumn(run.value) }));
  const drawn = runs.flatMap((/** @type {any} */ run) => corners(seriesPath(run, axis, (value) => value))).map((/** @type {number[]} */ corner) => corner[1] ?? 0);
  const received = runs.flatMap((/** @type {any} */ run) => run.value);
  assert.equal(Math.max(...drawn), Math.max(...received));
  assert.equal(Math.min(...drawn), Math.min(...received));
});
