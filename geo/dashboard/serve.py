"""Streamlit with our settings and our addresses."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Final

from streamlit import App, config

from geo.dashboard import library
from geo.dashboard.routes import routes
from geo.errors import CaseError, Problem

SCRIPT: Final = Path(__file__).parent / "pages" / "story.py"

#: The settings of the dashboard; colours as in the design.
SETTINGS: Final[dict[str, Any]] = {
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "server.fileWatcherType": "none",
    "theme.light.primaryColor": "#0b4f86",
    "theme.light.textColor": "#16202a",
    "theme.light.secondaryBackgroundColor": "#f0f2f6",
    "theme.light.linkColor": "#0b4f86",
    "theme.light.borderColor": "#d3dae0",
    "theme.dark.primaryColor": "#5ba8e6",
    "theme.dark.backgroundColor": "#11171d",
    "theme.dark.secondaryBackgroundColor": "#1a222a",
    "theme.dark.textColor": "#eef2f5",
    "theme.dark.linkColor": "#8cc8f8",
    "theme.dark.borderColor": "#35404a",
    "theme.light.sidebar.backgroundColor": "#f0f2f6",
    "theme.light.sidebar.secondaryBackgroundColor": "#ffffff",
    "theme.dark.sidebar.backgroundColor": "#161d24",
    "theme.dark.sidebar.secondaryBackgroundColor": "#11171d",
    "theme.font": '"Helvetica Neue", Arial, "Liberation Sans", system-ui, sans-serif',
    "theme.baseRadius": "8px",
}


def configure() -> None:
    """Apply the settings that the user has not set, for servers that were started without ``run``."""
    for name, value in SETTINGS.items():
        if not config.is_manually_set(name):
            config.set_option(name, value)


def app() -> App:
    """The dashboard as an ASGI application."""
    return App(SCRIPT, routes=routes())


def serve(cases: Path | None = None, *, port: int = 8501, browser: bool = True) -> int:
    """Run the dashboard until it is stopped; prints its address.

    Args:
        cases: folder of case folders; without one, ``FLIGHTCASE_CASES`` or the shipped cases.
        port: where it listens, on this machine only.
        browser: whether to open the user's browser.

    Returns:
        The status with which a program ends, 0.

    Raises:
        CaseError: when ``cases`` is no folder.
    """
    if cases is not None:
        if not cases.is_dir():
            raise CaseError(str(cases), [Problem("", "this is no folder; name one that holds case folders")])
        os.environ[library.FOLDER] = str(cases.resolve())
    settings = {**SETTINGS, "server.port": port, "server.address": "127.0.0.1", "server.headless": not browser}
    # Streamlit puts the folder of what was started on the path for modules; ours holds no module but the page.
    sys.argv = [str(SCRIPT)]
    app().run(config=settings)
    return 0
