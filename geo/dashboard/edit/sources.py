"""Sources of the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from geo.dashboard.desk import Desk


def sources(desk: Desk) -> None:
    """Draw the panel."""
    st.subheader("sources", anchor=False)
    st.caption(str(len(desk.values)))
