"""The scene as a still picture, from Python alone: SVG, PNG and PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.errors import RenderError
from geo.render.markup import plain
from geo.render.poster.drawing import clean, element
from geo.render.poster.forms import FORMS, PAGE_PADDING
from geo.render.poster.look import BG, patterns
from geo.render.poster.text import FAMILY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.render.poster.drawing import Value

__all__ = ["page_poster", "poster"]

_PAGE_SIZE = (720, 420)


def _whole(scene: Mapping[str, Any], content: str, box: tuple[float, float], **attributes: Value) -> str:
    """A drawing with its title, its description and the hatches that it refers to."""
    used = {style for style in ("silent", "partial", "rejected") if f"url(#fcp-{style})" in content}
    named = element("title", clean(plain(scene["title"]))) + element("desc", clean(plain(scene["description"])))
    return element(
        "svg",
        named + patterns(used) + content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {box[0]:g} {box[1]:g}",
        lang=scene["language"],
        role="img",
        # Every text is placed by its left or its right end; what is written from the right is isolated.
        direction="ltr",
        **attributes,
    )


def poster(scene: Mapping[str, Any], form: str = "landscape") -> str:
    """The whole story as one picture.

    Args:
        scene: what ``compose`` made.
        form: ``landscape``, 1200 by 630 px; ``portrait``, 1080 by 1350 px; ``page``, the map of a page without script.

    Returns:
        SVG, the same for equal scenes. It refers to nothing outside, needs no style sheet, and its lines say their
        state, evidence and path basis in ``data-`` attributes.

    Raises:
        RenderError: for another form.
    """
    if form == "page":
        return page_poster(scene)
    if form not in FORMS:
        raise RenderError(f"a poster has no form {form!r}; write one of {', '.join((*FORMS, 'page'))}")
    from geo.render.poster.sheet import sheet

    shape = FORMS[form]
    paper = element("rect", width=shape.width, height=shape.height, fill=BG)
    return _whole(
        scene,
        paper + sheet(scene, shape).svg,
        (shape.width, shape.height),
        width=shape.width * shape.zoom,
        height=shape.height * shape.zoom,
        xml__lang=scene["language"],
        font_family=FAMILY,
    )


def page_poster(scene: Mapping[str, Any]) -> str:
    """The map alone, in few bytes: what a page shows without script, and on paper.

    Args:
        scene: what ``compose`` made.

    Returns:
        SVG for an HTML page, as large as its place; lines are exact to a px of 720.
    """
    from geo.render.poster.chart import chart

    drawn = chart(scene, _PAGE_SIZE, PAGE_PADDING, 1.0, compact=True)
    return _whole(scene, drawn.svg, _PAGE_SIZE, class_="fc-poster")
