"""The words of a scene: messages in its language, dates, times, numbers and units as that language writes them.

Messages are written in English in the code; ``assets/locale/<language>/flightcase.po`` holds the other languages. Dates
and numbers follow CLDR, by way of Babel. This module formats; what is said is decided by the other modules of the
scene.
"""

from __future__ import annotations

import math
import string
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_interval, format_skeleton, format_timedelta
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from geo.measures import FOOT_M, KNOT_KMH, MILE_KM
from geo.resources import asset

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo.model import Text

Units = Literal["nautical", "metric", "imperial"]
#: A text, or the text and its language where that is another than the scene's; or several of these, put together.
Said = str | dict[str, str] | list[str | dict[str, str]]

_WHOLE: Final = 10
_MINUTE_S: Final = 60
_RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ur"})
#: Languages with a comma and a semicolon of their own; CLDR has no semicolon.
_ARABIC_MARKS: Final = frozenset({"ar", "fa", "ur"})


@cache
def languages() -> tuple[str, ...]:
    """The languages that the interface is written in; English first."""
    return ("en", *sorted(folder.name for folder in asset("locale").iterdir() if (folder / "flightcase.po").is_file()))


def own_name(language: str) -> str:
    """What a language calls itself, with a capital as at the head of a list; its tag where CLDR does not know it."""
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return language
    name = locale.get_display_name(locale) or language
    return name[:1].upper() + name[1:]


@cache
def _catalogue(language: str) -> Mapping[str, str]:
    """The messages of a language by their English; empty for English and for a language without a catalogue."""
    file = asset("locale", language, "flightcase.po")
    if language == "en" or not file.is_file():
        return {}
    from babel.messages.pofile import read_po  # English needs none

    with file.open("rb") as lines:
        catalogue = read_po(lines, locale=language)
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}


def bare(said: Said | None) -> str:
    """A text of a scene without its languages."""
    if isinstance(said, list):
        return "".join(map(bare, said))
    return said["text"] if isinstance(said, dict) else said or ""


def unended(said: Said | None) -> Said | None:
    """A text of the case without its full stop: the sentence that it is put into has one."""
    if isinstance(said, dict):
        return {**said, "text": said["text"].rstrip(".")}
    return said.rstrip(".") if isinstance(said, str) else said


@dataclass(frozen=True)
class Words:
    """Says things in one language and one set of units."""

    language: str
    units: Units = "nautical"

    @property
    def locale(self) -> Locale:
        """The CLDR locale."""
        return Locale.parse(self.language, sep="-")

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """The direction of writing."""
        return "rtl" if self.language.split("-", 1)[0] in _RIGHT_TO_LEFT else "ltr"

    def say(self, message: str, **values: object) -> str:
        """A message of the interface in the language, with values put in for ``{name}``."""
        said = _catalogue(self.language).get(message, message)
        return said.format(**values) if values else said

    def of(self, text: Text) -> Said | None:
        """A text of the case, with its language when it is not the scene's; ``None`` when there is none."""
        if not text:
            return None
        worded = text.worded(self.language)
        if worded.language in (self.language, "und"):
            return worded.text
        return {"text": worded.text, "lang": worded.language}

    def plain(self, text: Text) -> str:
        """A text of the case without its language."""
        return text.said(self.language)

    # --- putting together ------------------------------------------------------------------------------------------

    def joined(self, *parts: Said | None) -> Said:
        """Parts one after the other, each with its language; a string when none is in another than the scene's."""
        flat: list[str | dict[str, str]] = []
        for part in parts:
            for piece in part if isinstance(part, list) else [part] if part else []:
                if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                    flat[-1] += piece
                else:
                    flat.append(piece)
        return flat[0] if len(flat) == 1 else flat or ""

    def put(self, said: str, **values: Said | None) -> Said:
        """What ``say`` gave without values, with texts put in for ``{name}`` that keep their languages."""
        parts: list[Said | None] = []
        for literal, name, _, _ in string.Formatter().parse(said):
            parts += [literal, values[name] if name else None]
        return self.joined(*parts)

    def among(self, parts: Iterable[Said | None], mark: str) -> Said:
        """Parts with a mark such as ``semicolon`` between them."""
        result: list[Said | None] = []
        for part in parts:
            result += [mark, part] if result else [part]
        return self.joined(*result)

    def listed(self, names: Iterable[str]) -> str:
        """Names as the language lists them: ``a, b, and c``."""
        return str(format_list(list(names), locale=self.locale))

    @property
    def comma(self) -> str:
        """A comma and its space."""
        return "، " if self._arabic_marks else ", "

    @property
    def semicolon(self) -> str:
        """A semicolon and its space."""
        return "؛ " if self._arabic_marks else "; "

    @property
    def _arabic_marks(self) -> bool:
        return self.language.split("-", 1)[0] in _ARABIC_MARKS

    def city(self, zone: str) -> str:
        """The city that an IANA zone is named after, in the language where CLDR has it."""
        named = self.locale.time_zones.get(zone, {}).get("city")
        return str(named or zone.rsplit("/", 1)[-1].replace("_", " "))

    # --- dates and times -------------------------------------------------------------------------------------------

    def clock(self, moment: datetime, zone: str = "UTC", *, seconds: bool = False) -> str:
        """``05:13`` or ``05:13:31`` in a zone, 24 hours."""
        local = moment.astimezone(UTC if zone == "UTC" else ZoneInfo(zone))
        return local.strftime("%H:%M:%S" if seconds else "%H:%M")

    def day(self, day: date) -> str:
        """``25 December 2024``."""
        return str(format_date(day, "long", locale=self._dates))

    def short_day(self, day: date, *, year: bool = False) -> str:
        """``25 Dec``, or ``25 Dec 2024``."""
        return str(format_skeleton("yMMMd" if year else "MMMd", day, locale=self._dates))

    def month(self, day: date, *, short: bool = False) -> str:
        """``December 2024`` or ``Dec 2024``."""
        return str(format_skeleton("yMMM" if short else "yMMMM", day, locale=self._dates))

    def days(self, first: date, last: date, skeleton: str) -> str:
        """``6–7 September 1983``, in the parts of a date that a skeleton of CLDR names."""
        return str(format_interval(first, last, skeleton, locale=self._dates))

    def ago(self, moment: datetime) -> str:
        """``5 minutes ago``, in the largest unit that fits; less than a minute is just now."""
        passed = datetime.now(UTC) - moment
        if passed.total_seconds() < _MINUTE_S:
            return self.say("just now")
        return str(format_timedelta(-passed, granularity="minute", add_direction=True, locale=self._dates))

    @property
    def _dates(self) -> Locale:
        """The locale of dates: English puts the day first, as the field does."""
        return Locale("en", "GB") if self.language == "en" else self.locale

    # --- numbers and units -----------------------------------------------------------------------------------------

    def number(self, value: float, digits: int = 0) -> str:
        """A number with the marks of the language."""
        pattern = "#,##0" + ("." + "#" * digits if digits else "")
        return str(format_decimal(round(value, digits), pattern, locale=self.locale))

    def percent(self, share: float) -> str:
        """``10 %`` as the language writes it."""
        return str(format_percent(share, locale=self.locale))

    def altitude(self, feet: float, *, unit: bool = True) -> str:
        """An altitude; feet stay as published, metres are rounded to one."""
        if self.units == "metric":
            return self.number(feet * FOOT_M) + (self.say(" m") if unit else "")
        return self.number(feet) + (self.say(" ft") if unit else "")

    def distance(self, km: float) -> str:
        """A distance on the ground, with one decimal under ten."""
        value, name = (km / MILE_KM, self.say(" mi")) if self.units == "imperial" else (km, self.say(" km"))
        return self.number(value, 0 if value >= _WHOLE or value == round(value) else 1) + name

    def between(self, low_km: float, high_km: float) -> str:
        """Two distances as a range, the unit once: ``120–340 km``."""
        low, high = self.distance(low_km), self.distance(high_km)
        unit = self.say(" mi") if self.units == "imperial" else self.say(" km")
        return f"{low.removesuffix(unit)}–{high}"

    def speed(self, knots: float) -> str:
        """A speed, to the whole unit."""
        if self.units == "metric":
            return self.number(knots * KNOT_KMH) + self.say(" km/h")
        if self.units == "imperial":
            return self.number(knots * KNOT_KMH / MILE_KM) + self.say(" mph")
        return self.number(knots) + self.say(" kt")

    def area(self, km2: float) -> str:
        """An area, to two figures."""
        value, name = (km2 / MILE_KM**2, self.say(" sq mi")) if self.units == "imperial" else (km2, self.say(" km²"))
        step = 10 ** max(int(math.log10(max(value, 1.0))) - 1, 0)
        return self.number(round(value / step) * step) + name
