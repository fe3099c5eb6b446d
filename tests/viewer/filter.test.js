import assert from "node:assert/strict";
import { test } from "node:test";
import { hiddenBy, listed } from "../../assets/viewer/filter.js";
import { CASES, goldenScene } from "./scenes.js";

/** @param {boolean} all @param {Set<string>} hidden */
const view = (all, hidden) => /** @type {any} */ ({ all, hidden });

for (const name of CASES) {
  const { events } = goldenScene(name);
  /** @param {string[]} off */
  const left = (off) => events.filter((/** @type {any} */ event) => listed(event, view(true, hiddenBy(events, new Set(off)))));

  test(`nothing put away leaves the main events of ${name}, or all`, () => {
    const none = hiddenBy(events, new Set());
    assert.equal(none.size, 0);
    assert.ok(events.every((/** @type {any} */ event) => listed(event, view(true, none)) && listed(event, view(false, none)) === event.main));
  });

  test(`grades put away in ${name} are gone, and no other`, () => {
    for (const grade of new Set(events.map((/** @type {any} */ event) => event.grade))) {
      assert.deepEqual(left([grade]), events.filter((/** @type {any} */ event) => event.grade !== grade));
    }
  });

  test(`on the map, not mapped and aftermath share out ${name}`, () => {
    assert.deepEqual(left(["mapped", "unmapped", "aftermath"]), []);
    const sizes = [["mapped", "unmapped"], ["mapped", "aftermath"], ["unmapped", "aftermath"]].map((off) => left(off).length);
    assert.equal(sizes.reduce((a, b) => a + b), events.length);
    assert.ok(left(["unmapped", "aftermath"]).every((/** @type {any} */ event) => event.mapped));
  });
}

test("with several accounts only, the disputed bang stays and what one party says goes", () => {
  const { events } = goldenScene("j2-8243");
  const hidden = hiddenBy(events, new Set(["single"]));
  assert.ok(!hidden.has("first-bang"));
  assert.ok(hidden.has("last-valid-position"));
});
