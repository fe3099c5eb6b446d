"""Make ``owners.npz``: ``python -m data.basemap.make_owners`` in the root of a checkout, after ``make.py``.

Whose the ground and the sea are: every line of ``10m.npz`` that parts land and sea or two territories, the lines that
bound disputed areas, the limit 12 nautical miles off the coast and the lines between the seas of two coasts, each
segment with what lies to its left and right. Needs apt-get, dpkg-deb, pyproj and shapely. Equal sources give equal
bytes.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from shapely import LineString, box

from data.basemap import areas, limits
from data.basemap.areas import Faces, Ground
from geo.basemap.store import GRID as STEPS
from geo.basemap.store import load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from geo.basemap.store import Store

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

HERE: Final = Path(__file__).parent
#: Steps of the grid of what is added, in a degree: 11 m.
GRID: Final = 10_000
_WORLD: Final = (-180.0, -90.0, 180.0, 90.0)
_TURN: Final = 360.0
#: The most that one step of a line may measure on the grid.
_LONGEST_STEP: Final = 32_000
#: Lines at sea are led on over land so far, degrees: they cross the coast rather than end near it.
_INLAND_DEG: Final = 0.02
_MOST_WRONG: Final = 0.001
_MARK: Final = "<!-- written by make_owners.py -->"
_ANTARCTICA: Final = "AQ"


class Labels:
    """The kinds of ground: code, whether it is land (1), territorial sea (2) or beyond (0), disputed areas."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, int, tuple[str, ...]]] = [("", 0, ())]
        self._number = {self.rows[0]: 0}

    def number(self, code: str, kind: int, keys: tuple[str, ...]) -> int:
        """The number of a label."""
        row = (code, kind, keys)
        if row not in self._number:
            self._number[row] = len(self.rows)
            self.rows.append(row)
        return self._number[row]

    def at_sea(self, land: int) -> int:
        """The label of the sea off some land."""
        code, _, keys = self.rows[land]
        return 0 if land == 0 or code == _ANTARCTICA else self.number(code, 2, keys)


def home(line: LineString) -> list[LineString]:
    """A line in every turn in which it has a part between -180 and 180."""
    west, _, east, _ = line.bounds
    turns = range(int(np.ceil((-180.0 - east) / _TURN)), int(np.floor((180.0 - west) / _TURN)) + 1)
    # Equal points stay equal: what is on the grid of the basemap is so in every turn.
    return [
        shapely.transform(line, lambda at, turn=turn: np.rint((at + np.array([turn * _TURN, 0.0])) * STEPS) / STEPS)
        for turn in turns
    ]


def faces_of(lines: Iterable[BaseGeometry]) -> NDArray[Any]:
    """The parts into which lines and the frame cut the world between -180 and 180."""
    whole = shapely.union_all(np.array([*lines, box(*_WORLD).boundary], dtype=object))
    found = shapely.get_parts(shapely.polygonize([whole]))
    inside = shapely.within(shapely.point_on_surface(found), box(*_WORLD))
    return np.asarray(shapely.orient_polygons(found[inside]))


def segments_of(faces: NDArray[Any], label: Ints) -> tuple[Floats, Floats, Ints, Ints]:
    """The segments between faces: both ends (n, 2), the lesser first, and the labels to the left and right of it.

    The frame at 180 degrees and the poles is no segment.
    """
    rings, face = shapely.get_rings(faces, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    here = np.flatnonzero(ring[1:] == ring[:-1])
    first, second, whose = points[here], points[here + 1], label[face[ring[here]]]
    on_frame = (np.abs(first) == (_WORLD[2], _WORLD[3])) & (first == second)
    framed = on_frame.any(axis=1)
    first, second, whose = first[~framed], second[~framed], whose[~framed]
    up = (first[:, 0] < second[:, 0]) | ((first[:, 0] == second[:, 0]) & (first[:, 1] < second[:, 1]))
    ends = np.where(up[:, None], np.hstack([first, second]), np.hstack([second, first]))
    rows, number = np.unique(ends, axis=0, return_inverse=True)
    left, right = np.full(len(rows), -1, dtype=np.int64), np.full(len(rows), -1, dtype=np.int64)
    left[number[up]], right[number[~up]] = whose[up], whose[~up]
    if (left < 0).any() or (right < 0).any():
        raise SystemExit(f"{int(((left < 0) | (right < 0)).sum())} segments have nothing on one side")
    return rows[:, :2], rows[:, 2:], left, right


def labelled_land(
    store: Store, rules: dict[str, dict[str, Any]], path: Path, labels: Labels
) -> tuple[list[BaseGeometry], NDArray[Any], Ints]:
    """Lines on land and coasts, the faces they leave, and the label of each; 0 at sea."""
    base = [turned for _, points in areas.tiling_lines(store) for turned in home(LineString(points))]
    claims = areas.claim_lines(path)
    lines = [*base, *claims, *areas.led_on(claims, base), *areas.own_lines(rules, path)]
    shapes = faces_of(lines)
    points = shapely.point_on_surface(shapes)
    owner = Ground.of(store).at(points)
    faces = Faces(shapes, points, owner, np.array([*store.codes, ""])[owner])
    keys: list[list[str]] = [[] for _ in shapes]
    code = faces.codes.tolist()
    for key, rule in rules.items():
        chosen = np.flatnonzero(areas.members(rule, faces, path)).tolist()
        if not chosen:
            raise SystemExit(f"disputed.toml: [{key}] fits nothing in the data")
        for number in chosen:
            keys[number].append(key)
            code[number] = rule.get("code", code[number])
    label = [
        labels.number(code[number], 1, tuple(sorted(keys[number]))) if owner[number] >= 0 else 0
        for number in range(len(shapes))
    ]
    return lines, shapes, np.array(label)


def spurs(store: Store) -> tuple[Floats, Floats]:
    """Both ends of the segments of coasts that rounding has left without land beside them, on small islands."""
    base = [turned for _, points in areas.tiling_lines(store) for turned in home(LineString(points))]
    whole = shapely.union_all(np.array([*base, box(*_WORLD).boundary], dtype=object))
    loose = shapely.get_parts(shapely.polygonize_full([whole])[2])
    points, line = shapely.get_coordinates(loose[shapely.within(loose, box(*_WORLD))], return_index=True)
    here = np.flatnonzero(line[1:] == line[:-1])
    return points[here], points[here + 1]


def _with_spurs(store: Store, first: Floats, second: Floats, owner: Ints) -> tuple[tuple[Floats, Floats], Ints]:
    """Segments of coasts and whose they are, with the spurs near them."""
    one, other = spurs(store)
    whose = limits.nearest_label((one + other) / 2, first, second, owner)
    near = whose >= 0
    ends = (np.concatenate([first, one[near]]), np.concatenate([second, other[near]]))
    return ends, np.concatenate([owner, whose[near]])


def labelled_sea(
    store: Store, lines: list[BaseGeometry], land: NDArray[Any], label: Ints, labels: Labels
) -> tuple[NDArray[Any], Ints]:
    """The faces of land and sea with the limits at sea drawn in, and the label of each."""
    first, second, left, right = segments_of(land, label)
    antarctic = np.array([code == _ANTARCTICA for code, _, _ in labels.rows])
    owner = np.maximum(left, right)
    coast = ((left == 0) != (right == 0)) & ~antarctic[owner]
    ends, whose = _with_spurs(store, first[coast], second[coast], owner[coast])
    dry = shapely.union_all(land[label > 0])
    outer = shapely.union_all([limits.belt(*ends), dry]).boundary
    inland = dry.buffer(-_INLAND_DEG)
    middles = [shapely.difference(part, inland) for part in limits.middles(*ends, whose)]
    shapes = faces_of([*lines, outer, *middles])
    points = shapely.point_on_surface(shapes)
    found = np.zeros(len(shapes), dtype=np.int64)
    point, face = shapely.STRtree(land).query(points, predicate="within")
    found[point] = label[face]
    wet = np.flatnonzero(found == 0)
    near = limits.nearest_label(shapely.get_coordinates(points[wet]), *ends, whose)
    found[wet] = [labels.at_sea(land_label) if land_label >= 0 else 0 for land_label in near.tolist()]
    return shapes, found


def _sorted_ends(first: Floats, second: Floats) -> tuple[Ints, NDArray[np.bool_]]:
    """Ends as rows of whole numbers, the lesser first, and which were in that order."""
    ends = np.rint(np.hstack([first, second]) * GRID * 10).astype(np.int64)
    up = (ends[:, 0] < ends[:, 2]) | ((ends[:, 0] == ends[:, 2]) & (ends[:, 1] <= ends[:, 3]))
    return np.where(up[:, None], ends, ends[:, [2, 3, 0, 1]]), up


def runs(store: Store, first: Floats, second: Floats, left: Ints, right: Ints) -> tuple[dict[str, NDArray[Any]], Ints]:
    """What lies beside the steps of the stored lines, as runs of equal pairs, and which segments are none of them.

    A step that has no one label on a side, because another line meets it, has 0 on both.
    """
    starts, ends, at = [], [], []
    for number, points in areas.tiling_lines(store):
        west = np.minimum(points[:-1, 0], points[1:, 0])
        turn = np.floor((west + 180.0) / _TURN)[:, None] * (_TURN, 0.0)
        starts.append(points[:-1] - turn)
        ends.append(points[1:] - turn)
        begin = int(store.piece_first[store.line_piece[number]])
        at.append(np.arange(begin + 1, begin + len(points)))
    steps, up = _sorted_ends(np.concatenate(starts), np.concatenate(ends))
    segments, _ = _sorted_ends(first, second)
    _, alike = np.unique(np.vstack([segments, steps]), axis=0, return_inverse=True)
    segment_of = np.full(int(alike.max()) + 1, -1, dtype=np.int64)
    segment_of[alike[: len(segments)]] = np.arange(len(segments))
    found = segment_of[alike[len(segments) :]]
    pair = np.zeros((len(store.moves), 2), dtype=np.uint16)
    places, held = np.concatenate(at), found >= 0
    beside = np.column_stack([left[found], right[found]])
    pair[places[held]] = np.where(up[:, None], beside, beside[:, ::-1])[held]
    begins = np.concatenate([[0], np.flatnonzero((np.diff(pair.astype(np.int32), axis=0) != 0).any(axis=1)) + 1])
    stored = {"run_from": begins.astype(np.int32), "run_left": pair[begins, 0], "run_right": pair[begins, 1]}
    rest = np.setdiff1d(np.arange(len(segments)), found[held])
    return stored, rest


def without_slivers(first: Floats, second: Floats, left: Ints, right: Ints) -> tuple[Floats, Floats, Ints, Ints]:
    """Segments, of those that are one on the grid only one, with what lies to the left and right of all of them."""
    ends = np.rint(np.hstack([first, second]) * GRID).astype(np.int64)
    _, alike, count = np.unique(ends, axis=0, return_inverse=True, return_counts=True)
    kept = (count[alike] == 1) & (ends[:, :2] != ends[:, 2:]).any(axis=1)
    left, right = left.copy(), right.copy()
    order = np.argsort(alike, kind="stable")
    for start in np.flatnonzero(np.diff(alike[order], prepend=-1)):
        one, *others = order[start : start + count[alike[order[start]]]].tolist()
        for other in others:
            # Side by side, they share what lies between them.
            if right[one] == left[other]:
                right[one] = right[other]
            elif left[one] == right[other]:
                left[one] = left[other]
            kept[one] = left[one] != right[one]
    return first[kept], second[kept], left[kept], right[kept]


def chains(first: Floats, second: Floats, left: Ints, right: Ints) -> dict[str, NDArray[Any]]:
    """Segments joined to lines with one label on either side, as steps on the grid."""
    turned = left > right
    ends = np.stack([np.where(turned[:, None], second, first), np.where(turned[:, None], first, second)], axis=1)
    pairs = np.column_stack([np.minimum(left, right), np.maximum(left, right)])
    names, number = np.unique(pairs, axis=0, return_inverse=True)
    moves, starts, counts, sides = [], [], [], []
    for pair, (low, high) in enumerate(names.tolist()):
        lines = shapely.line_merge(shapely.union_all(shapely.linestrings(ends[number == pair])), directed=True)
        for line in shapely.get_parts(lines):
            points = np.rint(shapely.get_coordinates(line) * GRID).astype(np.int64)
            points = points[np.concatenate([[True], (np.diff(points, axis=0) != 0).any(axis=1)])]
            if len(points) < 2:  # noqa: PLR2004  shorter than the grid
                continue
            if np.abs(np.diff(points, axis=0)).max() > _LONGEST_STEP:
                points = _halved(points)
            moves.append(np.diff(points, axis=0, prepend=points[:1]))
            starts.append(points[0])
            counts.append(len(points))
            sides.append((low, high))
    return {
        "line_moves": np.concatenate(moves).astype(np.int16),
        "line_start": np.array(starts, dtype=np.int32),
        "line_points": np.array(counts, dtype=np.int32),
        "line_left": np.array(sides, dtype=np.uint16)[:, 0],
        "line_right": np.array(sides, dtype=np.uint16)[:, 1],
    }


def _halved(points: Ints) -> Ints:
    parts = [points[:1]]
    for one, other in pairwise(points):
        count = int(np.abs(other - one).max()) // _LONGEST_STEP + 1
        parts.append(np.rint(one + np.arange(1, count + 1)[:, None] / count * (other - one)).astype(np.int64))
    return np.concatenate(parts)


def _describe(path: Path, arrays: dict[str, NDArray[Any]], rules: dict[str, dict[str, Any]]) -> str:
    """The part of the README that holds figures."""
    row = (
        f"| `{path.name}` | {path.stat().st_size:,} | {len(arrays['line_moves']):,} | {len(arrays['line_points']):,} |"
        f" {len(arrays['label_code']):,} | {len(rules):,} | `{hashlib.sha256(path.read_bytes()).hexdigest()}` |"
    )
    package = f"| {areas.PACKAGE} | {areas.VERSION} | Natural Earth 4.1.0 | `{areas.SHA256}` |"
    return f"""{_MARK}

| file | bytes | points | lines | kinds of ground | disputed areas | SHA-256 |
|---|--:|--:|--:|--:|--:|---|
{row}

| package of Debian | version | its data | SHA-256 of its archive |
|---|---|---|---|
{package}

{_MARK}"""


def _demand_own_sea(left: Ints, right: Ints, labels: Labels) -> None:
    """Stop if the sea along a coast is not that of the land behind it, as near a border it may be for a little.

    Raises:
        SystemExit: with how many segments of the coast have another's.
    """
    land = np.array([kind == 1 and code != _ANTARCTICA for code, kind, _ in labels.rows])
    own = np.array([labels.at_sea(number) if land[number] else -1 for number in range(len(land))])
    wrong = (land[left] & (left != right) & ~land[right] & (own[left] != right)) | (
        land[right] & (left != right) & ~land[left] & (own[right] != left)
    )
    coast = land[left] != land[right]
    print(f"{int(wrong.sum()):,} of {int(coast.sum()):,} segments of coast lie at another's sea")
    if wrong.sum() > _MOST_WRONG * coast.sum():
        raise SystemExit("the lines between the seas of two coasts leave gaps")


def main() -> None:
    """Write the file and its figures."""
    rules = tomllib.loads((HERE / "disputed.toml").read_text(encoding="utf-8"))
    store = load("10m")
    labels = Labels()
    with tempfile.TemporaryDirectory() as name:
        path = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else areas.fetch(Path(name))
        lines, land, label = labelled_land(store, rules, path, labels)
    shapes, whose = labelled_sea(store, lines, land, label, labels)
    first, second, left, right = segments_of(shapes, whose)
    _demand_own_sea(left, right, labels)
    parts = left != right
    first, second, left, right = without_slivers(first[parts], second[parts], left[parts], right[parts])
    arrays, rest = runs(store, first, second, left, right)
    arrays |= chains(first[rest], second[rest], left[rest], right[rest])
    arrays["label_code"] = np.array([code for code, _, _ in labels.rows])
    arrays["label_kind"] = np.array([kind for _, kind, _ in labels.rows], dtype=np.uint8)
    arrays["label_disputed"] = np.array([" ".join(keys).encode("ascii") for _, _, keys in labels.rows])
    target = HERE / "owners.npz"
    np.savez(target, allow_pickle=False, **arrays)
    print(f"{target.name}: {target.stat().st_size:,} bytes, {len(arrays['line_moves']):,} points")
    readme = HERE / "README.md"
    before, _, after = readme.read_text(encoding="utf-8").split(_MARK)
    readme.write_text(before + _describe(target, arrays, rules) + after, encoding="utf-8")


if __name__ == "__main__":
    main()
