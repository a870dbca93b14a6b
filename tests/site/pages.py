"""What the tests read in the files of the site, without a browser."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

VOID = "area base br col embed hr img input link meta source track wbr".split()


class Page(HTMLParser):
    """The images, the links and the ids of a page, and what it loads."""

    def __init__(self, path):
        super().__init__()
        self.path, self.images, self.links, self.ids, self.loads = path, [], [], set(), []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if found.get("id"):
            self.ids.add(found["id"])
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag == "img":
            self.images.append(found)
        if tag in ("img", "script", "iframe", "source", "embed") and found.get("src"):
            self.loads.append(found["src"])
        if tag == "link" and found.get("rel") not in ("canonical", "author"):
            self.loads.append(found["href"])


def pages(folder):
    """Every page below a folder, but for the templates that the theme leaves beside its scripts."""
    found = sorted(Path(folder).rglob("*.html"))
    return [Page(path) for path in found if "_static" not in path.relative_to(folder).parts]


def is_outside(target):
    return bool(re.match(r"[a-z][a-z0-9+.-]*:|//", target)) and not target.startswith("data:")


def dead_links(page, every):
    """The links and the loads of a page that lead nowhere; `every` is path → Page."""
    for target in [*page.links, *page.loads]:
        if is_outside(target) or target.startswith(("data:", "javascript:")):
            continue
        parts = urlsplit(target)
        path = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
        if path.is_dir():
            path /= "index.html"
        there = every.get(path)
        if not path.exists() or (
            parts.fragment and there and unquote(parts.fragment) not in there.ids
        ):
            # reveal.js reads what follows #/ itself, and the theme's own # is a button
            if not parts.fragment.startswith("/") and target != "#":
                yield target
