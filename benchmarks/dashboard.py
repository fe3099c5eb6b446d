"""A click on a row of the timeline in the dashboard, until the map has moved.

The real dashboard in Chromium on the flagship case. Measured in the browser from the click to the end of what it does
there, and to the next drawn frame; the median of twenty rows.
"""

from __future__ import annotations

import statistics
from typing import Final

from browser import chromium, harness
from playwright.sync_api import sync_playwright

BAR_MS: Final = 16
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


def measure() -> list[dict[str, object]]:
    """Milliseconds, with the bar."""
    with harness.dashboard() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(harness.FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{address}/?case=j2-8243")
        page.locator(".fc-row").first.wait_for(timeout=120_000)
        done, drawn = page.evaluate(CLICKS)
        browser.close()
    middle = statistics.median(done)
    return [
        {
            "what": "click on a row, map moved, ms",
            "measured": round(middle, 1),
            "bar": BAR_MS,
            "holds": middle <= BAR_MS,
        },
        {"what": "and the next frame, ms", "measured": round(statistics.median(drawn), 1), "bar": "", "holds": None},
    ]
