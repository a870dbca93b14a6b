"""Every way to the same sums, forced in turn: exact, bounded in memory, safe in threads."""

import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from strategies import layers
from test_reference_pytorch import CASES, EXACT, OPERANDS, answers

from tconv_helpers import _calls, _geometry, _matrix, kernels, ops

ROOT = Path(__file__).parent.parent
GATHER = [kernels.im2col, kernels.banded_gather]
SCATTER = [kernels.small, kernels.subpixel, kernels.col2im, kernels.banded_scatter]
WAYS = [("gather", way) for way in GATHER] + [("scatter", way) for way in SCATTER]
CACHES = [
    value
    for module in (_calls, _geometry, kernels)
    for value in vars(module).values()
    if hasattr(value, "cache_info")
]


def forget():
    for cache in CACHES:
        cache.cache_clear()


@pytest.fixture
def force(monkeypatch):
    """Return a function that makes one way the only one for its kind of sum."""
    choose = kernels.choose

    def only(kind, way):
        def chosen(sum_, *rest):
            return way if sum_ == kind else choose(sum_, *rest)

        monkeypatch.setattr(kernels, "choose", chosen)
        forget()

    yield only
    forget()


def operands(layer):
    """A drawn layer's Layer, x with all axes, w, and the answer by its definition."""
    k, size, kernel = dict(layer.keywords), layer.x.shape[2:], layer.w.shape[2:]
    if layer.transposed:
        geometry = kernels.conv_transpose_layer(
            size, kernel, k["stride"], k["padding"], k["output_padding"], k["dilation"], k["groups"]
        )
        want = oracle.stamp(
            layer.x,
            layer.w,
            k["stride"],
            k["padding"],
            k["output_padding"],
            k["dilation"],
            k["groups"],
        )
    else:
        geometry = kernels.conv_layer(
            size, kernel, k["stride"], k["padding"], k["dilation"], k["groups"]
        )
        want = oracle.gather(
            layer.x, layer.w, k["stride"], k["padding"], k["dilation"], k["groups"]
        )
    return geometry, layer.x, layer.w, want


class TestEveryWay:
    @pytest.mark.parametrize(("kind", "way"), WAYS)
    def test_gives_pytorchs_answers(self, kind, way, force):
        force(kind, way)
        for number, case in enumerate(CASES):
            got = answers(case, *(EXACT[part][number] for part in OPERANDS))
            for part, array in got.items():
                assert array.dtype == np.int64
                assert np.array_equal(array, EXACT[part][number]), f"{part} of {case}"

    @pytest.mark.parametrize("dtype", [np.int64, np.float32, np.float64, np.longdouble])
    @pytest.mark.parametrize("way", SCATTER)
    def test_scatters_as_defined(self, way, dtype):
        @settings(max_examples=60)
        @given(layers(transposed=True))
        def check(drawn):
            layer, y, w, want = operands(drawn)
            got = way(y.astype(dtype), w.astype(dtype), layer)
            assert got.dtype == dtype
            np.testing.assert_array_equal(got, want)

        check()

    @pytest.mark.parametrize("dtype", [np.int64, np.float32, np.float64, np.longdouble])
    @pytest.mark.parametrize("way", GATHER)
    def test_gathers_as_defined(self, way, dtype):
        @settings(max_examples=60)
        @given(layers(transposed=False))
        def check(drawn):
            layer, x, w, want = operands(drawn)
            got = way(x.astype(dtype), w.astype(dtype), layer)
            assert got.dtype == dtype
            np.testing.assert_array_equal(got, want)

        check()

    @pytest.mark.parametrize("way", SCATTER + GATHER)
    def test_in_the_smallest_blocks(self, way, monkeypatch):
        monkeypatch.setattr(kernels, "BLOCK", 1)
        monkeypatch.setattr(kernels, "COLUMNS", 1)
        forget()

        @settings(max_examples=60)
        @given(layers(transposed=way in SCATTER))
        def check(drawn):
            layer, x, w, want = operands(drawn)
            np.testing.assert_array_equal(way(x, w, layer), want)

        check()
        forget()

    def test_the_kernels_gradient_in_the_smallest_blocks(self, monkeypatch):
        rng = np.random.default_rng(0)
        layer = kernels.conv_layer((7, 9), (3, 2), (2, 1), 1, 1, 2)
        x, y = rng.integers(-9, 10, (3, 4, 7, 9)), rng.integers(-9, 10, (3, 6, *layer.small))
        whole = kernels.pair(x, y, (6, 2, 3, 2), layer)
        monkeypatch.setattr(kernels, "BLOCK", 1)
        monkeypatch.setattr(kernels, "COLUMNS", 1)
        np.testing.assert_array_equal(kernels.pair(x, y, (6, 2, 3, 2), layer), whole)

    @pytest.mark.parametrize("batch", [1, 3, 9])
    @pytest.mark.parametrize(("stride", "kernel"), [(1, 3), (2, 4), (2, 3), (3, 2)])
    def test_long_rows_and_batches(self, stride, kernel, batch):
        """Rows of more than one patch, and batches that are worked on together."""
        rng = np.random.default_rng(0)
        extra = (0, stride - 1)
        w = rng.integers(-9, 10, (2, 1, 3, kernel))
        layer = kernels.conv_transpose_layer((5, 71), (3, kernel), (1, stride), 1, extra, 1, 2)
        y = rng.integers(-9, 10, (batch, 2, *layer.small))
        x = rng.integers(-9, 10, (batch, 2, *layer.large))
        both = ((1, 1), (1, 1))
        want = oracle.stamp(y, w, layer.stride, both, extra, layer.dilation, 2)
        for way in SCATTER:
            np.testing.assert_array_equal(way(y, w, layer), want, way.__name__)
        want = oracle.gather(x, w, layer.stride, layer.pads, layer.dilation, 2)
        for way in GATHER:
            np.testing.assert_array_equal(way(x, w, layer), want, way.__name__)

    @pytest.mark.parametrize(("kind", "way"), WAYS)
    def test_operands_may_be_read_only_and_have_gaps(self, kind, way, force):
        force(kind, way)
        op = ops.conv2d if kind == "gather" else ops.conv_transpose2d
        x = np.arange(2 * 4 * 16 * 20.0).reshape(2, 4, 16, 20)
        w = np.arange(4 * 4 * 3 * 6.0).reshape(4, 4, 3, 6)
        plain = op(x[:, :, ::-2, ::2].copy(), w[:, :, :, ::2].copy(), stride=2, padding=1)
        x.flags.writeable = w.flags.writeable = False
        got = op(x[:, :, ::-2, ::2], w[:, :, :, ::2], stride=2, padding=1)
        np.testing.assert_array_equal(got, plain)
        assert got.flags.writeable and not np.shares_memory(got, x)
        transposed = np.asfortranarray(x)
        np.testing.assert_allclose(op(transposed, w, stride=2), op(x, w, stride=2), rtol=1e-12)

    @pytest.mark.parametrize("op", [ops.conv2d, ops.conv_transpose2d])
    def test_bytes_in_the_other_order(self, op):
        x, w = np.arange(16.0, dtype=">f4").reshape(4, 4), np.ones((2, 2), ">f4")
        got, want = op(x, w), op(x.astype("f4"), w.astype("f4"))
        assert got.dtype == np.float32 and got.dtype.isnative
        np.testing.assert_array_equal(got, want)

    @pytest.mark.parametrize("way", SCATTER)
    def test_integers_beyond_doubles_stay_exact(self, way):
        layer = kernels.conv_transpose_layer((1, 2), (1, 2), 1, 0, 0, 1, 1)
        big = 2**53 + 1
        got = way(np.array([[[[big, 1]]]]), np.ones((1, 1, 1, 2), int), layer)
        np.testing.assert_array_equal(got, [[[[big, big + 1, 1]]]])


class TestWhereZerosAreFilledIn:
    """Infinity times a zero that only fills up would be a NaN that the definition does not have."""

    @pytest.mark.parametrize("way", [kernels.subpixel, kernels.banded_scatter])
    def test_an_infinite_value_reaches_its_own_stamp_only(self, way, force):
        force("scatter", way)
        x = np.ones((64, 64), np.float32)
        x[30, 30] = np.inf
        y = ops.conv_transpose2d(x, np.ones((3, 3), np.float32), stride=2)
        assert np.isinf(y).sum() == 9 and not np.isnan(y).any()
        assert np.isinf(y[60:63, 60:63]).all()

    @pytest.mark.parametrize("way", [kernels.subpixel, kernels.banded_scatter])
    def test_an_infinite_tap(self, way, force):
        force("scatter", way)
        w = np.array([[1, 1], [1, np.inf]])
        y = ops.conv_transpose2d(np.ones((4, 4)), w, stride=2)
        assert np.isinf(y[1::2, 1::2]).all() and np.isfinite(y[::2]).all()

    @pytest.mark.parametrize("way", SCATTER)
    def test_zero_times_infinity_is_a_nan(self, way, force):
        """It is by the definition; a shortcut of BLAS takes zero times a vector for zero."""
        force("scatter", way)
        with np.errstate(invalid="ignore"):
            tap = ops.conv_transpose1d([np.inf, 1.0], [0.0], stride=2)
            value = ops.conv_transpose1d([0.0], [1.0, np.inf])
        np.testing.assert_array_equal(tap, [np.nan, 0, 0])
        np.testing.assert_array_equal(value, [0, np.nan])

    def test_windows_beside_an_infinite_value(self, force):
        force("gather", kernels.banded_gather)
        x = np.ones((64, 64))
        x[30, 30] = np.inf
        y = ops.conv2d(x, np.ones((3, 3)))
        assert np.isinf(y).sum() == 9 and not np.isnan(y).any()


class TestTheChoice:
    def chosen(self, kind, size, w_shape, batch=1, stride=1, dtype="float32"):
        make = kernels.conv_layer if kind == "gather" else kernels.conv_transpose_layer
        settings = (stride, 0, 1, 1) if kind == "gather" else (stride, 0, 0, 1, 1)
        layer = make(size, w_shape[2:], *settings)
        return kernels.choose(kind, layer, batch, w_shape, np.dtype(dtype))

    def test_every_way_wins_somewhere(self):
        assert self.chosen("scatter", (4, 4), (1, 1, 3, 3), stride=2) is kernels.small
        assert self.chosen("scatter", (28, 28), (1, 1, 3, 3), stride=2) is kernels.banded_scatter
        assert self.chosen("scatter", (128, 128), (64, 32, 2, 2), stride=2) is kernels.subpixel
        assert self.chosen("scatter", (1, 1), (100, 512, 4, 4)) is kernels.col2im
        assert self.chosen("gather", (56, 56), (64, 64, 3, 3)) is kernels.im2col
        assert self.chosen("gather", (512, 512), (1, 1, 11, 11)) is kernels.banded_gather

    def test_estimates_are_of_the_ways(self):
        layer = kernels.conv_transpose_layer((4, 4), (3, 3), 2, 0, 0, 1, 1)
        costs = kernels.costs("scatter", layer, 1, (1, 1, 3, 3), np.dtype("float32"))
        assert set(costs) == set(SCATTER) and min(costs.values()) > 0

    def test_a_batch_of_none_has_a_way(self):
        assert self.chosen("scatter", (4, 4), (1, 1, 3, 3), batch=0) in SCATTER


class TestWhatIsKept:
    def test_all_caches_are_bounded(self):
        assert len(CACHES) >= 8
        for size in range(1, 300):
            x = np.ones((1, size), np.float32)
            ops.conv2d(x, x[:, :1])
            ops.conv_transpose2d(x, x[:, :1], stride=2)
            ops.conv_transpose2d(np.ones((1, 64, 1, size), "f"), np.ones((64, 32, 1, 1), "f"))
        for cache in CACHES:
            assert cache.cache_info().currsize <= cache.cache_info().maxsize <= 256
        kept = [cache for cache in CACHES if cache.cache_info().currsize > 32]
        assert len(kept) >= 4

    def test_tables_that_are_kept_stay_small(self):
        for size in range(16, 20):  # as of photographs, each of its own size
            layer = kernels.conv_transpose_layer((size, size), (64, 64), 32, 0, 0, 1, 1)
            _, *tables = _geometry.band(
                _geometry.scatter_patches(layer), layer, (21, 21, 64, 64), reads_second=False
            )
            assert sum(table.nbytes for table in tables) > 2**24
            way = kernels.choose("scatter", layer, 1, (21, 21, 64, 64), np.dtype("float32"))
            assert way is not kernels.banded_scatter

    def test_equal_numbers_of_another_type_are_read_anew(self):
        x, w = np.ones((4, 4)), np.ones((3, 3))
        for good, bad in [(1, True), (1, 1.0), ((1, 1), (True, 1)), ((1, 1), (1.0, 1))]:
            for op in (ops.conv2d, ops.conv_transpose2d):
                op(x, w, stride=good)
                with pytest.raises(TypeError, match="stride"):
                    op(x, w, stride=bad)
        ops.conv_transpose2d(x, w)
        with pytest.raises(TypeError, match="groups"):
            ops.conv_transpose2d(x, w, groups=True)

    def test_threads_get_their_own_answers(self):
        rng = np.random.default_rng(0)
        jobs = []
        for size in (4, 5, 12, 28, 28, 28, 60, 61):
            for channels in (1, 3):
                x = rng.integers(-9, 10, (2, channels, size, size)).astype(np.float32)
                w = rng.integers(-9, 10, (channels, 2, 3, 3)).astype(np.float32)
                jobs.append((x, w, ops.conv_transpose2d(x, w, stride=2)))
        forget()
        with ThreadPoolExecutor(8) as pool:
            runs = [
                (pool.submit(ops.conv_transpose2d, x, w, stride=2), want)
                for _ in range(10)
                for x, w, want in jobs
            ]
            for run, want in runs:
                np.testing.assert_array_equal(run.result(), want)


IMAGES = {  # kind: (x, w, keywords): image-sized layers
    "U-Net up": ("conv_transpose2d", (1, 64, 128, 128), (64, 32, 2, 2), {"stride": 2}),
    "one image": ("conv_transpose2d", (1024, 1024), (4, 4), {"stride": 2, "padding": 1}),
    "wide kernel": ("conv_transpose2d", (512, 512), (9, 9), {"stride": 2}),
    "many in, few out": ("conv_transpose2d", (64, 256, 256), (64, 3, 4, 4), {"stride": 2}),
    "few in, many out": ("conv_transpose2d", (3, 128, 128), (3, 16, 5, 5), {"stride": 2}),
    "a batch": ("conv_transpose2d", (16, 32, 32, 32), (32, 16, 4, 4), {"stride": 2, "padding": 1}),
    "FCN": ("conv_transpose2d", (21, 64, 64), (21, 21, 16, 16), {"stride": 8}),
    "3×3": ("conv2d", (1, 16, 128, 128), (16, 16, 3, 3), {"padding": 1}),
    "one channel": ("conv2d", (512, 512), (11, 11), {"padding": 5}),
    "strided": ("conv2d", (8, 8, 128, 128), (16, 8, 3, 3), {"stride": 2, "padding": 1}),
}


class TestMemory:
    @staticmethod
    def extra(call):
        """The answer of a first call, which makes its tables too, and the bytes at its peak."""
        forget()
        tracemalloc.start()
        result = call()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return result, peak

    @pytest.mark.parametrize("name", IMAGES)
    def test_an_image_takes_at_most_three_times_itself_its_answer_and_its_weights(self, name):
        op, x_shape, w_shape, keywords = IMAGES[name]
        x, w = np.ones(x_shape, np.float32), np.ones(w_shape, np.float32)
        y, peak = self.extra(lambda: getattr(ops, op)(x, w, **keywords))
        given = x.nbytes + w.nbytes + y.nbytes
        assert peak - y.nbytes <= 3 * given
        grads, peak = self.extra(lambda: getattr(ops, f"{op}_backward")(y, x, w, **keywords))
        given += sum(g.nbytes for g in grads)
        assert peak - sum(g.nbytes for g in grads) <= 3 * given

    @pytest.mark.skipif(sys.platform == "win32", reason="counts the peak as Unix does")
    @pytest.mark.parametrize("dtype", ["float32", "uint8"])
    def test_sixteen_million_pixels_in_one_and_a_half_gigabytes(self, dtype):
        code = (
            "import resource, numpy as np; from tconv_helpers import ops;"
            f"x, w = np.ones((4096, 4096), '{dtype}'), np.ones((4, 4), '{dtype}');"
            "y = ops.conv_transpose2d(x, w, stride=2, padding=1);"
            "assert y.shape == (8192, 8192) and y[5, 5] == 4;"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        run = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
        )
        unit = 1 if sys.platform == "darwin" else 1024
        assert int(run.stdout) * unit < 1.5 * 2**30


class TestTheMatrix:
    def test_a_sparse_matrix_is_never_dense(self):
        w = np.arange(1.0, 10).reshape(3, 3)
        tracemalloc.start()
        C = ops.convolution_matrix(w, (512, 512), sparse=True)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert C.nnz == 9 * 510**2 and C.has_canonical_format
        assert peak < 0.3 * 2**30  # the dense matrix would be half a terabyte
        x = np.random.default_rng(0).random((512, 512))
        np.testing.assert_allclose(C @ x.ravel(), ops.conv2d(x, w).ravel())

    def test_padding_takes_no_room(self):
        """The rows of a window that lies in the padding are zero, however far out it is."""
        w, layer = np.ones((1, 1, 1)), kernels.conv_layer((4,), (1,), 1, ((0, 10_000),), 1, 1)
        tracemalloc.start()
        C = _matrix.dense(w, layer)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        np.testing.assert_array_equal(C[:4], np.eye(4))
        assert not C[4:].any() and peak < 2 * C.nbytes
