"""Fixtures of the tests of the site and the slides, as `make site` has built them.

build           the folder build/; TCONV_BUILD names another
address         address(path, how) opens a file of the site: "disk" gives a file:// address, "web"
                one below a folder of a server on loopback
page            a fresh page of Chromium; a request that leaves this machine, or an entry in the
                console's errors, fails the test
"""

import os
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "docs" / "site"), str(ROOT / "tests" / "browser")]
BUILD = Path(os.environ.get("TCONV_BUILD", ROOT / "build"))


@pytest.fixture(scope="session")
def build():
    assert (BUILD / "site" / "index.html").exists(), "the site is not built: make site"
    return BUILD


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


@pytest.fixture(scope="session")
def address(build):
    handler = partial(Quiet, directory=build)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def address(path, how="disk"):
            if how == "disk":
                return (build / "site").as_uri() + f"/{path}"
            return f"http://127.0.0.1:{server.server_port}/site/{path}"

        yield address
        server.shutdown()


@pytest.fixture(scope="session")
def browser():
    import lab

    with sync_playwright() as playwright:
        browser = lab.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser):
    """open_page(width, height, dark) gives a watched page."""
    import lab

    contexts, outside, errors = [], [], []

    def open_page(width=1366, height=900, dark=False):
        scheme = "dark" if dark else "light"
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, color_scheme=scheme)
        contexts.append(context)
        context.add_init_script(lab.PEN)
        context.route(
            lambda url: lab.OUTSIDE.match(url) and not url.startswith("file://"),
            lambda route: (outside.append(route.request.url), route.abort()),
        )
        context.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
        context.on("weberror", lambda e: errors.append(str(e.error)))
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()
    assert outside == [], "the page asked for something outside this machine"
    assert errors == [], "the page's console shows errors"


@pytest.fixture
def page(open_page):
    return open_page()
