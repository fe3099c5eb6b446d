"""The account of a track on the Data page: every row of its file, and the table of its fixes."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import streamlit as st

from geo.dashboard import judged as judging
from geo.dashboard.cases import plain
from geo.dashboard.fixes import judged
from geo.dashboard.parts import LOADER, key_for
from geo.dashboard.routes import code_address, fixes_address
from geo.dashboard.rows import cell, rows
from geo.errors import FlightcaseError
from geo.tracks import RULES, formats

if TYPE_CHECKING:
    from geo.dashboard.judged import Judged
    from geo.dashboard.shown import Shown
    from geo.model import TrackFile
    from geo.scene.words import Words

_FIXES: Final = st.components.v2.component("flightcase_fixes", js=LOADER)
#: Widths of the columns of the table, px: row to judgement; more for times with a day or parts of a second.
_WIDTHS: Final = (48, 68, 72, 82, 60, 60, 48, 62, 88, 146)
_DAY: Final = 48
_PART: Final = 12
_DIGIT: Final = 8
#: Notes of a reading that are told.
_MOST_NOTES: Final = 12


def figures(key: str, told: list[tuple[str, str]]) -> None:
    """Cards with a figure each and what it counts."""
    with st.container(horizontal=True, key=f"data-figures-{key}"):
        for number, (figure, what) in enumerate(told):
            with st.container(key=f"data-figure-{key}-{number}"):
                st.markdown(f"**{plain(figure)}**  \n{plain(what)}")


def account(what: Shown, number: int, words: Words) -> None:
    """Draw the account of a track and its fixes; ``number`` is its place in the case, from 0."""
    wanted = what.case.tracks[number]
    st.subheader(_title(what, number, words), anchor=False)
    try:
        told = judged(what, number)
    except FlightcaseError as wrong:
        st.warning(plain(str(wrong)))
        return
    report = told.reading.report
    _file(what, wanted, told, words)
    names = (
        words.say("rows read"),
        words.say("rows accepted"),
        words.say("rows rejected"),
        words.say("rows unreadable"),
    )
    counts = (report.read, report.accepted, report.rejected, report.unreadable)
    shown = [words.number(count) for count in counts]
    figures(f"rows-{number}", list(zip(shown, names, strict=True)))
    st.caption(_sentence(told, shown, words))
    _notes(told, words)
    _fixes(what, number, told, words)
    with st.expander(words.say("How rows are judged")):
        _rules(number, told, words)


def _title(what: Shown, number: int, words: Words) -> str:
    name = plain(what.case.tracks[number].file)
    if len(what.case.recorded) == 1:
        return f"{words.say('Fixes')} :gray[:small[{name}]]"
    return f"{words.say('Fixes of track {number}', number=number + 1)} :gray[:small[{name}]]"


def _file(what: Shown, wanted: TrackFile, told: Judged, words: Words) -> None:
    """Format, credit and sources of the file."""
    said = [formats().get(told.reading.format, told.reading.format)]
    if wanted.credit:
        said.append(words.say("Track: {credit}.", credit=words.plain(wanted.credit)).rstrip("."))
    said += cited(what, wanted.sources)
    st.caption(plain(" · ".join(said)))


def cited(what: Shown, names: tuple[str, ...] | list[str]) -> list[str]:
    """``[S01] Publisher, title`` of each source."""
    known = what.case.sources
    return [f"[{name}] {known[name].publisher}, {known[name].title}" for name in names if name in known]


def _sentence(told: Judged, shown: list[str], words: Words) -> str:
    """The account as a sum, and what of it is of this flight."""
    read, accepted, rejected, unreadable = shown
    said = words.say(
        "{read} rows read = {accepted} accepted + {rejected} rejected + {unreadable} unreadable.",
        read=read,
        accepted=accepted,
        rejected=rejected,
        unreadable=unreadable,
    )
    others = told.reading.report.accepted + told.reading.report.rejected - len(told.track)
    if others:
        said += " " + words.say(
            "{count} of them are of other flights or of other times than the case names, and not in this table.",
            count=words.number(others),
        )
    return plain(said)


def _notes(told: Judged, words: Words) -> None:
    report = told.reading.report
    notes = [f"- {plain(note)}" for note in report.notes[:_MOST_NOTES]]
    if len(report.notes) > _MOST_NOTES:
        notes.append(f"- {words.say('and {count} more', count=words.number(len(report.notes) - _MOST_NOTES))}")
    if report.ignored_columns:
        names = words.listed(report.ignored_columns)
        notes.append(f"- {plain(words.say('Columns that have no place in a track: {names}.', names=names))}")
    if notes:
        st.caption("\n".join([words.say("What was taken for granted:"), "", *notes]))


def _fixes(what: Shown, number: int, told: Judged, words: Words) -> None:
    counts = told.counts()
    named = _kinds(words)
    kinds = [kind for kind in judging.KINDS if counts[kind] or kind in ("all", "holds", "rejected")]
    query = {"language": words.language, "units": words.units}
    time = _WIDTHS[1] + (_DAY if told.dated else 0) + (_PART if told.parts else 0)
    _FIXES(
        key=key_for(f"fixes-{what.slug}-{number}"),
        data={
            "module": code_address("dashboard", "fixes.js"),
            "style": code_address("dashboard", "fixes.css"),
            "address": f"{fixes_address(what.stamp, what.slug, what.draft)}/{number}?{urlencode(query)}",
            "label": words.say("Fixes"),
            "columns": judging.columns(words),
            "widths": [max(_WIDTHS[0], _DIGIT * len(str(told.reading.report.read)) + 16), time, *_WIDTHS[2:]],
            "kinds": [
                {"id": kind, "text": named[kind], "count": counts[kind], "count_text": words.number(counts[kind])}
                for kind in kinds
            ],
            "orders": [
                {"id": "time", "text": words.say("In order of time")},
                {"id": "row", "text": words.say("In order of the file")},
            ],
            "words": {
                "filter": words.say("Rows shown"),
                "order": words.say("Order"),
                "goto": words.say("Go to (UTC)"),
                "go": words.say("Go"),
                "notime": words.say("No such time; write it like 08:45:11."),
                "row": words.say("Row {row}"),
                "failed": words.say("The rows cannot be loaded now; they are asked for again when you scroll."),
            },
        },
    )


def _kinds(words: Words) -> dict[str, str]:
    return {
        "all": words.say("All"),
        "holds": words.say("Position holds"),
        "rejected": words.say("Position rejected"),
        "none": words.say("No position"),
        "values": words.say("A value not believed"),
        "unreadable": words.say("Unreadable"),
    }


def _rules(number: int, told: Judged, words: Words) -> None:
    """Each rule with its threshold and where that comes from, and how many positions and values it objected to here."""
    report = told.reading.report
    objected: dict[str, int] = {}
    for reason in chain((one.reason for one in report.rejections), (one.reason for one in report.withheld)):
        objected[reason] = objected.get(reason, 0) + 1
    named = judging.reasons(words)
    body: list[tuple[str, list[str | dict[str, Any]]]] = [
        (
            rule.reason,
            [
                cell(named.get(rule.reason, rule.reason), tone="strong"),
                words.number(objected.get(rule.reason, 0)),
                rule.judges,
                rule.threshold,
                cell(rule.source, tone="quiet"),
            ],
        )
        for rule in RULES
    ]
    columns = (
        words.say("Reason"),
        words.say("Objections"),
        words.say("Judges"),
        words.say("Threshold"),
        words.say("Rests on"),
    )
    rows(f"rules-{number}", words.say("How rows are judged"), columns, body)
