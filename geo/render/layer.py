"""What folium and the page write alike: the options of the map, the data block and the call that draws.

In a document a scene is packed: a source that many events cite stands once, what the text of a page says is not said
again in its data, and numbers are written in letters. ``assets/viewer/unpack.js`` makes the same scene of it again.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache
from operator import sub
from typing import TYPE_CHECKING, Any, Final

from geo.basemap import basemap
from geo.render.inline import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# What folium writes into L.map(...) for the map that folium_map makes; the viewer fits the view itself.
MAP_OPTIONS: Final[Mapping[str, bool | int | float]] = {
    "zoom": 1,
    "zoomControl": False,
    "preferCanvas": False,
    "attributionControl": False,
}

LAYER_HTML: Final = '<script type="application/json" id="{name}_data">{data}</script>'
LAYER_SCRIPT: Final = 'var {name} = flightcase.drawLayer("{name}", {map});'


def changes(old: Any, new: Any) -> Any:  # noqa: ANN401  any JSON
    """What turns one JSON value into another that has at least its keys; ``{}`` for equal ones.

    Returns:
        ``[new]`` where the whole is replaced, else the changes of the parts by key, or by index as text.
    """
    if old == new:
        return {}
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() <= new.keys():
        added = {key: [value] for key, value in new.items() if key not in old}
        return added | {key: changes(old[key], new[key]) for key in old if old[key] != new[key]}
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return {str(index): changes(one, other) for index, (one, other) in pairs if one != other}
    return [new]


def divided(scene: Mapping[str, Any]) -> dict[str, Any]:
    """The scene in parts: its sources, each once; its events; the rest. Both name the sources by their ids."""
    rest = {name: value for name, value in scene.items() if name != "events"}
    rest["other_sources"] = [source["id"] for source in scene["other_sources"]]
    events = [
        {**event, "card": {**event["card"], "sources": [source["id"] for source in event["card"]["sources"]]}}
        for event in scene["events"]
    ]
    return {"sources": sources_of(scene), "scene": rest, "events": events}


def sources_of(scene: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Every source, once, in the order in which events cite them; then those that only other parts rest on."""
    cited = {source["id"]: source for event in scene["events"] for source in event["card"]["sources"]}
    return cited | {source["id"]: source for source in scene["other_sources"]}


class _Letters(dict[int, str]):
    """Whole numbers in letters: 0, -1, 1, -2 … are 0, 1, 2, 3 … to the base of 26, the last digit a small letter."""

    def __missing__(self, number: int) -> str:
        rest, digit = divmod(2 * number if number >= 0 else -2 * number - 1, 26)
        text = chr(97 + digit)
        while rest:
            rest, digit = divmod(rest, 26)
            text = chr(65 + digit) + text
        if len(text) < _KEPT:
            self[number] = text
        return text


_KEPT: Final = 4
#: A number as texts have it, and what stands between its thousands.
_NUMBER: Final = re.compile(r"([0-9]{1,3}(?:([^0-9A-Za-z])[0-9]{3})(?:\2[0-9]{3})*(?![0-9])|[0-9]+)")
_letters: Final = _Letters()
#: Differences of a column are taken this often at most, and as often as makes its first values lightest.
_MOST: Final = 3
_SAMPLE: Final = 64


def _written(numbers: Iterable[int]) -> str:
    return "".join(map(_letters.__getitem__, numbers))


def _weight(text: str) -> float:
    """What gzip makes of letters, bits, nearly: their entropy (Shannon 1948), and something for each."""
    bits = _surprise(len(text)) - sum(map(_surprise, Counter(text).values()))
    return round(bits + len(text), 3)


@cache
def _surprise(count: int) -> float:
    return count * math.log2(count) if count else 0.0


def _column(deltas: Sequence[int]) -> str:
    """How often differences of the deltas were taken, all but the first; then that and these in letters."""
    order, tail = 0, list(deltas[1:_SAMPLE])
    least = _weight(_written(tail))
    for tried in range(1, _MOST + 1):
        tail = _differences(tail)
        if (weight := _weight(_written(tail))) < least:
            order, least = tried, weight
    tail = list(deltas[1:])
    for _ in range(order):
        tail = _differences(tail)
    return f"{order}{_written(deltas[:1])}{_written(tail)}"


def _differences(numbers: Sequence[int]) -> list[int]:
    return [*numbers[:1], *map(sub, numbers[1:], numbers)]


def _formed(texts: Any) -> Any:  # noqa: ANN401  any JSON
    """Texts that differ in numbers alone, as their forms with # for each number, and the numbers as a column.

    Other lists, and texts that would not come back letter by letter, stay as they are.
    """
    if not (isinstance(texts, list) and texts and all(isinstance(text, str) for text in texts)):
        return texts
    numbers = [_NUMBER.findall(text) for text in texts]
    mark = next((found[1] for each in numbers for found in each if found[1]), "")
    told = [whole.replace(mark, "") for each in numbers for whole, _ in each]
    values = [int(digits) for digits in told if digits.isdigit()]
    forms = [_NUMBER.sub("#", text) for text in texts]
    rest = iter(values)
    again = [re.sub("#", lambda _: f"{next(rest, 0):,}".replace(",", mark), form) for form in forms]
    if again != texts or next(rest, None) is not None:
        return texts
    known = list(dict.fromkeys(forms))
    return {"forms": known, "mark": mark, "which": _steps([*map(known.index, forms)]), "values": _steps(values)}


def _steps(numbers: Sequence[int]) -> dict[str, Any]:
    return {"quantum": 1, "deltas": _differences(numbers)}


def _packed(value: Any) -> Any:  # noqa: ANN401  any JSON
    """JSON with every column written in letters."""
    if isinstance(value, dict):
        if value.keys() == {"quantum", "deltas"}:
            return {"quantum": value["quantum"], "deltas": _column(value["deltas"])}
        return {key: _packed(_formed(inner) if key == "texts" else inner) for key, inner in value.items()}
    return [_packed(inner) for inner in value] if isinstance(value, list) else value


def _packed_lines(value: Any) -> Any:  # noqa: ANN401  lines, or lists of them, or what else a basemap holds
    if not isinstance(value, list) or not value:
        return value
    return _written(value) if isinstance(value[0], int) else [_packed_lines(inner) for inner in value]


def layer_data(scene: Mapping[str, Any], told: Mapping[str, Any] | None = None) -> str:
    """The scene and the part of the basemap that it needs, packed, as JSON that may stand in HTML.

    Args:
        scene: what ``compose`` made.
        told: the parts that the text of the page holds already, as ``told`` gives them.
    """
    parts = {part: _packed(changes(told[part] if told else None, value)) for part, value in divided(scene).items()}
    land = {name: _packed_lines(value) for name, value in basemap(scene["map"]["limits"]).items()}
    text = json_text({**parts, "basemap": land})
    # Folium reads what a layer wrote as a template once more; in JSON these pairs stand within strings only.
    return text.replace("{{", "{\\u007b").replace("{%", "\\u007b%").replace("{#", "\\u007b#")
