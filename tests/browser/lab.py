"""A Jupyter server on loopback and a browser page that drives a notebook in it."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

# The system's browser; where there is none, None lets Playwright use the one it installed.
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
# Chromium looks up its maker's hosts at every start unless it is told not to.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OUTSIDE = re.compile(r"^(?!(https?|wss?)://127\.0\.0\.1[:/])(?!data:|blob:|about:|chrome:)")


class Server:
    """JupyterLab and Notebook 7 on one free loopback port, with settings of their own.

    Parameters
    ----------
    root : Path
        The folder served.
    scratch : Path
        An empty folder for settings, workspaces and the log.
    dark : bool
        Start JupyterLab in its dark theme.
    windowing : str
        JupyterLab's windowingMode. "none" keeps every cell in the page, whatever is scrolled.
    """

    def __init__(self, root, scratch, *, dark=False, windowing="none", options=()):
        self.root = root
        self.token = secrets.token_hex(16)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = scratch / "server.log"
        settings = {
            "apputils-extension/themes": {"theme": f"JupyterLab {'Dark' if dark else 'Light'}"},
            "apputils-extension/notification": {"checkForUpdates": False, "fetchNews": "false"},
            "notebook-extension/tracker": {"windowingMode": windowing},
        }
        for name, value in settings.items():
            path = scratch / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(value))
        command = [
            sys.executable,
            "-m",
            "jupyterlab",
            "--no-browser",
            "--allow-root",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={self.port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={root}",
            f"--IdentityProvider.token={self.token}",
            "--LabApp.expose_app_in_browser=True",
            "--JupyterNotebookApp.expose_app_in_browser=True",
            *options,
        ]
        own = {
            "JUPYTER_CONFIG_DIR": scratch / "config",
            "JUPYTER_RUNTIME_DIR": scratch / "runtime",
            "JUPYTERLAB_SETTINGS_DIR": scratch / "settings",
            "JUPYTERLAB_WORKSPACES_DIR": scratch / "workspaces",
            "IPYTHONDIR": scratch / "ipython",
        }
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **{name: str(path) for name, path in own.items()}},
            )
        try:
            self._wait(60)
        except BaseException:
            self.stop()
            raise

    def _ask(self, what, method="GET"):
        address = f"http://127.0.0.1:{self.port}/api/{what}"
        request = urllib.request.Request(
            address, method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    def _wait(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                self._ask("status")
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"Jupyter did not start:\n{self.log.read_text()[-3000:]}")

    def url(self, name, app="doc"):
        """The address of notebook `name` in "lab", "doc" (one document) or "notebooks" (7)."""
        middle = "" if app == "notebooks" else "/tree"
        # Reset, or JupyterLab also opens again what an earlier test had open.
        return f"http://127.0.0.1:{self.port}/{app}{middle}/{name}?token={self.token}&reset"

    def end_kernels(self):
        """End every running kernel, so that one test leaves nothing to the next."""
        for session in json.loads(self._ask("sessions")):
            self._ask(f"sessions/{session['id']}", "DELETE")

    def stop(self):
        """Ask the server to end, with its kernels; insist after ten seconds."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def launch(playwright):
    """Chromium without a window."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)


# What a canvas says is out of the page's reach, so every text that stands on one is noted:
# written(canvas) lists them; writtenIn(element) those inside an element's box, from the top.
PEN = """(() => {
  const pen = CanvasRenderingContext2D.prototype;
  const {fillText, clearRect} = pen;
  const standing = new WeakMap();
  window.written = (canvas) => standing.get(canvas) ?? [];
  pen.fillText = function (text, x, y) {
    const to = this.getTransform();
    const at = to.transformPoint({x, y});
    const {font, fillStyle: ink, textAlign: align} = this;
    const now = {text, x: at.x, y: at.y, scale: to.a, font, ink, align};
    standing.set(this.canvas, [...written(this.canvas), now]);
    return fillText.apply(this, arguments);
  };
  pen.clearRect = function (x, y, width, height) {
    const to = this.getTransform();
    const [a, b] = [to.transformPoint({x, y}), to.transformPoint({x: x + width, y: y + height})];
    const gone = (t) => t.x >= a.x && t.x <= b.x && t.y >= a.y && t.y <= b.y;
    standing.set(this.canvas, written(this.canvas).filter((t) => !gone(t)));
    return clearRect.apply(this, arguments);
  };
  window.writtenIn = (element) => {
    const canvas = element.closest('[data-pic]').querySelector('canvas');
    const [home, box] = [canvas, element].map((e) => e.getBoundingClientRect());
    const dots = canvas.width / home.width;
    return written(canvas)
      .map((t) => ({...t, x: home.x + t.x / dots, y: home.y + t.y / dots, scale: t.scale / dots}))
      .filter((t) => t.x > box.left && t.x < box.right && t.y > box.top && t.y < box.bottom)
      .sort((t, u) => t.y - u.y);
  };
})()"""


def watch(context, outside, errors):
    """Refuse every request that leaves loopback, noting it; note page and console errors."""
    context.add_init_script(PEN)

    def refuse(route):
        outside.append(route.request.url)
        route.abort()

    context.route(OUTSIDE, refuse)
    context.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    context.on("weberror", lambda e: errors.append(str(e.error)))


# A notebook that names no kernel waits for a dialog for ever; a page has no time limit of its own.
READY = """async () => {
  const answer = async () => {
    await window.jupyterapp.restored;
    const panel = window.jupyterapp.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await panel.sessionContext.session.kernel.info;
  };
  const late = new Promise((_, no) => setTimeout(
    () => no(new Error('the kernel did not answer in 60 s; does the notebook name its kernel?')),
    60000));
  await Promise.race([answer(), late]);
}"""

RUN = """command => {
  const panel = window.jupyterapp.shell.currentWidget;
  const run = window.__run = {left: 0, error: null};
  const all = command === 'notebook:run-all-cells';
  if (!all) panel.content.activeCellIndex = panel.content.widgets.length - 1;
  for (const cell of all ? panel.content.widgets : panel.content.widgets.slice(-1))
    if (cell.model.type === 'code' && cell.model.sharedModel.getSource().trim()) run.left += 1;
  const heard = (_, message) => {
    const type = message.header.msg_type;
    if (type === 'error') run.error = `${message.content.ename}: ${message.content.evalue}`;
    if (type === 'status' && message.content.execution_state === 'idle'
        && message.parent_header.msg_type === 'execute_request') run.left -= 1;
    if (run.left === 0) panel.sessionContext.iopubMessage.disconnect(heard);
  };
  panel.sessionContext.iopubMessage.connect(heard);
  void window.jupyterapp.commands.execute(command);
}"""


def open_notebook(page, server, name, app="doc"):
    """Open notebook `name` in "doc", "lab" or "notebooks" and wait until its kernel answers."""
    page.goto(server.url(name, app))
    page.wait_for_function(
        """name => {
          const panel = window.jupyterapp?.shell.currentWidget;
          return panel?.sessionContext && panel.context.path.endsWith(name);
        }""",
        arg=name,
    )
    page.evaluate(READY)


def _run(page, command, seconds):
    # The command's own promise is not awaited: it can outlive the run.
    page.evaluate(RUN, command)
    page.wait_for_function("() => window.__run.left === 0", timeout=seconds * 1000)
    settle(page)
    error = page.evaluate("() => window.__run.error")
    if error:
        raise AssertionError(f"a cell failed: {error}")


def run_all(page, seconds=120):
    """Run every cell and wait for the last; an error in a cell raises here."""
    _run(page, "notebook:run-all-cells", seconds)


def run_last(page, seconds=120):
    """Run the last cell alone."""
    _run(page, "notebook:run-cell", seconds)


def settle(page):
    """Wait until no picture is loading and two frames have been drawn."""
    page.wait_for_function("() => [...document.images].every(image => image.complete)")
    page.evaluate("() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")


def save(page):
    """Save the notebook and wait until it is written."""
    page.evaluate("() => window.jupyterapp.shell.currentWidget.context.save()")


def restart(page):
    """Give the open notebook a fresh kernel, keeping its outputs."""
    page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
    )
    page.evaluate(READY)
