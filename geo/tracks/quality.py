"""Which positions are believed: a chain of named rules, each with its threshold and where that comes from.

Order of the rules: ``RULES``. A fix has one reason, the first that is found. Values are looked at even where the
position is rejected already, for they stay usable there. Judging what was judged changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping  # noqa: TC003  the types of fields, which tools read at run time
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from geo.model import ACCEPTED, NO_POSITION, Track
from geo.tracks import positions, values
from geo.tracks.finding import Finding, Mask, Reasons  # noqa: TC001  the same
from geo.tracks.rows import CODE, Rejection


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: the reason it gives, its threshold and the source of that in words, and how it looks."""

    reason: str
    threshold: str
    source: str
    find: Callable[[Track, Reasons], Finding]


def judge(track: Track, given: Mapping[int, tuple[str, str]] | None = None) -> tuple[Track, tuple[Rejection, ...]]:
    """The track with a reason for each fix, and the rejections in the order of its rows.

    A position that is rejected stays in the track, unless it is no number. A value other than a position that
    cannot be goes, and is in the sentence of the rejection; its fix is rejected as a whole, since a message that
    carries one wrong value is no witness for the others.

    Args:
        track: in order of time; reasons that it has already stand.
        given: by index, reason and sentence that the file or the order of its rows gave; these stand.
    """
    nowhere = np.isnan(track.lat_deg) | np.isnan(track.lon_deg)
    reason = np.where(nowhere & track.accepted, NO_POSITION, track.reason).astype(np.uint8)
    said: dict[int, tuple[str, str]] = dict(given or {})
    for index, (word, _) in said.items():
        reason[index] = CODE[word]
    for rule in RULES:
        finding = rule.find(track, reason)
        objected = np.flatnonzero(finding.fixes)
        if len(objected) == 0:
            continue
        for index, why in zip(objected.tolist(), finding.why(objected), strict=True):
            if reason[index] in (ACCEPTED, NO_POSITION):
                reason[index] = CODE[rule.reason]
                said[index] = (rule.reason, why)
            elif index in said:
                word, first = said[index]
                said[index] = (word, f"{first}; {why}")
        track = _blanked(track, finding.blank)
    track = _blanked(track, {name: np.isinf(getattr(track, name)) for name in values.RANGES})
    rejections = sorted(Rejection(int(track.row[index]), *words) for index, words in said.items())
    return replace(track, reason=reason), tuple(rejections)


def _blanked(track: Track, blank: Mapping[str, Mask]) -> Track:
    """The track without these values. Columns that stay are shared, not copied."""
    columns: dict[str, Any] = {
        name: np.where(mask, np.nan, getattr(track, name)) for name, mask in blank.items() if bool(mask.any())
    }
    return replace(track, **columns) if columns else track


RULES: Final = (
    Rule(
        reason="out of range",
        threshold=values.ALLOWED,
        source="what the messages can encode (ICAO Annex 10, Volume IV), or aircraft can do, with room",
        find=values.out_of_range,
    ),
    Rule(
        reason="zero position",
        threshold="exactly 0, 0",
        source="what receivers write for no position",
        find=positions.zero,
    ),
    Rule(
        reason="duplicate",
        threshold="same time and position",
        source="one message can reach several receivers",
        find=positions.duplicate,
    ),
    Rule(
        reason="stale position",
        threshold=f"the same position after {positions.MOVED_M:.0f} m by ground speed, in {positions.AGAIN_S:.0f} s",
        source="positions in ADS-B messages (CPR) are finer than 6 m",
        find=positions.stale,
    ),
    Rule(
        reason="implausible altitude",
        threshold=f"{values.STEEPEST_FT_S * 60:,.0f} ft/min and {values.SCATTER_FT:,.0f} ft",
        source="airliners in a dive out of control lost some 30,000 ft/min",
        find=values.altitude,
    ),
    Rule(
        reason="implausible speed",
        threshold=f"{positions.FASTEST_KT:.0f} kt and {values.STAMP_S:.0f} s",
        source="with a jet stream behind them airliners have reached about 700 kt",
        find=positions.speed,
    ),
)
