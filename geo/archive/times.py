"""Times in expressions: which rows are of a span, and how many milliseconds lie between two of them."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

import ibis

if TYPE_CHECKING:
    from datetime import datetime

    from ibis.expr.types import BooleanValue, IntegerValue, TimestampScalar, TimestampValue

    from geo.archive.span import Span


def moment(time: datetime) -> TimestampScalar:
    """An aware time as it is written in archives: UTC, without saying so."""
    return ibis.literal(time.astimezone(UTC).replace(tzinfo=None), type="timestamp(6)")


def during(time: TimestampValue, span: Span) -> tuple[BooleanValue, BooleanValue]:
    """That a time is of the span: from its start up to, and without, its end."""
    return time >= moment(span.start), time < moment(span.end)


def milliseconds(time: TimestampValue) -> IntegerValue:
    """Milliseconds since 1970.

    Of the ways to subtract times this one alone gives the same on DuckDB and on Spark.
    """
    return time.truncate("s").epoch_seconds().cast("int64") * 1000 + time.millisecond().cast("int64")
