import assert from "node:assert/strict";
import { test } from "node:test";
import { readPlace, writePlace } from "../../assets/viewer/address.js";
import { goldenScene } from "./scenes.js";

const scene = { ...goldenScene("j2-8243"), story: { steps: [{ id: "bang" }] } };
const event = scene.events.find((/** @type {any} */ each) => each.number === "5");
/** @param {object} [more] */
const view = (more) => /** @type {any} */ ({ time: 1735103611, selected: null, step: null, box: null, ...more });

test("an address says the time, the event, the step, the language and the view", () => {
  const place = readPlace(scene, `#t=2024-12-25T05:13:31Z&event=${event.id}&step=bang&lang=de&units=metric&view=44.5,42.25,46,44`);
  assert.deepEqual(place, { time: 1735103611, selected: event.id, step: "bang", lang: "de", units: "metric", box: [44.5, 42.25, 46, 44] });
});

test("what is not in the scene, or is no box, is not heard", () => {
  for (const wrong of ["#t=tomorrow&event=<img>&view=1,2,3", "#view=4,1,3,2", "#view=0,0,400,10", "#view=a,b,c,d", "#view=1,2,3,4,5", "#view=0,-91,1,2", "#t=%E0%A4%A&step=none"]) {
    const { time, selected, step, box } = readPlace(scene, wrong);
    assert.deepEqual([time, selected, step, box], [null, null, null, null], wrong);
  }
});

test("what is written is read again, and what else the address says stays", () => {
  const full = view({ selected: event.id, step: "bang", box: [44.51234, 42.2, 46.25678, 44.1] });
  const text = writePlace(full, { lang: "de", units: "metric" }, "#theme=dark&t=2020-01-01T00:00:00Z&e=old");
  assert.equal(text, `#theme=dark&t=2024-12-25T05:13:31Z&event=${event.id}&step=bang&lang=de&units=metric&view=44.512,42.2,46.257,44.1`);
  assert.deepEqual(readPlace(scene, text), { time: 1735103611, selected: event.id, step: "bang", lang: "de", units: "metric", box: [44.512, 42.2, 46.257, 44.1] });
});

test("a view is written as finely as it is wide", () => {
  const digits = (/** @type {number} */ wide) => /view=([^&]*)/.exec(writePlace(view({ box: [1.23456789, 2, 1.23456789 + wide, 3] }), {}, ""))?.[1]?.split(",")[0];
  assert.deepEqual([100, 8, 0.5, 0.002].map(digits), ["1.2", "1.235", "1.2346", "1.23457"]);
});
