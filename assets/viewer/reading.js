// Which part of a text is being read, and how far to scroll so that a part is.

/** @typedef {{ top: number, bottom: number }} Stripe from above to below, px */

/**
 * The height at which the reader reads: the head of the text while that is seen, its foot once that is seen, and evenly
 * between. So every part has its turn, however short the text or the window.
 * @param {Stripe} text
 * @param {Stripe} seen the part of it that is seen
 */
export function readingLine(text, seen) {
  const room = seen.bottom - seen.top;
  const hidden = text.bottom - text.top - room;
  return seen.top + (hidden > 0 ? Math.max(0, Math.min(1, (seen.top - text.top) / hidden)) * room : 0);
}

/**
 * How far a text is to be scrolled so that a part stands at the reading line, whole or from its head, px.
 * @param {Stripe} part
 * @param {number} length of the text
 * @param {number} room in which it is seen
 */
export function scrollFor(part, length, room) {
  const middle = (((part.top + part.bottom) / 2) * Math.max(0, length - room)) / length;
  return Math.min(part.top, Math.max(part.bottom - room, middle));
}

/**
 * Watches the parts of a text while they scroll, in a frame of whatever height too: then the page around it scrolls.
 * @param {HTMLElement} text
 * @param {() => Stripe} free what nothing covers
 * @param {(index: number) => void} read
 */
export function watchReading(text, free, read) {
  const parts = [...text.children];
  // Where parts are cut off: the edges of the window, of whatever scrolls, or of the page around a frame.
  let [above, below] = [-Infinity, Infinity];
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting, boundingClientRect: whole, intersectionRect: seen } of entries) {
        if (!isIntersecting) continue;
        if (seen.top > whole.top + 1) above = seen.top;
        else if (target === parts[0]) above = -Infinity;
        if (seen.bottom < whole.bottom - 1) below = seen.bottom;
        else if (target === parts[parts.length - 1]) below = Infinity;
      }
      const [clear, all] = [free(), text.getBoundingClientRect()];
      const [top, bottom] = [Math.max(all.top, clear.top, above), Math.min(all.bottom, clear.bottom, below)];
      if (top >= bottom) return;
      const line = readingLine(all, { top, bottom }) + 1;
      read(parts.filter((part) => part.getBoundingClientRect().top <= line).length - 1);
    },
    { threshold: Array.from({ length: 21 }, (_, i) => i / 20) },
  );
  for (const part of parts) watcher.observe(part);
  return () => watcher.disconnect();
}
