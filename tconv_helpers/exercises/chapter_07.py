"""Chapter 07: what real networks do with it."""

import numpy as np

from tconv_helpers import architectures as nets
from tconv_helpers import artifacts, ops
from tconv_helpers.exercises._design import Condition, Design, Integers, Such
from tconv_helpers.exercises._exercise import Idea, When
from tconv_helpers.exercises._function import Function
from tconv_helpers.exercises._value import Bet, Value

BUDGET = 2_000_000  # multiply-accumulates of the decoder that exercise 3 asks for


def costs_of_dcgan():
    """The work of DCGAN's three wide layers of stride 2."""
    return [row.work for row in nets.rows(nets.dcgan(5)) if row.layer.stride == (2, 2)][:3]


def dearest():
    costs = costs_of_dcgan()
    words = ("1024 → 512", "512 → 256", "256 → 128")
    return "equal" if len(set(costs)) == 1 else words[int(np.argmax(costs))]


def share_of_up():
    """The share of U-Net's up path that its four up-convolutions cost, in words."""
    every = nets.rows(nets.unet())
    up = sum(row.work for row in every if row.layer.kind == "conv_transpose")
    share = up / sum(row.work for row in every)
    return "below 10 %" if share < 0.1 else "about a third" if share < 0.5 else "above half"


def constant_through(kernel, stride):
    """What random weights make of a constant: "constant" or "pattern"."""
    w = np.random.default_rng(0).standard_normal((kernel, kernel))
    return "constant" if artifacts.is_even(w, (stride, stride)) else "pattern"


LAYER, SHAPE = nets.conv_transpose(256, 128, 4, stride=2, padding=1, bias=False), (256, 16, 16)


def cost_of(kernel=4, source=256, target=128):
    """Parameters and multiply-accumulates of exercise 1's layer, with one thing changed."""
    layer = nets.conv_transpose(source, target, kernel, stride=2, padding=1, bias=False)
    by_input, by_output = nets.macs(layer, (source, *SHAPE[1:]))
    return nets.parameters(layer), by_input, by_output


def painted(layers):
    """Side of the patch that one input cell can paint; layers are (kernel, stride) pairs."""
    side = 1
    for k, s in layers:
        side = (side - 1) * s + k
    return side


def stacks():
    return [
        ([(5, 2), (5, 2), (5, 2), (5, 2)],),
        ([(4, 2), (4, 2), (4, 2), (4, 2)],),
        ([(3, 1)],),
        ([(2, 2), (3, 1), (3, 1)],),
        ([(64, 32)],),
        ([(4, 2), (4, 2), (16, 8)],),
        ([(3, 3), (5, 1), (2, 4)],),
        ([],),
    ]


def painted_by_sum(layers):
    return 1 + sum(k - 1 for k, _ in layers)


def painted_backwards(layers):
    return painted(layers[::-1])


def painted_without_start(layers):
    side = 1
    for k, s in layers:
        side = side * s + k
    return side


def two_layers(k1, s1, p1, op1, k2, s2, p2, op2):
    first = nets.conv_transpose(64, 32, k1, stride=s1, padding=p1, output_padding=op1, bias=False)
    last = nets.conv_transpose(32, 1, k2, stride=s2, padding=p2, output_padding=op2, bias=False)
    return nets.Net("yours", (64, 7, 7), [first, last])


def size_of(*design):
    return nets.rows(two_layers(*design))[-1].shape[1]


def cost_of_design(*design):
    return nets.totals(two_layers(*design))[1][0]


def whole_strength(k1, s1, p1, op1, k2, s2, p2, op2):
    """The checkerboard strength of the whole stack, weights of 1."""
    whole = ops.canvas(np.ones(k1, int), np.ones(k2, int), stride=s2)
    return round(artifacts.checkerboard_strength(whole, s1 * s2), 9)


def overlaps(k1, s1, p1, op1, k2, s2, p2, op2):
    return min(k1 - s1, k2 - s2)


def small_layer(source, target, kernel):
    return nets.Net("yours", (source, 4, 4), [_doubling(source, target, kernel)])


def _doubling(source, target, kernel):
    """A layer from 4 × 4 to 8 × 8."""
    extra = kernel % 2
    padding = (kernel + extra - 2) // 2
    return nets.conv_transpose(
        source, target, kernel, stride=2, padding=padding, output_padding=extra, bias=False
    )


BIG = nets.Net("a convolution", (64, 64, 64), [nets.conv(64, 64, 3, padding=1, bias=False)])


def cost_of_small(*design):
    return nets.totals(small_layer(*design))[1][0]


def map_values():
    """Values of a 44 × 64 map, values of a 4 × 4 × 64 map, places after × 32 along each axis."""
    side = nets.shape_after(nets.nearest(32), (64, 4, 4))[1]
    return 44 * 64, 4 * 4 * 64, side * side


EXERCISES = [
    Bet(
        name="equal-cost",
        question="DCGAN, kernel 5, stride 2, at 4 × 4, 8 × 8 and 16 × 16: which layer costs most?",
        wants='"1024 → 512", "512 → 256", "256 → 128" or "equal"',
        choices=("1024 → 512", "512 → 256", "256 → 128", "equal"),
        target=dearest,
        because="Each step halves the channels at both ends, and has four times the positions.",
        ideas=[
            Idea(
                lambda: "1024 → 512",
                "It has most parameters, 16 times those of 256 → 128. But each weight is used once"
                " per input position, and it has 4 × 4 of them against 16 × 16.",
                "07.2",
            ),
            Idea(
                lambda: "256 → 128",
                "It has most positions, 16 times those of the first. But the first has 16 times as"
                " many weights.",
                "07.2",
            ),
            Idea(
                lambda: "512 → 256",
                "Neither end of the row differs from its middle: weights fall by 4 where"
                " positions grow by 4.",
                "07.2",
            ),
        ],
    ),
    Bet(
        name="no-overlap",
        question="Kernel 2, stride 2, random weights, a flat input: what comes out?",
        wants='"constant" or "pattern"',
        choices=("constant", "pattern"),
        target=lambda: constant_through(2, 2),
        because="No two stamps overlap, and all show the same 2 × 2 picture: the kernel.",
        ideas=[
            Idea(
                lambda: "constant",
                "Stamps do not overlap, so counts are even. But every stamp is the kernel, and its"
                " four weights differ: the output is the kernel, repeated.",
                "07.6",
            ),
        ],
    ),
    Bet(
        name="share-of-up",
        question="U-Net's up path: which share of its work is in the four up-convolutions?",
        wants='"below 10 %", "about a third" or "above half"',
        choices=("below 10 %", "about a third", "above half"),
        target=share_of_up,
        because="They work at the lower resolution, with four taps; the rest is 3 × 3 after them.",
        ideas=[
            Idea(
                lambda: "about a third",
                "One layer of three, but not of equal cost: a 3 × 3 convolution behind it has nine"
                " taps, at four times as many positions.",
                "07.6",
            ),
            Idea(
                lambda: "above half",
                "They make the maps large, but they are counted at their inputs, which are small,"
                " and each input meets four taps only.",
                "07.6",
            ),
        ],
    ),
    Value(
        name="layer-cost",
        answer="my_costs",
        question="Parameters and MACs, by input and by output, of one layer on 16 × 16.",
        wants="three whole numbers",
        parts=("parameters", "MACs by input", "MACs by output"),
        target=lambda: cost_of(),
        because="256 · 128 · 16 weights, each used at 16² inputs, or counted at 32² outputs.",
        ideas=[
            When(
                lambda n: n[0] == cost_of()[0] // 16 * 4,
                "You took 4 weights a pair of channels. A kernel of size 4 is 4 × 4: 16.",
                "07.1",
            ),
            When(
                lambda n: n[0] == cost_of()[0] + LAYER.target,
                "You counted a bias. `bias=False` has none.",
                "07.1",
            ),
            When(
                lambda n: n[0] == 16,
                "16 is the kernel of one pair of channels. There are 256 · 128 pairs.",
                "07.1",
            ),
            When(
                lambda n: n.tolist() == [cost_of()[0], cost_of()[2], cost_of()[1]],
                "By input and by output have changed places: the input is the small side.",
                "07.1",
            ),
            When(
                lambda n: n[2] == 2 * n[1] and n[0] == cost_of()[0],
                "The output is twice as high and twice as wide: 4 times as many positions.",
                "07.1",
            ),
            When(
                lambda n: n[1] == cost_of()[0] * 16 and n[0] == cost_of()[0],
                "You used 16 positions. A map of 16 × 16 has 256.",
                "07.1",
            ),
        ],
    ),
    Function(
        name="painted",
        answer="painted",
        question="The side of the patch that one input cell can paint through a stack.",
        wants="your code",
        target=painted,
        inputs=stacks,
        visible=1,
        because="r cells side by side make a patch of (r − 1)s + k: the canvas law.",
        ideas=[
            Idea(
                painted_by_sum,
                "You added k − 1 for each layer: right at stride 1. A stride pulls apart what the"
                " layers before have painted.",
                "07.3",
            ),
            Idea(
                painted_backwards,
                "You went through the layers from the last to the first: that is how a convolution"
                " stack's receptive field grows. A patch grows in the order of the layers.",
                "07.3",
            ),
            Idea(
                painted_without_start,
                "r cells have r − 1 steps between them, not r: (r − 1)s + k.",
                "07.3",
            ),
            Idea(
                lambda layers: int(np.prod([s for _, s in layers])),
                "That is how far apart two neighbours' patches begin. A patch is at least as wide"
                " as the last kernel.",
                "07.3",
            ),
            Idea(
                lambda layers: int(np.prod([k for k, _ in layers])),
                "Kernels do not multiply: each layer spreads the cells by s, then adds k.",
                "07.3",
            ),
        ],
    ),
    Design(
        name="decoder-budget",
        answer="my_decoder",
        question="Two layers from 7 × 7 to 28 × 28: even, overlapping, within a budget.",
        wants="eight whole numbers",
        form=Integers({"k1": 1, "s1": 1, "p1": 0, "op1": 0, "k2": 1, "s2": 1, "p2": 0, "op2": 0}),
        conditions=[
            Condition("output size", size_of, 28),
            Condition("strength of the whole, weights of 1", whole_strength, 0),
            Condition(
                "cells that neighbouring stamps share, at least",
                overlaps,
                Such("1 or more", lambda shared: shared >= 1),
            ),
            Condition(
                "MACs by input",
                cost_of_design,
                Such(f"at most {BUDGET:,}", lambda macs: macs <= BUDGET),
            ),
        ],
        because="There are many: strides 2 and 2, 4 and 1, 1 and 4.",
        ideas=[
            Idea(
                lambda *d: size_of(*d) == 28 and whole_strength(*d) == 0 and overlaps(*d) < 1,
                "Even, but the stamps of a layer only tile. Take a kernel larger than its stride.",
                "07.1",
            ),
            Idea(
                lambda *d: size_of(*d) == 28 and whole_strength(*d) == 0,
                "All but the budget: most of it goes to 64 · 32 channels · k1² taps · 7²"
                " positions. Make k1 smaller.",
                "07.2",
            ),
            Idea(
                lambda *d: size_of(*d) == 28,
                "The right size, but some phases get more stamps than others. Let each kernel be"
                " divisible by its stride, or a later layer even out an earlier one.",
                "07.4",
            ),
            Idea(
                lambda *d: d[1] * d[5] == 4,
                "The strides are right, 4 together. Each layer: (i − 1)s + k − 2p + op.",
                "07.1",
            ),
            Idea(
                lambda *d: d[1] * d[5] != 4,
                "7 to 28 is a factor of 4: the strides should multiply to 4.",
                "07.1",
            ),
        ],
    ),
    Design(
        name="small-but-costly",
        answer="my_layer",
        question="A layer on 4 × 4 that costs more than a 3 × 3 convolution on 64 × 64.",
        wants="three whole numbers",
        form=Integers({"channels in": 1, "channels out": 1, "kernel": 2}, largest=4096),
        conditions=[
            Condition("output size", lambda *d: nets.rows(small_layer(*d))[-1].shape[1], 8),
            Condition(
                "MACs by input",
                cost_of_small,
                Such(
                    f"above {nets.totals(BIG)[1][1]:,}",
                    lambda macs: macs > nets.totals(BIG)[1][1],
                ),
            ),
            Condition(
                "kernel",
                lambda source, target, kernel: kernel,
                Such("at most 5", lambda kernel: kernel <= 5),
            ),
        ],
        because="Small maps are where networks put their channels.",
        ideas=[
            Idea(
                lambda source, target, kernel: kernel > 5,
                "A large kernel does it, but nobody uses one there. Use channels.",
                "07.2",
            ),
            Idea(
                lambda source, target, kernel: (
                    source * target * kernel**2 * 64 > nets.totals(BIG)[1][1]
                ),
                "It costs enough counted by output. But inserted zeros are no work: by input there"
                " are 16 positions, not 64.",
                "07.1",
            ),
            Idea(
                lambda source, target, kernel: source * target <= 64 * 64,
                "With as few channels as the convolution it is cheap indeed: 16 positions instead"
                " of 4096. Which layers of DCGAN have how many channels?",
                "07.2",
            ),
            Idea(
                lambda source, target, kernel: True,
                "More, but not yet enough. MACs: channels in · channels out · kernel² · 16.",
                "07.2",
            ),
        ],
    ),
    Value(
        name="map-values",
        answer="my_values",
        question="Values of a 44 × 64 map, of 64 channels of 4 × 4, places after × 32 an axis.",
        wants="three whole numbers",
        parts=("values of 44 × 64", "values of 4 × 4 × 64", "places after × 32 along each axis"),
        target=map_values,
        because="The sentence lost a × sign: 4 × 4 × 64 has 1024 values.",
        ideas=[
            When(
                lambda n: n[0] == map_values()[1],
                "You read 44 × 64 as the tutorial means it, 4 × 4 × 64. As it is printed it is"
                " another map: multiply.",
                "07.2",
            ),
            When(
                lambda n: n[2] == 4 * 4 * 32,
                "× 32 once. Along each axis it is × 32 twice: 128 × 128.",
                "07.7",
            ),
            When(
                lambda n: n[2] == 4 * 32,
                "128 is the side. The map has 128 × 128 places.",
                "07.7",
            ),
            When(
                lambda n: n[2] == 32 * 32 or n[2] == 64 * 128**2,
                "× 32 is applied to a side of 4, and places are counted without channels:"
                " 128 × 128.",
                "07.7",
            ),
        ],
    ),
]
