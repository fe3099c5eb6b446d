"""The Data page: every number that the case rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from geo.dashboard.view import View


def data(view: View) -> None:
    """Draw the page."""
    st.write("data", view.slug)
