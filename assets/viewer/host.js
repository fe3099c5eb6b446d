// The page around a frame: what it is told, and what it may ask for. docs/embedding.md has both in words.
// Heights are told in the forms that others know: AMP, Medium and Infogram, Pym, WordPress, and ours.

import { paint } from "./flags.js";
import { WIDE } from "./mount.js";

/** @typedef {import("./mount.js").Viewer} Viewer */

/** What the wide layout, an open story and the table want, and the least that the map has of it, px: design/TOKENS.md, 9. */
const TALL = 720;
const MAP = 340;
const SEPARATOR = "xPYMx";

/** What WordPress calls a frame by. @param {string} hash */
const secretIn = (hash) => /secret=(\w+)/.exec(hash)?.[1];

/**
 * The height that a page wants. None of it follows from the height that the frame has, so a frame that obeys rests.
 * @param {HTMLElement} root
 */
export function wanted(root) {
  const page = /** @type {HTMLElement} */ (root.querySelector(".fc-page"));
  /** @param {Element | null | undefined} part */
  const tall = (part) => part?.getBoundingClientRect().height ?? 0;
  // The map, or the table in its place, takes what the other parts leave.
  if (root.clientWidth >= WIDE) return Math.ceil(Math.max(TALL, tall(page) - (tall(page.querySelector(".fc-map")) || tall(page.querySelector(":scope > .fc-table"))) + MAP));
  // A story is read under its map, which only stays where the frame itself scrolls; a table would be 20,000 px long.
  if (page.matches(".fc-telling, .fc-tabled")) return TALL;
  return Math.ceil([...page.children].reduce((sum, part) => sum + (getComputedStyle(part).position === "absolute" ? 0 : tall(part)), 0));
}

/**
 * @param {HTMLElement} root of the viewer, which fills the page
 * @param {Viewer} viewer
 * @param {string} id of the case
 */
export function createHost(root, viewer, id) {
  const { parent } = window;
  if (parent === window) return;
  const { href, search, hash } = location;
  let pym = new URLSearchParams(search).get("childId");
  let secret = secretIn(hash);
  let height = 0;
  let ready = false;
  /** @param {object | string} message */
  const tell = (message) => parent.postMessage(message, "*");
  /** @param {string} event @param {object} detail */
  const report = (event, detail) => tell({ type: "flightcase:event", event, detail });

  function measure() {
    const now = wanted(root);
    // Paper has a layout of its own, and a page that fills its frame wants no other.
    if (!ready || now === height || root.classList.contains("fc-paper") || document.documentElement.classList.contains("fc-fit")) return;
    height = now;
    tell({ type: "flightcase:height", id, height });
    tell({ sentinel: "amp", type: "embed-size", height });
    tell(JSON.stringify({ src: href, context: "iframe.resize", height }));
    if (pym !== null) tell(["pym", pym, "height", height].join(SEPARATOR));
    if (secret) tell({ message: "height", value: height, secret });
  }

  /** Says all of it again, to a page that did not listen before. */
  function again() {
    height = 0;
    measure();
  }

  /** @param {boolean} done @param {string} what @param {unknown} value */
  const check = (done, what, value) => done || report("error", { message: `No ${what}: ${value}` });
  /** @type {Record<string, (value: any) => unknown>} */
  const commands = {
    seek: viewer.seek,
    select(event) {
      viewer.select(event);
      check(event === null || root.dataset.event === event, "event", event);
    },
    play: viewer.play,
    pause: viewer.pause,
    setLanguage(lang) {
      viewer.visit(`${new URLSearchParams({ lang })}`);
      check(viewer.scene().language === lang, "language", lang);
    },
    setUnits(units) {
      viewer.visit(`${new URLSearchParams({ units })}`);
      check(viewer.scene().units === units, "units", units);
    },
    setTheme(theme) {
      const known = /^(light|dark|auto)$/.test(theme);
      check(known, "theme", theme);
      if (known) paint(root, theme);
    },
    hello() {
      if (ready) report("ready", { id });
      again();
    },
  };

  addEventListener("message", ({ source, data }) => {
    if (source !== parent || !data) return;
    const [name, whose, what] = typeof data === "string" ? data.split(SEPARATOR) : [];
    if (name === "pym" && whose !== undefined && what === "width") {
      pym = whose;
      again();
    } else if (data.message === "ready" && /^\w+$/.test(data.secret)) {
      secret = data.secret;
      again();
    } else if (data.type === "flightcase:command") {
      const { command, value } = data;
      const act = Object.hasOwn(commands, command) && commands[command];
      check(Boolean(act), "command", command);
      if (act) act(value);
    }
  });

  // WordPress writes the secret behind the # of a page that may be half there, and says it once, perhaps before this listens.
  addEventListener("hashchange", () => {
    const found = secretIn(location.hash);
    if (!found || found === secret) return;
    secret = found;
    again();
  });

  for (const event of /** @type {const} */ (["select", "timechange", "step", "error"])) viewer.on(event, (detail) => report(event, detail));
  viewer.on("ready", () => {
    ready = true;
    report("ready", { id });
    measure();
    const watcher = new ResizeObserver(measure);
    for (const part of root.firstElementChild?.children ?? []) watcher.observe(part);
  });
}
