"""Build the web book, the slides and the handouts.

python docs/site/publish/build.py site     build/site, with the slides in it
python docs/site/publish/build.py slides   build/slides
--out FOLDER                               another folder than build/
--only 00 05                               these chapters only
--pyproject FILE                           addresses from another pyproject.toml
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from publish import book, live, slides
from publish.execute import ROOT, chapters, executed

SITE = ROOT / "docs" / "site"
PACKAGES = Path(sys.prefix) / "npm" / "node_modules"  # tools/setup_site.py installs them


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["site", "slides"])
    parser.add_argument("--out", type=Path, default=ROOT / "build")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--pyproject", type=Path, default=ROOT / "pyproject.toml")
    options = parser.parse_args(arguments)
    out = options.out.resolve()
    paths = [path for path in chapters() if not options.only or path.name[:2] in options.only]
    pages = executed(out / "executed", paths)
    if options.what == "slides":
        deck_folder = out / "slides"
        _empty(deck_folder)
        slides.write(deck_folder, pages, PACKAGES)
        print(f"{deck_folder}/index.html")
        return 0
    return site(out, pages, options.pyproject)


def site(out, pages, pyproject):
    stage, target = out / "book", out / "site"
    shared = out / "assets"  # a folder whose folder live/ becomes _static/live/
    _empty(shared)
    assets = live.Assets(shared / "live")
    shutil.copy(SITE / "static/live.js", assets.folder)
    shutil.copy(PACKAGES / "mathjax/es5/tex-svg.js", assets.folder / "mathjax.js")
    book.write(stage, pages, assets)
    assets.write()
    _empty(target)
    slides.write(stage / "slides", pages, PACKAGES)
    run = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "-c", SITE]
        + ["-d", out / "doctrees", stage, target],
        env={**os.environ, "TCONV_ASSETS": str(shared), "TCONV_PYPROJECT": str(pyproject)},
    )
    if run.returncode:
        return run.returncode
    shutil.move(stage / "slides", target / "slides")
    book.restore_downloads(target)
    book.load_pictures_when_seen(target)
    (target / ".nojekyll").touch()  # GitHub Pages would drop the folders that begin with _
    print(f"{target}/index.html")
    return 0


def _empty(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


if __name__ == "__main__":
    sys.exit(main())
