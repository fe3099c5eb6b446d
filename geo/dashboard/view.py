"""What a page is given: which case, which page of it, in which language and units."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Final

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

if TYPE_CHECKING:
    from geo.dashboard.drafts import Draft
    from geo.dashboard.library import Entry
    from geo.scene import Units
    from geo.scene.words import Words

#: The pages of a case; the address names all but the first.
PAGES: Final = ("story", "edit", "data", "publish")
#: Those of them on which nothing can be changed.
READING: Final = ("story", "data")
NEW: Final = "new"
OPEN: Final = "open"
#: The page on which an archive is asked, where there is one.
ARCHIVE: Final = "archive"


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


def session_id() -> str:
    """The name of this session of Streamlit: of one window, until it is reloaded."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def session() -> str:
    """A name of this browser, for telling apart who has a draft open; the same after a reload.

    Streamlit gives each browser a random cookie against forged requests; only a digest of it is kept. Without cookies
    it is a name of this session.
    """
    try:
        # 2|mask|token|time, in which the token is the same in every answer and only masked anew (as Tornado has it).
        _, mask, token, _ = (st.context.cookies.get("_streamlit_xsrf") or "").split("|")
        key = cycle(bytes.fromhex(mask))
        plain = bytes(one ^ other for one, other in zip(bytes.fromhex(token), key, strict=False))
        return hashlib.sha256(plain).hexdigest()[:16]
    except ValueError:
        pass
    context = get_script_run_ctx()
    return context.session_id if context else ""


def who() -> str:
    """Name of the person at work: as signed in, else as they gave it; empty when neither is known."""
    signed = st.user.get("name") or st.user.get("email") if st.user.get("is_logged_in") else None
    return str(signed or st.session_state.get("name", ""))
