"""history of the draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from geo.dashboard.desk import Desk
    from geo.dashboard.view import View


def history(view: View, desk: Desk) -> None:
    """Draw the panel."""
    st.caption(f"history {view.page} {desk.draft.step}")
