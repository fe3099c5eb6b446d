"""A case folder as one file to take away."""

from __future__ import annotations

import io
import stat
import zipfile
from typing import TYPE_CHECKING, Final

from geo.casefile.reading import NAME

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from geo.model import Case

#: ZIP has no time before this; one time for all makes equal contents equal bytes.
_DATE: Final = (1980, 1, 1, 0, 0, 0)


def files(folder: Path) -> list[Path]:
    """What belongs to a case folder: the case file first, then the files beside it; none that leads elsewhere."""
    found = [
        path
        for path in folder.iterdir()
        if path.is_file() and not path.is_symlink() and not path.name.startswith((".", "~"))
    ]
    return sorted(found, key=lambda path: (path.name != NAME, path.name))


def public(folder: Path, case: Case) -> list[Path]:
    """What of a case folder its readers may have: the case file, the files that it names, and ``SOURCES.md``.

    Whatever else lies beside them, notes say, is nobody's business.
    """
    named = [folder / name for name in dict.fromkeys(each.file for each in (*case.tracks, *case.others))]
    return [folder / NAME, *named, *(path for path in files(folder) if path.name == "SOURCES.md")]


def packed(folder: Path, name: str, chosen: Sequence[Path] | None = None) -> bytes:
    """Files of a case folder, all of ``files`` when not given, as a ZIP archive: in a folder of the name."""
    wanted = files(folder) if chosen is None else chosen
    return zipped({f"{name}/{file.relative_to(folder).as_posix()}": file.read_bytes() for file in wanted})


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """Files by their names as a ZIP archive: equal files give equal bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in contents.items():
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return target.getvalue()
