"""The script that Streamlit runs for the Story page."""

from geo.dashboard.story import story

story()
