"""Chapter 06, learn to upsample: the border, PSNR, Adam, a kernel by hand, a row for nearest.

Photographs are not at hand here. Random clouds stand in for them: their spectrum falls with the
frequency as that of photographs does on average (Field, 1987), and that is what a kernel learns
from.
"""

import functools

import numpy as np

from tconv_helpers import ops, upsample
from tconv_helpers.exercises._design import Condition, Design, Grid, Such
from tconv_helpers.exercises._exercise import Idea, When
from tconv_helpers.exercises._function import Function
from tconv_helpers.exercises._value import Bet, Value

GAIN = 0.6  # decibel that a kernel made by hand must win over bilinear


def clouds(seed, side=96):
    """A random picture with mean 0 and standard deviation 1 whose amplitudes fall as 1/f."""
    f = np.fft.fftfreq(side)
    radius = np.hypot(f[:, None], f)
    radius[0, 0] = np.inf  # no mean
    noise = np.random.default_rng(seed).standard_normal((side, side))
    picture = np.fft.ifft2(np.fft.fft2(noise) / radius).real
    return picture / picture.std()


def box(y):
    h, w = y.shape
    return y.reshape(h // 2, 2, w // 2, 2).mean(axis=(1, 3))


def pick(y):
    return y[::2, ::2]


def fitted(down, k, seed=0):
    """The k × k kernel of stride 2 that brings clouds back best, by least squares."""
    y = clouds(seed)
    padding = (k - 2) // 2 + 4  # four cells at each border do not count
    columns = [
        ops.conv_transpose2d(down(y), unit, stride=2, padding=padding).ravel()
        for unit in np.eye(k * k).reshape(-1, k, k)
    ]
    return np.linalg.lstsq(np.stack(columns, axis=1), y[4:-4, 4:-4].ravel())[0].reshape(k, k)


def error(w, seed=1):
    """The mean squared error on other clouds, made small by the box."""
    y = clouds(seed)
    z = ops.conv_transpose2d(box(y), w, stride=2, padding=(len(w) - 2) // 2)
    return np.mean((z - y)[12:-12, 12:-12] ** 2)


def bicubic():
    """Keys' cubic with the slope −1/2, at the factor 2."""
    t = np.abs(np.arange(8) - 3.5) / 2
    near, far = (1.5 * t - 2.5) * t**2 + 1, ((-0.5 * t + 2.5) * t - 4) * t + 2
    line = np.where(t < 1, near, far)
    return np.outer(line, line)


def better_of_two():
    return "learned" if error(fitted(box, 4)) < error(bicubic()) else "bicubic"


def side_of_the_middle():
    w = fitted(pick, 6)
    shift = (w.sum(axis=0) * np.arange(6)).sum() / w.sum() - 2.5
    words = {-1: "half a cell before", 0: "in the middle", 1: "half a cell after"}
    return words[round(2 * shift)]


def end_of_zeros():
    """Descend from zeros and from random taps; where do the two end?"""
    y = clouds(2, 24)
    x, y = box(y), y[4:-4, 4:-4]
    settings = dict(stride=2, padding=6)
    ends = []
    for w in np.zeros((6, 6)), np.random.default_rng(3).normal(size=(6, 6)):
        pace = np.zeros((6, 6))
        for _ in range(300):
            gap = ops.conv_transpose2d(x, w, **settings) - y
            _, dw, _ = ops.conv_transpose2d_backward(2 * gap / gap.size, x, w, **settings)
            pace = 0.9 * pace + dw
            w = w - pace
        ends.append(w)
    if not ends[0].any():
        return "it stays zero"
    return "the same kernel" if np.abs(ends[0] - ends[1]).max() < 1e-4 else "a worse kernel"


def border(padding=1):
    w = (9 * upsample.bilinear_kernel(3)).round().astype(int)
    y = ops.conv_transpose2d(np.ones((3, 3), int), w, stride=3, padding=padding)
    middle = len(y) // 2
    return [y[0, 0], y[0, middle], y[middle, middle]]


def psnr(y, z):
    return -10 * np.log10(np.mean((y - z) ** 2))


def pictures():
    rng = np.random.default_rng(6)
    first = np.array([[0.0, 1.0]]), np.array([[0.1, 1.0]])
    return [first, *((a, (a + b) / 2) for a, b in rng.random((3, 2, 4, 5)))]


def adam(w, gradients, eta):
    return _adam(w, gradients, eta)


def _adam(w, gradients, eta, mean=0.9, square=0.999, unbias=True, root=True):
    w, m, v = np.array(w, float), 0, 0
    for t, g in enumerate(gradients, start=1):
        m, v = mean * m + (1 - mean) * g, square * v + (1 - square) * g**2
        full = (1 - mean**t, 1 - square**t) if unbias else (1, 1)
        scale = v / full[1]
        w = w - eta * m / full[0] / ((np.sqrt(scale) if root else scale) + 1e-8)
    return w


def _momentum(w, gradients, eta):
    pace = 0
    for g in gradients:
        pace = 0.9 * pace + g
        w = w - eta * pace
    return w


def _adam_kept(w, gradients, eta):
    """The corrected means are carried on, so that they are corrected again in the next step."""
    m = v = 0
    for t, g in enumerate(gradients, start=1):
        m, v = (0.9 * m + 0.1 * g) / (1 - 0.9**t), (0.999 * v + 0.001 * g**2) / (1 - 0.999**t)
        w = w - eta * m / (np.sqrt(v) + 1e-8)
    return w


def descents():
    rng = np.random.default_rng(7)
    sizes = [(1, 3), (4, 3), (6, 2), (3, 4)]
    return [
        (rng.normal(size=taps), rng.normal(size=(steps, taps)), 0.01 * (n + 1))
        for n, (steps, taps) in enumerate(sizes)
    ]


@functools.cache
def gain_of(taps):
    t = np.array(taps, float)
    if t.sum() == 0:
        raise ValueError("the taps sum to 0, so the kernel cannot be made to sum to 4")
    w = np.outer(t, t) * 4 / t.sum() ** 2
    return round(float(10 * np.log10(error(upsample.bilinear_kernel(2)) / error(w))), 2)


def gain(taps):
    return gain_of(tuple(taps.tolist()))


def misses(row, enlarge):
    """The largest miss of an enlargement of the boxed row."""
    return float(np.abs(enlarge(row.reshape(-1, 2).mean(axis=1), 2) - row).max())


EXERCISES = [
    Bet(
        name="from-zeros",
        question="300 steps of descent from 36 zero taps: what comes out?",
        wants='"it stays zero", "a worse kernel" or "the same kernel"',
        choices=("it stays zero", "a worse kernel", "the same kernel"),
        target=end_of_zeros,
        because="The gradient of the taps needs the input and the error, not the taps.",
        ideas=[
            Idea(
                lambda: "it stays zero",
                "You thought of a stack: there a zero layer blocks the gradient of the one before."
                " Here the gradient is made of the input and the error, and neither is zero.",
                "06.3",
            ),
            Idea(
                lambda: "a worse kernel",
                "The loss is a parabola in the taps. It has one lowest point, and descent from"
                " anywhere ends there.",
                "06.4",
            ),
        ],
    ),
    Bet(
        name="four-taps",
        question="The best 4 × 4 kernel at stride 2, or bicubic: which is closer to the original?",
        wants='"learned" or "bicubic"',
        choices=("learned", "bicubic"),
        target=better_of_two,
        because="Along each axis bicubic has 4 taps for an output pixel; kernel 4, stride 2 has 2.",
        ideas=[
            Idea(
                lambda: "learned",
                "Learning finds the best kernel of its size. With kernel 4 and stride 2 only 2 taps"
                " along each axis meet in an output pixel; bicubic uses 4.",
                "06.5",
            ),
        ],
    ),
    Bet(
        name="half-a-cell",
        question="Learned for every second pixel: where is the middle of the kernel?",
        wants='"in the middle", "half a cell before" or "half a cell after"',
        choices=("in the middle", "half a cell before", "half a cell after"),
        target=side_of_the_middle,
        because="A picked pixel is the first of its block, half a pixel before the block's middle.",
        ideas=[
            Idea(
                lambda: "in the middle",
                "So it is for the box, whose pixel stands for the middle of its block. A picked"
                " pixel is the block's first.",
                "06.6",
            ),
            Idea(
                lambda: "half a cell after",
                "The right distance in the wrong direction: the picked pixel comes first in its"
                " block, so its stamp has to lie earlier.",
                "06.6",
            ),
        ],
    ),
    Value(
        name="border-on-paper",
        answer="my_border",
        question="Bilinear taps of factor 3, times 9, on 3 × 3 ones: corner, edge, middle.",
        wants="three numbers: corner, edge, middle",
        target=border,
        parts=("corner", "edge", "middle"),
        because="Along one axis the end gets 2 of 3, and the axes multiply.",
        ideas=[
            When(
                lambda given: np.allclose(9 * given, border()),
                "These are the shares. Every tap is multiplied by 9 here.",
                "06.2",
            ),
            Idea(lambda: [2, 3, 3], "That is one axis. In the plane the axes multiply.", "06.2"),
            Idea(
                lambda: border(padding=0),
                "You left out the padding: it cuts off the outermost ring, which only the outer"
                " taps reach.",
                "06.2",
            ),
            Idea(
                lambda: [9, 9, 9],
                "A resize would give that: it repeats the last pixel. Beyond the border of a"
                " transposed convolution there are zeros.",
                "06.2",
            ),
            Idea(
                lambda: [9, 12, 16],
                "These are section 2's taps of factor 2, times 16. Here the factor is 3.",
                "06.2",
            ),
            Idea(
                lambda: border()[::-1],
                "The right three numbers in the other order: corner, edge, middle.",
                "06.2",
            ),
            When(
                lambda given: given[0] == 4 and given[2] == 9,
                "Corner and middle are right. On the edge one axis ends and the other does not:"
                " 2 · 3.",
                "06.2",
            ),
        ],
    ),
    Function(
        name="write-psnr",
        answer="psnr",
        question="The PSNR of two pictures with values from 0 to 1.",
        wants="your code",
        target=psnr,
        inputs=pictures,
        visible=1,
        because="Ten times the logarithm of 1 / MSE.",
        ideas=[
            Idea(
                lambda y, z: 2 * psnr(y, z),
                "Twenty times the logarithm belongs to the root of the MSE; for the MSE it is ten"
                " times.",
                "06.1",
            ),
            Idea(
                lambda y, z: -psnr(y, z),
                "The sign is turned round: a smaller error is a higher PSNR. It is 1 / MSE.",
                "06.1",
            ),
            Idea(
                lambda y, z: psnr(y, z) * np.log(10),
                "You took the natural logarithm. A decibel counts powers of ten: np.log10.",
                "06.1",
            ),
            Idea(
                lambda y, z: psnr(y, z) / 10,
                "That is bel. A decibel is a tenth of it: ten times as many.",
                "06.1",
            ),
            Idea(
                lambda y, z: -10 * np.log10(np.mean(np.abs(y - z))),
                "You averaged the absolute differences. Square them.",
                "06.1",
            ),
            Idea(
                lambda y, z: -10 * np.log10(np.sum((y - z) ** 2)),
                "You added the squares. The M of MSE is the mean, or large pictures would look"
                " worse.",
                "06.1",
            ),
            Idea(
                lambda y, z: np.mean((y - z) ** 2),
                "That is the MSE. PSNR is ten times the logarithm of its inverse.",
                "06.1",
            ),
            Idea(
                lambda y, z: psnr(y, z) + 20 * np.log10(255),
                "You took 255 for white. Here white is 1.",
                "06.1",
            ),
        ],
    ),
    Function(
        name="adam-step",
        answer="adam",
        question="The taps after Adam's steps along the given gradients.",
        wants="your code",
        target=adam,
        inputs=descents,
        visible=0,
        because="In the first step every tap moves by almost exactly the rate.",
        ideas=[
            Idea(
                lambda w, gradients, eta: _adam(w, gradients, eta, unbias=False),
                "The two divisions, by 1 − 0.9ᵗ and 1 − 0.999ᵗ, are missing. Both means start at"
                " zero and are too small at first.",
                "06.3",
            ),
            Idea(
                lambda w, gradients, eta: _adam(w, gradients, eta, mean=0.999, square=0.9),
                "0.9 and 0.999 changed places: the mean of the squares has the longer memory.",
                "06.3",
            ),
            Idea(
                lambda w, gradients, eta: _adam(w, gradients, eta, root=False),
                "The root is missing. v is a mean of squares, so its root has the size of a"
                " gradient.",
                "06.3",
            ),
            Idea(
                _momentum,
                "That is section 3's step with momentum. Adam also divides by the root of the mean"
                " of the squares.",
                "06.3",
            ),
            Idea(
                lambda w, gradients, eta: w - eta * np.sum(gradients, axis=0),
                "That is plain gradient descent: no memory and no scale.",
                "06.3",
            ),
            Idea(
                lambda w, gradients, eta: 2 * w - adam(w, gradients, eta),
                "You went uphill: subtract the step.",
                "06.3",
            ),
            Idea(
                _adam_kept,
                "You kept the corrected means, so the next step corrects them again. Divide for the"
                " step only.",
                "06.3",
            ),
            Idea(
                lambda w, gradients, eta: w - eta * np.sign(gradients[-1]),
                "That is the first step of Adam, taken along the last gradient. Carry m and v from"
                " step to step.",
                "06.3",
            ),
        ],
    ),
    Design(
        name="beat-bilinear",
        answer="my_kernel",
        question=f"Six whole taps that beat bilinear by {GAIN} dB on clouds.",
        wants="six whole numbers",
        form=Grid((6,)),
        conditions=[
            Condition(
                "decibel over bilinear",
                gain,
                Such(f"at least {GAIN}", lambda decibel: decibel >= GAIN),
            ),
        ],
        because="Negative outer taps give back what the box's blur has taken.",
        ideas=[
            Idea(
                lambda t: np.array_equal(t * 3, np.array([0, 1, 3, 3, 1, 0]) * t[2]),
                "That is bilinear itself: it gains nothing over itself.",
                "06.2",
            ),
            Idea(
                lambda t: not t[[0, 1, 4, 5]].any() and t[2] == t[3],
                "That is nearest: each output pixel uses a single input.",
                "06.2",
            ),
            Idea(
                lambda t: not np.array_equal(t, t[::-1]),
                "Not symmetric, so the picture is shifted. The box's pixel stands for the middle of"
                " its block.",
                "06.6",
            ),
            Idea(
                lambda t: (t >= 0).all(),
                "No tap is negative, so it can only blur more, after the box has blurred already.",
                "06.6",
            ),
            Idea(
                lambda t: t[1] < 0,
                "The ditch begins too close to the middle. In the learned kernel only the outermost"
                " taps are below zero.",
                "06.6",
            ),
            Idea(
                lambda t: t[0] < 0 and gain(t) < GAIN,
                "A ditch in the right place, of the wrong depth. Change the outer taps against the"
                " middle ones.",
                "06.6",
            ),
        ],
    ),
    Design(
        name="nearest-wins",
        answer="my_row",
        question="Eight whole numbers that nearest brings back and bilinear misses by 5.",
        wants="eight whole numbers",
        form=Grid((8,)),
        conditions=[
            Condition("nearest misses by", lambda row: misses(row, upsample.nearest), 0),
            Condition(
                "bilinear misses by",
                lambda row: misses(row, upsample.bilinear),
                Such("at least 5", lambda miss: miss >= 5),
            ),
        ],
        because="In pairs of equal numbers the box throws nothing away.",
        ideas=[
            Idea(
                lambda row: np.ptp(row) == 0,
                "A constant: every kernel with phase sums 1 brings it back. Bilinear must miss.",
                "06.2",
            ),
            Idea(
                lambda row: misses(row, upsample.nearest) == 0,
                "Nearest is exact. Bilinear misses by a quarter of the largest jump: make the jump"
                " larger.",
                "06.2",
            ),
            Idea(
                lambda row: np.array_equal(row[1:-1:2], row[2::2]),
                "The pairs are shifted by one: the box averages cells 0 and 1, 2 and 3, and so on.",
                "06.7",
            ),
            Idea(
                lambda row: np.array_equal(row, np.arange(8) * (row[1] - row[0]) + row[0]),
                "A slope is what bilinear is made for. Nearest turns it into stairs.",
                "06.7",
            ),
            Idea(
                lambda row: True,
                "In some pair the two numbers differ. The box keeps their mean only.",
                "06.7",
            ),
        ],
    ),
]
