"""Where the shipped files are, in a checkout and in an installed wheel.

The only module that knows the folders ``assets/`` and ``data/``. In a checkout they stand beside the package, in a
wheel inside it, as ``_assets`` and ``_data``.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from geo.errors import ResourceError

_PACKAGE = Path(__file__).resolve().parent


@cache
def _root(name: str) -> Path:
    for folder in (_PACKAGE / f"_{name}", _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise ResourceError(f"the folder {name}/ is neither beside nor inside the package; install flightcase again")


def _inside(root: Path, parts: tuple[str, ...]) -> Path:
    path = root.joinpath(*parts).resolve()
    if not path.is_relative_to(root):
        raise ResourceError(f"{'/'.join(parts)!r} leads out of {root.name}/")
    return path


def asset(*parts: str) -> Path:
    """Path of a file or folder under ``assets/``."""
    return _inside(_root("assets"), parts)


def data(*parts: str) -> Path:
    """Path of a file or folder under ``data/``."""
    return _inside(_root("data"), parts)


@cache
def asset_text(*parts: str) -> str:
    """Text of a file under ``assets/``, read once.

    Raises:
        ResourceError: when it is missing.
    """
    path = asset(*parts)
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as missing:
        raise ResourceError(f"assets/{'/'.join(parts)} is missing; install flightcase again") from missing


def cache_folder() -> Path:
    """The user's cache folder of this program; ``FLIGHTCASE_CACHE`` names another."""
    chosen = os.environ.get("FLIGHTCASE_CACHE")
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path  # only a user's own folder needs it

    return user_cache_path("flightcase", appauthor=False)
