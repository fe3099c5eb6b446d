"""Positions as people type them: decimal degrees, degrees and minutes, with seconds, with or without letters."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

#: What may stand between the parts of an angle: signs for degrees, minutes and seconds in many fonts.
_DEGREE: Final = "°º˚"
_MINUTE: Final = "'\u2032\u2019\u02bc\u00b4`"
_SECOND: Final = '"\u2033\u201d\u201c'
_SIGNS: Final = str.maketrans(
    dict.fromkeys(_DEGREE, "°")
    | dict.fromkeys(_MINUTE, "'")
    | dict.fromkeys(_SECOND, '"')
    | {"\u2212": "-", "\u2013": "-", "\u2010": "-", "\u2011": "-", "\u00a0": " ", "\u202f": " "}
)
_SAYS: Final = (
    "write degrees, north and east positive: 43.388, 45.699; or degrees, minutes and seconds: "
    "43°23'17\"N 45°41'56\"E; or N43 23.3 E045 41.9"
)
_ANGLE: Final = re.compile(
    r"""(?P<sign>[+-]?)\s*(?P<degrees>\d{1,3}(?:\.\d+)?)\s*°?
        (?:\s*(?P<minutes>\d{1,2}(?:\.\d+)?)\s*'?(?:\s*(?P<seconds>\d{1,2}(?:\.\d+)?)\s*(?:"|'')?)?)?""",
    re.VERBOSE,
)
_LABELS: Final = re.compile(r"\b(lat(?:itude)?|lon(?:g(?:itude)?)?|lng)\b\s*[=:]?", re.IGNORECASE)
#: Degrees, minutes and perhaps seconds run together, as flight plans have them: 4323N04542E, 432317N0454156E.
_PACKED: Final = re.compile(
    r"(?:(?P<lat>\d{2})(?P<lat_m>\d{2})(?P<lat_s>\d{2})?(?P<ns>[NS])\s*"
    r"(?P<lon>\d{3})(?P<lon_m>\d{2})(?P<lon_s>\d{2})?(?P<ew>[EW]))"
)
_COMMA_DECIMALS: Final = re.compile(r"^([^,;]*\d),(\d[^,;]*)[;\s]\s*([^,;]*\d),(\d[^,;]*)$")
_GRID: Final = re.compile(r"\d{1,2}[C-HJ-NP-X]\s*[A-HJ-NP-Z]{2}\s*\d{2,10}(?:\s*\d{1,5})?", re.IGNORECASE)
_POLE: Final = 90.0
_HALF_TURN: Final = 180.0
_SIXTY: Final = 60


class Point(NamedTuple):
    """Latitude and longitude, degrees, north and east positive."""

    lat: float
    lon: float


def looks_like_position(text: str) -> bool:
    """Whether a text is meant as a position rather than as a name or code: it holds two numbers or more."""
    return len(re.findall(r"\d+(?:\.\d+)?", text)) > 1 and not re.search(r"[^\W\d_]{4,}", _LABELS.sub(" ", text))


def read_position(text: str) -> Point:
    """The position that was typed.

    Decimal degrees, degrees and decimal minutes, degrees, minutes and seconds; letters N, S, E, W before or after, in
    either order; signs; ``lat = …, lon = …``; decimal commas where the two are parted by a semicolon or a space;
    ``4323N04542E`` of flight plans.

    Raises:
        ValueError: it is no position, and which is meant cannot be told; the message says what to write.
    """
    clean = unicodedata.normalize("NFC", text).translate(_SIGNS).strip().strip("()[]{}").strip()
    if not clean:
        raise ValueError(f"no position was typed; {_SAYS}")
    if _GRID.fullmatch(clean):
        raise ValueError(f"{_shown(text)} is a grid reference (MGRS), which is not read here; {_SAYS}")
    if packed := _PACKED.fullmatch(clean.upper()):
        return _packed(packed, text)
    first, second = _halves(clean, text)
    return _ordered(first, second, text)


def write_position(lat: float, lon: float) -> str:
    """A position as the fields show it: ``43.3881, 45.6998``; what is read from it again is the same position."""
    return f"{_plain(lat)}, {_plain(lon)}"


def _plain(value: float) -> str:
    said = f"{value:.10f}".rstrip("0")
    return said + "0" if said.endswith(".") else said


class _Half(NamedTuple):
    """One of the two angles, degrees, and which it says it is: N or E, empty where it does not say."""

    value: float
    axis: str


def _halves(clean: str, text: str) -> tuple[_Half, _Half]:
    labelled = [match[1].lower()[:2] for match in _LABELS.finditer(clean)]
    bare = _LABELS.sub(" ", clean).upper().strip(" ,;/")
    if re.search("[NSEW]", bare):
        bare = re.sub(r"(?<=\d)-(?=\d)", " ", bare)  # 43-23-17N; without a letter it may be a minus sign
    if decimals := _COMMA_DECIMALS.match(bare):
        bare = "{}.{}; {}.{}".format(*decimals.groups())
    for one, other in _splits(bare):
        halves = (_half(one), _half(other))
        if halves[0] and halves[1]:
            first, second = halves[0], halves[1]
            if len(labelled) == len(halves):
                first, second = (
                    half._replace(axis=half.axis or ("N" if label == "la" else "E"))
                    for half, label in zip((first, second), labelled, strict=True)
                )
            return first, second
    raise ValueError(f"{_shown(text)} is no position; {_SAYS}")


def _splits(bare: str) -> list[tuple[str, str]]:
    """The ways in which the text may fall in two: at a mark, at a letter, else at the middle one of its spaces."""
    for mark in (";", ",", "/", "|"):
        if bare.count(mark) == 1:
            one, _, other = bare.partition(mark)
            return [(one, other)]
    lettered = re.fullmatch(r"([^NSEW]*[NSEW])\s*([^NSEW]*[NSEW])", bare) or re.fullmatch(
        r"([NSEW][^NSEW]*)([NSEW][^NSEW]*)", bare
    )
    if lettered:
        return [(lettered[1], lettered[2])]
    parts = bare.split()
    middle = len(parts) // 2
    return [(" ".join(parts[:middle]), " ".join(parts[middle:]))] if len(parts) in (2, 4, 6) else []


def _half(said: str) -> _Half | None:
    said = said.strip()
    letters = re.findall(r"[A-Z]", said)
    if len(letters) > 1 or (letters and letters[0] not in "NSEW"):
        return None
    bare = said.strip("NSEW").strip()
    match = _ANGLE.fullmatch(bare)
    if match is None or re.search(r"[A-Z]", bare):
        return None
    degrees, minutes, seconds = (float(match[part] or 0) for part in ("degrees", "minutes", "seconds"))
    if minutes >= _SIXTY or seconds >= _SIXTY or ("." in match["degrees"] and match["minutes"]):
        return None
    if match["minutes"] and "." in match["minutes"] and match["seconds"]:
        return None
    value = degrees + minutes / _SIXTY + seconds / _SIXTY**2
    letter = letters[0] if letters else ""
    if letter and match["sign"]:
        return None
    if letter in ("S", "W") or match["sign"] == "-":
        value = -value
    return _Half(value, {"S": "N", "W": "E"}.get(letter, letter))


def _packed(match: re.Match[str], text: str) -> Point:
    values = []
    for name, letter in (("lat", "ns"), ("lon", "ew")):
        minutes, seconds = float(match[f"{name}_m"]), float(match[f"{name}_s"] or 0)
        if minutes >= _SIXTY or seconds >= _SIXTY:
            raise ValueError(f"{_shown(text)} has 60 or more minutes or seconds; {_SAYS}")
        value = float(match[name]) + minutes / _SIXTY + seconds / _SIXTY**2
        values.append(-value if match[letter] in "SW" else value)
    return _checked(values[0], values[1], text)


def _ordered(first: _Half, second: _Half, text: str) -> Point:
    axes = first.axis + second.axis
    if axes in ("NN", "EE"):
        other = "longitude (E or W)" if axes == "NN" else "latitude (N or S)"
        raise ValueError(f"{_shown(text)} gives one of the two twice and no {other}; {_SAYS}")
    if first.axis == "E" or second.axis == "N":
        return _checked(second.value, first.value, text)
    return _checked(first.value, second.value, text)


def _checked(lat: float, lon: float, text: str) -> Point:
    if abs(lat) > _POLE:
        if abs(lon) <= _POLE and abs(lat) <= _HALF_TURN:
            raise ValueError(
                f"latitude {lat:g} is not between -90 and 90; are the two swapped? write {write_position(lon, lat)}"
            )
        raise ValueError(f"latitude {lat:g} in {_shown(text)} is not between -90 and 90; {_SAYS}")
    if abs(lon) > _HALF_TURN:
        raise ValueError(f"longitude {lon:g} in {_shown(text)} is not between -180 and 180; {_SAYS}")
    return Point(round(lat, 10), round(lon, 10))


def _shown(text: str) -> str:
    visible = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text.strip())
    return f'"{visible[:40]}{"…" if len(visible) > 40 else ""}"'  # noqa: PLR2004  a line has room for it
