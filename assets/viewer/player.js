// Playback: time runs on, or steps from event to event where motion is unwanted.

/** @typedef {import("./types.js").Context} Context */

/** Pause at each event where motion is unwanted, ms. */
const STEP = 2000;
/** A time without anything to see is passed in this, s. */
const SKIP = 1;

/**
 * @param {Context} ctx
 * @param {(time: number) => void} go sets the time
 */
export function createPlayer(ctx, go) {
  let frame = 0;
  let timer = 0;
  let last = 0;
  let speed = 1;
  let skipping = true;

  function stop() {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    ctx.state.set({ playing: false, skip: "" });
  }

  /** @param {number} now */
  function tick(now) {
    const { end } = ctx.scene.time;
    const { time } = ctx.state.view;
    const pace = ctx.scene.time.pace * speed;
    // A tab that slept does not jump.
    const past = Math.min(250, now - last) / 1000;
    const skip = skipping ? ctx.scene.playback?.skips.find(({ from, to }) => time >= from && time < to && to - from > pace * SKIP) : null;
    const next = Math.min(end, skip ? Math.min(skip.to, time + (past * (skip.to - skip.from)) / SKIP) : time + past * pace);
    last = now;
    ctx.state.set({ skip: skip?.text ?? "" });
    go(next);
    if (next >= end) stop();
    else frame = requestAnimationFrame(tick);
  }

  function hop() {
    const { time } = ctx.state.view;
    const next = ctx.scene.events.find((event) => event.main && !event.aftermath && event.start > time + 0.5);
    go(next ? Math.min(next.start, ctx.scene.time.end) : ctx.scene.time.end);
    if (next && next.start < ctx.scene.time.end) timer = window.setTimeout(hop, STEP / speed);
    else stop();
  }

  return {
    stop,
    start() {
      const { start, end } = ctx.scene.time;
      if (ctx.state.view.playing) return;
      const again = ctx.state.view.time >= end;
      ctx.state.set({ playing: true, selected: null });
      if (again) go(start);
      if (ctx.still()) timer = window.setTimeout(hop, again ? STEP / speed : 400);
      else
        frame = requestAnimationFrame((now) => {
          last = now;
          tick(now);
        });
    },
    /** @param {number} factor of the ordinary pace */
    hasten(factor) {
      speed = factor;
    },
    /** @param {boolean} on whether times without anything to see are passed quickly */
    skip(on) {
      skipping = on;
    },
  };
}
