"""One track of a draft: its report, which of its flights is meant, and what is said of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo import tracks
from geo.dashboard import library
from geo.dashboard.cases import plain
from geo.dashboard.edit import intake, report
from geo.dashboard.edit.cited import cited
from geo.dashboard.edit.texts import day_of, text
from geo.dashboard.edit.times import time_field
from geo.dashboard.fields import bind, index_of, key_of, tick, told
from geo.errors import FlightcaseError, TrackError
from geo.model.when import span_s

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from geo.casefile.editing import Document, Place
    from geo.dashboard.desk import Desk
    from geo.model import Track
    from geo.tracks import Leg, Reading

#: What of an entry names one flight of several.
_CHOICE: Final = ("icao24", "callsign", "leg")


def track_form(desk: Desk, table: str, index: int, forget: Callable[[], None]) -> None:
    """Draw the report and the fields of an entry of ``[[track]]`` or ``[[other]]``.

    Args:
        desk: with the draft.
        table: the list that it is in.
        index: of it there.
        forget: lets go of the choice of it.
    """
    place: Place = (table, index)
    entry = desk.get(place)
    file = _file(desk, str(entry.get("file", "")))
    key = f"{table}-{index}-{desk.draft.id}"
    with st.container(border=True, key="track-form"):
        st.markdown(f"**{plain(str(entry.get('file', '')))}**")
        reading = _reading(desk, place, file)
        if reading:
            _choice(desk, place, reading)
            report.figures(desk, reading, key)
            track = _selected(reading, entry)
            gaps = gaps_of(desk, file, entry, track) if track is not None and file else ()
            report.findings(desk, reading.report, gaps, key)
            report.rules(desk.words, key)
        told(desk, (*place, "file"))
        _fields(desk, place)
        _acts(desk, place, forget)


def _file(desk: Desk, name: str) -> Path | None:
    try:
        return library.drafts().file(desk.draft.slug, desk.draft.id, name)
    except FlightcaseError:
        return None


def _reading(desk: Desk, place: Place, file: Path | None) -> Reading | None:
    """The reading of the file; where it cannot be read yet, which file of the archive is meant is asked for."""
    entry = desk.get(place)
    if file is None:
        return None
    try:
        reading = intake.read(file, str(entry["file"]), entry.get("member"))
    except TrackError:
        names = _members(file, file.stat().st_mtime_ns) if file.is_file() else ()
        if names:
            _member(desk, place, names)
        return None
    if entry.get("member"):
        _member(desk, place, _members(file, file.stat().st_mtime_ns))
    return reading


@lru_cache(maxsize=16)
def _members(file: Path, changed: int) -> tuple[str, ...]:  # noqa: ARG001  the key
    return tuple(intake.members(file))


def _member(desk: Desk, place: Place, names: tuple[str, ...]) -> None:
    key, label = key_of(desk, (*place, "member")), desk.words.say("File of the archive")
    found = desk.get((*place, "member"))
    held = bind(key, found if found in names else None)

    def changed() -> None:
        chosen = st.session_state[key]
        desk.change(label, lambda document: document.put((*place, "member"), chosen))

    tip = desk.words.say("Choose one of them")
    st.selectbox(label, names, index_of(names, held), key=key, on_change=changed, placeholder=tip)


def _choice(desk: Desk, place: Place, reading: Reading) -> None:
    """Which flight of the file is meant, where it holds several."""
    legs = reading.legs
    entry = desk.get(place)
    if len(legs) < 2 or (place[0] == "other" and entry.get("each")):  # noqa: PLR2004  nothing to choose
        return
    words, key = desk.words, key_of(desk, place, "leg")
    label = words.say("Flight in the file")
    asked = {name: entry.get(name) for name in _CHOICE}
    chosen = next((number for number, leg in enumerate(legs) if _is_meant(reading, leg, asked)), None)
    bind(key, chosen)

    def changed() -> None:
        number = st.session_state[key]

        def edit(document: Document) -> None:
            wanted = {} if number is None else intake.choosing(reading, legs[number])
            for name in _CHOICE:
                document.put((*place, name), wanted.get(name))

        desk.change(label, edit)

    st.selectbox(
        label,
        range(len(legs)),
        chosen,
        key=key,
        format_func=lambda number: str(legs[number]),
        on_change=changed,
        placeholder=words.say("{count} flights: choose the one that is meant", count=len(legs)),
    )


def _is_meant(reading: Reading, leg: Leg, asked: dict[str, Any]) -> bool:
    if not any(asked.values()):
        return False
    try:
        return tracks.select(reading, **asked) is leg.track
    except TrackError:
        return False


def _selected(reading: Reading, entry: dict[str, Any]) -> Track | None:
    """The track that an entry means, whole; ``None`` while that is not clear."""
    if len(reading.legs) == 1:
        return reading.legs[0].track
    try:
        return tracks.select(reading, **{name: entry.get(name) for name in _CHOICE})
    except TrackError:
        return None


def gaps_of(desk: Desk, file: Path, entry: dict[str, Any], track: Track) -> tuple[report.Gap, ...]:
    """The gaps of a track that are longer than the case lets pass."""
    try:
        gap_s = span_s(desk.get(("gap",), tracks.GAP_S))
    except ValueError:
        gap_s = tracks.GAP_S
    chosen = repr([entry.get(name) for name in (*_CHOICE, "member")])
    return report.gaps_of(file, file.stat().st_mtime_ns, chosen, gap_s, report.Held(track))


def gaps_of_case(desk: Desk) -> list[report.Gap]:
    """The gaps of all tracks of the flight that can be read."""
    found: list[report.Gap] = []
    held = desk.get(("track",), [])
    for entry in held if isinstance(held, list) else []:
        file = _file(desk, str(entry.get("file", ""))) if isinstance(entry, dict) else None
        if file is None or not file.is_file():
            continue
        try:
            track = _selected(intake.read(file, str(entry["file"]), entry.get("member")), entry)
        except TrackError:
            continue
        found += gaps_of(desk, file, entry, track) if track is not None else ()
    return found


def _fields(desk: Desk, place: Place) -> None:
    words = desk.words
    if place[0] == "other":
        left, right = st.columns([2, 1], vertical_alignment="bottom")
        with left:
            if not desk.get((*place, "each")):
                text(desk, words.say("Name"), (*place, "name"))
        with right:
            tick(desk, words.say("For context only"), (*place, "context"))
            tick(desk, words.say("Every aircraft of the file"), (*place, "each"))
    first, second = st.columns(2)
    day = day_of(desk.values)
    with first:
        time_field(desk, words.say("Use it from"), (*place, "from"), day)
    with second:
        time_field(desk, words.say("Use it until"), (*place, "to"), day)
    text(desk, words.say("Credit"), (*place, "credit"))
    cited(desk, words.say("Sources"), (*place, "sources"))


def _acts(desk: Desk, place: Place, forget: Callable[[], None]) -> None:
    """Make it a track of the flight or of another aircraft; remove it."""
    words = desk.words
    other = place[0] == "other"
    with st.container(horizontal=True, key="track-acts"):
        turn = words.say("It is this flight") if other else words.say("It is another aircraft")

        def turned() -> None:
            entry = dict(desk.get(place))
            to = "track" if other else "other"

            def edit(document: Document) -> None:
                document.remove(place)
                document.insert((to,), _as_track(entry) if other else _as_other(desk, entry))

            desk.change(turn, edit)
            forget()

        st.button(turn, key=key_of(desk, place, "turn"), on_click=turned)
        label = words.say("Remove this track")

        def removed() -> None:
            desk.change(label, lambda document: document.remove(place))
            forget()

        st.button(label, key=key_of(desk, place, "remove"), on_click=removed)


def _as_track(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in ("name", "context", "each")}


def _as_other(desk: Desk, entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of another aircraft: under the name that the file has for it, or every aircraft of the file."""
    file = _file(desk, str(entry.get("file", "")))
    try:
        reading = intake.read(file, str(entry["file"]), entry.get("member")) if file else None
    except TrackError:
        reading = None
    if reading and len(reading.legs) > 1 and not any(entry.get(name) for name in _CHOICE):
        return {**entry, "each": True, "context": True}
    name = entry.get("callsign") or (reading.legs[0].name if reading else "") or entry.get("file", "")
    return {**entry, "name": {desk.language: str(name)}}
