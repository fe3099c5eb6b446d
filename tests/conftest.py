"""Fixtures that many tests share."""

from __future__ import annotations

import pytest

from geo import casefile
from geo.gazetteer import open_gazetteer
from geo.resources import data


@pytest.fixture(scope="session")
def gazetteer():
    return open_gazetteer()


@pytest.fixture(scope="session")
def flagship(gazetteer):
    return casefile.read(data("cases", "j2-8243"), find=gazetteer.find)
