"""Times as they are typed on a command line."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime


def moment(word: str) -> datetime:
    """A time with its zone, as argparse wants it read.

    Raises:
        argparse.ArgumentTypeError: when it is none.
    """
    from geo.tracks.times import seconds_of  # each command loads what it needs

    try:
        return datetime.fromtimestamp(seconds_of(word), UTC)
    except ValueError as wrong:
        raise argparse.ArgumentTypeError(str(wrong)) from wrong
