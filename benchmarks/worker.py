"""One process of the benchmark: one number of threads, one BLAS core. Prints a JSON line a case.

    python benchmarks/worker.py '{"cases": [["4×4, k3 s2", "float32"]], "threads": 1, ...}'

The environment variables that choose threads and core are set by run.py before this starts,
because the libraries read them when they are loaded.
"""

import gc
import json
import os
import platform
import sys
import tracemalloc
from functools import partial

import cases
import numpy as np
import peers
from race import once, race

ALL = {case.name: case for case in cases.TRANSPOSED + cases.FORWARD + cases.BESIDE}


def main():
    task = json.loads(sys.argv[1])
    say(machine=machine(task["threads"]))
    for name, dtype in task["cases"]:
        layer = {key: value for key, value in ALL[name]._asdict().items() if key != "name"}
        say(case=name, dtype=dtype, **layer, **compare(ALL[name], np.dtype(dtype), task))


def say(**what):
    print(json.dumps(what, ensure_ascii=False), flush=True)


def compare(case, dtype, task):
    """The peers' results on one case, after their answers were found equal."""
    rng = np.random.default_rng(1)
    x, w = (rng.standard_normal(shape).astype(dtype) for shape in (case.x, case.w))
    calls, skipped = {}, {}
    for name, make in participants(case, dtype, task).items():
        try:
            calls[name] = make(case, x, w)
            calls[name]()
        except peers.Skip as reason:
            skipped[name] = str(reason)
        except Exception as error:
            if name not in peers.FOREIGN:
                raise
            calls.pop(name, None)
            skipped[name] = f"{name} failed with {type(error).__name__}"
            print(f"\n{name}, {case.name}: {error}", file=sys.stderr)
    expected = next(
        np.asarray(calls[name]()).copy()
        for name in (peers.PYTORCH, "zero-insertion", "stamp loops", peers.OURS)
        if name in calls
    )
    for name, call in calls.items():
        found = np.asarray(call())
        assert found.dtype == dtype and found.shape == expected.shape, (case, name, found.shape)
        off = float(np.abs(found - expected).max() / np.abs(expected).max())
        if not off < (1e-4 if dtype == np.float32 else 1e-12):
            raise AssertionError(f"{name} differs by {off:.1e} of the largest value: {case}")
    del expected, found
    results = race(calls, peers.PYTORCH, task["seconds"])
    return dict(
        peers={name: result._asdict() for name, result in results.items()},
        skipped=skipped,
        extra_memory=extra_memory(calls[peers.OURS], case, x, w),
        chosen=peers.chosen(case, dtype),
    )


def participants(case, dtype, task):
    every = dict(peers.PEERS)
    every["ONNX Runtime"] = partial(peers.onnx_runtime, threads=task["threads"])
    if task["peers"] == "few":
        return {name: every[name] for name in (peers.PYTORCH, peers.OURS)}
    return every | peers.algorithms(case, dtype)


def extra_memory(call, case, x, w):
    """Peak memory of a call beyond its output, in units of input + output + weights."""
    gc.collect()
    tracemalloc.start()
    y = call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return (peak - y.nbytes) / (x.nbytes + w.nbytes + y.nbytes)


def machine(threads):
    """What the table must name, as far as it is known."""
    try:
        import threadpoolctl
    except ImportError:
        blas = "unknown (pip install threadpoolctl)"
    else:
        found = [i for i in threadpoolctl.threadpool_info() if i["user_api"] == "blas"]
        blas = " and ".join(  # only NumPy's is loaded yet
            f"{i['internal_api']} {i['version']}, kernel {i.get('architecture', 'unknown')}, "
            f"{i['num_threads']} thread{'s' if i['num_threads'] > 1 else ''}"
            for i in found
        )
    try:
        import torch
    except ImportError:
        pass
    else:
        torch.set_num_threads(threads)
    return dict(
        prices=prices(),
        processor=processor(),
        cores=os.cpu_count(),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        blas=blas,
        versions={name: version(name) for name in LIBRARIES},
    )


def prices():
    """Seconds of a call from Python, of one product inside BLAS, and of one byte, float32."""
    one, a = np.ones(1, np.float32), np.ones((512, 512), np.float32)
    big = np.ones(2**23, np.float32)
    copy = np.empty_like(big)
    call = min(once(lambda: [np.add(one, one) for _ in range(1000)]) for _ in range(9)) / 1000
    product = min(once(lambda: a @ a) for _ in range(9)) / 512**3
    byte = min(once(lambda: np.copyto(copy, big)) for _ in range(9)) / (2 * big.nbytes)
    return dict(call=call, product=product, byte=byte)


LIBRARIES = ("numpy", "scipy", "torch", "jax", "onnxruntime")


def version(name):
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "absent"


def processor():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
