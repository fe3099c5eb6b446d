"""Fixtures of the browser tests; what they do stands in ``harness.py``."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import chromium, harness
from playwright.sync_api import expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent
# A busy machine is slow and not wrong: what is there passes at once, what never comes fails after this long, ms.
expect.set_options(timeout=harness.PATIENCE_MS)
_SERVED = ("test_dashboard", "test_hostile", "test_plug", "test_ten_minutes")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the browser tests and run them last: quick ones speak first, and Playwright keeps an event loop open.

    Those that start a server of ours form one group: run side by side they would be each other's load.
    """
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if item.path.stem.startswith(_SERVED):
                item.add_marker(pytest.mark.xdist_group("served"))
    items.sort(key=lambda item: HERE in item.path.parents)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium with a new profile; it is an error, not a skip, when there is none."""
    path = chromium.find()
    if path is None:
        pytest.fail(f"{chromium.ADVICE}; `make test` does it where it may", pytrace=False)
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=path, args=list(harness.FLAGS))
        yield one
        one.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open watched pages: ``open_page(viewport=PHONE, scheme="dark", offline=True)``; see ``harness.watched``."""
    with ExitStack() as pages:
        yield lambda **look: pages.enter_context(harness.watched(browser, **look))


@pytest.fixture(scope="session")
def dashboard() -> Iterator[str]:
    """Address of the real dashboard on the shipped cases."""
    with harness.dashboard() as address:
        yield address
