"""The rule on steps between positions: what the aircraft can have flown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.envelope import SLOWEST_FASTEST_KT, fastest_kt
from geo.geodesy import distance_m
from geo.measures import KNOT_M_S
from geo.tracks.judging.chain import best_chain
from geo.tracks.judging.finding import Finding, contradicting, placed
from geo.tracks.judging.values import STAMP_S

if TYPE_CHECKING:
    from geo.model import Track
    from geo.model.track import FloatColumn
    from geo.tracks.judging.finding import Indices, Reasons

#: For this long, s, an aircraft keeps to the ground speed it reports but for a share and some knots (turns, gusts,
#: rounding); then it may have sped up, after ``FREE_S`` to the greatest speed of all.
KEPT_S: Final = 300.0
FREE_S: Final = 1_800.0
SHARE: Final = 1.15
MARGIN_KT: Final = 40.0
#: Positions are written down up to so long after they were true, s, in files that sample once in ten seconds.
LATE_S: Final = 15.0
#: A step up to this long, s, says nothing about speed: positions scatter.
SHORT_S: Final = 30.0
#: A reported ground speed holds for fixes without one up to this age, s.
RECENT_S: Final = 60.0
#: The reported speeds are believed if they are as much as the positions show, within ``FIT``, in half of the steps
#: of ``STEP_S`` at ``MOVING_KT`` or more. Where none are, what the flight shows in nine of ten such steps stands in.
FIT: Final = (0.6, 1.6)
STEP_S: Final = (2.0, 60.0)
MOVING_KT: Final = 50.0
TYPICAL: Final = 0.9
#: Steps that are looked at for that, about.
_LOOKED_AT: Final = 10_000
#: No degree of latitude or longitude on WGS 84 is longer, m.
_LONGEST_DEGREE_M: Final = 111_700.0
#: Mean length of a degree of a great circle, m.
_DEGREE_M: Final = 111_195.0
_TURN: Final = 360.0
#: So far an aircraft can go in any step, m, whatever it reports: the margins alone allow it.
_ALWAYS_M: Final = min(MARGIN_KT * LATE_S, SLOWEST_FASTEST_KT * STAMP_S) * KNOT_M_S


def speed(track: Track, reason: Reasons) -> Finding:
    """The positions that are not in the chain of flyable steps which explains most of the time."""
    held = placed(reason)
    steps = Steps(track, held)
    chain = best_chain(track.time_s[held], steps.gain)
    found = np.zeros(len(track), dtype=np.bool_)
    found[held[~chain]] = True

    def why(indices: Indices) -> list[str]:
        place = np.searchsorted(held, indices)
        against = contradicting(np.flatnonzero(chain), place, lambda i, j: steps.apart_m(i, j) - steps.room_m(i, j)[0])
        return steps.sentences(against, place)

    return Finding(found, why)


class Steps:
    """Steps between the positions of ``held``: how far apart they are, and how far they can be."""

    def __init__(self, track: Track, held: Indices) -> None:
        whole = len(held) == len(track)  # then the columns are shared, not copied
        self.track, self.held = track, held
        self.time_s, self.lat, self.lon, self.altitude_ft, reported = (
            column if whole else column[held]
            for column in (track.time_s, track.lat_deg, track.lon_deg, track.held_altitude_ft, recent(track))
        )
        shown_kt, reported_kt = self.sample(reported)
        self.typical = float(np.sort(shown_kt)[int(TYPICAL * (len(shown_kt) - 1))]) if len(shown_kt) else np.inf
        ratio = shown_kt / reported_kt
        fits = len(ratio) > 0 and bool(np.mean((ratio >= FIT[0]) & (ratio <= FIT[1])) >= 1 / 2)
        self.reported = reported if fits else None

    def sample(self, reported: FloatColumn) -> tuple[FloatColumn, FloatColumn]:
        """Speed that the positions show, and that is reported, in some of the steps of a moving aircraft."""
        step = np.arange(0, len(self.time_s) - 1, max(len(self.time_s) // _LOOKED_AT, 1))
        apart_s = self.time_s[step + 1] - self.time_s[step]
        fit = (apart_s >= STEP_S[0]) & (apart_s <= STEP_S[1]) & ~(reported[step + 1] < MOVING_KT)
        step, apart_s = step[fit], apart_s[fit]
        return self._roughly_m(step, step + 1) / apart_s / KNOT_M_S, reported[step + 1]

    def _roughly_m(self, i: Indices, j: Indices) -> FloatColumn:
        """Length of each short step to a hundredth, on a plane, which is soon had."""
        across = np.abs(self.lon[j] - self.lon[i])
        across = np.minimum(across, _TURN - across) * np.cos(np.radians(self.lat[i]))
        roughly: FloatColumn = np.hypot(self.lat[j] - self.lat[i], across) * _DEGREE_M
        return roughly

    def apart_m(self, i: Indices, j: Indices) -> FloatColumn:
        """Length of each step."""
        return distance_m(self.lat[i], self.lon[i], self.lat[j], self.lon[j])

    def room_m(self, i: Indices, j: Indices) -> tuple[FloatColumn, FloatColumn]:
        """How far the aircraft can have come in each step, and how far it will have at the speed that it reports."""
        apart_s = np.abs(self.time_s[j] - self.time_s[i])
        fastest = np.maximum(fastest_kt(self.altitude_ft[i]), fastest_kt(self.altitude_ft[j]))
        most = fastest * KNOT_M_S * (apart_s + STAMP_S)
        told = np.full(len(i), np.nan) if self.reported is None else np.fmax(self.reported[i], self.reported[j])
        kept = (np.where(np.isnan(told), self.typical, told) * SHARE + MARGIN_KT) * KNOT_M_S * (apart_s + LATE_S)
        freed = np.clip((apart_s - KEPT_S) / (FREE_S - KEPT_S), 0.0, 1.0)
        room = np.where(np.isnan(told), most, np.minimum(most, kept + freed * np.maximum(most - kept, 0.0)))
        return room, np.minimum(most, kept)

    def gain(self, i: Indices, j: Indices) -> FloatColumn:
        """The seconds of each step if it is short or one at the speed reported, 0 if faster, else minus infinity."""
        explained: FloatColumn = np.abs(self.time_s[j] - self.time_s[i])
        unsure = np.flatnonzero(self._farthest_m(i, j) > _ALWAYS_M)
        if len(unsure):
            from_i, to_j = i[unsure], j[unsure]
            room, kept = self.room_m(from_i, to_j)
            apart_m = self.apart_m(from_i, to_j)
            explained[unsure[(apart_m > kept) & (explained[unsure] > SHORT_S)]] = 0.0
            explained[unsure[apart_m > room]] = -np.inf
        return explained

    def _farthest_m(self, i: Indices, j: Indices) -> FloatColumn:
        """An upper bound of the length of each step, which is soon had."""
        across = np.abs(self.lon[j] - self.lon[i])
        bound: FloatColumn = np.hypot(self.lat[j] - self.lat[i], np.minimum(across, _TURN - across))
        bound *= _LONGEST_DEGREE_M
        return bound

    def sentences(self, other: Indices, index: Indices) -> list[str]:
        """For each step a sentence that says why it cannot be flown."""
        apart_m, (room_m, _) = self.apart_m(other, index), self.room_m(other, index)
        apart_s = np.abs(self.time_s[index] - self.time_s[other])
        row = self.track.row[self.held[other]]
        columns = (apart_m.tolist(), room_m.tolist(), apart_s.tolist(), row.tolist())
        return [
            f"{metres / 1000:,.1f} km from row {row} within {seconds:.1f} s, where {most / 1000:,.1f} km can be flown"
            if metres > most
            else f"the flight went on otherwise than from here; row {row} is on that way"
            for metres, most, seconds, row in zip(*columns, strict=True)
        ]


def recent(track: Track) -> FloatColumn:
    """Ground speed of each fix in knots; where it has none, the last one if it is not too old; else NaN."""
    known = ~np.isnan(track.ground_speed_kt)
    if bool(known.all()):
        return track.ground_speed_kt
    last = np.maximum.accumulate(np.where(known, np.arange(len(track)), -1))
    fresh = (last >= 0) & (track.time_s - track.time_s[last] <= RECENT_S)
    speeds: FloatColumn = np.where(fresh, track.ground_speed_kt[last], np.nan)
    return speeds
