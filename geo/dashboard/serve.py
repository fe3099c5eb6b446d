"""Streamlit with our settings and our addresses."""

from __future__ import annotations

import os
import socket
import sys
import webbrowser
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from streamlit import App, config

from geo.dashboard import library
from geo.dashboard.routes import routes
from geo.errors import CaseError, Problem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

_HOST: Final = "127.0.0.1"
SCRIPT: Final = Path(__file__).parent / "script" / "dashboard.py"

#: The settings of the dashboard; colours as in the design.
SETTINGS: Final[dict[str, Any]] = {
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    # We say where the dashboard is; Streamlit would ask others for the machine's outer address to say so too.
    "logger.hideWelcomeMessage": True,
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


def app(started: Callable[[], None] | None = None) -> App:
    """The dashboard as an ASGI application; ``started`` is called once it listens."""

    @asynccontextmanager
    async def life(_: App) -> AsyncIterator[dict[str, Any]]:
        if started:
            started()
        yield {}

    return App(SCRIPT, routes=routes(), lifespan=life)


def serve(cases: Path | None = None, *, port: int = 8501, browser: bool = True) -> int:
    """Run the dashboard until it is stopped; prints its address.

    Args:
        cases: folder of case folders, or one case folder; without one, ``FLIGHTCASE_CASES`` or the shipped cases.
        port: where it listens, on this machine only.
        browser: whether to open the user's browser, where there is one.

    Returns:
        The status with which a program ends, 0.

    Raises:
        CaseError: when ``cases`` is no folder.
        OSError: when the port is taken.
    """
    if cases is not None:
        if not cases.is_dir():
            raise CaseError(str(cases), [Problem("", "this is no folder; name one that holds case folders")])
        os.environ[library.FOLDER] = str(cases.resolve())
    _check_free(port)
    address = f"http://{_HOST}:{port}"

    def started() -> None:
        sys.stdout.write(f"Flightcase is at {address} (stop it with Ctrl-C)\n")
        sys.stdout.flush()
        if browser and _has_screen():
            Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    settings = {**SETTINGS, "server.port": port, "server.address": _HOST, "server.headless": True}
    # Streamlit puts the folder of what was started on the path for modules; ours holds no module but the page.
    sys.argv = [str(SCRIPT)]
    app(started).run(config=settings)
    return 0


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        if os.name == "posix":  # elsewhere it would let two servers share the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError as wrong:
            told = f"port {port} cannot be had; stop what uses it (a dashboard that still runs?) or choose another"
            raise OSError(wrong.errno, told) from wrong


def _has_screen() -> bool:
    """Whether a browser would open in a window: without one, some systems start one in the terminal."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
