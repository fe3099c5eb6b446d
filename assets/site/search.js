// The search of a site's index: a case is shown when every word that is typed begins one of its words. A classic script
// that the page carries inside itself; without it the list stays whole.
(() => {
  "use strict";
  const form = /** @type {HTMLElement} */ (document.querySelector("search"));
  const input = /** @type {HTMLInputElement} */ (form.querySelector("input"));
  const status = /** @type {HTMLElement} */ (form.querySelector("[role=status]"));
  const cases = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("ol > li"))];

  /** As geo/site/card.py folds what a case is known by. @param {string} text */
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const known = cases.map((one) => ` ${one.dataset.q ?? ""}`);

  function search() {
    const words = fold(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    cases.forEach((one, index) => {
      const found = words.every((word) => known[index]?.includes(` ${word}`));
      one.hidden = !found;
      shown += Number(found);
      const mark = document.querySelector(`.mark[data-of="${one.id}"]`);
      if (mark instanceof HTMLElement) mark.hidden = !found;
    });
    const told = shown ? status.dataset.shown?.replace("{shown}", String(shown)) : status.dataset.none;
    status.textContent = words.length ? (told ?? "") : "";
  }

  /** What is looked for stands in the address, so that it can be passed on. */
  function address() {
    const url = new URL(location.href);
    if (input.value.trim()) url.searchParams.set("q", input.value.trim());
    else url.searchParams.delete("q");
    try {
      history.replaceState(null, "", url);
    } catch {
      // A page from a disk, or in a sandbox, has no address to change.
    }
  }

  form.hidden = false;
  input.value = new URLSearchParams(location.search).get("q") ?? "";
  input.addEventListener("input", search);
  input.addEventListener("change", address);
  search();
})();
