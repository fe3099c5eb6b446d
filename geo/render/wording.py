"""What the features of a scene say in words, for formats whose readers show a name and a description."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from geo.render.markup import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Scene = Mapping[str, Any]
    Properties = Mapping[str, Any]

_MINUTE = "2024-12-25T05:13Z"


class Wording:
    """The words of one scene for its features."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.events: dict[str, Mapping[str, Any]] = {event["id"]: event for event in scene["events"]}
        self._grades = {one["grade"]: one["grade_text"] for one in (*scene["legend"]["grades"], *scene["events"])
                        if "grade_text" in one}  # fmt: skip
        self._legend = {entry["style"]: plain(entry["text"]) for entry in reversed(scene["legend"]["lines"])}
        rows = (scene.get("state_table") or {"rows": []})["rows"]
        lines = [plain(row[-1]) for row in rows] if len(rows) == len(scene["states"]) else [""] * len(scene["states"])
        self._states = {
            (state["style"], state["evidence"], state["basis"]): " · ".join(filter(None, (state["text"], line)))
            for state, line in zip(scene["states"], lines, strict=True)
        }

    def state(self, said: Properties) -> str:
        """How a line or state was got: what was received then, and what its line is."""
        found = self._states.get((said.get("style"), said.get("evidence"), said.get("basis")))
        if found is None:
            parts = (self.style(said), said.get("basis"))
            found = " · ".join(part for part in parts if part)
        return found

    def style(self, said: Properties) -> str:
        """What a style is called in the legend, else among the states, else the style itself."""
        style = str(said.get("style", ""))
        told: Iterator[str] = (state["text"] for state in self.scene["states"] if state["style"] == style)
        return str(self._legend.get(style) or next(told, style))

    def grade(self, said: Properties) -> str:
        """The grade of an event as a word."""
        grade = str(said.get("grade", ""))
        return str(self._grades.get(grade, grade))

    def name(self, said: Properties) -> str:
        """What the feature is called: its title, with the number of an event; a line that was not received says so."""
        title = str(said.get("title") or "")
        if said.get("number"):
            return f"{said['number']} · {title}"
        style = said.get("style")
        if said.get("kind") == "line" and style != "received":
            told = next((state["text"] for state in self.scene["states"] if state["style"] == style), "")
            return f"{told}: {title}" if told and title else told or self.style(said)
        return title or self.style(said) or str(said.get("kind", ""))

    def short(self, said: Properties) -> str:
        """One line about it: of an event time and grade, of a line how it was got, of a place its note."""
        if said.get("kind") == "event":
            return " · ".join(filter(None, (str(said.get("time") or ""), self.grade(said))))
        if "evidence" in said or said.get("style") in self._legend:
            return self.state(said)
        return str(said.get("note") or self.grade(said))

    def paragraphs(self, said: Properties) -> list[str]:
        """All that is said of a feature, one paragraph each; its sources stand apart."""
        told = [self.short(said), *map(str, filter(None, (said.get("note"), said.get("text"), said.get("times"))))]
        if said.get("kind") in {"line", "state", "other aircraft"} and said.get("from"):
            told.insert(1, f"{said['from']} – {said['to']}")
        return list(dict.fromkeys(filter(None, told)))

    def claims(self, said: Properties) -> list[str]:
        """What parties say of an event, one line each."""
        leak = self.scene["words"].get("leak", "")
        return [
            " ".join(
                filter(
                    None,
                    (
                        claim.get("letter"),
                        f"({leak})" if claim.get("leak") and leak else "",
                        f"{claim.get('by', '')}:",
                        " · ".join(filter(None, (claim.get(name) for name in ("says", "detail", "time_text")))),
                        claim.get("cites"),
                    ),
                )
            )
            for claim in said.get("claims", ())
        ]

    def head(self) -> Iterator[str]:
        """What is said of the whole: standfirst, what is seen, stamp, what is not depicted, credits, corrections."""
        scene = self.scene
        yield from (plain(scene[name]) for name in ("standfirst", "description"))
        yield from filter(None, map(plain, (scene["map"].get("stamp"), *scene["footer"])))
        title = scene["words"].get("corrections", "")
        yield from (f"{title}: {one['date']}: {plain(one['text'])}" for one in scene["corrections"])


def cited(source: Mapping[str, Any]) -> str:
    """``[S01] title, publisher, date. Note. address``."""
    addresses = (source.get(name) for name in ("url", "archived"))
    return " ".join(filter(None, chain((f"[{source['id']}]", source.get("text")), addresses)))


def span(event: Mapping[str, Any]) -> tuple[str, str | None]:
    """From when to when an event was, as well as it is known, in ISO 8601 with seconds, or as day, month or year.

    Args:
        event: of a scene.

    Returns:
        The time, and the end of an interval. On the bar of a scene an event before the flight stands at its start; what
        is told here is its own time.
    """
    until = event.get("until")
    return _whole(event["datetime"]), _whole(until) if until and until != event["datetime"] else None


def _whole(time: str) -> str:
    """A time of day to the minute with its seconds, which are 0: formats of XML have no minutes without them."""
    return f"{time[:-1]}:00Z" if len(time) == len(_MINUTE) and time.endswith("Z") else time
