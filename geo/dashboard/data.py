"""The Data page: every number that the case rests on, and what each rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import streamlit as st

from geo.dashboard.account import account
from geo.dashboard.component import viewer
from geo.dashboard.findings import findings, overview
from geo.dashboard.fixes import SUFFIXES
from geo.dashboard.parts import LOADER, key_for
from geo.dashboard.routes import code_address, draft_scene_address, file_address, scene_address
from geo.dashboard.shown import shown

if TYPE_CHECKING:
    from geo.dashboard.shown import Shown
    from geo.dashboard.view import View
    from geo.scene.words import Words

_PROFILES: Final = st.components.v2.component("flightcase_profiles", js=LOADER)
_FORMS: Final = {".csv": "CSV", ".parquet": "Parquet", ".geojson": "GeoJSON"}
# Links in a shadow would be none for tools that look for the first link of a page.
_DOWNLOADS: Final = st.components.v2.component("flightcase_downloads", js=LOADER, isolate_styles=False)


def data(view: View) -> None:
    """Draw the page."""
    what, words = shown(view.entry, view.draft), view.words
    if what is None:
        st.info(words.say("Nothing can be shown yet. Mend the problems on the Edit page first."))
        return
    left, right = st.columns([1000, 480], gap="medium")
    with left, st.container(key="data-page"):
        st.caption(_which(what, words))
        overview(what, words)
        for number in range(len(what.case.recorded)):
            account(what, number, words)
        if not what.case.recorded:
            with st.container(key="data-note"):
                st.markdown(
                    words.say(
                        "This case has no track. What is known of the flight rests on what its author states, with "
                        "its sources, and on published values."
                    )
                )
        _profiles(what, view)
        findings(what, words)
        _downloads(what, words)
    with right, st.container(key="data-map"):
        _map(view, what)


def _which(what: Shown, words: Words) -> str:
    if what.draft:
        said = words.say("These are the numbers of the draft as it stands, not of the saved case.")
    else:
        said = words.say("These are the numbers of the saved case.")
    return f"{said} {words.say('Choose a row: the map shows its moment.')}"


@st.fragment
def _map(view: View, what: Shown) -> None:
    """The viewer; its moments rerun this and nothing else of the page."""
    if view.entry is not None:
        viewer(view.entry, view.language, view.units, None, view.address, draft=what.draft, style="beside.css")


def _profiles(what: Shown, view: View) -> None:
    """Altitude, ground speed and vertical rate over time."""
    words = view.words
    scene = what.scene(view.language, view.units)
    if not scene["profile"] and not scene["profiles"]:
        return
    address = (
        draft_scene_address(what.draft, view.language, view.units)
        if what.draft
        else scene_address(view.entry, view.language, view.units)  # type: ignore[arg-type]  # a saved case has one
    )
    st.subheader(words.say("Profiles"), anchor=False)
    _PROFILES(
        key=key_for(f"profiles-{what.slug}"),
        data={
            "module": code_address("dashboard", "profiles.js"),
            "styles": [code_address("dashboard", "profiles.css")],
            "scene": address,
            "words": {
                "table": words.say("Show as table"),
                "none": words.say("no value"),
                "first": words.say("earliest"),
                "last": words.say("latest"),
                "lowest": words.say("lowest"),
                "highest": words.say("highest"),
            },
        },
    )


def _downloads(what: Shown, words: Words) -> None:
    """Each track in three forms with states and reasons, its account, and the lines of the case."""
    here = file_address(what.stamp, what.slug, what.draft)
    query = urlencode({"language": words.language, "units": words.units})
    groups: list[dict[str, Any]] = []
    for number in range(len(what.case.recorded)):
        name, file = what.named(number), f"track-{number + 1}"
        told = what.case.tracks[number].file
        links = [(_FORMS[suffix], suffix) for suffix in SUFFIXES]
        links.append((words.say("Account (JSON)"), ".json"))
        groups.append(
            {
                "title": told,
                "note": words.say("Every fix with its state and reason; the account names every row of the file"),
                "files": [
                    _link(text, f"{here}/{file}{suffix}?{query}", f"{name}{suffix}", words) for text, suffix in links
                ],
            }
        )
    groups.append(
        {
            "title": words.say("Lines of the map"),
            "note": words.say("Intended route, stretches with their evidence, doubts, reach, events"),
            "files": [_link("GeoJSON", f"{here}/lines.geojson?{query}", f"{what.slug}-lines.geojson", words)],
        }
    )
    st.subheader(words.say("Downloads"), anchor=False)
    _DOWNLOADS(
        key=key_for(f"downloads-{what.slug}"),
        data={
            "module": code_address("dashboard", "downloads.js"),
            "label": words.say("Downloads"),
            "groups": groups,
        },
    )


def _link(text: str, address: str, name: str, words: Words) -> dict[str, str]:
    return {"text": text, "label": words.say("Download {name}", name=name), "address": address, "name": name}
