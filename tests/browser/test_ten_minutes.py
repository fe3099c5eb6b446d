"""A reporter's ten minutes: from an empty library to a page in an article, by mouse and by keyboard alone."""

from __future__ import annotations

import http.server
import re
import threading
import tomllib
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from browser import harness
from browser.harness import screenshot
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import FileChooser, Locator, Page

    Open = Callable[..., Page]

PATIENCE = 60_000
#: What has the focus, as assistive technology names it.
FOCUSED = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  const by = at?.getAttribute("aria-labelledby")?.split(" ")[0];
  const label = at?.labels?.[0] ?? (by && document.getElementById(by));
  const named = at?.getAttribute("aria-label") || label?.textContent;
  const kind = at?.type === "radio" || at?.getAttribute("role") === "radio" ? "radio " : "";
  return kind + (named || at?.textContent || "").trim().slice(0, 80);
}"""
EVENTS = (
    ("Take-off from Baku", "07:55 Baku", "https://www.example.org/take-off", "Example News", "Flight left Baku"),
    ("Last valid position", "08:25 Baku", "https://www.example.org/track", "Example Track", "What was received"),
    ("Impact near Aktau", "06:28 UTC", "https://www.example.org/aktau", "Example Agency", "Aircraft down near Aktau"),
)
TRACK = "time,icao24,callsign,latitude,longitude,altitude_ft\n" + "".join(
    f"2024-12-25T03:{55 + n:02}:00Z,600841,AHY8243,{40.467 + n * 0.12:.4f},{50.047 - n * 0.05:.4f},{n * 3000 + 500}\n"
    for n in range(5)
)


class Mouse:
    """Reaches a control by pointing at it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, name: str, within: Locator | None = None) -> None:
        """Press a button."""
        (within or self.page).get_by_role("button", name=name, exact=True).first.click()

    def choose(self, name: str, *others: str) -> None:
        """Choose one of several, by its label; ``others`` are those beside it."""
        del others
        self.page.get_by_role("radio", name=name, exact=True).click(force=True)

    def write(self, role: Any, name: str, text: str, within: Locator | None = None) -> None:
        """Put a text into a field and leave it."""
        field = (within or self.page).get_by_role(role, name=re.compile(f"^{name}")).first
        field.click()
        field.fill(text)

    def give(self, name: str, file: Path, within: Locator) -> None:
        """Give a file to the uploader of that name."""
        with self.page.expect_file_chooser() as asked:
            within.get_by_role("button", name=re.compile("Upload|Browse")).first.click()
        asked.value.set_files(file)
        assert name


class Keyboard(Mouse):
    """Reaches a control by Tab, and uses nothing but keys."""

    def reach(self, *names: str) -> None:
        """Press Tab until one of these has the focus."""
        seen: list[str] = []
        for _ in range(250):
            seen.append(self.page.evaluate(FOCUSED))
            if seen[-1].startswith(names):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never came to {names}: {sorted(set(seen))}")

    def press(self, name: str, within: Locator | None = None) -> None:
        del within
        self.reach(name)
        self.page.keyboard.press("Enter")

    def choose(self, name: str, *others: str) -> None:
        self.reach(*(f"radio {each}" for each in (name, *others)))
        for _ in others:
            if not self.page.evaluate(FOCUSED).startswith(f"radio {name}"):
                self.page.keyboard.press("ArrowRight")
        self.page.keyboard.press("Space")

    def write(self, role: Any, name: str, text: str, within: Locator | None = None) -> None:
        del role, within
        self.reach(name)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def give(self, name: str, file: Path, within: Locator) -> None:
        del within
        harness.idle(self.page)
        asked: list[FileChooser] = []
        self.page.on("filechooser", lambda one: asked.append(one))  # noqa: PLW0108  Playwright marks it
        # The field may be drawn anew under the finger; whoever sees nothing happen presses again.
        for _ in range(3):
            self.reach("uploadUpload", name)
            self.page.keyboard.press("Enter")
            self.page.wait_for_timeout(1000)
            if asked:
                break
        asked[0].set_files(file)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A dashboard on a folder without a case, and the folder."""
    folder = tmp_path / "cases"
    folder.mkdir()
    with harness.dashboard(str(folder)) as address:
        yield address, folder


@pytest.fixture
def article(tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Serves an article of another origin that holds an embed code, and gives its address."""
    folder = tmp_path / "article"
    folder.mkdir()
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def publish(code: str) -> str:
        page = f"<!doctype html><html lang=en><title>Article</title><link rel=icon href=data:,><h1>Article</h1>{code}"
        (folder / "index.html").write_text(page, encoding="utf-8")
        return f"http://127.0.0.1:{server.server_port}/index.html"

    yield publish
    server.shutdown()
    server.server_close()


def begin(page: Page, hand: Mouse) -> None:
    hand.press("New case")
    expect(page.get_by_role("button", name="Begin", exact=True)).to_be_visible(timeout=PATIENCE)
    for field, typed, shown in (("From", "Baku", "Baku"), ("To", "Grosny", "Grozny")):
        hand.write("combobox", field, typed)
        expect(page.get_by_role("option").first).to_contain_text(shown, timeout=PATIENCE)
        page.keyboard.press("Enter")
        expect(page.get_by_role("combobox", name=field, exact=True)).to_have_value(re.compile(shown))
    hand.write("textbox", "Day of the flight", "25 December 2024")
    hand.write("textbox", "Flight number", "J2-8243")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-history").get_by_role("status")).to_have_text(re.compile("Draft"), timeout=PATIENCE)


def find_place(page: Page, hand: Mouse, name: str, shown: str) -> None:
    panel = page.locator(".st-key-places")
    hand.write("combobox", "Find a place, any spelling", name, panel)
    expect(page.get_by_role("option").first).to_contain_text(shown, timeout=PATIENCE)
    page.keyboard.press("Enter")
    expect(panel.get_by_role("table").first).to_contain_text(shown, timeout=PATIENCE)


def tell(page: Page, hand: Mouse, number: int) -> None:
    """One event with its source."""
    title, time, url, publisher, headline = EVENTS[number]
    form = page.locator(".st-key-event-form")
    hand.press("Add event")
    expect(page.get_by_role("button", name=re.compile("no title yet"))).to_be_visible(timeout=PATIENCE)
    hand.write("textbox", "Time", time, form)
    page.keyboard.press("Tab")
    if "UTC" not in time:
        expect(form.get_by_text(re.compile(rf"{time} = \d\d:\d\d UTC"))).to_be_visible(timeout=PATIENCE)
    hand.write("textbox", "What happened", title, form)
    page.keyboard.press("Tab")
    hand.choose("Confirmed")
    row = page.get_by_role("table", name="Events", exact=True).get_by_role("button", name=re.compile(title))
    expect(row).to_have_accessible_name(re.compile("Confirmed"), timeout=PATIENCE)
    hand.write("combobox", "Sources of the event", url, form)
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(form.get_by_role("textbox", name="Publisher")).to_be_visible(timeout=PATIENCE)
    hand.write("textbox", "Publisher", publisher, form)
    page.keyboard.press("Tab")
    hand.write("textbox", "Title", headline, form)
    page.keyboard.press("Tab")
    expect(form.get_by_role("textbox", name="Publisher")).to_have_count(0, timeout=PATIENCE)
    hand.press("Close", form)
    expect(form).to_have_count(0, timeout=PATIENCE)
    expect(row).to_have_accessible_name(re.compile(rf"{title}, .*Confirmed, 1$"))


def drop(page: Page, hand: Mouse, file: Path) -> None:
    """A track, and the account of its rows."""
    panel = page.locator(".st-key-panel-tracks")
    hand.give("Drop tracks here", file, panel)
    expect(panel.get_by_text("rows read")).to_be_visible(timeout=PATIENCE)


def publish(page: Page, hand: Mouse) -> str:
    """Save, publish, and give the embed code."""
    hand.press("Save")
    expect(page.locator(".st-key-history").get_by_role("status")).to_have_text(
        re.compile(r"Saved \d\d:\d\d UTC"), timeout=PATIENCE
    )
    expect(page.get_by_role("radio", name="Publish")).to_have_count(1, timeout=PATIENCE)
    hand.choose("Publish", "Data", "Edit", "Story")
    expect(page.get_by_text("Not published yet")).to_be_visible(timeout=PATIENCE)
    hand.press("Publish")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible(timeout=PATIENCE)
    hand.write("textbox", "Your name", "Ada Example", dialog)
    page.keyboard.press("Tab")
    hand.press("Publish", dialog)
    expect(dialog).to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_text(re.compile(r"Published .* by Ada Example")).first).to_be_visible(timeout=PATIENCE)
    return page.locator(".stCode code").first.inner_text()


@pytest.mark.parametrize("how", [Mouse, Keyboard])
def test_from_an_empty_library_to_a_page_in_an_article(
    library: tuple[str, Path], article: Callable[[str], str], open_page: Open, tmp_path: Path, how: type[Mouse]
) -> None:
    address, folder = library
    file = tmp_path / "track.csv"
    file.write_text(TRACK, encoding="utf-8")
    page = open_page()
    page.goto(address)
    expect(page.get_by_role("heading", name="No case yet")).to_be_visible(timeout=PATIENCE)
    hand = how(page)
    begin(page, hand)
    find_place(page, hand, "Aktau", "Aktau")
    for number in range(len(EVENTS)):
        tell(page, hand, number)
    drop(page, hand, file)
    code = publish(page, hand)
    screenshot(page, f"ten-minutes-{how.__name__.lower()}", full=True)

    case = tomllib.loads((folder / "j2-8243" / "case.toml").read_text(encoding="utf-8"))
    assert [event["title"]["en"] for event in case["event"]] == [event[0] for event in EVENTS]
    assert all(event["sources"] for event in case["event"])
    reader = open_page()
    reader.goto(article(code))
    inside = reader.frame_locator("iframe")
    expect(inside.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE)
    for event in EVENTS:
        expect(inside.get_by_role("list", name="Timeline").get_by_text(event[0])).to_be_visible()
    inside.get_by_role("list", name="Timeline").get_by_text(EVENTS[2][0]).click()
    expect(inside.get_by_role("link", name=re.compile(EVENTS[2][3])).first).to_be_visible()
