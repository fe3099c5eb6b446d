"""The Publish page: what is published, what it weighs, and what must be so before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from geo.dashboard.view import View


def publish(view: View) -> None:
    """Draw the page."""
    st.write("publish", view.slug)
