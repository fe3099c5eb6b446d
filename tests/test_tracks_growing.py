"""Columns that grow block by block."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.tracks.growing import Growing


@given(lengths=st.lists(st.integers(0, 50), max_size=20), share=st.sampled_from([0.0, 0.01, 1.0, 7.0]))
def test_what_is_added_comes_out(lengths, share):
    columns = Growing()
    total = sum(lengths)
    numbers, flags = np.arange(total, dtype=np.float64), np.arange(total) % 2 == 0
    start = 0
    for length in lengths:
        end = start + length
        columns.add({"number": numbers[start:end], "flag": flags[start:end]}, share * end / max(total, 1))
        start = end
    assert columns.count == total
    found = columns.columns()
    if lengths:
        assert np.array_equal(found["number"], numbers)
        assert np.array_equal(found["flag"], flags)
        assert (found["number"].dtype, found["flag"].dtype) == (np.float64, np.bool_)
    else:
        assert found == {}
