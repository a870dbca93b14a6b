"""What was measured, as a table in Markdown, a figure, and a few lines for the terminal."""

import math

import cases
import numpy as np
import peers

from tconv_helpers import draw

MAIN = "one thread"
BY_NAME = {case.name: case for case in cases.TRANSPOSED + cases.FORWARD + cases.BESIDE}


# ------------------------------------------------------------------------------ reading results


def layers(results, setting, names, dtype="float32"):
    """What was measured of the named cases, in their order; those not run are left out."""
    found = results["settings"].get(setting, {"layers": []})["layers"]
    rows = {row["case"]: row for row in found if row["dtype"] == dtype}
    return [rows[name] for name in names if name in rows]


def names(group):
    return [case.name for case in group]


def ratio(row, above=peers.OURS, below=peers.PYTORCH):
    """How many times as long `above` takes; None if either is missing."""
    a, b = row["peers"].get(above), row["peers"].get(below)
    if a and b and below == peers.PYTORCH:
        return a["ratio"]
    return a["seconds"] / b["seconds"] if a and b else None


def geometric_mean(values):
    values = [v for v in values if v]
    return math.exp(sum(map(math.log, values)) / len(values)) if values else None


# -------------------------------------------------------------------------------------- targets


def targets(results):
    """(what, wanted, measured as text, met), met None where it was not measured."""
    up32, up64 = (layers(results, MAIN, names(cases.TRANSPOSED), t) for t in ("float32", "float64"))
    forward = layers(results, MAIN, names(cases.FORWARD))
    at = {row["case"]: row for row in up32 + forward}
    some = len(up32) < len(cases.TRANSPOSED)
    part = f" (of {len(up32)} of {len(cases.TRANSPOSED)} cases)" if some else ""

    def most(what, limit, value, unit="", form="{:.2f}"):
        met = None if value is None else value <= limit
        return what, f"≤ {limit}{unit}", shown(value, form) + unit * (value is not None), met

    def least(what, limit, value):
        met = None if value is None else value >= limit
        return what, f"≥ {limit}×", shown(value, "{:.1f}×"), met

    yield most(
        f"transposed, float32: geometric mean{part}",
        cases.MEAN_F32,
        geometric_mean(map(ratio, up32)),
    )
    for row in up32 + forward:
        yield most(f"{row['case']}, float32", BY_NAME[row["case"]].limit, ratio(row))
    yield most(
        f"transposed, float64: geometric mean{part}",
        cases.MEAN_F64,
        geometric_mean(map(ratio, up64)),
    )
    worst = max(up64, key=lambda row: ratio(row) or 0, default=None)
    where = f", {worst['case']}" if worst else ""
    yield most(f"transposed, float64: worst case{where}", cases.LIMIT_F64, worst and ratio(worst))
    loops = at.get(cases.LOOPS_AT)
    yield least(
        f"against stamp loops, {cases.LOOPS_AT}",
        cases.LOOPS,
        loops and ratio(loops, "stamp loops", peers.OURS),
    )
    yield least(
        f"against zero-insertion: geometric mean{part}",
        cases.ZERO_INSERTION,
        geometric_mean(ratio(row, "zero-insertion", peers.OURS) for row in up32),
    )
    single = at.get(cases.CORRELATE2D_AT)
    yield least(
        f"against scipy.signal.correlate2d, {cases.CORRELATE2D_AT}",
        cases.CORRELATE2D,
        single and ratio(single, "scipy.signal", peers.OURS),
    )
    large = [row for row in up32 + forward if is_image(row)]
    yield most(
        "extra memory: worst image-sized layer",
        cases.EXTRA_MEMORY,
        max((row["extra_memory"] for row in large), default=None),
        "×",
    )
    yield most("import tconv_helpers.ops : import numpy", cases.IMPORT, results["import"]["ratio"])
    yield most(
        "peak memory of a process, 4096×4096, k4 s2",
        cases.MEMORY_GB,
        results["memory"] / 1e9,
        " GB",
    )
    yield most(
        "sparse 3×3 convolution matrix on 512×512", cases.SPARSE_SECONDS, results["sparse"], " s"
    )


def shown(value, form="{:.2f}"):
    return "not measured" if value is None else form.format(value)


def mark(met):
    return {True: "✓", False: "**✗ missed**", None: "–"}[met]


# ---------------------------------------------------------------------------------------- table


def table(results):
    """The whole of results.md."""
    main = results["settings"][MAIN]["machine"]
    versions = ", ".join(f"{name} {v}" for name, v in main["versions"].items())
    parts = [
        "# Benchmarks",
        "Written by `make bench`; the numbers are in [results.json](results.json).",
        f"{results['date']}, {main['processor']}, {main['cores']} cores, {main['system']}, Python"
        f" {main['python']}, {versions}. Load before the first turn: {results['load']:.1f}.",
        "All calls of a row run in one process, one turn each, over and over, after their answers"
        " were found equal. **A ratio is a call's time over PyTorch's in the same round: below 1 is"
        " faster than PyTorch.** It is the median of the rounds; the range holds the middle 80 % of"
        " them. Ratios carry over to other machines better than times. Extra memory is what a call"
        " needs beyond its arrays, over the size of input, weights and output together.",
        "`by` names the way of `kernels` that the package chose; the columns at the right force"
        " each way that came near. `scipy.signal` is correlate2d, or convolve2d of the input with"
        " zeros inserted. `scipy.sparse` multiplies with the matrix, which is made before."
        " `zero-insertion` is einsum over windows, with BLAS. `stamp loops` adds one stamp for each"
        " input value and pair of channels.",
        f"![Time over PyTorch's for each layer, one thread, float32.](results.png)\n\n"
        f"{figure(results).sentence}",
        "## Targets",
        rows(
            ["target", "wanted", "measured", ""], [(*t[:3], mark(t[3])) for t in targets(results)]
        ),
    ]
    every = [
        ("Transposed", cases.TRANSPOSED),
        ("Forward", cases.FORWARD),
        ("Beside the targets", cases.BESIDE),
    ]
    for setting, found in results["settings"].items():
        parts.append(f"## {setting[0].upper()}{setting[1:]}")
        parts.append(f"BLAS: {found['machine']['blas']}.")
        for title, group in every:
            for dtype in ("float32", "float64"):
                some = layers(results, setting, names(group), dtype)
                if some:
                    parts += [f"### {title}, {dtype}", races(some), absent(some)]
    parts += ["## The project itself", itself(results)]
    return "\n\n".join(part for part in parts if part) + "\n"


def rows(head, lines):
    ruler = ["---"] * len(head)
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in [head, ruler, *lines])


def races(found):
    """A row a layer: PyTorch's time, our ratio with its range, everyone else's ratio."""
    others = []
    for row in found:
        others += [name for name in row["peers"] if name not in others]
    others = [name for name in others if name not in (peers.PYTORCH, peers.OURS)]
    head = ["layer", "PyTorch", "this package", "range", "by", "extra memory", *others]
    return rows(head, [race_row(row, others) for row in found])


def race_row(row, others):
    torch, own = row["peers"].get(peers.PYTORCH), row["peers"][peers.OURS]
    first = [row["case"], time_text(torch["seconds"]) if torch else "absent"]
    if torch:
        limit = BY_NAME[row["case"]].limit if row["dtype"] == "float32" else None
        over = " ✗" if limit and own["ratio"] > limit else ""
        first += [f"**{own['ratio']:.2f}**{over}", f"{own['low']:.2f}–{own['high']:.2f}"]
    else:
        first += [time_text(own["seconds"]), ""]
    first += [row["chosen"] or "", memory_text(row)]
    for name in others:
        peer = row["peers"].get(name)
        if peer is None:
            first.append("–")
        else:
            first.append(ratio_text(peer["ratio"]) if torch else time_text(peer["seconds"]))
    return first


def memory_text(row):
    return f"{row['extra_memory']:.1f}×" if is_image(row) else "small"


def is_image(row):
    """Whether its arrays are so large that memory counts."""
    case = BY_NAME[row["case"]]
    return sum(map(math.prod, (case.x, case.w, case.out))) > 100_000


def ratio_text(value):
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def time_text(seconds):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.0f} ns"


def absent(found):
    """Why a peer is missing where it is."""
    reasons = {}
    for row in found:
        for name, reason in row["skipped"].items():
            reasons.setdefault((name, "".join(c for c in reason if not c.isdigit())), []).append(
                (row["case"], reason)
            )
    said = []
    for (name, _), where in reasons.items():
        more = f" and {len(where) - 1} more" if len(where) > 1 else ""
        place = "" if len(where) == len(found) else f" ({where[0][0]}{more})"
        said.append(f"{name}: {where[0][1]}{place}")
    return f"Not taking part: {'; '.join(said)}." if said else ""


def itself(results):
    """Import time, memory, tests and notebooks."""
    took = results["import"]
    lines = [
        (
            "`import tconv_helpers.ops`",
            f"{1000 * took['ops']:.0f} ms",
            f"{took['ratio']:.2f} of `import numpy` ({1000 * took['numpy']:.0f} ms)",
        ),
        ("4096×4096, k4 s2, float32", "", f"{results['memory'] / 1e9:.2f} GB, the whole process"),
        ("sparse 3×3 matrix on 512×512", time_text(results["sparse"]), ""),
    ]
    for name, found in results["notebooks"].items():
        if found["seconds"] is None:
            lines.append((f"notebook {name}", "did not run to its end", ""))
            continue
        size = f"{found['megabytes']:.0f} MB"
        lines.append((f"notebook {name}", f"{found['seconds']:.1f} s", size))
    if "tests" in results:
        tests = results["tests"]
        lines.append(("`make test`", f"{tests['seconds']:.0f} s", tests["said"]))
    return rows(["what", "time", ""], lines)


# ------------------------------------------------------------------------------------ chapter 10


def for_the_chapter(results):
    """What the chapter on speed shows of the machine that was measured: one thread, float32."""
    found = results["settings"][MAIN]
    kept = ("case", "kind", "x", "w", "stride", "padding", "groups", "chosen", "peers")
    rows = [
        {key: row[key] for key in kept}
        for row in found["layers"]
        if row["dtype"] == "float32" and row["kind"] == "conv_transpose"
    ]
    machine = {key: found["machine"][key] for key in ("processor", "blas")}
    return {"machine": machine, "prices": found["machine"]["prices"], "layers": rows}


# --------------------------------------------------------------------------------------- figure


def figure(results):
    """Every float32 layer of one thread: our ratio with its range, and two other ways."""
    some = layers(results, MAIN, [*names(cases.TRANSPOSED), *names(cases.FORWARD)])
    some = some or layers(results, MAIN, names(cases.BESIDE))
    if any(peers.PYTORCH not in row["peers"] for row in some):
        seconds = [row["peers"][peers.OURS]["seconds"] for row in some]
        return draw.bars(
            np.array(seconds), labels=[row["case"] for row in some], ylabel="seconds", log=True,
            role="output",
        )  # fmt: skip
    shown = {"this package": peers.OURS, "zero-insertion": "zero-insertion"}
    shown |= {"nested stamps": "stamp loops", "ONNX Runtime": "ONNX Runtime"}
    series = {
        title: np.array([ratio(row, name) or np.nan for row in some])
        for title, name in shown.items()
        if any(name in row["peers"] for row in some)
    }
    own = [row["peers"][peers.OURS] for row in some]
    mean = geometric_mean(ratio(row) for row in layers(results, MAIN, names(cases.TRANSPOSED)))
    faster = sum(r["ratio"] < 1 for r in own)
    over = ""
    if mean:
        over = f"; over the transposed ones its time is {mean:.2f} of PyTorch's (geometric mean)"
    return draw.ratios(
        [row["case"] for row in some],
        series,
        spread=np.array([[r["low"], r["high"]] for r in own]),
        xlabel="time over PyTorch's",
        say=f"This package is faster than PyTorch, left of the line, on {faster} of {len(own)}"
        f" layers{over}. One thread, float32.",
    )


def summary(results):
    """The targets that were measured, for the terminal."""
    found = [t for t in targets(results) if t[3] is not None]
    missed = [f"  missed: {what}: {measured}, wanted {wanted}" for what, wanted, measured, met in
              found if not met]  # fmt: skip
    return "\n".join([f"{len(found) - len(missed)} of {len(found)} targets met.", *missed])
