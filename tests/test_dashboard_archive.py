"""The Archive page without a browser: what was typed becomes a question, the answer is whole, and can be stopped."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from asgi import ask as request
from hypothesis import given as from_any
from hypothesis import strategies as some
from made_archive import block, lay
from starlette.applications import Starlette
from starlette.routing import Route

from geo.archive.archive import Archive
from geo.archive.catalogue import changing
from geo.dashboard import settings
from geo.dashboard.archive import answering, asking, giving, received
from geo.dashboard.archive.given import address, box_of, corners_of, read
from geo.dashboard.archive.question import Circle, Polygon, Question, area_said, days_said, said, time_said
from geo.dashboard.archive.received import box
from geo.errors import ArchiveError, SettingsError
from geo.geodesy import distance_m
from geo.model import Place, Text
from geo.scene.words import Words, languages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geo.archive.answer import Answer

DAY = datetime(2024, 12, 25, tzinfo=UTC)
NEXT = DAY + timedelta(days=1)
GROZNY = Place(name=Text({"en": "Grozny"}), lat=43.388, lon=45.699)
WORDS = Words("en")
AROUND = Circle(GROZNY, "Grozny", 100.0)
PATIENCE_S = 120


def flight(icao24: str, callsign: str, start: datetime, count: int, **more: Any) -> dict[str, Any]:
    place = {key: Decimal("43.0") for key in ("first_lat", "first_lon", "last_lat", "last_lon")}
    times = {"first_time": start, "last_time": start + timedelta(seconds=10 * (count - 1))}
    told = {"fixes": count, "distance_km": 500.0, "silent_s": 10, **more}
    return {"icao24": icao24, "callsign": callsign, **times, **place, **told}


def jump(icao24: str, at: datetime) -> dict[str, Any]:
    ends = {"lat_before": "43.1", "lon_before": "45.2", "lat": "42.1", "lon": "47.4"}
    times = {"time_before": at - timedelta(seconds=10), "time": at}
    return {
        "icao24": icao24,
        "callsign": "TST1",
        **times,
        **{key: Decimal(value) for key, value in ends.items()},
        "altitude_ft": 34000,
        "distance_km": 210.5,
        "implied_kt": 40900.0,
    }


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day with a flight over Grozny, one beside its line to there, one over the antimeridian, and jumps."""
    n = 360
    start = DAY + timedelta(hours=4)
    over = block("600841", start, np.linspace(40.4, 46.4, n), np.linspace(50.0, 41.4, n), callsign="AHY8243")
    bent = 40.4675 + (43.388 - 40.4675) * np.linspace(0, 1, n) + 1.2 * np.sin(np.linspace(0, np.pi, n))
    beside = block("600842", start, bent, np.linspace(50.0467, 45.699, n), callsign="AHY8245")
    far = np.linspace(175, 190, n)
    pacific = block("71be01", start, np.linspace(50, 52, n), (far + 180) % 360 - 180, callsign="KAL1")
    return lay(
        tmp_path_factory.mktemp("archive"),
        [over, beside, pacific],
        [
            flight("600841", "AHY8243", start, n, origin="UBBB", destination="UATE", highest_ft=30000),
            flight("600842", "AHY8245", start, n, origin="UBBB", destination="URMG"),
        ],
        [jump("600841", start + timedelta(minutes=minute)) for minute in range(5)],
    )


class Hears:
    """Hears what is read, and stops nothing."""

    def hear(self, given: Answer) -> Answer:
        return given

    def go_on(self) -> None: ...

    def drawing(self) -> None: ...


def ask(root: Path, folder: Path, kind: Any, **more: Any) -> answering.Found:
    question = Question(kind, **{"start": DAY, "end": NEXT, **more})
    return answering.answer(Archive.open(root), question, folder, Hears())


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


# --- what was typed --------------------------------------------------------------------------------------------------


def typed(kind: str, **held: Any) -> Any:
    times = {"from": "25 December 2024", "to": "25 December 2024"}
    return read({"kind": kind, "km": 50.0, "off": 50.0, **times, **held}, WORDS, [date(2024, 12, 25)])


def test_a_day_alone_is_all_of_it_and_a_time_has_the_day_of_the_beginning() -> None:
    whole = typed("aircraft", aircraft="600841")
    assert whole.between == (DAY, NEXT)
    hours = typed("aircraft", aircraft="600841", **{"from": "24 December 2024 08:00 Moscow", "to": "0612Z"})
    assert hours.between == (DAY - timedelta(hours=19), DAY - timedelta(hours=18) + timedelta(minutes=12))
    assert typed("aircraft", aircraft="600841", **{"from": "04:00 UTC", "to": "05:00 UTC"}).start == DAY.replace(hour=4)


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"from": ""}, "from", "Write a day, such as 25 December 2024"),
        ({"from": "08:12"}, "from", "needs its zone"),
        ({"from": "December 2024"}, "from", "One moment is needed here"),
        ({"to": "24 December 2024"}, "to", "This is not after the beginning."),
        ({"aircraft": ""}, "aircraft", "six hexadecimal digits"),
        ({"aircraft": "not an aircraft"}, "aircraft", "six hexadecimal digits"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(given: dict[str, str], field: str, message: str) -> None:
    wrong = typed("aircraft", **{"aircraft": "600841", **given})
    assert message in wrong[field]


def test_an_address_and_a_callsign_are_told_apart() -> None:
    assert typed("aircraft", aircraft=" 600841 ").icao24 == "600841"
    assert typed("aircraft", aircraft="~2A4B6C").icao24 == "~2a4b6c"
    assert typed("aircraft", aircraft="ahy 8243").callsign == "AHY8243"


def test_areas_and_places_are_read() -> None:
    near = typed("near", place={"text": "43.4, 45.7", "write": "43.4, 45.7"}, km=25.0)
    assert (near.area.place.lat, near.area.km) == (43.4, 25.0)
    assert typed("jumps").area is None
    drawn = typed("near", where="drawn", corners=[(42, 44), (42, 47), (45, 47)])
    assert drawn.area == Polygon(((42, 44), (42, 47), (45, 47)))
    assert "three corners" in typed("near", where="drawn", corners=[(42, 44)])["corners"]
    assert "cross" in typed("near", where="drawn", corners=[(42, 44), (45, 47), (45, 44), (42, 47)])["corners"]
    strayed = typed("strayed", origin={"write": "UBBB"}, destination={"write": "URMG"}, callsigns="ahy8243; AHY8245")
    assert (strayed.origin.icao, strayed.destination.icao) == ("UBBB", "URMG")
    assert strayed.callsigns == ("AHY8243", "AHY8245")
    assert set(typed("strayed", origin={"write": ""}, callsigns="?")) == {"origin", "destination", "callsigns"}


@from_any(
    some.floats(-89, 88),
    some.floats(0.5, 1),
    some.floats(-180, 180),
    some.floats(0.5, 359),
)
def test_a_box_that_is_typed_is_an_area_that_holds_its_middle(
    south: float, height: float, west: float, width: float
) -> None:
    east = (west + width + 180) % 360 - 180
    sides = [round(side, 3) for side in (south, west, south + height, east)]
    if sides[1] == sides[3]:
        return
    corners = box_of("{}, {}, {}, {}".format(*sides))
    turn = ((sides[3] - sides[1]) % 360) / 2
    middle = np.array([(sides[1] + turn + 180) % 360 - 180]), np.array([(sides[0] + sides[2]) / 2])
    assert bool(received.inside(Polygon(tuple(corners)), middle[1], middle[0])[0])
    outside = np.array([sides[0] - 0.3])
    assert not bool(received.inside(Polygon(tuple(corners)), outside, middle[0])[0])


@pytest.mark.parametrize("text", ["", "1, 2, 3", "45, 44, 42, 48", "1, 2, 3, 4, 5", "91, 1, 92, 2", "a, b, c, d"])
def test_what_is_no_box_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="four sides"):
        box_of(text)


def test_a_question_stands_in_the_address() -> None:
    held = {"kind": "near", "where": "drawn", "km": 50.0, "corners": [(42.5, 44.0), (42.0, 47.0), (45.0, 47.0)]}
    query = address({**held, "from": "25 December 2024", "to": "06:00 UTC"})
    assert query["ask"] == "near"
    assert corners_of(query["corners"]) == held["corners"]
    assert corners_of("nothing") == []
    place = address({"kind": "near", "km": 20.0, "place": {"write": {"lat": 43.4, "lon": 45.7}}})
    assert (place["place"], place["km"]) == ("43.4, 45.7", "20")


# --- saying it back --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("units", ["nautical", "imperial"])
def test_questions_are_said_back_in_every_language(language: str, units: Any) -> None:
    words = Words(language, units)
    asked = [
        Question("aircraft", DAY, NEXT, icao24="600841"),
        Question("near", DAY, NEXT, area=AROUND),
        Question("jumps", DAY, NEXT, area=Polygon(((1, 2), (3, 4), (5, 6)))),
        Question("strayed", DAY, NEXT, names=("Baku", "Grozny"), km=50),
    ]
    told = [said(question, words) for question in asked]
    assert len(set(told)) == len(asked)
    assert all("{" not in text for text in told)
    assert "Grozny" in told[1]


def test_times_and_days_are_said_shortly() -> None:
    assert time_said(DAY, NEXT, WORDS) == "25 December 2024"
    assert time_said(DAY.replace(hour=4), DAY.replace(hour=6), WORDS) == "25 December 2024, 04:00 to 06:00 UTC"
    assert time_said(DAY.replace(hour=4), NEXT.replace(hour=6), WORDS).startswith("25 December 2024, 04:00 UTC to 26 ")
    days = [date(2024, 12, day) for day in (3, 4, 5, 9)]
    assert days_said(days, WORDS) == "3–5 Dec 2024 and 9 December 2024"
    assert area_said(None, WORDS) == "anywhere"


# --- answers ---------------------------------------------------------------------------------------------------------


def test_passes_are_listed_and_their_lines_stay_in_the_area(root: Path, tmp_path: Path) -> None:
    found = ask(root, tmp_path, "near", area=AROUND)
    assert [row.callsign for row in found.rows] == ["AHY8245", "AHY8243"]
    assert (found.count, found.missing) == (2, ())
    assert len(rows_of(found.files["passes.csv"])) == 2
    for number, row in enumerate(found.rows):
        lat, lon = (np.concatenate(column) for column in zip(*found.lines[number], strict=True))
        away = distance_m(lat, lon, GROZNY.lat, GROZNY.lon)
        assert away.max() <= 100_000
        assert away.max() > 95_000
        assert row.values["fixes"] > len(lat)


def test_an_area_with_corners_gives_what_lies_in_it(root: Path, tmp_path: Path) -> None:
    corners = ((49.0, 178.0), (49.0, -175.0), (53.0, -175.0), (53.0, 178.0))
    found = ask(root, tmp_path, "near", area=Polygon(corners))
    assert [row.icao24 for row in found.rows] == ["71be01"]
    ((_, lon),) = found.lines[0]
    assert lon[0] >= 178
    assert lon[-1] <= 185
    assert np.all(np.diff(lon) > 0)
    assert "nearest_km" not in found.rows[0].values


def test_where_an_aircraft_was_has_its_flights_and_every_row(root: Path, tmp_path: Path) -> None:
    by_address = ask(root, tmp_path, "aircraft", icao24="600841")
    assert [row.values["origin"] for row in by_address.rows] == ["UBBB"]
    assert len(rows_of(by_address.files["positions.csv"])) == 360
    assert len(by_address.lines[0]) == 1
    (tmp_path / "called").mkdir()
    by_callsign = ask(root, tmp_path / "called", "aircraft", callsign="AHY8243")
    assert rows_of(by_callsign.files["positions.csv"]) == rows_of(by_address.files["positions.csv"])
    assert ask(root, tmp_path, "aircraft", callsign="NOBODY").rows == ()


def test_what_is_of_no_flight_is_not_lost(root: Path, tmp_path: Path) -> None:
    found = ask(root, tmp_path, "aircraft", icao24="71be01")
    (row,) = found.rows
    assert (row.values["what"], row.values["fixes"]) == ("received", 360)
    assert (row.start, row.end) == (DAY + timedelta(hours=4), DAY + timedelta(hours=4, seconds=3590))


def test_jumps_are_listed_or_counted_by_hour(root: Path, tmp_path: Path) -> None:
    each = ask(root, tmp_path, "jumps", area=AROUND)
    assert each.count == 5
    assert each.lines == {}
    hours = ask(root, tmp_path, "jumps", by="hour")
    assert [(row.values["cell_lat"], row.values["jumps"]) for row in hours.rows] == [(42, 5), (43, 5)]
    assert ask(root, tmp_path, "jumps", area=Circle(GROZNY, "Grozny", 5)).count == 0


def test_flights_that_strayed_or_were_diverted_are_one_answer(root: Path, tmp_path: Path) -> None:
    ends = {"origin": Place(name=Text({"en": "Baku"}), icao="UBBB", lat=40.4675, lon=50.0467)}
    ends["destination"] = Place(name=Text({"en": "Grozny"}), icao="URMG", lat=43.388, lon=45.699)
    found = ask(root, tmp_path, "strayed", **ends, km=50.0, callsigns=("AHY8243",))
    assert [(row.values["what"], row.callsign) for row in found.rows][:1] == [("strayed", "AHY8245")]
    assert set(found.files) == {"strayed.csv", "diverted.csv"}


def test_days_that_are_not_there_are_told(root: Path, tmp_path: Path) -> None:
    found = ask(root, tmp_path, "near", area=AROUND, end=NEXT + timedelta(days=2))
    assert found.missing == (date(2024, 12, 26), date(2024, 12, 27))
    nothing = ask(root, tmp_path, "near", area=AROUND, start=NEXT, end=NEXT + timedelta(hours=1))
    assert (nothing.count, nothing.rows, nothing.missing) == (0, (), (date(2024, 12, 26),))


def test_of_very_many_the_first_500_are_shown_and_all_are_in_the_file(tmp_path: Path) -> None:
    many = [
        block(
            f"{0x400000 + number:06x}",
            DAY,
            [43.4, 43.4],
            [45.7 + number / 1000, 45.71 + number / 1000],
            callsign=f"T{number}",
        )
        for number in range(612)
    ]
    lay(tmp_path / "root", many)
    found = ask(tmp_path / "root", tmp_path, "near", area=Circle(GROZNY, "Grozny", 200))
    assert (len(found.rows), found.count) == (500, 612)
    assert len(rows_of(found.files["passes.csv"])) == 612
    nearest = [row.values["nearest_km"] for row in found.rows]
    assert nearest == sorted(nearest)


# --- the browser's part ----------------------------------------------------------------------------------------------


@from_any(some.lists(some.tuples(some.floats(-85, 85), some.floats(-180, 179.9)), min_size=1, max_size=12))
def test_the_view_of_positions_holds_all_of_them(points: list[tuple[float, float]]) -> None:
    west, south, east, north = box(points) or [0, 0, 0, 0]
    assert -180 <= west <= 180
    assert 0 <= east - west <= 360
    for lat, lon in points:
        assert south <= lat <= north
        assert any(west - 1e-6 <= lon + turn <= east + 1e-6 for turn in (0, 360))


def test_a_view_over_the_antimeridian_is_narrow() -> None:
    west, _, east, _ = box([(50, 179), (51, -179)]) or [0, 0, 0, 0]
    assert (west, round(east, 6)) == (179, 181)
    assert box([]) is None


@pytest.mark.parametrize("language", languages())
def test_an_answer_is_told_in_every_language(root: Path, tmp_path: Path, language: str) -> None:
    kinds: list[dict[str, Any]] = [
        {"kind": "aircraft", "icao24": "600841"},
        {"kind": "near", "area": AROUND},
        {"kind": "jumps"},
        {"kind": "jumps", "by": "hour"},
    ]
    for more in kinds:
        question = Question(start=DAY, end=NEXT, **more)
        found = answering.answer(Archive.open(root), question, tmp_path, Hears())
        asked = asking.Asking(question, root, "session")
        for units in ("nautical", "metric"):
            told = giving.told(asked, found, Words(language, units))  # type: ignore[arg-type]  # a literal
            assert len(told["rows"]) == len(found.rows) > 0
            for row in told["rows"]:
                assert len(row["cells"]) == len(told["columns"])
            assert json.loads(json.dumps(told)) == told
            assert told["box"] is not None


def test_a_line_reads_back_within_eleven_metres(root: Path, tmp_path: Path) -> None:
    found = ask(root, tmp_path, "near", area=AROUND)
    told = giving.told(asking.Asking(Question("near", DAY, NEXT, area=AROUND), root, "session"), found, WORDS)
    steps = np.cumsum(np.array(told["rows"][0]["paths"][0]).reshape(-1, 2), axis=0) * told["quantum"]
    lat, lon = found.lines[0][0]
    assert distance_m(steps[:, 1], steps[:, 0], lat, lon).max() < 11


# --- asking in a thread ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose question takes long: every hour of a day names one file, which so is read 24 times."""
    n = 6000
    blocks = [
        block(f"{0x400000 + number:06x}", DAY, np.linspace(30, 50, n), np.linspace(40, 50, n), step_s=0.5)
        for number in range(50)
    ]
    made = lay(tmp_path_factory.mktemp("slow"), blocks)
    with changing(made) as days:
        (day,) = days
        days[day] = replace(days[day], area=dict.fromkeys(range(24), days[day].area[0]))
    return made


LONG = Question("near", DAY, NEXT, area=Circle(GROZNY, "Grozny", 9000))


def until(true: Callable[[], object]) -> None:
    """Wait for another thread."""
    for _ in range(PATIENCE_S * 100):
        if true():
            return
        WAIT.wait(0.01)
    pytest.fail("it never came")


WAIT = Event()


def test_a_question_is_stopped_in_the_engine(slow: Path, tmp_path: Path) -> None:
    heard: list[Answer] = []

    class Stops(Hears):
        def hear(self, given: Answer) -> Answer:
            heard.append(given)
            Thread(target=stop, args=(given,), daemon=True).start()
            return given

    def stop(given: Answer) -> None:
        until(lambda: given.progress is not None)
        given.interrupt()

    with pytest.raises(ArchiveError, match="stopped") as caught:
        answering.answer(Archive.open(slow), LONG, tmp_path, Stops())
    # DuckDB itself let go of it: nothing was read to the end.
    assert type(caught.value.__cause__).__name__ == "InterruptException"
    assert heard[0].is_stopped


def test_asking_goes_on_beside_the_page_and_ends_with_it(slow: Path, root: Path) -> None:
    first = asking.ask(LONG, slow, "one")
    until(lambda: first.share is not None)
    assert (first.phase, first.found) == ("asking", None)
    # Another session asks and is answered meanwhile: nobody waits for the other's lock.
    second = asking.ask(Question("near", DAY, NEXT, area=AROUND), root, "two")
    assert second.ended.wait(PATIENCE_S)
    assert second.found is not None
    assert not first.ended.is_set()
    assert asking.by_id(second.id) is second
    # Leaving stops what runs, and keeps what was answered.
    asking.leave("one")
    asking.leave("two")
    assert first.ended.wait(PATIENCE_S)
    assert (first.found, first.wrong, first.failed) == (None, "", False)
    assert asking.asked("one") is None
    assert asking.asked("two") is second
    files = list(second.found.files.values())
    assert all(file.is_file() for file in files)
    third = asking.ask(Question("aircraft", DAY, NEXT, icao24="600841"), root, "two")
    assert third.ended.wait(PATIENCE_S)
    assert not any(file.exists() for file in files)
    asking.leave("two", forget=True)


def test_a_question_that_nobody_waits_for_is_stopped(slow: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_LOOK_S", 0.02)
    monkeypatch.setattr(asking, "_AWAY_S", 0.1)
    monkeypatch.setattr(asking, "_is_there", lambda _: False)
    gone = asking.ask(LONG, slow, "gone")
    assert gone.ended.wait(PATIENCE_S)
    assert gone.stopped.is_set()
    assert gone.found is None
    assert asking.asked("gone") is None


def test_what_goes_wrong_is_said(root: Path, tmp_path: Path) -> None:
    nowhere = asking.ask(LONG, tmp_path, "three")
    assert nowhere.ended.wait(PATIENCE_S)
    assert "there is no archive" in nowhere.wrong
    far = asking.ask(replace(LONG, area=Circle(GROZNY, "Grozny", 20_000)), root, "three")
    assert far.ended.wait(PATIENCE_S)
    assert "10,000 km" in far.wrong
    asking.leave("three", forget=True)


def test_the_browser_is_given_answers_files_and_land(root: Path) -> None:
    app = Starlette(
        routes=[
            Route("/answer/{id}/{language}/{units}.json", giving.give),
            Route("/file/{id}/{name}", giving.give),
            Route("/ground/{language}/{box}.json", giving.give_ground),
        ]
    )
    asked = asking.ask(Question("near", DAY, NEXT, area=AROUND), root, "four")
    assert asked.ended.wait(PATIENCE_S)
    told = request(app, f"/answer/{asked.id}/en/nautical.json")
    assert told.status == 200
    assert b"AHY8243" in told.body
    file = request(app, f"/file/{asked.id}/passes.csv")
    assert (file.status, file.body.count(b"\n")) == (200, 3)
    for path in (
        f"/answer/{asked.id}/xx/nautical.json",
        "/answer/none/en/nautical.json",
        f"/file/{asked.id}/passwd",
        "/ground/en/1,2,3.json",
        "/ground/en/10,20,5,30.json",
    ):
        assert request(app, path).status == 404
    land = request(app, "/ground/de/40,38,50,46.json")
    assert "Georgien" in {each["text"] for each in json.loads(land.body)["names"]}
    asking.leave("four", forget=True)
    assert request(app, f"/file/{asked.id}/passes.csv").status == 404


# --- settings --------------------------------------------------------------------------------------------------------


def test_an_archive_is_looked_at_when_the_settings_are_read(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[archive]\nroot = '{root}'\n", encoding="utf-8")
    assert settings.read(file).archive == root
    file.write_text("[archive]\nroot = 'nothing-here'\nfast = true\n", encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        settings.read(file)
    told = {problem.where: problem.message for problem in caught.value.problems}
    assert set(told) == {"archive.fast", "archive.root"}
    assert f"{tmp_path / 'nothing-here'}: there is no archive" in told["archive.root"]


def test_without_what_an_archive_needs_the_server_says_what_to_install(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "find_spec", lambda name: None if name == "duckdb" else object())
    (problem,) = settings.archive_problems(root)
    assert problem.message == "duckdb not installed; an archive needs: pip install 'flightcase[archive]'"


def test_without_an_archive_nothing_of_it_is_loaded() -> None:
    code = (
        "import sys; import geo.dashboard.frame, geo.dashboard.serve; "
        "from geo.dashboard.routes import routes; routes(); "
        "print([name for name in sys.modules if name.split('.')[0] in ('duckdb', 'ibis', 'pyspark') "
        "or name.startswith(('geo.archive', 'geo.dashboard.archive'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip().splitlines()[-1] == "[]"
