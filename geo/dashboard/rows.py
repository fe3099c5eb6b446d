"""A table whose rows can be chosen: an ordinary HTML table, by mouse, by keyboard and by ear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.dashboard.parts import LOADER, heard, key_for
from geo.dashboard.routes import code_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_ROWS: Final = st.components.v2.component("flightcase_rows", js=LOADER)


def cell(text: str, *, grade: str | None = None, tone: str = "", sort: float | str | None = None) -> dict[str, Any]:
    """A cell: its text, and a grade whose mark stands before it.

    ``tone`` is ``strong``, ``quiet``, ``warn`` or ``code``; ``sort`` is what it sorts by where that is not its text.
    """
    said = {"text": text, "grade": grade, "tone": tone or None, "sort": sort}
    return {name: value for name, value in said.items() if value is not None}


def rows(
    key: str,
    label: str,
    columns: Sequence[str],
    body: Sequence[tuple[str, Sequence[str | dict[str, Any]]]],
    *,
    chosen: str | None = None,
    choose: Callable[[str], None] | Mapping[str, Mapping[str, Any]] | None = None,
    act: tuple[str, Callable[[str], None]] | None = None,
    primary: str | None = None,
) -> None:
    """Draw a table.

    Args:
        key: of the component.
        label: what the table is, for those who do not see it.
        columns: their headings.
        body: id of each row, and its cells: texts, or what ``cell`` makes.
        chosen: id of the row that is marked.
        choose: called with the id of the row that was chosen; rows can be chosen only with it. Or by id, where the
            choice leads the viewer on the page (a ``Place`` of ``link.js``): such a choice stays in the browser.
        act: the words of a button at the end of each row, and what is called with the id of the row.
        primary: id of the row whose button stands out.
    """
    key = key_for(key)
    _ROWS(
        key=key,
        data={
            "module": code_address("dashboard", "rows.js"),
            "style": code_address("dashboard", "rows.css"),
            "label": label,
            "columns": list(columns),
            "rows": [
                {"id": name, "cells": [each if isinstance(each, dict) else {"text": each} for each in cells]}
                for name, cells in body
            ],
            "chosen": chosen,
            "choosing": callable(choose),
            "act": act[0] if act else None,
            "primary": primary,
            **({} if choose is None or callable(choose) else {"moments": choose}),
        },
        on_choose_change=heard(key, "choose", choose if callable(choose) else (lambda _: None)),
        on_act_change=heard(key, "act", act[1] if act else (lambda _: None)),
    )
