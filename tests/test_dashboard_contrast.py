from __future__ import annotations

import pytest

from geo.dashboard.contrast import LEAST, contrast, pairs, viewer_pairs
from geo.resources import asset_text


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#0b4f86", "#ffffff", 8.5),
    ],
)
def test_contrast_is_that_of_wcag(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.06)
    assert contrast(other, one) == contrast(one, other)


def test_every_text_of_the_viewer_can_be_read():
    found = viewer_pairs()
    assert len(found) > 50
    assert {name for name, ratio in found.items() if ratio < LEAST} == set()


def test_a_paler_token_is_found():
    style = asset_text("viewer", "look.css").replace("--ink3: light-dark(#5c6873", "--ink3: light-dark(#9c9c9c")
    low = {name for name, ratio in pairs(style).items() if ratio < LEAST}
    assert low == {"ink3 on bg, light", "ink3 on selbg, light"}


def test_a_token_that_is_gone_is_an_error():
    with pytest.raises(KeyError):
        pairs("--ink: light-dark(#000000, #ffffff);")
