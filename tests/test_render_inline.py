"""Flattened modules, shortened styles, and data that no string can break out of."""

from __future__ import annotations

import base64
import hashlib
import json
import re

from hypothesis import given
from hypothesis import strategies as st

from geo.render.inline import (
    csp_hash,
    data_url,
    json_text,
    leaflet_script,
    leaflet_style,
    script_text,
    shrink_css,
    viewer_script,
    viewer_style,
)
from geo.resources import asset, asset_text


def test_styles_lose_comments_and_spaces_and_nothing_else() -> None:
    css = (
        'a  >  b::after {\n  content: " /* kept */  ";  /* gone { } */\n'
        "  margin: calc(1px  +  2px) 0.5em;\n}\n@media (a) { p { x: y, '; , 0.5 : } ' } }\n"
    )
    assert shrink_css(css) == (
        "a > b::after{content:\" /* kept */  \";margin:calc(1px + 2px) .5em}@media (a){p{x:y,'; , 0.5 : } '}}"
    )


def test_leaflet_asks_for_nothing() -> None:
    assert "url(" not in leaflet_style()
    assert ".leaflet-pane" in leaflet_style()
    assert "sourceMappingURL" not in leaflet_script()
    assert "Leaflet 1.9.4" in leaflet_script()


def test_the_small_leaflet_has_what_the_viewer_uses() -> None:
    entry = asset_text("leaflet.entry.js")
    (made,) = re.findall(r"globalThis\.L = \{(.*)\};", entry, re.DOTALL)
    modules = "".join(path.read_text(encoding="utf-8") for path in asset("viewer").glob("*.js"))
    used = set(re.findall(r"\bL\.(\w+)", modules)) | {"CRS", "map"}
    assert used <= set(re.findall(r"\w+", made))
    assert "Leaflet 1.9.4" in leaflet_script(whole=False)
    assert len(leaflet_script(whole=False)) < 0.6 * len(leaflet_script())


def test_the_small_leaflet_style_is_a_part_of_the_whole() -> None:
    rules = re.findall(r"[^{}]+\{[^{}]*\}", leaflet_style(whole=False))
    assert rules
    assert all(rule.split("{")[1] in leaflet_style() for rule in rules)
    assert "leaflet-pane" in leaflet_style(whole=False)
    assert "popup" not in leaflet_style(whole=False)


def test_the_viewer_is_one_script_that_fetches_nothing() -> None:
    assert "var flightcase=(" in viewer_script()[:40]
    assert "import(" not in viewer_script()
    assert "url(" not in viewer_style().replace("url(#", "")


@given(st.text())
def test_data_cannot_leave_its_element(text: str) -> None:
    written = json_text({"text": text})
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == {"text": text}


def test_a_script_cannot_end_its_element() -> None:
    assert script_text('x = "</script><!-- "') == 'x = "<\\/script><\\!-- "'


def test_hashes_and_addresses_hold_the_content() -> None:
    digest = base64.b64encode(hashlib.sha256("ä".encode()).digest()).decode()
    assert csp_hash("ä") == f"'sha256-{digest}'"
    assert base64.b64decode(data_url("text/css", "ä").split(",")[1]).decode() == "ä"
