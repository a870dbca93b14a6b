"""How soon a page of the site is there and answers, in Chromium on loopback.

    make site && .venv-site/bin/python benchmarks/site_speed.py

Three times from a cold cache: `load` is the browser's load event, `live` is when the first explorer
or panel near the top, if there is one, answers, and the formulas are set. Milliseconds, the median.
"""

import statistics
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))
RUNS = 3

import lab  # noqa: E402


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


def measure(browser, address):
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    page = context.new_page()
    page.goto(address, wait_until="load")
    load = page.evaluate("performance.timing.loadEventStart - performance.timing.navigationStart")
    page.wait_for_function(
        """() => {
          const near = [...document.querySelectorAll('.tconv-live')].filter(
            (e) => e.checkVisibility() && e.getBoundingClientRect().top < innerHeight);
          return near.every((e) => e.classList.contains('tconv-ready'));
        }"""
    )
    page.evaluate("window.MathJax?.startup?.promise")
    live = page.evaluate("performance.now()")
    context.close()
    return load, live


def main():
    site = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build" / "site")
    handler = partial(Quiet, directory=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server, sync_playwright() as playwright:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = lab.launch(playwright)
        print(f"{'page':46} {'load':>6} {'live':>6}  ms")
        names = ["index", "questions", "glossary", "api/ops"]
        names += [f"notebooks/{path.stem}" for path in sorted((site / "notebooks").glob("*.html"))]
        names += [f"slides/{path.stem}" for path in sorted((site / "slides").glob("*.html"))]
        for name in names:
            base = f"http://127.0.0.1:{server.server_port}/{name}.html"
            runs = [measure(browser, base) for _ in range(RUNS)]
            load, live = (statistics.median(column) for column in zip(*runs, strict=True))
            print(f"{name:46} {load:6.0f} {live:6.0f}")
        browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
