"""Transposed layers on top of one another in one dimension: who paints what, and what adds up."""

from .. import ops, theme
from .cells import badge, heat
from .numbers import array, cell_texts, number
from .sheet import PAD, WIDE, Sheet, measure

ROW, BETWEEN = 38.0, 54.0  # heights of a row of cells and of the stamps under it, in pixels
LARGEST, SMALLEST = 46.0, 10.5  # of the last row's cells and of the text in a cell
MOST = 300  # cells in the last row; more would be thinner than three pixels


def layers(x, stack, *, say=None, title=None):
    """Transposed layers, the first on top: every cell, and the stamp it puts on the next row.

    A cell stands above the middle of its stamp, and its tint grows with its value. Where the stamps
    of two cells overlap, their edges cross.

    Parameters
    ----------
    x : ndarray of shape (W,)
    stack : list of dict
        Each holds ``w``, a kernel of shape (k,), and, where they differ from the defaults, stride,
        padding, output_padding and dilation, integers as in ops.conv_transpose1d.

    Returns
    -------
    Picture

    Examples
    --------
    >>> layers([1, 1, 1], [dict(w=[1, 1, 1], stride=2)])
    3 cells become 7: 1 1 2 1 2 1 1.
    >>> layers([1, 1], [dict(w=[1, 1, 1], stride=2), dict(w=[1, 1], stride=2)])
    2 cells become 5, then 10: 1 1 1 1 2 2 1 1 1 1.
    """
    x = array(x, "x", (1,))
    if not stack:
        raise ValueError("stack must hold at least one layer, such as dict(w=[1, 1, 1], stride=2)")
    rows, stamped = [x], []
    for n, layer in enumerate(stack):
        if "w" not in layer:
            raise ValueError(f"stack[{n}] holds {sorted(layer)}, which must name its kernel w")
        keywords = {key: value for key, value in layer.items() if key != "w"}
        w = array(layer["w"], f"stack[{n}]'s w", (1,))
        rows.append(ops.conv_transpose1d(rows[-1], w, **keywords))
        reach = keywords.get("dilation", 1) * (len(w) - 1) + 1
        stamped.append((keywords.get("stride", 1), reach, keywords.get("padding", 0)))
    last = len(rows[-1])
    if last > MOST:
        raise ValueError(f"the last row has {last} cells; at most {MOST} can be drawn")

    # Where cell i of a row stands and how far apart cells are, in cells of the last row.
    first, step = [0.0], [1.0]
    for s, reach, lo in reversed(stamped):
        first.insert(0, first[0] + ((reach - 1) / 2 - lo) * step[0])
        step.insert(0, step[0] * s)
    # Padding, and kernels smaller than the stride, leave inputs that reach beyond the last row.
    low = min(a - b / 2 for a, b in zip(first, step, strict=True))
    high = max(a + (len(r) - 0.5) * b for a, b, r in zip(first, step, rows, strict=True))
    margin = max(measure(f"{len(row)} cells", 13) for row in rows) + 44
    c = min(LARGEST, (WIDE - 2 * PAD - margin) / (high - low))
    sheet = _inked(rows, stamped, [margin + (a - low) * c for a in first], [b * c for b in step])
    size = margin + (high - low) * c, len(rows) * (ROW + BETWEEN) - BETWEEN + 6
    return sheet.picture(say or _sentence(rows), *size, title)


def _sentence(rows):
    names = [str(len(row)) for row in rows[1:]]
    shown = rows[-1]
    values = " ".join(cell_texts(shown)) if len(shown) <= 24 else ""
    end = values or f"values from {number(shown.min())} to {number(shown.max())}"
    cells = f"{len(rows[0])} cell{'s become' if len(rows[0]) > 1 else ' becomes'}"
    return f"{cells} {', then '.join(names)}: {end}."


def _inked(rows, stamped, first, step):
    """The rows and the edges of their stamps. first, step: of each row's cells, in pixels."""
    sheet, colours = Sheet(), theme.palette()

    def edges(n, i):
        """Left and right edge of cell i of row n."""
        middle, wide = first[n] + i * step[n], min(step[n], LARGEST)
        return middle - wide / 2, middle + wide / 2

    for n, row in enumerate(rows):
        y = n * (ROW + BETWEEN)
        role = "input" if n == 0 else "output"
        badge(sheet, 0, y + 1, 20, role)
        if n and len(stamped) > 1:
            sheet.text(26, y + 11, f"{n}", 14, bold=True, across="left")
        sheet.text(
            0,
            y + 32,
            f"{len(row)} cell{'s' if len(row) > 1 else ''}",
            13,
            colours.muted,
            across="left",
        )
        _row(sheet, row, role, y, lambda i, n=n: edges(n, i))
        if n == len(stamped):
            break
        s, reach, lo = stamped[n]
        thin = theme.mix(colours.muted, colours.paper, 0.75)
        for i in range(len(row)):
            start, end = max(i * s - lo, 0), min(i * s - lo + reach, len(rows[n + 1])) - 1
            if end < start:
                continue  # the padding cuts this stamp off
            above, below = edges(n, i), (edges(n + 1, start)[0], edges(n + 1, end)[1])
            wide = min(below[1] - below[0], above[1] - above[0]) > 6
            for a, b, inwards in zip(above, below, (1, -1), strict=True):
                shift = inwards if wide else 0
                line = [(a + shift, y + ROW + 2), (b + shift, y + ROW + BETWEEN - 2)]
                sheet.line(line, thin, 1.3 if len(row) < 40 else 0.8)
    return sheet


def _row(sheet, row, role, y, edges):
    """One row of cells: tinted by value, written where there is room."""
    colours, look = theme.palette(), theme.role(role)
    width = edges(0)[1] - edges(0)[0]
    texts = cell_texts(row)
    em = max(measure(text, 1) for text in texts)
    size = min(17, 0.86 * (width - 2) / em)
    top = float(row.max()) or 1.0
    if width < 8:  # too thin for cells of their own
        sheet.image(heat(row[None], role)[0], edges(0)[0], y, len(row) * width, ROW)
        sheet.box(edges(0)[0], y, len(row) * width, ROW, edge=colours.line, width=1)
        return
    signed = heat(row)[0] if row.min() < 0 else None
    gap = 2 if width >= 14 else 1
    for i, value in enumerate(row):
        x0, x1 = edges(i)
        if signed is None:
            face = theme.tint(role, 0.04 + 0.66 * float(value) / top)
        else:
            face = "#" + "".join(f"{int(v):02X}" for v in signed[i])
        sheet.box(
            x0 + gap / 2, y, x1 - x0 - gap, ROW, face=face, edge=theme.tint(role, 0.45), width=1,
            shape=look.shape, corner=0.14 * min(ROW, width),
        )  # fmt: skip
        if size >= SMALLEST:
            ink = colours.ink if theme.contrast(colours.ink, face) >= 4.5 else theme.on(face)
            sheet.text((x0 + x1) / 2, y + ROW / 2, texts[i], size, ink)
