"""Compose the scene of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from babel import Locale, UnknownLocaleError

from geo.errors import RenderError
from geo.scene import events, facts, legend, mapping, playback, profiles, reaches, steps, timebar, times
from geo.scene.version import version
from geo.scene.words import Units, Words
from geo.showing import Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.model import Case
    from geo.route import Route


class Scene(dict[str, Any], Shown):
    """Pure JSON; its shape is in docs/scene.md."""


VERSION: Final = 1
_UNITS: Final = ("nautical", "metric", "imperial")


def compose(case: Case, route: Route, language: str = "en", units: Units = "nautical") -> Scene:
    """The scene of a case: everything that is drawn, in the words of ``language`` and in ``units``.

    Where the case has a text in another language only, that text is used and marked with its language. Equal cases give
    equal scenes.

    Raises:
        RenderError: for a language or units that do not exist.
    """
    words = worded(language, units)
    order = events.numbered(case, route)
    rows = events.rows(case, route, words)
    drawn = mapping.draw(case, route, order, words)
    states = timebar.states(case, route, words)
    time = timebar.time_span(case, route, words)
    mark = version(case)
    return Scene(
        {
            "scene": VERSION,
            "id": case.id,
            "language": language,
            "direction": words.direction,
            "units": units,
            "title": words.of(case.title),
            "standfirst": words.of(case.standfirst),
            "description": legend.describe(case, route, states, words),
            "flight": case.flight.number or case.flight.callsign,
            "updated": case.updated.isoformat() if case.updated else None,
            "version": mark,
            "time": time,
            "playback": playback.playback(time["pace"], states, rows, words),
            "clocks": timebar.clocks(case, route, words),
            "states": states,
            "heads": timebar.heads(route, words),
            "profile": profiles.profile(case, route, words),
            "profiles": profiles.others(case, words),
            "map": drawn,
            "list": _list(case, rows, words),
            "events": rows,
            "aftermath": _aftermath(case, order, words),
            "story": steps.story(case, rows, drawn["limits"], words),
            "legend": legend.legend(case, route, drawn, words),
            "footer": legend.footer(case, route, drawn, words, mark),
            "corrections": [
                {
                    "date": words.day(correction.on),
                    "datetime": correction.on.isoformat(),
                    "text": words.of(correction.text),
                }
                for correction in case.corrections
            ],
            "corrected": words.say("Corrections ({count})", count=len(case.corrections)) if case.corrections else None,
            "table": events.table(words),
            "state_table": events.state_table(states, words),
            "facts_table": facts.table(case, route, words),
            "other_sources": events.other_sources(case, words),
            "distances": reaches.distances(route, words),
            "words": legend.interface(words),
        }
    )


def worded(language: str, units: Units) -> Words:
    """What says things in a language and units.

    Raises:
        RenderError: for a language or units that do not exist.
    """
    if units not in _UNITS:
        raise RenderError(f"there are no units {units!r}; write one of {', '.join(_UNITS)}")
    try:
        Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError) as wrong:
        raise RenderError(f"{language!r} is no language that CLDR knows; write en, de, ru, az, kk …") from wrong
    return Words(language, units)


def _list(case: Case, rows: Sequence[dict[str, Any]], words: Words) -> dict[str, Any]:
    flown = [row for row in rows if not row["aftermath"]]
    days = sorted({event.time.start.date() for event in case.events if not event.time.dated_only})
    day = words.day(days[0]) if days else ""
    main = [row for row in rows if row["main"]]
    return {
        "heading": words.say("{day}, by the minute", day=day) if flown and day else words.say("Timeline"),
        "more": words.say("All {count} events", count=len(rows)) if len(main) < len(rows) else None,
        "fewer": words.say("Main events ({count})", count=len(main)) if len(main) < len(rows) else None,
    }


def _aftermath(case: Case, order: Sequence[events.Numbered], words: Words) -> dict[str, Any] | None:
    late = [row.event for row in order if row.aftermath]
    if not late:
        return None
    first, last = late[0].time, late[-1].time
    main = sum(event.main for event in late)
    return {
        "text": words.say("Aftermath"),
        "note": words.say("days, not to scale"),
        "from_text": times.edge(first, words, day=True),
        "to_text": times.edge(last, words, day=False),
        "short_text": words.say("to {month}", month=last.start.strftime("%Y" if last.precision == "year" else "%m/%Y")),
        "link": words.say("Aftermath ({count})", count=main),
        "break_text": words.say("Axis break:"),
        "break_note": words.say("from minutes to days and months"),
        "end_note": words.of(case.not_found),
    }
