"""Columns of numbers as whole, delta-coded integers: small after compression, equal on every machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.route import Line

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from geo.geodesy import Arc

Column = dict[str, Any]

#: About a metre on the ground.
DEGREES: Final = 1e-5
SECONDS: Final = 0.1
METRES: Final = 1.0


def column(values: ArrayLike, quantum: float) -> Column:
    """``{"quantum", "deltas"}``: value ``i`` is the sum of the first ``i + 1`` deltas, times the quantum."""
    steps = np.round(np.asarray(values, dtype=np.float64) / quantum).astype(np.int64)
    return {"quantum": quantum, "deltas": np.diff(steps, prepend=0).tolist()}


def decoded(coded: Column) -> list[float]:
    """The values of a column."""
    return [step * coded["quantum"] for step in np.cumsum(coded["deltas"]).tolist()]


def path(line: Line | Arc, turn_deg: float = 0.0, degrees: float = DEGREES) -> dict[str, Column]:
    """The columns of a line; ``turn_deg`` is added to its longitudes to bring it beside the others."""
    columns = {"lon": column(line.lon + turn_deg, degrees), "lat": column(line.lat, degrees)}
    if isinstance(line, Line) and line.time_s is not None:
        columns["time"] = column(line.time_s, SECONDS)
    if isinstance(line, Line) and line.doubt_m is not None:
        columns["doubt_m"] = column(line.doubt_m, METRES)
    return columns
