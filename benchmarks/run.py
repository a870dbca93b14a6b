"""Race this package against its peers and write what came out: make bench

    python benchmarks/run.py                everything, under ten minutes on a quiet machine
    python benchmarks/run.py --quick        a few layers, one thread, about a minute
    python benchmarks/run.py --cases DCGAN  only layers whose name contains this
    python benchmarks/run.py --peers PYTHON races in another environment, with the frameworks
    python benchmarks/run.py --report       write table and figure again from results.json

Writes results.json, results.md and results.png beside this file, and what chapter 10 shows of
them into notebooks/data; `make refresh` then brings the chapter's pictures up to date. A part of
the layers is written to build/bench instead.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import cases
import project
import report

HERE = Path(__file__).resolve().parent
CHAPTER = HERE.parent / "notebooks/data/benchmark.json"
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

# name → threads, OPENBLAS_CORETYPE, which peers
SETTINGS = {
    "one thread": (1, None, "all"),
    "two threads": (2, None, "few"),
    "one thread, older BLAS core": (1, "Haswell", "few"),
}


class Progress:
    """A bar on the terminal; a line for each step where there is no terminal."""

    def __init__(self, total):
        self.total, self.done, self.start = total, 0, time.monotonic()

    def step(self, what):
        self.done += 1
        filled = 30 * self.done // self.total
        took = time.monotonic() - self.start
        line = f"[{'█' * filled:·<30}] {self.done}/{self.total}  {took:4.0f} s  {what}"
        live = sys.stderr.isatty()
        print(f"\r{line[:110]:110}" if live else line, end="" if live else "\n", file=sys.stderr)
        sys.stderr.flush()


def main():
    options = arguments()
    part = options.quick or options.cases
    options.out = options.out or (HERE.parent / "build/bench" if part else HERE)
    target = options.out / "results.json"
    if options.report:
        results = json.loads(target.read_text(encoding="utf-8"))
    else:
        results = measure(options)
        options.out.mkdir(parents=True, exist_ok=True)
        write(target, results)
    if options.out == HERE:
        write(CHAPTER, report.for_the_chapter(results))
    (options.out / "results.md").write_text(report.table(results), encoding="utf-8")
    report.figure(results).save(options.out / "results.png")
    print("\n" + report.summary(results))
    print(f"\nWritten to {os.path.relpath(options.out)}/results.md, .json and .png")


def write(path, results):
    text = json.dumps(results, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few layers, one thread, no tests")
    parser.add_argument("--cases", metavar="WORDS", help="only layers whose name contains this")
    parser.add_argument("--seconds", type=float, default=1.0, help="turns of one layer last")
    parser.add_argument("--skip-tests", action="store_true", help="do not time the tests")
    parser.add_argument("--skip-notebooks", action="store_true", help="do not time the notebooks")
    parser.add_argument(
        "--peers",
        metavar="PYTHON",
        default=sys.executable,
        help="the Python that races, if the frameworks are installed in another than this",
    )
    parser.add_argument("--report", action="store_true", help="measure nothing, write again")
    parser.add_argument(
        "--out", type=Path, help="folder of the results; default: here, build/bench for a part"
    )
    return parser.parse_args()


def measure(options):
    todo = {name: wanted(name, options) for name in SETTINGS}
    todo = {name: layers for name, layers in todo.items() if layers}
    whole = not (options.quick or options.cases)
    papers = project.notebooks() if whole and not options.skip_notebooks else []
    with_tests = whole and not options.skip_tests
    progress = Progress(sum(map(len, todo.values())) + len(papers) + 3 + with_tests)
    results = {"date": date.today().isoformat(), "load": os.getloadavg()[0], "settings": {}}
    for name, layers in todo.items():
        results["settings"][name] = setting(name, layers, options, progress)
    progress.step("import time")
    results["import"] = project.import_time(5 if options.quick else 15)
    progress.step("peak memory")
    results["memory"] = project.peak_memory()
    progress.step("sparse matrix")
    results["sparse"] = project.sparse_seconds()
    results["notebooks"] = {}
    for path in papers:
        progress.step(path.stem)
        results["notebooks"][path.stem] = project.notebook(path)
    if with_tests:
        progress.step("the tests: a few minutes")
        results["tests"] = project.tests()
    return results


def wanted(name, options):
    """The layers of a setting, as (name, dtype)."""
    threads, core, among = SETTINGS[name]
    if options.quick and among == "few":
        return []
    every = cases.TRANSPOSED + cases.FORWARD + cases.BESIDE
    if options.quick:
        every = [case for case in every if case.name in cases.QUICK]
    if options.cases:
        every = [case for case in every if options.cases in case.name]
    layers = [(case.name, "float32") for case in every]
    if among == "all":
        layers += [(case.name, "float64") for case in every if case in cases.TRANSPOSED]
    return layers


def setting(name, layers, options, progress):
    """Run one worker to its end; what it named of the machine, and its results."""
    threads, core, among = SETTINGS[name]
    # Not with what this shell happens to say of OpenBLAS: unpinned means unpinned.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OPENBLAS_")}
    environment |= {variable: str(threads) for variable in THREADS}
    paths = [str(HERE.parent), os.environ.get("PYTHONPATH")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    # XLA takes every core unless it is told not to.
    environment["XLA_FLAGS"] = (
        f"--xla_cpu_multi_thread_eigen={str(threads > 1).lower()}"
        f" intra_op_parallelism_threads={threads}"
    )
    if core:
        environment["OPENBLAS_CORETYPE"] = core
    seconds = min(options.seconds, 0.5) if options.quick else options.seconds
    task = dict(cases=layers, threads=threads, peers=among)
    task["seconds"] = seconds if among == "all" else seconds / 2
    worker = subprocess.Popen(
        [options.peers, HERE / "worker.py", json.dumps(task)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    found = dict(threads=threads, core=core, layers=[])
    try:
        for line in worker.stdout:
            message = json.loads(line)
            if "machine" in message:
                found["machine"] = message["machine"]
            else:
                found["layers"].append(message)
                progress.step(f"{name}: {message['case']}, {message['dtype']}")
    finally:
        worker.stdout.close()
        if worker.poll() is None and sys.exc_info()[0]:
            worker.terminate()
    if worker.wait():
        sys.exit(f"\nThe measurement stopped in the setting {name!r}; its error stands above.")
    return found


if __name__ == "__main__":
    main()
