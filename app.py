"""The dashboard for ``streamlit run app.py``; ``flightcase serve`` starts the same one."""

from __future__ import annotations

from streamlit import App

from geo.dashboard.routes import routes
from geo.dashboard.serve import SCRIPT, configure

configure()
app = App(SCRIPT, routes=routes())
