// Chooses one of several options for each of many things, so that none gets in the way of another.
// On paper geo/render/poster/placing/solver.py does the same, step for step: change both.

/** @typedef {{ cost: number, tier: number }} Option a higher tier says more */
/**
 * @template {Option} T
 * @typedef {object} Item
 * @property {T[]} options the cheapest first
 * @property {number[]} ranks how much each tier matters, from 0 on: low ranks come first
 */
/**
 * @template {Option} T
 * @typedef {{ options: T[], list: T[], now: T | null }} Thing an item with the options that are left to it, and the one it has
 */
/** @template {Option} T @typedef {(a: T, b: T) => boolean} Clash */

/** Trials of one search: many times what the map of a flight takes. A hopeless crowd is given up after them. */
const TRIALS = 300;

/** @param {Option[]} list */
const least = (list) => list[0]?.cost ?? 0;

/**
 * Gives each thing one of its list, at the least cost; where nothing is found, leaves all as it is.
 * @template {Option} T
 * @param {Thing<T>[]} things
 * @param {Clash<T>} clash
 * @param {number} limit what the whole must cost less than
 * @param {boolean} any whether the first that is found will do
 * @returns {boolean} whether something was found
 */
function search(things, clash, limit, any) {
  /** @type {Map<Thing<T>, T>} */
  const chosen = new Map();
  /** @type {[Thing<T>, T][]} */
  let best = [];
  let trials = TRIALS;
  /** @param {[Thing<T>, T[]][]} open @param {number} cost */
  const descend = (open, cost) => {
    if (!open.length) {
      best = [...chosen];
      limit = cost;
      return;
    }
    // That with the least choice first: a dead end shows early.
    const next = open.reduce((a, b) => (b[1].length < a[1].length ? b : a));
    const rest = open.filter((each) => each !== next);
    const more = rest.reduce((sum, [, list]) => sum + least(list), cost);
    for (const option of next[1]) {
      if (more + option.cost >= limit || (any && best.length) || (trials -= 1) < 0) return;
      chosen.set(next[0], option);
      const left = rest.map(([thing, list]) => /** @type {[Thing<T>, T[]]} */ ([thing, list.filter((other) => !clash(option, other))]));
      if (left.every(([, list]) => list.length)) descend(left, cost + option.cost);
    }
  };
  descend(things.map((thing) => [thing, thing.list]), 0);
  for (const [thing, option] of best) thing.now = option;
  return best.length > 0;
}

/**
 * Grants tiers in the order of their ranks, each if it can stand beside all that were granted before,
 * and then takes the cheapest options with which they all do.
 * @template {Option} T
 * @param {Item<T>[]} items equal ranks go by this order
 * @param {Clash<T>} clash whether two options exclude each other
 * @returns {(T | null)[]} the option of each item
 */
export function solve(items, clash) {
  const things = items.map(({ options }) => /** @type {Thing<T>} */ ({ options, list: [], now: null }));
  const kept = () => things.filter((thing) => thing.now);
  /** @param {Thing<T>} thing */
  const free = (thing) => thing.list.find((option) => option === thing.now || things.every((other) => other === thing || !other.now || !clash(option, other.now)));

  const wishes = things.flatMap((thing, i) => (items[i]?.ranks ?? []).map((rank, tier) => ({ thing, rank, tier })));
  for (const { thing, tier } of wishes.sort((a, b) => a.rank - b.rank)) {
    if (tier && !thing.now) continue;
    const before = thing.list;
    thing.list = thing.options.filter((option) => option.tier >= tier);
    if (thing.now && thing.now.tier >= tier) continue;
    const found = free(thing);
    if (found) thing.now = found;
    else if (!search([...new Set([...kept(), thing])], clash, Infinity, true)) thing.list = before;
  }

  const all = kept();
  for (let round = 0; round < 3; round += 1) for (const thing of all) thing.now = free(thing) ?? null;
  // What costs more than could be saved on all others is part of no cheaper choice.
  const spare = all.reduce((sum, { list, now }) => sum + (now?.cost ?? 0) - least(list), 0);
  for (const thing of all) thing.list = thing.list.filter((option) => option === thing.now || option.cost <= least(thing.list) + spare);
  // Groups that cannot meet are searched one by one.
  for (let rest = all; rest.length; ) {
    const group = rest.slice(0, 1);
    for (const { list } of group) group.push(...rest.filter((other) => !group.includes(other) && list.some((a) => other.list.some((b) => clash(a, b)))));
    rest = rest.filter((thing) => !group.includes(thing));
    search(group, clash, group.reduce((sum, { now }) => sum + (now?.cost ?? 0), 0), false);
  }
  return things.map(({ now }) => now);
}
