"""A field for a time, as people type it; what it was taken to mean, in UTC, stands under it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from geo.casefile.typed import typed_when, zones_of
from geo.dashboard.cases import plain
from geo.dashboard.fields import bind, key_of, told, unless_late
from geo.gazetteer import open_gazetteer
from geo.model import When
from geo.scene.times import long_time

if TYPE_CHECKING:
    from geo.casefile.editing import Document, Place
    from geo.casefile.typed import Typed
    from geo.dashboard.desk import Desk


def read_when(value: object) -> When | None:
    """The time that a value of a case file is, if it is one."""
    try:
        return None if value is None else When.model_validate(value)
    except ValueError:
        return None


def shown_time(value: Any, day: date | None) -> str:  # noqa: ANN401  a TOML value
    """A time of a case file as it can be typed again; the day is left out where it is ``day``."""
    if not isinstance(value, dict):
        said, zone = _moment(value, day)
        return f"{said} {zone}".strip()
    tolerance = value.get("within")
    within = "" if tolerance is None else f" ± {tolerance if isinstance(tolerance, str) else f'{tolerance:g} s'}"
    if "from" in value and "to" in value:
        (first, zone), (last, last_zone) = _moment(value["from"], day), _moment(value["to"], day)
        approximate = "about " if value.get("about") else ""
        dash = "–" if zone and " " not in first + last else " – "
        return f"{approximate}{first}{dash}{last} {last_zone or zone}".strip() + within
    if "about" in value:
        said, zone = _moment(value["about"], day)
        return f"about {said} {zone}".strip() + within
    return str(value)


def _moment(value: Any, day: date | None) -> tuple[str, str]:  # noqa: ANN401  a TOML value
    """A moment, and its zone: none for a day and for what cannot be read."""
    exact = isinstance(value, datetime)
    moment = value
    if isinstance(value, str) and ":" in value:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value, ""
        exact = value.count(":") - (value.rfind(":") > max(value.rfind("+"), value.rfind("-")) > value.find(":")) > 1
    if not isinstance(moment, datetime):
        return str(value), ""
    if moment.tzinfo is None:
        return f"{moment:%Y-%m-%d %H:%M:%S}", ""
    moment = moment.astimezone(UTC)
    clock = f"{moment:%H:%M:%S}" if exact else f"{moment:%H:%M}"
    return clock if moment.date() == day else f"{moment:%Y-%m-%d} {clock}", "UTC"


def time_field(desk: Desk, label: str, place: Place, day: date | None, *, dated: bool = False) -> None:
    """Draw the field.

    Args:
        desk: with the draft.
        label: of the field; also names the change.
        place: of the time.
        day: the day that is meant where none is typed.
        dated: whether it is a day, month or year, as of a publication.
    """
    key, value = key_of(desk, place), desk.get(place)
    held = bind(key, "" if value is None else shown_time(value, None if dated else day))

    def typed(text: str) -> Typed:
        zones = zones_of(desk.values, {})
        return typed_when(text, day, zones, find=open_gazetteer().find)

    def changed() -> None:
        text = str(st.session_state[key]).strip()
        read: Any = text or None
        st.session_state.pop(f"{key}-said", None)
        if text:
            try:
                taken = typed(text)
            except ValueError:
                pass
            else:
                read = taken.value
                st.session_state[f"{key}-said"] = (read, taken.said)

        def edit(document: Document) -> None:
            document.put(place, read)

        desk.change(label, edit)

    example = "2024-12-25" if dated else "05:13 UTC"
    st.text_input(label, held, key=key, placeholder=example, on_change=unless_late(key, changed))
    when = read_when(value)
    if when is not None:
        told(desk, place)
        _meant(desk, key, value, when, dated=dated)
    elif isinstance(value, str) and value:
        try:
            typed(value)
            told(desk, place)
        except ValueError as wrong:
            with st.container(key=f"problem-0-{key}"):
                st.markdown(plain(str(wrong)))
    else:
        told(desk, place)


def _meant(desk: Desk, key: str, value: object, when: When, *, dated: bool) -> None:
    """What a time was taken to mean: as it was typed just now, else in full."""
    words = desk.words
    said = st.session_state.get(f"{key}-said")
    full = long_time(when, words)
    tolerance = "" if when.within_s is None else f" ± {_span(when.within_s)}"
    if said and said[0] == value and "=" in said[1]:
        st.caption(plain(f"{said[1]}, {words.day(when.start.date())}{tolerance if '±' not in said[1] else ''}"))
    elif not dated:
        st.caption(plain(f"{full}{tolerance}"))


def _span(seconds: float) -> str:
    return f"{seconds / 60:g} min" if seconds >= 60 and seconds % 30 == 0 else f"{seconds:g} s"  # noqa: PLR2004  a minute and its half
