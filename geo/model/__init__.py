"""The nouns: Position, Place, Source, Claim, Event, Stretch, Fix, Track, Case. Frozen values, no input or output."""

from geo.model.case import Altitude, Case, Claim, Correction, Event, Source
from geo.model.evidence import Evidence, Grade, PathBasis
from geo.model.flight import Clock, Flight, Intended, TrackFile
from geo.model.other import Heard, Other
from geo.model.place import Finder, Place, Position, Where
from geo.model.steps import Step, View
from geo.model.stretch import Band, Known, ReachLimit, Stretch
from geo.model.tiles import Tiles
from geo.model.track import ACCEPTED, NO_POSITION, REASONS, Fix, Track
from geo.model.value import Text, Worded
from geo.model.when import When

__all__ = [
    "ACCEPTED",
    "NO_POSITION",
    "REASONS",
    "Altitude",
    "Band",
    "Case",
    "Claim",
    "Clock",
    "Correction",
    "Event",
    "Evidence",
    "Finder",
    "Fix",
    "Flight",
    "Grade",
    "Heard",
    "Intended",
    "Known",
    "Other",
    "PathBasis",
    "Place",
    "Position",
    "ReachLimit",
    "Source",
    "Step",
    "Stretch",
    "Text",
    "Tiles",
    "Track",
    "TrackFile",
    "View",
    "When",
    "Where",
    "Worded",
]
