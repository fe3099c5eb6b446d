"""Flattened modules, shortened styles, and data that no string can break out of."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import RenderError
from geo.render.inline import (
    csp_hash,
    data_url,
    flatten,
    json_text,
    leaflet_script,
    leaflet_style,
    script_text,
    shrink_css,
    viewer_script,
    viewer_style,
)
from geo.resources import asset_text

MODULES = {
    "a.js": (
        'import {\n  half,\n  NAME,\n} from "./parts/b.js";\n// a comment\n'
        "export function run() {\n  return half(4) + NAME;\n}\n"
    ),
    "parts/b.js": 'import { NAME } from "../c.js";\nexport { NAME, half };\nfunction half(x) {\n  return x / 2;\n}\n',
    "c.js": '/** @typedef {import("./a.js").X} X */\nexport const NAME = `${"n"}  //  kept`;\n',
}


def flat(**changed: str) -> str:
    files = {**MODULES, **{f"{name}.js": text for name, text in changed.items()}}
    return flatten("a.js", lambda path: files[path])


def test_modules_stand_in_the_order_of_their_need() -> None:
    script = flat()
    assert script.index("const NAME") < script.index("function half") < script.index("function run")
    assert "import" not in script
    assert "export" not in script
    assert script.endswith("return{run}})();")
    assert '`${"n"}  //  kept`' in script
    assert "a comment" not in script


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"c": "export default 1;\n"}, "exports no NAME"),
        ({"c": "export const NAME = 1;\nexport default 2;\n"}, "cannot flatten 'export default 2;'"),
        ({"c": "export const NAME = 1;\nconst half = 2;\n"}, "both declare half"),
        ({"c": "export const { NAME } = x;\n"}, "no pattern"),
        ({"c": 'import { run } from "./a.js";\nexport const NAME = 1;\n'}, "import each other"),
        ({"c": 'import * as all from "./d.js";\nexport const NAME = 1;\n'}, "cannot flatten 'import"),
        ({"c": 'import { x as y } from "./d.js";\nexport const NAME = 1;\n', "d": "export const x = 1;\n"}, "renames"),
        ({"c": 'import { x } from "leaflet";\nexport const NAME = 1;\n'}, "'leaflet' is not a file"),
        ({"c": 'export const NAME = () => import("./d.js");\n'}, "cannot flatten"),
    ],
)
def test_what_cannot_share_a_scope_is_refused(changed: dict[str, str], says: str) -> None:
    with pytest.raises(RenderError, match=re.escape(says)):
        flat(**changed)


def test_styles_lose_comments_and_spaces_and_nothing_else() -> None:
    css = (
        'a  >  b::after {\n  content: " /* kept */  ";  /* gone { } */\n'
        "  margin: calc(1px  +  2px);\n}\n@media (a) { p { x: y } }\n"
    )
    assert shrink_css(css) == ('a > b::after{content: " /* kept */  ";margin: calc(1px + 2px);}@media (a){p{x: y}}')


def test_leaflet_asks_for_nothing() -> None:
    assert "url(" not in leaflet_style()
    assert ".leaflet-pane" in leaflet_style()
    assert "sourceMappingURL" not in leaflet_script()
    assert "Leaflet 1.9.4" in leaflet_script()


def test_the_small_leaflet_has_what_the_viewer_uses() -> None:
    entry = asset_text("vendor", "leaflet-1.9.4", "core.entry.js")
    (made,) = re.findall(r"globalThis\.L = \{(.*)\};", entry, re.DOTALL)
    used = set(re.findall(r"\bL\.(\w+)", viewer_script())) | {"CRS", "map"}
    assert used <= set(re.findall(r"\w+", made))
    assert "Leaflet 1.9.4" in leaflet_script(whole=False)
    assert len(leaflet_script(whole=False)) < 0.6 * len(leaflet_script())


def test_the_small_leaflet_style_is_a_part_of_the_whole() -> None:
    rules = re.findall(r"[^{}]+\{[^{}]*\}", leaflet_style(whole=False))
    assert rules
    assert all(rule.split("{")[1] in leaflet_style() for rule in rules)
    assert "leaflet-pane" in leaflet_style(whole=False)
    assert "popup" not in leaflet_style(whole=False)


def test_the_viewer_flattens() -> None:
    assert viewer_script().startswith("globalThis.flightcase=(")
    assert "return{drawLayer}" in viewer_script()
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
