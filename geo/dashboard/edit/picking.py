"""Give a position by a click on the map of the preview: the button that asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import streamlit as st

from geo.dashboard.cases import plain
from geo.dashboard.fields import key_of

if TYPE_CHECKING:
    from geo.casefile.editing import Place
    from geo.dashboard.desk import Desk

How = Literal["point", "ring", "path"]

_ASKED: Final = "picking"
_REPLACED: Final = "picking-replaced"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the map is asked for: the place of a draft that a click writes, and what names the change.

    ``entry`` is the id of the event that the place is in, so that no other takes its place unnoticed.
    """

    draft: str
    place: tuple[str | int, ...]
    how: How
    label: str
    entry: str


def pick(desk: Desk, label: str, place: Place, how: How = "point") -> None:
    """A button that lets the map of the preview give the position at a place of the case.

    Args:
        desk: with the draft.
        label: of the button; also names the change for undo.
        place: of the value: a table with ``lat`` and ``lon`` (``point``), ``ring`` and ``km`` (``ring``), a list of
            such points (``path``).
        how: what the map gives.
    """
    wanted = Asked(desk.draft.id, tuple(place), how, label, _entry(desk, place))
    armed = asked(desk) == wanted
    st.button(
        desk.words.say("Stop choosing on the map") if armed else label,
        key=key_of(desk, place, "pick"),
        on_click=lambda: ask(None if armed else wanted),
    )
    said = st.session_state.get(_REPLACED)
    if said and said[:2] == (desk.draft.id, tuple(place)):
        st.caption(plain(said[2]))


def ask(wanted: Asked | None) -> None:
    """Ask the map for a position, or for none."""
    if wanted is None:
        st.session_state.pop(_ASKED, None)
    else:
        st.session_state[_ASKED] = wanted
    st.session_state.pop(_REPLACED, None)


def asked(desk: Desk) -> Asked | None:
    """What the map is asked for in this draft, while what it is asked for is still there."""
    found = st.session_state.get(_ASKED)
    if not isinstance(found, Asked) or found.draft != desk.draft.id:
        return None
    there = found.place[0] == "places" or desk.get(found.place[:-1]) is not None
    return found if there and found.entry == _entry(desk, found.place) else None


def _entry(desk: Desk, place: Place) -> str:
    return str(desk.get((*place[:2], "id"), ""))


def tell_replaced(desk: Desk, place: Place, said: str) -> None:
    """Note that a click put a position where a name stood."""
    st.session_state[_REPLACED] = (desk.draft.id, tuple(place), said)


def replaced(desk: Desk) -> str:
    """What the last click replaced, in words; empty when it replaced nothing."""
    said = st.session_state.get(_REPLACED)
    return str(said[2]) if said and said[0] == desk.draft.id else ""
