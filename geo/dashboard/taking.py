"""The files that a case can be taken away as, and what its page weighs."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from geo.casefile.folder import zipped
from geo.dashboard import library, offers
from geo.dashboard.cases import plain
from geo.dashboard.parts import component, draw
from geo.dashboard.weights import Weight, aim, page_weights, positions, size
from geo.errors import FlightcaseError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geo.dashboard.library import Entry
    from geo.dashboard.offers import Offer
    from geo.dashboard.view import View
    from geo.scene import Units
    from geo.scene.words import Words

_FORMATS: Final = component("formats")
_COPY: Final = component("copy")
#: What is ticked before somebody chooses.
_TICKED: Final = frozenset({".html", offers.EMBED, ".png", ".svg", ".geojson"})


def taking(view: View, entry: Entry, language: str, snippet: str) -> None:
    """Draw the files in one language, and the weight of the page; ``snippet`` is the embed code."""
    try:
        with st.spinner(view.words.say("Making the page")):
            page = offers.page(entry, language, view.units)
    except FlightcaseError as wrong:
        st.warning(plain(str(wrong)))
        return
    _files(entry, language, view.units, view.words, snippet)
    scene = library.scene(entry.folder, entry.stamp, language, view.units)
    _weight(page_weights(page.data), aim(positions(scene)), view.words)


@st.fragment
def _files(entry: Entry, language: str, units: Units, words: Words, snippet: str) -> None:
    """The table of files; a tick reruns this and nothing else."""
    listed = offers.offers(entry, language, words)
    key = f"formats-{entry.slug}"
    ticked = st.session_state.get(key, {}).get("ticked")
    chosen = [offer for offer in listed if offer.id in (_TICKED if ticked is None else ticked)]
    with st.container(horizontal=True, vertical_alignment="center", key="formats-head"):
        st.subheader(words.say("Formats"), anchor=False, width="stretch")
        said = {"text": snippet, "label": words.say("Copy embed code"), "copied": words.say("Copied")}
        draw(_COPY, "copy-embed", {**said, "byHand": words.say("Copy this text:")}, width="content")
        _download(entry, chosen, words, lambda offer: offers.made(entry, offer, language, units, snippet).data)
    data = {
        "label": words.say("Formats"),
        "columns": _columns(words),
        "rows": [
            {
                "id": offer.id,
                "name": offer.name,
                "file": offer.file,
                "weight": _weighed(entry, offer, language, units, snippet, words),
                "about": offer.about,
                "ticked": offer in chosen,
            }
            for offer in listed
        ],
    }
    draw(_FORMATS, key, data, ticked=_nothing)


def _columns(words: Words) -> list[str]:
    return [words.say("Take"), words.say("Format"), words.say("File"), words.say("Weight"), words.say("What it holds")]


def _nothing(_: object) -> None:
    """What Streamlit is to do before the rerun; a state of a component needs a callback to be one."""


def _weighed(entry: Entry, offer: Offer, language: str, units: Units, snippet: str, words: Words) -> str:
    if not offer.kept:
        return words.say("weighed when made")
    try:
        made = offers.made(entry, offer, language, units, snippet)
    except FlightcaseError as wrong:
        return str(wrong)
    plainly = size(len(made.data), words)
    if offer.packed:
        return plainly
    return words.say("{size}, gzip {gzip}", size=plainly, gzip=size(made.gzip, words))


def _download(entry: Entry, chosen: Sequence[Offer], words: Words, make: Callable[[Offer], bytes]) -> None:
    """One button for what is ticked: the file itself, or a ZIP of several."""
    count = len(chosen)
    one = chosen[0] if count == 1 else None
    st.download_button(
        words.say("Download 1 file" if count == 1 else "Download {count} files", count=count),
        data=(lambda: make(one)) if one else (lambda: zipped({offer.file: make(offer) for offer in chosen})),
        file_name=one.file if one else f"{entry.slug}-files.zip",
        mime=one.media if one else "application/zip",
        on_click="ignore",
        disabled=not count,
        key="download-files",
    )


def _weight(weights: Sequence[Weight], most: int, words: Words) -> None:
    total, whole = sum(weight.gzip for weight in weights), sum(weight.bytes for weight in weights)
    names = {
        "basemap": words.say("Basemap outline"),
        "code": words.say("Viewer code"),
        "style": words.say("Style"),
        "case": words.say("Case data"),
    }
    said = words.say(
        "{size} of {most} compressed, {whole} uncompressed"
        if total <= most
        else "{size} compressed, more than the {most} aimed at; {whole} uncompressed",
        size=size(total, words),
        most=size(most, words),
        whole=size(whole, words),
    )
    scale = max(total, most)
    bar = "".join(
        f'<span class="fc-{weight.part}" style="width:{100 * weight.gzip / scale:.2f}%"></span>' for weight in weights
    )
    key = "".join(
        f'<li><span class="fc-{weight.part}"></span>{escape(f"{names[weight.part]} {size(weight.gzip, words)}")}</li>'
        for weight in weights
    )
    with st.container(key="weight"):
        st.html(
            f"<h3>{escape(words.say('Page weight'))} <small>{escape(said)}</small></h3>"
            f'<div class="fc-bar" aria-hidden="true">{bar}</div><ul class="fc-key">{key}</ul>'
        )
