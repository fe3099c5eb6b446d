"""The Story page: map and timeline side by side, as a reader sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

import streamlit as st

from geo.dashboard import library
from geo.dashboard.cases import plain
from geo.dashboard.component import viewer
from geo.dashboard.moment import moment, told
from geo.errors import FlightcaseError
from geo.render import render

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.dashboard.library import Entry
    from geo.dashboard.view import View
    from geo.scene import Scene
    from geo.scene.words import Words

_SCHEMES: Final = ("system", "light", "dark")


def story(view: View) -> None:
    """Draw the page of a saved case."""
    entry = view.entry
    if entry is None:
        return
    if st.session_state.get("shown") != entry.slug:
        # A moment belongs to the case that it was chosen in.
        st.session_state.pop("opens", None)
        st.session_state["shown"] = entry.slug
    try:
        scene = library.scene(entry.folder, entry.stamp, view.language, view.units)
    except FlightcaseError as wrong:
        st.warning(plain(str(wrong)))
        return
    _viewer(entry, scene, view.words)


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
