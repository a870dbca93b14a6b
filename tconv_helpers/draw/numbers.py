"""Numbers as text: in cells, where a grid shares its decimals, and in sentences."""

import math

import numpy as np

MINUS = "\N{MINUS SIGN}"


def array(a, name, dims=None):
    """a as an array of real numbers with one of the given numbers of dimensions."""
    a = np.asarray(a)
    if a.dtype.kind not in "biuf":
        raise TypeError(f"{name} must be an array of real numbers, not of dtype {a.dtype}")
    if dims is not None and a.ndim not in dims:
        wanted = " or ".join(map(str, dims))
        raise ValueError(f"{name} of shape {a.shape} must have {wanted} dimension(s)")
    if a.size == 0:
        raise ValueError(f"{name} of shape {a.shape} holds no values to draw")
    return a.astype(np.int64) if a.dtype.kind == "b" else a


def shape_text(shape):
    """A shape as words.

    >>> shape_text((4, 4)), shape_text((5,)), shape_text(())
    ('4 × 4', '5', '1')
    """
    return " × ".join(map(str, shape)) or "1"


def cell_texts(a):
    """The values of an array as an array of str: one number of decimals for all.

    >>> cell_texts(np.array([0.5, -0.25, -0.0])).tolist()
    ['0.50', '−0.25', '0']
    >>> cell_texts(np.array([3.0, -1.0])).tolist()
    ['3', '−1']
    """
    a = np.asarray(a)
    if a.dtype.kind in "iu":
        flat = [_plain(int(v)) for v in a.flat]
    else:
        finite = a[np.isfinite(a)].astype(float)
        largest = float(np.abs(finite).max()) if finite.size else 0.0
        whole = largest < 1e7 and np.array_equal(finite, np.round(finite))
        decimals = 0 if whole else max(0, min(3, 3 - max(1, len(str(int(largest))))))
        if largest < 1 and not whole:
            decimals = 3
        for fewer in range(decimals):
            if np.allclose(finite, np.round(finite, fewer), rtol=0, atol=1e-9):
                decimals = fewer
                break
        flat = [_fixed(float(v), decimals) for v in a.flat]
    return np.array(flat, dtype=object).reshape(a.shape)


def _plain(v):
    text = f"{v:d}" if abs(v) < 10**7 else _power(v)
    return text.replace("-", MINUS)


def _power(v):
    mantissa, exponent = f"{v:.1e}".split("e")
    return f"{mantissa}e{int(exponent)}"


def _fixed(v, decimals):
    if not math.isfinite(v):
        return "nan" if v != v else "∞" if v > 0 else f"{MINUS}∞"
    if v == 0:
        return "0"
    if abs(v) >= 1e6 and decimals:
        return _power(v).replace("-", MINUS)
    if abs(v) >= 1e7:
        return _power(v).replace("-", MINUS)
    text = f"{v:.{decimals}f}"
    if float(text) == 0:
        return "≈0"
    return text.replace("-", MINUS)


def number(v):
    """One number as a sentence writes it, with at most four significant digits.

    >>> number(-3), number(0.123456), number(-0.0), number(2.0)
    ('−3', '0.1235', '0', '2')
    """
    if isinstance(v, (int, np.integer, np.bool_)):
        return f"{int(v):d}".replace("-", MINUS)
    v = float(v)
    if not math.isfinite(v):
        return _fixed(v, 0)
    if v == int(v) and abs(v) < 1e7:
        return f"{int(v):d}".replace("-", MINUS)
    return f"{v:.4g}".replace("-", MINUS).replace("e+0", "e").replace("e+", "e")


def factor(v):
    """A number inside a product: negative numbers stand in brackets."""
    text = number(v)
    return f"({text})" if text.startswith(MINUS) else text


def index(position):
    """An index as a sentence writes it.

    >>> index((1, 2)), index((3,))
    ('(1, 2)', '3')
    """
    inside = ", ".join(str(int(p)) for p in position)
    return f"({inside})" if len(position) > 1 else inside


def products(pairs, total):
    """A sum of products and its value; the middle of a long sum is left out.

    >>> products([(3, 1), (0, 2), (-1, 4)], -1)
    '3·1 + 0·2 + (−1)·4 = −1'
    """
    terms = [f"{factor(a)}·{factor(b)}" for a, b in pairs]
    if len(terms) > 9 or sum(map(len, terms)) > 75:
        terms = [*terms[:3], f"… ({len(terms)} products)"]
    return f"{' + '.join(terms) or '0'} = {number(total)}"


def span(first, last, what):
    """A run of rows or columns in words.

    >>> span(1, 3, "row"), span(2, 2, "column")
    ('rows 1 to 3', 'column 2')
    """
    return (
        f"{what} {number(first)}" if first == last else f"{what}s {number(first)} to {number(last)}"
    )


def listing(a):
    """The values of a small array, or the range of a large one, for a sentence.

    >>> listing(np.array([[84, 84], [87, 60]]))
    '84 84 / 87 60'
    """
    if a.ndim <= 2 and a.size <= 25:
        rows = np.atleast_2d(a)
        return " / ".join(" ".join(map(number, row)) for row in rows)
    return f"values from {number(a.min())} to {number(a.max())}, sum {number(a.sum())}"
