"""Sources and events that stand in a case twice: found, proposed, and made one with nothing lost."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

from geo.casefile.addresses import compared
from geo.dashboard.edit.cited import redirect
from geo.dashboard.edit.times import read_when

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.casefile.editing import Document
    from geo.model import When

#: Titles whose letters agree to this share are nearly equal.
_NEAR: Final = 0.88
#: Titles whose letters agree less than to this share are two.
_FAR: Final = 0.6
#: The same for two events at the same time, whose titles say less.
_NEAR_EVENTS: Final = 0.8
#: Two times of which one is known to the minute only may be the same when they are no farther apart, s.
_MINUTE_S: Final = 59.0
_GRADES: Final = ("disputed", "inferred", "stated", "confirmed")


def _folded(text: str) -> str:
    """A text by its letters and digits alone."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join(re.findall(r"[^\W_]+", "".join(letter for letter in plain if not unicodedata.combining(letter))))


def _near(one: str, other: str, least: float) -> bool:
    if not one or not other or _numbers(one) != _numbers(other):
        return False
    if one == other:
        return True
    match = SequenceMatcher(None, one, other, autojunk=False)
    return match.real_quick_ratio() >= least and match.quick_ratio() >= least and match.ratio() >= least


def _numbers(text: str) -> list[str]:
    """The numbers of a text: titles that differ in one, as “page 3” and “page 4”, are not the same."""
    return re.findall(r"\d+", text)


# --- sources ---------------------------------------------------------------------------------------------------------


def same_sources(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Pairs of sources that seem to be one: the same address, or the same publisher and nearly the same title."""
    sources = {name: source for name, source in values.get("sources", {}).items() if isinstance(source, dict)}
    addresses: dict[str, str] = {}
    found: dict[tuple[str, str], None] = {}
    by_publisher: dict[str, list[str]] = {}
    for name, source in sources.items():
        said = {compared(source[key]) for key in ("url", "archived") if isinstance(source.get(key), str)} - {""}
        for address in sorted(said):
            first = addresses.setdefault(address, name)
            if first != name and not _apart(sources[first], source):
                found[first, name] = None
        by_publisher.setdefault(_folded(str(source.get("publisher", ""))), []).append(name)
    for publisher, names in by_publisher.items():
        titles = {name: _folded(str(sources[name].get("title", ""))) for name in names}
        for one, other in combinations(names, 2) if publisher else ():
            if _may_be_one(sources[one], sources[other]) and _near(titles[one], titles[other], _NEAR):
                found[one, other] = None
    return list(found)


def _apart(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two sources with one address have titles that say that they are two parts of what is there."""
    first, second = (_folded(str(source.get("title", ""))) for source in (one, other))
    return bool(first and second) and SequenceMatcher(None, first, second, autojunk=False).ratio() < _FAR


def _may_be_one(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether nothing says that two sources are two: different days of publication do."""
    days = [str(source["published"]) for source in (one, other) if source.get("published") is not None]
    return len(days) < 2 or days[0].startswith(days[1]) or days[1].startswith(days[0])  # noqa: PLR2004  both


def merge_sources(document: Document, keep: str, drop: str) -> None:
    """Make two sources one: what the first does not say is taken from the second, everything names the first."""
    kept: dict[str, Any] = document.get(("sources", keep))
    gone: dict[str, Any] = dict(document.get(("sources", drop)))
    for key, value in gone.items():
        here = kept.get(key)
        if here in (None, "", {}):
            document.put(("sources", keep, key), value)
        elif key == "note" and here != value:
            document.put(("sources", keep, key), _both(here, value))
        elif key == "url" and compared(here) != compared(value) and "archived" not in {**kept, **gone}:
            # Another address of the same page: kept, so that nothing is lost.
            document.put(("sources", keep, "note"), _both(kept.get("note", ""), str(value)))
    redirect(document, drop, keep)
    document.remove(("sources", drop))


# --- events ----------------------------------------------------------------------------------------------------------


def same_events(values: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Pairs of events, by index, that seem to be one: at the same time, with nearly the same title."""
    timed = [
        (when, index, event)
        for index, event in enumerate(values.get("event", []))
        if isinstance(event, dict) and (when := read_when(event.get("time"))) is not None
    ]
    timed.sort(key=lambda each: (each[0].start, each[1]))
    found: list[tuple[int, int]] = []
    for at, (when, index, event) in enumerate(timed):
        for other_when, other_index, other in timed[at + 1 :]:
            if (other_when.start - when.start).total_seconds() > _MINUTE_S:
                break
            if _same_time(when, other_when) and _alike(event, other):
                found.append((min(index, other_index), max(index, other_index)))
    return sorted(found)


def _same_time(one: When, other: When) -> bool:
    slack = 0.0 if one.precision == other.precision == "second" else _MINUTE_S
    ends = ((one.start, other.start), (one.end, other.end))
    return all(abs((first - second).total_seconds()) <= slack for first, second in ends)


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two events have nearly the same title in a language that both are told in."""
    first, second = _titles(one), _titles(other)
    return any(_near(first[language], second[language], _NEAR_EVENTS) for language in first.keys() & second.keys())


def _titles(event: Mapping[str, Any]) -> dict[str, str]:
    title = event.get("title", "")
    said = title if isinstance(title, dict) else {"": title}
    return {language: _folded(str(text)) for language, text in said.items()}


def merge_events(document: Document, keep: int, drop: int) -> None:
    """Make two events one: sources and claims together, what the first does not say from the second.

    Texts that differ are both kept, the second after the first. The weaker of two grades stays: two accounts of one
    event make it no surer. Steps of the story that named the second name the first.
    """
    kept: dict[str, Any] = document.get(("event", keep))
    gone: dict[str, Any] = dict(document.get(("event", drop)))
    _fill(document, keep, kept, gone)
    _keep_weaker(document, keep, kept.get("grade"), gone.get("grade"))
    if gone.get("main", True) is not False:
        document.remove(("event", keep, "main"))
    cited = dict.fromkeys([*_list(kept.get("sources")), *_list(gone.get("sources"))])
    document.put(("event", keep, "sources"), list(cited) or None)
    for claim in _list(gone.get("claim")):
        if claim not in _list(document.get(("event", keep, "claim"))):
            document.insert(("event", keep, "claim"), claim)
    for number, step in enumerate(_list(document.get(("step",)))):
        if step.get("event") == gone.get("id"):
            document.put(("step", number, "event"), kept.get("id"))
    document.remove(("event", drop))


def _fill(document: Document, keep: int, kept: Mapping[str, Any], gone: Mapping[str, Any]) -> None:
    """Take from the second event what the first does not say, and both texts where they differ."""
    for key, value in gone.items():
        here = kept.get(key)
        if key in ("id", "claim", "sources", "main"):
            continue
        if here in (None, "", {}):
            document.put(("event", keep, key), value)
        elif key in ("text", "note", "unknown") and here != value:
            document.put(("event", keep, key), _both(here, value))
        elif key == "title" and here != value:
            _keep_title(document, keep, here, value)


def _keep_title(document: Document, keep: int, here: object, value: object) -> None:
    """Keep another title: in languages that the first is not told in as it is, else in the account."""
    if isinstance(here, dict) and isinstance(value, dict):
        for language, text in value.items():
            if language not in here:
                document.put(("event", keep, "title", language), text)
        differing = {language: text for language, text in value.items() if here.get(language, text) != text}
        value = {key: text for key, text in differing.items() if _folded(text) != _folded(str(here[key]))}
    if value:
        document.put(("event", keep, "text"), _both(document.get(("event", keep, "text"), ""), value))


def _keep_weaker(document: Document, keep: int, one: object, other: object) -> None:
    known = [grade for grade in (one, other) if grade in _GRADES]
    if known:
        document.put(("event", keep, "grade"), min(known, key=lambda grade: _GRADES.index(str(grade))))


def _both(here: Any, value: Any) -> Any:  # noqa: ANN401  texts of a case
    """Two texts one after the other, language by language; one that the other holds is left out."""
    if not here:
        return value
    if isinstance(here, dict) and isinstance(value, dict):
        languages = dict.fromkeys([*here, *value])
        return {each: _after(here.get(each, ""), value.get(each, "")) for each in languages}
    if isinstance(here, dict):
        return {language: _after(text, str(value)) for language, text in here.items()}
    if isinstance(value, dict):
        return {language: _after(str(here), text) for language, text in value.items()}
    return _after(str(here), str(value))


def _after(first: str, second: str) -> str:
    if not first or first in second:
        return second
    return first if second in first else f"{first.rstrip()} {second.lstrip()}"


def _list(value: Any) -> list[Any]:  # noqa: ANN401  a TOML value
    return value if isinstance(value, list) else [] if value is None else [value]
