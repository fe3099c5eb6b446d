"""One stretch of a draft: when, what was received, what is drawn and on what ground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.dashboard.cases import plain
from geo.dashboard.edit import paths
from geo.dashboard.edit.cited import cited
from geo.dashboard.edit.picking import pick
from geo.dashboard.edit.texts import day_of, number, text
from geo.dashboard.edit.times import time_field
from geo.dashboard.fields import choice, key_of, line, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.casefile.editing import Document, Place
    from geo.dashboard.desk import Desk
    from geo.scene.words import Words

_EVIDENCE: Final = ("received", "rejected", "partial", "silent")
_BASES: Final = ("none", "bridged", "schematic", "reconstructed")


def evidence_names(words: Words) -> dict[str, str]:
    """What was received, in words."""
    return {
        "received": words.say("Received"),
        "rejected": words.say("Position false"),
        "partial": words.say("Values, no position"),
        "silent": words.say("Nothing received"),
    }


def basis_names(words: Words) -> dict[str, str]:
    """How the line is got, in words."""
    return {
        "none": words.say("No line"),
        "bridged": words.say("Straight between known ends"),
        "schematic": words.say("Placed by hand"),
        "reconstructed": words.say("Reconstructed"),
    }


def stretch_form(desk: Desk, index: int, forget: Callable[[], None]) -> None:
    """Draw the fields of a stretch; ``forget`` lets go of the choice of it."""
    words = desk.words
    place: Place = ("stretch", index)
    basis = str(desk.get((*place, "basis"), "none"))
    with st.container(border=True, key="stretch-form"):
        own = [problem for problem in desk.problems(place) if problem.place == place]
        if own:
            told_here(desk, place)
        day = day_of(desk.values)
        first, second, third, fourth = st.columns([1, 1, 1.2, 1.2])
        with first:
            time_field(desk, words.say("From"), (*place, "from"), day)
        with second:
            time_field(desk, words.say("To"), (*place, "to"), day)
        with third:
            _evidence(desk, place)
        with fourth:
            _basis(desk, place)
        if basis != "none" or desk.get((*place, "path")):
            _path(desk, place, basis)
        text(
            desk,
            words.say("Label on the map"),
            (*place, "label"),
            tip=words.say("A few words beside the line. Without one the page says what was received."),
        )
        text(desk, words.say("Note for the reader"), (*place, "note"), lines=2)
        text(
            desk,
            words.say("Why this stands in place of what a track received"),
            (*place, "overrides"),
            tip=words.say(
                "Only where a track covers this time and is wrong there. The reader is shown the reason; without one "
                "the track is drawn."
            ),
        )
        cited(desk, words.say("Sources"), (*place, "sources"))
        label = words.say("Remove this stretch")

        def removed() -> None:
            desk.change(label, lambda document: document.remove(place))
            forget()

        st.button(label, key=key_of(desk, place, "remove"), on_click=removed)


def told_here(desk: Desk, place: Place) -> None:
    """Say what is wrong with the stretch as a whole: overlaps, ends before its beginning, a line without ground."""
    for count, problem in enumerate(desk.problems(place)):
        if problem.place == place:
            with st.container(key=f"problem-{count}-{key_of(desk, place, 'whole')}"):
                st.markdown(plain(problem.message))


def _evidence(desk: Desk, place: Place) -> None:
    choice(desk, desk.words.say("What was received"), (*place, "evidence"), _EVIDENCE, evidence_names(desk.words))


def _basis(desk: Desk, place: Place) -> None:
    names = basis_names(desk.words)
    choice(desk, desk.words.say("Line drawn"), (*place, "basis"), _BASES, names, default="none")


def _path(desk: Desk, place: Place, basis: str) -> None:
    words = desk.words
    here = (*place, "path")
    held = desk.get(here, [])
    points = held if isinstance(held, list) else []

    def write(document: Document, said: str) -> None:
        before = document.get(here, [])
        document.put(here, paths.read_path(said, before if isinstance(before, list) else []) or None)

    def listed(value: Any) -> str:  # noqa: ANN401  a TOML value
        return "\n".join(map(paths.shown, value)) if isinstance(value, list) else str(value)

    left, right = st.columns([2, 1], vertical_alignment="top")
    with left:
        line(
            desk,
            words.say("Path, one point a line"),
            here,
            lines=max(3, min(9, len(points) + 1)),
            shown=listed,
            write=write,
            placeholder="URMG\n43.9, 46.4 ± 30 km\nURMG + 18 km @ 111.6°",
            tip=words.say(
                "A place of the case, a name or code, a position, or a distance and direction from a place. A straight "
                "line between known ends needs a point only where no neighbour gives its end."
            ),
        )
        pick(desk, words.say("Draw on the map"), here, "path")
    with right:
        if basis == "reconstructed":
            number(
                desk,
                words.say("Doubt, share of the way to a known end"),
                (*place, "band", "share"),
                placeholder="0.1",
            )
            number(desk, words.say("Doubt, at least km"), (*place, "band", "least_km"), placeholder="1.2")
            told(desk, (*place, "band"))
        elif basis == "schematic":
            number(
                desk,
                words.say("How far off, km"),
                (*place, "within_km"),
                tip=words.say("How far off the line may be. The page says so."),
            )
