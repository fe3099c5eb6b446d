"""Places: found in the gazetteer in any script, or put on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from geo.dashboard.desk import Desk


def places(desk: Desk) -> None:
    """Draw the panel."""
    st.subheader("places", anchor=False)
    st.caption(str(len(desk.values)))
