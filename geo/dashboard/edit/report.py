"""The account of a track file: how many rows were read, kept and rejected, and row by row what was found and done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import streamlit as st

from geo.dashboard.cases import plain
from geo.dashboard.judged import quantities, reasons
from geo.dashboard.rows import cell, rows
from geo.model import Evidence
from geo.tracks import RULES, states

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from geo.dashboard.desk import Desk
    from geo.model import Track
    from geo.scene.words import Words
    from geo.tracks import Reading, Report

#: Findings on one page of the table.
PAGE: Final = 20
_KINDS: Final = ("unreadable", "rejected", "value", "gap")
_NOTES: Final = 6


@dataclass(frozen=True, slots=True)
class Gap:
    """A time of a track in which nothing, or no position, was received: POSIX seconds and the rows around it."""

    start_s: float
    end_s: float
    first: int
    last: int
    evidence: Evidence


@lru_cache(maxsize=32)
def gaps_of(file: Path, changed: int, chosen: str, gap_s: float, holder: Held) -> tuple[Gap, ...]:  # noqa: ARG001  the key
    """The gaps of a track that are longer than ``gap_s``, kept for the file and the choice in it."""
    track = holder.track
    return tuple(
        Gap(state.start_s, state.end_s, int(track.row[state.first]), int(track.row[state.last]), state.evidence)
        for state in states(track, gap_s)
        if state.evidence is not Evidence.RECEIVED and state.end_s - state.start_s > gap_s
    )


class Held:
    """A track on its way into a cache that must not keep it: equal to any other."""

    __slots__ = ("track",)

    def __init__(self, track: Track) -> None:
        self.track = track

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held)

    def __hash__(self) -> int:
        return 0


def figures(desk: Desk, reading: Reading, key: str) -> None:
    """Four figures: rows read, kept, rejected, and positions that can be used."""
    words, report = desk.words, reading.report
    usable = sum(int(np.count_nonzero(leg.track.accepted)) for leg in reading.legs)
    told = [
        (report.read, words.say("row read") if report.read == 1 else words.say("rows read")),
        (report.accepted, words.say("row kept") if report.accepted == 1 else words.say("rows kept")),
        (report.rejected, words.say("row rejected") if report.rejected == 1 else words.say("rows rejected")),
        (usable, words.say("usable position") if usable == 1 else words.say("usable positions")),
    ]
    if report.unreadable:
        unreadable = words.say("row unreadable") if report.unreadable == 1 else words.say("rows unreadable")
        told.insert(3, (report.unreadable, unreadable))
    with st.container(horizontal=True, key=f"track-figures-{key}"):
        for number, (count, what) in enumerate(told):
            with st.container(key=f"track-figure-{key}-{number}"):
                st.markdown(f"**{plain(words.number(count))}**  \n{plain(what)}")
    notes = [*report.notes[:_NOTES]]
    if report.ignored_columns:
        listed = words.listed(report.ignored_columns)
        notes.append(words.say("Columns that have no place in a track: {names}.", names=listed))
    if notes:
        st.caption("\n".join([words.say("What was taken for granted:"), "", *(f"- {plain(note)}" for note in notes)]))


def findings(desk: Desk, report: Report, gaps: Sequence[Gap], key: str) -> None:
    """The table of what was found, in pages."""
    words = desk.words
    counts = {
        "unreadable": report.unreadable,
        "rejected": report.rejected,
        "value": len(report.withheld),
        "gap": len(gaps),
    }
    if not any(counts.values()):
        st.caption(words.say("Nothing to report: every row was read and kept, and there is no gap."))
        return
    kinds = _filter(words, counts, key)
    total = sum(counts[kind] for kind in kinds)
    page = min(int(st.session_state.get(f"findings-page-{key}", 0)), max(0, (total - 1) // PAGE))
    columns = [words.say("Finding"), words.say("Row"), words.say("Value"), words.say("What the tool does")]
    found = page_of(report, gaps, kinds, page)
    rows(
        f"findings-{key}",
        words.say("Findings in the track"),
        columns,
        [(f"{page}-{number}", _cells(words, *each)) for number, each in enumerate(found)],
    )
    if total > PAGE:
        _pages(words, page, total, key)


def page_of(report: Report, gaps: Sequence[Gap], kinds: Sequence[str], page: int) -> list[tuple[str, Any]]:
    """The findings of one page, with their kinds; only these are looked at, however many there are."""
    parts: dict[str, Sequence[Any]] = {
        "unreadable": report.unreadables,
        "rejected": report.rejections,
        "value": report.withheld,
        "gap": gaps,
    }
    start, found = page * PAGE, list[tuple[str, Any]]()
    for kind in kinds:
        part = parts[kind]
        found += [(kind, one) for one in part[max(0, start) : max(0, start) + PAGE - len(found)]]
        start -= len(part)
        if len(found) == PAGE:
            break
    return found


def _filter(words: Words, counts: dict[str, int], key: str) -> list[str]:
    """The kinds that are shown; a choice only where there are several."""
    there = [kind for kind in _KINDS if counts[kind]]
    names = {
        "all": words.say("All"),
        "unreadable": words.say("Unreadable"),
        "rejected": words.say("Rejected"),
        "value": words.say("Value not believed"),
        "gap": words.say("Gap"),
    }
    if len(there) < 2:  # noqa: PLR2004  nothing to choose
        return there
    widget = f"findings-kind-{key}"
    chosen = st.segmented_control(
        words.say("Findings shown"),
        ["all", *there],
        key=widget,
        default="all",
        required=True,
        format_func=lambda kind: f"{names[kind]} {words.number(counts.get(kind) or sum(counts.values()))}",
        on_change=lambda: st.session_state.pop(f"findings-page-{key}", None),
        label_visibility="collapsed",
    )
    return [str(chosen)] if chosen in there else there


def _pages(words: Words, page: int, total: int, key: str) -> None:
    def turn(by: int) -> None:
        st.session_state[f"findings-page-{key}"] = page + by

    with st.container(horizontal=True, vertical_alignment="center", key=f"findings-pages-{key}"):
        first, last = page * PAGE + 1, min(total, (page + 1) * PAGE)
        st.caption(
            words.say(
                "{first} to {last} of {count}",
                first=words.number(first),
                last=words.number(last),
                count=words.number(total),
            )
        )
        previous, following = words.say("Previous"), words.say("Next")
        st.button(previous, key=f"findings-back-{key}", disabled=page == 0, on_click=turn, args=(-1,))
        st.button(following, key=f"findings-on-{key}", disabled=last >= total, on_click=turn, args=(1,))


def _cells(words: Words, kind: str, one: Any) -> list[str | dict[str, Any]]:  # noqa: ANN401  a finding of any kind
    if kind == "gap":
        return [
            words.say("Gap"),
            words.say("{first} to {last}", first=one.first, last=one.last),
            cell(span_text(words, one), tone="code"),
            gap_text(words, one),
        ]
    if kind == "unreadable":
        does = words.say("Not read. Mend the row in the file and drop it again, or leave it out.")
        return [words.say("Unreadable"), str(one.row), cell(one.detail, tone="code"), does]
    reason = reasons(words).get(one.reason, one.reason)
    if kind == "rejected":
        does = words.say("Position not used. Kept, marked “{reason}”.", reason=reason)
        return [words.say("Rejected"), str(one.row), cell(one.detail, tone="code"), does]
    quantity = quantities(words).get(one.quantity, one.quantity)
    does = words.say("{quantity} not used: {reason}. The rest of the row stands.", quantity=quantity, reason=reason)
    return [words.say("Value not believed"), str(one.row), cell(one.detail, tone="code"), does]


def clock(words: Words, second: float, day: Any = None) -> str:  # noqa: ANN401  a date
    """A time of day in UTC, with its day where that is another one."""
    moment = datetime.fromtimestamp(round(second), UTC)
    return f"{'' if moment.date() == day else words.short_day(moment.date()) + ' '}{moment:%H:%M:%S}"


def span_text(words: Words, gap: Gap) -> str:
    """``04:40:00 to 05:13:30``."""
    day = datetime.fromtimestamp(round(gap.start_s), UTC).date()
    return words.say("{first} to {last}", first=clock(words, gap.start_s, day), last=clock(words, gap.end_s, day))


def gap_text(words: Words, gap: Gap) -> str:
    """How long a gap is, and how it is drawn."""
    length = length_text(words, gap.end_s - gap.start_s)
    if gap.evidence is Evidence.REJECTED:
        return words.say("{length}. Drawn as “position false”.", length=length)
    return words.say("{length}. Drawn as “no position received”.", length=length)


def length_text(words: Words, seconds: float) -> str:
    """``1 h 42 min``, ``33 min 30 s``."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    parts = [
        words.say("{count} h", count=hours) if hours else "",
        words.say("{count} min", count=minutes) if minutes else "",
        words.say("{count} s", count=rest) if rest and not hours else "",
    ]
    return " ".join(filter(None, parts)) or words.say("{count} s", count=0)


def rules(words: Words, key: str) -> None:
    """How rows are judged: each rule, its threshold and where that comes from."""
    named = reasons(words)
    with st.expander(words.say("How rows are judged")):
        rows(
            f"track-rules-{key}",
            words.say("How rows are judged"),
            [words.say("Reason"), words.say("Judges"), words.say("Threshold"), words.say("Rests on")],
            [
                (
                    rule.reason,
                    [
                        cell(named.get(rule.reason, rule.reason), tone="strong"),
                        rule.judges,
                        rule.threshold,
                        cell(rule.source, tone="quiet"),
                    ],
                )
                for rule in RULES
            ],
        )
