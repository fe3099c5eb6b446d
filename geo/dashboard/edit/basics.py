"""What is said of the flight as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from geo.dashboard.desk import Desk


def basics(desk: Desk) -> None:
    """Draw the panel."""
    st.subheader("basics", anchor=False)
    st.caption(str(len(desk.values)))
