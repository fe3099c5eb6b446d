"""What can be known of the flight on the Data page: stretches, gaps and reach, the intended route, whose sky, phases.

The numbers are those of ``geo.route.facts`` in the words of ``geo.scene.facts``; nothing is worked out here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.dashboard.account import cited, figures
from geo.dashboard.cases import plain
from geo.dashboard.rows import cell, rows
from geo.model import Evidence
from geo.route.facts import facts
from geo.scene.facts import row
from geo.scene.styles import style_of
from geo.scene.timebar import at
from geo.scene.words import bare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.dashboard.shown import Shown
    from geo.route import RouteStretch
    from geo.route.facts import Fact
    from geo.scene.words import Words

#: Which facts stand in which table, by what their keys begin with.
GAPS: Final = ("known", "reach", "reconstruction.", "schematic.", "state.overridden", "state.unused", "disagreement")
ROUTE: Final = ("against.",)
SKY: Final = ("country",)
AREAS: Final = ("area",)
MOTION: Final = ("phase.", "swings")
#: Stretches that a page of the table has.
_PAGE: Final = 25


def overview(what: Shown, words: Words) -> None:
    """Cards: how long what was received."""
    route = what.route()
    names = {
        Evidence.RECEIVED: words.say("Position received"),
        Evidence.REJECTED: words.say("Position false"),
        Evidence.PARTIAL: words.say("Altitude and heading only"),
        Evidence.SILENT: words.say("No position received"),
    }
    whole = max(route.end_s - route.start_s, 1e-9)
    told = [(length(route.end_s - route.start_s), words.say("of flight"))]
    for evidence, name in names.items():
        seconds = route.seconds(evidence)
        if seconds > 0:
            told.append((length(seconds), f"{name}{words.comma}{words.percent(seconds / whole)}"))
    figures("states", told)


def findings(what: Shown, words: Words) -> None:
    """Draw the tables; a row leads the map to its moment."""
    told = facts(what.route())
    st.subheader(words.say("Stretches"), anchor=False)
    stretches(what, words)
    st.subheader(words.say("Gaps and reach"), anchor=False)
    gaps = chosen_of(told, GAPS)
    if gaps:
        _table("gaps", words.say("Gaps and reach"), gaps, what, words)
    else:
        st.caption(words.say("No time without a position is longer than the gap of the case."))
    tables = (
        ("against", words.say("Against the intended route"), ROUTE),
        ("sky", words.say("Whose sky"), SKY),
        ("motion", words.say("Phases of flight"), MOTION),
    )
    for key, title, kinds in tables:
        chosen = chosen_of(told, kinds)
        if chosen:
            st.subheader(title, anchor=False)
            _table(key, title, chosen, what, words)
        areas = chosen_of(told, AREAS) if key == "sky" else []
        if areas:
            with st.expander(words.say("Whose sky, in detail")):
                _table("areas", words.say("Whose sky, in detail"), areas, what, words)


def chosen_of(told: Sequence[Fact], kinds: tuple[str, ...]) -> list[Fact]:
    """The facts whose keys begin so."""
    return [fact for fact in told if fact.key.startswith(kinds)]


def _table(key: str, title: str, told: Sequence[Fact], what: Shown, words: Words) -> None:
    body: list[tuple[str, list[str | dict[str, Any]]]] = []
    moments: dict[str, dict[str, Any]] = {}
    for number, fact in enumerate(told):
        kind, when, finding, rests = map(bare, row(fact, what.case, words))
        cells: list[str | dict[str, Any]] = [cell(kind, tone="strong"), when, finding, cell(rests, tone="quiet")]
        if fact.key in (*SKY, *AREAS):
            cells = [cell(finding, tone="strong"), when, cells[3]]
        elif fact.key.startswith("phase."):
            cells[2] = _fixes(fact, words)
        body.append((str(number), cells))
        if fact.start_s is not None:
            moments[str(number)] = moment_of(fact, f"{kind}{words.comma}{when}")
    columns = [words.say("What"), words.say("When (UTC)"), words.say("Finding"), words.say("Rests on")]
    if told[0].key in (*SKY, *AREAS):
        columns = [words.say("Sky of"), columns[1], columns[3]]
    rows(f"{key}-{what.slug}", title, columns, body, choose=moments)
    names = [one.removeprefix("source ") for fact in told for one in fact.rests_on if one.startswith("source ")]
    _sources(what, names)


def _fixes(fact: Fact, words: Words) -> str:
    """By how many fixes a phase is told."""
    count = int(fact.values.get("fixes") or 0)
    return words.say("1 fix") if count == 1 else words.say("{count} fixes", count=words.number(count))


def moment_of(fact: Fact, text: str) -> dict[str, Any]:
    """Where the row of a fact that has a time leads the viewer: there, and to its place where it has one."""
    lat, lon = fact.values.get("lat"), fact.values.get("lon")
    placed = isinstance(lat, float) and isinstance(lon, float)
    return {"t": fact.start_s, **({"lat": lat, "lon": lon, "text": text} if placed else {})}


def _sources(what: Shown, names: Sequence[str]) -> None:
    """What the names in brackets stand for."""
    told = cited(what, list(dict.fromkeys(names)))
    if told:
        st.caption("  \n".join(map(plain, told)))


@st.fragment
def stretches(what: Shown, words: Words) -> None:
    """Draw the table of stretches, a page of it where there are many."""
    told = what.route().stretches
    page = 1
    if len(told) > _PAGE:
        count = -(-len(told) // _PAGE)
        page = min(int(st.session_state.get("stretches-page", 1)), count)
    first = (page - 1) * _PAGE
    body: list[tuple[str, list[str | dict[str, Any]]]] = []
    moments: dict[str, dict[str, Any]] = {}
    names: list[str] = []
    for number, stretch in enumerate(told[first : first + _PAGE], start=first):
        body.append((str(number), _stretch(number, stretch, words)))
        moments[str(number)] = {"t": stretch.start_s}
        names += stretch.sources
    columns = (
        words.say("No."),
        words.say("From (UTC)"),
        words.say("To (UTC)"),
        words.say("Length"),
        words.say("Evidence"),
        words.say("Line on the map"),
        words.say("Rests on"),
    )
    rows(f"stretches-{what.slug}", words.say("Stretches"), columns, body, choose=moments)
    if len(told) > _PAGE:
        st.pagination(-(-len(told) // _PAGE), key="stretches-page")
    _sources(what, names)


def _stretch(number: int, stretch: RouteStretch, words: Words) -> list[str | dict[str, Any]]:
    evidence = {
        "received": words.say("Position received"),
        "silent": words.say("No position received"),
        "rejected": words.say("Position false"),
        "partial": words.say("Altitude and heading only"),
        "inferred": words.say("Position inferred only"),
    }
    basis = {
        "measured": words.say("measured"),
        "reconstructed": words.say("reconstructed from other evidence"),
        "schematic": words.say("schematic, placed by the author"),
        "bridged": words.say("shortest line between known ends; claims nothing"),
        "none": words.say("none drawn"),
    }
    return [
        str(number + 1),
        words.clock(at(stretch.start_s), seconds=True),
        words.clock(at(stretch.end_s), seconds=True),
        length(stretch.end_s - stretch.start_s),
        cell(evidence[style_of(stretch)], tone="strong"),
        basis[stretch.basis.value],
        cell(_rests_on(stretch, words), tone="quiet"),
    ]


def _rests_on(stretch: RouteStretch, words: Words) -> str:
    if stretch.track is not None:
        count = words.number(stretch.fixes)
        track = words.say("track {number}", number=stretch.track + 1)
        fixes = words.say("1 fix") if stretch.fixes == 1 else words.say("{count} fixes", count=count)
        return f"{track}{words.comma}{fixes}"
    if stretch.stated:
        return " ".join([words.say("the case"), *(f"[{name}]" for name in stretch.sources)])
    return words.say("no track")


def length(seconds: float) -> str:
    """``1:42:00``."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
