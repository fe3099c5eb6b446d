"""Make ``*.ttf`` and ``widths.json`` from two packages of Debian: ``python -m data.fonts.make`` in a checkout.

Needs apt-get, dpkg-deb and fontTools. Equal packages and an equal fontTools give equal bytes; what is in the files, and
why they have another name than those they are made from, say the README and ``docs/decisions/0060-fonts.md``.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fontTools import __version__ as fonttools_version
from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HERE: Final = Path(__file__).parent
FAMILY: Final = "Flightcase Sans"
_MARK: Final = "<!-- written by make.py -->"
#: Units of an em in the files made: those of Liberation Sans.
EM: Final = 2048


@dataclass(frozen=True)
class Package:
    """A package of Debian: exact version, SHA-256 of its archive, and where its fonts lie in it."""

    name: str
    version: str
    sha256: str
    folder: str


LATIN: Final = Package(
    "fonts-liberation2",
    "2.1.5-1",
    "35ffaa54f117e633e89a5da89af235a073b34dbe582726fbf6989568f7fd9bda",
    "usr/share/fonts/truetype/liberation2",
)
ARABIC: Final = Package(
    "fonts-noto-core",
    "20201225-1",
    "58f4f0bb6720f919f92096b3508e1412a0f1544424ade6c5b5bf1eb694dd64ba",
    "usr/share/fonts/truetype/noto",
)


@dataclass(frozen=True)
class Face:
    """One file: its style, the fonts that it is made from, and its weight and slope as OpenType has them."""

    file: str
    style: str
    latin: str
    arabic: str
    weight: int
    italic: bool


FACES: Final = (
    Face("regular.ttf", "Regular", "LiberationSans-Regular.ttf", "NotoSansArabic-Regular.ttf", 400, italic=False),
    Face("bold.ttf", "Bold", "LiberationSans-Bold.ttf", "NotoSansArabic-Bold.ttf", 700, italic=False),
    # There is no slanted Arabic: an upright one stands in the italic face, as it does in newspapers.
    Face("italic.ttf", "Italic", "LiberationSans-Italic.ttf", "NotoSansArabic-Regular.ttf", 400, italic=True),
)

#: Latin with all its extensions and phonetic letters (ə), Greek, Cyrillic with that of Kazakh, Vietnamese, punctuation,
#: figures, currencies, arrows, and the few signs of mathematics and geometry that a text may have.
_LATIN_RANGES: Final = (
    (0x0020, 0x007E),
    (0x00A0, 0x02AF),
    (0x02B0, 0x036F),
    (0x0370, 0x03FF),
    (0x0400, 0x052F),
    (0x1E00, 0x1EFF),
    (0x2000, 0x209F),
    (0x20A0, 0x20CF),
    (0x2100, 0x214F),
    (0x2150, 0x215E),
    (0x2190, 0x2195),
    (0x2202, 0x2265),
    (0x25A0, 0x25CF),
    (0xFB01, 0xFB02),
    (0xFFFD, 0xFFFD),
)
#: Arabic with the letters of Persian, Urdu, Kazakh in Arabic script and Uyghur; its figures and punctuation.
_ARABIC_RANGES: Final = ((0x0600, 0x06FF), (0x200C, 0x200F), (0x25CC, 0x25CC), (0xFD3E, 0xFD3F), (0xFDFC, 0xFDFC))
_TATWEEL: Final = 0x0640
#: The class of marks in GDEF: they stand over their letter and take no room.
MARK: Final = 3


def fetch(package: Package, folder: Path) -> Path:
    """The folder of fonts of a package, through apt and its configured archive.

    Raises:
        SystemExit: its archive is not the pinned one.
    """
    wanted = f"{package.name}={package.version}"
    subprocess.run(["apt-get", "download", "--quiet", wanted], cwd=folder, check=True, capture_output=True)  # noqa: S607  where the system has it
    (archive,) = folder.glob(f"{package.name}_*.deb")
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != package.sha256:
        raise SystemExit(f"{wanted}: the archive has SHA-256 {found}, pinned is {package.sha256}")
    subprocess.run(["dpkg-deb", "--extract", str(archive), str(folder / package.name)], check=True)  # noqa: S607  where the system has it
    return folder / package.name / package.folder


def points(ranges: Iterable[tuple[int, int]]) -> set[int]:
    """All code points of ranges, both ends included."""
    return {point for first, last in ranges for point in range(first, last + 1)}


def subset(path: Path, wanted: set[int], features: list[str]) -> TTFont:
    """A font with only some characters and features, without instructions for old screens."""
    font = TTFont(path, recalcTimestamp=False)
    options = Options(hinting=False, layout_features=features, name_IDs=[0, 5, 7, 13, 14], notdef_outline=True)
    options.drop_tables += ["FFTM", "DSIG", "kern"]
    cutter = Subsetter(options)
    cutter.populate(unicodes=wanted & set(font.getBestCmap()))
    cutter.subset(font)
    return font


def named(font: TTFont, face: Face, notes: Iterable[str]) -> None:
    """Give a font its names, its style, and the vertical measures of Liberation Sans, so that lines stand as there."""
    names = font["name"]
    names.names = []
    full = FAMILY if face.style == "Regular" else f"{FAMILY} {face.style}"
    said = {
        0: " ".join(notes),
        1: FAMILY,
        2: face.style,
        3: f"{full}; Flightcase 1",
        4: full,
        5: "Version 1.000",
        6: f"FlightcaseSans-{face.style}",
        13: "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
        14: "https://openfontlicense.org",
    }
    for number, text in said.items():
        names.setName(text, number, 3, 1, 0x409)
    os2, head, hhea = font["OS/2"], font["head"], font["hhea"]
    os2.usWeightClass = face.weight
    os2.fsSelection = (0x20 if face.weight >= 700 else 0) | (0x01 if face.italic else 0)  # noqa: PLR2004  CSS's bold
    if not os2.fsSelection:
        os2.fsSelection = 0x40
    head.macStyle = (1 if face.weight >= 700 else 0) | (2 if face.italic else 0)  # noqa: PLR2004  the same
    head.fontRevision = 1.0
    head.created = head.modified = 0
    hhea.ascent, hhea.descent, hhea.lineGap = 1854, -434, 67
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = 1491, -431, 307
    os2.usWinAscent, os2.usWinDescent = 1854, 434


def build(face: Face, latin: Path, arabic: Path, folder: Path) -> TTFont:
    """One face: the two fonts, cut to what is needed, in one file."""
    parts = []
    wanted = points(_LATIN_RANGES)
    first = subset(latin / face.latin, wanted, ["ccmp", "locl", "kern", "mark", "mkmk"])
    have = set(first.getBestCmap())
    second = subset(
        arabic / face.arabic,
        points(_ARABIC_RANGES) - have,
        ["ccmp", "isol", "init", "medi", "fina", "rlig", "kern", "mark", "mkmk"],
    )
    notes = [str(font["name"].getDebugName(0)).replace("\n", "") for font in (first, second)]
    scale_upem(second, EM)
    for number, font in enumerate((first, second)):
        font["post"].formatType = 3.0
        path = folder / f"{face.file}.{number}"
        font.save(path)
        parts.append(str(path))
    font = Merger().merge(parts)
    named(font, face, notes)
    font["post"].formatType = 3.0
    if face.italic:
        font["post"].italicAngle = -12.0
    font.recalcTimestamp = False
    return font


def _lookups(font: TTFont, table: str, feature: str) -> Iterator[Any]:
    """Subtables of the lookups of a feature, extensions opened."""
    found = font[table].table
    records = [record.Feature for record in found.FeatureList.FeatureRecord if record.FeatureTag == feature]
    for number in sorted({number for record in records for number in record.LookupListIndex}):
        for sub in found.LookupList.Lookup[number].SubTable:
            yield getattr(sub, "ExtSubTable", sub)


def _pairs(sub: Any, glyphs: Iterable[str]) -> Iterator[tuple[str, str, Any]]:  # noqa: ANN401  fontTools has no types
    """First glyph, second glyph and the value of the first, of a subtable of pairs."""
    if sub.Format == 1:
        for one, pairs in zip(sub.Coverage.glyphs, sub.PairSet, strict=True):
            for record in pairs.PairValueRecord:
                yield one, record.SecondGlyph, record.Value1
        return
    seconds: dict[int, list[str]] = {}
    for name in glyphs:
        seconds.setdefault(sub.ClassDef2.classDefs.get(name, 0), []).append(name)
    for one in sub.Coverage.glyphs:
        row = sub.Class1Record[sub.ClassDef1.classDefs.get(one, 0)]
        for number, record in enumerate(row.Class2Record):
            for two in seconds.get(number, ()):
                yield one, two, record.Value1


def kerns(font: TTFont, letters: dict[str, list[int]]) -> dict[str, int]:
    """Pairs of characters closer or farther apart than their widths say, in units of the em; the first lookup wins."""
    found: dict[str, int] = {}
    for sub in _lookups(font, "GPOS", "kern"):
        if sub.LookupType != 2:  # noqa: PLR2004  pairs
            continue
        for one, two, value in _pairs(sub, letters):
            for a in letters.get(one, ()):
                for b in letters.get(two, ()):
                    found.setdefault(chr(a) + chr(b), getattr(value, "XAdvance", None) or 0)
    return {pair: value for pair, value in found.items() if value}


def forms(font: TTFont) -> dict[str, list[int]]:
    """Arabic letters: the widths of their isolated, initial, medial and final form; 0 for a form that is not there."""
    changed = {
        feature: {a: b for sub in _lookups(font, "GSUB", feature) for a, b in getattr(sub, "mapping", {}).items()}
        for feature in ("init", "medi", "fina")
    }
    measured, marks = font["hmtx"].metrics, font["GDEF"].table.GlyphClassDef.classDefs
    found = {}
    for point, glyph in font.getBestCmap().items():
        if marks.get(glyph) == MARK:
            continue
        shapes = [changed[feature].get(glyph) for feature in ("init", "medi", "fina")]
        if any(shapes) or point == _TATWEEL:
            found[chr(point)] = [measured[glyph][0], *(measured[shape][0] if shape else 0 for shape in shapes)]
    return found


def ligatures(font: TTFont) -> dict[str, list[int]]:
    """Pairs of Arabic letters that are drawn as one: its width standing alone, and after a letter that joins it."""
    measured, back = font["hmtx"].metrics, {}
    final = {}
    for feature in ("init", "medi", "fina"):
        for sub in _lookups(font, "GSUB", feature):
            for a, b in getattr(sub, "mapping", {}).items():
                back[b] = a
                final[b] = feature
    point = {glyph: chr(code) for code, glyph in font.getBestCmap().items()}
    found: dict[str, list[int]] = {}
    for sub in _lookups(font, "GSUB", "rlig"):
        for first, entries in getattr(sub, "ligatures", {}).items():
            for entry in entries:
                if len(entry.Component) != 1 or final.get(first) not in {"init", "medi"}:
                    continue
                one, two = point.get(back.get(first, "")), point.get(back.get(entry.Component[0], ""))
                if one and two:
                    found.setdefault(one + two, [0, 0])[final[first] == "medi"] = measured[entry.LigGlyph][0]
    return {pair: both for pair, both in found.items() if all(both)}


def widths(font: TTFont) -> dict[str, Any]:
    """What ``geo/render/poster/text.py`` measures with: widths in runs, pairs, Arabic forms, ligatures."""
    letters: dict[str, list[int]] = {}
    runs: list[list[int]] = []
    marks = font["GDEF"].table.GlyphClassDef.classDefs
    for code, glyph in sorted(font.getBestCmap().items()):
        letters.setdefault(glyph, []).append(code)
        advance = 0 if marks.get(glyph) == MARK else font["hmtx"].metrics[glyph][0]
        if runs and runs[-1][0] + len(runs[-1]) - 1 == code:
            runs[-1].append(advance)
        else:
            runs.append([code, advance])
    return {
        "runs": runs,
        "missing": font["hmtx"].metrics[".notdef"][0],
        "kerns": dict(sorted(kerns(font, letters).items())),
        "forms": forms(font),
        "ligatures": dict(sorted(ligatures(font).items())),
    }


def write_readme(rows: list[str]) -> None:
    """Replace what stands between the marks of the README."""
    path = HERE / "README.md"
    before, _, after = path.read_text(encoding="utf-8").split(_MARK)
    table = ["| file | bytes | characters | glyphs | SHA-256 |", "|---|--:|--:|--:|---|", *rows]
    packages = [
        "| package of Debian | version | SHA-256 of its archive |",
        "|---|---|---|",
        *(f"| {each.name} | {each.version} | `{each.sha256}` |" for each in (LATIN, ARABIC)),
    ]
    made = "\n".join([*table, "", *packages, "", f"Made with fontTools {fonttools_version}."])
    path.write_text(f"{before}{_MARK}\n\n{made}\n\n{_MARK}{after}", encoding="utf-8")


def main() -> None:
    """Write the faces, the table of widths, and what the README says of them."""
    # fontTools would write the time of the making into the files.
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    rows, table = [], {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        latin, arabic = fetch(LATIN, folder), fetch(ARABIC, folder)
        for face in FACES:
            font = build(face, latin, arabic, folder)
            packed = io.BytesIO()
            font.save(packed)
            data = packed.getvalue()
            (HERE / face.file).write_bytes(data)
            table[face.file.removesuffix(".ttf")] = widths(TTFont(io.BytesIO(data)))
            counts = f"{len(font.getBestCmap()):,} | {len(font.getGlyphOrder()):,}"
            rows.append(f"| `{face.file}` | {len(data):,} | {counts} | `{hashlib.sha256(data).hexdigest()}` |")
    data = json.dumps({"em": EM, "faces": table}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    (HERE / "widths.json").write_bytes(data)
    rows.append(f"| `widths.json` | {len(data):,} | | | `{hashlib.sha256(data).hexdigest()}` |")
    write_readme(rows)
    sys.stdout.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
