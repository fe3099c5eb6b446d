"""The settings of the server, from one ``config.toml``; without one they are safe for a single machine.

``docs/server/config.toml`` shows every key with its default. A file that is wrong anywhere is refused whole, and all
that is wrong is said at once.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from geo.dashboard import checks, library
from geo.errors import ArchiveError, Problem, SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.dashboard.checks import Checks

FILE: Final = "FLIGHTCASE_CONFIG"
NAME: Final = "config.toml"
#: Who has to sign in: those who change cases, or those who only read them too.
REQUIRED: Final = ("nothing", "editing", "everything")
_PORTS: Final = range(1, 65536)
_UPLOADS_MB: Final = range(1, 2049)
#: Shorter ones can be guessed from a cookie that they signed.
_SECRET_LETTERS: Final = 32


@dataclass(frozen=True, slots=True)
class SignIn:
    """How people sign in, by OpenID Connect, and who of them may."""

    required: str
    allowed: tuple[str, ...]
    server_metadata_url: str
    client_id: str
    redirect_uri: str
    client_secret: str = field(repr=False)
    cookie_secret: str = field(repr=False)

    def allows(self, user: Mapping[str, Any]) -> bool:
        """Whether a person, as the provider describes them, is signed in and allowed."""
        if not user.get("is_logged_in"):
            return False
        if "*" in self.allowed:
            return True
        email = user.get("email")
        if not isinstance(email, str) or user.get("email_verified") is False:
            return False
        email = email.casefold()
        return any(email == each or (each.startswith("@") and email.endswith(each)) for each in self.allowed)

    @property
    def secrets(self) -> dict[str, Any]:
        """What Streamlit wants to know of it."""
        names = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
        return {"auth": {name: getattr(self, name) for name in names}}


@dataclass(frozen=True, slots=True)
class Settings:
    """How the server runs.

    ``frame_ancestors`` are the sites that may show the dashboard in a frame, ``embed_in`` those that may show the
    pages at ``/embed``; ``("*",)`` stands for all. ``archive`` is the folder of the ADS-B archive that can be asked.
    """

    address: str = "127.0.0.1"
    port: int = 8501
    base_path: str = ""
    public_url: str = ""
    frame_ancestors: tuple[str, ...] = ()
    embed_in: tuple[str, ...] = ("*",)
    max_upload_mb: int = 200
    read_only: bool = False
    open_editing: bool = False
    sign_in: SignIn | None = None
    archive: Path | None = None

    @property
    def required(self) -> str:
        """What a person has to sign in for: one of ``REQUIRED``."""
        return self.sign_in.required if self.sign_in else REQUIRED[0]

    @property
    def is_open(self) -> bool:
        """Whether anybody who reaches the server could change cases, and nobody has said that this is meant."""
        return not (self.read_only or self.open_editing or self.required in REQUIRED[1:])

    @property
    def origin(self) -> str:
        """Scheme and host of the public address; empty when none is set."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}" if self.public_url else ""


def find(chosen: Path | None = None) -> Path | None:
    """The file of settings: the one that is named, else that of the environment, else that of the library."""
    named = chosen or (Path(os.environ[FILE]) if os.environ.get(FILE) else None)
    if named:
        return named
    beside = library.folder() / NAME
    return beside if beside.is_file() else None


def read(file: Path | None) -> Settings:
    """The settings in a file; without one, the defaults.

    Raises:
        SettingsError: when the file cannot be read or anything in it is wrong.
    """
    if file is None:
        return Settings()
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as wrong:
        told = f"the file cannot be read ({wrong.strerror or wrong}); name another with --config"
        raise SettingsError(str(file), [Problem("", told)]) from wrong
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise SettingsError(str(file), [Problem("", f"this is no TOML: {wrong}")]) from wrong
    problems: list[Problem] = []
    given = checks.table(found.pop("server", {}), "server", _SERVER, problems)
    embed = checks.table(found.pop("embed", {}), "embed", {"frame_ancestors": checks.ancestors}, problems)
    given |= {"embed_in": embed["frame_ancestors"]} if embed else {}
    signing = found.pop("sign_in", None)
    given["archive"] = _archive(found.pop("archive", {}), file.parent, problems)
    problems += [Problem(key, f"there is no such table; write {', '.join(_TABLES)}") for key in found]
    if signing is not None:
        given["sign_in"] = _sign_in(signing, str(given.get("public_url", "")), file.parent, problems)
    if problems:
        raise SettingsError(str(file), problems)
    return Settings(**given)


def _required(value: object) -> str:
    if value not in REQUIRED:
        raise ValueError(f"{value!r:.80} is not known; write one of {', '.join(REQUIRED)}")
    return str(value)


_SERVER: Final[Checks] = {
    "address": checks.address,
    "port": lambda value: checks.number(value, _PORTS, 8501),
    "base_path": checks.base_path,
    "public_url": lambda value: "" if value == "" else checks.url(value),
    "frame_ancestors": checks.ancestors,
    "max_upload_mb": lambda value: checks.number(value, _UPLOADS_MB, 200),
    "read_only": checks.flag,
    "open_editing": checks.flag,
}
_SIGN_IN: Final[Checks] = {
    "required": _required,
    "allowed": checks.allowed,
    "server_metadata_url": checks.metadata,
    "client_id": checks.text,
    "client_secret": checks.text,
    "client_secret_file": checks.text,
    "cookie_secret": checks.text,
    "cookie_secret_file": checks.text,
    "redirect_uri": checks.url,
}
_TABLES: Final = ("[server]", "[embed]", "[archive]", "[sign_in]")


# --- the archive -----------------------------------------------------------------------------------------------------


def _archive(found: object, folder: Path, problems: list[Problem]) -> Path | None:
    """The folder of the archive, if one is named; one that is relative lies beside the file of settings."""
    given = checks.table(found, "archive", {"root": lambda value: "" if value == "" else checks.text(value)}, problems)
    if not given.get("root"):
        return None
    root = folder / str(given["root"])
    problems += archive_problems(root)
    return root


def archive_problems(root: Path) -> list[Problem]:
    """Why the archive in a folder cannot be asked; nothing when it can."""
    missing = [name for name in ("ibis", "duckdb", "pyarrow") if find_spec(name) is None]
    if missing:
        told = f"{' and '.join(missing)} not installed; an archive needs: pip install 'flightcase[archive]'"
        return [Problem("archive.root", told)]
    from geo.archive.catalogue import Catalogue  # only a server with an archive needs it

    try:
        Catalogue.read(root)
    except (ArchiveError, OSError) as wrong:
        return [Problem("archive.root", str(wrong))]
    return []


# --- sign-in ---------------------------------------------------------------------------------------------------------


def _sign_in(found: object, public_url: str, folder: Path, problems: list[Problem]) -> SignIn | None:
    """The table of sign-in; its secrets may stand in the environment or in files of their own."""
    before = len(problems)
    given = checks.table(found, "sign_in", _SIGN_IN, problems)
    kept = {name: _secret(name, given, folder, problems) for name in ("client_secret", "cookie_secret")}
    # Without one of its own the server makes one up: people then sign in again after a restart.
    cookie = kept["cookie_secret"] or secrets.token_urlsafe(_SECRET_LETTERS)
    if len(cookie) < _SECRET_LETTERS:
        told = f"it has {len(cookie)} letters; write at least {_SECRET_LETTERS} that nobody can guess, or leave it out"
        problems.append(Problem("sign_in.cookie_secret", told))
    redirect = given.get("redirect_uri") or (f"{public_url}/oauth2callback" if public_url else "")
    needed = {
        "allowed": (given.get("allowed"), 'write who may sign in: ["@example.org", "anna@example.com"]'),
        "server_metadata_url": (
            given.get("server_metadata_url"),
            "write the provider's address that ends in /.well-known/openid-configuration",
        ),
        "client_id": (given.get("client_id"), "write what the provider calls this server"),
        "client_secret": (
            kept["client_secret"],
            f"write client_secret_file, the name of a file that holds it, or set {_variable('client_secret')}",
        ),
        "redirect_uri": (redirect, "write [server] public_url, the address that people reach this server at"),
    }
    if isinstance(found, dict):
        wrong = {problem.where for problem in problems[before:]}
        problems += [
            Problem(f"sign_in.{key}", f"this is missing; {told}")
            for key, (value, told) in needed.items()
            if not value and f"sign_in.{key}" not in wrong
        ]
    if len(problems) > before:
        return None
    return SignIn(
        required=given.get("required", "editing"),
        allowed=given["allowed"],
        server_metadata_url=given["server_metadata_url"],
        client_id=given["client_id"],
        redirect_uri=redirect,
        client_secret=kept["client_secret"],
        cookie_secret=cookie,
    )


def _variable(name: str) -> str:
    return f"FLIGHTCASE_{name.upper()}"


def _secret(name: str, given: Mapping[str, Any], folder: Path, problems: list[Problem]) -> str:
    """A secret: of the environment, else of a file, else as it stands in the settings; empty when there is none."""
    if os.environ.get(_variable(name)):
        return os.environ[_variable(name)].strip()
    if f"{name}_file" not in given:
        return str(given.get(name, ""))
    file = folder / str(given[f"{name}_file"])
    try:
        held = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as wrong:
        told = f"{file} cannot be read ({getattr(wrong, 'strerror', None) or 'it is no text'})"
        problems.append(Problem(f"sign_in.{name}_file", told))
        return ""
    if not held:
        problems.append(Problem(f"sign_in.{name}_file", f"{file} is empty; put the secret into it, alone"))
    return held


# --- the settings in force -------------------------------------------------------------------------------------------

_in_force: list[Settings] = []


def use(settings: Settings) -> None:
    """Put settings in force for this process."""
    _in_force[:] = [settings]


def current() -> Settings:
    """The settings in force; read when nobody has put any in force.

    Raises:
        SettingsError: when they are read and wrong.
    """
    if not _in_force:
        use(read(find()))
    return _in_force[0]
