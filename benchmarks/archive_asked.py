"""The questions of an archive with what each has to answer, and what an archive answers instead.

Every question is asked of an ``Archive`` whatever its engine, and its rows held against ``archive_key``: which of them
are false, which are missing, and in which a value is another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from benchmarks import archive_key as keys
from benchmarks import archive_plants as planted
from benchmarks.archive_key import WORLD, Circle, Frame, Key, between, milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from geo.archive import Archive

    #: Which row it is, and its values.
    Rows = Mapping[tuple[Any, ...], tuple[Any, ...]]

FIRST, SECOND = date(2024, 12, 25), date(2024, 12, 26)
BOTH: Final = (between(25, 0, 24)[0], between(26, 0, 24)[1])
#: Half of the last digit that an answer has, and 1.5 parts in a million of 150 km: what ``near`` promises, km.
CLOSE: Final = 0.00073
_STRAYED: Final = ("EFRO", "BIKF")
_AROUND: Final = Frame(42, 44, 45, 47)


class Question(NamedTuple):
    """A question: in words, what has to be answered, and how an archive answers."""

    words: str
    key: Callable[[Key], Rows]
    ask: Callable[[Archive], Rows]
    close: float = CLOSE


@dataclass(frozen=True, slots=True)
class Held:
    """An answer held against its key."""

    words: str
    expected: int
    found: int
    false: tuple[Any, ...]
    missing: tuple[Any, ...]
    other: tuple[Any, ...]
    error: str = ""

    @property
    def is_right(self) -> bool:
        """Whether it was answered, and nothing is false, missing or another."""
        return not (self.false or self.missing or self.other or self.error)


def held(question: Question, key: Rows, archive: Archive) -> Held:
    """Ask, and compare."""
    from geo.errors import FlightcaseError

    try:
        found = question.ask(archive)
    except FlightcaseError as wrong:
        return Held(question.words, len(key), 0, (), tuple(key), (), str(wrong))
    return Held(
        words=question.words,
        expected=len(key),
        found=len(found),
        false=tuple(one for one in found if one not in key),
        missing=tuple(one for one in key if one not in found),
        other=tuple(
            (one, key[one], found[one])
            for one in found
            if one in key and not _same(key[one], found[one], question.close)
        ),
    )


def _same(one: Sequence[Any], other: Sequence[Any], close: float) -> bool:
    return len(one) == len(other) and all(
        abs(a - b) <= close if isinstance(a, float) and isinstance(b, int | float) else a == b
        for a, b in zip(one, other, strict=True)
    )


def questions(key: Key) -> list[Question]:
    """All of them; those about aircraft ask for some plants, and for some tiles of each real trace."""
    tiles = [tile.icao24 for tile in (*key.tiles[:: max(len(key.tiles) // 9, 1)], *key.tiles[-2:])]
    tiles += [tile.icao24 for tile in key.tiles if tile.icao24.startswith("~")][:2]
    some = sorted({*tiles, *planted.addresses()})
    whole = sorted({*tiles, planted.plants()["pole"].icao24})
    return [
        _positions("every row of the plants and of some real traces", some, BOTH),
        _positions("rows of an hour", some, between(25, 4.5, 5.5)),
        _near("50 km of Grozny, two hours", Circle(*planted.GROZNY, 50), between(25, 4, 6)),
        _near("100 km of a point beside 180°", Circle(51.5, 179.9, 100), between(25, 9, 11)),
        _near("150 km of a point where real traces are", Circle(40, -75, 150), between(25, 12, 14)),
        _near("50 km of the North Pole", Circle(90, 77, 50), between(25, 12, 14)),
        _near("50 km of Grozny, over midnight", Circle(*planted.GROZNY, 50), (between(25, 23, 24)[0], BOTH[1])),
        _inside("a frame over 180°", Frame(50, 53, 178, -178), between(25, 9, 11)),
        _inside("a frame over 180°, where real traces are", Frame(38, 43, 174, -174), between(25, 6, 18)),
        _inside("a frame where real traces are", Frame(39.5, 41, 9, 12), between(25, 10, 12)),
        _inside("all north of 89°", Frame(89, 90, -180, 180), between(25, 12, 14)),
        _jumps("of both days", WORLD, None, BOTH),
        _jumps("within 100 km of Grozny", Circle(*planted.GROZNY, 100), (planted.GROZNY, 100), BOTH),
        _jumps("in a frame around Grozny", _AROUND, polygon(_AROUND), BOTH),
        Question("jumps: by hour and cell", _hours_key, _hours),
        _flights("flights of the plants", lambda _: True, icao24=sorted(planted.addresses())),
        _flights("flights under a callsign", lambda plant: plant.callsign == "PLT701", callsign="PLT701"),
        _flights("flights from UBBB", lambda plant: plant.origin == "UBBB", origin="UBBB"),
        _flights("flights to LTAC", lambda plant: plant.destination == "LTAC", destination="LTAC"),
        Question(
            "every position of real traces, and of a plant, is of one flight", _conserved_key(whole), _conserved(whole)
        ),
        _strayed(100, {"strayed"}),
        _strayed(30, {"strayed", "strayed by 40 km"}),
        Question("diverted from UBBB on the way to URMG", _diverted_key, _diverted),
        Question("the track of the flight over midnight", lambda _: {("fixes",): (821, 0)}, _track("midnight")),
        Question("the track with false positions", lambda _: {("fixes",): (766, 12)}, _track("jump")),
    ]


def _positions(words: str, icao24: list[str], span: keys.Between) -> Question:
    def key(key: Key) -> Rows:
        found = {}
        for one in icao24:
            rows = key.of(one, span)
            altitude = [None if np.isnan(value) else int(value) for value in rows.altitude_ft.tolist()]
            for at, place in enumerate(zip(rows.time_ms.tolist(), rows.lat.tolist(), rows.lon.tolist(), strict=True)):
                found[one, place[0], round(place[1] * 1e6), round(place[2] * 1e6)] = (altitude[at],)
        return found

    def ask(archive: Archive) -> Rows:
        found = {}
        for batch in archive.positions(icao24, span).batches():
            for row in batch.to_pylist():
                who = (row["icao24"], milliseconds(row["time"]), round(row["lat"] * 1e6), round(row["lon"] * 1e6))
                found[who] = (row["altitude_ft"],)
        return found

    return Question(f"positions: {words}", key, ask)


def _near(words: str, circle: Circle, span: keys.Between) -> Question:
    def key(key: Key) -> Rows:
        return {(one.icao24, one.first_ms): _values(one) for one in key.passes(circle, span)}

    def ask(archive: Archive) -> Rows:
        return _passes(archive.near((circle.lat, circle.lon), circle.km, span).rows(), "nearest_km")

    return Question(f"near: {words}", key, ask)


def _inside(words: str, frame: Frame, span: keys.Between) -> Question:
    def key(key: Key) -> Rows:
        return {(one.icao24, one.first_ms): _values(one) for one in key.passes(frame, span)}

    def ask(archive: Archive) -> Rows:
        return _passes(archive.inside(polygon(frame), span).rows())

    return Question(f"inside: {words}", key, ask)


def polygon(frame: Frame) -> list[tuple[float, float]]:
    """A frame as a sequence of latitudes and longitudes; one around a pole goes around it once."""
    if frame.east - frame.west == 360:  # noqa: PLR2004  all around
        return [(frame.south, lon) for lon in (-180.0, -90.0, 0.0, 90.0)]
    return frame.corners


def _values(one: keys.Pass) -> tuple[Any, ...]:
    nearest = () if one.nearest_km is None else (one.nearest_km,)
    return (one.last_ms, one.fixes, *nearest)


def _passes(rows: Iterable[Mapping[str, Any]], *more: str) -> Rows:
    return {
        (row["icao24"], milliseconds(row["first_time"])): (
            milliseconds(row["last_time"]),
            row["fixes"],
            *(row[name] for name in more),
        )
        for row in rows
    }


def _jumps(words: str, area: keys.Area, asked: Any, span: keys.Between) -> Question:  # noqa: ANN401  an area in any form
    def key(key: Key) -> Rows:
        found = key.jumps(area, span)
        return {(one.icao24, one.time_ms): (one.before_ms, one.km) for one in found}

    def ask(archive: Archive) -> Rows:
        return {
            (row["icao24"], milliseconds(row["time"])): (milliseconds(row["time_before"]), row["distance_km"])
            for row in archive.jumps(asked, span).rows()
        }

    return Question(f"jumps: {words}", key, ask)


def _hours_key(key: Key) -> Rows:
    """By hour and cell of one degree: jumps that have an end there, aircraft, jumps away, jumps into it."""
    found: dict[tuple[Any, ...], list[tuple[str, int, bool]]] = {}
    for one in key.jumps(WORLD, BOTH):
        for lat, lon, away in ((*one.before, True), (*one.after, False)):
            cell = (one.time_ms // 3_600_000 * 3_600_000, int(np.floor(lat)), int(np.floor(lon)))
            found.setdefault(cell, []).append((one.icao24, one.time_ms, away))
    return {
        cell: (
            len({(who, when) for who, when, _ in ends}),
            len({who for who, _, _ in ends}),
            sum(away for _, _, away in ends),
            sum(not away for _, _, away in ends),
        )
        for cell, ends in found.items()
    }


def _hours(archive: Archive) -> Rows:
    rows = archive.jumps(None, BOTH, by="hour").rows()
    return {
        (milliseconds(row["hour"]), row["cell_lat"], row["cell_lon"]): tuple(
            row[name] for name in ("jumps", "aircraft", "away", "into")
        )
        for row in rows
    }


def _flights(words: str, of: Callable[[planted.Flown], bool], **chosen: Any) -> Question:  # noqa: ANN401  of the question
    def key(key: Key) -> Rows:  # noqa: ARG001  tiles are not near these aerodromes
        return {
            (plant.icao24, int(plant.time_ms[0])): (
                int(plant.time_ms[-1]),
                plant.callsign,
                plant.origin,
                plant.destination,
                int(np.count_nonzero(~plant.false)),
            )
            for plant in planted.plants().values()
            if of(plant)
        }

    def ask(archive: Archive) -> Rows:
        names = ("callsign", "origin", "destination", "fixes")
        return {
            (row["icao24"], milliseconds(row["first_time"])): (
                milliseconds(row["last_time"]),
                *(row[name] for name in names),
            )
            for row in archive.flights(BOTH, **chosen).rows()
        }

    return Question(f"flights: {words}", key, ask)


def _conserved_key(icao24: Sequence[str]) -> Callable[[Key], Rows]:
    return lambda key: {(one,): (len(key.of(one, BOTH).time_ms),) for one in icao24}


def _conserved(icao24: Sequence[str]) -> Callable[[Archive], Rows]:
    def ask(archive: Archive) -> Rows:
        found: dict[tuple[Any, ...], tuple[int]] = {}
        for row in archive.flights(BOTH, icao24=icao24).rows():
            found[row["icao24"],] = (found.get((row["icao24"],), (0,))[0] + row["fixes"],)
        return found

    return ask


def _diverted_key(key: Key) -> Rows:  # noqa: ARG001  tiles are not near these aerodromes
    """Two others under its callsign flew from UBBB to URMG, one that day and one the next."""
    plant = planted.plants()["diverted"]
    return {(plant.icao24, int(plant.time_ms[0])): ("UATE", "landed elsewhere", 2)}


def _strayed(km: float, names: set[str]) -> Question:
    plants = planted.plants()

    def key(key: Key) -> Rows:  # noqa: ARG001  tiles are not near these aerodromes
        return {
            (plants[name].icao24, int(plants[name].time_ms[0])): (
                float(keys.away_m(plants[name], *_STRAYED).max()) / 1000,
            )
            for name in names
        }

    def ask(archive: Archive) -> Rows:
        rows = archive.strayed(*_STRAYED, BOTH, km).rows()
        return {(row["icao24"], milliseconds(row["first_time"])): (abs(row["stray_km"]),) for row in rows}

    # The gazetteer has the aerodromes to some ten metres.
    return Question(f"strayed by over {km:g} km from EFRO to BIKF", key, ask, close=0.03)


def _diverted(archive: Archive) -> Rows:
    rows = archive.diverted("UBBB", "URMG", BOTH).rows()
    return {
        (row["icao24"], milliseconds(row["first_time"])): (row["destination"], row["ending"], row["usual"])
        for row in rows
    }


def _track(name: str) -> Callable[[Archive], Rows]:
    plant = planted.plants()[name]

    def ask(archive: Archive) -> Rows:
        track = archive.track(plant.icao24, BOTH)
        return {("fixes",): (len(track.time_s), int(np.count_nonzero(~track.accepted)))}

    return ask


def told(found: Held) -> dict[str, object]:
    """As a row of a table."""
    return {
        "asked": found.words,
        "to be found": found.expected,
        "found": found.found,
        "false": len(found.false),
        "missing": len(found.missing),
        "of another value": len(found.other),
        "right": found.is_right,
    }
