// The story: the steps of the author in the place of the list. Who reads on, or presses a button, goes from one to the next.

import { sourceNode } from "./cite.js";
import { ICON_DOWN, ICON_UP } from "./clock.js";
import { element, iconButton, plain, say } from "./dom.js";
import { scrollFor, watchReading } from "./reading.js";
import { gradeIcon } from "./shapes.js";
import { eventAt, within } from "./state.js";
import { stepOf } from "./steps.js";

/** @typedef {import("./types.js").Context} Context */
/** @typedef {import("./types.js").Step} Step */

/** While the text scrolls to a step by itself, the steps that it passes are not gone to, ms. */
const SCROLLS = 700;

/** @param {() => void} act @param {string} [kind] class name */
function link(act, kind = "fc-more") {
  const button = element("button", { type: "button", class: kind });
  button.addEventListener("click", act);
  return button;
}

/**
 * @param {Context} ctx
 * @param {object} parts
 * @param {HTMLElement} parts.map
 * @param {HTMLElement} parts.bottom what stands below the text
 * @param {() => void} parts.stop ends playback
 * @param {(id: string) => void} parts.list shows an event in the list
 */
export function createStory(ctx, parts) {
  const door = link(() => {
    turn(0);
    heading.focus({ preventScroll: true });
  });
  const heading = element("h2", { id: `${ctx.uid}-story`, tabindex: -1 });
  const count = element("span");
  const back = link(() => {
    turn(0);
    down.focus({ preventScroll: true });
  });
  const up = iconButton("fc-step", "", ICON_UP, () => turn(-1));
  const down = iconButton("fc-step", "", ICON_DOWN, () => turn(1));
  const exit = link(() => {
    close();
    door.focus();
  });
  const head = element("div", { class: "fc-listhead" }, heading, count, back, up, down, exit);
  const text = element("ol", { role: "list" });
  const scroller = element("div", { class: "fc-scroll" }, text);
  const node = element("section", { class: "fc-list fc-story", "aria-labelledby": heading.id, hidden: true }, head, scroller);
  /** The step that was gone to last, by its place in the order. */
  let last = 0;
  /** When the text has come to rest. */
  let still = 0;
  let width = 0;
  let unwatch = () => {};

  up.setAttribute("aria-keyshortcuts", "[");
  down.setAttribute("aria-keyshortcuts", "]");

  /** @returns {Step[]} */
  const steps = () => ctx.scene.story?.steps ?? [];

  /** @param {number} index */
  function go(index) {
    const step = steps()[index];
    if (!step) return;
    last = index;
    parts.stop();
    const time = within(ctx.scene, step.time);
    ctx.state.set({ step: step.id, selected: step.event, time, current: eventAt(ctx.scene, time), box: null });
  }

  /** Goes some steps on or back, and brings the text there. @param {number} by */
  function turn(by) {
    if (node.hidden) open();
    go(Math.max(0, Math.min(steps().length - 1, last + by)));
    bring();
  }

  function open() {
    node.hidden = false;
    fill();
    node.parentElement?.classList.add("fc-telling");
    door.hidden = true;
  }

  function close() {
    unwatch();
    node.hidden = true;
    node.parentElement?.classList.remove("fc-telling");
    door.hidden = !steps().length;
    ctx.state.set({ step: null });
  }

  /** Scrolls the text so that the step that was gone to last is read. */
  function bring() {
    const item = /** @type {HTMLElement | undefined} */ (text.children[last]);
    if (!item) return;
    still = performance.now() + SCROLLS;
    const behavior = ctx.still() ? "auto" : "smooth";
    const top = item.offsetTop - text.offsetTop;
    const part = { top, bottom: top + item.offsetHeight };
    if (ctx.wide()) {
      scroller.scrollTo({ top: scrollFor(part, text.offsetHeight, scroller.clientHeight), behavior });
      return;
    }
    const above = parts.map.offsetHeight + head.offsetHeight;
    const room = window.innerHeight - above - parts.bottom.offsetHeight;
    item.style.scrollMarginBlockStart = `${above + top - scrollFor(part, text.offsetHeight, room)}px`;
    item.scrollIntoView(/** @type {ScrollIntoViewOptions} */ ({ block: "start", container: "nearest", behavior }));
  }

  /** @param {Step} step @param {number} index */
  function made(step, index) {
    const event = ctx.scene.events.find(({ id }) => id === step.event);
    const title = link(() => {
      go(index);
      bring();
    }, "fc-title");
    const more = event && link(() => {
      close();
      parts.list(event.id);
    });
    more?.append(ctx.scene.story?.more ?? "");
    const sources = [...ctx.scene.events.flatMap(({ card }) => card.sources), ...ctx.scene.other_sources];
    const cited = step.sources.flatMap((id) => sources.find((source) => source.id === id) ?? []);
    return element(
      "li",
      { class: "fc-item" },
      element("p", { class: "fc-time" }, event && gradeIcon(event.grade, 24, event.number ? 9 : 5, event.number), element("span", null, step.time_text)),
      element("h3", null, say(title, step.title)),
      say(element("p"), step.text),
      cited.length > 0 && element("ul", { class: "fc-sources", role: "list", "aria-label": ctx.scene.words.sources }, ...cited.map(sourceNode)),
      more,
    );
  }

  function fill() {
    unwatch();
    text.replaceChildren(...steps().map(made));
    still = performance.now() + SCROLLS;
    width = ctx.root.clientWidth;
    unwatch = watchReading(
      text,
      () => ({ top: head.getBoundingClientRect().bottom, bottom: parts.bottom.getBoundingClientRect().top }),
      (index) => index !== last && performance.now() > still && go(index),
    );
    paint();
  }

  function paint() {
    const { step } = ctx.state.view;
    [...text.children].forEach((item, i) => {
      const on = steps()[i]?.id === step;
      item.classList.toggle("fc-on", on);
      if (on) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
    count.textContent = steps()[last]?.count ?? "";
    count.hidden = !step;
    back.hidden = Boolean(step);
    up.setAttribute("aria-disabled", String(last === 0));
    down.setAttribute("aria-disabled", String(last >= steps().length - 1));
  }

  /** Brackets stand behind AltGr on some keyboards: only with Ctrl or Cmd alone they are the browser's. @param {KeyboardEvent} event */
  function press(event) {
    const by = event.key === "]" ? 1 : event.key === "[" ? -1 : 0;
    if (!by || !steps().length || event.metaKey || (event.ctrlKey && !event.altKey)) return;
    if (/** @type {HTMLElement | undefined} */ (event.composedPath()[0])?.closest("input, select, textarea")) return;
    event.preventDefault();
    turn(node.hidden ? 0 : by);
  }

  return {
    node,
    press,
    paint,
    /** @param {HTMLElement} lead the words at whose end the story is offered */
    render(lead) {
      const { story } = ctx.scene;
      lead.append(" ", door);
      if (!story) {
        if (!node.hidden) close();
        door.hidden = true;
        return;
      }
      door.hidden = !node.hidden;
      door.textContent = story.open;
      heading.textContent = story.heading;
      back.textContent = story.back;
      exit.textContent = story.close;
      up.setAttribute("aria-label", story.previous);
      down.setAttribute("aria-label", story.next);
      last = Math.min(last, story.steps.length - 1);
      if (!node.hidden) fill();
    },
    /** What is said of the step that is gone to. */
    said() {
      const step = stepOf(ctx.scene, ctx.state.view);
      return step ? `${step.count}. ${plain(step.title)}` : "";
    },
    /** @param {string | null} id of a step; null closes the story */
    step(id) {
      const index = steps().findIndex((step) => step.id === id);
      if (index >= 0) {
        last = index;
        turn(0);
      } else if (id === null && !node.hidden) close();
    },
    resize() {
      if (node.hidden || width === ctx.root.clientWidth) return;
      width = ctx.root.clientWidth;
      bring();
    },
    destroy: () => unwatch(),
  };
}
