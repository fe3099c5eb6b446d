"""What renderings wrote is read back: received and measured lines as their fixes, and nothing else as a fix."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from small_scene import BACK, END, GAP, START, path, small_scene

from geo import tracks
from geo.errors import TrackUnreadable
from geo.render.antimeridian import column, wrap
from geo.render.gpx import gpx
from geo.render.kml import kml, kmz
from geo.tracks.exported import DRAWN, FORMAT, LeftOut, why_not

WRITERS = {"kml": lambda scene: kml(scene).encode(), "kmz": kmz, "gpx": lambda scene: gpx(scene).encode()}
RECEIVED = {"kind": "line", "style": "received", "evidence": "received", "basis": "measured"}


def inferred_scene(shift=0.0):
    """The small scene with a line of every kind that has times and was not received, and a schematic one."""
    scene = small_scene(shift)
    line = copy.deepcopy(scene["map"]["lines"][1])
    x = shift

    def add(ident, style, evidence, basis):
        way = path([(10.0 + x, 51.0), (11.0 + x, 51.5), (12.0 + x, 51.5)], [GAP, (GAP + BACK) // 2, BACK])
        added = {"id": ident, "style": style, "evidence": evidence, "basis": basis, "path": way}
        scene["map"]["lines"].append({**line, **added})

    add("stretch-4", "inferred", "partial", "reconstructed")
    add("stretch-5", "silent", "silent", "bridged")
    add("stretch-6", "inferred", "rejected", "reconstructed")
    add("stretch-7", "received", "received", "schematic")
    return scene


def fixes(reading):
    return sorted(
        (time, round(wrap(lon), 6), round(lat, 6))
        for leg in reading.legs
        for time, lon, lat in zip(leg.track.time_s, leg.track.lon_deg, leg.track.lat_deg, strict=True)
    )


def received(scene):
    lines = [line["path"] for line in scene["map"]["lines"]
             if (line["evidence"], line["basis"]) == ("received", "measured")]  # fmt: skip
    return sorted(
        (time, round(wrap(lon), 6), round(lat, 6))
        for way in lines
        for time, lon, lat in zip(*(column(way[name]) for name in ("time", "lon", "lat")), strict=True)
    )


@pytest.mark.parametrize("shift", [0.0, 171.0, -189.0])
@pytest.mark.parametrize("form", WRITERS)
def test_only_received_and_measured_lines_read_back_as_fixes(form: str, shift: float) -> None:
    scene = inferred_scene(shift)
    reading = tracks.read(WRITERS[form](scene), name=f"case.{form}")
    assert np.array(fixes(reading)) == pytest.approx(np.array(received(scene)), abs=1e-6)
    assert reading.report.read == reading.report.accepted == 4
    (note,) = [note for note in reading.report.notes if "left out" in note]
    for why in ("partial, reconstructed: 1 (3 positions)", "rejected, reconstructed: 1 (3 positions)",
                "silent, bridged: 1 (3 positions)", "received, but schematic: 1 (3 positions)"):  # fmt: skip
        assert why in note


@pytest.mark.parametrize("form", WRITERS)
def test_a_picture_without_a_received_line_is_refused_and_says_why(form: str) -> None:
    scene = inferred_scene()
    scene["map"]["lines"] = [line for line in scene["map"]["lines"] if line["basis"] != "measured"]
    with pytest.raises(TrackUnreadable, match=r"picture of a case.*partial, reconstructed: 1 \(3 positions\)"):
        tracks.read(WRITERS[form](scene), name=f"case.{form}")


@pytest.mark.parametrize("form", ["kml", "gpx"])
def test_no_event_or_place_becomes_a_fix_where_no_line_has_times(form: str) -> None:
    scene = small_scene()
    scene["map"]["lines"] = scene["map"]["lines"][:1]
    with pytest.raises(TrackUnreadable, match="picture of a case"):
        tracks.read(WRITERS[form](scene), name=f"case.{form}")


def test_a_type_is_enough_where_a_program_dropped_our_extensions() -> None:
    point = '<trkpt lat="51" lon="10"><time>2024-12-25T05:13:31Z</time></trkpt>'
    trk = "<trk><name>a</name><type>{}</type><trkseg>" + point + "</trkseg></trk>"
    text = f'<gpx version="1.1" creator="another">{trk.format("inferred")}{trk.format("cycling")}</gpx>'
    reading = tracks.read(text.encode(), name="a.gpx")
    assert reading.report.read == 1
    assert "inferred: 1 (1 position)" in reading.report.notes[0]


def test_extensions_of_the_file_behind_the_points_say_nothing_of_a_track() -> None:
    """GPSBabel moves them into the last point of the last track."""
    text = gpx(small_scene())
    start, end = text.index("<extensions><fc:feature>"), text.index("</extensions>\n</gpx>")
    moved = text[start:end].removeprefix("<extensions>")
    text = text[:start] + "</gpx>\n"
    text = f"</extensions>{moved}".join(text.rsplit("</trkpt>", 1)) if "</extensions></trkpt>" in text else (
        f"<extensions>{moved}</extensions></trkpt>".join(text.rsplit("</trkpt>", 1))
    )  # fmt: skip
    found = fixes(tracks.read(text.encode(), name="a.gpx"))
    assert np.array(found) == pytest.approx(np.array(received(small_scene())), abs=1e-6)


def test_the_rule() -> None:
    assert why_not(RECEIVED, ours=True) == why_not(RECEIVED, ours=False) == ""
    assert why_not({**RECEIVED, "kind": "other aircraft"}, ours=True) == ""
    assert why_not({**RECEIVED, "basis": "schematic"}, ours=False) == "received, but schematic"
    assert why_not({"evidence": "partial", "basis": "reconstructed"}, ours=False) == "partial, reconstructed"
    assert why_not({"kind": "event"}, ours=True) == "event"
    assert why_not({"kind": "line", "style": "intended"}, ours=True) == "intended"
    assert why_not({"kind": "line"}, ours=True) == "of no stated evidence"
    assert {why_not({"style": style}, ours=True) for style in DRAWN} == DRAWN


def test_another_programs_words_are_not_taken_for_ours() -> None:
    assert why_not({"kind": "event", "style": "inferred"}, ours=False) == ""
    assert why_not({"evidence": "partial", "basis": "cloth"}, ours=False) == ""
    assert why_not({}, ours=False) == ""


def test_what_is_left_out_is_counted() -> None:
    left = LeftOut()
    assert not left
    assert left.notes() == ()
    left.add("intended", 9)
    left.add("silent, bridged", 1)
    left.add("silent, bridged", 2)
    (note,) = left.notes()
    assert note.endswith("not received: intended: 1 (9 positions); silent, bridged: 2 (3 positions)")
    assert "silent, bridged: 2 (3 positions)" in str(left.nothing("a.kml"))


def test_renderings_say_what_they_are() -> None:
    scene = small_scene()
    assert FORMAT in kml(scene)
    assert f'<fc:case format="{FORMAT}"' in gpx(scene)
    assert received(scene)[0][0] == START
    assert received(scene)[-1][0] == END
