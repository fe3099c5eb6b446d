// Playback: time runs on, or steps from event to event where motion is unwanted.

/** @typedef {import("./types.js").Context} Context */

/** Pause at each event where motion is unwanted, ms. */
const STEP = 2000;

/**
 * @param {Context} ctx
 * @param {(time: number) => void} go sets the time
 */
export function createPlayer(ctx, go) {
  let frame = 0;
  let timer = 0;
  let last = 0;

  function stop() {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    ctx.state.set({ playing: false });
  }

  /** @param {number} now */
  function tick(now) {
    const { end, pace } = ctx.scene.time;
    // A tab that slept does not jump.
    const next = Math.min(end, ctx.state.view.time + (Math.min(250, now - last) / 1000) * pace);
    last = now;
    go(next);
    if (next >= end) stop();
    else frame = requestAnimationFrame(tick);
  }

  function hop() {
    const { time } = ctx.state.view;
    const next = ctx.scene.events.find((event) => event.main && !event.aftermath && event.start > time + 0.5);
    go(next ? Math.min(next.start, ctx.scene.time.end) : ctx.scene.time.end);
    if (next && next.start < ctx.scene.time.end) timer = window.setTimeout(hop, STEP);
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
      if (ctx.still()) timer = window.setTimeout(hop, again ? STEP : 400);
      else
        frame = requestAnimationFrame((now) => {
          last = now;
          tick(now);
        });
    },
  };
}
