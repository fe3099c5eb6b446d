"""A time from one moment to another, as questions are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from geo.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Sequence

    Between = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` up to, and without, ``end``; both in UTC."""

    start: datetime
    end: datetime

    @classmethod
    def of(cls, between: Sequence[datetime]) -> Span:
        """The span between two aware times.

        Raises:
            ArchiveError: when they are not two, one has no zone, or the second is not after the first.
        """
        if len(between) != 2:  # noqa: PLR2004  from and to
            raise ArchiveError("between takes two times, from and to")
        start, end = between
        if start.tzinfo is None or end.tzinfo is None:
            raise ArchiveError("a time needs a zone: datetime(2024, 12, 25, 5, 13, 31, tzinfo=UTC)")
        if end <= start:
            raise ArchiveError(f"the time asked for ends, {end.isoformat()}, before it begins, {start.isoformat()}")
        return cls(start.astimezone(UTC), end.astimezone(UTC))

    @property
    def days(self) -> tuple[date, ...]:
        """The days of UTC that it touches."""
        last = (self.end - timedelta(milliseconds=1)).date()
        return tuple(self.start.date() + timedelta(days=day) for day in range((last - self.start.date()).days + 1))

    def hours(self, day: date) -> range:
        """The hours of a day that it touches."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        first = max(self.start, midnight)
        last = min(self.end, midnight + timedelta(days=1)) - timedelta(milliseconds=1)
        return range((first - midnight) // timedelta(hours=1), (last - midnight) // timedelta(hours=1) + 1)

    def wider(self, by: timedelta) -> Span:
        """The span with so much time more on either side."""
        return Span(self.start - by, self.end + by)
