"""The case J2-8243: every row of the fact sheet, the order of events, what is drawn and what is not."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from shipped_cases import LANGUAGES, cited, event, shipped

from geo.geodesy import distance_m
from geo.model import Evidence, PathBasis
from geo.resources import data

if TYPE_CHECKING:
    from geo.model import Case, Event

SHARED = Path(__file__).parents[2] / "shared" / "cases" / "j2-8243"

#: Every row of the chronology of J2-8243: the time as sourced, and words of its title that tell it from its neighbours.
CHRONOLOGY = (
    ("03:55", "Take-off"),
    ("03:55–04:25", "Positions received along"),
    ("04:12", "Azerbaijani airspace"),
    ("04:25", "Last valid position"),
    ("04:25–04:37", "No data"),
    ("04:37", "position and speed false"),
    ("04:37:04", "both GPS"),
    ("04:37:11", "radar"),
    ("04:40", "Last message"),
    ("04:40–05:13", "No data"),
    ("04:50", "First approach"),
    ("04:50–05:11", "Two approaches at Grozny"),
    ("05:04–05:20", "Planned arrival"),
    ("05:06–05:10", "Second approach"),
    ("05:11:42", "return to Baku"),
    ("05:12", "GPS lost again"),
    ("05:13–05:25", "left circle"),
    ("05:13–06:07", "no position"),
    ("05:13:30", "3,500 ft"),
    ("05:13:31", "First bang"),
    ("05:13:32", "controls lost"),
    ("05:13:34", "Hydraulic system 3"),
    ("05:13:36", "Pitch trim"),
    ("05:13:39", "Cabin pressure"),
    ("05:13:47", "Hydraulic system 1"),
    ("05:13:54", "Hydraulic system 2"),
    ("05:13:56", "Second bang"),
    ("05:14:58", "two seats"),
    ("05:15:57", "bird strike"),
    ("05:16:54", "strong impact"),
    ("05:17–05:21", "other airports"),
    ("05:21", "Kover"),
    ("05:22:09", "hydraulics failed"),
    ("05:25", "Turns east"),
    ("05:26:58", "Last exchange with Grozny"),
    ("05:27:13–05:29:24", "Rostov"),
    ("05:27:47–05:29:28", "flight level 90"),
    ("05:29–05:39", "Makhachkala"),
    ("05:35", "7700"),
    ("05:37", "east again"),
    ("05:39:01", "elevator"),
    ("05:42:40", "decides for Aktau"),
    ("05:43", "Aktobe"),
    ("05:47", "Aktau tower"),
    ("05:53", "oxygen"),
    ("06:02", "Kazakh airspace"),
    ("06:02:47", "Distress call"),
    ("06:07", "received again"),
    ("06:07–06:27", "turns at Aktau"),
    ("06:19:13", "PULL UP"),
    ("06:22:20", "Flaps"),
    ("06:27:58", "Impact"),
)
AFTERMATH = (
    ("2024-12-25", "bird strike"),
    ("2024-12-25", "breaks off trip"),
    ("2024-12-26", "mourning"),
    ("2024-12-26", "last minutes"),
    ("2024-12-27", "outside interference"),
    ("2024-12-27", "demands"),
    ("2024-12-27", "drones"),
    ("2024-12-28", "Putin apologises"),
    ("2024-12-28", "prosecution staff in Grozny"),
    ("2024-12-28", "Three states"),
    ("2024-12-28", "Bastrykin"),
    ("2024-12-28", "Zelensky"),
    ("2024-12-29", "shot from the ground"),
    ("2024-12-30", "find the guilty"),
    ("2025-01-04–2025-01-07", "recorders"),
    ("2025-01-15", "transcript"),
    ("2025-02-04", "Preliminary report"),
    ("2025-02-04", "Pantsir"),
    ("2025-07-01", "alleged note"),
    ("2025-10-09", "10 m away"),
    ("2025-12-25", "warhead"),
    ("2025-12-26", "criminal case"),
    ("2026-03-02", "Overchuk"),
    ("2026-04-15", "Joint statement"),
)


def flight_8243() -> Case:
    return shipped("j2-8243")


def time_of(event: Event) -> str:
    """The time as the lists above write it: no finer than the case file has it."""
    written = event.time.written()
    ends = (written["from"], written["to"]) if isinstance(written, dict) and "from" in written else (written,)
    return "–".join(_written(end["about"] if isinstance(end, dict) else end) for end in ends)


def _written(moment: Any) -> str:
    text = moment if isinstance(moment, str) else moment.isoformat()
    clock = re.search(r"T(\d\d:\d\d(?::\d\d)?)", text)
    return clock[1] if clock else text


def test_102_of_153_minutes_are_without_a_valid_position() -> None:
    stretches = flight_8243().stretches
    for before, after in pairwise(stretches):
        assert before.to == after.from_
    without = [s for s in stretches if s.evidence is not Evidence.RECEIVED]
    seconds = sum((s.to - s.from_).total_seconds() for s in without)
    whole = (stretches[-1].to - stretches[0].from_).total_seconds()
    assert seconds == 102 * 60
    assert round(whole / 60) == 153
    for language in LANGUAGES:
        title = flight_8243().title.said(language)
        assert "102" in title
        assert "153" in title


def test_no_line_of_8243_pretends_to_be_measured() -> None:
    case = flight_8243()
    assert case.tracks == ()
    bases = [stretch.basis for stretch in case.stretches]
    assert bases.count(PathBasis.RECONSTRUCTED) == 1
    assert PathBasis.MEASURED not in bases
    for stretch in case.stretches:
        if stretch.evidence is Evidence.SILENT:
            assert stretch.basis is PathBasis.BRIDGED


def test_no_path_of_8243_runs_inside_the_ring_of_claims() -> None:
    case = flight_8243()
    grozny = case.places["grozny"]
    for stretch in case.stretches:
        for point in stretch.path:
            if point.kind == "offset":
                assert point.km == 18
                continue
            assert point.place is not None
            away_m = float(distance_m(grozny.lat, grozny.lon, point.place.lat, point.place.lon))
            assert away_m >= 18_000


def test_both_approaches_come_before_the_first_bang() -> None:
    bang = event("j2-8243", "first-bang").time.start
    for name in ("first-approach", "second-approach", "two-approaches"):
        assert event("j2-8243", name).time.end < bang
    order = [event.id for event in flight_8243().events if event.main]
    assert order.index("two-approaches") < order.index("first-bang")
    account = event("j2-8243", "two-approaches").text
    assert "before the first bang" in account.said("en")
    assert "vor dem ersten Knall" in account.said("de")


@pytest.mark.parametrize(("time", "words"), [*CHRONOLOGY, *AFTERMATH])
def test_every_row_of_the_facts_is_an_event(time: str, words: str) -> None:
    found = [e.id for e in flight_8243().events if time_of(e) == time and words in e.title.said("en")]
    assert len(found) == 1, f"{time} {words}: {found}"


def test_no_event_is_missing_from_the_lists_above() -> None:
    assert len(flight_8243().events) == len(CHRONOLOGY) + len(AFTERMATH) + len(
        {"grozny-weather"}
    )  # the weather is a fact of the flight, not a row of the chronology


@pytest.mark.skipif(not SHARED.is_dir(), reason="the fact sheet is not in the repository")
def test_the_fact_sheet_is_cited_row_by_row() -> None:
    facts = json.loads((SHARED / "events.json").read_text(encoding="utf-8"))
    case = flight_8243()
    timed = [e for e in case.events if not e.time.dated_only]
    for row in facts["events"]:
        first = re.search(r"\d\d:\d\d", row["utc"])
        assert first is not None
        near = [e for e in timed if first[0] in (e.time.start.strftime("%H:%M"), e.time.end.strftime("%H:%M"))]
        near += [e for e in timed if any(c.time and c.time.start.strftime("%H:%M") == first[0] for c in e.claims)]
        assert any(set(row["sources"]) <= cited(e) for e in near), row["event"]
    listed = {source.url for source in case.sources.values()}
    for source in facts["sources"].values():
        assert source["url"] in listed
    for row in facts["aftermath"]:
        for url in re.findall(r"https?://[^\s;]+", row["source"]):
            assert url in listed, url


@pytest.mark.skipif(not SHARED.is_dir(), reason="the article is not in the repository")
def test_no_sentence_of_the_article_is_shipped() -> None:
    article = (SHARED / "article_de.txt").read_text(encoding="utf-8")
    pieces = [piece.strip() for piece in re.split(r"[.,;\n]", article) if len(piece.split()) >= 5]
    assert len(pieces) > 15
    shipped_text = data("cases", "j2-8243", "case.toml").read_text(encoding="utf-8")
    assert [piece for piece in pieces if piece in shipped_text] == []


def test_the_places_of_8243_are_those_of_the_facts() -> None:
    places = flight_8243().places
    positions = {name: (place.lat, place.lon) for name, place in places.items()}
    assert positions == {
        "baku": (40.4675, 50.0467),
        "grozny": (43.3881, 45.6998),
        "aktau": (43.8601, 51.0919),
        "makhachkala": (42.8168, 47.6523),
        "mineralnye_vody": (44.226803, 43.083014),
        "crash_site": (43.8825, 51.01),
    }
    assert places["crash_site"].within_km == 1.5
    assert places["grozny"].name.said("de") == "Grosny"
    assert places["aktau"].name.said("kk") == "Ақтау"
    assert places["makhachkala"].name.said("az") == "Mahaçqala"


def test_the_claims_on_the_first_bang_stand_side_by_side() -> None:
    claims = event("j2-8243", "first-bang").claims
    wheres = [claim.place for claim in claims if claim.about == "place" and claim.place is not None]
    north, south = wheres[:2]
    assert (north.kind, north.km, north.bearing_deg) == ("offset", 18, 337.5)
    assert (south.kind, south.bearing_deg, south.half_angle_deg) == ("direction", 180, 30)
    assert {where.km for where in wheres if where.kind == "ring"} == {15, 16}
    assert len([claim for claim in claims if claim.about == "altitude"]) == 2
