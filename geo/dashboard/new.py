"""The page on which a case begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from geo.dashboard.view import View


def new(view: View) -> None:
    """Draw the page."""
    st.write("new", view.slug)
