"""Events: what happened, when, where, how well established, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from geo.dashboard.desk import Desk


def events(desk: Desk) -> None:
    """Draw the panel."""
    st.subheader("events", anchor=False)
    st.caption(str(len(desk.values)))
