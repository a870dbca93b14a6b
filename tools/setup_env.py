"""Make the environment of the course, or bring it up to date. Needs the standard library only.

    python tools/setup_env.py VENV [LOCK]

Installs LOCK (requirements.txt), every file of it checked against its hash, then this package in
place, with the locked build backend and no network. A stamp in VENV says what is installed: when
nothing changed, nothing is done, and an environment without its stamp is one whose installation was
cut short, so it is made anew. Every failure that is to be expected ends in one sentence.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.txt"
# What the installed metadata of the package is made from.
PROJECT = [ROOT / name for name in ("pyproject.toml", "tconv_helpers/__init__.py", "README.md")]
PROJECT += sorted((ROOT / "jupyter-config").iterdir())

# What pip writes when the index cannot be reached, and what else is known to stop it.
REASONS = {
    "No space left on device": "the disk is full: free about 1 GB and run the command again",
    "DO NOT MATCH THE HASHES": "a downloaded file is not the one in requirements.txt: run the "
    "command again, and if it happens again do not trust that package index",
    "Retrying (": "the package index cannot be reached, and this step needs it: "
    "connect to the internet (behind a proxy, set HTTPS_PROXY) and run the command again",
}


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    venv = Path(sys.argv[1]).absolute()
    lock = Path(sys.argv[2]).absolute() if len(sys.argv) == 3 else LOCK
    stamp = venv / "tconv_helpers.json"
    wanted = {
        "python": digest(sys.version, sys.base_prefix, str(venv)),
        "lock": digest(lock.read_bytes()),
        "project": digest(str(ROOT), *(path.read_bytes() for path in PROJECT)),
    }
    installed = read(stamp)
    if installed == wanted:
        return
    if installed.get("python") != wanted["python"]:
        installed = {}
        make_venv(venv)
    stamp.unlink(missing_ok=True)
    try:
        if installed.get("lock") != wanted["lock"]:
            count = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
            say(f"Installing the {count} packages of {lock.name}: a minute or two")
            pip(venv, "--require-hashes", "--requirement", lock)
        pip(venv, "--no-deps", "--no-build-isolation", "--no-index", "--editable", ROOT)
    except Failure as failure:
        # pip puts back what it took away, so what was complete before still is.
        if installed:
            stamp.write_text(json.dumps(installed), encoding="utf-8")
        sys.exit(f"The installation stopped: {failure}.")
    stamp.write_text(json.dumps(wanted), encoding="utf-8")


class Failure(Exception):
    """Why the installation stopped, as the end of a sentence."""


def digest(*parts):
    """One hash of texts and bytes."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(hashlib.sha256(part if isinstance(part, bytes) else part.encode()).digest())
    return whole.hexdigest()


def read(stamp):
    """What the stamp says is installed; nothing, if there is none or it cannot be read."""
    try:
        return json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def make_venv(venv):
    """Make an empty environment, in place of an older one, but of nothing else."""
    if (
        venv.exists()
        and not (venv / "pyvenv.cfg").exists()
        and (not venv.is_dir() or any(venv.iterdir()))
    ):
        sys.exit(
            f"{venv} exists and is not a Python environment: move it away, or name another "
            "folder, as in: make lab VENV=other"
        )
    say(f"Making {venv.name} with Python {sys.version.split()[0]}")
    # The base Python: an environment cannot be remade with the Python inside it.
    command = [getattr(sys, "_base_executable", sys.executable), "-m", "venv", "--clear", venv]
    made = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace")
    if made.returncode:
        lines = (made.stdout + made.stderr).strip().splitlines() or ["no reason given"]
        sys.exit(f"The environment {venv} could not be made: {lines[-1]}")


def pip(venv, *arguments):
    """Run pip install in the environment, its words in a log file."""
    log = venv / "setup.log"
    command = [venv / "bin" / "python", "-I", "-m", "pip", "install", *arguments]
    settings = {"PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_PROGRESS_BAR": "off"}
    with log.open("w", encoding="utf-8") as words:
        code = subprocess.run(
            command, stdout=words, stderr=subprocess.STDOUT, env={**os.environ, **settings}
        ).returncode
    if code:
        raise Failure(reason(log.read_text(encoding="utf-8", errors="replace"), log))


def reason(words, log):
    """The sentence for what pip said, or its own last error."""
    for sign, sentence in REASONS.items():
        if sign in words:
            return sentence
    errors = [line for line in words.splitlines() if line.startswith("ERROR: ")]
    said = errors[-1].removeprefix("ERROR: ").rstrip(".") if errors else "pip failed"
    return f"{said} (all that pip said is in {log})"


def say(words):
    print(words, flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Stopped: the same command begins again.")
