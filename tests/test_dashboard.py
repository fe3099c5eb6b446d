from __future__ import annotations

import ast
import shutil
import socket
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import geo
from geo.dashboard import library
from geo.dashboard.moment import Moment, moment, told
from geo.dashboard.serve import serve
from geo.resources import asset, data
from geo.route import trace
from geo.scene import compose, languages

SOURCES = sorted((Path(geo.__file__).parent / "dashboard").rglob("*.py"))


def literals(node: ast.expr) -> set[str]:
    """The texts that an argument can be: a literal, or either side of a choice between two."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) | literals(node.orelse)
    assert isinstance(node, ast.Constant), "say() is given a text, so that it can be found and translated"
    return {str(node.value)}


def said() -> set[str]:
    calls = [
        node
        for source in SOURCES
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say"
    ]
    return {text for call in calls for text in literals(call.args[0])}


@pytest.mark.parametrize("language", [language for language in languages() if language != "en"])
def test_every_word_of_the_dashboard_is_translated(language):
    with asset("locale", language, "flightcase.po").open("rb") as lines:
        known = {str(message.id) for message in read_po(lines) if message.id and message.string}
    assert len(said()) > 20
    assert said() - known == set()


@pytest.fixture(scope="module")
def scene():
    case = library.casefile.read(data("cases", "j2-8243"))
    return compose(case, trace(case), "en", "nautical")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, Moment("2024-12-25T05:42:40Z")),
        ({"t": "noon", "event": "nothing"}, Moment("2024-12-25T05:42:40Z")),
        ({"t": "2024-12-25T05:00:00Z"}, Moment("2024-12-25T05:00:00Z")),
        ({"t": "2024-12-25T09:00:00+04:00"}, Moment("2024-12-25T05:00:00Z")),
        ({"t": "2024-12-25T05:00:00"}, Moment("2024-12-25T05:00:00Z")),
        ({"t": "0001-01-01T00:00:00Z"}, Moment("2024-12-25T03:55:00Z")),
        ({"t": "9999-12-31T23:59:59Z"}, Moment("2024-12-25T06:27:58Z")),
        ({"event": "first-bang"}, Moment("2024-12-25T05:13:31Z", "first-bang")),
    ],
)
def test_a_moment_is_one_that_the_scene_has(scene, asked, shown):
    assert moment(scene, asked) == shown
    assert moment(scene, shown.query) == shown


def test_a_moment_is_told_by_its_event(scene):
    assert told(scene, Moment("2024-12-25T05:00:00Z")) == "05:00:00 UTC"
    assert told(scene, Moment("2024-12-25T05:42:40Z")) == "05:42:40 UTC, Crew decides for Aktau"
    after = next(event for event in scene["events"] if event["aftermath"])
    assert told(scene, Moment("2024-12-25T05:42:40Z", after["id"])).startswith(after["time_text"] + ", ")


def test_a_folder_that_is_a_case_is_shown_as_one(monkeypatch):
    monkeypatch.setenv(library.FOLDER, str(data("cases", "jl516")))
    assert [entry.slug for entry in library.entries()] == ["jl516"]


def test_cases_stand_latest_first_and_broken_ones_last(monkeypatch, tmp_path):
    for slug in ("j2-8243", "jl516"):
        shutil.copytree(data("cases", slug), tmp_path / slug)
    (tmp_path / "zz-broken").mkdir()
    (tmp_path / "zz-broken" / "case.toml").write_text("format = 1\n", encoding="utf-8")
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    found = library.entries()
    assert [entry.slug for entry in found] == ["j2-8243", "jl516", "zz-broken"]
    assert [bool(entry.problems) for entry in found] == [False, False, True]
    assert library.entry("../j2-8243") is None


def test_a_taken_port_is_said_before_anything_starts():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(OSError, match=f"port {port} cannot be had"):
            serve(port=port, browser=False)
