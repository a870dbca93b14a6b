"""What the tests of the explorer share: its parts on a page, and what should light up."""

import itertools
import re

import numpy as np

from tconv_helpers import ops

# Cells are elements a moment after a change, or as soon as a pointer comes near.
FINE = """root => root.querySelector('.c') || root.querySelector('svg').dispatchEvent(
  new PointerEvent('pointerover', {bubbles: true}))"""
LIT = """root => [...root.querySelectorAll('[data-lit]')].map(
  e => [e.dataset.view, +e.dataset.row, +e.dataset.col])"""
VALUES = """(root, view) => {
  const rows = [];
  for (const e of root.querySelectorAll(`[data-view=${view}]`))
    (rows[+e.dataset.row] ??= [])[+e.dataset.col] = writtenIn(e)[0]?.text ?? '';
  return rows;
}"""


class Stage:
    """One explorer on a page."""

    def __init__(self, page, nth=0):
        self.page = page
        self.root = page.locator(".tcx:visible").nth(nth)
        self.root.locator(".c").first.wait_for()

    def cell(self, view, row, column):
        return self.root.locator(f'[data-view={view}][data-row="{row}"][data-col="{column}"]').first

    def control(self, name, axis=None):
        place = "" if axis is None else f'[data-axis="{axis}"]'
        return self.root.locator(f"[data-control={name}]{place}")

    def number(self, name, axis=0):
        return self.control(name, axis)

    def choose(self, name, value):
        self.control(name).and_(self.root.locator(f'[value="{value}"]')).check()

    def lit(self):
        self.root.evaluate(FINE)
        return {tuple(cell) for cell in self.root.evaluate(LIT)}

    def values(self, view):
        """The texts of a view's cells, row by row, as numbers; nan for an empty one."""
        self.root.evaluate(FINE)
        rows = self.root.evaluate(VALUES, view)
        return np.array([[float(text.replace("−", "-") or "nan") for text in row] for row in rows])

    @property
    def law(self):
        return self.root.locator(".law").text_content()

    @property
    def formula(self):
        return re.sub(r"\s+", " ", self.root.locator(".formula").inner_text()).strip()

    @property
    def said(self):
        return self.root.locator("[role=status]").text_content()

    @property
    def flagged(self):
        """The controls that are marked as out."""
        return {
            (e.get_attribute("data-control"), e.get_attribute("data-axis"))
            for e in self.root.locator("[aria-invalid=true]").all()
        }

    def leave(self):
        """Take the pointer away and wait until the page has noticed."""
        self.page.mouse.move(1, 1)
        self.page.wait_for_function("() => !document.querySelector('.tcx:hover')")
        self.page.evaluate("() => new Promise(r => requestAnimationFrame(() => setTimeout(r)))")


def pairs_of(S):
    """Every (small cell, tap, big cell) of a setting, from the convolution matrix of each tap.

    S has the mode and, per axis: n and big (cells of the small and the big side), k, s, d and the
    window's lo and hi; ``flip`` where the kernel is flipped first. Big cells may lie outside.
    """
    canvas = tuple(
        (n - 1) * s + d * (k - 1) + 1
        for n, s, d, k in zip(S["n"], S["s"], S["d"], S["k"], strict=True)
    )
    found = []
    for tap in itertools.product(*map(range, S["k"])):
        w = np.zeros(S["k"], int)
        w[tap] = 1
        matrix = ops.convolution_matrix(w, canvas, stride=S["s"], dilation=S["d"])
        # A kernel that is flipped first stamps its last cell where its first would lie.
        named = tuple(k - 1 - t for k, t in zip(S["k"], tap, strict=True)) if S["flip"] else tap
        for row, column in np.argwhere(matrix):
            small = tuple(int(v) for v in np.unravel_index(row, S["n"]))
            place = np.unravel_index(column, canvas)
            found.append(
                (small, named, tuple(int(v) - lo for v, lo in zip(place, S["lo"], strict=True)))
            )
    return found


def expected_lit(S, view, row, column):
    """The cells that should light when a cell of a view is touched, from the matrix alone."""
    transposed = S["mode"] == "transposed"
    pairs = pairs_of(S)
    inside = [pair for pair in pairs if is_inside(pair[2], S["big"])]
    at = (row, column)
    lit = set()
    if view == "canvas":
        cut = tuple(v - lo for v, lo in zip(at, S["lo"], strict=True))
        hit = [pair for pair in pairs if pair[2] == cut]
        lit.add(("canvas", *at))
    elif view == "matrix":
        hit = [pair for pair in inside if entry(S, pair) == at]
    else:
        side = {"kernel": 1, "phase-kernel": 1, "phase": 2}.get(view)
        if side is None:
            side = 0 if (view == "input") == transposed else 2
        hit = [pair for pair in inside if pair[side] == at]
        lit |= shown(S, side, at)
    for pair in hit:
        lit |= shown(S, 0, pair[0]) | shown(S, 1, pair[1])
        if is_inside(pair[2], S["big"]):
            lit |= shown(S, 2, pair[2]) | {("matrix", *entry(S, pair))}
    return lit


def is_inside(cell, sizes):
    return all(0 <= v < size for v, size in zip(cell, sizes, strict=True))


def entry(S, pair):
    """The row and the column of the matrix that join a pair: output by input."""
    small, big = (
        cell[0] * size[1] + cell[1] for cell, size in ((pair[0], S["n"]), (pair[2], S["big"]))
    )
    return (big, small) if S["mode"] == "transposed" else (small, big)


def shown(S, side, cell):
    """Wherever a small cell (side 0), a tap (1) or a cell of the big side (2) is shown."""
    transposed = S["mode"] == "transposed"
    if side == 1:
        return {("kernel", *cell), ("phase-kernel", *cell)}
    is_input = (side == 0) == transposed
    lit = {("input" if is_input else "output", *cell)}
    if side == 2:
        lit.add(("phase", *cell))
    if is_input:
        reach = [d * (k - 1) for d, k in zip(S["d"], S["k"], strict=True)]
        if transposed:
            place = [
                v * s + r - lo for v, s, r, lo in zip(cell, S["s"], reach, S["lo"], strict=True)
            ]
            sizes = [o + r for o, r in zip(S["big"], reach, strict=True)]
        else:
            place = [v + lo for v, lo in zip(cell, S["lo"], strict=True)]
            sizes = [i + lo + hi for i, lo, hi in zip(S["big"], S["lo"], S["hi"], strict=True)]
        if is_inside(place, sizes):  # else padding has cut it off
            lit.add(("gather", *place))
    return lit
