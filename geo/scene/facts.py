"""What can be known of a flight, in words: a table with what each fact says and what it rests on."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from geo.basemap.disputes import disputed_areas
from geo.model import Text
from geo.route.facts import facts
from geo.scene.timebar import at
from geo.scene.words import unended

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geo.model import Case
    from geo.route import Route
    from geo.route.facts import Fact, Value
    from geo.scene.words import Said, Words

Json = dict[str, Any]

_WHAT: Final = {
    "state.received": "Position received",
    "state.rejected": "Position false",
    "state.partial": "Altitude and heading only",
    "state.silent": "No position received",
    "state.overridden": "Stated against a track",
    "state.unused": "Stated, not drawn",
    "known": "Known place",
    "reach": "Area within reach",
    "reach.impossible": "Area within reach",
    "disagreement": "Two tracks disagree",
    "against.largest": "Farthest from the intended route",
    "against.left": "Left the corridor",
    "against.returned": "Came back into the corridor",
    "against.detour": "Way flown",
    "against.departed": "Departure against schedule",
    "against.arrived": "Arrival against schedule",
    "against.not_arrived": "Did not reach the intended destination",
    "country": "Whose sky",
    "area": "Whose sky, in detail",
    "swings": "Swings of the altitude",
}
_RECONSTRUCTED: Final = {
    "reconstruction.heading_and_airspeed": "Path from heading and airspeed",
    "reconstruction.track_and_ground_speed": "Path from track and ground speed",
    "reconstruction.smooth_path": "Path between the known ends",
    "reconstruction.shortest_path": "Path between the known ends",
    "reconstruction.case": "Path stated by the case",
    "schematic.case": "Path placed by hand",
}
_PHASES: Final = {
    "ground": "On the ground",
    "climb": "Climb",
    "cruise": "Cruise",
    "level": "Level flight",
    "descent": "Descent",
    "approach": "Approach",
    "go-around": "Go-around",
    "holding": "Holding",
    "landing": "Landing",
}
_RESTS: Final = {
    "measured": "received positions",
    "schematic": "a line placed by hand",
    "reconstructed": "a reconstructed path",
    "bridged": "known ends, nothing between",
    "none": "no line",
    "reach": "area within reach",
    "nothing": "nothing",
    "known": "places that the case establishes",
    "case": "the case",
    "no track": "no track",
    "states of today": "the states of today",
    "limit:type": "speed limit of the aircraft type",
    "limit:flight": "speed of this flight with a margin",
    "limit:case": "speed limit that the case states",
    "limit:envelope": "speed limit of any subsonic airliner",
    "altitude": "altitude",
    "position": "received positions",
    "ground speed": "ground speed",
    "on ground": "the aircraft's own word",
    "landing": "a landing in the track",
    "aerodrome": "elevation of an aerodrome",
}
_KINDS: Final = {"territorial sea": "territorial sea, 12 NM from the coast", "beyond": "beyond 12 NM from any coast"}


def table(case: Case, route: Route, words: Words) -> Json:
    """The facts but for what was received when, which has a table of its own, and for undisputed details of the sky."""
    told = [fact for fact in facts(route) if _in_table(fact)]
    return {
        "caption": words.say("What can be known"),
        "columns": [words.say(column) for column in ("What", "When (UTC)", "Finding", "Rests on")],
        "rows": [row(fact, case, words) for fact in told],
    }


#: Every message that a fact may be told with besides those given to ``say`` as they stand.
SAID: Final = frozenset(text for table in (_WHAT, _RECONSTRUCTED, _PHASES, _RESTS, _KINDS) for text in table.values())
_SAID_HERE: Final = ("state.overridden", "state.unused")


def _in_table(fact: Fact) -> bool:
    if fact.key.startswith("state."):
        return fact.key in _SAID_HERE
    return fact.key != "area" or bool(fact.values.get("disputed"))


def row(fact: Fact, case: Case, words: Words) -> list[Said]:
    """What, when, finding, and what it rests on, in words."""
    said = _known(fact.values, case, words) if fact.key == "known" else _finding(fact, words)
    return [_what(fact, words), _when(fact, words), said, _rests_on(fact.rests_on, words)]


def _what(fact: Fact, words: Words) -> str:
    if fact.key.startswith("phase."):
        return words.say(_PHASES[fact.key.removeprefix("phase.")])
    return words.say(_WHAT.get(fact.key) or _RECONSTRUCTED[fact.key])


def _when(fact: Fact, words: Words) -> str:
    if fact.key in ("country", "area"):
        return _span(fact.values, words)
    if fact.start_s is None:
        return ""
    start = words.clock(at(fact.start_s), seconds=True)
    if fact.end_s is None or round(fact.end_s) == round(fact.start_s):
        return start
    end = words.clock(at(fact.end_s), seconds=True)
    return words.say("between {early} and {late}", early=start, late=end) if "against" in fact.key else f"{start}–{end}"


def _clock(value: str, words: Words) -> str:
    return words.clock(datetime.fromisoformat(value))


def _span(values: Mapping[str, Value], words: Words) -> str:
    """From when to when a country was overflown; a crossing that is not an instant as the times it lies between."""
    ends = []
    for end in ("enter", "leave"):
        early, late = (_clock(str(values[f"{end}_{which}"]), words) for which in ("earliest", "latest"))
        ends.append(early if early == late else words.say("{early} to {late}", early=early, late=late))
    if any(" " in end for end in ends):
        return words.say("in {enter}; out {leave}", enter=ends[0], leave=ends[1])
    return "–".join(ends)


def _rests_on(rests_on: Sequence[str], words: Words) -> str:
    said = []
    for one in rests_on:
        kind, _, number = one.partition(" ")
        if kind == "source":
            said.append(f"[{number}]")
        else:
            said.append(words.say("track {number}", number=number) if kind == "track" else words.say(_RESTS[one]))
    return words.semicolon.join(dict.fromkeys(said)).replace(f"]{words.semicolon}[", "] [")


def _finding(fact: Fact, words: Words) -> Said:
    key = fact.key
    if key.startswith("phase."):
        return ""
    if key.startswith(("reconstruction.", "schematic.")):
        return _reconstruction(fact.values, words)
    return _FINDINGS[key](fact.values, words)


def _number(value: Value) -> float:
    assert isinstance(value, int | float)  # noqa: S101  the facts say which values are numbers
    return float(value)


def _km(value: Value, words: Words) -> str:
    km = _number(value)
    return words.distance(round(km) if abs(km) >= 10 else km)  # noqa: PLR2004  as words.distance rounds


def _state(values: Mapping[str, Value], words: Words) -> str:
    minutes = words.number(_number(values["minutes"]), 1)
    return words.say("{minutes} min, {share}", minutes=minutes, share=words.percent(_number(values["share"])))


def _known(values: Mapping[str, Value], case: Case, words: Words) -> Said:
    """Why a place is established, and how near it the aircraft was."""
    basis = unended(words.of(case.known[int(_number(values["place"])) - 1].basis))
    place = f"{_number(values['lat']):.3f}, {_number(values['lon']):.3f}"
    return words.joined(basis, f" ({place} ± {_km(values['within_km'], words)})")


def _reason(values: Mapping[str, Value], words: Words) -> Said:
    reasons = {key.removeprefix("reason."): str(text) for key, text in values.items()}
    return words.of(Text(reasons)) or ""


def _reach(values: Mapping[str, Value], words: Words) -> str:
    said = []
    if "area_km2" in values and values["area_km2"] is not None:
        said.append(words.area(_number(values["area_km2"])))
    if values.get("farthest_km") is not None:
        clock = _clock(str(values["farthest_at"]), words)
        far = words.distance(_rounded_up(_number(values["farthest_km"])))
        said.append(words.say("at most {distance} from the destination, {time} UTC", distance=far, time=clock))
    airspeed, wind = (words.speed(_number(values[name])) for name in ("airspeed_kt", "wind_kt"))
    said.append(words.say("{airspeed} of airspeed and {wind} of wind at most", airspeed=airspeed, wind=wind))
    return words.semicolon.join(said)


def _rounded_up(km: float) -> float:
    return float(-(-km // 10) * 10)


def _reconstruction(values: Mapping[str, Value], words: Words) -> str:
    said = [words.say("doubt up to {distance}", distance=_km(values["widest_km"], words))]
    if values.get("added_kt") is not None:
        speed, direction = words.speed(_number(values["added_kt"])), words.number(_number(values["added_from_deg"]))
        said.append(words.say("closed by {speed} from {direction}°", speed=speed, direction=direction))
    if values.get("open_km") is not None:
        said.append(words.say("before that {distance} open", distance=_km(values["open_km"], words)))
    return words.semicolon.join(said)


def _disagreement(values: Mapping[str, Value], words: Words) -> str:
    return words.say("up to {distance} apart", distance=_km(values["most_km"], words))


def _largest(values: Mapping[str, Value], words: Words) -> str:
    said = words.say(
        "{distance} to the right" if _number(values["beside_km"]) > 0 else "{distance} to the left",
        distance=_km(abs(_number(values["beside_km"])), words),
    )
    place = f"{_number(values['lat']):.3f}, {_number(values['lon']):.3f}"
    counted = words.percent(_number(values["counted_share"]))
    return f"{said} ({place}){words.semicolon}" + words.say("told from {share} of the time", share=counted)


def _corridor(values: Mapping[str, Value], words: Words) -> str:
    return words.say("{distance} to each side", distance=_km(values["corridor_km"], words))


def _detour(values: Mapping[str, Value], words: Words) -> str:
    said = [
        words.say(
            "{flown} for {intended} intended, {share} more",
            flown=_km(values["flown_km"], words),
            intended=_km(values["intended_km"], words),
            share=words.percent(_number(values["longer_share"])),
        )
    ]
    if _number(values["bridged_km"]) >= 1:
        said.append(words.say("at least: {distance} of it straight", distance=_km(values["bridged_km"], words)))
    return words.semicolon.join(said)


def _late(values: Mapping[str, Value], words: Words) -> str:
    minutes = _number(values["late_minutes"])
    late = words.number(abs(minutes))
    return words.say("{minutes} min late" if minutes >= 0 else "{minutes} min early", minutes=late)


def _not_arrived(values: Mapping[str, Value], words: Words) -> str:
    if "least_km" not in values:
        return ""
    low, high = _number(values["least_km"]), _number(values["greatest_km"])
    far = _km(high, words) if high - low < 1 else words.between(round(low), round(high))
    return words.say("ended {distance} from it", distance=far)


def _country(values: Mapping[str, Value], words: Words) -> str:
    code, kind = str(values["code"]), str(values["kind"])
    name = words.locale.territories.get(code, code) if code else ""
    parts = [name] if name else []
    if kind in _KINDS:
        parts.append(words.say(_KINDS[kind]))
    said = words.comma.join(parts)
    if values.get("disputed"):
        named = [_disputed(key, words) for key in str(values["disputed"]).split(", ")]
        said += words.semicolon + words.say("disputed: {area}", area=words.listed(named))
    return said if values["certain"] else words.say("perhaps {country}", country=said)


def _disputed(key: str, words: Words) -> str:
    return disputed_areas()[key].name(words.language)


def _swings(values: Mapping[str, Value], words: Words) -> str:
    said = words.say(
        "{count} swings; period {period} s ({least}–{greatest}); {amplitude} up and down, at most {most}",
        count=words.number(_number(values["count"]), 1),
        period=words.number(_number(values["period_s"])),
        least=words.number(_number(values["period_least_s"])),
        greatest=words.number(_number(values["period_greatest_s"])),
        amplitude=words.altitude(round(_number(values["amplitude_ft"]), -1)),
        most=words.altitude(round(_number(values["amplitude_greatest_ft"]), -1)),
    )
    if values.get("natural_s") is None:
        return said
    natural = words.number(_number(values["natural_s"]))
    return said + words.semicolon + words.say("a phugoid at that speed: {period} s", period=natural)


def _impossible(values: Mapping[str, Value], words: Words) -> str:
    far = _km(values["lacking_km"], words)
    return words.say("The known ends are {distance} farther apart than can be flown.", distance=far)


def _unused(values: Mapping[str, Value], words: Words) -> str:
    number = words.number(_number(values["stretch"]))
    return words.say("Stretch {number} of the case: a track received something then.", number=number)


_FINDINGS: Final[dict[str, Callable[[Mapping[str, Value], Words], Said]]] = {
    **{f"state.{evidence}": _state for evidence in ("received", "rejected", "partial", "silent")},
    "state.overridden": _reason,
    "state.unused": _unused,
    "reach": _reach,
    "reach.impossible": _impossible,
    "disagreement": _disagreement,
    "against.largest": _largest,
    "against.left": _corridor,
    "against.returned": _corridor,
    "against.detour": _detour,
    "against.departed": _late,
    "against.arrived": _late,
    "against.not_arrived": _not_arrived,
    "country": _country,
    "area": _country,
    "swings": _swings,
}
