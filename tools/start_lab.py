"""Open JupyterLab at the first notebook, on this machine's loopback address, with a token.

    python tools/start_lab.py PORT

It also starts as root and without a display, and takes the next free port when PORT is busy.
"""

import os
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIRST = "notebooks/00-start-here.ipynb"
TRIES = 50


def main():
    wanted = sys.argv[1]
    if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
        sys.exit(f"PORT={wanted} must be a whole number from 1 to 65535.")
    port = free_port(int(wanted))
    options = [
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={ROOT}",
        f"--LabApp.default_url=/lab/tree/{FIRST}",
        "--ServerApp.log_level=WARN",
        "--LabApp.log_level=WARN",
    ]
    if not can_write(os.path.expanduser("~")):
        home = Path(sys.prefix, "home")
        home.mkdir(exist_ok=True)
        os.environ["HOME"] = str(home)
        print(f"Your home folder cannot be written: Jupyter keeps its settings in {home}.")
    if os.geteuid() == 0:
        options.append("--ServerApp.allow_root=True")
    if not has_display():
        # Otherwise a text browser, where there is one, takes the terminal.
        options.append("--ServerApp.open_browser=False")
        print("There is no display here: open the address below in a browser.", flush=True)
    print("JupyterLab is starting. Ctrl-C twice stops it.", flush=True)
    os.execv(sys.executable, [sys.executable, "-m", "jupyterlab", *options])


def free_port(wanted):
    """`wanted`, or the next port that is free, with a word about it."""
    for port in range(wanted, min(wanted + TRIES, 65536)):
        with socket.socket() as probe:
            # As the server does: a port that was closed a moment ago is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port != wanted:
            print(f"Port {wanted} is busy, so JupyterLab takes port {port}.", flush=True)
        return port
    sys.exit(f"Ports {wanted} to {port} are busy: name another, as in: make lab PORT=9000")


def can_write(home):
    """Whether Jupyter can keep its settings in this home. "/" is what an empty HOME makes of it."""
    return home != "/" and os.path.isdir(home) and os.access(home, os.W_OK)


def has_display():
    """Whether a browser window can open. BROWSER in the environment is the reader's own word."""
    return (
        sys.platform == "darwin"
        or any(os.environ.get(name) for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"))
        or "WSL_DISTRO_NAME" in os.environ
    )


if __name__ == "__main__":
    main()
