"""The other languages that a page carries: what each says otherwise, in a block that the viewer reads when asked.

Map, times and numbers are the same in every language, so a language is kept as its changes to the scene of the page.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from geo.errors import RenderError
from geo.render.inline import json_text
from geo.render.layer import changes, divided
from geo.scene.words import own_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BLOCK: Final = '<script type="application/json" class="fc-words" lang="{lang}" title="{name}">{data}</script>\n'


def language_blocks(scene: Mapping[str, Any], others: Iterable[Mapping[str, Any]]) -> str:
    """HTML blocks from which the viewer offers the page in other languages.

    Args:
        scene: of the page.
        others: scenes of the same case in the same units; one in the language of the page is left out.

    Raises:
        RenderError: for a scene of another case or in other units.
    """
    base = divided(scene)
    blocks: dict[str, str] = {}
    for other in others:
        if (other["id"], other["units"]) != (scene["id"], scene["units"]):
            raise RenderError(
                f"a page of {scene['id']} ({scene['units']}) cannot carry {other['id']} ({other['units']}); "
                "compose the same case in the same units"
            )
        language = other["language"]
        if language != scene["language"]:
            data = json_text(changes(base, divided(other)))
            blocks[language] = BLOCK.format(lang=escape(language), name=escape(own_name(language)), data=data)
    if not blocks:
        return ""
    own = BLOCK.format(lang=escape(scene["language"]), name=escape(own_name(scene["language"])), data="{}")
    return own + "".join(blocks.values())
