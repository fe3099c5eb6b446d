"""The words for what was received, how a line was got, and how well an event is established."""

from enum import StrEnum


class Evidence(StrEnum):
    """What was received during a stretch."""

    RECEIVED = "received"
    REJECTED = "rejected"
    PARTIAL = "partial"
    SILENT = "silent"


class PathBasis(StrEnum):
    """How the line that is drawn for a stretch was got."""

    MEASURED = "measured"
    RECONSTRUCTED = "reconstructed"
    SCHEMATIC = "schematic"
    BRIDGED = "bridged"
    NONE = "none"


class Grade(StrEnum):
    """How well an event is established."""

    CONFIRMED = "confirmed"
    STATED = "stated"
    DISPUTED = "disputed"
    INFERRED = "inferred"
