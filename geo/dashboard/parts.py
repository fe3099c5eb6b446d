"""Small parts of pages that the browser draws by a module of ours, as Streamlit components."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from geo.dashboard.routes import code_address

if TYPE_CHECKING:
    from collections.abc import Callable

#: Streamlit sends this text again with each change of data and runs it from a blob, where a path has no origin.
LOADER: Final = """export default async (component) =>
  (await import(new URL(component.data.module, document.baseURI).href)).render(component);"""


def key_for(key: str) -> str:
    """The key of a component, whatever names it is made of: Streamlit refuses two underscores in a row."""
    return key.replace("__", "_-_").replace("__", "_-_")


def component(name: str) -> tuple[str, Any]:
    """The part whose module is ``assets/dashboard/<name>.js``; the style of the dashboard holds in it."""
    return f"{name}.js", st.components.v2.component(f"flightcase_{name}", js=LOADER, isolate_styles=False)


def heard(key: str, name: str, then: Callable[[Any], None]) -> Callable[[], None]:
    """A callback that gives ``then`` the value of a state or trigger of a component, when it has one."""

    def call() -> None:
        said = st.session_state[key].get(name)
        if said is not None:
            then(said)

    return call


def draw(
    part: tuple[str, Any],
    key: str,
    data: dict[str, Any],
    *,
    width: str = "stretch",
    **told: Callable[[Any], None],
) -> Any:  # noqa: ANN401  what the part keeps as its state
    """Draw a part.

    Args:
        part: what ``component`` gave.
        key: of the component.
        data: what its module is given.
        width: as Streamlit has it.
        told: by the name of a state or trigger of the part, what is called with its value when it has one.
    """
    module, mount = part
    key = key_for(key)
    called = {f"on_{name}_change": heard(key, name, then) for name, then in told.items()}
    return mount(key=key, data={**data, "module": code_address("dashboard", module)}, width=width, **called)
