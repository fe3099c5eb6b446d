"""Fields of Edit: each shows one value of the draft, writes it when it was changed, and says what is wrong there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, TypeVar

import streamlit as st

from geo.dashboard.cases import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geo.casefile.editing import Document, Place
    from geo.dashboard.desk import Desk

_Value = TypeVar("_Value")
#: What a browser sends of a field this soon after it was changed from elsewhere may be its old value, s.
_ON_THE_WAY_S: Final = 3.0


def key_of(desk: Desk, place: Place, kind: str = "field") -> str:
    """The key of the widget for a place: the same while the draft is, so that the focus stays."""
    return f"{kind}-{desk.draft.id}-{'-'.join(map(str, place))}"


def bind(key: str, value: _Value) -> _Value:
    """Let a widget show a value that may have changed elsewhere: by undo, by another window, by a click on the map.

    Returns:
        The value, for the widget to begin with. Streamlit sends it once, when it is set here; where a quick act cuts
        that run short, a widget without it begins empty, and the next act sends that emptiness as if it were typed.
    """
    held = st.session_state.get(key)
    if held != value:
        if held is not None:
            st.session_state[f"{key}-before"] = (held, time.monotonic())
        st.session_state[key] = value
    return value


def index_of(choices: Sequence[Any], value: Any) -> int | None:  # noqa: ANN401  one of the choices
    """Where a value stands among the choices of a widget; ``None`` where it is none of them."""
    return list(choices).index(value) if value in choices else None


def is_late(key: str) -> bool:
    """Whether a field of text sends but what it showed before it was changed from elsewhere a moment ago.

    A browser sends the values of all fields with every act; one that acts again before it has heard of a change sends
    the old value with it, which nobody has typed.
    """
    before = st.session_state.get(f"{key}-before")
    return before is not None and before[0] == st.session_state[key] and time.monotonic() - before[1] < _ON_THE_WAY_S


def unless_late(key: str, changed: Callable[[], None]) -> Callable[[], None]:
    """A callback that hears only what somebody did, not what ``is_late``."""

    def call() -> None:
        if not is_late(key):
            changed()

    return call


def told(desk: Desk, place: Place) -> None:
    """Say what is wrong at a place, and how to write it right."""
    for number, problem in enumerate(desk.problems(place)):
        with st.container(key=f"problem-{number}-{key_of(desk, place)}"):
            st.markdown(plain(problem.message))


def line(  # noqa: PLR0913  a field has that many sides
    desk: Desk,
    label: str,
    place: Place,
    *,
    translated: bool = False,
    lines: int = 1,
    placeholder: str = "",
    tip: str | None = None,
    shown: Callable[[Any], str] = str,
    write: Callable[[Document, str], None] | None = None,
    label_visibility: str = "visible",
) -> None:
    """A field of text.

    Args:
        desk: with the draft.
        label: of the field; also names the change for undo.
        place: of the value.
        translated: whether it is a text in the language that is being written.
        lines: more than one make a larger field.
        placeholder: an example.
        tip: help behind a question mark.
        shown: how a value reads in the field.
        write: puts what was typed into the document; without it, the text itself, or nothing for an empty one.
        label_visibility: as Streamlit has it.
    """
    key = key_of(desk, place)
    found = desk.said(place) if translated else desk.get(place)
    held = bind(key, "" if found in (None, "") else shown(found))

    def changed() -> None:
        text = str(st.session_state[key]).strip()

        def edit(document: Document) -> None:
            if write:
                write(document, text)
            elif translated:
                document.put_text(place, desk.language, text)
            else:
                document.put(place, text or None)

        desk.change(label, edit)

    given: dict[str, Any] = {"key": key, "value": held, "placeholder": placeholder, "help": tip}
    given |= {"on_change": unless_late(key, changed), "label_visibility": label_visibility}
    if lines > 1:
        st.text_area(label, height=lines * 24 + 20, **given)
    else:
        st.text_input(label, **given)
    told(desk, place)


def choice(
    desk: Desk,
    label: str,
    place: Place,
    choices: Sequence[str],
    names: Mapping[str, str],
    *,
    default: str | None = None,
) -> None:
    """A field with a few answers; ``names`` says each for people, ``default`` is what a missing value means."""
    key = key_of(desk, place)
    found = desk.get(place, default)
    held = bind(key, found if found in choices else None)

    def changed() -> None:
        desk.change(label, lambda document: document.put(place, st.session_state[key]))

    st.selectbox(
        label,
        choices,
        index_of(choices, held),
        key=key,
        format_func=lambda each: names.get(each, each),
        on_change=changed,
    )
    told(desk, place)


def tick(desk: Desk, label: str, place: Place, *, default: bool = False, tip: str | None = None) -> None:
    """A field that is on or off; ``default`` is what a missing value means, and is not written."""
    key = key_of(desk, place)
    held = bind(key, bool(desk.get(place, default)))

    def changed() -> None:
        on = bool(st.session_state[key])
        desk.change(label, lambda document: document.put(place, None if on == default else on))

    st.checkbox(label, held, key=key, on_change=changed, help=tip)
    told(desk, place)
