"""A table of words and numbers, for what a widget lists."""

from .. import theme
from .sheet import PAD, WIDE, Sheet, measure

TEXT, HEAD, GAP, LINE = 15, 14, 26, 30  # text sizes, between columns, height of a row, in pixels


def table(head, rows, *, lit=None, say=None, title=None):
    """A table: a head and rows of texts, one of them marked.

    Parameters
    ----------
    head : list of str
    rows : list of list of str
        Each as long as head.
    lit : int, optional
        The row that is marked by an arrow and a tint.

    Returns
    -------
    Picture

    Examples
    --------
    >>> table(["kernel", "size"], [["3", "5"], ["4", "6"]], lit=1)
    2 rows of kernel, size. Marked: 4, 6.
    """
    head, rows = [str(text) for text in head], [[str(text) for text in row] for row in rows]
    for row in rows:
        if len(row) != len(head):
            raise ValueError(f"rows holds {row}, which must have {len(head)} entries as head has")
    if lit is not None and not 0 <= lit < len(rows):
        raise ValueError(f"lit={lit!r} must be the number of a row, below {len(rows)}")
    sentence = f"{len(rows)} row{'' if len(rows) == 1 else 's'} of {', '.join(head)}."
    if lit is not None:
        sentence += f" Marked: {', '.join(rows[lit])}."
    wide = [
        max([measure(top, HEAD, True), *(measure(row[n], TEXT, True) for row in rows)])
        for n, top in enumerate(head)
    ]
    whole = 24 + sum(wide) + GAP * (len(head) - 1)
    scale = min(1.0, (WIDE - 2 * PAD) / whole)
    sheet = _sheet(head, rows, lit, [w * scale for w in wide], scale)
    return sheet.picture(say or sentence, whole * scale, LINE * (len(rows) + 1), title)


def _sheet(head, rows, lit, wide, scale):
    sheet, colours = Sheet(), theme.palette()
    whole = 24 * scale + sum(wide) + GAP * scale * (len(head) - 1)
    for n, row in enumerate([head, *rows]):
        y, x = (n + 0.5) * LINE, 24 * scale
        marked = lit is not None and n == lit + 1
        if marked:
            sheet.box(0, y - LINE / 2, whole, LINE, face=theme.tint("output", 0.2))
            sheet.text(6, y, "→", TEXT, bold=True, across="left")
        for width, text in zip(wide, row, strict=True):
            size = (TEXT if n else HEAD) * scale
            ink = colours.ink if n else colours.muted
            sheet.text(x, y, text, size, ink, bold=marked or not n, across="left")
            x += width + GAP * scale
        sheet.line([(0, y + LINE / 2), (whole, y + LINE / 2)], colours.line, 1 if n else 1.5,
                   snap=True)  # fmt: skip
    return sheet
