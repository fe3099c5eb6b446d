import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeColumn } from "../../assets/viewer/decode.js";
import { valueAt, valueText } from "../../assets/viewer/readout.js";
import { goldenScene } from "./scenes.js";

const FEET = { factor: 1, step: 25, plus: "", minus: "−", group: ",", point: ".", unit: " ft" };
const METRES_A_SECOND = { factor: 0.3048 / 60, step: 0.5, plus: "+", minus: "−", group: " ", point: ",", unit: " м/с" };
const RUNS = [
  { time: [0], value: [7] },
  { time: [100, 110, 130], value: [10, 20, 0] },
];

test("between two values the one on the line that joins them is told, and none outside a series", () => {
  assert.deepEqual([-1, 0, 1, 99, 100, 105, 110, 120, 130, 131].map((time) => valueAt(RUNS, time)), [null, 7, null, null, 10, 15, 20, 10, 0, null]);
  assert.equal(valueAt([], 5), null);
});

test("two values of one time do not divide by nought", () => {
  assert.equal(valueAt([{ time: [0, 5, 5, 9], value: [0, 1, 2, 3] }], 5), 2);
});

test("a value is rounded to its step and written with the signs of the language", () => {
  assert.deepEqual([0, 12, 13, 987, 1234567].map((value) => valueText(value, FEET)), ["0 ft", "0 ft", "25 ft", "975 ft", "1,234,575 ft"]);
  assert.deepEqual([0, 1500, -1500, -20].map((value) => valueText(value, METRES_A_SECOND)), ["0,0 м/с", "+7,5 м/с", "−7,5 м/с", "0,0 м/с"]);
});

test("every fix of JL516 is told as it was received", () => {
  for (const { time, value } of goldenScene("jl516").profile.series) {
    const runs = [{ time: decodeColumn(time), value: decodeColumn(value) }];
    runs[0]?.time.forEach((at, i) => assert.equal(valueAt(runs, at), runs[0]?.value[i]));
  }
});
