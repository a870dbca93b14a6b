"""Ask PyTorch about the nets of tconv_helpers.architectures and store its answers in tests/data.

The nets are written out here once more, layer by layer, as their papers and published code have
them; nothing of the package is used. To make the file anew, in an environment with PyTorch:

    python tools/make_architecture_answers.py

``architectures.json`` holds, for each net at full size, the shape after every layer, the parameters
of every layer and the multiply-accumulates that PyTorch's own counter finds; for small versions of
the same nets, outputs, gradients, and which input cells chosen output cells depend on.
Weights and inputs of the small versions are ``wave(shape, number)``, the same in the tests.
"""

import json
import math
import platform
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

STEP = 97  # every so-manieth output value is stored
DATA = Path(__file__).resolve().parent.parent / "tests" / "data"


def wave(shape, number):
    """Numbers between −1 and 1 that need no random generator."""
    return np.cos(1.7 * np.arange(1, math.prod(shape) + 1) ** 1.3 + number).reshape(shape)


class Concat(nn.Module):
    """The middle of a skip, in front of what comes from below."""

    def __init__(self, channels):
        super().__init__()
        self.channels = channels

    def forward(self, x, skip):
        return torch.cat([middle(skip, x), x], dim=1)


class Add(nn.Module):
    def forward(self, x, skip):
        return x + middle(skip, x)


def middle(skip, x):
    top, left = ((skip.shape[n] - x.shape[n]) // 2 for n in (2, 3))
    return skip[:, :, top : top + x.shape[2], left : left + x.shape[3]]


def dcgan_5(wide):
    def up(source, target):
        return nn.ConvTranspose2d(source, target, 5, 2, 2, 1, bias=False)

    return (100, 1, 1), [
        nn.ConvTranspose2d(100, wide, 4, 1, 0, bias=False), nn.BatchNorm2d(wide), nn.ReLU(),
        up(wide, wide // 2), nn.BatchNorm2d(wide // 2), nn.ReLU(),
        up(wide // 2, wide // 4), nn.BatchNorm2d(wide // 4), nn.ReLU(),
        up(wide // 4, wide // 8), nn.BatchNorm2d(wide // 8), nn.ReLU(),
        up(wide // 8, 3), nn.Tanh(),
    ]  # fmt: skip


def dcgan_4(ngf):
    return (100, 1, 1), [
        nn.ConvTranspose2d(100, ngf * 8, 4, 1, 0, bias=False), nn.BatchNorm2d(ngf * 8), nn.ReLU(),
        nn.ConvTranspose2d(ngf * 8, ngf * 4, 4, 2, 1, bias=False), nn.BatchNorm2d(ngf * 4),
        nn.ReLU(),
        nn.ConvTranspose2d(ngf * 4, ngf * 2, 4, 2, 1, bias=False), nn.BatchNorm2d(ngf * 2),
        nn.ReLU(),
        nn.ConvTranspose2d(ngf * 2, ngf, 4, 2, 1, bias=False), nn.BatchNorm2d(ngf), nn.ReLU(),
        nn.ConvTranspose2d(ngf, 3, 4, 2, 1, bias=False), nn.Tanh(),
    ]  # fmt: skip


def dcgan_5_resize(wide):
    def up(source, target):
        return nn.Upsample(scale_factor=2), nn.Conv2d(source, target, 5, padding=2, bias=False)

    return (100, 1, 1), [
        nn.ConvTranspose2d(100, wide, 4, 1, 0, bias=False), nn.BatchNorm2d(wide), nn.ReLU(),
        *up(wide, wide // 2), nn.BatchNorm2d(wide // 2), nn.ReLU(),
        *up(wide // 2, wide // 4), nn.BatchNorm2d(wide // 4), nn.ReLU(),
        *up(wide // 4, wide // 8), nn.BatchNorm2d(wide // 8), nn.ReLU(),
        *up(wide // 8, 3), nn.Tanh(),
    ]  # fmt: skip


def unet(width, size, padding):
    layers = []
    for c in (8 * width, 4 * width, 2 * width, width):
        layers += [nn.ConvTranspose2d(2 * c, c, 2, 2), Concat(c)]
        layers += [nn.Conv2d(2 * c, c, 3, padding=padding), nn.ReLU()]
        layers += [nn.Conv2d(c, c, 3, padding=padding), nn.ReLU()]
    return (16 * width, size, size), [*layers, nn.Conv2d(width, 2, 1)]


def fcn(ups, size, groups, classes=21):
    layers = []
    for f in ups:
        layers += [Add()] if layers else []
        k, p = 2 * f, f // 2
        layers.append(nn.ConvTranspose2d(classes, classes, k, f, p, groups=groups, bias=False))
    return (classes, *size), layers


def espcn(factor, size):
    return (1, size, size), [
        nn.Conv2d(1, 64, 5, padding=2), nn.Tanh(), nn.Conv2d(64, 32, 3, padding=1), nn.Tanh(),
        nn.Conv2d(32, factor**2, 3, padding=1), nn.PixelShuffle(factor),
    ]  # fmt: skip


FULL = {
    "dcgan(5)": dcgan_5(1024),
    "dcgan(4)": dcgan_4(64),
    "dcgan(5, resize=True)": dcgan_5_resize(1024),
    "unet()": unet(64, 28, 0),
    "unet(size=32, padding=1)": unet(64, 32, 1),
    "fcn(32)": fcn([32], (10, 15), 21),
    "fcn(16)": fcn([2, 16], (10, 15), 21),
    "fcn(8)": fcn([2, 2, 8], (10, 15), 21),
    "fcn(32, depthwise=False)": fcn([32], (10, 15), 1),
    "espcn(3)": espcn(3, 17),
    "espcn(4, size=20)": espcn(4, 20),
}
SMALL = {
    "unet(width=2, size=12)": unet(2, 12, 0),
    "unet(width=2, size=3, padding=1)": unet(2, 3, 1),
    "fcn(16, classes=2, size=(2, 3))": fcn([2, 16], (2, 3), 2, 2),
    "fcn(8, classes=2, size=(2, 3), depthwise=False)": fcn([2, 2, 8], (2, 3), 1, 2),
    "espcn(3, size=9)": espcn(3, 9),
}
TAILS = {"dcgan(5).rest(3)": dcgan_5, "dcgan(4).rest(3)": dcgan_4}  # narrowed, after 4 × 4


def run(layers, x, skips):
    """The values after each layer."""
    values, skips = [], iter(skips)
    for layer in layers:
        x = layer(x, next(skips)) if isinstance(layer, Concat | Add) else layer(x)
        values.append(x)
    return values


def skips_for(shape, layers, batch=1, extra=0, dtype=torch.float32):
    """A skip for each Concat and Add, `extra` larger than needed."""
    x, skips = torch.zeros((batch, *shape), dtype=dtype), []
    for layer in layers:
        if isinstance(layer, Concat | Add):
            channels = layer.channels if isinstance(layer, Concat) else x.shape[1]
            size = [n + extra for n in x.shape[2:]]
            made = wave((batch, channels, *size), 100 + len(skips))
            skips.append(torch.tensor(made, dtype=dtype))
            x = layer(x, skips[-1])
        else:
            x = layer(x)
    return skips


def counted(shape, layers):
    x = torch.zeros((2, *shape))  # batch_norm needs two
    with torch.no_grad():
        skips = skips_for(shape, layers, batch=2)
        with FlopCounterMode(display=False) as counter:
            values = run(layers, x, skips)
    return {
        "shapes": [list(v.shape[1:]) for v in values],
        "parameters": [sum(p.numel() for p in layer.parameters()) for layer in layers],
        "macs": counter.get_total_flops() // 2 // 2,  # two operations each, a batch of two
    }


def filled(layers):
    """The same layers in double precision, with waves for weights."""
    number = 0
    for layer in layers:
        layer.double()
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            for p in (layer.weight, layer.bias):
                if p is not None:
                    p.data = torch.tensor(wave(tuple(p.shape), number) / 4)
                    number += 1
    return layers


LINEAR = nn.Conv2d | nn.ConvTranspose2d | nn.PixelShuffle | nn.Upsample | Concat | Add


def hull(changed):
    """First and last row, first and last column, where anything is not 0 (nor rounding)."""
    moved = changed.abs().sum(dim=(0, 1)) > 1e-9
    return [[int(n.min()), int(n.max())] for n in moved.nonzero().T]


def ran(shape, layers, batch=2):
    layers = filled(layers)
    x = torch.tensor(wave((batch, *shape), 50), requires_grad=True)
    with torch.no_grad():
        skips = skips_for(shape, layers, batch, extra=3, dtype=torch.float64)
    y = run(layers, x, skips)[-1]
    grad_y = torch.tensor(wave(tuple(y.shape), 60))
    weights = [p for m in layers if hasattr(m, "weight") for p in m.parameters()]
    grads = torch.autograd.grad(y, [x, *weights], grad_y)

    # Who depends on whom: without normalisation, which joins all places, and without activations.
    linear = [m for m in layers if isinstance(m, LINEAR)]
    x = x.detach().requires_grad_()
    y2 = run(linear, x, skips)[-1]
    fields, (height, width) = {}, y2.shape[2:]
    for row, column in [(0, 0), (height // 2, width // 3), (height - 1, 3)]:
        (seen,) = torch.autograd.grad(y2[0, 0, row, column], x, retain_graph=True)
        fields[f"{row}, {column}"] = hull(seen)
    other = x.detach().clone()
    other[0, :, shape[1] // 2, shape[2] // 2] += 0.5
    with torch.no_grad():
        reached = hull(run(linear, other, skips)[-1] - y2)
    return {
        "shape": list(y.shape),
        "output": [float(f"{v:.12g}") for v in y.detach().numpy().ravel()[::STEP]],
        "gradients": [float(f"{g.abs().sum().item():.12g}") for g in grads],
        "fields": fields,
        "reach": reached,
    }


def main():
    torch.manual_seed(0)
    about = {"torch": torch.__version__, "python": platform.python_version()}
    full = {name: counted(*net) for name, net in FULL.items()}
    small = {name: ran(*net) for name, net in SMALL.items()}
    tails = {}
    for name, make in TAILS.items():
        _, layers = make(16 if make is dcgan_5 else 2)
        tails[name] = ran((16, 4, 4), layers[3:])
    text = json.dumps({"about": about, "full": full, "small": small, "tails": tails})
    path = DATA / "architectures.json"
    path.write_text(text + "\n", encoding="utf-8")
    print(f"{path.name}: {len(text) / 1000:.0f} kB, {len(full)} nets, {len(small)} small ones")


main()
