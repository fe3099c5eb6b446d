import assert from "node:assert/strict";
import { test } from "node:test";
import { solve } from "../../assets/viewer/solver.js";
import { randomFrom } from "./random.js";

/** @param {any} a @param {any} b */
const clash = (a, b) => Math.abs(a.x - b.x) < 10 && Math.abs(a.y - b.y) < 6;

/** Things that want to stand near each other. @param {number} seed @param {number} count @param {number} choice @param {number} side */
function crowd(seed, count, choice, side) {
  const random = randomFrom(seed);
  return [...Array(count)].map((_, i) => ({
    options: [...Array(choice)].map(() => ({ x: random() * side, y: random() * side, cost: Math.round(random() * 20), tier: random() < 0.5 ? 1 : 2 })).sort((a, b) => a.cost - b.cost),
    ranks: [i, i, 100 + i],
  }));
}

/** Which wishes were granted, the most important first. @param {any[]} items @param {any[]} chosen @returns {number[]} */
function granted(items, chosen) {
  const wishes = items.flatMap((item, i) => item.ranks.map((/** @type {number} */ rank, /** @type {number} */ tier) => ({ rank, tier, i }))).sort((a, b) => a.rank - b.rank);
  return wishes.map(({ i, tier }) => Number((chosen[i]?.tier ?? -1) >= tier));
}

/** @param {number[]} a @param {number[]} b @returns {number} below 0 where b is granted more that matters */
function compare(a, b) {
  const first = a.findIndex((each, i) => each !== b[i]);
  return first < 0 ? 0 : (a[first] ?? 0) - (b[first] ?? 0);
}

/** The best there is, by trying everything. @param {any[]} items */
function exhaustive(items) {
  /** @type {any[]} */
  let best = items.map(() => null);
  /** @param {any[]} chosen */
  const cost = (chosen) => chosen.reduce((sum, option) => sum + (option?.cost ?? 0), 0);
  /** @param {any[]} chosen */
  const extend = (chosen) => {
    if (chosen.length === items.length) {
      const better = compare(granted(items, chosen), granted(items, best));
      if (better > 0 || (better === 0 && cost(chosen) < cost(best))) best = chosen;
      return;
    }
    for (const option of [...items[chosen.length].options, null]) {
      if (!option || chosen.every((other) => !other || !clash(option, other))) extend([...chosen, option]);
    }
  };
  extend([]);
  return { granted: granted(items, best), cost: cost(best) };
}

test("of few things the choice is the best of all", () => {
  for (let seed = 0; seed < 120; seed += 1) {
    const items = crowd(seed, 5, 4, 24);
    const chosen = solve(items, clash);
    const best = exhaustive(items);
    assert.deepEqual(granted(items, chosen), best.granted, `set ${seed}`);
    assert.equal(chosen.reduce((sum, option) => sum + (option?.cost ?? 0), 0), best.cost, `set ${seed}`);
  }
});

test("nothing that is chosen gets in the way of another, however many there are", () => {
  for (let seed = 0; seed < 40; seed += 1) {
    const chosen = solve(crowd(seed, 40, 12, 120), clash).filter((option) => option !== null);
    assert.ok(chosen.length > 10);
    chosen.forEach((a, i) => chosen.slice(i + 1).forEach((b) => assert.ok(!clash(a, b), `set ${seed}`)));
  }
});

test("more room never costs a wish that matters more than what it brings", () => {
  for (let seed = 0; seed < 120; seed += 1) {
    const wide = crowd(seed, 6, 6, 30);
    const narrow = wide.map((item) => ({ ...item, options: item.options.filter((_, i) => i % 2 === 0) }));
    assert.ok(compare(granted(wide, solve(wide, clash)), granted(wide, solve(narrow, clash))) >= 0, `set ${seed}`);
  }
});

test("one that stands makes way where the next has only its place", () => {
  const here = { x: 0, y: 0, cost: 0, tier: 1 };
  const away = { x: 50, y: 0, cost: 5, tier: 1 };
  const [first, second] = solve([{ options: [here, away], ranks: [0] }, { options: [{ ...here }], ranks: [1] }], clash);
  assert.deepEqual([first?.x, second?.x], [50, 0]);
});

test("what has no option is left out, and nothing is asked of nothing", () => {
  assert.deepEqual(solve([{ options: [], ranks: [0] }], clash), [null]);
  assert.deepEqual(solve([], clash), []);
});
