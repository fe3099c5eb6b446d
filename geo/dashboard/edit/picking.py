"""Give a position by a click on the map of the preview."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import streamlit as st

from geo.dashboard.fields import key_of

if TYPE_CHECKING:
    from geo.casefile.editing import Place
    from geo.dashboard.desk import Desk

How = Literal["point", "ring", "path"]


def pick(desk: Desk, label: str, place: Place, how: How = "point") -> None:
    """A button that lets the map of the preview give the position at a place of the case.

    Args:
        desk: with the draft.
        label: of the button; also names the change for undo.
        place: of the value: a table with ``lat`` and ``lon`` (``point``), ``ring`` and ``km`` (``ring``), a list of
            such points (``path``).
        how: what the map gives.
    """
    if st.button(label, key=key_of(desk, place, "pick")):
        st.session_state["picking"] = (list(place), how, label)
