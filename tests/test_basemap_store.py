"""The stored files: what their README says of them, and that simplification keeps its promise."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
import shapely

from data.basemap.packages import PACKAGES
from geo import resources
from geo.basemap.store import SCALES, Kind, Layer, Simplified, View, load, mercator, mercator_of
from geo.errors import ResourceError

if TYPE_CHECKING:
    from pathlib import Path

    from geo.basemap import Scale

README = resources.data("basemap", "README.md")

scales = pytest.mark.parametrize("scale", SCALES)


def plane(points: np.ndarray) -> shapely.LineString:
    return shapely.LineString(np.column_stack([points[:, 0], mercator(points[:, 1])]))


@scales
def test_the_readme_tells_the_truth(scale: Scale) -> None:
    path = resources.data("basemap", f"{scale}.npz")
    content = path.read_bytes()
    store = load(scale)
    lakes = int((store.polygon_owner == Layer.LAKE).sum())
    counts = [len(content), len(store.level), len(store.line_kind), len(set(store.codes) - {""}), lakes]
    figures = " | ".join(f"{count:,}" for count in counts)
    row = f"| `{path.name}` | {figures} | `{hashlib.sha256(content).hexdigest()}` |"
    assert row in README.read_text(encoding="utf-8")


def test_the_readme_names_the_packages_as_they_are_pinned() -> None:
    text = README.read_text(encoding="utf-8")
    for package in PACKAGES:
        assert f"| {package.name} | {package.version} | {package.licence} | " in text
        assert f"`{package.sha512}`" in text
    assert "Crimea is Ukraine at every scale" in text


def test_all_scales_together_stay_small() -> None:
    assert sum(resources.data("basemap", f"{scale}.npz").stat().st_size for scale in SCALES) <= 6_000_000


def test_the_readme_lists_the_arrays() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \| (?:u?int|bool|text)", README.read_text(encoding="utf-8"), re.MULTILINE))
    for scale in SCALES:
        with np.load(resources.data("basemap", f"{scale}.npz")) as arrays:
            assert set(arrays.files) == listed


@scales
def test_codes_are_countries(scale: Scale) -> None:
    codes = set(load(scale).codes) - {""}
    assert all(re.fullmatch(r"[A-Z]{2}", code) for code in codes)
    assert len(codes) >= {"110m": 175, "50m": 235, "10m": 235}[scale]


@scales
def test_every_ring_is_closed(scale: Scale) -> None:
    store = load(scale)
    lines = Simplified(store, 1.0)
    everything = View(-1000, -90, 1000, 90)
    for number in range(len(store.ring_polar)):
        links = slice(store.ring_link[number], store.ring_link[number + 1])
        ends = store.piece_ends[store.link_piece[links]].astype(np.int64)
        ends[~store.link_forward[links]] = ends[~store.link_forward[links]][:, ::-1]
        ends[:, :, 0] += store.link_turn[links].astype(np.int64)[:, None] * 360_000
        gaps = np.roll(ends[:, 0], -1, axis=0) - ends[:, 1]
        expected = np.zeros_like(gaps)
        if store.ring_polar[number]:
            expected[-1, 0] = 360_000  # westward around the pole
        assert (gaps == expected).all(), number
        assert len(lines.ring(number, everything)) >= 1


@pytest.mark.parametrize("tolerance", [0.003, 0.01, 0.05, 0.3])
def test_simplified_lines_stay_within_the_tolerance(tolerance: float) -> None:
    store = load("50m")
    whole, coarse = Simplified(store, 0.0), Simplified(store, tolerance)
    longest = np.argsort(-np.diff(store.line_piece))[:25]
    dropped = 0
    for number in longest.tolist():
        full, simple = whole.line(number), coarse.line(number)
        dropped += len(full) - len(simple)
        away = shapely.distance(shapely.points(np.column_stack([full[:, 0], mercator(full[:, 1])])), plane(simple))
        assert away.max() <= tolerance + 1e-9
        assert (simple[[0, -1]] == full[[0, -1]]).all()
    assert dropped > 0


def test_leaving_out_what_is_on_one_side_changes_nothing_inside() -> None:
    store = load("50m")
    lines = Simplified(store, 0.0)
    view, everything = View(44.0, 39.3, 53.5, 45.5), View(-1000, -90, 1000, 90)
    box = shapely.box(view.west, view.south, view.east, view.north)
    met = np.flatnonzero(view.overlaps(store.ring_box) & ~store.ring_polar).tolist()
    assert met
    for number in met:
        short, full = (shapely.Polygon(lines.ring(number, part)).buffer(0) for part in (view, everything))
        assert short.intersection(box).symmetric_difference(full.intersection(box)).area < 1e-9


@scales
def test_each_kind_of_line_is_there(scale: Scale) -> None:
    kinds = set(load(scale).line_kind.tolist())
    assert {Kind.COAST, Kind.BORDER, Kind.DISPUTED, Kind.SHORE} <= kinds


def test_mercator_of_one_latitude_is_that_of_many() -> None:
    for lat in (-90.0, -60.0, 0.0, 45.5, 89.0):
        assert mercator_of(lat) == pytest.approx(float(mercator(lat)))
    assert float(mercator(90.0)) == pytest.approx(180.0)


def test_a_missing_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(resources, "data", tmp_path.joinpath)
    load.cache_clear()
    try:
        with pytest.raises(ResourceError, match=r"data/basemap/50m\.npz is missing"):
            load("50m")
    finally:
        load.cache_clear()
