"""Which positions and values are believed: a chain of named rules, each with its threshold and where that comes from.

Positions and values are judged apart: a position that is not believed leaves the altitude, the speed and the heading
of its fix standing, and a wrong altitude leaves the position. A position has one reason, that of the first rule of
``RULES`` that objects. Judging what was judged changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from geo import envelope
from geo.model import ACCEPTED, NO_POSITION, Track
from geo.tracks.judging import flying, positions, values
from geo.tracks.rows import CODE, QUANTITIES, Rejection, Withheld

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.tracks.judging.finding import Finding, Mask, Reasons

Given = Mapping[int, tuple[str, str]]
_ALTITUDES: Final = ("altitude_ft", "geometric_altitude_ft")
#: What makes a fix more than a position; integrity and "on ground" say nothing without one.
_EVIDENCE: Final = tuple(
    name for name in QUANTITIES if name not in ("time_s", *values.POSITION, "nic", "nacp", "sil", "on_ground")
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: the reason it gives, what it judges, its threshold and the source of that in words."""

    reason: str
    judges: str
    threshold: str
    source: str


class Judged(NamedTuple):
    """A track with its reasons, and what was objected to: positions, and values of fixes that may stand otherwise."""

    track: Track
    rejections: tuple[Rejection, ...]
    withheld: tuple[Withheld, ...]


def judge(track: Track, given: Given | None = None, given_altitude: Given | None = None) -> Judged:
    """The track with a reason for each position and altitude, and the objections in the order of its rows.

    A position or altitude that is not believed stays in its column with its reason, unless it is no number. Any other
    value that cannot be goes; the sentence holds it. A fix without position of which no value is left is rejected.

    Args:
        track: in order of time; reasons that it has already stand.
        given: by index, reason and sentence that the file or the order of its rows gives against positions.
        given_altitude: the same against altitudes.
    """
    nowhere = np.isnan(track.lat_deg) | np.isnan(track.lon_deg)
    reason = np.where(nowhere & track.accepted, NO_POSITION, track.reason).astype(np.uint8)
    altitude_reason = track.altitude_reason.copy()
    said = dict(given or {})
    withheld = {(index, "altitude_ft"): words for index, words in (given_altitude or {}).items()}
    _give(reason, said)
    _give(altitude_reason, dict(given_altitude or {}))
    track = replace(track, altitude_reason=altitude_reason)
    for word, finding in _objections(track, reason):
        track = _withhold(track, word, finding, withheld)
    for word, find in _POSITION_RULES:
        finding = find(track, reason)
        objected = np.flatnonzero(finding.fixes & ((reason == ACCEPTED) | (reason == NO_POSITION)))
        if len(objected) == 0:
            continue
        reason[objected] = CODE[word]
        said |= {index: (word, why) for index, why in zip(objected.tolist(), finding.why(objected), strict=True)}
    track = _blanked(track, {name: np.isinf(getattr(track, name)) for name in values.POSITION})
    _emptied(track, reason, said, withheld)
    return Judged(
        replace(track, reason=reason),
        tuple(sorted(Rejection(int(track.row[index]), *words) for index, words in said.items())),
        tuple(sorted(Withheld(int(track.row[index]), name, *words) for (index, name), words in withheld.items())),
    )


def _give(reason: Reasons, given: Given) -> None:
    for index, (word, _) in given.items():
        reason[index] = CODE[word]


def _objections(track: Track, reason: Reasons) -> Iterator[tuple[str, Finding]]:
    """What is objected to in values; impossible ones first, since a spike of 10^9 ft would hide the others."""
    impossible = values.out_of_range(track)
    yield from (("out of range", finding) for finding in impossible)
    possible = _blanked(track, {finding.quantity: finding.fixes for finding in impossible})
    for name in _ALTITUDES:
        yield "implausible altitude", values.altitude(possible, reason, name)


def _withhold(track: Track, word: str, finding: Finding, withheld: dict[tuple[int, str], tuple[str, str]]) -> Track:
    objected = np.flatnonzero(finding.fixes)
    if len(objected) == 0:
        return track
    sentences = zip(objected.tolist(), finding.why(objected), strict=True)
    withheld |= {(index, finding.quantity): (word, why) for index, why in sentences}
    if finding.quantity != "altitude_ft":
        return _blanked(track, {finding.quantity: finding.fixes})
    altitude_reason = track.altitude_reason.copy()
    altitude_reason[objected] = CODE[word]
    return _blanked(replace(track, altitude_reason=altitude_reason), {"altitude_ft": np.isinf(track.altitude_ft)})


def _blanked(track: Track, blank: Mapping[str, Mask]) -> Track:
    """The track without these values. Columns that stay are shared, not copied."""
    columns: dict[str, Any] = {
        name: np.where(mask, np.nan, getattr(track, name)) for name, mask in blank.items() if bool(mask.any())
    }
    return replace(track, **columns) if columns else track


def _emptied(
    track: Track,
    reason: Reasons,
    said: dict[int, tuple[str, str]],
    withheld: Mapping[tuple[int, str], tuple[str, str]],
) -> None:
    """Reject the fixes without position of which nothing is left, for the reason their value went."""
    if not withheld:
        return
    held = carries(track)
    for (index, _), words in withheld.items():
        if reason[index] == NO_POSITION and not held[index]:
            reason[index] = CODE[words[0]]
            said[index] = words


def carries(track: Track) -> Mask:
    """Mask of the fixes that hold an altitude, speed, direction or vertical rate, whatever their position."""
    held: Mask = np.zeros(len(track), dtype=np.bool_)
    for name in _EVIDENCE:
        column = track.held_altitude_ft if name == "altitude_ft" else getattr(track, name)
        held |= ~np.isnan(column)
    return held


#: In the order in which they are asked.
_POSITION_RULES: Final[tuple[tuple[str, Callable[[Track, Reasons], Finding]], ...]] = (
    ("out of range", positions.impossible),
    ("zero position", positions.zero),
    ("duplicate", positions.duplicate),
    ("stale position", positions.stale),
    ("low integrity", positions.integrity),
    ("implausible speed", flying.speed),
)

RULES: Final = (
    Rule(
        reason="out of range",
        judges="every value",
        threshold=values.ALLOWED,
        source="what the messages can encode (ICAO Annex 10, Volume IV), or aircraft can do, with room",
    ),
    Rule(
        reason="time runs backwards",
        judges="rows of a file in order of time",
        threshold="not on the longest chain of times that do not go back",
        source="the order of the file; with more than a tenth out of order the file is taken as unsorted",
    ),
    Rule(
        reason="zero position",
        judges="positions",
        threshold="exactly 0, 0",
        source="what receivers write for no position",
    ),
    Rule(
        reason="duplicate",
        judges="positions",
        threshold="same time and position",
        source="one message can reach several receivers",
    ),
    Rule(
        reason="stale position",
        judges="positions",
        threshold=f"the same position after {positions.MOVED_M:.0f} m by ground speed, in {positions.AGAIN_S:.0f} s; "
        "or the file says when the position was heard",
        source="positions in ADS-B messages (CPR) are finer than 6 m",
    ),
    Rule(
        reason="low integrity",
        judges="positions",
        threshold="NIC and NACp 0, or SIL 0, where the aircraft says better at other times",
        source="RTCA DO-260B, 2.2.3.2.7",
    ),
    Rule(
        reason="implausible altitude",
        judges="altitudes",
        threshold=f"{values.STEEPEST_FT_S * 60:,.0f} ft/min and {values.SCATTER_FT:,.0f} ft",
        source="airliners in a dive out of control lost some 30,000 ft/min",
    ),
    Rule(
        reason="implausible speed",
        judges="positions",
        threshold=f"{flying.SHARE:.2f} of the reported ground speed and {flying.MARGIN_KT:.0f} kt for "
        f"{flying.KEPT_S / 60:.0f} min; else {envelope.FASTEST_CAS_KT:.0f} kt CAS or Mach {envelope.FASTEST_MACH} "
        f"and {envelope.SURFACE_WIND_KT:.0f} to {envelope.JET_WIND_KT:.0f} kt of wind; {values.STAMP_S:.0f} s",
        source="type certificates of the fastest civil aircraft in service; ICAO Doc 7488; measured jet streams",
    ),
)
