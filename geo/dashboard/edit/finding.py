"""A field that finds a place while one types, in any script: by name, by code, or a position as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.dashboard.finding_route import LONGEST, candidate
from geo.dashboard.parts import LOADER, key_for
from geo.dashboard.routes import code_address, find_address

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geo.scene.words import Words

_FINDER: Final = st.components.v2.component("flightcase_finder", js=LOADER)


def finder(  # noqa: PLR0913  a field has that many sides
    key: str,
    label: str,
    words: Words,
    *,
    near: Sequence[tuple[float, float]] = (),
    value: str = "",
    choose: Callable[[dict[str, Any]], None],
    typed: Callable[[str], None] | None = None,
    placeholder: str = "",
    told: str = "",
    act: str = "",
) -> None:
    """Draw the field.

    Args:
        key: of the component.
        label: of the field.
        words: of the interface, with the units in which distances are told.
        near: latitude and longitude of the places of the flight so far.
        value: the text that stands in the field: a place that was chosen before.
        choose: called with the place that was chosen: ``write`` (what a case file writes: a name or code, or a table
            with ``lat`` and ``lon``), ``name``, ``kind`` (``point`` for a position), ``lat``, ``lon``, ``icao``,
            ``iata``, ``country``, ``timezone``.
        typed: called with a text that was left in the field and no place was chosen for.
        placeholder: an example.
        told: what is wrong with the value, beside the field.
        act: the word on the button of each candidate, "Use" without it.
    """
    key = key_for(key)
    counter = f"{key}-choices"

    def chosen() -> None:
        code = st.session_state[key].get("choose")
        found = candidate(code) if isinstance(code, str) else None
        if found:
            st.session_state[counter] = st.session_state.get(counter, 0) + 1
            choose(found)

    def left() -> None:
        text = st.session_state[key].get("typed")
        if typed and isinstance(text, str):
            typed(text[:LONGEST])

    _FINDER(
        key=key,
        data={
            "near": ";".join(f"{lat:.4f},{lon:.4f}" for lat, lon in near),
            "label": label,
            "value": value,
            "choices": st.session_state.get(counter, 0),
            "typing": typed is not None,
            "placeholder": placeholder,
            "told": told,
            **_given(words, act),
        },
        on_choose_change=chosen,
        on_typed_change=left,
    )


def _given(words: Words, act: str) -> dict[str, Any]:
    """What the field is given that is the same for every one on a page."""
    return {
        "module": code_address("dashboard", "finder.js"),
        "style": code_address("dashboard", "finder.css"),
        "find": find_address(),
        "language": words.language,
        "units": words.units,
        "longest": LONGEST,
        "words": {
            "match": words.say("Match"),
            "position": words.say("Position"),
            "names": words.say("Names and warnings"),
            "use": act or words.say("Use"),
            "failed": words.say("The places cannot be asked now. Try again in a moment."),
        },
    }
