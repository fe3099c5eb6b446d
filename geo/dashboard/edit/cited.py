"""Sources of a case as a document has them: which are named where, new ones, other names for them, and their field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.casefile.addresses import compared, host_of
from geo.casefile.citations import read_citations
from geo.dashboard.cases import plain
from geo.dashboard.desk import Desk
from geo.dashboard.desk import values as read_values
from geo.dashboard.fields import bind, key_of, told, unless_late
from geo.dashboard.library import drafts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from geo.casefile.citations import Citation
    from geo.casefile.editing import Document, Place

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
#: What stands between the name of a source and what it is.
_APART: Final = " · "


@dataclass(frozen=True, slots=True)
class Kept(Desk):
    """A desk whose changes go to one source while it is there.

    What a browser sends late of a source that was removed, or merged into another, does not bring it back.
    """

    source: str = ""

    def change(self, what: str, edit: Callable[[Document], None]) -> None:
        """Change the draft if it still has the source."""
        draft = drafts().get(self.draft.id)
        if draft is None or self.source in read_values(draft.text).get("sources", {}):
            Desk.change(self, what, edit)


def kept(desk: Desk, source: str) -> Kept:
    """A desk for one source."""
    return Kept(desk.draft, desk.values, desk.salvaged, desk.words, desk.language, desk.fail, source)


def mentions(values: Mapping[str, Any]) -> dict[str, list[Place]]:
    """Where each source is named: the places of the lists, or of the one name, that hold it."""
    found: dict[str, list[Place]] = {}
    for place, value in _lists(values):
        for name in dict.fromkeys(value if isinstance(value, list) else [value]):
            if isinstance(name, str):
                found.setdefault(name, []).append(place)
    return found


def _lists(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:  # noqa: ANN401  a TOML value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        here = (*place, key)
        if key in ("source", "sources") and len(here) > 1 and isinstance(child, str | list):
            yield here, child
        elif not (len(here) == 1 and key == "sources"):
            yield from _lists(child, here)


def redirect(document: Document, name: str, to: str | None) -> int:
    """Let everything that names one source name another, or none; gives how many places did."""
    places = mentions(document.get(())).get(name, [])
    for place in places:
        held = document.get(place)
        if isinstance(held, str):
            document.put(place, to)
            continue
        kept = dict.fromkeys(to if each == name else each for each in held)
        document.put(place, [each for each in kept if each is not None])
    return len(places)


def rename(document: Document, name: str, to: str) -> None:
    """Give a source another name, everywhere."""
    document.rename(("sources", name), to)
    redirect(document, name, to)


def name_problem(desk: Desk, name: str, to: str) -> str | None:
    """What speaks against another name of a source; ``None`` when nothing does."""
    if not _NAME.fullmatch(to):
        return desk.words.say("A short name has letters, digits, “-”, “_” and “.”, at most 64, such as S01.")
    if to != name and to in desk.get(("sources",), {}):
        return desk.words.say("Another source has this short name.")
    return None


def free_name(taken: Iterable[str]) -> str:
    """The next name: ``S07`` after ``S06``."""
    known = set(taken)
    numbers = [int(found[1]) for name in known if (found := re.fullmatch(r"S(\d{1,6})", name))]
    number = max(numbers, default=0) + 1
    return f"S{number:02}"


def add(document: Document, citations: Iterable[Citation]) -> list[str]:
    """Put citations among the sources, and give their names; a source with the same address is not put in twice."""
    names: list[str] = []
    for citation in citations:
        listed: dict[str, Any] = document.get(("sources",), {})
        known = _known(listed, citation)
        if known is None:
            known = free_name(listed)
            document.put(("sources", known), {**citation.entry, "publisher": _publisher(listed, citation)})
        names.append(known)
    return list(dict.fromkeys(names))


def _known(listed: Mapping[str, Any], citation: Citation) -> str | None:
    """The source that has the address of a citation already."""
    wanted = compared(citation.url or citation.archived or "")
    for name, source in listed.items():
        if wanted and wanted in {compared(str(source.get(key, ""))) for key in ("url", "archived") if source.get(key)}:
            return name
    return None


def _publisher(listed: Mapping[str, Any], citation: Citation) -> str:
    """The publisher that a citation says, else the one that the case has for the same site."""
    if citation.publisher or citation.url is None:
        return citation.publisher
    host = host_of(citation.url)
    same = [
        str(source.get("publisher", "")) for source in listed.values() if host_of(str(source.get("url", ""))) == host
    ]
    names = {name for name in same if name}
    return names.pop() if len(names) == 1 else ""


def source_line(desk: Desk, name: str) -> str:
    """``S01 · Reuters, Title``: a source in one line."""
    source = desk.get(("sources", name))
    if not isinstance(source, dict):
        return f"{name}{_APART}{desk.words.say('not listed')}"
    said = desk.words.comma.join(str(source[key]) for key in ("publisher", "title") if source.get(key))
    return f"{name}{_APART}{said or source.get('url') or source.get('archived') or '…'}"


def cited(desk: Desk, label: str, place: Place) -> None:
    """A field for the sources of something: choose among those of the case, or paste an address or a citation."""
    words, key = desk.words, key_of(desk, place)
    held = desk.get(place, [])
    names = [str(name) for name in ([held] if isinstance(held, str) else held)]
    listed = desk.get(("sources",), {})
    bind(key, names)

    def changed() -> None:
        chosen = [str(name) for name in st.session_state[key]]
        st.session_state.pop(f"{key}-wrong", None)

        def edit(document: Document) -> None:
            known = document.get(("sources",), {})
            kept: list[str] = []
            for name in chosen:
                # The browser may still hold the line that a source had before its publisher or title was written.
                short = name.split(_APART, 1)[0]
                if short in known or short in names:
                    kept.append(short)
                    continue
                try:
                    kept += add(document, read_citations(name))
                except ValueError as wrong:
                    st.session_state[f"{key}-wrong"] = str(wrong)
            document.put(place, list(dict.fromkeys(kept)) or None)

        desk.change(label, edit)

    st.multiselect(
        label,
        list(dict.fromkeys([*names, *listed])),
        names,
        key=key,
        format_func=lambda name: source_line(desk, name),
        on_change=unless_late(key, changed),
        accept_new_options=True,
        placeholder=words.say("Choose, or paste a web address or a citation"),
    )
    wrong = st.session_state.get(f"{key}-wrong")
    if wrong:
        with st.container(key=f"problem-wrong-{key}"):
            st.markdown(plain(wrong))
    told(desk, place)
    for name in names:
        if name in listed and not all(listed[name].get(part) for part in ("publisher", "title")):
            _complete(desk, name, within=key)


def _complete(desk: Desk, name: str, *, within: str) -> None:
    """Ask for what a citation did not say of its source."""
    words = desk.words
    with st.container(key=f"complete-{within}-{name}"):
        source = desk.get(("sources", name))
        st.caption(plain(f"{name} · {source.get('url') or source.get('archived') or ''}"))
        labels = {"publisher": words.say("Publisher"), "title": words.say("Title")}
        # Both stay where they are until both are said: a field that moves loses the one who types in it.
        for column, (part, label) in zip(st.columns(2), labels.items(), strict=True):
            with column:
                _ask(desk, label, name, part, within)


def _ask(desk: Desk, label: str, name: str, part: str, within: str) -> None:
    key = f"ask-{within}-{name}-{part}"
    held = bind(key, str(desk.get(("sources", name, part), "")))

    def changed() -> None:
        text = str(st.session_state[key]).strip()
        kept(desk, name).change(f"{label} {name}", lambda document: document.put(("sources", name, part), text))

    st.text_input(label, held, key=key, on_change=unless_late(key, changed))
