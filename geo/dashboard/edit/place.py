"""One place of a draft: its names, where it is and how exactly, what led there, and what names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from geo.casefile.mentions import free_key, rename_place
from geo.casefile.positions import read_position, write_position
from geo.dashboard.cases import plain
from geo.dashboard.edit.cited import cited
from geo.dashboard.edit.finding import finder
from geo.dashboard.edit.picking import pick
from geo.dashboard.edit.placed import positions
from geo.dashboard.edit.texts import languages_of, number, told_of_all, wrong
from geo.dashboard.fields import bind, key_of, told, unless_late
from geo.geodesy import distance_m
from geo.scene.words import own_name

if TYPE_CHECKING:
    from geo.casefile.editing import Document, Place
    from geo.dashboard.desk import Desk
    from geo.dashboard.edit.placed import Placed

#: An author's position farther than this from the gazetteer's is told, km.
_MOVED_KM = 1.0
#: How many things that name a place are listed.
_LISTED = 6
_NAMES_IN_ROW = 4


def place_form(desk: Desk, place: Placed, listed: list[Placed], memory: str) -> None:
    """The fields of a place of ``[places]``.

    Args:
        desk: with the draft.
        place: the one that is chosen.
        listed: all of them.
        memory: where the choice is kept.
    """
    words, here = desk.words, ("places", place.key)
    if not isinstance(desk.get(here), dict):
        _short_form(desk, place, listed)
        return
    _names(desk, place)
    left, middle, right = st.columns([2, 1, 1], gap="small")
    with left:
        position(desk, words.say("Position"), here, place.at, found=place.found is not None)
        _moved(desk, place)
        told_of_all(desk, here)
    with middle:
        number(
            desk,
            words.say("Accuracy, km"),
            (*here, "within_km"),
            tip=words.say("How far off the position may be. Empty where it is exact enough for the map."),
        )
    with right:
        _key(desk, place, memory)
    finder(
        key_of(desk, here, "find"),
        words.say("Found as"),
        words,
        near=positions([other for other in listed if other is not place]),
        value=place.asked,
        told=place.wrong,
        placeholder=words.say("Name, code or position"),
        choose=lambda found: _ask_again(desk, here, found),
    )
    cited(desk, words.say("Sources of the position"), (*here, "sources"))
    with st.container(horizontal=True, key="place-acts"):
        pick(desk, words.say("Correct on the map"), here, "point")
        if place.found and (desk.get((*here, "lat")) is not None or desk.get((*here, "lon")) is not None):
            label = words.say("Use the position of the gazetteer")
            st.button(label, key=key_of(desk, here, "back"), on_click=_back, args=(desk, label, here))
        label = words.say("Remove this place")
        st.button(
            label,
            key=key_of(desk, here, "remove"),
            disabled=bool(place.uses),
            on_click=_remove,
            args=(desk, label, place.key),
        )
    _users(desk, place)


def _short_form(desk: Desk, place: Placed, listed: list[Placed]) -> None:
    """A place that is written as a name alone: ``grozny = "URMG"``."""
    words, here = desk.words, ("places", place.key)
    finder(
        key_of(desk, here, "find"),
        words.say("Found as"),
        words,
        near=positions([other for other in listed if other is not place]),
        value=place.asked,
        told=place.wrong,
        choose=lambda found: desk.change(words.say("Found as"), lambda document: document.put(here, found["write"])),
    )
    label = words.say("Give it names and a position of its own")

    def opened() -> None:
        desk.change(label, lambda document: document.put(here, {"find": place.asked}))

    st.button(label, key=key_of(desk, here, "open"), on_click=opened)
    told(desk, here)
    _users(desk, place)


def named_only(desk: Desk, place: Placed, listed: list[Placed], memory: str) -> None:
    """What can be done with a place that is only named: say which is meant, or give it an entry of its own."""
    words = desk.words
    st.markdown(f"**{plain(place.name)}**")
    if place.wrong:
        st.markdown(plain(place.wrong.splitlines()[0]))
    else:
        st.caption(words.say("Found by its name. Give it an entry to correct its position or its names."))
    finder(
        key_of(desk, ("named", place.key), "find"),
        words.say("Which one is meant?"),
        words,
        near=positions([other for other in listed if other is not place]),
        value=place.key,
        placeholder=words.say("Name, code or position"),
        choose=lambda found: _name_instead(desk, place, found, memory),
    )
    if not place.wrong:
        label = words.say("Make it a place of the case")
        st.button(
            label, key=key_of(desk, ("named", place.key), "own"), on_click=_own, args=(desk, label, place, memory)
        )
    _users(desk, place)


def position(desk: Desk, label: str, place: Place, at: tuple[float, float] | None, *, found: bool) -> None:
    """A field for a position in any usual notation.

    Args:
        desk: with the draft.
        label: of the field; also names the change.
        place: of the table that has ``lat`` and ``lon``.
        at: the position that stands there.
        found: whether the table has a position without one that is typed.
    """
    key, failed = key_of(desk, place, "position"), f"{key_of(desk, place, 'position')}-wrong"
    message: str = st.session_state.get(failed, ("", ""))[1]
    if message and st.session_state.get(key) != st.session_state[failed][0]:
        message = st.session_state.pop(failed) and ""
    if not message:
        bind(key, write_position(*at) if at else "")

    def changed() -> None:
        text = str(st.session_state[key]).strip()
        st.session_state.pop(failed, None)
        try:
            point = None if not text and found else read_position(text)
        except ValueError as refused:
            st.session_state[failed] = (st.session_state[key], str(refused))
            return

        def edit(document: Document) -> None:
            document.put((*place, "lat"), point and round(point.lat, 6))
            document.put((*place, "lon"), point and round(point.lon, 6))

        desk.change(label, edit)

    given: dict[str, Any] = {
        "placeholder": "43.388, 45.699",
        "on_change": unless_late(key, changed),
        "help": _notations(desk),
    }
    st.text_input(label, st.session_state[key], key=key, **given)
    wrong(desk, key, (*place, "lat"), message)
    told(desk, (*place, "lon"))


def _notations(desk: Desk) -> str:
    said = desk.words.say("Degrees, degrees and minutes, or with seconds; north and east are positive:")
    examples = plain("43.388, 45.699 · 43°23'17\"N 45°41'56\"E · N43 23.3 E045 41.9")
    return f"{said} {examples}"


def _names(desk: Desk, place: Placed) -> None:
    """The name in each language of the case; what the gazetteer calls it stands there as an example."""
    told_in = list(dict.fromkeys([*languages_of(desk), desk.language]))
    way = ("places", place.key, "name")
    for start in range(0, len(told_in), _NAMES_IN_ROW):
        batch = told_in[start : start + _NAMES_IN_ROW]
        columns = st.columns(_NAMES_IN_ROW if start else max(len(batch), 2), gap="small", vertical_alignment="bottom")
        for column, language in zip(columns, batch, strict=False):
            with column:
                _name(desk, place, way, language, told_in[0])
    told(desk, way)


def _name(desk: Desk, place: Placed, way: Place, language: str, first: str) -> None:
    held = desk.get(way)
    label = desk.words.say("Name · {language}", language=own_name(language))
    found = place.found.name.said(language) if place.found else ""
    key = key_of(desk, (*way, language))
    begun = str(held.get(language, "")) if isinstance(held, dict) else held if language == first and held else ""
    bind(key, begun)

    def changed() -> None:
        said = str(st.session_state[key]).strip()

        def edit(document: Document) -> None:
            old = document.get(way)
            if isinstance(old, str):
                document.put(way, {first: old})
            document.put_text(way, language, said)

        desk.change(label, edit)

    bare = held if isinstance(held, str) else ""
    st.text_input(label, begun, key=key, placeholder=bare or found, on_change=unless_late(key, changed))


def _key(desk: Desk, place: Placed, memory: str) -> None:
    words, here = desk.words, ("places", place.key)
    # One widget for the form, whichever place is in it: the focus stays when the place gets another key.
    key, failed = key_of(desk, ("places",), "key"), f"{key_of(desk, here, 'key')}-wrong"
    message: str = st.session_state.get(failed, ("", ""))[1]
    if not message or st.session_state.get(key) != st.session_state[failed][0]:
        st.session_state.pop(failed, None)
        message = ""
        bind(key, place.key)
    label = words.say("Short name")

    def changed() -> None:
        to = str(st.session_state[key]).strip()
        st.session_state.pop(failed, None)

        def edit(document: Document) -> None:
            rename_place(document, place.key, to)

        try:
            desk.change(label, edit)
        except ValueError as refused:
            st.session_state[failed] = (st.session_state[key], str(refused))
            return
        st.session_state[memory] = to

    tip = words.say("Names the place in the file. Everything that names it follows.")
    st.text_input(label, st.session_state[key], key=key, on_change=unless_late(key, changed), help=tip)
    wrong(desk, key, (*here, "key"), message)


def _moved(desk: Desk, place: Placed) -> None:
    """How far the author's position is from the gazetteer's."""
    if not (place.at and place.found):
        return
    km = float(distance_m(*place.at, place.found.lat, place.found.lon)) / 1000
    if km >= _MOVED_KM:
        words = desk.words
        said = words.say(
            "{distance} from where the gazetteer has {name}", distance=words.distance(km), name=place.asked
        )
        st.caption(plain(said))


def _users(desk: Desk, place: Placed) -> None:
    """What names the place; a place that is used is not removed."""
    if not place.uses:
        return
    words = desk.words
    names = list(dict.fromkeys(_user(desk, way) for way in place.uses))
    more = len(names) - _LISTED
    rest = [words.say("{count} more", count=words.number(more))] if more > 0 else []
    st.caption(plain(words.say("Used by: {names}.", names=words.listed([*names[:_LISTED], *rest]))))


def _user(desk: Desk, way: Place) -> str:
    words, table, index = desk.words, way[0], way[1]
    if table == "intended" or not isinstance(index, int):
        return words.say("the intended route")
    said = desk.said((table, index, "title"))
    number = words.number(index + 1)
    if table == "event":
        return f"“{said}”" if said else words.say("event {number}", number=number)
    if table == "step":
        return f"“{said}”" if said else words.say("step {number} of the story", number=number)
    if table == "stretch":
        return words.say("stretch {number}", number=number)
    return words.say("known place {number}", number=number)


# --- changes ---------------------------------------------------------------------------------------------------------


def _ask_again(desk: Desk, here: Place, found: dict[str, Any]) -> None:
    """Let a place be what was found now; its names and sources stay."""
    write = found["write"]

    def edit(document: Document) -> None:
        document.put((*here, "find"), write if isinstance(write, str) else None)
        for name in ("lat", "lon"):
            document.put((*here, name), None if isinstance(write, str) else write[name])

    desk.change(desk.words.say("Found as"), edit)


def _back(desk: Desk, label: str, here: Place) -> None:
    def edit(document: Document) -> None:
        document.remove((*here, "lat"))
        document.remove((*here, "lon"))

    desk.change(label, edit)


def _remove(desk: Desk, label: str, key: str) -> None:
    def edit(document: Document) -> None:
        document.remove(("places", key))
        if document.get(("places",)) == {}:
            document.remove(("places",))

    desk.change(label, edit)


def _name_instead(desk: Desk, place: Placed, found: dict[str, Any], memory: str) -> None:
    """Let everything that names a place name the one that was found."""

    def edit(document: Document) -> None:
        for way in place.uses:
            say_instead(document, way, found["write"])

    desk.change(desk.words.say("Which one is meant?"), edit)
    st.session_state[memory] = f"={found['write']}" if isinstance(found["write"], str) else None


def _own(desk: Desk, label: str, place: Placed, memory: str) -> None:
    """Give a place that is only named an entry, and let everything that names it name that."""
    key = free_key(desk.get(("places",), {}), place.name)

    def edit(document: Document) -> None:
        document.put(("places", key), {"find": place.asked})
        for way in place.uses:
            say_instead(document, way, key)

    desk.change(label, edit)
    st.session_state[memory] = key


def say_instead(document: Document, way: Place, write: str | dict[str, float]) -> None:
    """Write another place where one is named; a table that finds it (``{ find = "Aktau" }``) keeps its other keys."""
    if way[-1] != "find" or isinstance(write, str):
        document.put(way, write)
        return
    table = document.get(way[:-1])
    document.put(way[:-1], {**{name: value for name, value in table.items() if name != "find"}, **write})
