"""What the legend, the caption and the interface say: only of what is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo.model import Grade
from geo.scene import others, runways, thinning, tiles
from geo.scene.events import grade_text
from geo.scene.styles import STYLES, style_of
from geo.scene.timebar import minute
from geo.scene.words import unended

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
    "speed": "Speed, times real time",
    "skip": "Skip times without a position",
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
    "filter": "Filter",
    "grade": "Grade",
    "kind": "Kind",
    "mapped": "On the map",
    "unmapped": "Not mapped",
    "accounts": "Only with several accounts",
    "showing": "Showing {shown} of {all}",
    "show_all": "Reset",
    "copy": "Copy citation",
    "copied": "Copied",
    "copy_by_hand": "Copy this text:",
    "places": "Places",
    "reach": "Area within reach",
}


def legend(case: Case, route: Route, drawn: Mapping[str, Any], words: Words) -> Json:
    """An entry for each style on the map or the bar, for the reach, each ring, and each grade that an event has.

    ``drawn`` is the map of the scene.
    """
    basis = words.of(case.intended.basis)
    lines = [_entry("intended", words.put(words.say("Intended route: {basis}"), basis=basis) if basis else None, words)]
    for style in _ORDER:
        of_style = [stretch for stretch in route.stretches if style_of(stretch) == style]
        if of_style:
            lines.append(_entry(style, _said_of(style, of_style, words), words))
    _with_reach(lines, words, reaches=bool(drawn["reaches"]))
    lines += others.legend(drawn, words)
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


def _entry(style: Style, text: Said | None, words: Words) -> Json:
    said = STYLES[style]
    return {"style": style, "text": text or words.say(said.legend), "short": words.say(said.short)}


def _said_of(style: Style, drawn: Sequence[RouteStretch], words: Words) -> Said | None:
    """For a line with a band: how it was got, and the rule of its band, as the case states them or it was computed."""
    if style not in ("received", "inferred"):
        return None
    note: Said = words.say(STYLES[style].legend)
    if style == "inferred":
        note = next((said for stretch in drawn if (said := words.of(stretch.note))), note)
    banded = next((stretch for stretch in drawn if stretch.band_share is not None), None)
    if banded is not None and banded.band_share is not None:
        rule = words.say("assumed band: {share} of distance to known end", share=words.percent(banded.band_share))
        return words.joined(note, words.semicolon, rule)
    tolerant = [stretch.within_km for stretch in drawn if stretch.within_km is not None]
    if tolerant:
        rule = words.say("band: within {distance}", distance=words.distance(max(tolerant)))
        return words.joined(note, words.semicolon, rule)
    if any(stretch.reconstruction is not None for stretch in drawn):
        return words.joined(note, words.semicolon, words.say("band: holds in 19 of 20 cases"))
    return note


def footer(case: Case, route: Route, drawn: Mapping[str, Any], words: Words, version: str) -> list[Said]:
    """The caption in two parts: what “received” means, what is not depicted; sources, last change and version."""
    left: list[Said | None] = []
    title = words.of(case.title)
    if isinstance(title, dict):
        tag = title["lang"]
        language = words.locale.languages.get(tag.replace("-", "_"), tag)
        left.append(words.say("Not translated: texts marked {tag} ({language}).", tag=tag.upper(), language=language))
    if case.received_by:
        left.append(words.put(words.say("“Received” means by {receiver}."), receiver=words.of(case.received_by)))
    if case.recorded:
        left.append(
            words.say("Two positions more than {seconds} s apart leave a gap.", seconds=words.number(route.gap_s))
        )
    left += [thinning.said(route, words), others.said(drawn, words)]
    if case.not_depicted:
        left.append(words.put(words.say("Not depicted: {things}."), things=unended(words.of(case.not_depicted))))
    left.append(words.of(case.remarks))
    right: list[Said | None] = []
    if case.credit:
        right.append(words.put(words.say("Sources: {credit}."), credit=unended(words.of(case.credit))))
    tracks = [words.of(track.credit) for track in (*case.tracks, *case.others) if track.credit]
    if tracks:
        credit = words.among([*tracks[:-1], unended(tracks[-1])], words.semicolon)
        right.append(words.put(words.say("Track: {credit}."), credit=credit))
    right.append(words.say("Basemap: Natural Earth (public domain)."))
    right.append(runways.credit(drawn["runways"], words))
    right.append(tiles.note(case, words))
    if case.updated:
        right.append(words.say("Last change: {day}.", day=words.day(case.updated)))
    right.append(words.say("Version {version}.", version=version))
    return [words.among([part for part in parts if part], " ") for parts in (left, right)]


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
