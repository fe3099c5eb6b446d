// The list of events and their cards.

import { eventCitation, sourceList } from "./cite.js";
import { drawing, element, say } from "./dom.js";
import { createFilter, listed } from "./filter.js";
import { gradeIcon } from "./shapes.js";

/** @typedef {import("./types.js").Context} Context */
/** @typedef {import("./types.js").SceneEvent} SceneEvent */
/** @typedef {import("./types.js").Claim} Claim */
/** @typedef {import("./types.js").Words} Words */
/** @typedef {{ event: SceneEvent, item: HTMLLIElement, row: HTMLButtonElement, card: HTMLElement }} Entry */

/** @param {keyof HTMLElementTagNameMap} tag @param {string} kind @param {Words | null | undefined} words */
function part(tag, kind, words) {
  return words ? say(element(tag, { class: kind }), words) : null;
}

/**
 * One of the accounts that stand side by side. A leak says so first.
 * @param {Claim} claim
 * @param {string} leak
 */
function claimNode(claim, leak) {
  const marked = claim.leak && leak;
  return element(
    "div",
    { class: "fc-claim" },
    element("p", { class: "fc-by" }, `${claim.letter} · `, marked ? leak : part("span", "", claim.by)),
    part("p", "fc-what", claim.says),
    part("p", "fc-detail", claim.detail),
    part("p", "fc-cites", claim.time_text),
    element("p", { class: "fc-cites" }, marked && part("span", "", claim.by), marked && " ", claim.cites),
  );
}

/** @param {Context} ctx @param {SceneEvent} event */
function cardParts(ctx, event) {
  const { card } = event;
  const { leak = "" } = ctx.scene.words;
  const text = element("p", { class: "fc-text", dir: "auto" }, part("span", "", card.text), card.text && card.unknown && " ", part("b", "", card.unknown));
  const groups = card.groups.flatMap((group) => [
    part("h3", "", group.heading),
    element("div", { class: "fc-claims" }, ...group.claims.map((claim) => claimNode(claim, leak))),
  ]);
  const parts = [(card.text || card.unknown) && text, part("p", "fc-times", card.times), ...groups, card.sources.length > 0 && sourceList(ctx, card.sources), eventCitation(ctx, event)];
  return parts.filter((node) => node instanceof Node);
}

/** @param {Context} ctx */
export function createTimeline(ctx) {
  const heading = element("h2");
  const more = element("button", { type: "button", class: "fc-more fc-all" });
  const jump = element("button", { type: "button", class: "fc-more" });
  const list = element("ol", { role: "list" });
  const end = element("p", { class: "fc-end" });
  const filter = createFilter(ctx);
  const scroller = element("div", { class: "fc-scroll" }, list, end);
  const node = element("div", { class: "fc-list" }, element("div", { class: "fc-listhead" }, heading, more, jump, filter.toggle), filter.panel, filter.showing, scroller);
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  /** @type {HTMLElement | null} */
  let axis = null;
  /** @type {(string | null)[]} */
  let last = [];

  more.addEventListener("click", () => ctx.state.set({ all: !ctx.state.view.all }));
  jump.addEventListener("click", () => axis && bring(axis));

  /** @param {HTMLElement} item */
  function bring(item) {
    const behavior = ctx.still() ? "auto" : "smooth";
    if (!ctx.wide()) item.scrollIntoView(/** @type {ScrollIntoViewOptions} */ ({ block: "start", container: "nearest", behavior }));
    else scroller.scrollTo({ top: scroller.scrollTop + item.getBoundingClientRect().top - scroller.getBoundingClientRect().top, behavior });
  }

  /** @param {SceneEvent} event */
  function makeEntry(event) {
    const id = `${ctx.uid}-card-${entries.size}`;
    const row = element("button", { type: "button", class: "fc-row", "aria-label": event.name, "aria-expanded": "false", "aria-controls": id });
    const card = element("div", { class: "fc-card", id, hidden: true });
    const item = element("li", { class: "fc-item", "data-event": event.id }, row, card);
    row.addEventListener("click", () => ctx.choose(event.id, "list"));
    entries.set(event.id, { event, item, row, card });
    return item;
  }

  /** What a row shows: made when it is first shown, since most of hundreds may never be. @param {Entry} entry */
  function fill({ event, row }) {
    const grade = element("span", { class: "fc-note" }, element("b", null, event.grade_text));
    if (event.note) grade.append(" · ", say(element("span"), event.note));
    row.append(
      element("span", null, element("span", { class: "fc-time" }, event.time_text), element("span", { class: "fc-local" }, event.local_text)),
      gradeIcon(event.grade, 32, event.number ? 9 : 5, event.number),
      element("span", null, say(element("span", { class: "fc-title" }), event.title), grade),
    );
  }

  /** Zigzag of the axis break, as in the bar. */
  function makeBreak() {
    const after = ctx.scene.aftermath;
    const sign = drawing("svg", { class: "fc-zig", width: 36, height: 14, "aria-hidden": "true", focusable: "false" }, drawing("path", { d: "M0 7H10L14 1L20 13L23 7H35" }));
    axis = element("li", { class: "fc-break" }, sign, element("span", null, element("b", null, after?.break_text), " ", after?.break_note));
    return axis;
  }

  return {
    node,
    entries,
    render() {
      const { scene } = ctx;
      entries.clear();
      axis = null;
      heading.textContent = scene.list.heading;
      list.setAttribute("aria-label", scene.words.timeline ?? "");
      list.replaceChildren();
      filter.render();
      for (const event of scene.events) {
        if (event.aftermath && !axis && scene.aftermath) list.append(makeBreak());
        list.append(makeEntry(event));
      }
      jump.textContent = `${scene.aftermath?.link ?? ""} ↓`;
      more.hidden = scene.events.every((event) => event.main);
      say(end, scene.aftermath?.end_note ?? null).hidden = !scene.aftermath?.end_note;
      this.paint(new Set(["all", "selected", "current"]));
    },
    /** @param {Set<string>} changed */
    paint(changed) {
      const { selected, current, all, playing } = ctx.state.view;
      const sifted = changed.has("all") || changed.has("hidden");
      more.textContent = all ? ctx.scene.list.fewer : ctx.scene.list.more;
      // Only what changed is touched: a case may have hundreds of events.
      const touched = sifted ? entries.keys() : new Set([selected, current, ...last]);
      last = [selected, current];
      for (const id of touched) {
        const entry = id ? entries.get(id) : null;
        if (!entry) continue;
        const { event, item, row, card } = entry;
        const open = id === selected;
        item.hidden = !(listed(event, ctx.state.view) || open);
        if (!item.hidden && !row.firstChild) fill(entry);
        item.classList.toggle("fc-on", open || id === current);
        item.classList.toggle("fc-open", open);
        row.setAttribute("aria-expanded", String(open));
        if (id === current && !open) row.setAttribute("aria-current", "time");
        else row.removeAttribute("aria-current");
        card.hidden = !open;
        if (open && !card.firstChild) card.replaceChildren(...cardParts(ctx, event));
      }
      if (sifted) {
        filter.paint();
        jump.hidden = !axis || !ctx.scene.events.some((event) => event.aftermath && listed(event, ctx.state.view));
        if (axis) axis.hidden = jump.hidden;
      }
      const chosen = selected ? entries.get(selected) : null;
      // Scrolling wants the new layout; the frame makes it once for all.
      if (chosen && changed.has("selected")) requestAnimationFrame(() => bring(chosen.item));
      else if (!chosen && changed.has("current") && current && ctx.wide()) requestAnimationFrame(() => this.peek(current, playing));
    },
    /**
     * Scrolls a row just into the list's own view; the page around it never moves for that.
     * @param {string} id
     * @param {boolean} smooth
     */
    peek(id, smooth) {
      const item = entries.get(id)?.item;
      if (!item) return;
      const a = item.getBoundingClientRect();
      const b = scroller.getBoundingClientRect();
      const by = a.top < b.top ? a.top - b.top : Math.max(0, Math.min(a.bottom - b.bottom, a.top - b.top));
      if (by) scroller.scrollBy({ top: by, behavior: smooth && !ctx.still() ? "smooth" : "auto" });
    },
  };
}
