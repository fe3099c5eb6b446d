"""Times as people type them, made into what a case file holds: ``08:12 Moscow`` becomes 05:12 UTC, and says so.

What is guessed is nothing but the day, which is the day of the flight unless another is typed. A time of day without
a zone is refused, as in a case file; so is one that a change of clocks leaves out or gives twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo, available_timezones

from geo.errors import PlaceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.model import Finder

_EXAMPLES: Final = "05:12 UTC, 08:12 Moscow, 08:12 +03:00"
#: Languages whose month names are read.
_MONTH_LANGUAGES: Final = ("en", "de", "ru", "az", "kk", "ar")
#: Abbreviations with one meaning in aviation news, hours east of UTC. IST, CST, EST, BST and others have several.
_HOURS: Final = {
    "utc": 0, "gmt": 0, "z": 0, "zulu": 0, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "eet": 2, "eest": 3, "msk": 3,
    "мск": 3, "jst": 9, "kst": 9,
}  # fmt: skip
_SEVERAL: Final = frozenset({"ist", "cst", "est", "edt", "bst", "ast", "pst", "pdt", "mst", "sst", "gst"})
_ABOUT: Final = (
    r"(?:about|around|approximately|approx\.?|circa|ca\.?|c\.|~|≈|gegen|etwa|около|примерно|təxminən|шамамен|حوالي)"
)
_CLOCK: Final = re.compile(
    r"(?<![\d:.+−-])(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?(?![\d:.])\s*(?P<half>[ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
_PACKED: Final = re.compile(r"(?<!\d)(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?=\s*(?:z|utc)\b)", re.IGNORECASE)
_DATES: Final = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:t(?=\d)|(?!\d))", re.IGNORECASE),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})(?!\d)"),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})\.?\s+(?P<name>[^\W\d_]{3,})\.?,?\s+(?P<year>\d{4})(?!\d)"),
    re.compile(r"(?P<name>[^\W\d_]{3,})\.?\s+(?P<day>\d{1,2}),?\s+(?P<year>\d{4})(?!\d)"),
)
_MONTH: Final = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)"),
    re.compile(r"(?P<name>[^\W\d_]{3,})\.?\s+(?P<year>\d{4})"),
)
_WITHIN: Final = re.compile(
    r"(?:±|\+/-|\+-|within)\s*(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>s|sec|seconds?|min|minutes?|h|hours?)\b"
)
_OFFSET: Final = re.compile(r"(?:utc|gmt)?\s*(?P<sign>[+−-])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?")
_TO: Final = re.compile(r"\s*[–—]\s*|\s+(?:to|bis|до|-)\s+|(?<=[:.]\d\d)-(?=\d{1,2}[:.]\d\d)")


@dataclass(frozen=True, slots=True)
class Typed:
    """A time that was typed: ``value`` as a case file holds it, ``said`` as what it was taken to mean, in UTC."""

    value: Any
    said: str


@dataclass(frozen=True, slots=True)
class _Moment:
    """One end of what was typed: an instant and its precision, or a day, month or year."""

    value: datetime | date | str
    said: str
    utc: datetime | None = None


def typed_when(text: str, day: date | None, zones: Mapping[str, str], *, find: Finder | None = None) -> Typed:
    """What a case file holds for a time that somebody typed.

    Args:
        text: an instant (``08:12 Moscow``, ``25 December 2024 08:12:30 +03:00``, ``0512Z``), an interval
            (``04:50–05:11 UTC``), an approximate time (``about 05:21 UTC``, ``05:21 UTC ± 2 min``), or a day, month
            or year alone.
        day: the day that is meant where none is typed, as the calendar of the named zone has it.
        zones: IANA zones by the names that may stand for them, in any case: those of the clocks and places of a case.
            IANA names and the cities in them are known besides.
        find: finds the place of a name that is none of these; its zone is meant.

    Raises:
        ValueError: when it cannot be read, with what to write instead.
    """
    known = {name.casefold(): zone for name, zone in zones.items()}
    rest = " ".join(text.split())
    if not rest:
        raise ValueError(f"no time was typed; write {_EXAMPLES}")
    within, rest = _within(rest)
    about = re.match(rf"{_ABOUT}\s*", rest, re.IGNORECASE)
    if about:
        rest = rest[about.end() :]
    rest = re.sub(r"^(?:from|von)\s+", "", rest, flags=re.IGNORECASE)
    parts = [rest] if _is_iso(rest) else _TO.split(rest)
    if len(parts) > 2:  # noqa: PLR2004  an interval has two ends
        raise ValueError(f"{text!r} has more than two ends; write 04:50–05:11 UTC")
    ends = _ends(parts, day, known, find)
    value: Any = ends[0].value
    said = ends[0].said
    if len(ends) > 1:
        value = {"from": ends[0].value, "to": ends[1].value}
        said = f"{ends[0].said} – {ends[1].said}"
    if (about or within) and len(ends) > 1:
        value["about"] = True
    elif about or within:
        value = {"about": value}
        said = f"≈ {said}"
    if within:
        value["within"] = within
        said = f"{said} ± {within}"
    return Typed(value, said)


def zones_of(values: Mapping[str, Any], places: Mapping[str, str]) -> dict[str, str]:
    """The names that stand for zones in a case.

    Args:
        values: of its document; the clocks and their names count.
        places: zone by name of a place.
    """
    named = dict(places)
    for clock in values.get("clocks", ()):
        zone = clock if isinstance(clock, str) else clock.get("zone", "")
        names = clock.get("name", {}) if isinstance(clock, dict) else {}
        for name in [names] if isinstance(names, str) else names.values():
            named[str(name)] = zone
    return named


def _is_iso(text: str) -> bool:
    """Whether it is one instant as ISO 8601 writes it, whose hyphens are no "to"."""
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _within(text: str) -> tuple[str | None, str]:
    """The tolerance in a text, as a case file writes it, and the text without it."""
    found = _WITHIN.search(text)
    if not found:
        return None, text
    number, unit = found["number"].replace(",", "."), found["unit"][0].lower()
    said = f"{float(number):g} {'min' if unit == 'm' else unit}"
    return said, f"{text[: found.start()]} {text[found.end() :]}".strip()


def _ends(parts: list[str], day: date | None, zones: Mapping[str, str], find: Finder | None) -> list[_Moment]:
    """The ends of what was typed; one that names no day or no zone has those of the other."""
    taken = [_taken_apart(part) for part in parts]
    days = [found for found, _, _ in taken if found]
    named = [zone for _, _, zone in taken if zone]
    ends: list[_Moment] = []
    for (own, clock, zone), part in zip(taken, parts, strict=True):
        if clock is None:
            ends.append(_dated(own, zone, part))
            continue
        meant = own or (days[0] if days else day)
        if not isinstance(meant, date):
            told = f"{part!r} needs its day; write 25 December 2024 {_EXAMPLES.split(',', maxsplit=1)[0]}"
            raise ValueError(told)  # noqa: TRY004  what was typed is wrong, not our types
        where = zone or (named[-1] if named else "")
        end = _instant(meant, clock, where, part, zones, find)
        if ends and own is None and end.utc and ends[0].utc and end.utc < ends[0].utc:
            # 23:50 to 00:11 goes over midnight.
            end = _instant(meant + timedelta(days=1), clock, where, part, zones, find)
        ends.append(end)
    if len({type(end.value) is date for end in ends}) > 1:
        raise ValueError("one end of the interval is a day and the other a time of day; write both the same way")
    return ends


def _taken_apart(text: str) -> tuple[date | str | None, tuple[int, int, int | None] | None, str]:
    """The day (or month, or year), the time of day, and what is left: the zone."""
    for pattern in _DATES:
        found = pattern.search(text)
        if found and (month := _month(found)):
            try:
                day: date | str | None = date(int(found["year"]), month, int(found["day"]))
            except ValueError as wrong:
                raise ValueError(f"{found[0]!r} is no day of the calendar; write 25 December 2024") from wrong
            text = f"{text[: found.start()]} {text[found.end() :]}"
            break
    else:
        day = _month_or_year(text)
        if day:
            return day, None, ""
    clock, rest = _clock(text)
    return day, clock, rest.strip(" ,()")


def _month(found: re.Match[str]) -> int | None:
    named = found.groupdict().get("name")
    return _months().get(named.casefold()) if named else int(found["month"])


@cache
def _months() -> dict[str, int]:
    """Numbers of months by their names, long and short, in the languages of the interface."""
    from babel.dates import get_month_names  # only a month by its name needs it

    return {
        name.casefold().strip("."): number
        for language in _MONTH_LANGUAGES
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, language).items()
    }


def _month_or_year(text: str) -> str | None:
    if re.fullmatch(r"\d{4}", text):
        return text
    for pattern in _MONTH:
        found = pattern.fullmatch(text)
        month = _month(found) if found else None
        if found and month and 1 <= month <= 12:  # noqa: PLR2004  months
            return f"{int(found['year']):04}-{month:02}"
    return None


def _clock(text: str) -> tuple[tuple[int, int, int | None] | None, str]:
    """The time of day in a text, and the text without it."""
    found = _CLOCK.search(text) or _PACKED.search(text)
    if not found:
        return None, text
    hour, minute = int(found["hour"]), int(found["minute"])
    second = int(found["second"]) if found["second"] else None
    half = (found.groupdict().get("half") or "").casefold()[:1]
    if half:
        if not 1 <= hour <= 12:  # noqa: PLR2004  hours of a half day
            raise ValueError(f"{found[0].strip()!r} is no time of day; write 8:12 pm or 20:12")
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59 or (second or 0) > 59:  # noqa: PLR2004  a clock
        raise ValueError(f"{found[0].strip()!r} is no time of day; hours end at 23, minutes and seconds at 59")
    return (hour, minute, second), f"{text[: found.start()]} {text[found.end() :]}"


def _dated(day: date | str | None, rest: str, part: str) -> _Moment:
    if day is None:
        raise ValueError(f"{part!r} is no time; write {_EXAMPLES}, or a day: 25 December 2024")
    if rest:
        raise ValueError(f"{rest!r} in {part!r} is not understood; a day alone has no zone: write 25 December 2024")
    return _Moment(day, str(day))


def _instant(
    day: date, clock: tuple[int, int, int | None], zone: str, part: str, zones: Mapping[str, str], find: Finder | None
) -> _Moment:
    hour, minute, second = clock
    if not zone:
        raise ValueError(f"{part!r} needs its zone; write {_EXAMPLES}")
    local = datetime(day.year, day.month, day.day, hour, minute, second or 0, tzinfo=_zone(zone, zones, find))
    _unambiguous(local, part)
    try:
        utc = local.astimezone(UTC)
    except OverflowError as wrong:
        raise ValueError(f"{part!r} is outside the years that a calendar has") from wrong
    exact = second is not None
    told = f"{utc:%H:%M:%S}" if exact else f"{utc:%H:%M}"
    said = f"{told} UTC" if utc.date() == day else f"{utc:%Y-%m-%d} {told} UTC"
    if local.utcoffset() or zone.casefold() not in _HOURS:
        said = f"{hour:02}:{minute:02}{f':{second:02}' if exact else ''} {zone} = {said}"
    return _Moment(utc if exact else f"{utc:%Y-%m-%dT%H:%MZ}", said, utc)


def _zone(name: str, zones: Mapping[str, str], find: Finder | None) -> tzinfo:
    """The zone that a name means.

    Raises:
        ValueError: when it means none, or one of several.
    """
    wanted = " ".join(name.casefold().removesuffix(" time").split())
    offset = _OFFSET.fullmatch(wanted)
    if offset:
        span = timedelta(hours=int(offset["hours"]), minutes=int(offset["minutes"] or 0))
        if span > timedelta(hours=14):
            raise ValueError(f"{name!r} is more than any zone is from UTC; write {_EXAMPLES}")
        return timezone(span if offset["sign"] == "+" else -span)
    if wanted in zones:
        return ZoneInfo(zones[wanted])
    if wanted in _HOURS:
        return timezone(timedelta(hours=_HOURS[wanted]))
    if wanted in _SEVERAL:
        raise ValueError(f"{name!r} stands for several zones; write the offset, such as +05:30, or a city")
    if wanted in ("local", "local time", "lt", "ortszeit"):
        raise ValueError(f"{name!r} does not say where; write {_EXAMPLES}")
    known = _iana().get(wanted.replace(" ", "_")) or _zone_of_place(name, find)
    if known:
        return ZoneInfo(known)
    raise ValueError(f"{name!r} is no zone that is known here; write {_EXAMPLES}")


def _zone_of_place(name: str, find: Finder | None) -> str | None:
    if find is None:
        return None
    try:
        return find(name).timezone
    except PlaceError as wrong:
        raise ValueError(f"{name!r} is no zone and no clear place ({wrong}); write {_EXAMPLES}") from wrong


@cache
def _iana() -> dict[str, str]:
    """IANA zones by their names and by the cities in them, in small letters."""
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    cities = {name.rsplit("/", 1)[-1].casefold(): name for name in names}
    return {**cities, **{name.casefold(): name for name in names}}


def _unambiguous(local: datetime, part: str) -> None:
    """Refuse a time that a change of clocks leaves out or gives twice."""
    first, second = local.utcoffset(), local.replace(fold=1).utcoffset()
    if first is None or second is None or first == second:
        return
    back = local.astimezone(UTC).astimezone(local.tzinfo)
    if back.replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError(f"{part!r} did not exist: clocks were put forward over it; write it in UTC")
    offsets = " or ".join(map(_offset, (first, second)))
    raise ValueError(f"{part!r} came twice, as clocks were put back; write the offset instead of the zone: {offsets}")


def _offset(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    return f"{'+' if minutes >= 0 else '−'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
