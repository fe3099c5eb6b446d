"""The pictures of markers: PNG that others read, one shape for each grade."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from geo.render.icons import SIZE, icons


def opened():
    return {name: np.array(Image.open(io.BytesIO(data))) for name, data in icons().items()}


def test_they_are_pictures_with_a_clear_ground() -> None:
    for pixels in opened().values():
        assert pixels.shape == (SIZE, SIZE, 4)
        assert not pixels[0, 0, 3]
        assert pixels[..., 3].max() == 255


def test_each_grade_has_a_shape_of_its_own_without_its_colour() -> None:
    shapes = [pixels[..., 3] > 128 for name, pixels in opened().items() if name.startswith("event-")]
    dark = [pixels[SIZE // 2, SIZE // 2, 0] < 128 for name, pixels in opened().items() if name.startswith("event-")]
    assert len(shapes) == 4
    assert dark == [True, False, False, False]  # only what is confirmed is filled
    seen = {(shape.tobytes(), filled) for shape, filled in zip(shapes, dark, strict=True)}
    assert len(seen) == 4


def test_they_are_the_same_bytes_each_time() -> None:
    assert icons() == icons()
