import assert from "node:assert/strict";
import { test } from "node:test";
import { meet } from "../../assets/viewer/dom.js";
import { arranging, HEAVY } from "../../assets/viewer/labels.js";
import { atOnce } from "../../assets/viewer/turns.js";
import { randomFrom, shuffled } from "./random.js";

/** @param {any[]} labels @param {any} scenery @param {any} by */
const arrange = (labels, scenery, by) => atOnce(arranging(labels, scenery, by));
const size = { x: 400, y: 300 };
/** @param {string} text @param {number} px */
const ruler = (text, px) => text.length * px * 0.5;
/** @param {string} words */
const line = (words) => ({ words, size: 12, weight: 400, kind: "" });
/** @param {string} name @param {number} x @param {number} y @param {object} [rest] @returns {any} */
const place = (name, x, y, rest = {}) => ({ forms: [[line(name), line(`${name} at noon`)], [line(name)]], anchors: [{ x, y }], gap: 11, mode: "beside", rank: 1, full: 4, ...rest });
/** @param {any} placed */
const said = (placed) => placed.lines.map((/** @type {any} */ each) => each.words).join("/");
/** @param {any[]} placed */
const picture = (placed) => placed.map((each) => `${said(each)} ${each.box}`).sort();
/** @param {number} x @param {number} from @param {number} to */
const upright = (x, from, to, weight = HEAVY) => [...Array(Math.ceil((to - from) / 5))].map((_, i) => ({ x, y: from + i * 5, weight }));
const bare = { size, boxes: [], marks: [], points: [] };

/** @param {number} seed @returns {{ labels: any[], scenery: any }} */
function view(seed) {
  const random = randomFrom(seed);
  const labels = [...Array(14)].map((_, i) => place(`Place ${i}`, random() * size.x, random() * size.y, { rank: 1 + (i % 3) }));
  const names = [...Array(6)].map((_, i) => ({ forms: [[line(`COUNTRY ${i}`)]], anchors: [{ x: random() * size.x, y: random() * size.y }], gap: 0, mode: "centre", rank: 6, full: 6 }));
  const marks = labels.map(({ anchors: [{ x, y }] }) => [x - 6, y - 6, x + 6, y + 6]);
  return { labels: [...labels, ...names], scenery: { size, boxes: [[0, 0, 60, 60], [300, 250, 400, 300]], marks, points: upright(200, 40, 260) } };
}

test("no text covers another, a sign, the furniture or a heavy line, or leaves the map", () => {
  for (let seed = 0; seed < 60; seed += 1) {
    const { labels, scenery } = view(seed);
    const placed = arrange(labels, scenery, ruler);
    assert.ok(placed.length > 8, `view ${seed}`);
    placed.forEach(({ box }, i) => {
      assert.ok(box[0] >= 0 && box[1] >= 0 && box[2] <= size.x && box[3] <= size.y);
      for (const other of [...scenery.boxes, ...scenery.marks, ...placed.slice(i + 1).map((each) => each.box)]) assert.ok(!meet(box, other), `view ${seed}`);
      for (const { x, y } of scenery.points) assert.ok(!meet(box, [x, y, x, y]), `view ${seed}`);
    });
  }
});

test("the order of the texts does not matter", () => {
  for (let seed = 0; seed < 30; seed += 1) {
    const { labels, scenery } = view(seed);
    const other = shuffled(labels, randomFrom(seed + 1000));
    assert.deepEqual(picture(arrange(other, scenery, ruler)), picture(arrange(labels, scenery, ruler)), `view ${seed}`);
  }
});

test("a view that is moved by a little moves its texts by as much", () => {
  const { labels, scenery } = view(7);
  const inner = { ...scenery, size: { x: 600, y: 500 }, boxes: [] };
  /** @param {number} by */
  const moved = (by) => ({
    labels: labels.map((label) => ({ ...label, anchors: label.anchors.map((/** @type {any} */ at) => ({ ...at, x: at.x + 100 + by, y: at.y + 100 })) })),
    scenery: { ...inner, marks: inner.marks.map((/** @type {number[]} */ box) => box.map((each, i) => each + 100 + (i % 2 ? 0 : by))), points: inner.points.map((/** @type {any} */ point) => ({ ...point, x: point.x + 100 + by, y: point.y + 100 })) },
  });
  const [here, there] = [moved(0), moved(2)].map((each) => arrange(each.labels, each.scenery, ruler));
  const back = there?.map((each) => `${said(each)} ${Math.round(each.box[0] - 2)} ${Math.round(each.box[1])}`).sort();
  assert.deepEqual(back, here?.map((each) => `${said(each)} ${Math.round(each.box[0])} ${Math.round(each.box[1])}`).sort());
});

test("right of its place first, then left of it", () => {
  const [right] = arrange([place("Baku", 200, 150)], bare, ruler);
  assert.ok(right && right.box[0] > 200 && right.anchor === "start");
  const [left] = arrange([place("Baku", 380, 150)], bare, ruler);
  assert.ok(left && left.box[2] < 380 && left.anchor === "end");
});

test("a second line goes before a text is lost, and the text of the lowest rank after that", () => {
  const tight = { ...bare, size: { x: 130, y: 48 } };
  const texts = (/** @type {any} */ placed) => placed.map(said).sort();
  assert.deepEqual(texts(arrange([place("Baku", 10, 20)], tight, ruler)), ["Baku/Baku at noon"]);
  assert.deepEqual(texts(arrange([place("Baku", 10, 14), place("Aktau", 10, 34, { rank: 3 })], tight, ruler)), ["Aktau", "Baku"]);
  const narrow = { ...bare, size: { x: 130, y: 26 } };
  assert.deepEqual(texts(arrange([place("Aktau", 10, 13, { rank: 3 }), place("Baku", 10, 13)], narrow, ruler)), ["Baku"]);
});

test("only what the story cannot do without may lie on a heavy line", () => {
  const fence = { ...bare, size: { x: 120, y: 40 }, points: [...Array(12)].flatMap((_, i) => upright(i * 10, 0, 40)) };
  assert.deepEqual(arrange([place("Baku", 60, 20)], fence, ruler), []);
  assert.deepEqual(arrange([place("Baku", 60, 20, { must: true })], fence, ruler).map(said), ["Baku"]);
  const open = { ...fence, points: upright(80, 0, 40) };
  const [beside] = arrange([place("Baku", 60, 20, { must: true })], open, ruler);
  assert.ok(beside && beside.box[2] < 80, "where there is room it does not");
});

test("names of countries take what room the story leaves and move none of its texts", () => {
  for (let seed = 0; seed < 30; seed += 1) {
    const { labels, scenery } = view(seed);
    const story = labels.filter((label) => label.mode !== "centre");
    const whole = picture(arrange(labels, scenery, ruler));
    for (const each of picture(arrange(story, scenery, ruler))) assert.ok(whole.includes(each), `view ${seed}`);
  }
});

test("the text of a line stands on that side of it where no other line runs between", () => {
  const of = {};
  const own = upright(200, 50, 250, 0.3).map((point) => ({ ...point, of }));
  const label = { forms: [[line("intended")]], anchors: [150, 100, 200].map((y) => ({ x: 200, y, nx: 1, ny: 0 })), gap: 7, mode: "along", rank: 5, full: 5, of };
  const [alone] = arrange([/** @type {any} */ (label)], { ...bare, points: own }, ruler);
  assert.ok(alone && alone.box[0] > 200);
  const [beside] = arrange([/** @type {any} */ (label)], { ...bare, points: [...own, ...upright(204, 50, 250)] }, ruler);
  assert.ok(beside && beside.box[2] < 200);
});

test("a text is nearer to its own sign than to another where it can be", () => {
  const marks = /** @type {any} */ ([[194, 144, 206, 156], [270, 144, 282, 156]]);
  const [placed] = arrange([place("Makhachkala", 200, 150, { forms: [[line("Makhachkala")]] })], { ...bare, marks: [marks[0]] }, ruler);
  assert.ok(placed && placed.box[0] > 200);
  const width = placed.box[2] - placed.box[0];
  const other = /** @type {any} */ ([placed.box[2] + 3, 144, placed.box[2] + 15, 156]);
  const [again] = arrange([place("Makhachkala", 200, 150, { forms: [[line("Makhachkala")]] })], { ...bare, marks: [marks[0], other] }, ruler);
  assert.ok(again && again.box[2] < 200 && again.box[2] - again.box[0] === width);
});
