"""Write a case file: whole or not at all, and no byte of it that need not change."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import tomlkit
from tomlkit.items import AoT, Table

from geo.casefile.items import as_it_was, filled, item
from geo.casefile.json_schema import ADDRESS
from geo.casefile.reading import NAME, read

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from geo.model import Case, Finder

_HEADER: Final = f"#:schema {ADDRESS}\n"


def write(case: Case, path: str | Path, *, find: Finder | None = None) -> Path:
    """Write ``case`` as ``case.toml`` into the folder ``path`` (made when missing) and give the path of the file.

    Where the file exists, only the values that differ are changed: comments, order and spelling of the others stay.
    The new file replaces the old one in one step.

    Raises:
        CaseError: when the existing file cannot be read as a case; nothing is written then.
        OSError: when the folder cannot be written.
    """
    folder = Path(path)
    file = folder / NAME
    after = as_document(case)
    if file.exists():
        text = file.read_bytes().decode("utf-8-sig")
        before = as_document(read(folder, find=find))
        if before == after:
            return file
        document = tomlkit.parse(text)
        parsed = tomlkit.dumps(document)
        _merge(document, before, after)
        text = as_it_was(text, parsed, tomlkit.dumps(document))
    else:
        folder.mkdir(parents=True, exist_ok=True)
        document = tomlkit.document()
        _merge(document, {}, after)
        text = _HEADER + tomlkit.dumps(document)
    _replace(file, text)
    return file


def as_document(case: Case) -> dict[str, Any]:
    """The case as the values of a TOML document, without what is left at its default."""
    dumped = case.model_dump(by_alias=True, exclude_defaults=True, exclude={"recorded", "others_recorded"})
    dumped["places"] = {key: _place_table(place, key) for key, place in case.places.items()}
    return {key: value for key, value in _plain(dumped).items() if value not in ({}, [])}


def _place_table(place: Any, key: str) -> Any:  # noqa: ANN401  a TOML value
    table = {name: getattr(place, name) for name in type(place).model_fields if name not in ("asked", "name")}
    known = {name: value for name, value in table.items() if value is not None and value != ()}
    found = {"find": place.asked} if place.asked not in (None, key) else {}
    return {**found, "name": place.name.written(), **known}


def _plain(value: Any) -> Any:  # noqa: ANN401  a TOML value
    """``value`` with plain strings for enumerations and lists for tuples, without ``None``."""
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return str(value) if isinstance(value, str) else value


def _merge(into: MutableMapping[str, Any], before: dict[str, Any], after: dict[str, Any]) -> None:
    for key in before.keys() - after.keys():
        into.pop(key, None)
    for key, value in after.items():
        old = before.get(key)
        if key in before and old == value:
            continue
        here = into.get(key)
        if isinstance(value, dict) and isinstance(old, dict) and isinstance(here, dict):
            _merge(here, old, value)
        elif isinstance(value, list) and isinstance(old, list) and isinstance(here, AoT):
            _merge_tables(here, old, value)
        else:
            into[key] = item(key, value)


def _merge_tables(into: AoT, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    """Change a list of tables so that entries that stay keep their text: matched by id where they have one."""
    texts = {_identity(entry, index): into[index] for index, entry in enumerate(before)}
    olds = {_identity(entry, index): entry for index, entry in enumerate(before)}
    kept: list[Table] = []
    for index, entry in enumerate(after):
        name = _identity(entry, index)
        table = texts.pop(name, None)
        if table is None:
            table = filled(tomlkit.table(), entry)
        else:
            _merge(table, olds[name], entry)
        kept.append(table)
    if [id(table) for table in kept] != [id(table) for table in into]:
        while len(into):
            del into[-1]
        for table in kept:
            into.append(table)


def _identity(entry: dict[str, Any], index: int) -> object:
    return entry.get("id", index)


def _replace(file: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".case-", suffix=".toml")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            out.write(text)
        Path(name).chmod(file.stat().st_mode & 0o777 if file.exists() else 0o644)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
