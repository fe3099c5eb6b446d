// Pseudo-random numbers that are the same in every run.

/** @param {number} seed @returns {() => number} from 0 to 1 */
export function randomFrom(seed) {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** @template T @param {T[]} list @param {() => number} random @returns {T[]} */
export function shuffled(list, random) {
  return list
    .map((each) => ({ each, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ each }) => each);
}
