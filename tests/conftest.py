"""Fixtures that many tests share."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from geo import casefile
from geo.gazetteer import open_gazetteer
from geo.resources import data

# No test is about time: a busy machine is slow and not wrong.
settings.register_profile("flightcase", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("flightcase")


@pytest.fixture(scope="session")
def gazetteer():
    return open_gazetteer()


@pytest.fixture(scope="session")
def flagship(gazetteer):
    return casefile.read(data("cases", "j2-8243"), find=gazetteer.find)
