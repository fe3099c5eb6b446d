"""The page on which a case begins: two places, a day, and what else is known already."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo import tracks
from geo.casefile.editing import Document
from geo.casefile.typed import typed_when
from geo.dashboard import library
from geo.dashboard.cases import plain
from geo.dashboard.edit.finding import finder
from geo.dashboard.naming import file_name, slug_for
from geo.dashboard.view import go, who
from geo.errors import FlightcaseError, PlaceAmbiguous, PlaceError
from geo.gazetteer import open_gazetteer
from geo.model import Place, Text
from geo.scene.words import Words, languages, own_name
from geo.start import Beginning, case_text

if TYPE_CHECKING:
    from geo.dashboard.view import View
    from geo.tracks import Leg

#: A file larger than this is read in Edit, where that takes no other session's time.
_READ_HERE: Final = 20 << 20
_LEGS: Final = 50
_FILE: Final = "new-file"
#: What was given so far, and what is wrong with it, by field.
_GIVEN: Final = "new-given"
_WRONG: Final = "new-wrong"


def new(view: View) -> None:
    """Draw the page."""
    words = view.words
    st.session_state.setdefault(_GIVEN, {})
    wrong: dict[str, str] = st.session_state.get(_WRONG, {})
    with st.container(key="new"):
        st.header(words.say("New case"), anchor=False)
        st.caption(words.say("Two places and a day are enough to begin. Everything can be changed later."))
        ends = (("from", words.say("From"), "Baku"), ("to", words.say("To"), "Grosny"))
        for end, label, example in ends:
            _end(end, label, example, words)
        _track(words)
        with st.form("new-flight", border=False):
            _fields(words, view.language)
            st.form_submit_button(words.say("Begin"), type="primary", on_click=_begin, args=(words,))
        if "case" in wrong:
            st.warning(plain(wrong["case"]))
        elif wrong:
            count = len(wrong)
            st.warning(
                words.say(
                    "Not begun: 1 field needs something else."
                    if count == 1
                    else "Not begun: {count} fields need something else.",
                    count=words.number(count),
                )
            )


def _end(end: str, label: str, example: str, words: Words) -> None:
    """A field for one of the two places."""
    given: dict[str, Any] = st.session_state[_GIVEN]
    near = [
        (each["lat"], each["lon"]) for key in ("from", "to") if key != end and (each := given.get(key, {})).get("name")
    ]

    def choose(found: dict[str, Any]) -> None:
        given[end] = {**found, "text": found["name"]}
        st.session_state.get(_WRONG, {}).pop(end, None)

    def typed(text: str) -> None:
        given[end] = {"text": text, "write": text}

    finder(
        f"new-{end}",
        label,
        words,
        near=near,
        value=given.get(end, {}).get("text", ""),
        choose=choose,
        typed=typed,
        placeholder=example,
        told=st.session_state.get(_WRONG, {}).get(end, ""),
    )


def _fields(words: Words, language: str) -> None:
    """What else is known of the flight."""
    day, number, callsign, aircraft = st.columns(4)
    with day:
        st.text_input(words.say("Day of the flight"), key="new-day", placeholder=words.day(date(2024, 12, 25)))
        _told("day")
    with number:
        st.text_input(words.say("Flight number"), key="new-number", placeholder="J2-8243")
    with callsign:
        st.text_input(words.say("Callsign"), key="new-callsign", placeholder="AHY8243")
    with aircraft:
        st.text_input(words.say("Aircraft"), key="new-aircraft", placeholder="Embraer 190AR")
    headline, spoken = st.columns([3, 1])
    with headline:
        st.text_input(words.say("Headline"), key="new-title", placeholder=words.say("may wait"))
    with spoken:
        choices = languages()
        st.selectbox(
            words.say("Language of the texts"),
            choices,
            index=choices.index(language),
            key=f"new-language-{language}",
            format_func=own_name,
        )
    st.session_state["new-language"] = f"new-language-{language}"


def _told(field: str) -> None:
    message = st.session_state.get(_WRONG, {}).get(field)
    if message:
        with st.container(key=f"problem-new-{field}"):
            st.markdown(plain(message))


# --- the track -------------------------------------------------------------------------------------------------------


def _track(words: Words) -> None:
    """A file of the track, and which of its flights is meant."""
    st.file_uploader(
        words.say("Track, if there is one"),
        key=_FILE,
        on_change=_read,
        args=(words,),
        help=words.say(
            "Any format: FR24, ADS-B Exchange, OpenSky, GPX, KML, GeoJSON, IGC, CSV and more; compressed too"
        ),
    )
    _told("track")
    legs: list[Leg] = st.session_state[_GIVEN].get("legs", [])
    if len(legs) > 1:
        st.selectbox(
            words.say("Which flight of the file"),
            range(len(legs)),
            key="new-leg",
            format_func=lambda number: str(legs[number]),
            on_change=_offer,
            args=(words,),
        )
    elif legs:
        st.caption(plain(str(legs[0])))


def _read(words: Words) -> None:
    """Look into the file, and offer what it says of the flight where nothing is written yet."""
    given: dict[str, Any] = st.session_state[_GIVEN]
    st.session_state.setdefault(_WRONG, {}).pop("track", None)
    given.pop("legs", None)
    file = st.session_state.get(_FILE)
    if file is None or file.size > _READ_HERE:
        return
    try:
        reading = tracks.read(file.getvalue(), name=file.name)
    except FlightcaseError as wrong:
        st.session_state[_WRONG]["track"] = str(wrong)
        return
    given["legs"] = sorted(reading.legs, key=lambda leg: -len(leg.track))[:_LEGS]
    _offer(words)


def _offer(words: Words) -> None:
    legs: list[Leg] = st.session_state[_GIVEN].get("legs", [])
    leg = _chosen(legs)
    if leg is None:
        return
    began = datetime.fromtimestamp(float(leg.track.time_s[0]), UTC).date()
    for key, value in (("new-day", words.day(began)), ("new-callsign", leg.callsign or "")):
        offered = f"{key}-offered"
        # What somebody typed stays; what an earlier file or flight offered goes.
        if st.session_state.get(key, "") in ("", st.session_state.get(offered)):
            st.session_state[key] = st.session_state[offered] = value


def _chosen(legs: list[Leg]) -> Leg | None:
    number = st.session_state.get("new-leg", 0) if len(legs) > 1 else 0
    return legs[number] if number < len(legs) else None


# --- beginning -------------------------------------------------------------------------------------------------------


def _begin(words: Words) -> None:
    """Make a draft of what was given and go to it, or say what is wrong, field by field."""
    wrong: dict[str, str] = {}
    language = str(st.session_state[st.session_state["new-language"]])
    ends = [_place(end, language, words, wrong) for end in ("from", "to")]
    day = _day(words, wrong)
    broken = st.session_state.get(_WRONG, {}).get("track")
    if broken:
        wrong["track"] = broken
    st.session_state[_WRONG] = wrong
    if wrong or ends[0] is None or ends[1] is None:
        return
    typed = {key: str(st.session_state.get(f"new-{key}", "")).strip() for key in ("number", "callsign", "aircraft")}
    leg = _chosen(st.session_state[_GIVEN].get("legs", []))
    names = [place.name.said(language) for place in ends if place]
    told = Words(language)
    route = told.say("{origin} to {destination}", origin=names[0], destination=names[1])
    flight = typed["number"] or typed["callsign"]
    known = Beginning(
        ends[0],
        ends[1],
        day=day,
        icao24=(leg and leg.icao24) or "",
        title=str(st.session_state.get("new-title", "")).strip() or told.comma.join(filter(None, [flight, route])),
        language=language,
        basis=told.say("great circle; the filed route is not known"),
        **typed,
    )
    try:
        _go(known, flight, names)
    except FlightcaseError as failed:
        st.session_state[_WRONG] = {"case": str(failed)}


def _go(known: Beginning, flight: str, names: list[str]) -> None:
    """Make the draft, with its track, and go there."""
    drafts = library.drafts()
    taken = {entry.slug for entry in library.entries()} | {draft.slug for draft in drafts.of()}
    slug = slug_for(flight, known.day, names, taken)
    file = st.session_state.get(_FILE)
    text = case_text(slug, known, file_name(file.name, {"case.toml"}) if file else None)
    legs: list[Leg] = st.session_state[_GIVEN].get("legs", [])
    if len(legs) > 1 and (leg := _chosen(legs)):
        document = Document(text)
        for key, value in (("icao24", leg.icao24), ("callsign", leg.callsign)):
            document.put(("track", 0, key), value)
        text = document.text
    draft = drafts.new(slug, text, who())
    if file:
        try:
            drafts.add_file(draft.id, file.name, file.getvalue())
        except FlightcaseError:
            drafts.discard(draft.id)
            raise
    st.session_state.setdefault("drafts", {})[slug] = draft.id
    for key in [key for key in st.session_state if str(key).startswith("new-")]:
        del st.session_state[key]
    go(case=slug, page="edit", draft=draft.id)


def _place(end: str, language: str, words: Words, wrong: dict[str, str]) -> Place | None:
    """The place that was given for an end of the flight."""
    # Who leaves the field by pressing the button has both told in one run, in no certain order.
    left = st.session_state.get(f"new-{end}", {}).get("typed")
    if isinstance(left, str):
        st.session_state[_GIVEN][end] = {"text": left, "write": left}
    found = st.session_state[_GIVEN].get(end, {})
    write = found.get("write", "")
    if isinstance(write, dict):
        return Place(name=Text({language: found["name"]}), **write)
    if not write:
        wrong[end] = {
            "from": words.say("Write where the flight was to depart from: a city, an airport or its code."),
            "to": words.say("Write where the flight was to go: a city, an airport or its code."),
        }[end]
        return None
    try:
        return open_gazetteer().find(write)
    except PlaceAmbiguous:
        wrong[end] = words.say("Several places may be meant; choose one.")
    except PlaceError:
        wrong[end] = words.say("No place is called so. Try another spelling, an ICAO code or a position.")
    return None


def _day(words: Words, wrong: dict[str, str]) -> date | None:
    text = str(st.session_state.get("new-day", "")).strip()
    try:
        found = typed_when(text, None, {}).value if text else None
    except ValueError:
        found = None
    if isinstance(found, date) and not isinstance(found, datetime):
        return found
    wrong["day"] = words.say("Write the day of the flight, such as {example}.", example=words.day(date(2024, 12, 25)))
    return None
