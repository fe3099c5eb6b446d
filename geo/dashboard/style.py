"""What the dashboard's own style adds to Streamlit's."""

from __future__ import annotations

from functools import cache
from typing import Final

from geo.resources import asset_text

_PARTS: Final = ("frame", "new", "edit", "events", "tracks", "data", "publish", "archive")


@cache
def style() -> str:
    """The style as an element of HTML."""
    return f"<style>{''.join(asset_text('dashboard', f'{part}.css') for part in _PARTS)}</style>"


#: The card of the case that is shown; the key of its button is put in for ``{key}``.
CHOSEN: Final = """<style>.st-key-{key} button {{ background: var(--fc-field); border-color: var(--fc-rule);
  box-shadow: inset 3px 0 0 var(--fc-primary); }}
.st-key-{key}:dir(rtl) button {{ box-shadow: inset -3px 0 0 var(--fc-primary); }}</style>"""
