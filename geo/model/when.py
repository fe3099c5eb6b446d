"""When something happened: an instant, an interval, about a time, or a day, always in UTC and with its precision."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal, Self

from pydantic import model_serializer, model_validator
from pydantic_core import PydanticCustomError

from geo.model.value import Value

Precision = Literal["second", "minute", "day", "month", "year"]

_EXAMPLE: Final = "2024-12-25T05:13:31Z"
_MINUTE: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(Z|z|[+-]\d\d:\d\d)?")
_SPAN: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(s|sec|second|seconds|min|minute|minutes|h|hour|hours)\s*")
_SPAN_UNIT_S: Final = {"s": 1, "m": 60, "h": 3600}
_MONTHS: Final = 12


def _wrong(message: str, found: object) -> PydanticCustomError:
    return PydanticCustomError("time", message + "; found {found}", {"found": str(found)[:60]})


def span_s(value: object) -> float:
    """Seconds of ``"2 min"``, ``"30 s"``, ``"1.5 h"``, or of a number of seconds.

    Raises:
        ValueError: when it is none of these.
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    if isinstance(value, str) and (match := _SPAN.fullmatch(value)):
        return float(match[1]) * _SPAN_UNIT_S[match[2][0]]
    raise _wrong('write a length of time such as "30 s", "2 min" or "1 h"', value)


def _next_month(day: datetime) -> datetime:
    return day.replace(year=day.year + day.month // _MONTHS, month=day.month % _MONTHS + 1)


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise _wrong(
            f"a time needs its zone: write {_EXAMPLE}, or with an offset 2024-12-25T09:13:31+04:00", moment.isoformat()
        )
    return moment.astimezone(UTC)


def parse_moment(value: object) -> tuple[datetime, datetime, Precision]:
    """First and last instant (UTC) of a time as a case file writes it, and its precision.

    A datetime is exact to the second; ``"2024-12-25T05:21Z"`` to the minute; a date, ``"2025-07"`` and ``"2025"`` to
    the day, month and year, counted in UTC.

    Raises:
        ValueError: for a time without a zone and for anything else.
    """
    if isinstance(value, datetime):
        moment = _in_utc(value)
        return moment, moment, "second"
    if isinstance(value, date):
        start = datetime(value.year, value.month, value.day, tzinfo=UTC)
        return start, start + timedelta(days=1), "day"
    if not isinstance(value, str):
        raise _wrong(f"write a time such as {_EXAMPLE}", value)
    text = value.strip()
    try:
        if re.fullmatch(r"\d{4}", text):
            start = datetime(int(text), 1, 1, tzinfo=UTC)
            return start, start.replace(year=start.year + 1), "year"
        if re.fullmatch(r"\d{4}-\d\d", text):
            start = datetime(int(text[:4]), int(text[5:]), 1, tzinfo=UTC)
            return start, _next_month(start), "month"
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return parse_moment(date.fromisoformat(text))
        moment = _in_utc(datetime.fromisoformat(text.upper()))
    except PydanticCustomError:
        raise
    except ValueError as wrong:
        raise _wrong(
            f'write a time such as {_EXAMPLE}, "2024-12-25T05:13Z" where only the minute is known', value
        ) from wrong
    return moment, moment, "minute" if _MINUTE.fullmatch(text) else "second"


class When(Value):
    """When something happened.

    ``start`` and ``end`` are aware UTC instants; they are equal for an instant. ``about`` says that the time is
    approximate, ``within_s`` by how many seconds where that is known.
    """

    start: datetime
    end: datetime
    precision: Precision = "second"
    interval: bool = False
    about: bool = False
    within_s: float | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:  # noqa: ANN401  whatever a case file holds there
        if isinstance(value, cls) or (isinstance(value, dict) and "start" in value):
            return value
        if not isinstance(value, dict):
            start, end, precision = parse_moment(value)
            return {"start": start, "end": end, "precision": precision}
        keys = set(value)
        if {"from", "to"} <= keys <= {"from", "to", "about", "within"} and value.get("about") in (None, True, False):
            start, _, first = parse_moment(value["from"])
            _, end, last = parse_moment(value["to"])
            if end < start:
                raise _wrong("an interval ends before it starts: swap from and to", f"{value['from']} to {value['to']}")
            precision = max(first, last, key=["second", "minute", "day", "month", "year"].index)
            about = bool(value.get("about", False))
        elif "about" in keys and keys <= {"about", "within"}:
            start, end, precision = parse_moment(value["about"])
            about = True
        else:
            raise _wrong('write a time, or { from = …, to = … }, or { about = …, within = "2 min" }', sorted(keys))
        within = span_s(value["within"]) if "within" in keys else None
        return {
            "start": start,
            "end": end,
            "precision": precision,
            "interval": "from" in keys,
            "about": about,
            "within_s": within,
        }

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise _wrong(f"a time needs its zone: write {_EXAMPLE}", self.start)
        return self

    @property
    def dated_only(self) -> bool:
        """Whether no time of day is known."""
        return self.precision in ("day", "month", "year")

    @model_serializer
    def written(self) -> Any:  # noqa: ANN401  a TOML value
        """The time as a case file has it."""
        if not self.interval and not self.about:
            return _written_moment(self.start, self.precision)
        within = {} if self.within_s is None else {"within": f"{self.within_s:g} s"}
        if self.interval:
            last = self.end - timedelta(seconds=1) if self.dated_only else self.end
            approximate = {"about": True} if self.about else {}
            return {
                "from": _written_moment(self.start, self.precision),
                "to": _written_moment(last, self.precision),
                **approximate,
                **within,
            }
        return {"about": _written_moment(self.start, self.precision), **within}


def _written_moment(moment: datetime, precision: Precision) -> datetime | date | str:
    match precision:
        case "second":
            return moment
        case "minute":
            return moment.strftime("%Y-%m-%dT%H:%MZ")
        case "day":
            return moment.date()
        case "month":
            return moment.strftime("%Y-%m")
        case "year":
            return moment.strftime("%Y")
