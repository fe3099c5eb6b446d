"""The intended route, and what it is based on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from geo.dashboard.desk import Desk


def route(desk: Desk) -> None:
    """Draw the panel."""
    st.subheader("route", anchor=False)
    st.caption(str(len(desk.values)))
