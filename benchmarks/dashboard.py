"""The dashboard: from its start to the drawn map, from an edit to the redrawn preview, from a click to the moved map.

The real dashboard in Chromium on the flagship case, on a copy of the shipped cases. *Cold*: from the start of the
process to the first path on the map, the browser being open. *Warm*: the same page loaded again. *Edit*: a word is put
into the headline on the Edit page; from leaving the field until the preview has drawn it, the median of ten, by an
observer in the browser. *Click*: on a row of the timeline, to the end of what it does in the browser and to the next
frame, the median of twenty.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from typing import TYPE_CHECKING, Final

from browser import chromium, harness
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from playwright.sync_api import Page

CLICK_MS, EDIT_MS, COLD_S, WARM_S = 16, 300, 5, 2
CASE: Final = "j2-8243"
CLICKS: Final = """async () => {
  const holder = [...document.querySelectorAll(".st-key-frame *")].find((each) => each.shadowRoot).shadowRoot;
  const rows = [...holder.querySelectorAll(".fc-row")].filter((row) => row.offsetParent);
  const done = [], drawn = [];
  for (let i = 0; i < 20; i += 1) {
    await new Promise((go) => setTimeout(go, 150));
    const began = performance.now();
    rows[i % rows.length].click();
    done.push(performance.now() - began);
    await new Promise(requestAnimationFrame);
    drawn.push(performance.now() - began);
  }
  return [done, drawn];
}"""
#: Notes when a field is left, and when the headline of the preview is another one.
WATCH: Final = """() => {
  const holder = [...document.querySelectorAll(".st-key-preview *")].find((each) => each.shadowRoot).shadowRoot;
  window.spent_ms = [];
  let left = 0, shown = holder.querySelector("h1").textContent;
  document.addEventListener("focusout", () => { left = performance.now(); }, true);
  new MutationObserver(() => {
    const now = holder.querySelector("h1")?.textContent;
    if (!now || now === shown) return;
    shown = now;
    window.spent_ms.push(performance.now() - left);
  }).observe(holder, { subtree: true, childList: true, characterData: true });
}"""


def measure() -> list[dict[str, object]]:
    """Milliseconds and seconds, with the bars."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        shutil.copytree(harness.ROOT / "data" / "cases", folder, dirs_exist_ok=True)
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(harness.FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        began = time.perf_counter()
        with harness.dashboard(folder) as address:
            _drawn(page, address)
            cold = time.perf_counter() - began
            page.wait_for_timeout(2000)
            began = time.perf_counter()
            _drawn(page, address)
            warm = time.perf_counter() - began
            done, drawn = page.evaluate(CLICKS)
            edits = _edits(page, address)
        browser.close()
    return [
        _row("cold start to the drawn map, s", cold, COLD_S),
        _row("warm page to the drawn map, s", warm, WARM_S),
        _row("edit, preview redrawn, ms", statistics.median(edits), EDIT_MS),
        _row("the slowest of ten, ms", max(edits), None),
        _row("click on a row, map moved, ms", statistics.median(done), CLICK_MS),
        _row("and the next frame, ms", statistics.median(drawn), None),
    ]


def _drawn(page: Page, address: str) -> None:
    page.goto(f"{address}/?case={CASE}")
    page.locator(".leaflet-fc-line-pane path").first.wait_for(state="attached", timeout=120_000)


def _edits(page: Page, address: str) -> list[float]:
    """Milliseconds from leaving the headline to the preview that shows it."""
    page.goto(f"{address}/?case={CASE}&page=edit")
    page.locator(".st-key-preview .leaflet-fc-line-pane path").first.wait_for(state="attached", timeout=120_000)
    headline = page.get_by_role("textbox", name="Headline")
    if not headline.is_visible():
        page.locator(".st-key-panel-basics summary").first.click()
    headline.fill("first")
    headline.press("Tab")
    page.locator(".st-key-preview h1", has_text="first").wait_for()
    page.evaluate(WATCH)
    for number in range(10):
        page.wait_for_timeout(1000)
        headline.fill(f"Headline {number}")
        page.keyboard.press("Tab")
        page.locator(".st-key-preview h1", has_text=f"Headline {number}").wait_for()
    spent: list[float] = page.evaluate("window.spent_ms")
    return spent


def _row(what: str, measured: float, bar: float | None) -> dict[str, object]:
    holds = None if bar is None else measured <= bar
    return {"what": what, "measured": round(measured, 1), "bar": "" if bar is None else f"≤ {bar}", "holds": holds}
