import assert from "node:assert/strict";
import { test } from "node:test";
import { changed } from "../../assets/viewer/languages.js";

test("a list of one replaces a value; keys and indices change parts", () => {
  const old = { title: "Flight", list: [{ a: 1, b: 2 }, "x"], same: [1, 2] };
  const next = changed(old, { title: ["Flug"], list: { 0: { b: [[3, 4]] }, 1: [null] } });
  assert.deepEqual(next, { title: "Flug", list: [{ a: 1, b: [3, 4] }, null], same: [1, 2] });
  assert.deepEqual(old.list[0], { a: 1, b: 2 }, "the old value stays as it was");
});

test("no changes give the same", () => {
  assert.deepEqual(changed({ a: [1, { b: 2 }] }, {}), { a: [1, { b: 2 }] });
});
