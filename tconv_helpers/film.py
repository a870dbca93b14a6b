"""An operation as a film, a Picture a step: as GIF, PNG or SVG frames, or a page one can stop.

A convolution takes one step for every output value, a transposed convolution one for every stamp
(or, gathered, one for every output value). The steps are the pictures of ``draw``.
"""

import base64
import html
import io
import itertools
from pathlib import Path

import numpy as np
from PIL import Image

from tconv_helpers import _arguments as arguments
from tconv_helpers import draw, sizes

__all__ = ["Film", "convolution", "transposed"]

VIEWS = ("stamps", "gather")


def convolution(x, w, *, stride=1, padding=0, dilation=1):
    """Film a convolution: the window moves over the input, an output value a step.

    Parameters
    ----------
    x, w : plain arrays with one or two axes
    stride, padding, dilation : as in ops.conv2d

    Returns
    -------
    Film

    Examples
    --------
    >>> film = convolution([1, 2, 3, 4], [1, 0, -1])
    >>> len(film)
    2
    >>> film[1]
    Output 1 = 2·1 + 3·0 + 4·(−1) = −2: the kernel covers input cells 1 to 3.
    """
    x, w = arguments.numeric("x", x), arguments.numeric("w", w)
    how = dict(stride=stride, padding=padding, dilation=dilation)
    size = sizes.conv_size(x.shape, w.shape, **how)
    return Film(draw.window(x, w, at=at, **how) for at in np.ndindex(*size))


def transposed(x, w, *, view="stamps", stride=1, padding=0, output_padding=0, dilation=1):
    """Film a transposed convolution.

    Parameters
    ----------
    x, w : plain arrays with one or two axes
    view : "stamps", a step for every input value, or "gather", a step for every output value
    stride, padding, output_padding, dilation : as in ops.conv_transpose2d

    Returns
    -------
    Film

    Examples
    --------
    >>> len(transposed([1, 2], [1, 1, 1], stride=2))
    2
    >>> len(transposed([1, 2], [1, 1, 1], stride=2, view="gather"))
    5
    """
    if view not in VIEWS:
        raise ValueError(f"view={view!r} must be one of {', '.join(map(repr, VIEWS))}")
    x, w = arguments.numeric("x", x), arguments.numeric("w", w)
    how = dict(stride=stride, padding=padding, output_padding=output_padding, dilation=dilation)
    size = x.shape if view == "stamps" else sizes.conv_transpose_size(x.shape, w.shape, **how)
    return Film(getattr(draw, view)(x, w, at=at, **how) for at in np.ndindex(*size))


class Film:
    """Pictures in order, all shown at one size.

    Parameters
    ----------
    pictures : iterable of Picture, at least one

    Examples
    --------
    >>> film = transposed([1, 2], [1, 1, 1], stride=2)
    >>> len(film), film.size[0] > 0
    (2, True)
    """

    def __init__(self, pictures):
        self.pictures = list(pictures)
        if not self.pictures:
            raise ValueError("pictures is empty: a film has at least one step")

    def __len__(self):
        return len(self.pictures)

    def __getitem__(self, step):
        return self.pictures[step]

    def __repr__(self):
        count = f"{len(self)} step{'s' if len(self) > 1 else ''}"
        return f"A film of {count}. The last: {self[-1].sentence}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        data, metadata = self[-1]._repr_mimebundle_(include, exclude)
        return {**data, "text/plain": repr(self)}, metadata

    @property
    def size(self):
        """Width and height in pixels at scale 1: the largest of all steps."""
        return tuple(map(max, zip(*(picture.size for picture in self.pictures), strict=True)))

    def _frames(self, scale):
        """Every step as an image of one size, at the top left of white paper."""
        width, height = (round(scale * side) for side in self.size)
        for picture in self.pictures:
            frame = Image.new("RGB", (width, height), "white")
            drawn = Image.open(io.BytesIO(picture.png(scale))).convert("RGBA")
            frame.paste(drawn, mask=drawn)  # round corners are transparent
            yield frame

    def gif(self, path, *, seconds=1.0, scale=1, loops=1):
        """Write an animated GIF.

        Parameters
        ----------
        path : str or Path
        seconds : float
            How long each step stays.
        scale : float
            Pixels per pixel of :attr:`size`.
        loops : int
            How often it plays, then the last step stays. 0 plays for ever: nobody can stop it, so
            put such a file only where it can be closed.

        Returns
        -------
        Path
        """
        if not seconds >= 0.02:
            raise ValueError(f"seconds={seconds} must be at least 0.02, the fastest that GIF knows")
        loops = arguments.integer("loops", loops, least=0)
        first, *rest = (
            frame.quantize(128, dither=Image.Dither.NONE) for frame in self._frames(scale)
        )
        # GIF counts the repeats after the first showing, and 0 repeats for ever.
        repeats = {} if loops == 1 else {"loop": max(loops - 1, 0)}
        first.save(
            path,
            "GIF",
            save_all=True,
            append_images=rest,
            duration=round(1000 * seconds),
            **repeats,
        )
        return Path(path)

    def png(self, folder, *, scale=2):
        """Write frame-000.png, frame-001.png, … of one even size, as video encoders want them.

        ``ffmpeg -framerate 1 -i frame-%03d.png -pix_fmt yuv420p film.mp4`` makes an MP4 of them.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for step, frame in enumerate(self._frames(scale)):
            even = Image.new("RGB", [side + side % 2 for side in frame.size], "white")
            even.paste(frame)
            paths.append(folder / f"frame-{step:03}.png")
            even.save(paths[-1], compress_level=6)
        return paths

    def svg(self, folder):
        """Write frame-000.svg, frame-001.svg, …"""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        return [
            picture.save(folder / f"frame-{step:03}.svg")
            for step, picture in enumerate(self.pictures)
        ]

    def page(self, title="", *, scale=1.5, folder=None, address=""):
        """The film as HTML with a slider, play and pause. It stands still until asked to play.

        One element with all that it needs in it: no file beside it and no request. With a
        ``folder`` the frames are written there instead and asked for at ``address``, each when its
        step is first shown.
        """
        number = next(_numbers)
        frames = map(_as_png, self._frames(scale))
        if folder is None:
            sources = [f"data:image/png;base64,{base64.b64encode(f).decode()}" for f in frames]
        else:
            folder = Path(folder)
            folder.mkdir(parents=True, exist_ok=True)
            sources = []
            for step, frame in enumerate(frames):
                (folder / f"frame-{step:03}.png").write_bytes(frame)
                sources.append(f"{address}frame-{step:03}.png")
        steps = "".join(
            f'<img src="{source}" alt="{html.escape(picture.sentence)}" width="{self.size[0]}"'
            f' height="{self.size[1]}" loading="lazy"{"" if n == 0 else " hidden"}>'
            for n, (source, picture) in enumerate(zip(sources, self.pictures, strict=True))
        )
        label = html.escape(title or "Film")
        return _PAGE.format(
            id=f"tconv-film-{number}", label=label, steps=steps, last=len(self) - 1,
            count=len(self), width=self.size[0], sentence=html.escape(self[0].sentence),
        )  # fmt: skip


_numbers = itertools.count(1)

_PAGE = """\
<figure class="tconv-film" id="{id}" role="group" aria-label="{label}" style="max-width:{width}px">
<style>#{id} img{{width:100%;height:auto;background:#fff}} #{id} button,#{id} input{{font:inherit}}
#{id} .bar{{display:flex;gap:.5em;align-items:center}} #{id} input{{flex:1}}
#{id} figcaption{{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}}
</style>
<div>{steps}</div>
<div class="bar"><button type="button">Play</button>
<input type="range" min="0" max="{last}" value="0" aria-label="Step of: {label}">
<output>1</output> of {count}</div>
<figcaption aria-live="polite">{sentence}</figcaption>
<script>(() => {{
  const film = document.getElementById("{id}");
  const images = film.querySelectorAll("img"), caption = film.querySelector("figcaption");
  const button = film.querySelector("button"), slider = film.querySelector("input");
  let timer = 0;
  const show = () => {{
    images.forEach((image, n) => {{ image.hidden = n !== +slider.value; }});
    film.querySelector("output").textContent = +slider.value + 1;
    caption.textContent = images[slider.value].alt;
    slider.setAttribute("aria-valuetext", caption.textContent);
  }};
  const stop = () => {{ clearInterval(timer); timer = 0; button.textContent = "Play"; }};
  const step = () => {{
    if (slider.value === slider.max) return stop();
    slider.value = +slider.value + 1;
    show();
  }};
  slider.addEventListener("input", () => {{ stop(); show(); }});
  button.addEventListener("click", () => {{
    if (timer) return stop();
    if (slider.value === slider.max) {{ slider.value = 0; show(); }}
    timer = setInterval(step, 1000);
    button.textContent = "Pause";
  }});
}})();</script>
</figure>
"""


def _as_png(frame):
    out = io.BytesIO()
    frame.quantize(128, dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()
