"""preview of the draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from geo.dashboard.desk import Desk
    from geo.dashboard.view import View


def preview(view: View, desk: Desk) -> None:
    """Draw the panel."""
    st.caption(f"preview {view.page} {desk.draft.step}")
