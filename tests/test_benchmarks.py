"""The benchmark measures what it says: equal answers, ratios of neighbours, a table of its data."""

import importlib
import json
import sys
import time
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "benchmarks"


@pytest.fixture(scope="module")
def bench():
    """The benchmark's modules by name."""
    sys.path.insert(0, str(FOLDER))
    try:
        names = ("cases", "peers", "race", "report", "worker")
        yield {name: importlib.import_module(name) for name in names}
    finally:
        sys.path.remove(str(FOLDER))


def stored():
    return json.loads((FOLDER / "results.json").read_text(encoding="utf-8"))


def small_cases(cases):
    return [
        cases.up("up", (2, 3, 5, 5), 2, 4, 2, 1),
        cases.up("up, one channel", (1, 1, 6, 6), 1, 3, 2),
        cases.up("up, groups", (1, 4, 3, 3), 4, 3, 3, groups=2),
        cases.down("down", (2, 3, 9, 9), 4, 3, 2, 1),
        cases.down("down, one channel", (1, 1, 8, 8), 1, 3),
    ]


@pytest.mark.parametrize("number", range(5))
def test_every_peer_that_takes_part_gives_the_same(bench, number):
    case, peers = small_cases(bench["cases"])[number], bench["peers"]
    rng = np.random.default_rng(3)
    x, w = rng.standard_normal(case.x), rng.standard_normal(case.w)
    expected = peers.ours(case, x, w)()
    assert expected.shape == case.out
    found, reasons = set(), {}
    for name, make in {**peers.PEERS, **peers.algorithms(case, x.dtype)}.items():
        try:
            y = np.asarray(make(case, x, w)())
        except peers.Skip as reason:
            reasons[name] = str(reason)
            continue
        np.testing.assert_allclose(y, expected, rtol=1e-9, atol=1e-9, err_msg=name)
        found.add(name)
    assert peers.chosen(case, x.dtype) in found
    assert {"scipy.sparse"} < found
    assert all(reasons.values())


def test_a_missing_library_is_skipped_with_a_way_to_get_it(bench):
    with pytest.raises(bench["peers"].Skip, match="no_such_library is absent: pip install"):
        bench["peers"].needs("no_such_library")


def test_a_case_counts_the_products_of_its_definition(bench):
    up, down = bench["cases"].up, bench["cases"].down
    assert up("", (2, 3, 5, 5), 7, 4, 2).macs == 2 * 3 * 25 * 7 * 16
    assert up("", (1, 4, 3, 3), 4, 3, 3, groups=2).macs == 4 * 9 * 2 * 9
    assert down("", (2, 3, 9, 9), 4, 3, 2, 1).macs == 2 * 25 * 4 * 3 * 9


def test_ratios_are_of_turns_next_to_each_other(bench):
    naps = {"quick": 0.004, "slow": 0.012}
    calls = {name: (lambda nap=nap: time.sleep(nap)) for name, nap in naps.items()}
    results = bench["race"].race(calls, "quick", 0.1)
    assert results["quick"].ratio == results["quick"].low == results["quick"].high == 1
    assert results["slow"].low <= results["slow"].ratio <= results["slow"].high
    assert results["slow"].ratio > 1.5
    assert results["slow"].turns == results["quick"].turns >= 5
    assert bench["race"].race(calls, "absent", 0.01)["slow"].ratio is None


def test_a_wrong_peer_stops_the_benchmark(bench, monkeypatch):
    peers, case = bench["peers"], small_cases(bench["cases"])[0]
    monkeypatch.setitem(
        peers.PEERS, "wrong", lambda case, x, w: lambda: 1.01 * peers.ours(case, x, w)()
    )
    task = {"threads": 1, "peers": "all", "seconds": 0}
    with pytest.raises(AssertionError, match="wrong differs by"):
        bench["worker"].compare(case, np.dtype(np.float64), task)


def test_table_and_chapter_hold_the_stored_results(bench):
    results, report = stored(), bench["report"]
    assert (FOLDER / "results.md").read_text(encoding="utf-8") == report.table(results)
    chapter = json.loads((ROOT / "notebooks/data/benchmark.json").read_text(encoding="utf-8"))
    assert chapter == json.loads(json.dumps(report.for_the_chapter(results)))


def test_a_missed_target_is_marked(bench):
    results, report = stored(), bench["report"]
    [row] = report.layers(results, report.MAIN, ["28×28, k3 s2"])
    row["peers"]["this package"]["ratio"] = 9.0
    assert "| 28×28, k3 s2, float32 | ≤ 1.4 | 9.00 | **✗ missed** |" in report.table(results)
    row["peers"]["this package"]["ratio"] = 0.5
    assert "| 28×28, k3 s2, float32 | ≤ 1.4 | 0.50 | ✓ |" in report.table(results)


def test_the_table_can_be_written_without_pytorch(bench):
    results, report = stored(), bench["report"]
    for setting in results["settings"].values():
        for row in setting["layers"]:
            row["skipped"]["PyTorch"] = "torch is absent"
            row["peers"].pop("PyTorch", None)
            for peer in row["peers"].values():
                peer.update(ratio=None, low=None, high=None)
    assert "PyTorch: torch is absent" in report.table(results)
    assert "not measured" in report.table(results)
    assert len(report.figure(results).png()) > 1000
