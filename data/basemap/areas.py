"""The stored basemap as shapely sees it, lines of dispute from a package of QGIS, and the disputed areas they bound."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from shapely import LineString, Polygon, STRtree, box, make_valid, wkb

from geo.basemap.store import Kind, Simplified, Store, View

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]

#: The Debian package that carries Natural Earth's lines of dispute, of the version that the basemap is of.
PACKAGE: Final = "qgis-common"
VERSION: Final = "3.22.16+dfsg-1"
SHA256: Final = "8c46e9da78b82772b23777643e02210c43945f01faee2316899f6438b65a5960"
MAP: Final = "usr/share/qgis/resources/data/world_map.gpkg"
#: Lines of dispute that bound none of the areas: claims given up, and such as the basemap has itself.
_SET_ASIDE: Final = frozenset({"Bolivian claim", "Western Saharan claim"})
#: The end of a line of dispute is led on to a line of the basemap that is at most so far, degrees.
_LED_ON: Final = 0.03
#: An outline by provinces is let out so far over the borders of its country, degrees.
_LET_OUT: Final = 0.3
_TURN: Final = 360.0
_WHOLE: Final = View(-540.0, -90.0, 540.0, 90.0)
#: Where the header of a GeoPackage geometry ends, by the kind of box in it.
_ENVELOPE: Final = (0, 32, 48, 48, 64)


def fetch(folder: Path) -> Path:
    """Unpack the package in ``folder``, through apt and its configured archive; the path of its map.

    Raises:
        SystemExit: apt or dpkg is missing, or the package is not the pinned one.
    """
    tools = [shutil.which(name) for name in ("apt-get", "dpkg-deb")]
    apt, dpkg = tools
    if apt is None or dpkg is None:
        raise SystemExit("apt-get and dpkg-deb are not on the path; they fetch the package that has lines of dispute")
    subprocess.run([apt, "download", f"{PACKAGE}={VERSION}"], check=True, cwd=folder, capture_output=True)
    archive = next(folder.glob(f"{PACKAGE}_*.deb"))
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{PACKAGE} {VERSION}: the package has SHA-256 {found}, pinned is {SHA256}")
    subprocess.run([dpkg, "-x", str(archive), str(folder)], check=True)
    return folder / MAP


def _rows(path: Path, table: str, columns: str) -> Iterator[tuple[Any, ...]]:
    """Rows of a layer of a GeoPackage: the columns, and last the geometry (OGC 12-128r18, clause 2.1.3)."""
    with sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True) as base:
        for *values, blob in base.execute(f"SELECT {columns}, geom FROM {table}"):  # noqa: S608  constants of this file
            yield (*values, wkb.loads(blob[8 + _ENVELOPE[blob[3] >> 1 & 7] :]))


def claim_lines(path: Path) -> list[LineString]:
    """The lines of dispute."""
    lines = [line for name, line in _rows(path, "disputed_borders", "name") if name not in _SET_ASIDE]
    merged = shapely.line_merge(shapely.union_all(lines))
    return list(getattr(merged, "geoms", [merged]))


def led_on(lines: list[LineString], base: list[LineString]) -> list[LineString]:
    """Short ways from the ends of lines to the nearest line of the basemap: ends that lie on none else leave a gap."""
    every = [*base, *lines]
    tree = STRtree(every)
    found = []
    for number, line in enumerate(lines, len(base)):
        for end in (line.coords[0], line.coords[-1]):
            point = shapely.Point(end)
            near = [other for other in tree.query(point, predicate="dwithin", distance=_LED_ON) if other != number]
            if near:
                way = min((shapely.shortest_line(point, every[other]) for other in near), key=shapely.length)
                (x, y), (to_x, to_y) = way.coords
                # A little beyond, so that the two cross whatever rounding does.
                found.append(LineString([(x, y), (to_x + (to_x - x) * 0.05, to_y + (to_y - y) * 0.05)]))
    return [line for line in found if line.length > 0]


def provinces(path: Path, names: list[str], country: str) -> tuple[BaseGeometry, BaseGeometry]:
    """The provinces of these names, and all others of the country (its ISO 3166-1 code)."""
    layer = [row for row in _rows(path, "states_provinces", "name, iso_a2") if row[1] == country]
    wanted = [shape for name, _, shape in layer if name in names]
    if len(wanted) != len(names):
        raise SystemExit(f"disputed.toml: of the provinces {names} the source has {len(wanted)}")
    return shapely.union_all(wanted), shapely.union_all([shape for name, _, shape in layer if name not in names])


def outline_by_provinces(path: Path, names: list[str], country: str) -> BaseGeometry:
    """Provinces let out over the borders of their country, whose own line is the basemap's and a finer one."""
    inner, others = provinces(path, names, country)
    return inner.buffer(_LET_OUT).difference(others)


def tiling_lines(store: Store) -> list[tuple[int, Floats]]:
    """Number and points of every line that parts territories, or land and sea; longitudes as stored."""
    lines = Simplified(store, 0.0)
    numbers = np.flatnonzero(store.line_kind != Kind.SHORE)
    # The sources draw a line of dispute a second time where it is no line of their territories; it parts nothing.
    return [(number, points) for number in numbers.tolist() if len(points := lines.line(number)) > 1]


@dataclass(frozen=True)
class Ground:
    """Who owns the land at points, and whether there is land: the polygons of the basemap's territories."""

    owners: NDArray[np.int64]
    tree: STRtree

    @classmethod
    def of(cls, store: Store) -> Ground:
        """Those of a stored scale; what lies beyond 180 degrees is there a whole turn further west too."""
        lines = Simplified(store, 0.0)
        owners, shapes = [], []
        for polygon in np.flatnonzero(store.polygon_owner >= 0).tolist():
            rings = [_ring(lines, ring) for ring in store.rings(polygon)]
            if len(rings[0]) < 3:  # noqa: PLR2004  rounded away
                continue
            shape = make_valid(Polygon(rings[0], [ring for ring in rings[1:] if len(ring) > 2]))  # noqa: PLR2004  the same
            turns = [0.0, -_TURN] if shape.bounds[2] > _TURN / 2 else [0.0]
            for turn in turns:
                owners.append(int(store.polygon_owner[polygon]))
                shapes.append(shapely.transform(shape, lambda points, turn=turn: points + np.array([turn, 0.0])))
        return cls(np.array(owners), STRtree(shapes))

    def at(self, points: NDArray[Any]) -> NDArray[np.int64]:
        """The number of the territory at each point; -1 at sea."""
        found = np.full(len(points), -1, dtype=np.int64)
        point, polygon = self.tree.query(points, predicate="intersects")
        found[point] = self.owners[polygon]
        return found


def _ring(lines: Simplified, ring: int) -> Floats:
    points = lines.ring(ring, _WHOLE)
    if not lines.store.ring_polar[ring]:
        return points
    # The coast of Antarctica goes westward over one turn; its land reaches down to the pole.
    last = points[0] - (_TURN, 0.0)
    return np.vstack([points, last, (last[0], -90.0), (points[0, 0], -90.0)])


@dataclass(frozen=True)
class Faces:
    """The parts into which lines cut the world, a point inside each, and its territory."""

    shapes: NDArray[Any]
    points: NDArray[Any]
    owner: NDArray[np.int64]
    codes: NDArray[np.str_]


def members(rule: dict[str, Any], faces: Faces, path: Path) -> NDArray[np.bool_]:
    """Which faces belong to an area of ``disputed.toml``.

    Raises:
        SystemExit: with a point that is in none of the area's territories.
    """
    of = np.isin(faces.codes, rule["of"]) & (faces.owner >= 0)
    if "at" in rule:
        chosen = np.zeros_like(of)
        for lon, lat in rule["at"]:
            here = shapely.intersects_xy(faces.shapes, lon, lat)
            if not (here & of).any():
                raise SystemExit(f"disputed.toml: {lon}, {lat} is in none of {rule['of']}")
            chosen |= here
        return of & chosen
    if "corners" in rule:
        return np.asarray(of & shapely.within(faces.points, Polygon(rule["corners"])))
    if "within" in rule:
        return np.asarray(of & shapely.within(faces.points, box(*rule["within"])))
    if "provinces" in rule:
        outline = outline_by_provinces(path, rule["provinces"], rule["of"][0])
        return np.asarray(of & shapely.within(faces.points, outline))
    return of


def own_lines(rules: dict[str, dict[str, Any]], path: Path) -> list[BaseGeometry]:
    """The outlines that areas have from their corners or provinces."""
    found = [LineString(rule["corners"]) for rule in rules.values() if "corners" in rule]
    found += [
        outline_by_provinces(path, rule["provinces"], rule["of"][0]).boundary
        for rule in rules.values()
        if "provinces" in rule
    ]
    return found
