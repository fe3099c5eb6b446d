"""The viewer as a two-way Streamlit component."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.dashboard.routes import basemap_address, code_address, scene_address

if TYPE_CHECKING:
    from geo.dashboard.library import Entry

# Streamlit sends this text again with each change of data and runs it from a blob, where a path has no origin.
_LOADER: Final = """export default async (component) =>
  (await import(new URL(component.data.module, document.baseURI).href)).render(component);"""

_VIEWER: Final = st.components.v2.component("flightcase_viewer", js=_LOADER)


def viewer(
    entry: Entry, language: str, units: str, scheme: str | None, address: dict[str, str]
) -> dict[str, Any] | None:
    """Draw the viewer of a case.

    Args:
        entry: the case.
        language: of the scene.
        units: of the scene.
        scheme: ``light`` or ``dark``; anything else follows the reader's system.
        address: what the address of the page says besides the moment, which the viewer reads and keeps there.

    Returns:
        ``t`` and ``event`` that the reader has chosen, or ``None`` before that.
    """
    shown = _VIEWER(
        key=f"viewer-{entry.slug}",
        data={
            "module": code_address("viewer", "streamlit.js"),
            "leaflet": code_address("viewer", "leaflet.js"),
            "styles": [code_address("viewer", "leaflet.css"), code_address("viewer", "viewer.css")],
            "scene": scene_address(entry, language, units),
            "basemap": basemap_address(entry),
            "language": language,
            "scheme": scheme if scheme in ("light", "dark") else None,
            "address": address,
        },
        on_moment_change=_nothing,
    )
    moment: dict[str, Any] | None = shown.get("moment")
    return moment


def _nothing() -> None:
    """What Streamlit is to do before the rerun; a state of a component needs a callback to be one."""
