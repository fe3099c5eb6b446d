import assert from "node:assert/strict";
import { test } from "node:test";
import { spanAt } from "../../assets/viewer/state.js";
import { CASES, goldenScene } from "./scenes.js";

for (const name of CASES) {
  test(`every moment of ${name} has its state, and the last holds at the end`, () => {
    const scene = goldenScene(name);
    for (const span of scene.states) {
      assert.equal(spanAt(scene, span.from), span);
      assert.equal(spanAt(scene, (span.from + span.to) / 2), span);
    }
    const last = scene.states[scene.states.length - 1];
    assert.equal(spanAt(scene, scene.time.end), last);
    assert.equal(spanAt(scene, scene.time.end + 5), last);
  });
}

test("without states there is none", () => {
  assert.equal(spanAt(/** @type {any} */ ({ states: [] }), 5), null);
});
