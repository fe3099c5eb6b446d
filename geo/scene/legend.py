"""What the legend, the caption and the interface say: only of what is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo.model import Grade
from geo.scene.events import grade_text
from geo.scene.styles import STYLES, style_of
from geo.scene.timebar import minute

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.model import Case
    from geo.route import Route, RouteStretch
    from geo.scene.styles import Style
    from geo.scene.words import Said, Words

Json = dict[str, Any]

_ORDER: Final[tuple[Style, ...]] = ("received", "silent", "rejected", "partial", "inferred")
#: The interface, by the keys that the viewer knows; assets/viewer/types.js lists them too.
_INTERFACE: Final = {
    "map": "Map",
    "timeline": "Timeline",
    "time": "Time",
    "play": "Play",
    "pause": "Pause",
    "previous": "Previous event",
    "next": "Next event",
    "zoom_in": "Zoom in",
    "zoom_out": "Zoom out",
    "reset": "Show the whole route",
    "show_table": "Show as table",
    "hide_table": "Hide table",
    "sources": "Sources",
    "corrections": "Corrections",
    "utc": "UTC",
    "close": "Close",
    "leak": "Leak, not authenticated",
}


def legend(case: Case, route: Route, drawn: Mapping[str, Any], words: Words) -> Json:
    """An entry for each style on the map or the bar, for the reach, each ring, and each grade that an event has.

    ``drawn`` is the map of the scene.
    """
    basis = words.plain(case.intended.basis)
    lines = [_entry("intended", words.say("Intended route: {basis}", basis=basis) if basis else None, words)]
    for style in _ORDER:
        of_style = [stretch for stretch in route.stretches if style_of(stretch) == style]
        if of_style:
            lines.append(_entry(style, _said_of(style, of_style, words), words))
    _with_reach(lines, words, reaches=bool(drawn["reaches"]))
    lines += [
        {"style": "ring", "text": ring["text"], "short": ring["short"]} for ring in drawn["rings"] if ring["main"]
    ]
    used = {event.grade for event in case.events if event.main}
    return {
        "title": words.say("Lines"),
        "note": words.say("same patterns on the time bar"),
        "full": words.say("Full key: lines, markers, patterns"),
        "lines": lines,
        "grades": [{"grade": grade.value, "text": grade_text(grade, words)} for grade in Grade if grade in used],
    }


def _with_reach(lines: list[Json], words: Words, *, reaches: bool) -> None:
    """Say what the hatch over an area means: beside the hatched line if there is one, else in an entry of its own."""
    if not reaches:
        return
    for line in lines:
        if line["style"] == "silent":
            line["text"] = words.say("No position; hatched: within reach")
            return
    lines.append(
        {"style": "reach", "text": words.say("Hatched: area within reach"), "short": words.say("within reach")}
    )


def _entry(style: Style, text: str | None, words: Words) -> Json:
    said = STYLES[style]
    return {"style": style, "text": text or words.say(said.legend), "short": words.say(said.short)}


def _said_of(style: Style, drawn: Sequence[RouteStretch], words: Words) -> str | None:
    """For a line with a band: how it was got, and the rule of its band, as the case states them or it was computed."""
    if style not in ("received", "inferred"):
        return None
    note = words.say(STYLES[style].legend)
    if style == "inferred":
        note = next((words.plain(stretch.note) for stretch in drawn if stretch.note), "") or note
    banded = next((stretch for stretch in drawn if stretch.band_share is not None), None)
    if banded is not None and banded.band_share is not None:
        rule = words.say("assumed band: {share} of distance to known end", share=words.percent(banded.band_share))
        return f"{note}; {rule}"
    tolerant = [stretch.within_km for stretch in drawn if stretch.within_km is not None]
    if tolerant:
        return f"{note}; {words.say('band: within {distance}', distance=words.distance(max(tolerant)))}"
    if any(stretch.reconstruction is not None for stretch in drawn):
        return f"{note}; {words.say('band: holds in 19 of 20 cases')}"
    return note


def footer(case: Case, route: Route, words: Words) -> list[Said]:
    """The caption in two parts: what “received” means and what is not depicted; the sources of all that is drawn."""
    left = []
    if case.received_by:
        left.append(words.say("“Received” means by {receiver}.", receiver=words.plain(case.received_by)))
    if case.recorded:
        left.append(
            words.say("Two positions more than {seconds} s apart leave a gap.", seconds=words.number(route.gap_s))
        )
    if case.not_depicted:
        left.append(words.say("Not depicted: {things}.", things=words.plain(case.not_depicted).rstrip(".")))
    if case.remarks:
        left.append(words.plain(case.remarks))
    right = []
    if case.credit:
        right.append(words.say("Sources: {credit}.", credit=words.plain(case.credit).rstrip(".")))
    tracks = [words.plain(track.credit) for track in case.tracks if track.credit]
    if tracks:
        right.append(words.say("Track: {credit}.", credit="; ".join(tracks).rstrip(".")))
    right.append(words.say("Basemap: Natural Earth (public domain)."))
    if case.updated:
        right.append(words.say("Last change: {day}.", day=words.day(case.updated)))
    return [" ".join(left), " ".join(right)]


def interface(words: Words) -> dict[str, str]:
    """The words of the interface."""
    return {key: words.say(text) for key, text in _INTERFACE.items()}


def describe(case: Case, route: Route, states: Sequence[Json], words: Words) -> str:
    """One paragraph for those who do not see the map: from where to where, and what was received when."""
    first, last = route.intended_places[0], route.intended_places[-1]
    parts = [
        words.say(
            "Map and timeline of flight {flight}: the intended route from {origin} to {destination}, "
            "and what is known of the actual one.",
            flight=case.flight.number or case.flight.callsign,
            origin=words.plain(first.name),
            destination=words.plain(last.name),
        )
    ]
    if len(states) <= 12:  # noqa: PLR2004  more would not be listened to
        parts += [
            f"{words.clock(minute(s['from']))}–{words.clock(minute(s['to']))} UTC: {s['spoken']}." for s in states
        ]
    return " ".join(parts)
