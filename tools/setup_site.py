"""Make the environment that builds the site and the slides, or bring it up to date.

    python tools/setup_site.py VENV SITE_VENV

SITE_VENV sees the packages of VENV, the course's own environment, and adds what
docs/site/requirements.txt holds beside them, checked against its hashes, and what
docs/site/package-lock.json names, from npm. A stamp says what is installed: when nothing changed,
nothing is done. `make setup` and the course do without all of this.
"""

import hashlib
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

SITE = Path(__file__).resolve().parents[1] / "docs" / "site"
NPM = [SITE / "package.json", SITE / "package-lock.json"]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    base, venv = (Path(argument).absolute() for argument in sys.argv[1:])
    stamp = venv / "site.stamp"
    parts = [SITE / "requirements.txt", *NPM, base / "tconv_helpers.json"]
    wanted = hashlib.sha256(b"".join(path.read_bytes() for path in parts)).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    npm = shutil.which("npm")
    if not npm:
        sys.exit("The site and the slides need npm, once: install Node.js (https://nodejs.org).")
    if venv.exists() and not (venv / "pyvenv.cfg").exists():
        sys.exit(f"{venv} exists and is not a Python environment: move it away.")
    print("Installing what builds the site: half a minute", flush=True)
    python = getattr(sys, "_base_executable", sys.executable)
    run(python, "-m", "venv", "--clear", venv)
    # Beside the course's own packages: what is there already is not installed twice.
    packages = sysconfig.get_path("purelib", vars={"base": str(venv), "platbase": str(venv)})
    course = sysconfig.get_path("purelib", vars={"base": str(base), "platbase": str(base)})
    Path(packages, "course.pth").write_text(f"import site; site.addsitedir({course!r})\n")
    run(
        *(venv / "bin/python", "-I", "-m", "pip", "install", "--quiet", "--require-hashes"),
        *("--disable-pip-version-check", "--requirement", SITE / "requirements.txt"),
    )
    (venv / "npm").mkdir()
    for path in NPM:
        shutil.copy(path, venv / "npm")
    run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", cwd=venv / "npm")
    stamp.write_text(wanted)


def run(*command, cwd=None):
    """Run a command; its words are shown only if it fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", errors="replace")
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-2000:]
        sys.exit(f"{said}\nThe installation stopped: {Path(command[0]).name} failed.")


if __name__ == "__main__":
    main()
