"""The pictures of the film, one after the other: the still one, and over it what moves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from geo.render.poster.drawing import Type, element, group, number
from geo.render.poster.key import swatch
from geo.render.poster.look import BG, GAP, HALO, INF, INK, INK2, INK3, NAMED, REC
from geo.render.poster.marks import grade_mark
from geo.render.poster.text import wrapped
from geo.render.video.areas import Reaches
from geo.render.video.film import told
from geo.render.video.forms import Box
from geo.render.video.moving import Course
from geo.render.video.sprites import Figures, Sprite, picture, sprite
from geo.render.video.stage import after_card, closing_card, opening_card, set_lines, stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from geo.render.video.film import Cue, Film
    from geo.render.video.forms import Form
    from geo.render.video.moving import Aircraft
    from geo.render.video.stage import Stage

    Scene = Mapping[str, Any]
    Picture = NDArray[np.uint8]

__all__ = ["Studio", "frames"]

_DART: Final = "M0-10.5L7.2 8.5L0 4.6L-7.2 8.5Z"
_SELECTED: Final = "#ffc53d"
#: Seconds in which a caption appears and goes, and a card gives way to the next picture.
_FADE_S: Final = 0.3
#: The dart and its circle in the viewer, px.
_DART_SCALE: Final = 1.3
_LEAST_DOUBT: Final = 15.0
_KNOB: Final = 15.0


@dataclass(frozen=True, slots=True)
class _Clock:
    """A named clock: the time of day is the UTC one plus ``offsets``, s from each time on."""

    offsets: tuple[tuple[float, float], ...]
    x: float
    y: float

    def at(self, time: float) -> float:
        past = [seconds for start, seconds in self.offsets if start <= time]
        return time + (past[-1] if past else self.offsets[0][1] if self.offsets else 0.0)


def _hand(time: float, *, short: bool) -> str:
    """The time of day, as the viewer's clock writes it."""
    return datetime.fromtimestamp(int(time // 1), UTC).strftime("%H:%M" if short else "%H:%M:%S")


@dataclass(frozen=True, slots=True)
class Studio:
    """Everything that the pictures are put together from, drawn once."""

    film: Film
    form: Form
    stage: Stage
    course: Course
    reaches: Reaches
    over: Sprite
    still: Picture
    cards: Mapping[str, Picture]
    captions: Mapping[str, Sprite]
    states: tuple[Sprite, ...]
    skips: Mapping[str, Sprite]
    halos: Mapping[str, tuple[Sprite, float, float]]
    pill: Sprite
    knob: Sprite
    digits: Figures
    hands: Figures
    clocks: tuple[_Clock, ...]


def _caption(event: Mapping[str, Any], lines: tuple[str, ...], form: Form, *, mirrored: bool) -> Sprite:
    """The caption of an event, as large as its place on the picture: sign, time, title, grade with its note."""
    box, size = form.caption, form.text
    radius, indent = size * 0.56, size * 1.75
    when, title, graded = lines
    strong, room = Type(size, INK, 700), box.width - indent
    quiet = Type(size * 0.74, INK2)
    high = box.height > size * 6
    set_as = [(when, Type(size * 0.8, INK2, 700))]
    set_as += [(line, strong) for line in wrapped(title, strong.size, 700, room, 3 if high else 2)]
    set_as += [(line, quiet) for line in wrapped(graded, quiet.size, 400, room, 3 if high else 1)]
    inner = Box(0 if mirrored else indent, 0, room, box.height)
    x = box.width - radius * 1.4 if mirrored else radius * 1.4
    mark = group(
        grade_mark(event["grade"], radius, event["number"]), transform=f"translate({number(x)} {number(size * 0.78)})"
    )
    return sprite(mark + set_lines(set_as, inner, mirrored=mirrored), box.width, box.height)


def _state(state: Mapping[str, Any], form: Form, *, mirrored: bool) -> Sprite:
    """The name of a state in its colour, behind the pattern that it has on map and bar."""
    size = form.text * 0.86
    zoom, room = size / 14, form.clock.width - size * 3.2
    style = Type(size, NAMED.get(state["style"], GAP), 700)
    lines = wrapped(told(state["text"]), size, 700, room, 1)
    x = form.clock.width - 36 * zoom if mirrored else 0.0
    sample = group(swatch(state["style"]), transform=f"translate({number(x)} {number(size * 0.1)}) scale({zoom:g})")
    inner = Box(0 if mirrored else size * 3.2, 0, room, size * 1.4)
    return sprite(
        sample + set_lines([(line, style) for line in lines], inner, mirrored=mirrored), form.clock.width, size * 1.5
    )


def _pill(text: str, form: Form, zoom: float, edge: str) -> Sprite:
    """A notice on the map."""
    size = form.text * 0.78
    style = Type(size, INK, 700)
    width, height = min(style.width(text) + size * 1.2, form.map.width - 24), size * 1.8
    box = {"x": 1.5, "y": 1.5, "width": width - 3, "height": height - 3, "rx": 4 * zoom}
    content = element("rect", **box, fill=BG, stroke=edge, stroke_width=2.5)
    inner = Box(size * 0.6, size * 0.28, width, height)
    line = wrapped(text, size, 700, width - size, 1)
    return sprite(content + set_lines([(each, style) for each in line], inner, mirrored=False), width, height)


def _knob() -> Sprite:
    """The knob of the playhead."""
    r = _KNOB
    content = element("circle", cx=20, cy=20, r=r, fill=_SELECTED, stroke=INK, stroke_width=1.5)
    content += element("circle", cx=20, cy=20, r=r * 0.66, fill=INK)
    content += element("circle", cx=20, cy=20, r=r * 0.22, fill=BG)
    return sprite(content, 40, 40)


def _halo(grade: str, r: float) -> str:
    """What lies around the sign of the event that is told: its shape, larger."""
    look: dict[str, str | float | None] = {"fill": _SELECTED, "stroke": INK, "stroke_width": 1.2}
    if grade == "stated":
        return element("rect", x=-0.93 * r, y=-0.93 * r, width=1.86 * r, height=1.86 * r, rx=2, **look)
    if grade == "disputed":
        d = number(1.3 * r)
        return element("path", d=f"M0-{d}L{d} 0L0 {d}L-{d} 0Z", **look)
    return element("circle", r=r, **look)


def _halos(scene: Scene, placed: Stage, form: Form) -> dict[str, tuple[Sprite, float, float]]:
    """The sign of each event once more, with the halo of what is told just now, and where it is laid."""
    grades = {event["id"]: event for event in scene["events"]}
    found = {}
    for sign in placed.chart.placed.signs:
        event, zoom = grades[sign.event], placed.zoom
        half = (sign.r * 1.3 + 8) * zoom
        around = _halo(event["grade"], sign.r + 4)
        drawn = around + grade_mark(event["grade"], sign.r, event["number"], 12.0)
        content = group(drawn, transform=f"translate({number(half)} {number(half)}) scale({zoom:g})")
        at = (form.map.x + sign.x * zoom - half, form.map.y + sign.y * zoom - half)
        found[sign.event] = (sprite(content, 2 * half, 2 * half), *at)
    return found


def _clocks(scene: Scene, form: Form) -> tuple[str, tuple[_Clock, ...]]:
    """The named clocks: their names as part of the still picture, and where their times stand."""
    box, size = form.clock, form.text * 0.72
    name, hand = Type(size, INK3), Type(size * 1.25, INK, 700)
    clocks = scene["clocks"][:3]
    tall = box.height > form.digits * 2.4
    step = box.width / 3 if tall else min(box.width / 6, size * 6.4)
    mirrored = scene["direction"] == "rtl"
    drawn, found = "", []
    for i, clock in enumerate(clocks):
        if tall:
            x, y = box.x + i * step, box.y + form.digits * 2.05
        else:
            x, y = box.right - (len(clocks) - i) * step, box.y
        if mirrored:  # the first one stands where reading begins
            x = box.x + box.right - x - step
        label = wrapped(told(clock["name"]), size, 400, step - 6, 1)
        inner = Box(x, y, step, size * 3)
        drawn += set_lines([(each, name) for each in label], inner, mirrored=False)
        offsets = tuple((start, seconds) for start, seconds in clock["offsets"])
        found.append(_Clock(offsets, x, y + size * 1.22 + hand.size * 1.02))
    return drawn, tuple(found)


def studio(scene: Scene, film: Film, form: Form) -> Studio:
    """Draw all that the pictures of a film are put together from."""
    mirrored = scene["direction"] == "rtl"
    form = form.mirrored() if mirrored else form
    placed = stage(scene, form)
    figures, hands = Type(form.digits, INK, 700), Type(form.text * 0.9, INK, 700)
    names, clocks = _clocks(scene, form)
    unit = Type(form.digits * 0.4, INK2, 700)
    utc = scene["words"].get("utc") or "UTC"
    at = Box(form.clock.x + figures.width("00:00:00") + form.digits * 0.2, form.clock.y + form.digits * 0.46, 400, 80)
    base = placed.svg.removesuffix("</svg>") + names + set_lines([(utc, unit)], at, mirrored=False) + "</svg>"
    cards = {"opening": picture(opening_card(scene, form)), "closing": picture(closing_card(scene, form))}
    if any(cue.kind == "aftermath" for cue in film.cues):
        cards["aftermath"] = picture(after_card(scene, form))
    events = {event["id"]: event for event in scene["events"]}
    captions = {
        cue.key: _caption(events[cue.key], cue.lines, form, mirrored=mirrored)
        for cue in film.cues
        if cue.kind == "event"
    }
    skips = {cue.lines[0]: _pill(cue.lines[0], form, placed.zoom, INK) for cue in film.cues if cue.kind == "skip"}
    reaches = Reaches.of(scene, placed.chart, form.map, placed.zoom)
    return Studio(
        film,
        form,
        placed,
        Course.of(scene, placed.chart.view),
        reaches,
        Sprite.of(reaches.over),
        picture(base),
        cards,
        captions,
        tuple(_state(state, form, mirrored=mirrored) for state in scene["states"]),
        skips,
        _halos(scene, placed, form),
        _pill(told(scene["map"]["pill"]), form, placed.zoom, GAP),
        _knob(),
        Figures.of(figures),
        Figures.of(hands),
        clocks,
    )


def _aircraft(seen: Aircraft, made: Studio, frame: Picture) -> None:
    """The dart, turned to its track; inferred it is hollow, in the circle of its doubt."""
    zoom, form = made.stage.zoom, made.form
    doubt = max(seen.doubt, _LEAST_DOUBT) if seen.hollow else 0.0
    half = round((max(doubt, 16.0) + 3) * zoom)
    x, y = form.map.x + seen.x * zoom, form.map.y + seen.y * zoom
    left, top = round(x - half), round(y - half)
    look: dict[str, str | float | None] = {"fill": REC, "stroke": HALO, "stroke_width": 1.2}
    if seen.hollow:
        look = {"fill": HALO, "stroke": INF, "stroke_width": 1.7}
    turned = f"rotate({seen.bearing:.1f}) scale({_DART_SCALE})"
    content = element("path", d=_DART, transform=turned, stroke_linejoin="round", **look)
    if doubt:
        content = (
            element("circle", r=doubt, fill="none", stroke=INF, stroke_width=1.4, stroke_dasharray="3 3") + content
        )
    # What a picture cannot shift by less than a px, the drawing does: a slow aircraft glides.
    content = group(content, transform=f"translate({x - left:.2f} {y - top:.2f}) scale({zoom:g})")
    corner = round(form.map.x), round(form.map.y)
    area = frame[corner[1] : round(form.map.bottom), corner[0] : round(form.map.right)]
    sprite(content, 2 * half, 2 * half).onto(area, left - corner[0], top - corner[1])
    # Signs and texts stand above the aircraft.
    over, across, down = made.over.part(left - corner[0], top - corner[1], 2 * half, 2 * half)
    over.onto(area, across, down)


def _share(cue: Cue, at: float) -> float:
    """How much of a caption is seen."""
    return min(1.0, (at - cue.start) / _FADE_S + 0.1, (cue.end - at) / _FADE_S + 0.1)


def _clock(made: Studio, frame: Picture, time: float) -> None:
    form = made.form
    made.digits.onto(frame, _hand(time, short=False), form.clock.x, form.clock.y + form.digits * 0.92)
    for clock in made.clocks:
        made.hands.onto(frame, _hand(clock.at(time), short=True), clock.x, clock.y)


def _playhead(made: Studio, frame: Picture, time: float) -> None:
    first, last = made.film.times[0], made.film.times[-1]
    left, right = made.stage.span
    x = left + (right - left) * (time - first) / max(1.0, last - first)
    made.knob.onto(frame, x - 20, made.stage.row - 20)


def _running(made: Studio, at: float) -> Picture:
    """The picture of a moment of the flight."""
    film, form = made.film, made.form
    time = film.time(at)
    frame = made.still.copy()
    seen, number_ = made.course.at(time), made.course.state(time)
    event, skip = film.shown(at, "event"), film.shown(at, "skip")
    if seen is None:
        made.reaches.onto(frame, time)
    if seen is not None:
        _aircraft(seen, made, frame)
    if event and event.key in made.halos:
        halo, x, y = made.halos[event.key]
        halo.onto(frame, x, y, _share(event, at))
    pill = made.skips[skip.lines[0]] if skip else made.pill if seen is None else None
    if pill is not None:
        pill.onto(frame, form.map.x + 14, form.map.bottom - pill.alpha.shape[0] - 14)
    if made.states:
        made.states[number_].onto(frame, form.clock.x, form.clock.y + form.digits * 1.14)
    _clock(made, frame, time)
    if event:
        made.captions[event.key].onto(frame, form.caption.x, form.caption.y, _share(event, at))
    _playhead(made, frame, time)
    return frame


def frames(made: Studio, rate: int, start: float, end: float) -> Iterator[Picture]:
    """The pictures from one moment of the film to another, s; equal ones that follow each other are one object."""
    film = made.film
    before: Picture | None = None
    for i in range(round(start * rate), round(end * rate)):
        at = i / rate
        card = film.shown(at, "opening", "aftermath", "closing")
        if card:
            before = made.cards[card.kind]
            yield before
        else:
            yield _running(made, at)
