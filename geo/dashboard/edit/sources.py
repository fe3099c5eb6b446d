"""Sources: pasted, listed with what rests on each, made one where they stand twice; and the corrections of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.casefile.citations import read_citations
from geo.dashboard.cases import plain
from geo.dashboard.edit.cited import add, mentions, source_line
from geo.dashboard.edit.duplicates import merge_sources, same_sources
from geo.dashboard.edit.source import source_form
from geo.dashboard.edit.times import read_when
from geo.dashboard.rows import cell, rows
from geo.scene.times import first_and_last, long_time

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.casefile.editing import Document, Place
    from geo.dashboard.desk import Desk

_MANY: Final = 12


def sources(desk: Desk) -> None:
    """Draw the panel."""
    words = desk.words
    held = desk.get(("sources",), {})
    used = mentions(desk.values)
    chosen: str | None = st.session_state.get(_state(desk))
    shown = _head(desk, held, used)
    _paste(desk)
    if held:
        with st.container(key="sources-table"):
            rows(
                f"sources-{desk.draft.id}",
                words.say("Sources"),
                [
                    words.say("Short name"),
                    words.say("Publisher"),
                    words.say("Title"),
                    words.say("Published"),
                    words.say("Retrieved"),
                    words.say("Archived"),
                    words.say("Used"),
                ],
                [(name, _cells(desk, name, held[name], used.get(name, ()))) for name in shown],
                chosen=chosen if chosen in held else None,
                choose=lambda name: _choose(desk, name),
            )
        _duplicates(desk)
    if chosen and isinstance(held.get(chosen), dict):
        with st.container(border=True, key="source-form"):
            source_form(desk, chosen, used.get(chosen, []), lambda name: _open(desk, name))
    _corrections(desk)


def _state(desk: Desk) -> str:
    return f"source-of-{desk.draft.id}"


def _choose(desk: Desk, name: str) -> None:
    """Open the form of a source, or close that of the open one."""
    _open(desk, None if st.session_state.get(_state(desk)) == name else name)


def _open(desk: Desk, name: str | None) -> None:
    st.session_state[_state(desk)] = name


def _head(desk: Desk, held: Mapping[str, Any], used: Mapping[str, Sequence[Place]]) -> list[str]:
    """Heading, count and filter; gives the sources that are shown."""
    words = desk.words
    names = list(held)
    unused = [name for name in names if name not in used]
    with st.container(horizontal=True, vertical_alignment="center", key="sources-head"):
        st.subheader(words.say("Sources"), anchor=False, width="content")
        told = words.say("1 source") if len(names) == 1 else words.say("{count} sources", count=len(names))
        if unused:
            one = len(unused) == 1
            rests = words.say("1 unused") if one else words.say("{count} unused", count=len(unused))
            told = f"{told}{words.comma}{rests}"
        st.caption(plain(told), width="stretch")
        if len(names) <= _MANY:
            return names
        query = st.text_input(
            words.say("Find a source"),
            key="sources-query",
            placeholder=words.say("Publisher, title or address"),
            label_visibility="collapsed",
            width=240,
        )
    wanted = (query or "").casefold().split()
    return [name for name in names if all(word in _known_as(name, held[name]) for word in wanted)]


def _known_as(name: str, source: object) -> str:
    values = source.values() if isinstance(source, dict) else ()
    return " ".join([name, *(str(value) for value in values)]).casefold()


def _paste(desk: Desk) -> None:
    """The field that takes addresses and citations as they are copied."""
    words = desk.words
    key = f"paste-{desk.draft.id}"
    if st.session_state.pop(f"{key}-done", False):
        st.session_state[key] = ""

    def pasted() -> None:
        text = str(st.session_state.get(key, ""))
        st.session_state.pop(f"{key}-wrong", None)
        try:
            citations = read_citations(text)
        except ValueError as wrong:
            st.session_state[f"{key}-wrong"] = str(wrong)
            return
        names: list[str] = []
        desk.change(words.say("Add source"), lambda document: names.extend(add(document, citations)))
        st.session_state[f"{key}-done"] = True
        if names:
            fresh = [name for name in names if name not in desk.get(("sources",), {})]
            st.session_state[f"{key}-told"] = [] if fresh else names
            _open(desk, names[0])

    with st.container(horizontal=True, vertical_alignment="bottom", key="paste"):
        st.text_area(
            words.say("Paste a web address or a citation"),
            key=key,
            height=68,
            placeholder=words.say("https://…, or Reuters, “Title”, 25 December 2024, https://…; BibTeX, RIS, DOI"),
            help=words.say("It is taken apart here; nothing is asked of any site."),
        )
        st.button(words.say("Add source"), on_click=pasted, key="add-source")
    wrong = st.session_state.get(f"{key}-wrong")
    if wrong:
        with st.container(key=f"problem-{key}"):
            st.markdown(plain(wrong))
    known = [name for name in st.session_state.pop(f"{key}-told", []) if desk.get(("sources", name))]
    if known:
        st.caption(plain(f"{words.say('It is listed already:')} {source_line(desk, known[0])}"))


def _cells(desk: Desk, name: str, source: Any, places: Sequence[Place]) -> list[str | dict[str, Any]]:  # noqa: ANN401  TOML
    words = desk.words
    source = source if isinstance(source, dict) else {}
    wrong = {str(problem.place[-1]) for problem in desk.problems(("sources", name))}

    def text(key: str, missing: str = "") -> dict[str, Any]:
        said = str(source.get(key) or missing)
        return cell(said, tone="warn" if key in wrong or not source.get(key) else "")

    def day(key: str) -> dict[str, Any]:
        value = source.get(key)
        when = read_when(value)
        said = str(value or "")
        if when:
            said = words.days(*first_and_last(when), {"month": "yMMM", "year": "y"}.get(when.precision, "yMMMd"))
        return cell(said, tone="warn" if key in wrong else "quiet", sort=when.start.timestamp() if when else None)

    return [
        cell(name, tone="strong"),
        text("publisher", words.say("no publisher yet")),
        text("title", words.say("no title yet")),
        day("published"),
        day("retrieved"),
        cell(words.say("yes") if source.get("archived") else "", tone="quiet"),
        cell(str(len(places)) if places else words.say("unused"), tone="" if places else "warn"),
    ]


def _duplicates(desk: Desk) -> None:
    words = desk.words
    pairs = same_sources(desk.values)
    if not pairs:
        return
    with st.container(border=True, key="same-sources"):
        told = (
            words.say("1 pair of sources may be one")
            if len(pairs) == 1
            else words.say("{count} pairs of sources may be one", count=len(pairs))
        )
        st.markdown(f"**{told}**")
        st.caption(words.say("What cites the second will cite the first; what only the second says is kept."))
        for keep, drop in pairs:
            with st.container(horizontal=True, vertical_alignment="center", key=f"pair-{keep}-{drop}"):
                st.markdown(f"{plain(source_line(desk, keep))}  \n{plain(source_line(desk, drop))}", width="stretch")
                st.button(
                    words.say("Merge"),
                    key=f"merge-source-{desk.draft.id}-{keep}-{drop}",
                    on_click=_merge,
                    args=(desk, keep, drop),
                    help=words.say("Merge the second into the first"),
                )


def _merge(desk: Desk, keep: str, drop: str) -> None:
    def edit(document: Document) -> None:
        if {keep, drop} <= set(document.get(("sources",), {})):
            merge_sources(document, keep, drop)

    desk.change(desk.words.say("Merge duplicates"), edit)
    _open(desk, keep)


def _corrections(desk: Desk) -> None:
    """The corrections that the reader is told, by day; publishing adds them."""
    words = desk.words
    held = [each for each in desk.get(("correction",), []) if isinstance(each, dict)]
    if not held:
        return
    with st.container(key="corrections"):
        st.subheader(words.say("Corrections"), anchor=False)
        st.caption(words.say("Publishing a changed page adds them; the reader sees each with its day."))
        for number in sorted(range(len(held)), key=lambda index: str(held[index].get("on", "")), reverse=True):
            on = read_when(held[number].get("on"))
            said = desk.said(("correction", number, "text"))
            day = long_time(on, words) if on else str(held[number].get("on", ""))
            st.markdown(f"**{plain(day)}**  \n{plain(said)}")
