"""The Story page: the list of cases, and the viewer of one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

import streamlit as st

from geo.dashboard import library
from geo.dashboard.component import viewer
from geo.dashboard.style import STYLE
from geo.errors import FlightcaseError
from geo.render import render
from geo.resources import asset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.dashboard.library import Entry
    from geo.scene import Units

# Languages by their own names: whoever looks for one reads it.
_LANGUAGES: Final = {"en": "English", "de": "Deutsch", "ru": "Русский", "az": "Azərbaycanca", "kk": "Қазақша"}
_UNITS: Final[Mapping[str, str]] = {"nautical": "Feet, knots", "metric": "Metres, km/h", "imperial": "Feet, miles"}


def story() -> None:
    """Draw the page."""
    st.set_page_config("Flightcase", page_icon=str(asset("icon.svg")), layout="wide", initial_sidebar_state="auto")
    st.html(STYLE)
    found = library.entries()
    chosen = _chosen(found)
    with st.sidebar:
        _list(found, chosen)
    if not found:
        st.info(f"There is no case in {library.folder()}. Make one with `flightcase new`, or name another folder.")
    elif chosen is None:
        st.info("There is no case of this name here. Choose one from the list.")
    elif chosen.problems:
        _broken(chosen)
    else:
        _case(chosen)


def _chosen(found: list[Entry]) -> Entry | None:
    """The case that the address names, else the first that can be shown."""
    slug = st.query_params.get("case")
    if slug is None:
        return next((entry for entry in found if not entry.problems), found[0] if found else None)
    return next((entry for entry in found if entry.slug == slug), None)


def _open(slug: str) -> None:
    kept = {name: st.query_params[name] for name in ("language", "units") if name in st.query_params}
    st.query_params.from_dict({"case": slug, **kept})
    # A moment belongs to the case it was chosen in.
    for name in [key for key in st.session_state if str(key).startswith(("opens-", "moment-"))]:
        del st.session_state[name]


def _list(found: list[Entry], chosen: Entry | None) -> None:
    st.title("Flightcase", anchor=False)
    st.caption("Sourced flight maps for articles")
    query = st.text_input("Find a case", placeholder="Flight, place or date", key="query")
    listed = [entry for entry in found if entry.answers(query or "")]
    st.markdown("Cases")
    for entry in listed:
        second = "  \n".join(filter(None, [_plain(entry.line), entry.day]))
        st.button(
            f"**{_plain(entry.number)}**  \n{second}",
            key=f"case-{'on' if entry is chosen else 'off'}-{entry.slug}",
            on_click=_open,
            args=(entry.slug,),
            type="secondary" if entry is chosen else "tertiary",
            width="stretch",
        )
    if found and not listed:
        st.caption("No case answers to this.")
    with st.container(key="promise"):
        st.caption("Works offline. Basemap: Natural Earth. Nothing is sent to third parties.")


def _plain(text: str) -> str:
    """Text of a case in Streamlit's Markdown, with nothing that Markdown would take for itself."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()<>#+-.!|~:$^" else letter for letter in text)


def _broken(entry: Entry) -> None:
    st.header(_plain(entry.slug), anchor=False)
    count = len(entry.problems)
    st.warning(f"This case cannot be shown: its file has {count} problem{'s' if count != 1 else ''}. The others work.")
    for problem in entry.problems:
        st.markdown(f"**{_plain(problem.where or 'case.toml')}**  \n{_plain(problem.message)}")


def _case(entry: Entry) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(_plain(", ".join(filter(None, [entry.number, entry.line]))), anchor=False, width="stretch")
        language = st.selectbox(
            "Language",
            entry.languages,
            key=f"language-{entry.slug}",
            index=_index(entry.languages, "language"),
            format_func=lambda tag: _LANGUAGES.get(tag, tag),
            label_visibility="collapsed",
            width=140,
        )
        units = st.selectbox(
            "Units",
            library.UNITS,
            key="units",
            index=_index(library.UNITS, "units"),
            format_func=lambda unit: _UNITS[unit],
            label_visibility="collapsed",
            width=160,
        )
    _remember("language", language, entry.languages[0])
    _remember("units", units, library.UNITS[0])
    try:
        library.scene(entry.folder, entry.stamp, language, units)
    except FlightcaseError as wrong:
        st.warning(_plain(str(wrong)))
        return
    _viewer(entry, language, units)


def _index(choices: tuple[str, ...], name: str) -> int:
    asked = st.query_params.get(name)
    return choices.index(asked) if asked in choices else 0


def _remember(name: str, value: str, usual: str) -> None:
    """Keep a choice in the address, unless it is the usual one."""
    if value != usual:
        st.query_params[name] = value
    elif name in st.query_params:
        del st.query_params[name]


@st.fragment
def _viewer(entry: Entry, language: str, units: Units) -> None:
    """The viewer and what depends on its moment; a choice in the viewer reruns this and nothing else."""
    opens = st.session_state.setdefault(
        f"opens-{entry.slug}", {name: st.query_params.get(name) for name in ("t", "event")}
    )
    with st.container(key="frame"):
        moment = viewer(entry, language, units, opens, lambda: None) or opens
    st.query_params["case"] = entry.slug
    for name, value in moment.items():
        if value:
            st.query_params[name] = value
        elif name in st.query_params:
            del st.query_params[name]
    with st.container(horizontal=True, vertical_alignment="center", key="below"):
        st.markdown("Link to this moment", width="content")
        st.code(_address(), language=None, width="stretch")
        st.download_button(
            "Download page",
            data=lambda: render(library.scene(entry.folder, entry.stamp, language, units), ".html"),
            file_name=f"{entry.slug}.{language}.html",
            mime="text/html",
            on_click="ignore",
            help="One file with everything in it: works from disk and without network",
        )


def _address() -> str:
    """The address of the page with its case, moment, language and units."""
    here = urlsplit(st.context.url or "")
    query = urlencode(st.query_params.to_dict(), safe=":")
    return f"{here.scheme}://{here.netloc}{here.path or '/'}?{query}"
