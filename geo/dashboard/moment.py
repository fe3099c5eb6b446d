"""The moment that a viewer shows: read from an address, said in words, written into an address again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.scene import Scene


@dataclass(frozen=True, slots=True)
class Moment:
    """A time (ISO 8601, UTC, whole seconds) and the event that is selected, if one is."""

    t: str
    event: str | None = None

    @property
    def query(self) -> dict[str, str]:
        """What an address says of it."""
        return {"t": self.t, **({"event": self.event} if self.event else {})}

    @property
    def clock(self) -> str:
        """``05:42:40 UTC``."""
        return f"{datetime.fromisoformat(self.t):%H:%M:%S} UTC"


def moment(scene: Scene, asked: Mapping[str, Any]) -> Moment:
    """The moment that is asked for, as far as the scene has it.

    Args:
        scene: of the case.
        asked: ``t`` (ISO 8601) and ``event``, each possibly missing or wrong; a wrong one counts as missing.

    Returns:
        A time within the scene and an event of it; without either, the moment at which the scene opens.
    """
    span = scene["time"]
    event = _event(scene, asked.get("event"))
    seconds = _seconds(asked.get("t"))
    if seconds is None:
        seconds = event["start"] if event and not event["aftermath"] else span["opens"]
    inside = min(span["end"], max(span["start"], seconds))
    return Moment(f"{datetime.fromtimestamp(int(inside), UTC):%Y-%m-%dT%H:%M:%SZ}", event["id"] if event else None)


def told(scene: Scene, shown: Moment) -> str:
    """``05:42:40 UTC, Crew decides for Aktau``: the time, and the selected event or one that begins right then."""
    chosen = _event(scene, shown.event)
    if chosen and chosen["aftermath"]:
        return f"{chosen['time_text']}, {_text(chosen['title'])}"
    event = chosen or next((each for each in scene["events"] if each["main"] and each["datetime"] == shown.t), None)
    return ", ".join([shown.clock, *([_text(event["title"])] if event else [])])


def _event(scene: Scene, name: object) -> dict[str, Any] | None:
    return next((event for event in scene["events"] if event["id"] == name), None)


def _seconds(text: object) -> float | None:
    try:
        time = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def _text(said: str | dict[str, str]) -> str:
    return said["text"] if isinstance(said, dict) else said
