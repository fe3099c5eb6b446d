"""Made-up tracks as flight recorders, flight decks and BaseStation write them; and the account of what was read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st
from made_tracks import START_S, Report

from geo.errors import TrackError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.tracks.rows import Format, Rows

GARMIN_COLUMNS = (
    ("Lcl Date", "yyy-mm-dd"),
    ("Lcl Time", "hh:mm:ss"),
    ("UTCOfst", "hh:mm"),
    ("AtvWpt", "ident"),
    ("Latitude", "degrees"),
    ("Longitude", "degrees"),
    ("AltB", "ft Baro"),
    ("BaroA", "inch"),
    ("AltMSL", "ft msl"),
    ("IAS", "kt"),
    ("GndSpd", "kt"),
    ("VSpd", "fpm"),
    ("HDG", "deg"),
    ("TRK", "deg"),
    ("AltGPS", "ft wgs"),
    ("TAS", "kt"),
    ("MagVar", "deg"),
    ("GPSfix", "enum"),
)


def garmin_header(ident: str = "") -> str:
    info = f'#airframe_info, log_version="1.00", airframe_name="Cessna T182T", aircraft_ident="{ident}", mode=NORMAL, '
    names, units = (",".join(f"{text:>10}" for text in texts) for texts in zip(*GARMIN_COLUMNS, strict=True))
    return f"{info}\n#{units.strip()}\n{names}\n"


def _moment(second: float) -> datetime:
    return datetime.fromtimestamp(START_S + second, UTC)


def _first_name(rows: Sequence[Report]) -> str:
    return next((who for *_, who in rows if who), "")


def _angle(value: float, digits: int, sides: str) -> str:
    """Degrees and thousandths of minutes; of more degrees than there is room for, as many as there is."""
    size = min(round(abs(value) * 60_000), (10**digits - 1) * 60_000)
    return f"{size // 60_000:0{digits}d}{size % 60_000:05d}{sides[value < 0]}"


def igc(rows: Sequence[Report]) -> bytes:
    head = ["AXXXABC", f"HFDTEDATE:{_moment(0):%d%m%y},01", f"HFGIDGLIDERID:{_first_name(rows)}", "I013638GSP"]
    body = []
    for second, lat, lon, alt, gs, _ in rows:
        known = lat is not None and lon is not None
        place = _angle(lat, 2, "NS") + _angle(lon, 3, "EW") + "A" if known else "0000000N00000000EV"
        metres = round((alt or 0) * 0.3048)
        speed = "   " if gs is None else f"{min(max(round(gs * 1.852), 0), 999):03d}"
        body.append(f"B{_moment(int(second)):%H%M%S}{place}{metres:05d}00000{speed}")
    return "\r\n".join([*head, *body, ""]).encode()


def garmin_g1000(rows: Sequence[Report]) -> bytes:
    def cell(value: float | None) -> str:
        return "" if value is None else str(value)

    body = []
    for second, lat, lon, alt, gs, _ in rows:
        when = f"{_moment(int(second)):%Y-%m-%d, %H:%M:%S},  +00:00,       "
        body.append(f"{when}, {cell(lat):>12}, {cell(lon):>12}, {cell(alt):>7}, 29.92,,, {cell(gs):>6},,,,,,, 3D")
    return (garmin_header(_first_name(rows)) + "\n".join([*body, ""])).encode()


def sbs(rows: Sequence[Report]) -> bytes:
    body = []
    for second, lat, lon, alt, gs, who in rows:
        when = f"{_moment(second):%Y/%m/%d,%H:%M:%S.%f}"[:-3]
        values = ["" if value is None else str(value) for value in (alt, gs, None, lat, lon)]
        body.append(f"MSG,3,1,1,600841,1,{when},{when},{who},{','.join(values)},,,,,,0")
    return "\r\n".join([*body, ""]).encode()


WRITERS = {"igc": igc, "garmin-g1000": garmin_g1000, "sbs": sbs}

#: What is done to a file to damage it: from where, how much goes, what comes instead.
damages = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 40),
        st.binary(max_size=12) | st.sampled_from([b'"', b"\n", b",", b"\r", b"9" * 400, b"\0", b"\xff", b"A", b"B"]),
    ),
    min_size=1,
    max_size=6,
)


def damaged(content: bytes, damage: list[tuple[float, int, bytes]]) -> bytes:
    broken = bytearray(content)
    for where, length, instead in damage:
        start = int(where * len(broken))
        broken[start : start + length] = instead
    return bytes(broken)


def account(rows: Rows) -> None:
    """Each row once, with a time and columns as long as there are rows."""
    numbers = [*rows.row.tolist(), *(one.row for one in rows.unreadable)]
    assert len(set(numbers)) == len(numbers)
    assert all(len(column) == len(rows) for column in rows.columns.values())
    assert np.isfinite(rows.columns["time_s"]).all()
    assert {"time_s", "lat_deg", "lon_deg"} <= rows.columns.keys()
    assert all(0 <= index < len(rows) for index in rows.given)
    assert all(one.detail and len(one.detail) < 300 for one in rows.unreadable)


def survives(module: Format, content: bytes) -> None:
    """A damaged file is read and accounted for, or refused."""
    module.sniff(content[: 1 << 16])
    refused = ""
    try:
        account(module.read(content, "damaged"))
    except TrackError as error:
        refused = str(error)
    assert len(refused) < 2_000
