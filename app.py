"""The dashboard for ``streamlit run app.py``; ``flightcase serve`` starts the same one."""

from __future__ import annotations

from streamlit import App

from geo.dashboard import settings
from geo.dashboard.serve import SCRIPT, parts

# Streamlit looks for these very words in the text of this file; without them it would run it as a page, unguarded.
app = App(SCRIPT, **parts(settings.current()))
