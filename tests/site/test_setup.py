"""What builds the site is locked, beside what the course itself has locked."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "docs" / "site"


def pins(path):
    return dict(re.findall(r"^([a-z0-9-]+)==([\w.]+)", path.read_text("utf-8"), flags=re.M))


def test_the_site_has_the_versions_of_the_course():
    course, site = pins(ROOT / "requirements.txt"), pins(SITE / "requirements.txt")
    shared = course.keys() & site.keys()
    assert len(shared) > 20
    assert {name: site[name] for name in shared} == {name: course[name] for name in shared}


def test_every_package_of_the_site_has_a_hash():
    text = (SITE / "requirements.txt").read_text("utf-8")
    blocks = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.M)[1:]
    assert len(blocks) == len(pins(SITE / "requirements.txt")) > 50
    assert [block[:40] for block in blocks if "--hash=sha256:" not in block] == []
    wanted = re.findall(r"^([a-z-]+)>=", (SITE / "requirements.in").read_text(), flags=re.M)
    assert set(wanted) <= pins(SITE / "requirements.txt").keys()


def test_npm_gives_exact_versions():
    lock = json.loads((SITE / "package-lock.json").read_text())["packages"]
    asked = json.loads((SITE / "package.json").read_text())
    for name, version in {**asked["dependencies"], **asked["devDependencies"]}.items():
        assert lock[f"node_modules/{name}"]["version"] == version
    assert all("integrity" in entry for path, entry in lock.items() if path)
    browser = json.loads((ROOT / "tests/browser/package.json").read_text())["devDependencies"]
    assert asked["devDependencies"]["axe-core"] == browser["axe-core"]


@pytest.mark.parametrize("name", ["site", "slides", "test-site"])
def test_the_workflow_and_the_makefile_know_the_commands(name):
    assert re.search(rf"^{name}: setup-site ##", (ROOT / "Makefile").read_text("utf-8"), flags=re.M)
    if name == "site":
        assert "- run: make site" in (ROOT / ".github/workflows/site.yml").read_text("utf-8")
