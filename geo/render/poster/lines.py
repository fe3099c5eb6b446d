"""Lines, bands, reaches, crosses and rings of the map, as ``assets/viewer/lines.js`` draws them."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.render.markup import plain
from geo.render.poster.drawing import clean, element, group, number
from geo.render.poster.look import (
    BAND,
    CASINGS,
    GAP,
    HALO,
    HATCHES,
    INK3,
    LINES,
    REACH,
    RING,
    hatch,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geo.render.poster.drawing import Pen
    from geo.render.poster.view import View

    Floats = NDArray[np.float64]
    Json = Mapping[str, Any]

__all__ = ["areas", "cross", "projected", "rings", "routes", "runways", "styles_drawn", "within_reach"]

_ORDER: Final = ("intended", "received", "inferred", "partial", "silent", "rejected")
#: Px between crosses, at least.
_APART: Final = 8.0
_ARM: Final = 3.6
#: Runways that are shorter are not drawn, px.
_SEEN: Final = 12.0
#: The share of the view that a reach may cover.
_MOST_REACH: Final = 0.85
#: A ring has more points than a line.
_POINTS: Final = 3


def _column(packed: Json) -> Floats:
    values: Floats = np.cumsum(np.array(packed["deltas"], dtype=np.int64)) * packed["quantum"]
    return values


def projected(view: View, path: Json) -> Floats:
    """Px of a path of the scene, shape (n, 2)."""
    return view.xys(_column(path["lon"]), _column(path["lat"]))


def styles_drawn(scene: Json, *, reached: bool) -> set[str]:
    """The styles of the key that the map shows, ``reached`` says whether it shows the reach."""
    shown = scene["map"]
    found = {line["style"] for line in shown["lines"]}
    found |= {each["style"] for each in (shown.get("others") or {"aircraft": ()})["aircraft"]}
    if any(ring.get("main", True) for ring in shown["rings"]):
        found.add("ring")
    if reached:
        found.add("reach")
    return found


def within_reach(scene: Json, view: View) -> bool:
    """Whether the reach says something in this view: where all that is seen lies within it, a hatch would not."""
    found = [projected(view, ring) for reach in scene["map"]["reaches"] for ring in reach["rings"]]
    if not found:
        return False
    import shapely  # only for scenes with a reach

    area = shapely.union_all(shapely.make_valid([shapely.Polygon(ring) for ring in found if len(ring) > _POINTS]))
    seen = shapely.area(shapely.intersection(area, shapely.box(0, 0, view.width, view.height)))
    return bool(0.0 < seen < _MOST_REACH * view.width * view.height)


def areas(scene: Json, view: View, pen: Pen, *, reached: bool) -> str:
    """Where the aircraft can have been, if that is to be drawn, and the bands of doubt."""
    reaches = "".join(
        element("path", d=pen.paths((projected(view, ring) for ring in reach["rings"]), closed=True))
        for reach in (scene["map"]["reaches"] if reached else ())
        if reach["rings"]
    )
    bands = ""
    for band in scene["map"]["bands"]:
        inferred = band["style"] != "silent"
        look = {"fill": BAND, "fill_opacity": "0.26"} if inferred else {"fill": hatch("silent"), "fill_opacity": "0.55"}
        d = pen.path(projected(view, band["ring"]), closed=True)
        bands += element("path", d=d, data_style=band["style"], **look)
    return group(reaches, data_style="reach", fill=hatch("silent"), fill_opacity="0.18", **REACH) + bands


def routes(scene: Json, view: View, pen: Pen, *, cased: bool = True) -> str:
    """Every line with its state, its path basis and its crosses, the intended route lowest.

    Args:
        scene: what ``compose`` made.
        view: the map's.
        pen: how exactly they are drawn.
        cased: whether lines have a casing and a hatch; without, those of one kind are one path.
    """
    lines = sorted(scene["map"]["lines"], key=lambda line: _ORDER.index(line["style"]))
    if cased:
        drawn = "".join(_route(line, pen.path(projected(view, line["path"]))) for line in lines)
    else:
        alike = groupby(lines, key=lambda line: (line["style"], line.get("evidence"), line.get("basis")))
        drawn = "".join(_bare(pen.paths(projected(view, each["path"]) for each in some), *of) for of, some in alike)
    crossed = "".join(_crosses(line, view, pen.grid, cased=cased) for line in lines)
    return group(drawn, fill="none", stroke_linejoin="round") + group(crossed, fill="none", stroke_linecap="round")


def _bare(d: str, style: str, evidence: str | None, basis: str | None) -> str:
    return element("path", d=d, data_style=style, data_evidence=evidence, data_basis=basis, **LINES[style])


def _route(line: Json, d: str) -> str:
    style, drawn = line["style"], ""
    if style in CASINGS:
        drawn += element("path", d=d, stroke=HALO, stroke_linecap="round", **CASINGS[style])
    if style in HATCHES:
        tile = "silent" if style == "rejected" else style
        drawn += element("path", d=d, stroke=hatch(tile), stroke_width=11, stroke_opacity="0.55")
    state = {"data_style": style, "data_evidence": line.get("evidence"), "data_basis": line.get("basis")}
    return group(drawn + element("path", d=d, **LINES[style]), **state)


def cross(x: float, y: float) -> str:
    """Path data of the cross of a false position."""
    return f"M{number(x - _ARM)} {number(y - _ARM)}l7.2 7.2m0-7.2l-7.2 7.2"


def _crosses(line: Json, view: View, grid: float, *, cased: bool) -> str:
    """Crosses where the scene has them, at least 8 px from each other."""
    spots = line.get("crosses") or ()
    if not spots:
        return ""
    at = view.xys([lon for lon, _ in spots], [lat for _, lat in spots])
    middle = at[len(at) // 2]
    length = math.dist(at[0], at[-1])
    grown = middle + (at - middle) * max(1.0, _APART * (len(at) - 1) / (length or 1.0))
    arms = [(round(x / grid) * grid, round(y / grid) * grid) for x, y in grown.tolist()]
    d = "".join(cross(x, y) for x, y in arms)
    if not cased:
        return element("path", d=d, stroke=GAP, stroke_width=1.9, data_style="rejected")
    casing = element("path", d=d, stroke=HALO, stroke_width=5)
    return group(casing + element("path", d=d, stroke=GAP, stroke_width=1.9), data_style="rejected")


def rings(scene: Json, view: View, pen: Pen) -> str:
    """The rings of places that are known only as a distance."""
    drawn = "".join(
        element(
            "path",
            element("title", clean(plain(ring["text"]))) if ring.get("text") else "",
            d=pen.path(projected(view, ring["ring"]), closed=True),
        )
        for ring in scene["map"]["rings"]
    )
    return group(drawn, data_style="ring", fill=HALO, fill_opacity="0.55", **RING)


def runways(scene: Json, view: View) -> str:
    """The runways that are long enough to be seen, to scale."""
    drawn = ""
    for runway in scene["map"].get("runways") or ():
        (x0, y0), (x1, y1) = view.xy(runway["from"]), view.xy(runway["to"])
        if math.dist((x0, y0), (x1, y1)) < _SEEN:
            continue
        wide = runway["width_m"] / view.metres(runway["from"][1])
        title = element("title", clean(plain(runway["text"])))
        drawn += element("line", title, x1=x0, y1=y0, x2=x1, y2=y1, stroke_width=max(2.0, wide))
    return group(drawn, stroke=INK3, stroke_opacity=0.9)
