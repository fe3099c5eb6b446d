"""What the author knows where no track covers: stretches, and places where the aircraft is known to have been."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.dashboard.cases import plain
from geo.dashboard.edit import report
from geo.dashboard.edit.jumping import asked
from geo.dashboard.edit.known import known_places
from geo.dashboard.edit.stretch import basis_names, evidence_names, stretch_form
from geo.dashboard.edit.texts import day_of
from geo.dashboard.edit.times import read_when, shown_time
from geo.dashboard.edit.track import gaps_of_case
from geo.dashboard.fields import key_of
from geo.dashboard.rows import cell, rows

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from geo.casefile.editing import Document
    from geo.dashboard.desk import Desk
    from geo.dashboard.edit.report import Gap

#: So many gaps are offered, the longest.
_OFFERED: Final = 5


def stretches(desk: Desk) -> None:
    """Draw the panel."""
    words = desk.words
    held = desk.get(("stretch",), [])
    entries = [entry for entry in held if isinstance(entry, dict)] if isinstance(held, list) else []
    chosen = _chosen(desk, len(entries))
    with st.container(horizontal=True, vertical_alignment="center", key="stretches-head"):
        st.subheader(words.say("Stretches"), anchor=False, width="content")
        st.caption(plain(words.say("what is known of times that no track covers")))
    if entries:
        _table(desk, entries, chosen)
    with st.container(horizontal=True, key="stretches-acts"):
        label = words.say("Add stretch")
        st.button(label, key=key_of(desk, ("stretch",), "add"), on_click=_add, args=(desk, label, None))
    _offers(desk, entries)
    if chosen is not None:
        stretch_form(desk, chosen, lambda: st.session_state.pop(_memory(desk), None))
    known_places(desk)


def _memory(desk: Desk) -> str:
    return f"stretch-{desk.draft.id}"


def _chosen(desk: Desk, count: int) -> int | None:
    index = asked("stretch")
    if index is not None:
        st.session_state[_memory(desk)] = index
    found = st.session_state.get(_memory(desk))
    return found if isinstance(found, int) and found < count else None


def _choose(desk: Desk, name: str) -> None:
    index = int(name)
    if st.session_state.get(_memory(desk)) == index:
        st.session_state.pop(_memory(desk), None)
    else:
        st.session_state[_memory(desk)] = index


def _table(desk: Desk, entries: list[dict[str, Any]], chosen: int | None) -> None:
    words, day = desk.words, day_of(desk.values)
    received, drawn = evidence_names(words), basis_names(words)
    body: list[tuple[str, list[str | dict[str, Any]]]] = []
    for index, entry in enumerate(entries):
        wrong = desk.problems(("stretch", index))
        line = drawn.get(str(entry.get("basis", "none")), str(entry.get("basis")))
        path = entry.get("path", [])
        points = len(path) if isinstance(path, list) else 0
        if points:
            line += ", " + (words.say("1 point") if points == 1 else words.say("{count} points", count=points))
        sources = entry.get("sources", [])
        cells: list[str | dict[str, Any]] = [
            _clock(entry.get("from"), day),
            _clock(entry.get("to"), day),
            cell(received.get(str(entry.get("evidence")), str(entry.get("evidence", ""))), tone="strong"),
            line,
            cell(words.say("to mend"), tone="warn") if wrong else str(len(sources) if isinstance(sources, list) else 1),
        ]
        body.append((str(index), cells))
    rows(
        f"stretches-{desk.draft.id}",
        words.say("Stretches"),
        [words.say("From"), words.say("To"), words.say("Received"), words.say("Line drawn"), words.say("Sources")],
        body,
        chosen=None if chosen is None else str(chosen),
        choose=lambda name: _choose(desk, name),
    )


def _clock(value: Any, day: date | None) -> str:  # noqa: ANN401  a TOML value
    return "" if value is None else shown_time(value, day)


# --- gaps that nobody has explained ----------------------------------------------------------------------------------


def _offers(desk: Desk, entries: list[dict[str, Any]]) -> None:
    """The longest gaps of the tracks of which no stretch says anything."""
    words = desk.words
    open_gaps = [gap for gap in gaps_of_case(desk) if not _is_told(gap, entries)]
    longest = sorted(open_gaps, key=lambda gap: gap.start_s - gap.end_s)[:_OFFERED]
    if not longest:
        return
    by_name = {f"{gap.start_s:.0f}-{gap.end_s:.0f}": gap for gap in sorted(longest, key=lambda gap: gap.start_s)}
    label = words.say("Say what is known")
    st.caption(
        words.say("1 gap of the track has no stretch yet:")
        if len(open_gaps) == 1
        else words.say("{count} gaps of the track have no stretch yet:", count=len(open_gaps))
    )
    rows(
        f"gaps-{desk.draft.id}",
        words.say("Gaps of the track"),
        [words.say("Gap"), words.say("Length"), words.say("Received")],
        [
            (
                name,
                [
                    cell(report.span_text(words, gap), tone="strong"),
                    report.length_text(words, gap.end_s - gap.start_s),
                    evidence_names(words)[gap.evidence.value],
                ],
            )
            for name, gap in by_name.items()
        ],
        act=(label, lambda name: _add(desk, label, by_name.get(name))),
    )


def _is_told(gap: Gap, entries: list[dict[str, Any]]) -> bool:
    """Whether a stretch says something of the time of a gap."""
    for entry in entries:
        start, end = read_when(entry.get("from")), read_when(entry.get("to"))
        if start and end and start.start.timestamp() < gap.end_s and end.start.timestamp() > gap.start_s:
            return True
    return False


def _add(desk: Desk, label: str, gap: Gap | None) -> None:
    """Put a stretch in, in the order of time: that of a gap, or an empty one after the last."""
    entry: dict[str, Any]
    if gap is None:
        entry = {"from": "", "to": "", "evidence": "silent", "basis": "none"}
    else:
        times = {"from": _moment(gap.start_s), "to": _moment(gap.end_s)}
        entry = {**times, "evidence": gap.evidence.value, "basis": "bridged"}

    def edit(document: Document) -> None:
        held = document.get(("stretch",), [])
        at = len(held) if gap is None else _order(held, gap.start_s)
        st.session_state[_memory(desk)] = document.insert(("stretch",), entry, at)

    desk.change(label, edit)


def _order(held: list[Mapping[str, Any]], start_s: float) -> int:
    """Where a stretch that begins then belongs."""
    for index, entry in enumerate(held):
        when = read_when(entry.get("from"))
        if when and when.start.timestamp() > start_s:
            return index
    return len(held)


def _moment(second: float) -> datetime:
    return datetime.fromtimestamp(round(second), UTC)
