"""Captions as WebVTT, read back by FFmpeg's reader."""

from __future__ import annotations

import re

import av
import pytest
from small_scene import small_scene, with_every_word

from geo.render import RENDERINGS, render
from geo.render.video.film import film


def read(text, folder):
    """Start and end in s, and text, of each cue."""
    path = folder / "film.vtt"
    path.write_bytes(text)
    with av.open(str(path)) as container:
        return [
            (
                float(packet.pts * packet.time_base),
                float((packet.pts + packet.duration) * packet.time_base),
                bytes(packet),
            )
            for packet in container.demux()
            if packet.size
        ]


def test_captions_are_those_of_the_film(tmp_path):
    scene = small_scene()
    cues = read(render(scene, ".vtt"), tmp_path)
    made = film(scene)
    said = b"\n".join(text for *_, text in cues).decode()
    for cue in made.cues:
        assert all(line in said for line in cue.lines if line)
    at = {text.decode().split("\n")[1]: (start, end) for start, end, text in cues if b"\n" in text}
    for cue in made.cues:
        if cue.kind == "event":
            assert at[cue.lines[1]] == pytest.approx((cue.start, cue.end), abs=0.002)
    assert max(end for _, end, _ in cues) == pytest.approx(made.duration_s, abs=0.002)


def test_states_stand_above_the_captions_of_events():
    blocks = render(small_scene(), ".vtt").decode().split("\n\n")
    above = [block for block in blocks if "line:0" in block]
    assert [block.split("\n")[-1].strip() for block in above][:2] == ["[Position received]", "[Position false]"]


def test_nothing_in_a_case_ends_a_cue_or_becomes_markup(tmp_path):
    hostile = "<b>a</b> --> 00:00:01.000 &amp;\n\n99\n00:00:00.000 --> 00:00:09.000\nfalse\x00"
    plain = read(render(small_scene(), ".vtt"), tmp_path)
    scene = with_every_word(small_scene(), lambda text: f"{text}{hostile}")
    made = render(scene, ".vtt")
    assert len(read(made, tmp_path)) == len(plain)
    body = re.sub(rb"^\d\d:[\d:.]+ --> [\d:.]+( line:0)?$", b"", made, flags=re.MULTILINE)
    assert b"<" not in body
    assert b">" not in body


def test_captions_need_nothing_more_and_are_quick():
    made = RENDERINGS[".vtt"]
    assert (made.media, made.extra, made.slow) == ("text/vtt", None, False)
    assert render(small_scene(), ".vtt") == render(small_scene(), ".vtt")
