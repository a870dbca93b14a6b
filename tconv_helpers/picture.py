"""A Picture is a figure and one sentence that says what to see in it."""

import base64
import io
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.backend_bases import FigureCanvasBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

__all__ = ["DPI", "Picture"]

DPI = 100  # figure inches × DPI = pixels at scale 1


def _with_palette(pixels):
    """An image of 255 colours and a transparent one: a third of the bytes.

    A drawing has few colours beside the blends at its edges. The palette is made from every other
    pixel, which is four times as fast. A colour photograph, which needs more, keeps its own.
    """
    image = Image.fromarray(pixels[..., :3])
    sample = Image.fromarray(np.ascontiguousarray(pixels[::2, ::2, :3]))
    palette = sample.quantize(255, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    loss = np.asarray(palette.convert("RGB"), np.int16) - pixels[::2, ::2, :3]
    if (np.abs(loss).max(axis=2) > 12).mean() > 0.02:  # a colour photograph
        return Image.fromarray(pixels)
    found = image.quantize(palette=palette, dither=Image.Dither.NONE)
    table = np.zeros((256, 3), np.uint8)
    given = np.array(palette.getpalette(), np.uint8).reshape(-1, 3)[:255]
    table[: len(given)] = given
    # The cut averages: give the large areas, the paper first, their own colour back.
    counted = sorted(sample.getcolors(sample.width * sample.height), reverse=True)[:64]
    large = np.array([[colour for _, colour in counted]], np.uint8)
    where = np.array(Image.fromarray(large).quantize(palette=palette, dither=Image.Dither.NONE))[0]
    for n, colour in reversed([*zip(where, large[0], strict=True)]):
        table[n] = colour
    index = np.array(found)
    index[pixels[..., 3] < 128] = 255
    small = Image.fromarray(index)
    small.putpalette(table.tobytes())
    small.info["transparency"] = 255
    return small


class Picture:
    """A matplotlib Figure with one sentence that says what to see, with numbers.

    The sentence is the repr, the text/plain of the notebook output and the alt text, so a test
    that compares text/plain notices when the shown data change.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    sentence : str

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> Picture(Figure(figsize=(2, 1)), "An empty card.")
    An empty card.
    """

    def __init__(self, figure, sentence):
        if not isinstance(sentence, str) or not sentence.strip():
            raise ValueError(f"sentence={sentence!r} must be a non-empty string")
        self.figure = figure
        self.sentence = " ".join(sentence.split())
        self._png = {}

    def __repr__(self):
        return self.sentence

    @property
    def size(self):
        """Width and height in pixels at scale 1."""
        width, height = self.figure.get_size_inches()
        return round(width * DPI), round(height * DPI)

    def png(self, scale=2):
        """The figure as PNG bytes; scale 1 for live redraws, 2 for crisp stored pictures."""
        if not scale > 0:
            raise ValueError(f"scale={scale!r} must be positive")
        if scale not in self._png:
            figure, dpi = self.figure, self.figure.dpi
            try:
                figure.set_dpi(DPI * scale)
                canvas = FigureCanvasAgg(figure)
                canvas.draw()
                pixels = np.array(canvas.buffer_rgba())
            finally:
                figure.set_dpi(dpi)
                FigureCanvasBase(figure)  # lets the pixel buffer go; the figure would keep it
            out = io.BytesIO()
            if scale <= 1:  # a slider redraws: be fast
                Image.fromarray(pixels).save(out, "PNG", compress_level=1)
            else:  # a notebook stores it: be small
                _with_palette(pixels).save(out, "PNG", compress_level=8)
            self._png[scale] = out.getvalue()
        return self._png[scale]

    def save(self, path, scale=2):
        """Write the picture to .png, .svg or .pdf; the same picture gives the same bytes."""
        path = Path(path)
        kind = path.suffix.lower()
        if kind == ".png":
            path.write_bytes(self.png(scale))
        elif kind in (".svg", ".pdf"):
            dated = {"Date": None} if kind == ".svg" else {"CreationDate": None}
            about = {"Title" if kind == ".svg" else "Subject": self.sentence}
            with matplotlib.rc_context({"svg.hashsalt": "tconv", "svg.fonttype": "path"}):
                self.figure.savefig(path, format=kind[1:], metadata={**dated, **about})
        else:
            raise ValueError(f"path={str(path)!r} must end in .png, .svg or .pdf")
        return path

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {
            "text/plain": self.sentence,
            "image/png": base64.b64encode(self.png()).decode("ascii"),
        }
        keep = set(data if include is None else include) - set(exclude or ())
        width, height = self.size
        metadata = {"image/png": {"width": width, "height": height, "alt": self.sentence}}
        return (
            {kind: value for kind, value in data.items() if kind in keep},
            {kind: value for kind, value in metadata.items() if kind in keep},
        )
