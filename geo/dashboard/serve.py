"""Streamlit with our settings and our addresses."""

from __future__ import annotations

import errno
import os
import socket
import sys
import webbrowser
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from starlette.middleware import Middleware
from streamlit import App, config
from streamlit.web.server.starlette import starlette_server

from geo.dashboard import library, settings
from geo.dashboard.access import EVERYWHERE, Guard, refuse
from geo.dashboard.headers import Headers
from geo.dashboard.routes import routes
from geo.errors import CaseError, Problem, SettingsError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from geo.dashboard.settings import Settings

SCRIPT: Final = Path(__file__).parent / "script" / "dashboard.py"

#: What the dashboard asks of Streamlit, whatever the settings; colours as in the design.
SETTINGS: Final[dict[str, Any]] = {
    "browser.gatherUsageStats": False,
    "client.toolbarMode": "minimal",
    # We say where the dashboard is; Streamlit would ask others for the machine's outer address to say so too.
    "logger.hideWelcomeMessage": True,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.allowedOrigins": [],  # no page of others may steer this one by messages
    "server.fileWatcherType": "none",
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.maxMessageSize": 64,
    "server.maxWidgetStateSize": 16,
    # What a closed window leaves behind; drafts are on disk, so little is lost with it.
    "server.disconnectedSessionTTL": 60,
    # Python collects what is left in its own time; after every run, it is most of the work of a busy server.
    "runner.postScriptGC": False,
    "runner.magicEnabled": False,
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
    # Fields have their value both ways, so that none begins empty; see ``fields.bind``.
    "global.disableWidgetStateDuplicationWarning": True,
}


def options(said: Settings) -> dict[str, Any]:
    """What Streamlit is told of the settings."""
    given = {
        **SETTINGS,
        "server.address": said.address,
        "server.port": said.port,
        "server.baseUrlPath": said.base_path,
        "server.maxUploadSize": said.max_upload_mb,
    }
    # Known by name, a page of ours makes Streamlit look up nothing.
    return given | ({"browser.serverAddress": urlsplit(said.public_url).hostname} if said.public_url else {})


def configure(said: Settings) -> None:
    """Apply the settings that the user has not set, for servers that were started without ``run``."""
    for name, value in options(said).items():
        if not config.is_manually_set(name):
            config.set_option(name, value)
    _hide_server()


def parts(said: Settings, started: Callable[[], None] | None = None) -> dict[str, Any]:
    """What the dashboard adds to ``streamlit.App``, with the settings put in force.

    Args:
        said: how the server runs.
        started: called once it listens.
    """

    @asynccontextmanager
    async def life(_: App) -> AsyncIterator[dict[str, Any]]:
        if started:
            started()
        yield {}

    configure(said)
    settings.use(said)
    return {
        "routes": routes(),
        "lifespan": life,
        "secrets": said.sign_in.secrets if said.sign_in else None,
        "middleware": [Middleware(Headers, settings=said), Middleware(Guard, settings=said)],
    }


def serve(cases: Path | None = None, *, browser: bool = True, chosen: Path | None = None, **said: Any) -> int:  # noqa: ANN401  settings of any type
    """Run the dashboard until it is stopped; prints its address.

    Args:
        cases: folder of case folders, or one case folder; without one, ``FLIGHTCASE_CASES`` or the shipped cases.
        browser: whether to open the user's browser, where there is one.
        chosen: a file of settings; without one, ``FLIGHTCASE_CONFIG`` or ``config.toml`` in the folder of cases.
        said: settings that go before those of the file; ``None`` says nothing. An ``archive`` is looked at.

    Returns:
        The status with which a program ends, 0.

    Raises:
        CaseError: when ``cases`` is no folder.
        SettingsError: when the settings are wrong, or would let anybody change cases.
        OSError: when the port is taken.
    """
    if cases is not None:
        if not cases.is_dir():
            raise CaseError(str(cases), [Problem("", "this is no folder; name one that holds case folders")])
        os.environ[library.FOLDER] = str(cases.resolve())
    file = settings.find(chosen)
    using = replace(settings.read(file), **{name: value for name, value in said.items() if value is not None})
    if said.get("archive") and (wrong := settings.archive_problems(said["archive"])):
        raise SettingsError("--archive", wrong)
    refuse(using, str(file or "settings"))
    _check_free(using.address, using.port)
    host = "127.0.0.1" if using.address in EVERYWHERE else using.address
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{using.port}{'/' if using.base_path else ''}{using.base_path}"

    def started() -> None:
        sys.stdout.write(f"Flightcase is at {address} (stop it with Ctrl-C)\n")
        sys.stdout.flush()
        if browser and _has_screen():
            Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    # Streamlit puts the folder of what was started on the path for modules; ours holds no module but the page.
    sys.argv = [str(SCRIPT)]
    App(SCRIPT, **parts(using, started)).run(config={**options(using), "server.headless": True})
    return 0


def _hide_server() -> None:
    """Leave out the header that names the server program; Streamlit passes no setting for it."""
    name = "_get_uvicorn_config_kwargs"
    given = getattr(starlette_server, name, None)
    if given and not isinstance(given, partial):
        setattr(starlette_server, name, partial(_with_no_name, given))


def _with_no_name(given: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    return {**given(), "server_header": False}


def _check_free(address: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        if os.name == "posix":  # elsewhere it would let two servers share the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as wrong:
            told = f"port {port} cannot be had; stop what uses it (a dashboard that still runs?) or choose another"
            if wrong.errno in (errno.EADDRNOTAVAIL, socket.EAI_NONAME):
                told = f"{address} is no address of this machine; write 127.0.0.1 for this machine, 0.0.0.0 for all"
            raise OSError(wrong.errno, told) from wrong


def _has_screen() -> bool:
    """Whether a browser would open in a window: without one, some systems start one in the terminal."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
