"""The frame around every page of the dashboard: the list of cases, the head with the pages of a case, the languages."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

import streamlit as st

from geo.dashboard import library, settings
from geo.dashboard.access import corner, gate, may_ask, may_edit, may_read
from geo.dashboard.bringing import bringing
from geo.dashboard.cases import cases, draft_headline, headline, plain
from geo.dashboard.data import data
from geo.dashboard.edit import edit
from geo.dashboard.edit.history import standing
from geo.dashboard.new import new
from geo.dashboard.parts import component, draw
from geo.dashboard.publish import publish
from geo.dashboard.story import story
from geo.dashboard.style import style
from geo.dashboard.view import ARCHIVE, NEW, OPEN, PAGES, READING, View, go, session_id
from geo.resources import asset
from geo.scene.words import Words, languages, own_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geo.dashboard.drafts import Draft
    from geo.dashboard.library import Entry
    from geo.scene import Units

_DRAW: Final[Mapping[str, Callable[[View], None]]] = {"story": story, "edit": edit, "data": data, "publish": publish}
_BEGIN: Final[Mapping[str, Callable[[View], None]]] = {NEW: new, OPEN: bringing}
_LANGUAGE: Final = component("language")


def frame() -> None:
    """Draw the page that the address names."""
    if not may_read():
        _closed()
        return
    edits = may_edit()
    found = library.entries()
    draft = _draft() if edits else None
    chosen = _chosen(found, draft)
    language = _language(chosen)
    words = Words(language)
    page = _page(chosen, draft)
    name = headline(chosen, words) if chosen else draft_headline(draft, words) if draft else ""
    name = words.say("Archive") if page == ARCHIVE else name
    title = f"{name} · Flightcase" if name else "Flightcase"
    st.set_page_config(title, page_icon=str(asset("icon.svg")), layout="wide", initial_sidebar_state="auto")
    st.html(style())
    draw(_LANGUAGE, "page-language", {"language": language, "direction": words.direction})
    view = View(chosen, draft, page, words, language, _units())
    if page != ARCHIVE and "archive-given" in st.session_state:
        from geo.dashboard.archive.asking import leave  # who was on that page has it

        leave(session_id())
    with st.sidebar:
        slug = view.slug if page in PAGES else None
        cases(found, slug, words, lambda slug: go(case=slug), editing=edits, asking=may_ask())
        corner(words)
    if page == ARCHIVE:
        _archive(view, name)
    elif page not in READING and not edits:
        st.header(plain(name or "Flightcase"), anchor=False)
        gate(words)
    elif page in _BEGIN:
        _BEGIN[page](view)
    elif not found and draft is None:
        with st.container(key="note"):
            _nothing(words, edits=edits)
    elif chosen is None and draft is None:
        st.info(words.say("There is no case of this name here. Choose one from the list."))
    elif chosen and chosen.case is None and page != "edit":
        with st.container(key="note"):
            _broken(chosen, words, others=any(entry.case for entry in found))
    else:
        _head(view, edits=edits)
        _DRAW[page](view)


def _closed() -> None:
    """What stands here for somebody who may not see the cases: no title, no list, the way in."""
    words = Words(_language(None))
    st.set_page_config("Flightcase", page_icon=str(asset("icon.svg")), layout="wide", initial_sidebar_state="collapsed")
    st.html(style())
    st.header("Flightcase", anchor=False)
    gate(words)


def _draft() -> Draft | None:
    """The draft that the address names."""
    name = st.query_params.get("draft")
    return library.drafts().get(name) if name else None


def _chosen(found: list[Entry], draft: Draft | None) -> Entry | None:
    """The case that the address names, else the first: those that can be shown come first."""
    slug = draft.slug if draft else st.query_params.get("case")
    if slug is None:
        return found[0] if found and st.query_params.get("page") not in (*_BEGIN, ARCHIVE) else None
    return next((entry for entry in found if entry.slug == slug), None)


def _page(chosen: Entry | None, draft: Draft | None) -> str:
    """The page that the address names; a case that was never saved can only be written."""
    asked = st.query_params.get("page", PAGES[0])
    if asked in _BEGIN or (asked == ARCHIVE and settings.current().archive is not None):
        return asked
    if draft and chosen is None:
        return "edit"
    return asked if asked in PAGES else PAGES[0]


def _head(view: View, *, edits: bool) -> None:
    """Title, pages, language and units."""
    words = view.words
    names = {
        "story": words.say("Story"),
        "edit": words.say("Edit"),
        "data": words.say("Data"),
        "publish": words.say("Publish"),
    }
    name = headline(view.entry, words) if view.entry else draft_headline(view.draft, words) if view.draft else ""
    _top(view, name)
    st.session_state["page"] = view.page
    pages = (PAGES if edits else READING) if view.entry else ("edit",)
    with st.container(key="pages"):
        st.segmented_control(
            words.say("Page"),
            pages,
            key="page",
            required=True,
            format_func=names.__getitem__,
            on_change=_turn,
            args=(view.address,),
            label_visibility="collapsed",
        )


def _top(view: View, name: str) -> None:
    """Title, how the draft stands, language and units."""
    words = view.words
    units = {
        "nautical": words.say("Feet, knots"),
        "metric": words.say("Metres, km/h"),
        "imperial": words.say("Feet, miles"),
    }
    with st.container(horizontal=True, vertical_alignment="center", key="top"):
        st.header(plain(name), anchor=False, width="stretch")
        standing(view)
        _choice(
            words.say("Language"),
            languages(),
            view.language,
            "language",
            {each: own_name(each) for each in languages()},
            128,
        )
        _choice(words.say("Units"), library.UNITS, view.units, "units", units, 144)


def _archive(view: View, name: str) -> None:
    """The page on which the archive is asked, or the way in."""
    if not may_ask():
        st.header(plain(name), anchor=False)
        gate(view.words)
        return
    from geo.dashboard.archive.page import archive  # only who has an archive needs it

    _top(view, name)
    archive(view)


def _turn(address: dict[str, str]) -> None:
    page = st.session_state["page"]
    go(case=address["case"], draft=st.query_params.get("draft"), page=None if page == PAGES[0] else page)


# --- language and units ----------------------------------------------------------------------------------------------


def _wished(name: str) -> str | None:
    """What the reader last chose, or what the address asks for."""
    wish: str | None = st.session_state.setdefault(name, st.query_params.get(name))
    return wish


def _wish(name: str, widget: str) -> None:
    st.session_state[name] = st.session_state[widget]


def _language(chosen: Entry | None) -> str:
    """The language of the page: the one that is wished for, else the first of the case that the dashboard speaks."""
    wish = _wished("language")
    spoken = languages()
    if wish in spoken:
        return str(wish)
    return next((each for each in chosen.languages if each in spoken), spoken[0]) if chosen else spoken[0]


def _units() -> Units:
    wish = _wished("units")
    return next((each for each in library.UNITS if each == wish), library.UNITS[0])


def _choice(label: str, choices: Sequence[str], chosen: str, name: str, names: Mapping[str, str], width: int) -> None:
    # Streamlit keeps the words of a choice that was made: other words are another widget.
    widget = f"choice-of-{name}-{' '.join(names[choice] for choice in choices)}"
    st.selectbox(
        label,
        choices,
        key=widget,
        index=choices.index(chosen),
        format_func=names.__getitem__,
        on_change=_wish,
        args=(name, widget),
        filter_mode=None,
        label_visibility="collapsed",
        width=width,
    )


# --- pages without a case --------------------------------------------------------------------------------------------


def _broken(entry: Entry, words: Words, *, others: bool) -> None:
    count = len(entry.problems)
    st.header(plain(entry.slug), anchor=False)
    st.markdown(
        words.say(
            "This case cannot be shown yet: its file has 1 problem."
            if count == 1
            else "This case cannot be shown yet: its file has {count} problems.",
            count=count,
        )
        + (" " + words.say("The other cases are not affected.") if others else "")
    )
    with st.container(key="problems"):
        for problem in entry.problems:
            st.markdown(f"**{plain(problem.where or 'case.toml')}**  \n{plain(problem.message)}")
    st.caption(words.say("Mend the file and reload this page, or list the problems in a terminal:"))
    st.code(f"flightcase check {shlex.quote(str(entry.folder))}", language=None)


def _nothing(words: Words, *, edits: bool) -> None:
    folder = library.folder()
    st.header(words.say("No case yet"), anchor=False)
    st.markdown(words.say("A case is a folder with a case.toml in it. None was found in this folder:"))
    st.code(str(folder), language=None)
    if edits:
        st.button(words.say("New case"), key="first-case", type="primary", on_click=go, kwargs={"page": NEW})
    st.markdown(words.say("In a terminal, start one between two airports or cities, then reload this page:"))
    st.code(f"flightcase new --from UBBB --to URMG {shlex.quote(str(folder / 'first-case'))}", language=None)
    st.caption(words.say("To see the shipped cases instead, start the dashboard without naming a folder."))
