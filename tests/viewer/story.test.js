import assert from "node:assert/strict";
import { test } from "node:test";
import { readingLine, scrollFor } from "../../assets/viewer/reading.js";
import { createState } from "../../assets/viewer/state.js";
import { boxOf, frameOf, stepOf } from "../../assets/viewer/steps.js";
import { CASES, goldenScene } from "./scenes.js";

const VIEW = { time: 0, selected: null, current: null, playing: false, all: false, table: false, box: null, step: null };
const BOX = [44, 42, 47, 44];

/** A scene with three steps: at an event's own frame, at a box, at the whole route. */
function told() {
  const scene = goldenScene("j2-8243");
  const steps = ["event", BOX, null].map((view, i) => ({ id: `s${i}`, view }));
  return { ...scene, story: { steps } };
}

/** Heights of the parts of a made text; the sequence is the same in every run. */
function heights(seed, count) {
  let x = seed;
  return Array.from({ length: count }, () => {
    x = (x * 1103515245 + 12345) % 2147483648;
    return 40 + (x % 300);
  });
}

test("the reading line is at the head of the text, then at its foot, and never runs back", () => {
  const lines = [];
  for (let scrolled = 0; scrolled <= 700; scrolled += 35) lines.push(readingLine({ top: -scrolled, bottom: 1000 - scrolled }, { top: 0, bottom: 300 }) + scrolled);
  assert.equal(lines[0], 0);
  assert.equal(lines.at(-1), 1000);
  assert.deepEqual(lines, lines.toSorted((a, b) => a - b));
});

test("a text that is seen as a whole is read from its head", () => {
  assert.equal(readingLine({ top: 20, bottom: 120 }, { top: 20, bottom: 120 }), 20);
});

test("scrolled to a part, that part is read, and its head is seen", () => {
  for (let seed = 1; seed < 60; seed += 1) {
    const each = heights(seed, 2 + (seed % 9));
    const length = each.reduce((sum, one) => sum + one, 0);
    const room = 80 + seed * 12;
    let top = 0;
    for (const height of each) {
      const part = { top, bottom: top + height };
      const scrolled = Math.max(0, Math.min(length - room, scrollFor(part, length, room)));
      const line = readingLine({ top: -scrolled, bottom: length - scrolled }, { top: 0, bottom: Math.min(room, length) }) + scrolled;
      assert.ok(scrolled <= part.top + 1e-9, `head of ${top} is cut at ${scrolled}`);
      if (height <= room) assert.ok(scrolled >= part.bottom - room - 1e-9 || length <= room);
      if (length > room) assert.ok(line >= part.top - 1e-6 && line <= part.bottom + 1e-6, `${line} is outside ${top} to ${part.bottom}`);
      top += height;
    }
  }
});

test("a step holds until the reader changes time, event, play or map", () => {
  const elsewhere = { time: 5, selected: "x", playing: true, box: BOX };
  for (const [key, value] of Object.entries(elsewhere)) {
    const state = createState({ ...VIEW, step: "s1" });
    const heard = [];
    state.watch((view, changed) => heard.push([view.step, [...changed].sort()]));
    state.set({ [key]: value });
    assert.deepEqual(heard, [[null, [key, "step"].sort()]]);
  }
});

test("what changes nothing, or names a step, does not leave the story", () => {
  const state = createState({ ...VIEW, step: "s1" });
  state.set({ time: 0, selected: null, playing: false, box: null, all: true, table: true });
  assert.equal(state.view.step, "s1");
  state.set({ time: 7, selected: "x", step: "s2" });
  assert.equal(state.view.step, "s2");
});

test("a step shows the frame of its event, its box, or the whole route", () => {
  const scene = told();
  const framed = scene.events.find((event) => event.closeup);
  const fit = scene.map.fit;
  const shows = (step, selected) => [frameOf(scene, { step, selected }), boxOf(scene, { step })];
  assert.deepEqual(shows("s0", framed.id), [framed.closeup, fit]);
  assert.deepEqual(shows("s1", framed.id), [null, BOX]);
  assert.deepEqual(shows("s2", framed.id), [null, fit]);
  assert.deepEqual(shows(null, framed.id), [framed.closeup, fit]);
  assert.deepEqual(shows(null, "take-off"), [null, fit]);
});

for (const name of CASES) {
  test(`${name} is drawn with or without a story`, () => {
    const scene = goldenScene(name);
    assert.equal(stepOf({ ...scene, story: null }, VIEW), undefined);
    for (const step of scene.story?.steps ?? []) {
      assert.equal(stepOf(scene, { step: step.id }), step);
      if (step.event) assert.ok(scene.events.some((event) => event.id === step.event));
      if (step.view === "event") assert.ok(frameOf(scene, { step: step.id, selected: step.event }));
      assert.ok(step.time >= scene.time.start && step.time <= scene.time.end);
    }
  });
}
