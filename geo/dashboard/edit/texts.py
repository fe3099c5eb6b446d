"""Texts in the languages of a case, numbers and days: what several panels of Edit have in common."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.casefile.editing import is_text
from geo.dashboard.cases import plain
from geo.dashboard.desk import values as values_of
from geo.dashboard.edit.times import read_when
from geo.dashboard.fields import bind, index_of, key_of, line, told
from geo.scene.words import languages, own_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geo.casefile.editing import Document, Place
    from geo.dashboard.desk import Desk
    from geo.dashboard.drafts import Draft

#: Where the language of the texts is kept; the page reads it.
LANGUAGE: Final = "text-language"
#: Languages that are offered beside those of the interface; any tag may be typed.
_OFFERED: Final = ("fr", "es", "pt", "it", "tr", "uk", "fa", "zh", "ja", "ko")
#: The keys of texts; a table of another key may hold keys that look like languages (id, url).
_TEXTS: Final = frozenset(
    {
        "attribution", "basis", "by", "credit", "detail", "label", "label_note", "name", "not_depicted", "not_found",
        "note", "operator", "outcome", "overrides", "received_by", "remarks", "says", "standfirst", "text", "title",
        "unknown",
    }
)  # fmt: skip
_TAG: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


# --- languages -------------------------------------------------------------------------------------------------------


def case_languages(values: Mapping[str, Any]) -> list[str]:
    """The languages in which anything is told, those of the title first."""
    title = values.get("title")
    first = [*title] if isinstance(title, dict) and is_text(title) else []
    return list(dict.fromkeys([*first, *_told_in(values)])) or ["en"]


@lru_cache(maxsize=32)
def _languages(text: str) -> tuple[str, ...]:
    return tuple(case_languages(values_of(text)))


def languages_of(desk: Desk) -> tuple[str, ...]:
    """What ``case_languages`` gives for a draft, found once for each text of it."""
    return _languages(desk.draft.text)


def _told_in(value: Any) -> Iterator[str]:  # noqa: ANN401  a TOML value
    for child in value if isinstance(value, list) else ():
        yield from _told_in(child)
    for key, child in value.items() if isinstance(value, dict) else ():
        if key in _TEXTS and isinstance(child, dict) and is_text(child):
            yield from child
        else:
            yield from _told_in(child)


def language_of(draft: Draft, page: str) -> str:
    """The language that is being written: as chosen, else that of the page if the case has it, else its first."""
    told_in = _languages(draft.text)
    return str(st.session_state.get(LANGUAGE) or (page if page in told_in else told_in[0]))


def language_field(desk: Desk) -> None:
    """Choose the language that is being written, or add one by its name or tag."""
    words, told_in = desk.words, languages_of(desk)
    choices = list(dict.fromkeys([*told_in, desk.language, *languages(), *_OFFERED]))
    key = f"{LANGUAGE}-field-{desk.draft.id}"
    held = bind(key, desk.language)

    def chosen() -> None:
        tag = str(st.session_state[key] or "").strip()
        if _TAG.fullmatch(tag):
            st.session_state[LANGUAGE] = tag

    def named(tag: str) -> str:
        new = "" if tag in told_in else f" · {words.say('not written yet')}"
        return f"{own_name(tag)} ({tag}){new}"

    st.selectbox(
        words.say("Language of the texts"),
        choices,
        index_of(choices, held),
        key=key,
        format_func=named,
        on_change=chosen,
        accept_new_options=True,
        help=words.say(
            "Every text of the case can be told in several languages. Choose one, or type its tag: fr, pt-BR."
        ),
    )


def text(desk: Desk, label: str, place: Place, *, lines: int = 1, tip: str | None = None, shown: str = "") -> None:
    """A field for a text in the language that is being written; the first language stands in it as an example.

    Args:
        desk: with the draft.
        label: of the field; also names the change.
        place: of the text.
        lines: more than one make a larger field.
        tip: help behind a question mark.
        shown: an example where the case has the text in no language.
    """
    told_in = languages_of(desk)
    several = len(told_in) > 1 or desk.language not in told_in
    held = desk.get(place)
    first = next((str(held[each]) for each in told_in if each in held), "") if isinstance(held, dict) else ""

    def write(document: Document, said: str) -> None:
        put_text(document, place, told_in[0], desk.language, said)

    line(
        desk,
        f"{label} · {own_name(desk.language)}" if several else label,
        place,
        translated=True,
        lines=lines,
        placeholder=first or shown,
        tip=tip,
        write=write,
    )


def put_text(document: Document, place: Place, first: str, language: str, said: str) -> None:
    """Write a text in one language; a bare one stays bare in the first, and becomes its text beside another."""
    held = document.get(place)
    if isinstance(held, str) and language != first and said:
        document.put(place, {first: held, language: said})
    else:
        document.put_text(place, language, said)


# --- numbers ---------------------------------------------------------------------------------------------------------


def number(desk: Desk, label: str, place: Place, *, tip: str | None = None, placeholder: str = "") -> None:
    """A field for a number; what is none stays as it was typed, and is told."""

    def write(document: Document, said: str) -> None:
        document.put(place, read_number(said))

    line(desk, label, place, write=write, tip=tip, placeholder=placeholder)


def read_number(said: str) -> int | float | str | None:
    """The number that was typed, with a point or a comma; the text itself where it is none."""
    bare = said.replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace("\u2212", "-")
    if not bare:
        return None
    if re.fullmatch(r"[+-]?\d{1,15}", bare):
        return int(bare)
    if re.fullmatch(r"[+-]?\d{1,15}[.,]\d{1,15}", bare):
        return float(bare.replace(",", "."))
    return said


# --- days ------------------------------------------------------------------------------------------------------------


def day_of(values: Mapping[str, Any]) -> date | None:
    """The day of the flight as a document has it: of its departure, else of the first time it tells."""
    intended = values.get("intended")
    departs = read_when(intended.get("departs")) if isinstance(intended, dict) else None
    if departs:
        return departs.start.date()
    lists = [(values.get(table), key) for table, key in (("stretch", "from"), ("event", "time"), ("track", "from"))]
    times = [
        entry.get(key)
        for entries, key in lists
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict)
    ]
    starts = [when.start for when in map(read_when, times) if when]
    return min(starts).date() if starts else None


def day_field(desk: Desk) -> None:
    """The day of the flight: the one that is meant where a time is typed without its day."""
    words, place, day = desk.words, ("intended", "departs"), day_of(desk.values)
    key, label = key_of(desk, place, "day"), words.say("Day of the flight")
    held = bind(key, day)

    def changed() -> None:
        chosen = st.session_state[key]
        if isinstance(chosen, date):
            desk.change(label, lambda document: document.put(place, on_day(document.get(place), chosen)))

    st.date_input(
        label,
        key=key,
        value=held,
        min_value=date(1903, 12, 17),
        max_value=date(2100, 12, 31),
        format="YYYY-MM-DD",
        on_change=changed,
        help=words.say(
            "Meant where a time is typed without a day. Times of events that are there already do not move."
        ),
    )
    if day is None:
        st.caption(words.say("No time of this case says its day yet."))


def on_day(value: Any, day: date) -> Any:  # noqa: ANN401  a TOML value
    """A time of a case file on another day: the time of day stays; a day is that day."""
    if isinstance(value, datetime):
        return value.replace(year=day.year, month=day.month, day=day.day)
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d[Tt ]", value):
        return f"{day}{value[10:]}"
    if isinstance(value, dict):
        return {key: on_day(entry, day) if key in ("from", "to", "about") else entry for key, entry in value.items()}
    return day if value is None or isinstance(value, date | str) else value


# --- what is wrong ---------------------------------------------------------------------------------------------------


def wrong(desk: Desk, key: str, place: Place, message: str) -> None:
    """What is wrong with a text that was typed and could not be kept, else what is wrong at the place."""
    if not message:
        told(desk, place)
        return
    with st.container(key=f"problem-typed-{key}"):
        st.markdown(plain(message))


def told_of_all(desk: Desk, place: Place) -> None:
    """Say what is wrong with a table as a whole, which is no fault of one of its fields."""
    for number_, problem in enumerate(problem for problem in desk.salvaged.problems if problem.place == place):
        with st.container(key=f"problem-{number_}-{key_of(desk, place, 'whole')}"):
            st.markdown(plain(problem.message))
