"""Write the course's public addresses, from [project.urls] in pyproject.toml, where readers look.

    make addresses

[project.urls] is the one place that knows them: Repository, Documentation (the web book) and Binder
(another Binder service than the public one). README.md gets its badges and links between two
comments and CITATION.cff its address. Without an address there is none, and no badge. The web book
reads the same table when it is built.
"""

import re
import sys
import tomllib
from pathlib import Path
from urllib.parse import quote, urlparse

ROOT = Path(__file__).resolve().parents[1]
START = "lab/tree/notebooks/00-start-here.ipynb"
MARKS = "<!-- addresses -->", "<!-- end of addresses -->"
HOSTS = {"github.com": "gh", "gitlab.com": "gl"}


def main(root=ROOT):
    urls = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"].get("urls", {})
    for name, changed in (("README.md", readme), ("CITATION.cff", citation)):
        path = root / name
        text = path.read_text("utf-8")
        path.write_text(changed(text, urls), "utf-8")


def binder(urls):
    """The address that opens the first notebook on Binder."""
    repository = urls.get("Repository")
    if not repository:
        return None
    where = urlparse(repository)
    path = where.path.strip("/").removesuffix(".git")
    kind = HOSTS.get(where.netloc)
    if kind == "gl":
        path = quote(path, safe="")
    place = f"{kind}/{path}" if kind else f"git/{quote(repository, safe='')}"
    service = urls.get("Binder", "https://mybinder.org").rstrip("/")
    return f"{service}/v2/{place}/main?urlpath={quote(START, safe='')}"


def readme(text, urls):
    """README.md with the links between its two marks."""
    opening, rest = text.split(MARKS[0])
    closing = rest.split(MARKS[1])[1]
    links = []
    if address := binder(urls):
        service = address.partition("/v2/")[0]
        links.append(f"[![Open on Binder]({service}/badge_logo.svg)]({address})")
    if "Documentation" in urls:
        links.append(f"[Read it without Python]({urls['Documentation']})")
    between = "\n" + " · ".join(links) + "\n" if links else "\n"
    return opening + MARKS[0] + between + MARKS[1] + closing


def citation(text, urls):
    """CITATION.cff with the repository's address, or without one."""
    text = re.sub(r'^repository-code: ".*"\n', "", text, flags=re.MULTILINE)
    if "Repository" in urls:
        text = text.replace("license:", f'repository-code: "{urls["Repository"]}"\nlicense:', 1)
    return text


if __name__ == "__main__":
    sys.exit(main())
