"""The film, decoded again: what is seen when, and that nothing of an aircraft is seen where none is known."""

from __future__ import annotations

import builtins
import io
import re
from itertools import pairwise

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shipped_cases import CASES, shipped
from small_scene import BACK, END, GAP, START, small_scene, with_every_word

from geo.errors import RenderError
from geo.render import RENDERINGS
from geo.render.video import video
from geo.render.video.film import film
from geo.render.video.forms import FORMS
from geo.render.video.frames import frames, studio
from geo.render.video.moving import Course
from geo.route import trace
from geo.scene import compose

SQUARE = FORMS["square"]
RATE = 25
SMALL = film(small_scene())
BLUE = np.array([11, 79, 134])


@pytest.fixture(scope="module", params=[0.0, 170.0], ids=["here", "antimeridian"])
def made(request):
    scene = small_scene(request.param)
    return studio(scene, film(scene), SQUARE)


def shot(made, at):
    return next(frames(made, RATE, at, at + 1 / RATE)).astype(int)


def changed(made, at, ground=None):
    """Which pixels of the map are not those of the still picture."""
    box = SQUARE.map
    cut = slice(round(box.y), round(box.bottom)), slice(round(box.x), round(box.right))
    ground = made.still if ground is None else ground
    return np.abs(shot(made, at)[cut] - ground[cut].astype(int)).sum(axis=2) > 30


@pytest.fixture(scope="module", params=CASES)
def told(request):
    scene = compose(shipped(request.param), trace(shipped(request.param)), "en", "nautical")
    return scene, film(scene)


def test_a_film_lasts_about_a_minute_and_its_time_never_runs_back(told):
    scene, made = told
    assert 60 <= made.duration_s <= 75
    assert all(a <= b for a, b in pairwise(made.moments))
    assert all(a <= b for a, b in pairwise(made.times))
    assert (made.times[0], made.times[-1]) == (scene["time"]["start"], scene["time"]["end"])


def test_every_event_has_a_caption_that_can_be_read_and_none_covers_another(told):
    scene, made = told
    captions = [cue for cue in made.cues if cue.kind == "event"]
    events = {event["id"]: event for event in scene["events"] if event["main"] and not event["aftermath"]}
    assert [cue.key for cue in captions] == list(events)
    assert all(cue.end - cue.start >= 2.59 for cue in captions)
    assert all(a.end <= b.start for a, b in pairwise(captions))
    for cue in captions:
        event = events[cue.key]
        assert made.time(cue.start) == pytest.approx(
            min(max(event["start"], scene["time"]["start"]), scene["time"]["end"]), abs=1
        )
        assert event["grade_text"] in cue.lines[2]


def test_what_is_skipped_is_passed_quickly_and_said(told):
    scene, made = told
    skips = [cue for cue in made.cues if cue.kind == "skip"]
    assert [cue.lines[0] for cue in skips] == [skip["text"] for skip in scene["playback"]["skips"]]
    assert all(2 < cue.end - cue.start < 6 for cue in skips)


def test_the_last_card_says_what_is_not_depicted_and_where_it_is_from(told):
    scene, made = told
    closing = " ".join(made.cues[-1].lines)
    assert made.cues[-1].kind == "closing"
    assert "Not depicted" in closing
    assert "Sources" in closing
    if scene["aftermath"] and scene["aftermath"]["end_note"]:
        assert scene["aftermath"]["end_note"] in closing


@given(st.floats(0, 1))
def test_moments_and_times_belong_together(share):
    made = SMALL
    time = START + (END - START) * share
    assert made.time(made.moment(time)) == pytest.approx(time, abs=0.5)


@pytest.mark.parametrize("shift", [0.0, 170.0, -175.0])
@given(share=st.floats(0.01, 0.99))
def test_the_aircraft_is_on_its_line(shift, share):
    scene = small_scene(shift)
    view = chart_view(scene)
    seen = Course.of(scene, view).at(START + (GAP - START) * share)
    x0, y0 = view.xy((8.0 + shift, 50.0))
    x1, y1 = view.xy((10.0 + shift, 51.0))
    assert (seen.x, seen.y) == pytest.approx((x0 + (x1 - x0) * share, y0 + (y1 - y0) * share), abs=0.3)
    assert seen.bearing == pytest.approx(np.degrees(np.arctan2(x1 - x0, y0 - y1)), abs=0.2)
    assert not seen.hollow


def chart_view(scene):
    from geo.render.poster.view import View

    return View.fitted(scene["map"]["fit"], (700, 400), (50, 40, 50, 40))


@given(st.floats(0.001, 0.999))
def test_there_is_no_aircraft_in_a_gap(share):
    scene = small_scene()
    assert Course.of(scene, chart_view(scene)).at(GAP + (BACK - GAP) * share) is None


def test_the_dart_is_where_the_aircraft_is(made):
    time = START + (GAP - START) * 0.85
    at = made.film.moment(time)
    assert made.film.shown(at, "event") is None
    seen = made.course.at(made.film.time(round(at * RATE) / RATE))
    x, y = round(seen.x * made.stage.zoom), round(seen.y * made.stage.zoom)
    there = changed(made, round(at * RATE) / RATE)
    rows, columns = np.nonzero(there)
    # Nothing but the dart changes on the map while no event has a sign that is told.
    assert abs(columns.mean() - x) < 4
    assert abs(rows.mean() - y) < 4
    assert np.ptp(columns) < 50
    area = shot(made, round(at * RATE) / RATE)[round(SQUARE.map.y) + y - 6 : round(SQUARE.map.y) + y + 6]
    near = np.abs(area[:, round(SQUARE.map.x) + x - 6 : round(SQUARE.map.x) + x + 6] - BLUE).sum(axis=2) < 20
    assert near.sum() > 10


def test_in_a_gap_only_the_pill_and_the_area_within_reach_are_seen():
    scene = small_scene()
    scene["map"]["reaches"] = []
    scene["map"]["markers"] = []  # no sign, no halo
    bare = studio(scene, film(scene), SQUARE)
    at = bare.film.moment((GAP + BACK) / 2)
    rows, columns = np.nonzero(changed(bare, at))
    height, width = bare.pill.alpha.shape[:2]
    assert rows.min() >= round(SQUARE.map.height) - height - 16
    assert columns.max() <= width + 16
    scene = small_scene()
    with_reach = studio(scene, film(scene), SQUARE)
    ring_at = with_reach.film.moment((GAP + BACK) / 2)
    x, y = with_reach.stage.chart.view.xy((11.0, 51.2))
    zoom = with_reach.stage.zoom
    found = changed(with_reach, ring_at)[
        round(y * zoom) - 40 : round(y * zoom) + 40, round(x * zoom) - 40 : round(x * zoom) + 40
    ]
    assert 0.02 < found.mean() < 0.6  # hatched, not filled


def test_the_clock_and_the_caption_of_a_moment_are_those_of_its_time(made):
    at = next(cue.start for cue in made.film.cues if cue.key == "turn") + 1
    box = SQUARE.caption
    cut = slice(round(box.y), round(box.bottom)), slice(round(box.x), round(box.right))
    assert (shot(made, at)[cut] < 100).any()
    sprite = made.captions["turn"]
    blank = made.still.copy()
    sprite.onto(blank, box.x, box.y)
    assert (shot(made, at)[cut] == blank[cut]).all()


def test_the_playhead_is_at_its_time(made):
    left, right = made.stage.span
    for share in (0.25, 0.9):
        at = round(made.film.moment(START + (END - START) * share) * RATE) / RATE
        row = shot(made, at)[round(made.stage.row)]
        gold = np.nonzero(np.abs(row - np.array([255, 197, 61])).sum(axis=1) < 40)[0]
        shown = (made.film.time(at) - START) / (END - START)
        assert (gold.min() + gold.max()) / 2 == pytest.approx(left + (right - left) * shown, abs=2)


def decoded(data):
    with av.open(io.BytesIO(data)) as container:
        stream = container.streams.video[0]
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
        return pictures, stream.average_rate, dict(container.metadata), stream.codec_context.name


@pytest.mark.parametrize(("kind", "codec"), [("mp4", "h264"), ("webm", "vp9")])
def test_a_film_is_decoded_as_it_was_drawn(kind, codec):
    scene, part = small_scene(), (7.0, 8.2)
    data = video(scene, "square", kind, part)
    assert data == video(scene, "square", kind, part)
    pictures, rate, said, name = decoded(data)
    assert (name, rate, len(pictures)) == (codec, RATE, 30)
    assert said["title"] == scene["title"]
    assert not any("time" in key for key in said)
    drawn = list(frames(studio(scene, film(scene), SQUARE), RATE, *part))
    for picture, original in zip(pictures[::7], drawn[::7], strict=True):
        assert picture.shape == (1080, 1080, 3)
        assert np.abs(picture.astype(int) - original).mean() < 3


@pytest.mark.parametrize("form", FORMS)
def test_each_form_has_its_size_and_all_of_it_stands_within(form):
    shape = FORMS[form]
    pictures, *_ = decoded(video({**small_scene(), "direction": "rtl"}, form, "mp4", (6.0, 6.08)))
    assert pictures[0].shape == (shape.height, shape.width, 3)
    for box in (shape.head, shape.map, shape.clock, shape.caption, shape.bar, shape.card):
        assert 0 <= box.x < box.right <= shape.width
        assert 0 <= box.y < box.bottom <= shape.height
    order = [shape.head, shape.map, shape.clock, shape.caption, shape.bar]
    for a, b in ((a, b) for i, a in enumerate(order) for b in order[i + 1 :]):
        assert a.right <= b.x or b.right <= a.x or a.bottom <= b.y or b.bottom <= a.y


def test_films_are_told_to_be_slow_and_to_need_something():
    films = {name: made for name, made in RENDERINGS.items() if name.endswith((".mp4", ".webm"))}
    assert len(films) == 8
    assert all(made.slow and made.extra == "video" and made.packed for made in films.values())


def test_a_film_of_hardly_anything_and_one_of_hostile_words_are_made():
    bare = {**small_scene(), "events": [], "clocks": [], "corrections": [], "standfirst": "", "footer": [""]}
    bare["map"] = {**bare["map"], "lines": [], "reaches": [], "rings": [], "markers": [], "places": []}
    hostile = with_every_word(small_scene(), lambda text: f"{text} <b>&\x07 漢 {'W' * 90}")
    for scene in (bare, hostile):
        pictures, *_ = decoded(video(scene, "portrait", "mp4", (6.0, 6.08)))
        assert len(pictures) == 2
        assert film(scene).duration_s > 5


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (("round", "mp4"), "landscape, square, portrait"),
        (("square", "gif"), "mp4 or webm"),
        (("square", "mp4", (5.0, 5.0)), "the film lasts"),
        (("square", "mp4", (0.0, 1e4)), "the film lasts"),
    ],
)
def test_what_cannot_be_made_says_what_can(wanted, said):
    with pytest.raises(RenderError, match=said):
        video(small_scene(), *wanted)


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    real = builtins.__import__

    def lacking(name, *more):
        if name == "av":
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", lacking)
    with pytest.raises(RenderError, match=re.escape("pip install 'flightcase[video]'")):
        video(small_scene(), "square", "mp4", (0.0, 0.1))
