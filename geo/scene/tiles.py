"""The tile layer that a reader may ask for: its address, its credit, and the words that stand on its button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geo.model import Case
    from geo.scene.words import Words

Json = dict[str, Any]


def draw(case: Case, words: Words) -> Json:
    """``tiles`` for the map of the scene; nothing where the case names no provider."""
    tiles = case.tiles
    if tiles is None:
        return {}
    drawn = {
        "url": tiles.url,
        "max_zoom": tiles.max_zoom,
        "attribution": words.of(tiles.attribution),
        "load": words.say("Load map tiles from {provider}", provider=tiles.provider),
        "remove": words.say("Remove map tiles from {provider}", provider=tiles.provider),
        "note": note(case, words),
    }
    return {"tiles": drawn}


def note(case: Case, words: Words) -> str | None:
    """What the provider learns when a reader asks for the tiles; ``None`` where there are none to ask for."""
    if case.tiles is None:
        return None
    return words.say(
        "Map tiles load only on request; {provider} then learns your network address "
        "and which part of the map you look at.",
        provider=case.tiles.provider,
    )
