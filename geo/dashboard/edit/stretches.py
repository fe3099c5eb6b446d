"""What the author knows where no track covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from geo.dashboard.desk import Desk


def stretches(desk: Desk) -> None:
    """Draw the panel."""
    st.subheader("stretches", anchor=False)
    st.caption(str(len(desk.values)))
