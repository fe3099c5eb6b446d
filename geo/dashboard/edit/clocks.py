"""The clocks beside UTC: time zones with the words that stand for them."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from geo.dashboard.edit.placed import look_up, placed
from geo.dashboard.edit.texts import day_of, languages_of, put_text, wrong
from geo.dashboard.fields import bind, key_of, told, unless_late
from geo.scene.words import own_name

if TYPE_CHECKING:
    from datetime import date

    from geo.casefile.editing import Document
    from geo.dashboard.desk import Desk
    from geo.scene.words import Words

_CLOCKS: Final = ("clocks",)
_IN_ROW: Final = 4


def zone_of(typed: str) -> str | None:
    """The IANA zone that was typed: by its name, or by a place in it."""
    wanted = typed.strip().replace(" ", "_")
    try:
        ZoneInfo(wanted)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        found = look_up(typed.strip())
        return None if isinstance(found, str) else found.timezone
    return wanted if "/" in wanted else None


def offset(zone: str, day: date | None) -> str:
    """``UTC+4`` at noon of a day."""
    noon = datetime.combine(day, time(12), UTC) if day else datetime.now(UTC)
    try:
        span = noon.astimezone(ZoneInfo(zone)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    minutes = int(span.total_seconds()) // 60 if span else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def clocks(desk: Desk) -> None:
    """Draw the field: the zones in their order, those of the case's places offered, and the name of each."""
    words = desk.words
    held = desk.get(_CLOCKS, [])
    held = held if isinstance(held, list) else []
    zones = [_zone(clock) for clock in held]
    near = [place.found.timezone for place in placed(desk) if place.found and place.found.timezone]
    key, day = key_of(desk, _CLOCKS), day_of(desk.values)
    failed = f"{key}-wrong"
    bind(key, zones)

    def changed() -> None:
        st.session_state.pop(failed, None)
        chosen: list[str] = []
        for typed in map(str, st.session_state[key]):
            zone = typed if typed in zones else zone_of(typed)
            if zone is None:
                st.session_state[failed] = words.say(
                    "{text} is no time zone and no clear place; write Asia/Baku, or a city", text=f"“{typed[:40]}”"
                )
            elif zone not in chosen:
                chosen.append(zone)
        # A clock that stays keeps its name and its spelling.
        kept = dict(zip(zones, held, strict=True))
        desk.change(
            words.say("Clocks"), lambda document: document.put(_CLOCKS, [kept.get(zone, zone) for zone in chosen])
        )

    st.multiselect(
        words.say("Clocks beside UTC"),
        list(dict.fromkeys([*zones, *near])),
        zones,
        key=key,
        format_func=lambda zone: " · ".join(filter(None, [words.city(zone), zone, offset(zone, day)])),
        on_change=unless_late(key, changed),
        accept_new_options=True,
        placeholder=words.say("Choose, or type a city or a time zone"),
    )
    wrong(desk, key, _CLOCKS, st.session_state.get(failed, ""))
    _names(desk, zones)


def _zone(clock: Any) -> str:  # noqa: ANN401  a TOML value
    return str(clock.get("zone", "")) if isinstance(clock, dict) else str(clock)


def _names(desk: Desk, zones: list[str]) -> None:
    for start in range(0, len(zones), _IN_ROW):
        columns = st.columns(max(2, len(zones[start : start + _IN_ROW])), gap="small")
        for column, (index, zone) in zip(columns, list(enumerate(zones))[start : start + _IN_ROW], strict=False):
            with column:
                _name(desk, index, zone)


def _name(desk: Desk, index: int, zone: str) -> None:
    """What a clock is called in the language that is being written."""
    words: Words = desk.words
    place, told_in = (*_CLOCKS, index, "name"), languages_of(desk)
    label = words.say("Name of {zone}", zone=zone)
    if len(told_in) > 1 or desk.language not in told_in:
        label = f"{label} · {own_name(desk.language)}"
    key = key_of(desk, (*_CLOCKS, zone, "name"))
    begun = bind(key, desk.said(place))

    def changed() -> None:
        said = str(st.session_state[key]).strip()

        def edit(document: Document) -> None:
            if isinstance(document.get((*_CLOCKS, index)), str):
                document.put((*_CLOCKS, index), {"zone": zone})
            put_text(document, place, told_in[0], desk.language, said)

        desk.change(label, edit)

    held = desk.get(place)
    first = held.get(told_in[0]) if isinstance(held, dict) else None
    st.text_input(
        label, begun, key=key, placeholder=str(first or words.city(zone)), on_change=unless_late(key, changed)
    )
    told(desk, place)
