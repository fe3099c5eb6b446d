"""From polygons to lines that are drawn once: the maker of the basemap on worlds small enough to count."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from data.basemap.packages import read_shapes
from data.basemap.politics import View
from data.basemap.simplify import levels, tolerances
from data.basemap.topology import LAKE, LAND, Territory, add_lakes, build, oriented, pieces
from geo.basemap.store import Kind

if TYPE_CHECKING:
    from pathlib import Path

RULES: dict[str, list[dict[str, Any]]] = {"code": [], "move": [], "cut": [], "line": [], "de_facto": []}


def square(west: int, south: int, side: int = 1000) -> np.ndarray:
    corners = [(0, 0), (side, 0), (side, side), (0, side), (0, 0)]
    return np.array([(west + x, south + y) for x, y in corners], dtype=np.int64)


def kinds_of(territories: list[Territory], view: View) -> dict[Kind, int]:
    """Length of the lines of each kind."""
    topology, crowded = build(territories, view.kind_between)
    assert crowded == []
    lengths: dict[Kind, int] = {}
    for line, kind in zip(topology.lines, topology.kinds, strict=True):
        lengths[kind] = lengths.get(kind, 0) + int(np.abs(np.diff(line, axis=0)).sum())
    return lengths


def test_neighbours_share_one_border_and_have_one_coast() -> None:
    pair = [Territory("A", "AA", [[square(0, 0)]]), Territory("B", "BB", [[square(1000, 0)]])]
    assert kinds_of(pair, View(RULES)) == {Kind.COAST: 6000, Kind.BORDER: 1000}
    topology, _ = build(pair, View(RULES).kind_between)
    assert sorted(owner for owner, _ in topology.polygons) == [LAND, 0, 1]


def test_territories_of_one_code_have_no_border_between_them() -> None:
    pair = [Territory("A", "AA", [[square(0, 0)]]), Territory("A's base", "AA", [[square(1000, 0)]])]
    assert kinds_of(pair, View(RULES)) == {Kind.COAST: 6000, Kind.HIDDEN: 1000}


def test_a_rule_makes_a_border_disputed_inside_its_box() -> None:
    rule = {"between": ["A", "B"], "box": [-1, -1, 3, 1], "kind": "disputed"}
    pair = [
        Territory("A", "AA", [[square(0, 0)], [square(0, 1000)]]),
        Territory("B", "BB", [[square(1000, 0)], [square(1000, 1000)]]),
    ]
    lengths = kinds_of(pair, View({**RULES, "line": [rule]}))
    assert lengths == {Kind.COAST: 8000, Kind.BORDER: 1000, Kind.DISPUTED: 1000, Kind.HIDDEN: 2000}


def test_a_hole_in_the_land_is_coast_and_belongs_to_its_polygon() -> None:
    land = [Territory("A", "AA", [oriented([square(0, 0, 9000), square(3000, 3000)])])]
    topology, _ = build(land, View(RULES).kind_between)
    (rings,) = (rings for owner, rings in topology.polygons if owner == LAND)
    assert len(rings) == 2
    assert set(topology.kinds) == {Kind.COAST}


def test_lakes_are_lines_of_their_own() -> None:
    topology, _ = build([Territory("A", "AA", [[square(0, 0, 9000)]])], View(RULES).kind_between)
    add_lakes(topology, [[square(3000, 3000)]])
    assert topology.kinds == [Kind.COAST, Kind.SHORE]
    assert topology.polygons[-1][0] == LAKE


def topojson(path: Path, features: list[tuple[str, str, list[list[list[int]]]]]) -> Path:
    """A TopoJSON file on a grid of a thousandth of a degree, each ring an arc of its own."""
    arcs: list[list[list[int]]] = []
    geometries = []
    for name, number, polygons in features:
        indices = []
        for ring in polygons:
            arcs.append(np.diff(np.array(ring), axis=0, prepend=[[0, 0]]).tolist())
            indices.append([[len(arcs) - 1]])
        geometries.append({"type": "MultiPolygon", "id": number, "properties": {"name": name}, "arcs": indices})
    topology = {
        "transform": {"scale": [0.001, 0.001], "translate": [0, 0]},
        "arcs": arcs,
        "objects": {"countries": {"geometries": geometries}},
    }
    path.write_text(json.dumps(topology))
    return path


def test_what_was_cut_at_the_antimeridian_is_joined(tmp_path: Path) -> None:
    path = topojson(
        tmp_path / "a.json",
        [("Fiji", "242", [square(179_000, 0).tolist(), square(-180_000, 0).tolist()])],
    )
    (fiji,) = View(RULES).territories(read_shapes(path, "countries"))
    assert fiji.code == "FJ"
    ((ring,),) = fiji.polygons
    assert (ring[:, 0].min(), ring[:, 0].max()) == (179_000, 181_000)
    assert kinds_of([fiji], View(RULES)) == {Kind.COAST: 6000}


def test_a_polygon_moves_and_its_old_border_goes(tmp_path: Path) -> None:
    path = topojson(
        tmp_path / "a.json",
        [
            ("Russia", "643", [square(9000, 0).tolist(), square(1000, 0).tolist()]),
            ("Ukraine", "804", [square(0, 0).tolist()]),
        ],
    )
    move = {"name": "Crimea", "of": "Russia", "at": [1.5, 0.5], "code": "UA"}
    view = View({**RULES, "move": [move]})
    territories = view.territories(read_shapes(path, "countries"))
    assert [(territory.name, territory.code) for territory in territories] == [
        ("Russia", "RU"),
        ("Ukraine", "UA"),
        ("Crimea", "UA"),
    ]
    assert kinds_of(territories, view) == {Kind.COAST: 10_000, Kind.HIDDEN: 1000}
    view.demand_all_used()


def test_a_territory_is_cut_along_a_parallel(tmp_path: Path) -> None:
    path = topojson(tmp_path / "a.json", [("Morocco", "504", [square(0, 0, 4000).tolist()])])
    cut = {"name": "South", "of": "Morocco", "at": [0.0, 2.0], "code": "EH"}
    territories = View({**RULES, "cut": [cut]}).territories(read_shapes(path, "countries"))
    assert [territory.code for territory in territories] == ["MA", "EH"]
    assert kinds_of(territories, View(RULES)) == {Kind.COAST: 16_000, Kind.BORDER: 4000}


def test_a_rule_that_fits_nothing_stops_the_making() -> None:
    view = View({**RULES, "code": [{"name": "Atlantis", "code": "AT"}]})
    with pytest.raises(SystemExit, match="Atlantis"):
        view.demand_all_used()


def test_a_territory_without_a_code_stops_the_making(tmp_path: Path) -> None:
    path = topojson(tmp_path / "a.json", [("Atlantis", "", [square(0, 0).tolist()])])
    with pytest.raises(SystemExit, match="Atlantis"):
        View(RULES).territories(read_shapes(path, "countries"))


def test_a_long_line_is_cut_into_pieces_that_meet() -> None:
    line = np.column_stack([np.arange(1000) * 7, np.arange(1000) % 5]).astype(np.int64)
    parts = pieces(line)
    assert len(parts) == 4
    assert all((one[-1] == other[0]).all() for one, other in pairwise(parts))
    assert (np.concatenate([parts[0], *(part[1:] for part in parts[1:])]) == line).all()


def test_a_long_step_gets_points_between() -> None:
    (part,) = pieces(np.array([[-123_000, 49_000], [-95_000, 49_000], [-35_000, 49_000]], dtype=np.int64))
    assert np.abs(np.diff(part, axis=0)).max() < 2**15
    assert (part[:, 1] == 49_000).all()


def test_a_point_matters_as_much_as_its_height_over_the_chord() -> None:
    points = np.array([[0, 0], [1000, 1], [2000, 500], [3000, 0]], dtype=np.int64)
    found = tolerances(points, 1000)
    assert np.isinf(found[[0, 3]]).all()
    assert found[2] == pytest.approx(0.5, rel=0.01)
    assert found[1] < found[2]
    assert levels(found)[[0, 3]].tolist() == [255, 255]
    assert levels(np.array([0.0005, 0.001, 0.0]))[:].tolist() == [0, 14, 0]
