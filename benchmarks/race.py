"""Time several calls against each other in one process, one turn each, over and over."""

import gc
import statistics
import time
from typing import NamedTuple

LEAST = 0.002  # seconds that one turn lasts; short calls are repeated within it
SLOW = 0.3  # seconds; a call that takes longer has one turn
FIRST, MOST = 5, 201  # turns, at least and at most


class Result(NamedTuple):
    """Seconds of one call, and its ratio to the reference with the middle 80 % of the turns."""

    seconds: float
    ratio: float | None
    low: float | None
    high: float | None
    turns: int


def race(calls, reference, seconds):
    """Results by name, after about `seconds` of turns.

    The clock of a machine drifts, and neighbours come and go. A ratio of two times taken next to
    each other hardly notices, so ratios are formed within a round, and the median is reported.
    """
    trial = {name: once(call) for name, call in calls.items()}  # their answers are known already
    repeats = {name: max(1, round(LEAST / max(took, 1e-7))) for name, took in trial.items()}
    times = {name: [] for name in calls}
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        for turn in range(MOST):
            names = list(calls)
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                if trial[name] < SLOW:
                    times[name].append(_turn(calls[name], repeats[name]))
                else:
                    times[name].append(None if turn else trial[name])
            if turn + 1 >= FIRST and time.perf_counter() - start > seconds:
                break
    finally:
        gc.enable()
    return {name: _result(times[name], times.get(reference)) for name in calls}


def once(call):
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _turn(call, repeats):
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - start) / repeats


def _result(times, reference):
    own = [t for t in times if t is not None]
    if reference is None:
        return Result(statistics.median(own), None, None, None, len(own))
    ratios = sorted(
        a / b for a, b in zip(times, reference, strict=True) if a is not None and b is not None
    )
    tenth = len(ratios) // 10
    low, high = ratios[tenth], ratios[-1 - tenth]
    return Result(statistics.median(own), statistics.median(ratios), low, high, len(own))
