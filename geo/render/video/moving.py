"""Where the aircraft is at a time, as the viewer has it: on a line that carries times, or nowhere."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.scene.columns import decoded

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo.render.poster.view import View

__all__ = ["Aircraft", "Course"]


@dataclass(frozen=True, slots=True)
class Aircraft:
    """``x`` and ``y`` in px of the map's box; ``bearing`` clockwise from up, degrees; ``doubt`` radius, px.

    ``hollow`` where its position is inferred.
    """

    x: float
    y: float
    bearing: float
    doubt: float
    hollow: bool


@dataclass(frozen=True, slots=True)
class _Leg:
    time: NDArray[np.float64]
    xy: NDArray[np.float64]  # (n, 2)
    doubt: NDArray[np.float64]  # px
    hollow: bool

    def at(self, time: float) -> Aircraft:
        last = len(self.time) - 1
        i = min(max(int(np.searchsorted(self.time, time, side="right")) - 1, 0), last - 1)
        x, y, doubt = (float(np.interp(time, self.time, each)) for each in (*self.xy.T, self.doubt))
        # A standing aircraft keeps the direction in which it last moved.
        while i > 0 and (self.xy[i] == self.xy[i + 1]).all():
            i -= 1
        east, south = (self.xy[i + 1] - self.xy[i]).tolist()
        return Aircraft(x, y, math.degrees(math.atan2(east, -south)), doubt, self.hollow)


@dataclass(frozen=True, slots=True)
class Course:
    """The lines of a scene on which an aircraft moves, and the times at which it may be drawn."""

    legs: tuple[_Leg, ...]
    states: tuple[Mapping[str, Any], ...]

    @classmethod
    def of(cls, scene: Mapping[str, Any], view: View) -> Course:
        """The course of the aircraft of a scene, in px of a view."""
        legs = []
        for line in scene["map"]["lines"]:
            path = line["path"]
            if len(path.get("time", {}).get("deltas", ())) < 2:  # noqa: PLR2004  a line has two ends
                continue
            lon, lat, time = (np.array(decoded(path[name])) for name in ("lon", "lat", "time"))
            doubt_m = np.array(decoded(path["doubt_m"])) if path.get("doubt_m") else np.zeros(len(time))
            px = doubt_m / np.array([view.metres(each) for each in lat.tolist()])
            legs.append(_Leg(time, view.xys(lon, lat), px, line["style"] != "received"))
        return cls(tuple(legs), tuple(scene["states"]))

    def state(self, time: float) -> int:
        """Number of the state at a time."""
        found = [i for i, state in enumerate(self.states) if state["from"] <= time]
        return found[-1] if found else 0

    def at(self, time: float) -> Aircraft | None:
        """The aircraft at a time; None where no position is known or inferred then."""
        if not self.states or not self.states[self.state(time)]["aircraft"]:
            return None
        leg = next((leg for leg in self.legs if leg.time[0] <= time <= leg.time[-1]), None)
        return leg.at(time) if leg else None
