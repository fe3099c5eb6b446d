"""Events: what happened, when, where, how well established, and who says so."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.dashboard.cases import plain
from geo.dashboard.edit.claims import add_claim
from geo.dashboard.edit.duplicates import merge_events, same_events
from geo.dashboard.edit.event import event_form, grade_names
from geo.dashboard.edit.listed import Listed, cited_by, findings, free_id, held, listed
from geo.dashboard.edit.times import read_when, shown_time
from geo.dashboard.edit.where import where_said
from geo.dashboard.rows import cell, rows
from geo.scene.times import clock_text, first_and_last

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.casefile.editing import Document
    from geo.dashboard.desk import Desk

_MANY: Final = 12


def events(desk: Desk) -> None:
    """Draw the panel."""
    words = desk.words
    order = listed(desk)
    chosen = _chosen(desk, order)
    shown = _head(desk, order, chosen)
    with st.container(key="events-table"):
        if order:
            rows(
                f"events-{desk.draft.id}",
                words.say("Events"),
                [
                    words.say("No."),
                    words.say("UTC"),
                    words.say("What happened"),
                    words.say("Where"),
                    words.say("Grade"),
                    words.say("Sources"),
                ],
                [(each.name, _cells(desk, each)) for each in shown],
                chosen=chosen.name if chosen else None,
                choose=lambda name: _choose(desk, name),
            )
        else:
            st.caption(words.say("No event yet. Add what happened, with its time and its source."))
    _buttons(desk, order, chosen)
    if chosen:
        with st.container(border=True, key="event-form"):
            _event_head(desk, chosen)
            event_form(desk, chosen, lambda name: _choose(desk, name))


# --- the table -------------------------------------------------------------------------------------------------------


def _head(desk: Desk, order: list[Listed], chosen: Listed | None) -> list[Listed]:
    """Heading and filter; gives the events that are shown."""
    words = desk.words
    numbered = [each for each in order if each.number or each == chosen or not _is_other(desk, each)]
    with st.container(horizontal=True, vertical_alignment="center", key="events-head"):
        st.subheader(words.say("Events"), anchor=False, width="content")
        only = False
        if len(order) > _MANY and len(numbered) < len(order):
            only = st.session_state.get("events-numbered", False)
        shown = numbered if only else order
        if order:
            st.caption(
                words.say("{count} of {all} shown; choose a row to edit it", count=len(shown), all=len(order)),
                width="stretch",
            )
        if len(order) > _MANY and len(numbered) < len(order):
            st.checkbox(words.say("Numbered ones only"), key="events-numbered")
    return shown


def _is_other(desk: Desk, each: Listed) -> bool:
    return desk.get(("event", each.index, "main"), True) is False


def _cells(desk: Desk, each: Listed) -> list[str | dict[str, Any]]:
    event: Mapping[str, Any] = desk.get(("event", each.index))
    words = desk.words
    problems = desk.problems(("event", each.index))
    wrong = {str(problem.place[2]) for problem in problems if len(problem.place) > 2}  # noqa: PLR2004  the key
    names, grade = grade_names(words), str(event.get("grade", ""))
    cites = len(cited_by(event))
    title = desk.said(("event", each.index, "title")) or _any_title(event)
    told = problems or findings(desk, event)
    number = each.number or ("!" if problems else "–")
    disputed_alone = grade == "disputed" and len(event.get("claim", [])) < 2  # noqa: PLR2004  two sides
    return [
        cell(number, tone="warn" if problems else "" if each.number else "quiet"),
        cell(_time(desk, event), tone="warn" if "time" in wrong else ""),
        cell(title or words.say("no title yet"), tone="warn" if not title or (told and wrong - {"time"}) else ""),
        cell(where_said(desk, event.get("place")), tone="warn" if "place" in wrong else "quiet"),
        cell(
            words.say("Disputed, accounts missing") if disputed_alone else names.get(grade, words.say("no grade yet")),
            grade=grade if grade in names else None,
            tone="warn" if grade not in names or disputed_alone else "",
        ),
        cell(str(cites) if cites else words.say("none"), tone="" if cites else "warn"),
    ]


def _any_title(event: Mapping[str, Any]) -> str:
    title = event.get("title", "")
    return str(next(iter(title.values()), "") if isinstance(title, dict) else title)


def _time(desk: Desk, event: Mapping[str, Any]) -> str:
    when = read_when(event.get("time"))
    if when is None:
        raw = event.get("time")
        return shown_time(raw, None) if raw not in (None, "") else desk.words.say("no time yet")
    if when.dated_only:
        first, last = first_and_last(when)
        skeleton = {"day": "yMMMd", "month": "yMMM", "year": "y"}[when.precision]
        return desk.words.days(first, last, skeleton)
    case = desk.salvaged.case
    days = [other.time.start.date() for other in case.events if not other.time.dated_only] if case else []
    clock = clock_text(when, desk.words)
    same_day = not days or min(days) == when.start.date()
    return clock if same_day else f"{desk.words.short_day(when.start.date())}{desk.words.comma}{clock}"


# --- choosing, adding, removing --------------------------------------------------------------------------------------


def _state(desk: Desk) -> str:
    return f"event-of-{desk.draft.id}"


def _choose(desk: Desk, name: str) -> None:
    """Open the form of an event, or close that of the open one."""
    st.session_state[_state(desk)] = None if st.session_state.get(_state(desk)) == name else name


def _open(desk: Desk, name: str) -> None:
    st.session_state[_state(desk)] = name


def _chosen(desk: Desk, order: list[Listed]) -> Listed | None:
    name = st.session_state.get(_state(desk))
    return next((each for each in order if each.name == name), None)


def _buttons(desk: Desk, order: list[Listed], chosen: Listed | None) -> None:
    words = desk.words
    pairs = same_events(desk.values)

    def add() -> None:
        name = free_id(desk.values, "")

        def edit(document: Document) -> None:
            document.insert(("event",), {"id": name})

        desk.change(words.say("Add event"), edit)
        _open(desk, name)

    with st.container(horizontal=True, key="events-buttons"):
        st.button(words.say("Add event"), on_click=add, key="add-event")
        if order:
            st.button(
                words.say("Add conflicting claim"),
                on_click=_conflict,
                args=(desk, chosen),
                key="add-claim",
                disabled=chosen is None,
                help=None if chosen else words.say("Choose the event that the claim is about."),
            )
            st.button(
                words.say("Merge duplicates"),
                on_click=lambda: st.session_state.update(
                    {"merging-events": not st.session_state.get("merging-events")}
                ),
                key="merge-events",
                disabled=not pairs,
                help=None if pairs else words.say("No two events have the same time and nearly the same title."),
            )
    if pairs and st.session_state.get("merging-events"):
        _proposals(desk, pairs)


def _conflict(desk: Desk, chosen: Listed | None) -> None:
    if chosen is None:
        return
    place = ("event", chosen.index)
    held(desk, chosen.index).change(
        desk.words.say("Add conflicting claim"), lambda document: add_claim(document, place)
    )


def _proposals(desk: Desk, pairs: list[tuple[int, int]]) -> None:
    words = desk.words
    with st.container(border=True, key="merging"):
        st.caption(words.say("Sources and claims of both are kept, and texts that differ. Undo brings both back."))
        for keep, drop in pairs:
            first, second = (
                f"{_time(desk, desk.get(('event', index)))} {_any_title(desk.get(('event', index)))}"
                for index in (keep, drop)
            )
            with st.container(horizontal=True, vertical_alignment="center", key=f"pair-{keep}-{drop}"):
                st.markdown(f"{plain(first)}  \n{plain(second)}", width="stretch")
                st.button(
                    words.say("Merge"),
                    key=f"merge-{desk.draft.id}-{keep}-{drop}",
                    on_click=_merge,
                    args=(desk, keep, drop),
                    help=words.say("Merge the second into the first"),
                )


def _merge(desk: Desk, keep: int, drop: int) -> None:
    name = desk.get(("event", drop, "id"))

    def edit(document: Document) -> None:
        if document.get(("event", drop, "id")) == name:
            merge_events(document, keep, drop)

    held(desk, keep).change(desk.words.say("Merge duplicates"), edit)


def _event_head(desk: Desk, chosen: Listed) -> None:
    words = desk.words
    title = desk.said(("event", chosen.index, "title")) or words.say("New event")
    steps = [step for step in desk.get(("step",), []) if step.get("event") == desk.get(("event", chosen.index, "id"))]
    with st.container(horizontal=True, vertical_alignment="center", key="event-head"):
        st.markdown(f"**{plain(f'{chosen.number}  {title}'.strip())}**", width="stretch")
        st.button(words.say("Duplicate"), on_click=_duplicate, args=(desk, chosen), key="duplicate-event")
        st.button(
            words.say("Remove, with its story steps") if steps else words.say("Remove"),
            on_click=_remove,
            args=(desk, chosen),
            key="remove-event",
        )
        st.button(words.say("Close"), on_click=_choose, args=(desk, chosen.name), key="close-event")


def _duplicate(desk: Desk, chosen: Listed) -> None:
    event = copy.deepcopy(desk.get(("event", chosen.index)))
    name = free_id(desk.values, str(event.get("id", "")))
    held(desk, chosen.index).change(
        desk.words.say("Duplicate"),
        lambda document: _insert(document, {**event, "id": name}, chosen.index + 1),
    )
    _open(desk, name)


def _insert(document: Document, event: dict[str, Any], index: int) -> None:
    document.insert(("event",), event, index)


def _remove(desk: Desk, chosen: Listed) -> None:
    name = desk.get(("event", chosen.index, "id"))

    def edit(document: Document) -> None:
        document.remove(("event", chosen.index))
        for index in reversed(range(document.size(("step",)))):
            if document.get(("step", index, "event")) == name:
                document.remove(("step", index))

    held(desk, chosen.index).change(desk.words.say("Remove"), edit)
    st.session_state[_state(desk)] = None
