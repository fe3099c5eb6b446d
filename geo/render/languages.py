"""The page in other words: what a scene says otherwise in another language or other units, as blocks for the viewer.

Map, times and numbers are the same whatever the language, so each scene is kept as its changes to that of the page.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from geo.errors import RenderError
from geo.render.inline import json_text
from geo.render.layer import changes, divided
from geo.scene.words import Words, own_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: ``title`` is the own name of the language, ``data-name`` that of the units in this language.
BLOCK: Final = (
    '<script type="application/json" class="fc-words" lang="{lang}" title="{name}" data-units="{units}" '
    'data-name="{measures}">{data}</script>\n'
)
_MEASURES: Final = {"nautical": "Nautical", "metric": "Metric", "imperial": "Imperial"}


def language_blocks(scene: Mapping[str, Any], others: Iterable[Mapping[str, Any]]) -> str:
    """HTML blocks from which the viewer offers the page in other languages and units.

    Args:
        scene: of the page.
        others: scenes of the same case; of several in one language and units the last one counts, and one in those of
            the page is left out.

    Raises:
        RenderError: for a scene of another case.
    """
    base = divided(scene)
    blocks: dict[tuple[str, str], str] = {}
    for other in others:
        if other["id"] != scene["id"]:
            raise RenderError(f"a page of {scene['id']} cannot carry {other['id']}; compose the same case")
        if _key(other) != _key(scene):
            blocks[_key(other)] = _block(other, json_text(changes(base, divided(other))))
    return "".join([_block(scene, "{}"), *blocks.values()]) if blocks else ""


def _key(scene: Mapping[str, Any]) -> tuple[str, str]:
    return scene["language"], scene["units"]


def _block(scene: Mapping[str, Any], data: str) -> str:
    language, units = _key(scene)
    measures = Words(language).say(_MEASURES[units])
    told = {"lang": language, "name": own_name(language), "units": units, "measures": measures}
    return BLOCK.format(**{name: escape(said) for name, said in told.items()}, data=data)
