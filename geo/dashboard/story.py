"""The Story page: the list of cases, and the viewer of one of them."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

import streamlit as st

from geo.dashboard import library
from geo.dashboard.cases import cases, headline, plain
from geo.dashboard.component import viewer
from geo.dashboard.moment import moment, told
from geo.dashboard.style import STYLE
from geo.errors import FlightcaseError
from geo.render import render
from geo.resources import asset
from geo.scene.words import Words, languages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.dashboard.library import Entry
    from geo.scene import Scene

# Languages by their own names: whoever looks for one reads it.
_LANGUAGES: Final = {
    "en": "English",
    "de": "Deutsch",
    "ru": "Русский",
    "az": "Azərbaycanca",
    "kk": "Қазақша",
    "ar": "العربية",
}
_SCHEMES: Final = ("system", "light", "dark")


def story() -> None:
    """Draw the page."""
    found = library.entries()
    chosen = _chosen(found)
    words = Words(_language(chosen))
    title = f"{headline(chosen, words)} · Flightcase" if chosen else "Flightcase"
    st.set_page_config(title, page_icon=str(asset("icon.svg")), layout="wide", initial_sidebar_state="auto")
    st.html(STYLE)
    _forget_moments(chosen)
    with st.sidebar:
        cases(found, chosen, words, _open)
    if not found:
        with st.container(key="note"):
            _nothing(words)
    elif chosen is None:
        st.info(words.say("There is no case of this name here. Choose one from the list."))
    elif chosen.case is None:
        with st.container(key="note"):
            _broken(chosen, words, others=any(entry.case for entry in found))
    else:
        _case(chosen, words)


def _chosen(found: list[Entry]) -> Entry | None:
    """The case that the address names, else the first: those that can be shown come first."""
    slug = st.query_params.get("case")
    if slug is None:
        return found[0] if found else None
    return next((entry for entry in found if entry.slug == slug), None)


def _open(slug: str) -> None:
    """Go to a case; the address is a new one, to which the browser's Back leads."""
    kept = {name: st.session_state[name] for name in ("language", "units") if st.session_state.get(name)}
    st.query_params.from_dict({"case": slug, **kept})


def _forget_moments(chosen: Entry | None) -> None:
    """A moment belongs to the case that it was chosen in, and is read from the address when the case is another."""
    slug = chosen.slug if chosen else None
    if st.session_state.get("shown") != slug:
        st.session_state.pop("opens", None)
    st.session_state["shown"] = slug


# --- language and units ----------------------------------------------------------------------------------------------


def _wished(name: str) -> str | None:
    """What the reader last chose, or what the address asks for."""
    wish: str | None = st.session_state.setdefault(name, st.query_params.get(name))
    return wish


def _wish(name: str, widget: str) -> None:
    st.session_state[name] = st.session_state[widget]


def _language(chosen: Entry | None) -> str:
    """The language of the page: the one that is wished for, where the case (or without one, the page) has it."""
    choices = chosen.languages if chosen and chosen.case else languages()
    wish = _wished("language")
    return wish if wish in choices else choices[0]


def _choice(label: str, choices: tuple[str, ...], name: str, names: Mapping[str, str], width: int) -> str:
    wish = _wished(name)
    # Streamlit keeps the words of a choice that was made: other words are another widget.
    widget = f"choice-of-{name}-{' '.join(names.get(choice, choice) for choice in choices)}"
    return st.selectbox(
        label,
        choices,
        key=widget,
        index=choices.index(wish) if wish in choices else 0,
        format_func=lambda choice: names.get(choice, choice),
        on_change=_wish,
        args=(name, widget),
        filter_mode=None,
        label_visibility="collapsed",
        width=width,
    )


# --- the page of a case ----------------------------------------------------------------------------------------------


def _case(entry: Entry, words: Words) -> None:
    units_said = {
        "nautical": words.say("Feet, knots"),
        "metric": words.say("Metres, km/h"),
        "imperial": words.say("Feet, miles"),
    }
    with st.container(horizontal=True, vertical_alignment="center", key="top"):
        st.header(plain(headline(entry, words)), anchor=False, width="stretch")
        language = _choice(words.say("Language"), entry.languages, "language", _LANGUAGES, 128)
        units = _choice(words.say("Units"), library.UNITS, "units", units_said, 144)
    try:
        scene = library.scene(entry.folder, entry.stamp, language, units)
    except FlightcaseError as wrong:
        st.warning(plain(str(wrong)))
        return
    _viewer(entry, scene, words)


@st.fragment
def _viewer(entry: Entry, scene: Scene, words: Words) -> None:
    """The viewer and what depends on its moment; a choice in the viewer reruns this and nothing else."""
    language, units = scene["language"], scene["units"]
    asked = {key: st.query_params.get(key) for key in ("t", "event")}
    opens: dict[str, Any] = st.session_state.setdefault(
        "opens", moment(scene, asked).query if any(asked.values()) else {}
    )
    address = {"case": entry.slug}
    if language != entry.languages[0]:
        address["language"] = language
    if units != library.UNITS[0]:
        address["units"] = units
    with st.container(key="frame"):
        shown = moment(scene, viewer(entry, language, units, st.session_state.get("scheme"), address) or opens)
    with st.container(horizontal=True, vertical_alignment="center", key="below"):
        with st.container(horizontal=True, vertical_alignment="center", key="link"):
            st.markdown(f"{words.say('Link to')} **{plain(told(scene, shown))}**", width="content")
            st.code(_address({**address, **shown.query}), language=None, width="stretch")
        schemes = {"system": words.say("System"), "light": words.say("Light"), "dark": words.say("Dark")}
        st.segmented_control(
            words.say("Preview"),
            _SCHEMES,
            default=_SCHEMES[0],
            required=True,
            key="scheme",
            format_func=schemes.__getitem__,
            label_visibility="collapsed",
            width="content",
        )
        st.download_button(
            words.say("Download page"),
            data=lambda: render(library.scene(entry.folder, entry.stamp, language, units), ".html"),
            file_name=f"{entry.slug}.{language}.html",
            mime="text/html",
            on_click="ignore",
            help=words.say("One file with everything in it: works from disk and without network"),
        )


def _address(query: Mapping[str, str]) -> str:
    """The address of the page with a query."""
    here = urlsplit(st.context.url or "")
    return f"{here.scheme}://{here.netloc}{here.path or '/'}?{urlencode(query, safe=':')}"


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


def _nothing(words: Words) -> None:
    folder = library.folder()
    st.header(words.say("No case yet"), anchor=False)
    st.markdown(words.say("A case is a folder with a case.toml in it. None was found in this folder:"))
    st.code(str(folder), language=None)
    st.markdown(words.say("Start one between two airports or cities, then reload this page:"))
    st.code(f"flightcase new --from UBBB --to URMG {shlex.quote(str(folder / 'first-case'))}", language=None)
    st.caption(words.say("To see the shipped cases instead, start the dashboard without naming a folder."))
