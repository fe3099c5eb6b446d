from __future__ import annotations

import tomllib
from datetime import date

import pytest

from geo.casefile.salvage import salvage
from geo.errors import TrackError
from geo.gazetteer import open_gazetteer
from geo.model import Place, Text
from geo.start import Beginning, case_text, folder_name

NO_TIME = "the case has no time yet; add a [[track]], a [[stretch]] or an [[event]] with its time"


def no_track(wanted):
    raise TrackError(wanted.file, "there is none")


def begun(**known):
    find = open_gazetteer().find
    return Beginning(find("Baku"), find("Grosny"), **known)


def test_what_is_known_is_written_and_the_rest_is_left_out():
    known = begun(day=date(2024, 12, 25), number='J2-"8243"', aircraft="Embraer 190AR")
    text = case_text("j2-8243", known)
    values = tomllib.loads(text)
    assert values["flight"] == {"callsign": "", "number": 'J2-"8243"', "aircraft": "Embraer 190AR"}
    assert values["intended"]["departs"] == date(2024, 12, 25)
    assert values["places"] == {"origin": {"find": "Baku"}, "destination": {"find": "Grosny"}}
    assert "departs" not in case_text("x", begun())


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_a_new_case_lacks_nothing_but_a_time(language):
    text = case_text("x", begun(language=language, day=date(2024, 12, 25), number="J2-8243"))
    found = salvage(text, no_track)
    assert [problem.message for problem in found.problems] == [NO_TIME]
    assert found.case
    assert found.case.languages == (language,)
    assert [place.country for place in found.case.intended.route] == ["AZ", "RU"]


def test_with_one_event_it_is_a_case():
    text = case_text("x", begun(day=date(2024, 12, 25)))
    text += '\n[[event]]\nid = "a"\ntime = 2024-12-25T03:55:00Z\ntitle = "A"\ngrade = "confirmed"\nsources = ["S01"]\n'
    text += '[sources.S01]\npublisher = "P"\ntitle = "T"\nurl = "https://example.org/"\n'
    found = salvage(text, no_track)
    assert [str(problem) for problem in found.problems] == []


def test_an_end_may_be_a_point():
    point = Place(name=Text({"en": 'At "sea"'}), lat=43.25, lon=-45.5)
    text = case_text("x", Beginning(open_gazetteer().find("Baku"), point))
    assert tomllib.loads(text)["places"]["destination"] == {"lat": 43.25, "lon": -45.5, "name": {"en": 'At "sea"'}}
    assert salvage(text, no_track).case


@pytest.mark.parametrize(
    ("text", "name"),
    [("J2-8243", "j2-8243"), ("Рейс 8243", "reys-8243"), ("../..", "case"), ("", "case"), ("a" * 100, "a" * 64)],
)
def test_a_folder_has_a_name_that_leads_nowhere_else(text, name):
    assert folder_name(text) == name
