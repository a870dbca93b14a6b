"""A class on one machine, for real: a JupyterHub, its proxy, and students who all work at once.

    make classroom-test STUDENTS=30

Starts the hub of docs/hosting/jupyterhub_config.py on loopback, with names instead of accounts.
Every student spawns a server, opens a chapter through the proxy and runs it cell by cell, each
student another chapter in turn. In the middle one kernel and one server are killed: their students
begin the chapter again. Written to benchmarks/classroom.md (with --report FILE elsewhere):
failures, memory, processor time and the slowest cell. Ends with exit status 1 if a student did not
come to the end.
"""

import argparse
import asyncio
import json
import math
import os
import platform
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

ROOT = Path(__file__).resolve().parents[1]
HOSTING = ROOT / "docs" / "hosting"
MIB = 2**20
PATIENCE = 600  # seconds for one cell when everybody runs theirs

# What differs from a real class: no accounts, loopback only, and a program that may do everything.
TEST_CONFIG = """
import os
load_subconfig({shipped!r})
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.JupyterHub.db_url = "sqlite:///" + {scratch!r} + "/hub.sqlite"
c.JupyterHub.cookie_secret_file = {scratch!r} + "/cookie"
c.JupyterHub.services = [{{"name": "classroom", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [{{
    "name": "classroom", "services": ["classroom"],
    "scopes": ["admin:users", "admin:servers", "admin:server_state", "access:servers"],
}}]
if os.geteuid() == 0:
    c.Spawner.args = [*c.Spawner.args, "--allow-root"]
"""


class Hub:
    """The hub and its proxy, started and stopped, and requests to both."""

    def __init__(self, scratch, students, notebooks):
        self.scratch, self.token = scratch, secrets.token_hex(16)
        port, hub_port, proxy_port = free_ports(3)
        self.url = f"http://127.0.0.1:{port}"
        config = scratch / "config.py"
        config.write_text(
            TEST_CONFIG.format(
                shipped=str(HOSTING / "jupyterhub_config.py"), homes=str(scratch / "homes"),
                port=port, hub_port=hub_port, proxy_port=proxy_port, proxy=str(proxy()),
                scratch=str(scratch), token=self.token,
            )
        )  # fmt: skip
        (scratch / "homes").mkdir()
        names = scratch / "students.txt"
        names.write_text("\n".join(students))
        self.log = scratch / "hub.log"
        hub = Path(sys.executable).with_name("jupyterhub")
        self.process = subprocess.Popen(
            [hub, "--config", config],
            cwd=scratch,
            env={
                **os.environ,
                "STUDENTS_FILE": str(names),
                "COURSE": str(notebooks),
                "CONFIGPROXY_AUTH_TOKEN": self.token,
            },
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    async def ask(self, path, method="GET", body=None, timeout=120):
        """JSON from the hub's API, or from a student's server through the proxy."""
        reply = await AsyncHTTPClient().fetch(
            HTTPRequest(
                self.url + path,
                method=method,
                headers={"Authorization": f"token {self.token}"},
                body=json.dumps(body) if body is not None else ("" if method == "POST" else None),
                request_timeout=timeout,
                allow_nonstandard_methods=True,
            )
        )
        return json.loads(reply.body) if reply.body else None

    async def ready(self):
        for _ in range(240):
            if self.process.poll() is not None:
                break
            try:
                return await self.ask("/hub/api/")
            except (HTTPClientError, OSError):
                await asyncio.sleep(0.25)
        raise SystemExit(f"The hub did not start:\n{self.log.read_text()[-3000:]}")

    def stop(self):
        """End the hub, the proxy and all servers: they are one session of processes."""
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            pass
        for pid in family(self.process.pid) | {self.process.pid}:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


class Student:
    """One student: a server of their own, a chapter, and what happened."""

    def __init__(self, hub, name, chapter):
        self.hub, self.name, self.chapter = hub, name, chapter
        self.cells, self.done, self.again, self.error = [], 0, 0, None
        self.spawned = self.finished = None
        self.kernel_killed = self.server_killed = False

    async def work(self):
        """Come to the end of the chapter; after a crash begin it again, at most twice."""
        start = time.monotonic()
        while self.finished is None:
            try:
                await self.spawn()
                self.spawned = self.spawned or time.monotonic() - start
                await self.run()
                self.finished = time.monotonic() - start
            except (Crash, HTTPClientError, OSError) as trouble:
                self.again += 1
                if self.again > 2:
                    self.error = f"{type(trouble).__name__}: {trouble}"
                    return
                await asyncio.sleep(1)
            except WrongCell as wrong:
                self.error = str(wrong)
                return

    async def spawn(self):
        """Start the server, and wait until the hub says it is ready."""
        path = f"/hub/api/users/{self.name}"
        for _ in range(PATIENCE):
            user = await self.hub.ask(path)
            if user["servers"].get("", {}).get("ready"):
                try:
                    await self.hub.ask(f"/user/{self.name}/api/status")
                    return
                except (HTTPClientError, OSError):  # killed, and the hub does not know it yet
                    await asyncio.sleep(1)
            elif user.get("pending"):
                await asyncio.sleep(0.5)
            else:
                try:
                    await self.hub.ask(f"{path}/server", "POST")
                except HTTPClientError as error:
                    if error.code not in (400, 429):  # pending, or too many at once: wait
                        raise
                    await asyncio.sleep(1)
        raise Crash("the server did not start")

    async def run(self):
        """Run the chapter's code cells in order, each to its end."""
        base, path = f"/user/{self.name}/api", quote(f"notebooks/{self.chapter}")
        notebook = (await self.hub.ask(f"{base}/contents/{path}"))["content"]
        # As an open page does: the session keeps its kernel while it is alive.
        wanted = {
            "path": f"notebooks/{self.chapter}",
            "name": self.chapter,
            "type": "notebook",
            "kernel": {"name": "python3"},
        }
        for session in await self.hub.ask(f"{base}/sessions"):
            await self.hub.ask(f"{base}/sessions/{session['id']}", "DELETE")
        session = await self.hub.ask(f"{base}/sessions", "POST", wanted)
        kernel = session["kernel"]["id"]
        url = self.hub.url.replace("http", "ws") + f"{base}/kernels/{kernel}/channels"
        socket = await websocket_connect(
            HTTPRequest(url, headers={"Authorization": f"token {self.hub.token}"}),
            max_message_size=64 * MIB,
        )
        self.done, self.cells = 0, []
        try:
            for number, cell in enumerate(c for c in notebook["cells"] if c["cell_type"] == "code"):
                start = time.monotonic()
                await self.execute(socket, cell)
                self.cells.append((time.monotonic() - start, cell.get("id", str(number))))
                self.done = number + 1
        finally:
            socket.close()

    async def execute(self, socket, cell):
        header = {
            "msg_id": uuid.uuid4().hex,
            "msg_type": "execute_request",
            "session": uuid.uuid4().hex,
            "username": self.name,
            "version": "5.3",
        }
        source = "".join(cell["source"])
        message = {
            "header": header,
            "parent_header": {},
            "metadata": {},
            "channel": "shell",
            "content": {"code": source, "stop_on_error": True, "allow_stdin": False},
            "buffers": [],
        }
        await socket.write_message(json.dumps(message))
        replied = idle = False
        while not (replied and idle):
            try:
                raw = await asyncio.wait_for(socket.read_message(), PATIENCE)
            except TimeoutError:
                raise Crash("a cell did not come to its end") from None
            if raw is None:
                raise Crash("the connection was closed")
            if isinstance(raw, bytes):  # a widget's buffers
                continue
            answer = json.loads(raw)
            kind, content = answer["msg_type"], answer["content"]
            if kind == "status" and content["execution_state"] in ("restarting", "dead"):
                raise Crash("the kernel died")
            if answer["parent_header"].get("msg_id") != header["msg_id"]:
                continue
            if kind == "status" and content["execution_state"] == "idle":
                idle = True
            if kind == "execute_reply":
                replied = True
                if content["status"] != "ok":
                    said = f"{content.get('ename')}: {content.get('evalue')}"
                    raise WrongCell(f"{self.chapter}, cell {cell.get('id')}: {said}")


class Crash(Exception):
    """The kernel or the server went away: the student begins again."""


class WrongCell(Exception):
    """A cell ended with an error."""


# -------------------------------------------------------------------------- processes and their use


def family(pid):
    """Every process below this one."""
    below, waiting = set(), [pid]
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    while waiting:
        for child in children.get(waiting.pop(), []):
            below.add(child)
            waiting.append(child)
    return below


def pss(pid):
    """Proportional set size in MiB: memory shared with others counts by its share."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return int(text.partition("\nPss:")[2].split()[0]) / 1024
    except (OSError, IndexError, ValueError):
        return 0.0


def seconds(pid):
    """Processor time so far."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError):
        return 0.0


def is_kernel(pid):
    try:
        return "ipykernel" in Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return False


def free_ports(count):
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def proxy():
    """The locked proxy, installed by npm into a folder that git does not see."""
    folder = HOSTING / "node_modules"
    program = folder / ".bin" / "configurable-http-proxy"
    if not program.exists():
        npm = shutil.which("npm")
        if not npm:
            raise SystemExit("npm is needed for the hub's proxy: https://nodejs.org")
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=HOSTING, check=True)
    return program


# ---------------------------------------------------------------------------------------- the class


async def hold_class(hub, students, watch):
    await hub.ready()
    working = [asyncio.create_task(student.work()) for student in students]
    await asyncio.gather(trouble(hub, students), *working)
    await watch(hub)


async def server_pid(hub, student):
    user = await hub.ask(f"/hub/api/users/{student.name}")
    return (user["servers"].get("", {}).get("state") or {}).get("pid")


async def trouble(hub, students):
    """Kill one student's kernel and another's server, each in the middle of a chapter."""
    victims = {"kernel": students[0], "server": students[-1]}
    for kind, student in victims.items():
        while student.done < 5 and student.error is None and student.finished is None:
            await asyncio.sleep(0.05)
        pid = await server_pid(hub, student)
        if kind == "kernel":
            kernels = [child for child in family(pid) if is_kernel(child)]
            os.kill(kernels[0], signal.SIGKILL)
            student.kernel_killed = True
        else:
            os.kill(pid, signal.SIGKILL)
            student.server_killed = True


class Use:
    """Memory and processor time of each student, read when all have come to the end."""

    def __init__(self, students):
        self.students, self.server, self.kernel, self.cpu, self.hub = students, {}, {}, {}, 0

    async def __call__(self, hub):
        taken = set()
        for student in self.students:
            pid = await server_pid(hub, student)
            if pid is None:
                continue
            below = family(pid) | {pid}
            taken |= below
            kernels = {child for child in below if is_kernel(child)}
            self.kernel[student.name] = sum(map(pss, kernels))
            self.server[student.name] = sum(map(pss, below - kernels))
            self.cpu[student.name] = sum(map(seconds, below))
        own = (family(hub.process.pid) | {hub.process.pid}) - taken
        self.hub = sum(map(pss, own))


def report(students, use, wall):
    """The measured class, as a Markdown page."""
    ended = [student for student in students if student.finished is not None]
    failed = [student for student in students if student.finished is None]
    total = {name: use.server[name] + use.kernel[name] for name in use.kernel}
    slowest = max(((*cell, s.chapter) for s in ended for cell in s.cells), default=(0, "", ""))
    memory = sorted(total.values()) or [0]
    processor = sorted(use.cpu.values()) or [0]
    killed = [s for s in students if s.kernel_killed or s.server_killed]
    recovered = sum(s.finished is not None for s in killed)
    lines = [
        "# A class on one machine",
        "",
        f"Written by `make classroom-test STUDENTS={len(students)}`: a JupyterHub with its proxy on"
        " one machine, every student in a chapter at the same time, one kernel and one server"
        " killed in the middle.",
        "",
        f"Machine: {os.cpu_count()} cores, {machine_memory():.0f} GiB, {processor_name()};"
        f" Python {platform.python_version()}.",
        "",
        "| | |",
        "|---|---|",
        f"| students | {len(students)} |",
        f"| failures | {len(failed)} |",
        f"| killed kernels and servers whose students came to the end | {recovered} of"
        f" {len(killed)} |",
        f"| whole class, from the first login to the last cell | {wall:.0f} s |",
        f"| a student's server ready, median and slowest | {spread(s.spawned for s in ended)} s |",
        f"| a student's chapter, median and slowest | {spread(s.finished for s in ended)} s |",
        f"| memory per student (PSS), median and most | {statistics.median(memory):.0f} and"
        f" {memory[-1]:.0f} MiB |",
        f"| of it the server, median | {statistics.median(use.server.values() or [0]):.0f} MiB |",
        f"| of it the kernel, median | {statistics.median(use.kernel.values() or [0]):.0f} MiB |",
        f"| hub and proxy together | {use.hub:.0f} MiB |",
        f"| processor time per student, median and most | {statistics.median(processor):.0f} and"
        f" {processor[-1]:.0f} s |",
        f"| slowest cell | {slowest[0]:.1f} s, `{slowest[1]}` in {slowest[2]} |",
        "",
        "By chapter:",
        "",
        "| chapter | students | kernel, median MiB | processor, median s | slowest cell, s |",
        "|---|---|---|---|---|",
    ]
    for chapter in sorted({s.chapter for s in ended}):
        group = [s for s in ended if s.chapter == chapter and s.name in use.kernel]
        if group:
            kernel = statistics.median(use.kernel[s.name] for s in group)
            cpu = statistics.median(use.cpu[s.name] for s in group)
            cell = max(second for s in group for second, _ in s.cells)
            lines.append(
                f"| {chapter.removesuffix('.ipynb')} | {len(group)} | {kernel:.0f} | {cpu:.0f} |"
                f" {cell:.1f} |"
            )
    lines += ["", *sizing(memory[-1], use.hub, statistics.median(processor))]
    if failed:
        lines += ["", "What failed:", "", *(f"- {s.name}: {s.error}" for s in failed)]
        lines += ["", f"Reasons: {Counter(s.error for s in failed)}"]
    return "\n".join([*lines, ""])


def sizing(most, hub, processor):
    """What machines a class needs: the most that a student took, and a fifth more."""
    yield "What a class needs, from these numbers: for memory the most that one student took, and"
    yield "the hub, with a fifth on top; cores so that all can run a whole chapter in two minutes."
    yield ""
    yield "| students | memory, GiB | cores | or nodes of 16 GiB and 4 cores |"
    yield "|---|---|---|---|"
    for count in (10, 30, 100, 300):
        memory = 1.2 * (count * most + hub) / 1024
        cores = math.ceil(count * processor / 120)
        nodes = math.ceil(max(1.2 * count * most / 1024 / 15, cores / 4))
        yield f"| {count} | {memory:.0f} | {cores} | {nodes} |"


def spread(values):
    values = sorted(value for value in values if value is not None) or [0]
    return f"{statistics.median(values):.0f} and {values[-1]:.0f}"


def machine_memory():
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30


def processor_name():
    try:
        text = Path("/proc/cpuinfo").read_text()
        return text.partition("model name")[2].partition(":")[2].partition("\n")[0].strip()
    except OSError:
        return platform.processor()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("students", type=int)
    parser.add_argument("--chapters", nargs="*", help="names such as 03; left out, every chapter")
    parser.add_argument("--notebooks", type=Path, default=ROOT / "notebooks")
    parser.add_argument("--report", type=Path, default=ROOT / "benchmarks" / "classroom.md")
    options = parser.parse_args()
    if options.students < 2:
        parser.error("STUDENTS must be at least 2: one loses a kernel, one a server")
    chapters = sorted(path.name for path in options.notebooks.glob("*.ipynb"))
    wanted = options.chapters or [name[:2] for name in chapters]
    chapters = [name for name in chapters if name[:2] in wanted]
    AsyncHTTPClient.configure(None, max_clients=4 * options.students, max_body_size=64 * MIB)
    with tempfile.TemporaryDirectory() as folder:
        names = [f"student{n:02}" for n in range(1, options.students + 1)]
        hub = Hub(Path(folder), names, options.notebooks.absolute())
        students = [Student(hub, name, chapters[n % len(chapters)]) for n, name in enumerate(names)]
        use = Use(students)
        start = time.monotonic()
        try:
            asyncio.run(hold_class(hub, students, use))
            wall = time.monotonic() - start
        finally:
            hub.stop()
    page = report(students, use, wall)
    options.report.write_text(page, encoding="utf-8")
    print(page)
    return 1 if any(student.finished is None for student in students) else 0


if __name__ == "__main__":
    sys.exit(main())
