"""Widths and lines of the poster's text, held against what resvg draws; and the fonts that both come from."""

from __future__ import annotations

import hashlib
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from geo.render.poster.raster import png
from geo.render.poster.text import BOLD, FAMILY, absent, fonts, width, wrapped
from geo.resources import data

TEXTS = [
    "For 102 of 153 minutes, no valid position was received",
    "AVATAR To Ty We Yo LT P. 11:17",
    "Für 102 von 153 Minuten – über Größe",
    "Azərbaycan Hava Yolları: İğdır, Şuşa",  # noqa: RUF001  its letters
    "Қазақстан Ұшу Әуе Өңір Һ Ғ Үй І і",  # noqa: RUF001  its letters
    "Самолёт «Грозный», № 8243 ± 1,5 км",
    "Ὀδυσσεύς Αθήνα → ≈ 35 °C",
    "لم يُستقبل أي موقع",
    "الطائرة لا إلى بلا الأحداث سلام",
    "بعد 25 ديسمبر 2024، باكو",
]
FACES = [(400, False), (700, False), (400, True)]


def ink(text, weight, italic):
    """Px from the first to the last dark column of a text of 100 px."""
    style = "italic" if italic else "normal"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="5000" height="220"><text x="60" y="150" font-size="100" '
        f'font-family="{FAMILY}" font-weight="{weight}" font-style="{style}">{text}</text></svg>'
    )
    left, _, right, _ = Image.open(io.BytesIO(png(svg))).getbbox()
    return right - left


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(("weight", "italic"), FACES)
def test_widths_are_those_that_resvg_draws(text, weight, italic):
    # Between two stems, so that what stands out of a letter or falls short of its width counts for nothing.
    drawn = ink(f"H{text}H", weight, italic) - ink("HH", weight, italic)
    told = width(f"H{text}H", 100, weight, italic) - width("HH", 100, weight, italic)
    assert told == pytest.approx(drawn, rel=0.006)


def test_weight_600_is_bold_and_size_scales():
    assert width("Baku", 10, 600) == width("Baku", 10, 700) == width("Baku", 10, BOLD) > width("Baku", 10)
    assert width("Baku", 30) == pytest.approx(3 * width("Baku", 10))


def test_spacing_stands_behind_every_letter_and_no_mark():
    assert width("RUSSIA", 11, spacing=1.2) == pytest.approx(width("RUSSIA", 11) + 6 * 1.2)
    assert width("e\u0301", 11, spacing=1.0) == pytest.approx(width("e", 11) + 1.0, abs=0.2)


def test_pairs_are_kerned():
    assert width("AV", 100) < width("A", 100) + width("V", 100)


def test_a_non_joiner_parts_letters():
    assert width("بب", 100) != width("ب\u200cب", 100) == pytest.approx(2 * width("ب", 100))


def test_characters_that_the_fonts_lack_are_named_and_take_room():
    assert absent("Baku, Әуе, لم, Σ → −5 °") == ""
    assert absent("漢字 Grozny 漢 ქ") == "ქ字漢"
    assert width("漢字", 10) == 20
    assert width("ქართ", 10) > 10


WORDS = st.text(st.sampled_from("abcdefgKWil.,-–яшЖلموقعأ"), min_size=1, max_size=14)
SENTENCES = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)


@given(SENTENCES, st.floats(40, 400), st.integers(1, 6), st.sampled_from([400, 700]), st.booleans())
def test_lines_fit_and_lose_nothing_but_behind_an_ellipsis(text, room, most, weight, balanced):
    lines = wrapped(text, 16, weight, room, most, balanced=balanced)
    assert 1 <= len(lines) <= most
    assert all(width(line, 16, weight) <= room + 1e-6 for line in lines)
    joined, whole = re.sub(r"\s", "", "".join(lines)), re.sub(r"\s", "", text)
    assert joined == whole or (lines[-1].endswith("…") and whole.startswith(joined[:-1]))


@given(SENTENCES, st.floats(120, 400))
def test_balanced_lines_are_no_more_than_full_ones(text, room):
    full = wrapped(text, 16, 400, room, 99, balanced=False)
    even = wrapped(text, 16, 400, room, 99)
    assert len(even) <= len(full)
    assert max(width(line, 16) for line in even) <= room + 1e-6


def test_a_headline_is_balanced_and_cut_at_a_word():
    title = "For 102 of 153 minutes, no valid position was received from flight 8243"
    lines = wrapped(title, 34, 700, 372, 5)
    assert " ".join(lines) == title
    assert min(width(line, 34, 700) for line in lines) > 200
    assert wrapped(title, 34, 700, 372, 2)[-1] == "minutes, no valid…"
    assert wrapped("", 34, 700, 372, 2) == wrapped("  ", 34, 700, 372, 2) == []


def test_words_break_only_where_nothing_else_helps():
    assert wrapped("Donau\u00addampfschifffahrts-gesellschaft", 16, 400, 200, 9)[0].endswith("-")
    assert "".join(wrapped("W" * 50, 16, 400, 100, 99)) == "W" * 50
    assert wrapped("a\u00a0b c", 16, 400, width("a\u00a0b", 16), 9) == ["a\u00a0b", "c"]


def test_the_files_are_those_that_the_readme_names_and_carry_their_licence():
    readme = data("fonts", "README.md").read_text(encoding="utf-8")
    pinned = dict(re.findall(r"^\| `([\w.]+)` \|.*`([0-9a-f]{64})` \|$", readme, re.MULTILINE))
    found = {
        name: hashlib.sha256(data("fonts", name).read_bytes()).hexdigest()
        for name in ("regular.ttf", "bold.ttf", "italic.ttf", "widths.json")
    }
    assert found == pinned
    assert sum(data("fonts", name).stat().st_size for name in found) < 900_000
    licence = data("fonts", "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Reserved Font Name Liberation" in licence


def test_no_face_is_called_by_a_reserved_name():
    # A modified font may not have the name of the one it comes from.
    for path in fonts():
        with open(path, "rb") as file:  # noqa: PTH123  paths are text here, for those who draw
            raw = file.read()
        assert "Flightcase Sans".encode("utf-16-be") in raw
        for start in (m.start() for m in re.finditer("Liberation".encode("utf-16-be"), raw)):
            assert "Reserved Font Name ".encode("utf-16-be") == raw[start - 38 : start]
