"""Tracks: dropped, read, judged and accounted for row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from geo.dashboard.desk import Desk


def tracks(desk: Desk) -> None:
    """Draw the panel."""
    st.subheader("tracks", anchor=False)
    st.caption(str(len(desk.values)))
