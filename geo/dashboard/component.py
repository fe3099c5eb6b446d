"""The viewer as a two-way Streamlit component."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.dashboard.parts import LOADER, key_for
from geo.dashboard.routes import (
    basemap_address,
    code_address,
    draft_basemap_address,
    draft_scene_address,
    scene_address,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from geo.dashboard.drafts import Draft
    from geo.dashboard.library import Entry

_VIEWER: Final = st.components.v2.component("flightcase_viewer", js=LOADER)
_PREVIEW: Final = st.components.v2.component("flightcase_preview", js=LOADER)


def viewer(
    entry: Entry,
    language: str,
    units: str,
    scheme: str | None,
    address: dict[str, str],
    *,
    draft: Draft | None = None,
    style: str | None = None,
) -> dict[str, Any] | None:
    """Draw the viewer of a case.

    Args:
        entry: the case.
        language: of the scene.
        units: of the scene.
        scheme: ``light`` or ``dark``; anything else follows the reader's system.
        address: what the address of the page says besides the moment, which the viewer reads and keeps there.
        draft: is shown in place of the saved case.
        style: a sheet of ``assets/dashboard`` that fits the viewer to its page.

    Returns:
        ``t`` and ``event`` that the reader has chosen, or ``None`` before that.
    """
    shown = _VIEWER(
        # With another style it is another viewer: the styles of one that stands do not change.
        key=key_for(f"{'beside' if style else 'viewer'}-{entry.slug}"),
        data={
            "module": code_address("viewer", "streamlit.js"),
            "leaflet": code_address("viewer", "leaflet.js"),
            "styles": [
                code_address("viewer", "leaflet.css"),
                code_address("viewer", "viewer.css"),
                *([code_address("dashboard", style)] if style else []),
            ],
            "scene": draft_scene_address(draft, language, units) if draft else scene_address(entry, language, units),
            "basemap": draft_basemap_address(draft) if draft else basemap_address(entry),
            "language": language,
            "scheme": scheme if scheme in ("light", "dark") else None,
            "address": address,
        },
        on_moment_change=_nothing,
    )
    moment: dict[str, Any] | None = shown.get("moment")
    return moment


def preview(
    draft: Draft,
    language: str,
    units: str,
    said: dict[str, Any],
    *,
    shown: bool,
    picked: Callable[[Any], None],
) -> None:
    """Draw the viewer of a draft, with the map on which positions are given.

    Args:
        draft: as it stands.
        language: of the scene.
        units: of the scene.
        said: what stands around the viewer and can be moved on its map, as ``assets/dashboard/preview.js`` has it.
        shown: whether anything of the draft can be shown.
        picked: called with what the map answers.
    """
    key = key_for(f"preview-{draft.id}")

    def answered() -> None:
        answer = st.session_state[key].get("picked")
        if answer:
            picked(answer)

    _PREVIEW(
        key=key,
        data={
            "module": code_address("dashboard", "preview.js"),
            "leaflet": code_address("viewer", "leaflet.js"),
            "styles": [
                code_address("viewer", "leaflet.css"),
                code_address("viewer", "viewer.css"),
                code_address("dashboard", "preview.css"),
            ],
            "draft": draft.id,
            "scene": draft_scene_address(draft, language, units) if shown else None,
            "basemap": draft_basemap_address(draft),
            **said,
        },
        on_picked_change=answered,
    )


def _nothing() -> None:
    """What Streamlit is to do before the rerun; a state of a component needs a callback to be one."""
