// The keyboard: acts only while the focus is inside the viewer.

/** @typedef {Record<"toggle" | "close", () => void> & { move: (seconds: number) => void, ends: (last: boolean) => void, step: (by: number) => void, zoom: (by: number) => void }} Acts */

/**
 * @param {KeyboardEvent} event
 * @param {Acts} acts
 * @returns {boolean} whether the key did something
 */
function act(event, acts) {
  const far = event.shiftKey ? 600 : 60;
  const target = /** @type {HTMLElement | null} */ (event.composedPath()[0] ?? null);
  switch (event.key) {
    case " ":
      if (target?.closest("button, a, summary")) return false;
      acts.toggle();
      return true;
    case "ArrowLeft":
    case "ArrowDown":
      if (event.key === "ArrowDown" && target?.getAttribute("role") !== "slider") return false;
      acts.move(-far);
      return true;
    case "ArrowRight":
    case "ArrowUp":
      if (event.key === "ArrowUp" && target?.getAttribute("role") !== "slider") return false;
      acts.move(far);
      return true;
    case "PageDown":
    case "PageUp":
      if (target?.getAttribute("role") !== "slider") return false;
      acts.move(event.key === "PageUp" ? 600 : -600);
      return true;
    case "Home":
    case "End":
      acts.ends(event.key === "End");
      return true;
    case "n":
    case "p":
      acts.step(event.key === "n" ? 1 : -1);
      return true;
    case "+":
    case "=":
      acts.zoom(1);
      return true;
    case "-":
      acts.zoom(-1);
      return true;
    case "0":
      acts.zoom(0);
      return true;
    case "Escape":
      acts.close();
      return true;
    default:
      return false;
  }
}

/**
 * @param {HTMLElement} root
 * @param {Acts} acts
 */
export function listenKeys(root, acts) {
  root.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement | null} */ (event.composedPath()[0] ?? null);
    const busy = event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || target?.closest("input, select, textarea");
    if (!busy && act(event, acts)) event.preventDefault();
  });
}
