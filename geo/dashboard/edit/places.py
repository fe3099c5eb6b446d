"""Places: found in the gazetteer in any script, or put on the map; their names, positions and accuracy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from geo.casefile.mentions import free_key
from geo.dashboard.cases import plain
from geo.dashboard.edit.finding import finder
from geo.dashboard.edit.picking import pick
from geo.dashboard.edit.place import named_only, place_form
from geo.dashboard.edit.placed import placed, positions
from geo.dashboard.fields import key_of
from geo.dashboard.rows import cell, rows

if TYPE_CHECKING:
    from geo.casefile.editing import Document
    from geo.dashboard.desk import Desk
    from geo.dashboard.edit.placed import Placed
    from geo.scene.words import Words

#: The rows of places that are only named; no key of ``[places]`` begins so.
_NAMED = "="


def places(desk: Desk) -> None:
    """Draw the panel."""
    words, listed = desk.words, placed(desk)
    memory = f"place-{desk.draft.id}"
    with st.container(key="places"):
        with st.container(horizontal=True, vertical_alignment="center", key="places-head"):
            st.subheader(words.say("Places"), anchor=False, width="content")
            st.caption(plain(_counted(listed, words)), width="stretch")
        finder(
            key_of(desk, ("places",), "find"),
            words.say("Find a place, any spelling"),
            words,
            near=positions(listed),
            placeholder=words.say("Name, code or position"),
            choose=lambda found: _add(desk, memory, found),
        )
        if listed:
            _table(desk, listed, memory)
        key = free_key({place.key: None for place in listed}, words.say("place"))
        with st.container(horizontal=True, key="places-acts"):
            pick(desk, words.say("Add a place on the map"), ("places", key), "point")
        one = next((place for place in listed if _row(place) == st.session_state.get(memory)), None)
        if one is not None:
            with st.container(border=True, key="place-form"):
                if one.own:
                    place_form(desk, one, listed, memory)
                else:
                    named_only(desk, one, listed, memory)


def _row(place: Placed) -> str:
    return place.key if place.own else _NAMED + place.key


def _counted(listed: list[Placed], words: Words) -> str:
    count = len(listed)
    unknown = sum(place.at is None for place in listed)
    said = (
        words.say("1 place of the case" if count == 1 else "{count} places of the case", count=words.number(count))
        if listed
        else ""
    )
    lost = words.say("1 without a position" if unknown == 1 else "{count} without a position", count=unknown)
    return words.comma.join(filter(None, [said, lost if unknown else ""]))


def _table(desk: Desk, listed: list[Placed], memory: str) -> None:
    words = desk.words

    def choose(row: str) -> None:
        st.session_state[memory] = None if st.session_state.get(memory) == row else row

    rows(
        key_of(desk, ("places",), "rows"),
        words.say("Places of the case"),
        [
            words.say("Place"),
            words.say("Found as"),
            words.say("Position"),
            words.say("Accuracy"),
            words.say("Used"),
        ],
        [(_row(place), _cells(desk, place)) for place in listed],
        chosen=st.session_state.get(memory),
        choose=choose,
    )


def _cells(desk: Desk, place: Placed) -> list[str | dict[str, Any]]:
    words = desk.words
    entry = desk.get(("places", place.key)) if place.own else None
    entry = entry if isinstance(entry, dict) else {}
    by_hand = "lat" in entry or "lon" in entry
    asked = place.asked or words.say("placed by hand")
    if place.asked and by_hand:
        asked = words.say("{name}, own position", name=place.asked)
    wrong = bool(place.wrong) or (place.own and bool(desk.problems(("places", place.key))))
    at = f"{place.at[0]:.4f}, {place.at[1]:.4f}" if place.at else words.say("none")
    within = entry.get("within_km")
    accuracy = ""
    if isinstance(within, int | float) and not isinstance(within, bool):
        accuracy = words.say("within {distance}", distance=words.distance(within))
    count = len(place.uses)
    used = words.say("1 time" if count == 1 else "{count} times", count=words.number(count)) if count else ""
    return [
        cell(place.name, tone="strong" if place.own else ""),
        cell(asked, tone="warn" if place.wrong else "quiet"),
        cell(words.say("to be mended") if wrong and place.at is None else at, tone="warn" if wrong else ""),
        cell(accuracy, tone="quiet"),
        cell(used or words.say("not used"), tone="" if used else "quiet", sort=count),
    ]


def _add(desk: Desk, memory: str, found: dict[str, Any]) -> None:
    """Give what was found an entry of its own, unless it has one; its row is chosen."""
    write = found["write"]
    entry = {"find": write} if isinstance(write, str) else dict(write)
    known = desk.get(("places",), {})
    for key, held in known.items():
        if isinstance(held, dict) and all(held.get(name) == value for name, value in entry.items()):
            st.session_state[memory] = key
            return
    name = desk.words.say("place") if found["kind"] == "point" else found["name"]
    key = free_key(known, name)

    def edit(document: Document) -> None:
        document.put(("places", key), entry)

    desk.change(desk.words.say("Add {name}", name=found["name"]), edit)
    st.session_state[memory] = key
