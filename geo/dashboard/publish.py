"""The Publish page: what is published, what it weighs, and what must be so before."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from geo.dashboard import embed, library, publications
from geo.dashboard.access import may_edit
from geo.dashboard.cases import headline, is_unsaved, plain
from geo.dashboard.checklist import checks
from geo.dashboard.parts import component, draw
from geo.dashboard.publishing import publishing
from geo.dashboard.routes import preview_address
from geo.dashboard.signing import checklist, open_checks
from geo.dashboard.taking import taking
from geo.dashboard.view import go
from geo.errors import FlightcaseError
from geo.scene.words import Words

if TYPE_CHECKING:
    from geo.dashboard.library import Entry
    from geo.dashboard.view import View
    from geo.model import Case, Source
    from geo.model.value import Worded

_FRAMES: Final = component("frames")
#: The widths of the preview, px: a phone, a column of text, a wide page.
_WIDTHS: Final = (360, 720, 1060)
#: Where the Internet Archive takes an address to keep; it is told as text and never asked.
_SAVE: Final = "https://web.archive.org/save/"


def publish(view: View) -> None:
    """Draw the page of a saved case."""
    entry = view.entry
    if entry is None or entry.case is None:
        return
    try:
        scene = library.scene(entry.folder, entry.stamp, entry.languages[0], view.units)
    except FlightcaseError as wrong:
        st.warning(plain(str(wrong)))
        return
    listed = checks(entry.case, scene, view.words, datetime.now(UTC).date(), entry.problems)
    with st.container(key="publish"):
        language = publishing(view, entry, open_checks(entry, listed))
        _unsaved(view, entry)
        snippet = _snippet(entry, language)
        left, right = st.columns([1.9, 1], gap="medium")
        with left:
            taking(view, entry, language, snippet)
            _embedding(view, entry, language, snippet)
            _corrections(view, entry.case)
        with right:
            checklist(view, entry, listed)
        _preview(view, entry, language)
        _sources(view, entry.case)


def _unsaved(view: View, entry: Entry) -> None:
    """Say that a draft has changes that nothing on this page knows of yet."""
    words = view.words
    for draft in library.drafts().of(entry.slug):
        if not is_unsaved(draft):
            continue
        with st.container(horizontal=True, vertical_alignment="center", key=f"unsaved-{draft.id}"):
            name = plain(draft.by)
            st.markdown(
                words.say("{name} has changes that are not saved. This page shows the case as it is saved.", name=name)
                if name
                else words.say("There are changes that are not saved. This page shows the case as it is saved."),
                width="content",
            )
            st.button(
                words.say("Go to Edit"),
                key=f"to-edit-{draft.id}",
                on_click=go,
                kwargs={"case": entry.slug, "page": "edit", "draft": draft.id},
                disabled=not may_edit(),
            )


# --- embedding -------------------------------------------------------------------------------------------------------


def _snippet(entry: Entry, language: str) -> str:
    title = Words(language).say("{title}: map and timeline", title=headline(entry, Words(language)))
    return embed.embed_code(embed.base(st.context.url or ""), entry.slug, title, language)


def _embedding(view: View, entry: Entry, language: str, snippet: str) -> None:
    words, base = view.words, embed.base(st.context.url or "")
    st.subheader(words.say("In an article"), anchor=False)
    st.code(snippet, language=None, wrap_lines=True)
    page, oembed = (make(base, entry.slug, language) for make in (embed.embed_address, embed.oembed_address))
    shown = _is_shown(entry)
    lead = words.say("Page") if shown else words.say("Page, once it is published")
    address = f'<a href="{escape(page)}" target="_blank">{escape(page)}</a>' if shown else escape(page)
    st.html(
        f'<dl class="fc-addresses"><dt>{escape(lead)}</dt><dd>{address}</dd>'
        f"<dt>{escape(words.say('oEmbed address'))}</dt><dd>{escape(oembed)}</dd></dl>"
    )


def _is_shown(entry: Entry) -> bool:
    """Whether the address of the case gives a page now; one whose record is damaged gives none."""
    try:
        return bool(publications.publications(entry.folder)) or not publications.is_kept(entry.folder)
    except FlightcaseError:
        return False


def _preview(view: View, entry: Entry, language: str) -> None:
    words = view.words
    names = (words.say("Phone"), words.say("Column"), words.say("Wide"))
    src = preview_address(entry, language, view.units)
    with st.container(horizontal=True, vertical_alignment="center", key="preview-head"):
        st.subheader(words.say("Preview at three widths"), anchor=False, width="content")
        st.html(f'<a href="{escape(src)}" target="_blank">{escape(words.say("Open the page"))}</a>')
    frames = [
        {
            "name": name,
            "width": width,
            "text": f"{width} px",
            "title": words.say("Preview, {name}, {width} px", name=name, width=width),
        }
        for name, width in zip(names, _WIDTHS, strict=True)
    ]
    draw(_FRAMES, f"preview-{entry.slug}", {"src": src, "frames": frames})


# --- corrections and sources -----------------------------------------------------------------------------------------


def _corrections(view: View, case: Case) -> None:
    words = view.words
    st.subheader(words.say("Corrections log"), anchor=False)
    if not case.corrections:
        st.caption(words.say("None yet. Each entry shows on the page with its date."))
        return
    rows = "".join(
        f'<li><time datetime="{each.on.isoformat()}">{escape(words.day(each.on))}</time> '
        f"{_worded(each.text.worded(view.language), view.language)}</li>"
        for each in sorted(case.corrections, key=lambda each: each.on, reverse=True)
    )
    st.html(f'<ul class="fc-log">{rows}</ul>')


def _worded(text: Worded, language: str) -> str:
    tag = "" if text.language == language else f' lang="{escape(text.language)}"'
    return f"<span{tag}>{escape(text.text)}</span>"


def _sources(view: View, case: Case) -> None:
    words = view.words
    linked = {name: source for name, source in case.sources.items() if source.url}
    archived = sum(bool(source.archived) for source in linked.values())
    said = {"count": len(linked), "archived": archived}
    with st.expander(words.say("Links of sources: {count}, {archived} with an archived copy", **said)):
        st.caption(
            words.say(
                "Open each and see that it still says what the case cites. Where no copy is archived, the address at "
                "which the Internet Archive can be asked for one is given as text: this dashboard asks nobody."
            )
        )
        rows = "".join(_source(name, source, words) for name, source in linked.items())
        st.html(f'<ul class="fc-links">{rows}</ul>')


def _source(name: str, source: Source, words: Words) -> str:
    url = str(source.url)
    link = f'<a href="{escape(url)}" target="_blank">{escape(source.title)}</a>'
    if source.archived:
        copy = f'<a href="{escape(source.archived)}" target="_blank">{escape(words.say("archived copy"))}</a>'
    else:
        copy = f"{escape(words.say('no archived copy:'))} <code>{escape(_SAVE + url)}</code>"
    read = (
        words.say("retrieved {day}", day=words.day(source.retrieved.start.date()))
        if source.retrieved
        else words.say("not said when it was read")
    )
    said = " · ".join([escape(source.publisher), escape(read), copy])
    return f"<li><b>{escape(name)}</b> {link}<p>{said}</p></li>"
