"""Other aircraft than that of the flight: their received lines, names, and what the legend and the caption say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.geodesy import unwrap
from geo.route import Line
from geo.scene import thinning
from geo.scene.places import beside
from geo.scene.resting import of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geo.model import Case, Other, Track
    from geo.route import Route
    from geo.scene.words import Said, Words

Json = dict[str, Any]

#: So near to the received positions the lines lie: of an aircraft of the story, and of one for context.
_WITHIN_M: Final = {"other": thinning.WITHIN_M, "traffic": 100.0}


def draw(case: Case, route: Route, words: Words, frame: float) -> Json:
    """The ``others`` of the map; nothing where a case has none. Of their tracks the time of the flight is drawn."""
    listed = []
    # A case that was not read from a folder has none of their tracks.
    for other, heard in zip(case.others, case.others_recorded, strict=False):
        style = "traffic" if other.context else "other"
        for name, tracks in _by_name(other, heard.tracks, words):
            lines = [line for track in tracks for line in _received(track, route)]
            if lines:
                paths = [
                    thinning.columns(line, beside(float(line.lon[0]), frame) - float(line.lon[0]), _WITHIN_M[style])
                    for line in lines
                ]
                fixes = sum(map(len, lines))
                listed.append(
                    {
                        "name": name,
                        "style": style,
                        "sources": list(of(case, *other.sources)),
                        "fixes": fixes,
                        "within_m": _WITHIN_M[style],
                        "paths": paths,
                    }
                )
    return {"others": {"text": words.say("Other aircraft"), "aircraft": listed}} if listed else {}


def _by_name(other: Other, tracks: tuple[Track, ...], words: Words) -> Iterator[tuple[Said, list[Track]]]:
    """The aircraft that are meant, and the tracks of each: the named one, or all of a file by who they say they are."""
    if not other.each:
        yield words.of(other.name) or "", list(tracks)
        return
    known: dict[tuple[str | None, str | None], list[Track]] = {}
    for track in tracks:
        known.setdefault((track.icao24, track.callsign), []).append(track)
    for (address, callsign), own in known.items():
        yield callsign or (address or "").upper() or words.say("no callsign"), own


def _received(track: Track, route: Route) -> Iterator[Line]:
    """The received lines of a track during the flight: none over a gap, none for a position alone."""
    during = (track.time_s >= route.start_s) & (track.time_s <= route.end_s)
    held = np.flatnonzero(track.accepted & ~np.isnan(track.lat_deg) & during)
    for part in np.split(held, np.flatnonzero(np.diff(track.time_s[held]) > route.gap_s) + 1):
        if len(part) > 1:
            yield Line(track.lat_deg[part], unwrap(track.lon_deg[part]), track.time_s[part])


def _styles(drawn: Mapping[str, Any]) -> dict[str, list[Json]]:
    """The aircraft of the map by their style, those of the story first."""
    listed = drawn["others"]["aircraft"] if "others" in drawn else []
    by_style = {style: [one for one in listed if one["style"] == style] for style in _WITHIN_M}
    return {style: ones for style, ones in by_style.items() if ones}


def legend(drawn: Mapping[str, Any], words: Words) -> list[Json]:
    """The entries of the legend."""
    said = {"other": words.say("Other aircraft, received"), "traffic": words.say("Other traffic, received")}
    return [{"style": style, "text": said[style], "short": said[style]} for style in _styles(drawn)]


def said(drawn: Mapping[str, Any], words: Words) -> str:
    """What the caption says of their lines; empty where there are none."""
    styles = _styles(drawn)
    if not styles:
        return ""
    return words.say(
        "Lines of other aircraft: within {distance} of their {count} received positions.",
        distance=thinning.length(max(_WITHIN_M[style] for style in styles), words),
        count=words.number(sum(one["fixes"] for ones in styles.values() for one in ones)),
    )
