"""Where something happened, as far as anyone says: a field for each of the ways that the case format knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.casefile.positions import write_position
from geo.dashboard.cases import plain
from geo.dashboard.edit.finding import finder
from geo.dashboard.edit.picking import pick
from geo.dashboard.fields import bind, index_of, key_of, line, told, unless_late

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.casefile.editing import Document, Place
    from geo.dashboard.desk import Desk

_KINDS: Final = ("none", "place", "track", "ring", "offset", "direction")
#: The key that holds the place from which a kind measures.
_CENTRE: Final = {"ring": "ring", "offset": "from", "direction": "from"}
_NUMBERS: Final = {"ring": ("km",), "offset": ("km", "bearing"), "direction": ("bearing", "half_angle")}


def kind_of(value: object) -> str:
    """Which way of saying where a value is, also while it is incomplete."""
    if value is None:
        return "none"
    if value == "track":
        return "track"
    if isinstance(value, dict):
        if "ring" in value:
            return "ring"
        if "from" in value:
            return "offset" if "km" in value else "direction"
    return "place"


def centre_of(value: Any) -> Any:  # noqa: ANN401  a TOML value
    """The place that a value names: that of a point, or that from which it measures."""
    if isinstance(value, dict):
        for key in ("ring", "from", "place"):
            if key in value:
                return value[key]
        return {key: value[key] for key in ("lat", "lon") if key in value} or None
    return None if value == "track" else value


def as_kind(value: Any, kind: str) -> Any:  # noqa: ANN401  TOML values
    """A value said in another way; the place and the numbers that both have stay, what is not known yet stays empty."""
    if kind == "none":
        return None
    if kind == "track":
        return "track"
    centre = centre_of(value)
    old = value if isinstance(value, dict) else {}
    within = {"within_km": old["within_km"]} if "within_km" in old else {}
    if kind == "place":
        if not within:
            return "" if centre is None else centre
        return {**centre, **within} if isinstance(centre, dict) else {"place": centre or "", **within}
    return {
        _CENTRE[kind]: "" if centre is None else centre,
        **{key: old.get(key, "") for key in _NUMBERS[kind]},
        **within,
    }


def with_centre(value: Any, centre: Any) -> Any:  # noqa: ANN401  TOML values
    """A value with another place; how far off it may be and what is measured from it stay."""
    kind = kind_of(value)
    if kind in _CENTRE:
        return {**value, _CENTRE[kind]: centre}
    within = {"within_km": value["within_km"]} if isinstance(value, dict) and "within_km" in value else {}
    if not within:
        return centre
    return {**centre, **within} if isinstance(centre, dict) else {"place": centre, **within}


def number(text: str) -> Any:  # noqa: ANN401  a TOML value
    """The number that was typed; the text itself where it is none, so that it stays to be mended."""
    said = text.strip().replace("\u2212", "-").replace(",", ".")
    try:
        value = float(said)
    except ValueError:
        return text or None
    if not abs(value) < 1e9:  # noqa: PLR2004  no number of a case is larger; also refuses nan
        return text
    return int(value) if value.is_integer() and "." not in said and "e" not in said.lower() else value


def shown_number(value: object) -> str:
    """A number as it is typed."""
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def place_name(desk: Desk, centre: Any) -> str:  # noqa: ANN401  a TOML value
    """What a place is called: its name in the case, else what is written."""
    if isinstance(centre, dict):
        if "lat" in centre and "lon" in centre:
            lat, lon = centre["lat"], centre["lon"]
            return (
                write_position(lat, lon)
                if all(isinstance(each, int | float) for each in (lat, lon))
                else f"{lat}, {lon}"
            )
        return str(centre.get("find", ""))
    named = desk.get(("places", centre, "name")) if isinstance(centre, str) and centre else None
    if isinstance(named, dict):
        said = named.get(desk.language) or named.get("en") or next(iter(named.values()), "")
        return str(said or centre)
    return str(named or centre or "")


def where_said(desk: Desk, value: Any) -> str:  # noqa: ANN401  a TOML value
    """A place in a few words, for a table."""
    words, kind = desk.words, kind_of(value)
    if kind == "none":
        return words.say("not mapped")
    if kind == "track":
        return words.say("on the track")
    name = place_name(desk, centre_of(value))
    if kind == "place":
        within = value.get("within_km") if isinstance(value, dict) else None
        return f"{name}, ±{shown_number(within)} km" if within is not None else name
    if kind == "ring":
        return words.say("{km} km ring, {place}", km=shown_number(value.get("km", "")), place=name)
    if kind == "offset":
        return words.say(
            "{km} km towards {bearing}°, {place}",
            km=shown_number(value.get("km", "")),
            bearing=shown_number(value.get("bearing", "")),
            place=name,
        )
    return words.say("towards {bearing}°, {place}", bearing=shown_number(value.get("bearing", "")), place=name)


def where(desk: Desk, place: Place) -> None:
    """Draw the fields for where something happened."""
    words, value = desk.words, desk.get(place)
    kind, key = kind_of(value), key_of(desk, place, "where")
    label = words.say("Where")
    names = {
        "none": words.say("Not said"),
        "place": words.say("At a place or position"),
        "track": words.say("Where the aircraft is then"),
        "ring": words.say("At a distance, direction not stated"),
        "offset": words.say("At a distance, in a direction"),
        "direction": words.say("In a direction, distance not stated"),
    }
    bind(key, kind)

    def changed() -> None:
        wanted = str(st.session_state[key])
        desk.change(label, lambda document: document.put(place, as_kind(document.get(place), wanted)))

    first, second = st.columns([1, 1], vertical_alignment="bottom")
    with first:
        st.selectbox(
            label,
            _KINDS,
            index_of(_KINDS, kind),
            key=key,
            format_func=names.__getitem__,
            on_change=changed,
            filter_mode=None,
        )
    if kind in ("none", "track"):
        told(desk, place)
        return
    with second:
        _place(desk, place, value)
    _other(desk, place, value)
    numbers = (*_NUMBERS.get(kind, ()), "within_km")
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"numbers-{key}"):
        for name in numbers:
            with st.container(width=148):
                _number(desk, place, name)
        target = place if kind in ("place", "ring") else (*place, "from")
        pick(desk, words.say("Point on the map"), target, "ring" if kind == "ring" else "point")
    own = [problem for problem in desk.problems(place) if problem.place == place or problem.place[-1] not in numbers]
    for count, problem in enumerate(own):
        with st.container(key=f"problem-{count}-{key}"):
            st.markdown(plain(problem.message))


def _choices(desk: Desk) -> dict[str, str]:
    """The places of the case by key, and those that its route names, with what each is called."""
    keys = [str(key) for key in desk.get(("places",), {})]
    keys += [point for point in desk.get(("intended", "route"), []) if isinstance(point, str) and point not in keys]
    return {key: place_name(desk, key) for key in keys}


def _place(desk: Desk, place: Place, value: Any) -> None:  # noqa: ANN401  a TOML value
    words, key = desk.words, key_of(desk, place, "place-of")
    centre, choices = centre_of(value), _choices(desk)
    label = words.say("Place")
    held = centre if isinstance(centre, str) and centre in choices else ""
    bind(key, held)

    def changed() -> None:
        wanted = str(st.session_state[key])
        desk.change(label, lambda document: document.put(place, with_centre(document.get(place), wanted)))

    st.selectbox(
        label,
        ["", *choices],
        index_of(["", *choices], held),
        key=key,
        format_func=lambda each: choices.get(each, words.say("Another place or position …")),
        on_change=unless_late(key, changed),
    )


def _other(desk: Desk, place: Place, value: Any) -> None:  # noqa: ANN401  a TOML value
    """The finder, for a place that is none of the case."""
    words, centre = desk.words, centre_of(value)
    if isinstance(centre, str) and centre in _choices(desk):
        return
    label = words.say("Find a place, any spelling")

    def put(said: Any) -> None:  # noqa: ANN401  a TOML value
        desk.change(label, lambda document: _put_centre(document, place, said))

    finder(
        key_of(desk, place, "finder"),
        label,
        words,
        near=_near(desk),
        value=place_name(desk, centre),
        choose=lambda found: put(found["write"]),
        typed=put,
        placeholder=words.say("A name, a code, or 43.388, 45.699"),
    )


def _put_centre(document: Document, place: Place, centre: Any) -> None:  # noqa: ANN401  a TOML value
    document.put(place, with_centre(document.get(place), centre))


def _near(desk: Desk) -> list[tuple[float, float]]:
    """The places of the flight, by which candidates are told apart."""
    case = desk.salvaged.case
    return [] if case is None else [(spot.lat, spot.lon) for spot in case.intended.route]


def _number(desk: Desk, place: Place, name: str) -> None:
    words = desk.words
    labels: Mapping[str, str] = {
        "km": words.say("Distance, km"),
        "bearing": words.say("Direction, degrees from north"),
        "half_angle": words.say("± degrees"),
        "within_km": words.say("How far off, km"),
    }

    def write(document: Document, text: str) -> None:
        value = document.get(place)
        if name == "within_km" and not isinstance(value, dict):
            document.put(place, {"place": value, name: number(text)} if text else value)
        elif name == "within_km" and not text and set(value) == {"place", name}:
            document.put(place, value["place"])
        else:
            # A number that is needed stays empty, so that it is asked for.
            document.put((*place, name), number(text) if text or name == "within_km" else "")

    line(desk, labels[name], (*place, name), shown=shown_number, write=write)
