// Work that stops to breathe: where it yields, the browser may answer its reader first.

/**
 * Does the work without a stop.
 * @template T
 * @param {Generator<void, T>} work
 * @returns {T} what it gives
 */
export function atOnce(work) {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

/** Lets the browser do what waits. */
export function breath() {
  return new Promise((go) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      go(undefined);
    };
    port2.postMessage(null);
  });
}

/**
 * Does the work up to each stop in a task of its own.
 * @param {Generator<void>} work
 * @param {() => boolean} wanted whether the rest is still wanted
 */
export async function inTurn(work, wanted) {
  do await breath();
  while (wanted() && !work.next().done);
}
