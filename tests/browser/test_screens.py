"""The screens as pictures: each looks as it did when somebody last looked at it and kept it (``make golden``).

A picture is kept at half its size, and a new one may differ by a little: edges of letters, not letters. Where a machine
has other fonts the pictures say nothing, and the test says so and does not compare.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser.test_viewer import viewer
from browser.test_viewer_languages import told
from PIL import Image, ImageChops, ImageStat

if TYPE_CHECKING:
    from browser.test_viewer import Scene, Show
    from playwright.sync_api import Page

__all__ = ["told", "viewer"]

FOLDER = Path(__file__).resolve().parents[1] / "golden/screens"
WIDTHS = (320, 375, 600, 720, 1040, 1120, 1400)
SPOKEN = ("en", "de", "ru", "az", "kk")
MOMENT = "2024-12-25T05:42:40Z"
#: Mean difference of a picture, and the share of its pixels that differ by more than a fifth; of 255, and of 1.
MEAN = 3.0
CHANGED = 0.01
FAR = 51
#: What each script measures in the fonts of a page: the same numbers, the same letters.
FONTS = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `700 100px ${getComputedStyle(document.querySelector(".fc")).fontFamily}`;
  const words = ["Grozny 05:42:40", "Грозный", "Bak\\u0131 \\u015fəhəri", "Қазақстан", "القاهرة"];
  return words.map((text) => pen.measureText(text).width.toFixed(1)).join(" ");
}"""


def taken(page: Page) -> Image.Image:
    """A picture of the window at half its size."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    return picture.reduce(2)


def difference(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """Mean difference of two pictures of one size, and the share of pixels that are far apart."""
    apart = ImageChops.difference(one, other).convert("L")
    far = sum(apart.histogram()[FAR:]) / (apart.width * apart.height)
    return ImageStat.Stat(apart).mean[0], far


def alike(one: Image.Image, other: Image.Image) -> bool:
    """Whether two pictures show the same."""
    if one.size != other.size:
        return False
    mean, far = difference(one, other)
    return mean <= MEAN and far <= CHANGED


def kept(name: str, picture: Image.Image) -> Image.Image:
    """The picture as it was kept; with ``FLIGHTCASE_RENEW`` the new one is kept first."""
    file = FOLDER / f"{name}.webp"
    if os.environ.get("FLIGHTCASE_RENEW"):
        file.parent.mkdir(parents=True, exist_ok=True)
        picture.save(file, quality=80, method=6)
    return Image.open(file).convert("RGB")


def same_fonts(page: Page) -> bool:
    """Whether this machine writes with the letters of the kept pictures."""
    file = FOLDER / "fonts.txt"
    measured = page.evaluate(FONTS)
    if os.environ.get("FLIGHTCASE_RENEW"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{measured}\n", encoding="utf-8")
    return file.read_text(encoding="utf-8").strip() == measured


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", SPOKEN)
def test_a_screen_is_that_of_the_golden_picture(
    viewer: Show, told: dict[str, Scene], language: str, scheme: str
) -> None:
    page = viewer(
        told[language],
        viewport=(WIDTHS[-1], 812),
        scheme=scheme,
        motion="reduce",
        options="{hash: true}",
        at=f"#t={MOMENT}",
    )
    if not same_fonts(page):
        pytest.skip("this machine has other fonts than the one that the pictures are of")
    wrong = []
    for width in reversed(WIDTHS):
        page.set_viewport_size({"width": width, "height": 1100 if width < 1040 else 720})
        name = f"j2-8243.{language}.{scheme}.{width}"
        picture = taken(page)
        before = kept(name, picture)
        if not alike(before, picture):
            wrong.append(f"{name}: {before.size} {picture.size} {difference(before, picture.resize(before.size))}")
    assert not wrong, "\n".join(["when the change is meant: make golden, and look at the pictures", *wrong])


def test_a_picture_tells_a_changed_screen(viewer: Show, told: dict[str, Scene]) -> None:
    page = viewer(told["en"], viewport=(1120, 720), motion="reduce", options="{hash: true}", at=f"#t={MOMENT}")
    before = taken(page)
    assert alike(before, taken(page))
    page.locator(".fc-row:visible").nth(4).click()
    assert not alike(before, taken(page))
