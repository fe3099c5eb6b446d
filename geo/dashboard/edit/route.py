"""The intended route: its places in their order, when it was meant to be flown, and what it is based on."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import streamlit as st

from geo.dashboard.cases import plain
from geo.dashboard.edit.cited import cited
from geo.dashboard.edit.finding import finder
from geo.dashboard.edit.placed import placed, positions, where
from geo.dashboard.edit.texts import day_field, day_of, number, text, told_of_all
from geo.dashboard.edit.times import time_field
from geo.dashboard.fields import bind, key_of, told
from geo.dashboard.rows import cell, rows
from geo.geodesy import distance_m

if TYPE_CHECKING:
    from geo.casefile.editing import Document
    from geo.dashboard.desk import Desk
    from geo.scene.words import Words

_ROUTE = ("intended", "route")
#: A route has an origin and a destination.
_LEAST = 2

Spot = tuple[str, tuple[float, float] | None]


def route(desk: Desk) -> None:
    """Draw the panel."""
    words = desk.words
    held = desk.get(_ROUTE, [])
    spots: list[Spot] = [where(desk, value) for value in (held if isinstance(held, list) else [])]
    with st.container(key="route"):
        with st.container(horizontal=True, vertical_alignment="center", key="route-head"):
            st.subheader(words.say("Intended route"), anchor=False, width="content")
            st.caption(plain(_summary(spots, words)), width="stretch")
        if spots:
            _table(desk, spots)
        _chosen(desk, spots)
        told(desk, _ROUTE)
        told_of_all(desk, ("intended",))
        _addition(desk, spots)
        _fields(desk)


def _memory(desk: Desk) -> str:
    return f"waypoint-{desk.draft.id}"


def _legs(spots: list[Spot]) -> list[float | None]:
    """Length of the leg that ends at each place, km; ``None`` at the first and where an end is nowhere."""
    legs: list[float | None] = [None]
    for (_, start), (_, end) in pairwise(spots):
        legs.append(float(distance_m(*start, *end)) / 1000 if start and end else None)
    return legs[: len(spots)]


def _summary(spots: list[Spot], words: Words) -> str:
    if len(spots) < _LEAST:
        return words.say("A route has two places or more, in order.")
    legs = _legs(spots)[1:]
    known = [leg for leg in legs if leg is not None]
    total = words.distance(sum(known)) if len(known) == len(legs) else ""
    ends = words.say("{origin} to {destination}", origin=spots[0][0], destination=spots[-1][0])
    return words.comma.join(filter(None, [ends, total]))


def _table(desk: Desk, spots: list[Spot]) -> None:
    words, memory = desk.words, _memory(desk)
    legs = _legs(spots)
    parts = {0: words.say("Origin"), len(spots) - 1: words.say("Destination")}

    def choose(row: str) -> None:
        st.session_state[memory] = None if st.session_state.get(memory) == int(row) else int(row)

    body: list[tuple[str, list[str | dict[str, Any]]]] = []
    for number_, (name, at) in enumerate(spots):
        leg = legs[number_]
        problems = desk.problems((*_ROUTE, number_))
        position = f"{at[0]:.4f}, {at[1]:.4f}" if at else words.say("none")
        cells: list[str | dict[str, Any]] = [
            cell(name, tone="strong"),
            cell(parts.get(number_, words.say("Waypoint")), tone="quiet"),
            cell(words.say("to be mended") if problems else position, tone="warn" if problems else ""),
            cell(words.distance(leg) if leg is not None else "", tone="quiet"),
        ]
        body.append((str(number_), cells))
    chosen = st.session_state.get(memory)
    rows(
        key_of(desk, _ROUTE, "rows"),
        words.say("Places of the intended route"),
        [words.say("Place"), words.say("Part"), words.say("Position"), words.say("Leg")],
        body,
        chosen=None if chosen is None else str(chosen),
        choose=choose,
    )


def _chosen(desk: Desk, spots: list[Spot]) -> None:
    """What can be done with the place that is chosen."""
    words, memory = desk.words, _memory(desk)
    at = st.session_state.get(memory)
    if at is None or at >= len(spots):
        return
    name = spots[at][0]

    def move(step: int) -> None:
        desk.change(words.say("Move {name}", name=name), lambda document: document.move((*_ROUTE, at), at + step))
        st.session_state[memory] = at + step

    def remove() -> None:
        desk.change(words.say("Remove {name}", name=name), lambda document: document.remove((*_ROUTE, at)))
        st.session_state[memory] = None

    with st.container(horizontal=True, key="route-acts"):
        earlier, later = words.say("Earlier"), words.say("Later")
        st.button(earlier, key=key_of(desk, _ROUTE, "earlier"), disabled=at == 0, on_click=move, args=(-1,))
        last = at == len(spots) - 1
        st.button(later, key=key_of(desk, _ROUTE, "later"), disabled=last, on_click=move, args=(1,))
        st.button(
            words.say("Take out of the route"),
            key=key_of(desk, _ROUTE, "remove"),
            disabled=len(spots) <= _LEAST,
            on_click=remove,
        )


def _addition(desk: Desk, spots: list[Spot]) -> None:
    """Add a place: found by its name, at a chosen point of the order."""
    words, memory = desk.words, _memory(desk)
    chosen = st.session_state.get(memory)
    # Behind the chosen one; else a waypoint, as both ends are there.
    at = len(spots) if len(spots) < _LEAST else len(spots) - 1
    at = chosen + 1 if isinstance(chosen, int) and chosen < len(spots) else at
    key = key_of(desk, _ROUTE, "where")
    picked = f"{key}-of"
    if st.session_state.get(picked) != (len(spots), chosen):
        st.session_state[picked] = (len(spots), chosen)
        st.session_state[key] = at
    names = [words.say("before {name}", name=spots[0][0]) if spots else words.say("first")]
    names += [words.say("after {name}", name=name) for name, _ in spots]
    chosen_spot = bind(key, min(st.session_state.get(key, at), len(spots)))
    left, right = st.columns([2, 5], gap="small")
    with left:
        st.selectbox(
            words.say("Where"),
            range(len(spots) + 1),
            chosen_spot,
            key=key,
            format_func=lambda each: names[min(each, len(names) - 1)],
        )
    with right:
        finder(
            key_of(desk, _ROUTE, "find"),
            words.say("Add a place to the route"),
            words,
            near=positions(placed(desk)),
            placeholder=words.say("Name, code or position"),
            choose=lambda found: _add(desk, found, int(st.session_state.get(key, at))),
            act=words.say("Add"),
        )


def _add(desk: Desk, found: dict[str, Any], at: int) -> None:
    """Put what was found into the route, by its key where the case has an entry for it."""
    value = found["write"]
    entries = desk.get(("places",), {})
    for key, entry in entries.items() if isinstance(value, str) else ():
        if isinstance(entry, dict) and entry.get("find") == value:
            value = key

    def edit(document: Document) -> None:
        document.insert(_ROUTE, value, min(at, document.size(_ROUTE)))

    desk.change(desk.words.say("Add {name}", name=found["name"]), edit)
    st.session_state[_memory(desk)] = at


def _fields(desk: Desk) -> None:
    words, day = desk.words, day_of(desk.values)
    left, middle, right = st.columns(3, gap="small")
    with left:
        day_field(desk)
    with middle:
        time_field(desk, words.say("Departs"), ("intended", "departs"), day)
    with right:
        time_field(desk, words.say("Arrives"), ("intended", "arrives"), day)
    left, right = st.columns([2, 1], gap="small")
    with left:
        text(
            desk,
            words.say("What the route is based on"),
            ("intended", "basis"),
            shown=words.say("great circle; the filed route is not known"),
        )
    with right:
        number(
            desk,
            words.say("Corridor, km"),
            ("intended", "corridor_km"),
            placeholder="18.52",
            tip=words.say("What is nearer to the route than this counts as on it; 18.52 km (10 NM) unless you say."),
        )
    cited(desk, words.say("Sources of the route"), ("intended", "sources"))
