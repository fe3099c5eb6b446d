"""Tracks and stretches on the Edit page of the real dashboard: dropped, reported, removed; gaps that are explained."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from browser import harness
from browser.harness import axe, screenshot
from playwright.sync_api import expect

from geo.dashboard.drafts import Drafts
from geo.resources import data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import FilePayload, Locator, Page

    Open = Callable[..., Page]

PATIENCE = 60_000
CASE = "jl516"
HEAD = "time,icao24,callsign,lat,lon,altitude_ft,ground_speed_kt\n"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A dashboard on a copy of one case with a track, and its folder."""
    folder = tmp_path_factory.mktemp("cases")
    shutil.copytree(data("cases", CASE), folder / CASE)
    with harness.dashboard(str(folder)) as address:
        yield address, folder


def edit(opened: Page, running: tuple[str, Path]) -> Page:
    """The Edit page on a draft of its own, once its preview stands."""
    address, folder = running
    opened.goto(f"{address}/?case={CASE}&page=edit&draft={Drafts(folder).begin(CASE).id}")
    expect(opened.locator(".fcp[data-shown*='/draft/']")).to_be_attached(timeout=PATIENCE)
    return opened


def panel(opened: Page, name: str) -> Locator:
    return opened.locator(f".st-key-panel-{name}")


def csv(name: str, lines: list[str]) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": (HEAD + "\n".join(lines) + "\n").encode()}


def fix(minute: int, lat: float, callsign: str = "JAL516", address: str = "8467d8") -> str:
    return f"2024-01-02T08:{minute:02}:00Z,{address},{callsign},{lat},140.0,9000,300"


def test_a_track_is_dropped_reported_row_by_row_and_removed(running: tuple[str, Path], open_page: Open) -> None:
    opened = edit(open_page(), running)
    tracks = panel(opened, "tracks")
    expect(tracks.get_by_text("305", exact=True).first).to_be_visible(timeout=PATIENCE)
    lines = [fix(minute, 36 + minute * 0.08) for minute in range(12)]
    lines[3] = "no time,8467d8,JAL516,1,2,3,4"
    lines[7] = fix(7, 76.0)
    many = [f"2024-01-02T09:{minute:02}:00Z,8467d8,JAL516,95,140,9000,300" for minute in range(50)]
    page_of_html: FilePayload = {
        "name": "saved.csv",
        "mimeType": "text/csv",
        "buffer": b"<!doctype html><title>Sign in</title>",
    }
    tracks.locator("input[type=file]").set_input_files([csv("second.csv", lines + many), page_of_html])
    expect(tracks.get_by_text("saved.csv was not taken")).to_contain_text("a web page", timeout=PATIENCE)
    # The one that was taken is shown: its figures, and a page of its findings.
    form = tracks.locator(".st-key-track-form")
    expect(form.get_by_text("second.csv")).to_be_visible(timeout=PATIENCE)
    for figure, what in (("62", "rows read"), ("51", "rows rejected"), ("1", "row unreadable")):
        expect(form.locator("[class*='st-key-track-figure-']").filter(has_text=what).first).to_contain_text(figure)
    table = form.get_by_role("table", name="Findings in the track")
    expect(table.get_by_role("columnheader")).to_have_text(["Finding", "Row", "Value", "What the tool does"])
    expect(table.get_by_role("row")).to_have_count(21)
    expect(table.get_by_role("row").nth(1)).to_contain_text("Unreadable")
    expect(form.get_by_text(re.compile("^1 to 20 of "))).to_be_visible()
    form.get_by_role("button", name="Next").click()
    expect(form.get_by_text(re.compile("^21 to 40 of "))).to_be_visible(timeout=PATIENCE)
    expect(table.get_by_role("row").nth(1)).to_contain_text("Rejected")
    form.get_by_role("radio", name=re.compile("^Gap")).click(force=True)
    expect(table.get_by_role("row").nth(1)).to_contain_text("no position received", timeout=PATIENCE)
    screenshot(opened, "dashboard-tracks")
    assert [str(violation) for violation in axe(opened, ".st-key-track-form")] == []
    # Removed, and brought back by undo.
    files = tracks.get_by_role("table", name="Track", exact=True)
    expect(files.get_by_role("row")).to_have_count(3)
    form.get_by_role("button", name="Remove this track").click()
    expect(files).to_have_count(0, timeout=PATIENCE)
    opened.get_by_role("button", name="Undo").click()
    expect(files.get_by_role("row")).to_have_count(3, timeout=PATIENCE)


def test_one_of_several_flights_is_chosen_and_another_aircraft_told_apart(
    running: tuple[str, Path], open_page: Open
) -> None:
    opened = edit(open_page(), running)
    tracks = panel(opened, "tracks")
    lines = [fix(minute, 35 + minute * 0.05, "JAX1", "abc001") for minute in range(9)]
    lines += [fix(minute, 36 + minute * 0.05, "JAX2", "abc002") for minute in range(9)]
    tracks.locator("input[type=file]").set_input_files([csv("others.csv", lines)])
    form = tracks.locator(".st-key-track-form")
    expect(form.get_by_text("others.csv", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(form.get_by_text("this is a track of another aircraft")).to_be_visible()
    expect(opened.get_by_text("Not in the preview until it is mended: track")).to_be_visible()
    form.get_by_role("button", name="It is another aircraft").click()
    expect(opened.get_by_text("Not in the preview until it is mended")).to_have_count(0, timeout=PATIENCE)
    table = tracks.get_by_role("table", name="Track", exact=True)
    harness.idle(opened)
    table.get_by_role("button", name=re.compile("others.csv")).click()
    expect(form.get_by_role("checkbox", name="Every aircraft of the file")).to_be_checked(timeout=PATIENCE)
    form.locator("label", has_text="Every aircraft of the file").click()
    form.get_by_role("combobox", name="Flight in the file").click(timeout=PATIENCE)
    opened.get_by_role("option", name=re.compile("JAX2")).click()
    name = form.get_by_role("textbox", name=re.compile("^Name"))
    name.fill("JAX2, in the pattern")
    name.press("Enter")
    expect(table.get_by_role("row", name=re.compile("others.csv"))).to_contain_text("other aircraft", timeout=PATIENCE)
    expect(opened.get_by_text("Not in the preview until it is mended")).to_have_count(0, timeout=PATIENCE)


def test_a_gap_becomes_a_stretch_whose_path_is_typed(running: tuple[str, Path], open_page: Open) -> None:
    opened = edit(open_page(), running)
    stretches = panel(opened, "stretches")
    gaps = stretches.get_by_role("table", name="Gaps of the track")
    first = gaps.get_by_role("row").nth(1)
    expect(first).to_contain_text("07:22:55 to 07:27:38", timeout=PATIENCE)
    first.get_by_role("button", name=re.compile("Say what is known")).click()
    form = stretches.locator(".st-key-stretch-form")
    expect(form.get_by_role("textbox", name="From")).to_have_value(re.compile("07:22:55 UTC"), timeout=PATIENCE)
    table = stretches.get_by_role("table", name="Stretches", exact=True)
    expect(table.get_by_role("row").nth(1)).to_contain_text("Straight between known ends")
    form.get_by_role("combobox", name="Line drawn").click()
    opened.get_by_role("option", name="Placed by hand").click()
    expect(form.get_by_text("needs a path of two or more points")).to_be_visible(timeout=PATIENCE)
    path = form.get_by_role("textbox", name="Path, one point a line")
    path.fill("new_chitose\nnew_chitose + 3 km @ 10°")
    path.press("Control+Enter")
    expect(form.get_by_text("needs a path of two or more points")).to_have_count(0, timeout=PATIENCE)
    expect(table.get_by_role("row").nth(1)).to_contain_text("Placed by hand, 2 points", timeout=PATIENCE)
    screenshot(opened, "dashboard-stretches")
    assert [str(violation) for violation in axe(opened, ".st-key-panel-stretches")] == []
    form.get_by_role("button", name="Remove this stretch").click()
    expect(table).to_have_count(0, timeout=PATIENCE)
