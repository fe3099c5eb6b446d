"""The script that Streamlit runs for every page of the dashboard."""

from geo.dashboard.frame import frame

frame()
