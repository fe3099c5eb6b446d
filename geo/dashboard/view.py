"""What a page is given: which case, which page of it, in which language and units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import streamlit as st

if TYPE_CHECKING:
    from geo.dashboard.drafts import Draft
    from geo.dashboard.library import Entry
    from geo.scene import Units
    from geo.scene.words import Words

#: The pages of a case; the address names all but the first.
PAGES: Final = ("story", "edit", "data", "publish")
NEW: Final = "new"


@dataclass(frozen=True, slots=True)
class View:
    """One look at one case.

    ``entry`` is the saved case, ``None`` for one that was never saved; ``draft`` is the one that the address names or
    that was begun in this session.
    """

    entry: Entry | None
    draft: Draft | None
    page: str
    words: Words
    language: str
    units: Units

    @property
    def slug(self) -> str:
        """Name of the case folder, also of one that is not there yet."""
        return self.entry.slug if self.entry else self.draft.slug if self.draft else ""

    @property
    def address(self) -> dict[str, str]:
        """What the address of this page says, but for the moment."""
        said = {"case": self.slug, "page": "" if self.page == PAGES[0] else self.page}
        said["draft"] = self.draft.id if self.draft else ""
        said |= {"language": st.query_params.get("language", ""), "units": st.query_params.get("units", "")}
        return {name: value for name, value in said.items() if value}


def go(**query: str | None) -> None:
    """Go to an address of the dashboard, for callbacks; language and units stay, Back leads here again."""
    kept = {name: st.session_state[name] for name in ("language", "units") if st.session_state.get(name)}
    st.query_params.from_dict({**{name: value for name, value in query.items() if value}, **kept})


def session() -> str:
    """A name of this browser session, for telling apart who has a draft open."""
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    context = get_script_run_ctx()
    return context.session_id if context else ""


def who() -> str:
    """Name of the person at work: as signed in, else as they gave it; empty when neither is known."""
    signed = st.user.get("name") or st.user.get("email") if st.user.get("is_logged_in") else None
    return str(signed or st.session_state.get("name", ""))
