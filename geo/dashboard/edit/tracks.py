"""Tracks: dropped, read, judged and accounted for row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geo.dashboard.cases import plain
from geo.dashboard.edit import intake
from geo.dashboard.edit.jumping import asked
from geo.dashboard.edit.track import track_form
from geo.dashboard.rows import cell, rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.dashboard.desk import Desk

#: Lists of the case file that hold tracks: of the flight, and of other aircraft.
TABLES: Final = ("track", "other")
#: Between two looks at how far a file is, s.
_LOOK: Final = 0.15


def tracks(desk: Desk) -> None:
    """Draw the panel."""
    words = desk.words
    entries = listed(desk)
    _finish(desk)
    chosen = _chosen(desk, entries)
    with st.container(horizontal=True, vertical_alignment="center", key="tracks-head"):
        st.subheader(words.say("Track"), anchor=False, width="content")
        if len(entries) == 1:
            st.caption(plain(str(entries[0][2].get("file", ""))))
        elif entries:
            st.caption(plain(words.say("{count} files; select one to see its report", count=len(entries))))
    if len(entries) > 1:
        _table(desk, entries, chosen)
    if not entries:
        st.caption(
            words.say("No track yet. Without one, say under Stretches what is known of the path; nothing is invented.")
        )
    if chosen:
        track_form(desk, chosen[0], chosen[1], lambda: _choose(desk, ""))
    _drop(desk)


def listed(desk: Desk) -> list[tuple[str, int, dict[str, Any]]]:
    """The files of the draft: the list that each is in, its index there, and its entry."""
    found = []
    for table in TABLES:
        held = desk.get((table,), [])
        found += [
            (table, index, entry)
            for index, entry in enumerate(held if isinstance(held, list) else [])
            if isinstance(entry, dict)
        ]
    return found


def _chosen(desk: Desk, entries: Sequence[tuple[str, int, dict[str, Any]]]) -> tuple[str, int] | None:
    """The one whose report is shown: that which was asked for or chosen, else the first."""
    memory = f"track-{desk.draft.id}"
    for table in TABLES:
        index = asked(table)
        if index is not None:
            st.session_state[memory] = f"{table}-{index}"
    names = {f"{table}-{index}": (table, index) for table, index, _ in entries}
    return names.get(st.session_state.get(memory, ""), next(iter(names.values()), None))


def _choose(desk: Desk, name: str) -> None:
    st.session_state[f"track-{desk.draft.id}"] = name


def _table(desk: Desk, entries: Sequence[tuple[str, int, dict[str, Any]]], chosen: tuple[str, int] | None) -> None:
    words = desk.words
    body: list[tuple[str, list[str | dict[str, Any]]]] = []
    for table, index, entry in entries:
        wrong = desk.problems((table, index))
        kind = words.say("this flight") if table == "track" else words.say("other aircraft")
        name = desk.said((table, index, "name")) or entry.get("callsign") or entry.get("icao24") or ""
        state = cell(words.say("to mend"), tone="warn") if wrong else cell(words.say("read"), tone="quiet")
        body.append((f"{table}-{index}", [cell(str(entry.get("file", "")), tone="strong"), kind, str(name), state]))
    rows(
        f"tracks-{desk.draft.id}",
        words.say("Track"),
        [words.say("File"), words.say("Of"), words.say("Aircraft"), words.say("State")],
        body,
        chosen=f"{chosen[0]}-{chosen[1]}" if chosen else None,
        choose=lambda name: _choose(desk, name),
    )


# --- dropping a file -------------------------------------------------------------------------------------------------


def _drop(desk: Desk) -> None:
    """The field for files, how far they are, and what became of those before."""
    words = desk.words
    job = intake.intake(desk.draft.id)
    if job and not job.done:
        _watch(desk, job)
    label = words.say("Drop tracks here: any format, compressed too")
    turn = st.session_state.setdefault("tracks-turn", 0)
    files = st.file_uploader(
        label,
        accept_multiple_files=True,
        key=f"tracks-drop-{desk.draft.id}-{turn}",
        help=words.say(
            "Any format: FR24, ADS-B Exchange, OpenSky, GPX, KML, GeoJSON, IGC, CSV and more; compressed too"
        ),
    )
    if files:
        st.session_state.pop("tracks-refused", None)
        job = intake.begin(desk.draft.id, [(file.name, file) for file in files], words.say("Track"))
        _let_go([file.file_id for file in files])
        # Another key is another field: an empty one, and nothing of the files stays with the session.
        st.session_state["tracks-turn"] = turn + 1
        del files
        _watch(desk, job)
    _refused(desk)


def _finish(desk: Desk) -> None:
    """Note what became of the files that were taken in, and choose the last of them."""
    job = intake.intake(desk.draft.id)
    if not job or not job.done:
        return
    came = job.taken[-1] if job.taken else None
    if came and st.session_state.get("tracks-came") is not job:
        st.session_state["tracks-came"] = job
        if came not in [entry.get("file") for _, _, entry in listed(desk)]:
            st.rerun()  # it came while the page was being drawn
    st.session_state["tracks-refused"] = (desk.draft.id, job.refused)
    intake.clear(desk.draft.id)
    if came:
        _show_taken(desk, came)


def _let_go(ids: Sequence[str]) -> None:
    """Take files out of the memory in which Streamlit keeps what was uploaded."""
    context = get_script_run_ctx()
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        for id_ in ids:
            context.uploaded_file_mgr.remove_file(context.session_id, id_)


def _watch(desk: Desk, job: intake.Intake) -> None:
    """Show how far the files are until they are in the draft; who uses the page meanwhile only looks away."""
    words = desk.words
    bar = st.progress(job.share, text=plain(words.say("Reading {file} …", file=job.at or job.names[0])))
    while not job.ended.wait(_LOOK):
        bar.progress(job.share, text=plain(words.say("Reading {file} …", file=job.at or job.names[0])))
    st.rerun()


def _show_taken(desk: Desk, name: str) -> None:
    """Choose the entry of a file that was taken in last."""
    for table, index, entry in reversed(listed(desk)):
        if entry.get("file") == name:
            _choose(desk, f"{table}-{index}")
            return


def _refused(desk: Desk) -> None:
    """Say of each file that was not taken why."""
    said = st.session_state.get("tracks-refused")
    if not said or said[0] != desk.draft.id:
        return
    words = desk.words
    for number, (name, why) in enumerate(said[1]):
        told = why.removeprefix(f"{name}: ") or words.say("reading it failed; the log of the server says where")
        with st.container(key=f"problem-refused-{number}"):
            st.markdown(plain(words.say("{file} was not taken: {why}", file=name, why=told)))
