from __future__ import annotations

import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from asgi import ask
from made_flights import HOSTILE, KINDS, mixed
from starlette.applications import Starlette

from geo import tracks
from geo.dashboard import findings, fixes, judged, library, routes
from geo.dashboard.shown import asked, shown
from geo.errors import ResourceError
from geo.geodesy import distance_m
from geo.model import Track
from geo.resources import data
from geo.route import trace
from geo.route.facts import facts
from geo.scene.words import Words, languages


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    root = tmp_path_factory.mktemp("cases")
    mixed(root)
    for slug in ("j2-8243", "jl516"):
        shutil.copytree(data("cases", slug), root / slug)
    return root


@pytest.fixture(autouse=True)
def cases(monkeypatch, made):
    monkeypatch.setenv(library.FOLDER, str(made))


@pytest.fixture
def table():
    return fixes.judged(asked("mixed", None), 0)


@pytest.fixture
def app():
    return Starlette(routes=routes.routes())


def rows(app, query, path="fixes/x/mixed/0"):
    answer = ask(app, f"/flightcase/{path}?{query}")
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


# --- which rows there are, and in which order ------------------------------------------------------------------------


def test_every_row_of_the_file_is_of_one_kind(table):
    counts = table.counts()
    assert {kind: counts[kind] for kind in KINDS} == KINDS
    report = table.reading.report
    assert counts["all"] == report.read == sum(KINDS.values())
    assert counts["holds"] + counts["none"] == report.accepted
    assert (counts["rejected"], counts["unreadable"]) == (report.rejected, report.unreadable)
    assert counts["values"] == len({one.row for one in report.withheld}) == 1


def test_rows_stand_in_order_of_time_or_of_the_file(table):
    by_time = judged.order(table.track, table.reading, "all", "time")
    assert (by_time[-3:] < 0).all()
    assert (np.diff(table.track.time_s[by_time[:-3]]) >= 0).all()
    told = judged.Teller(table, Words("en"))
    count = len(by_time)
    by_row = [row["row"] for row in told.rows("all", "row", 0, count)]
    assert by_row == sorted(by_row)
    assert len(set(by_row)) == count


def test_blocks_put_together_are_the_whole(app):
    whole = rows(app, "from=0&count=400")["rows"]
    assert [row for start in range(0, 400, 50) for row in rows(app, f"from={start}&count=50")["rows"]] == whole
    assert len(whole) == sum(KINDS.values())
    assert len(rows(app, "count=999999")["rows"]) <= judged.MOST


@pytest.mark.parametrize("kind", ["holds", "rejected", "none", "all"])
def test_the_row_of_a_time_is_the_nearest_of_its_kind(table, kind):
    chosen = judged.order(table.track, table.reading, kind, "time")
    times = table.track.time_s[chosen[chosen >= 0]]
    for asked_s in (times[0] - 1000, times[len(times) // 2] + 3, times[-1] + 1000):
        place = table.place_at(kind, "time", asked_s)
        assert abs(times[place] - asked_s) == np.abs(times - asked_s).min()
    assert table.place_at("unreadable", "time", times[0]) is None


@pytest.mark.parametrize(
    ("text", "clock"),
    [("08:00", "08:00:00"), ("08:00:30", "08:00:30"), ("2024-01-02T17:00:30+09:00", "08:00:30"), ("noon", None)],
)
def test_a_time_is_read_as_it_is_written(table, text, clock):
    found = table.moment(text)
    assert clock == (None if found is None else f"{datetime.fromtimestamp(found, UTC):%H:%M:%S}")


def test_a_clock_past_midnight_is_that_of_the_next_day(table):
    late = table.track.replace(time_s=table.track.time_s + 16 * 3600)
    over = judged.Judged(late, table.reading)
    assert over.dated
    assert f"{datetime.fromtimestamp(over.moment('00:10'), UTC):%d %H:%M}" == "03 00:10"
    assert f"{datetime.fromtimestamp(over.moment('23:30'), UTC):%d %H:%M}" == "02 23:30"


# --- what a row says -------------------------------------------------------------------------------------------------


def test_a_rejected_row_says_where_it_claims_to_be_and_why_it_is_not_believed(app, table):
    given = rows(app, "kind=rejected")["rows"]
    assert {row["kind"] for row in given} == {"rejected"}
    assert all(row["struck"][:2] == [2, 3] and row["why"] for row in given)
    details = {one.row: one.detail for one in table.reading.report.rejections}
    assert [row["why"] for row in given] == [[details[row["row"]]] for row in given]
    assert "Stale position" in {row["cells"][-1] for row in given}
    assert {"position", "other values", "nothing"} >= {row["cells"][-2] for row in given}


def test_a_value_that_is_not_believed_is_struck_and_its_row_stands(app):
    (row,) = rows(app, "kind=values")["rows"]
    assert row["kind"] == "holds"
    assert row["struck"] == [4]
    assert row["cells"][-1] == "Position holds; not believed: altitude"
    assert "99,000 ft" in row["why"][0]


def test_an_unreadable_row_has_no_time_and_says_what_stands_in_it(app):
    given = rows(app, "kind=unreadable")["rows"]
    assert [row["t"] for row in given] == [None] * 3
    assert all(HOSTILE in row["why"][0] for row in given)


def test_numbers_are_in_the_units_and_the_language_of_the_page(app):
    metric, feet = (
        rows(app, f"kind=holds&from=100&count=1&units={units}&language=de")["rows"][0]["cells"]
        for units in ("metric", "nautical")
    )
    height, speed = (float(feet[place].replace(".", "")) for place in (4, 5))
    assert float(metric[4].replace(".", "")) == pytest.approx(height * 0.3048, abs=0.5)
    assert float(metric[5].replace(".", "")) == pytest.approx(speed * 1.852, abs=1)
    assert metric[-1] == "Position gilt"


@pytest.mark.parametrize("language", languages())
def test_every_reason_and_every_quantity_has_its_words(language):
    words = Words(language)
    assert set(judged.reasons(words)) == {rule.reason for rule in tracks.RULES} | {"no position"}
    withheld = {name for name in Track.column_names() if name.endswith(("_ft", "_kt", "_deg", "_fpm"))}
    assert set(judged.quantities(words)) == withheld - {"lat_deg", "lon_deg"}
    assert len(judged.columns(words)) == 10


# --- what the server gives, and what it refuses ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "fixes/x/mixed/1",
        "fixes/x/mixed/-1",
        "fixes/x/mixed/0?from=x",
        "fixes/x/mixed/0?kind=other",
        "fixes/x/mixed/0?order=size",
        "fixes/x/mixed/0?language=xx",
        "fixes/x/mixed/0?units=cubits",
        "fixes/x/nothing/0",
        "fixes/x/%2e%2e/0",
        "fixes/x/j2-8243/0",
        "draft/none/1/fixes/0",
        "file/x/mixed/track-2.csv",
        "file/x/mixed/track-1.exe",
        "file/x/mixed/track-1.kml",
        "file/x/mixed/lines.csv",
        "file/x/mixed/case.toml",
        "draft/none/1/file/track-1.csv",
    ],
)
def test_what_there_is_not_is_not_given(app, path):
    assert ask(app, f"/flightcase/{path}").status == 404


def test_a_block_is_kept_for_good_only_under_the_stamp_of_its_case(app):
    stamp = library.entry("mixed").stamp
    kept = [ask(app, f"/flightcase/fixes/{each}/mixed/0").headers["cache-control"] for each in (stamp, "older")]
    assert "immutable" in kept[0]
    assert kept[1] == "no-store"


@pytest.mark.parametrize("suffix", fixes.SUFFIXES)
def test_a_track_that_is_downloaded_reads_back_with_its_reasons(app, table, tmp_path, monkeypatch, suffix):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    answer = ask(app, f"/flightcase/file/x/mixed/track-1{suffix}")
    assert answer.status == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="mixed-track{suffix}"'
    assert list(tmp_path.iterdir()) == [], "what was sent is gone"
    (leg,) = tracks.read(answer.body, name=f"track{suffix}").legs
    assert len(leg.track) == len(table.track)
    assert sorted(leg.track.reason.tolist()) == sorted(table.track.reason.tolist())


def test_the_account_and_the_lines_are_downloaded_too(app):
    told = json.loads(ask(app, "/flightcase/file/x/mixed/track-1.json").body)
    assert told["rows"] == {"read": 313, "accepted": 284, "rejected": 26, "unreadable": 3}
    lines = json.loads(ask(app, "/flightcase/file/x/j2-8243/lines.geojson?language=de").body)
    assert lines["type"] == "FeatureCollection"
    assert lines["features"]


def test_a_draft_is_shown_in_place_of_the_saved_case_and_by_its_own_address(app):
    drafts = library.drafts()
    draft = drafts.begin("mixed")
    text = draft.text.replace('file = "track.csv"', 'file = "track.csv"\nfrom = 2024-01-02T08:00:00Z')
    assert text != draft.text
    draft = drafts.change(draft.id, text, "from")
    entry = library.entry("mixed")
    saved, drafted = shown(entry, None), shown(entry, draft)
    assert saved.draft is None
    assert drafted.draft == draft
    assert len(drafted.case.recorded[0]) < len(saved.case.recorded[0])
    assert drafted.route().start_s >= datetime(2024, 1, 2, 8, tzinfo=UTC).timestamp() - 1
    address = routes.fixes_address(drafted.stamp, drafted.slug, draft)
    answer = ask(app, f"{address}/0")
    assert answer.headers["cache-control"] == "no-store"
    assert json.loads(answer.body)["rows"][0]["cells"][1] >= "08:00:00"
    assert address.startswith("/flightcase/draft/"), "the guard of drafts holds for it"


def test_a_file_that_leads_out_of_the_folder_is_not_read(monkeypatch, tmp_path):
    monkeypatch.setenv(library.FOLDER, str(tmp_path / "library"))
    case = mixed(tmp_path / "library")
    secret = tmp_path / "secret.csv"
    shutil.copy(case / "track.csv", secret)
    what = asked("mixed", None)
    (case / "track.csv").unlink()
    (case / "track.csv").symlink_to(secret)
    with pytest.raises(tracks.reading.TrackError, match="leads out of the case folder"):
        what.reading(0)
    with pytest.raises(ResourceError, match="no track 2"):
        fixes.judged(what, 1)


# --- what can be known -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["mixed", "j2-8243"])
def test_every_fact_stands_in_one_table(slug):
    told = facts(asked(slug, None).route())
    kinds = (findings.GAPS, findings.ROUTE, findings.SKY, findings.AREAS, findings.MOTION)
    placed = [sum(fact in findings.chosen_of(told, each) for each in kinds) for fact in told]
    # How long which state held stands on the cards above.
    cards = ("state.received", "state.rejected", "state.partial", "state.silent")
    assert [
        (fact.key, count) for fact, count in zip(told, placed, strict=True) if count != (fact.key not in cards)
    ] == []


def test_the_farthest_place_is_led_to_where_it_is():
    told = facts(asked("mixed", None).route())
    (fact,) = [fact for fact in told if fact.key == "against.largest"]
    moment = findings.moment_of(fact, "text")
    track = asked("mixed", None).case.recorded[0]
    nearest = int(np.abs(track.time_s - moment["t"]).argmin())
    assert distance_m(track.lat_deg[nearest], track.lon_deg[nearest], moment["lat"], moment["lon"]) < 1000


def test_the_route_of_a_case_is_traced_once():
    what = asked("mixed", None)
    assert what.route() is what.route()
    assert len(what.route().stretches) == len(trace(what.case).stretches)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0, "0:00:00"), (59.6, "0:01:00"), (6120, "1:42:00"), (90_000, "25:00:00")]
)
def test_a_length_is_told_in_hours_minutes_and_seconds(seconds, text):
    assert findings.length(seconds) == text


def test_no_file_is_left_in_the_case_folder(made):
    assert {path.name for path in Path(made, "mixed").iterdir()} == {
        path.name for path in data("cases", "jl516").iterdir()
    }
