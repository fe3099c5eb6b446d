"""What renderings are made with, as one hash: when it is another, everything is rendered again."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from geo.resources import asset, data

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE = Path(__file__).resolve().parents[1]
#: What a rendering may be drawn with; of these a new version may draw another picture.
_DRAWN_WITH = ("numpy", "pyproj", "shapely", "pyarrow", "babel", "resvg-py")
#: What cases are read and drawn with, besides code and assets; the cases themselves are not of it.
_DATA = ("basemap", "gazetteer", "aerodromes", "aircraft", "fonts")


@cache
def engine() -> str:
    """SHA-256 of the code, the assets, the data and the versions that a rendering depends on."""
    whole = hashlib.sha256()
    for name in _DRAWN_WITH:
        whole.update(f"{name} {_version(name)}\n".encode())
    for root in (_PACKAGE, asset(), *(data(name) for name in _DATA)):
        for file in _files(root):
            whole.update(f"{root.name}/{file.relative_to(root).as_posix()}\n".encode())
            whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    code = root == _PACKAGE
    for file in sorted(root.rglob("*.py" if code else "*")):
        inside = file.relative_to(root).parts
        if file.is_file() and "__pycache__" not in inside and not (code and inside[0] in ("dashboard", "cli")):
            yield file


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
