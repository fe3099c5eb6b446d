"""The samples of the Python library ``traffic``: clean ones are accepted, in noisy ones nothing impossible is left.

They come with the tools that ``make bench`` installs (``.venv/peers``); without those, only the two among the shared
files are here.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from made_tracks import SHARED
from test_tracks import account

from geo import tracks
from geo.geodesy import distance_m
from geo.tracks.judging.finding import placed
from geo.tracks.judging.flying import Steps

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = sorted(ROOT.glob(".venv/peers/lib/python*/site-packages/traffic/data/samples/*/*.json.gz"))
NOISY = [path for path in SAMPLES if path.parent.name == "noisy"] or sorted(
    (SHARED / "traffic_json").glob("noisy_*.json.gz")
)
#: Without positions or times of their own, or made to be hard: states of an airport's ground radar, one engine's fuel.
OTHER = {"noisy", "onground", "performance"}
CLEAN = [path for path in SAMPLES if path.parent.name not in OTHER]
#: Gliders are heard through other receivers (FLARM), up to half a minute late: up to 1.3 % of theirs are out of place.
LEAST = {"gliders": 0.985}


@pytest.mark.skipif(not NOISY, reason="the samples are not here")
@pytest.mark.parametrize("path", NOISY, ids=lambda path: path.name)
def test_no_accepted_leg_of_a_noisy_sample_has_an_impossible_step(path):
    reading = tracks.read(path)
    account(reading)
    for leg in reading.legs:
        held = placed(leg.track.reason)
        steps = Steps(leg.track, held)
        index = np.arange(len(held))
        assert np.all(steps.apart_m(index[:-1], index[1:]) <= steps.room_m(index[:-1], index[1:])[0])
        # and by a plain rule beside ours: over ten seconds and more nothing goes faster than airliners have gone
        time_s, lat, lon = leg.track.time_s[held], leg.track.lat_deg[held], leg.track.lon_deg[held]
        apart_s = np.diff(time_s)
        speed = distance_m(lat[:-1], lon[:-1], lat[1:], lon[1:]) / np.maximum(apart_s, 1)
        assert speed[apart_s >= 10].max(initial=0) < 400
        assert speed.max() < 600


@pytest.mark.skipif(not SAMPLES, reason="the samples are not here")
def test_after_the_spoofing_the_true_path_is_kept():
    (path,) = [path for path in NOISY if path.name == "noisy_spoofing.json.gz"]
    (leg,) = tracks.read(path).legs
    held = leg.track.take(leg.track.accepted)
    since = held.time_s - held.time_s[0]
    near_lviv = (np.abs(held.lat_deg - 49.67) < 0.3) & (np.abs(held.lon_deg - 23.9) < 0.6)
    assert not near_lviv.any()
    assert held.lat_deg[-1] > 56.9
    assert (since > 112 * 60).sum() > 800


@pytest.mark.skipif(not CLEAN, reason="the samples are not here")
@pytest.mark.parametrize("path", CLEAN, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_nearly_all_rows_of_a_clean_sample_are_accepted(path):
    """Of the rows with a position of their own: those that only repeat the one before are counted apart, not by us."""
    reading = tracks.read(path)
    repeats = sum(_repeated(leg.track) for leg in reading.legs)
    wrong = reading.report.rejected - sum(one.reason == "stale position" for one in reading.report.rejections)
    stale = reading.report.rejected - wrong
    assert reading.report.unreadable == 0
    assert stale <= repeats * 1.02 + 5
    fresh = reading.report.read - repeats
    assert 1 - wrong / fresh >= LEAST.get(path.parent.name, 0.99), json.dumps(tracks.report_json(reading)["rows"])


def _repeated(track) -> int:
    """Rows with the position of the row before, of an aircraft that moves."""
    same = (np.diff(track.lat_deg) == 0) & (np.diff(track.lon_deg) == 0) & ~(track.ground_speed_kt[1:] < 1)
    return int(same.sum())
