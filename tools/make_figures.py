"""Draw the figures of convolution arithmetic: eight convolutions and their transposes.

    make figures                     into build/figures
    make figures ARGS="--out FOLDER"

For each: NAME.svg and NAME.png, its last step; NAME.gif, played once; NAME.html, a film with play,
pause and a slider; NAME/frame-000.png …, ready for a video encoder. And index.html with all films.
For a film of your own, with any numbers: ``tconv_helpers.film``.
"""

import argparse
import html
import re
from pathlib import Path

import numpy as np

from tconv_helpers import film
from tconv_helpers._presets import LINES

ROOT = Path(__file__).resolve().parents[1]
GROUPS = {"Figures: convolution": film.convolution, "Figures: their transposes": film.transposed}
LETTERS = {"s": "stride", "p": "padding", "op": "output_padding", "d": "dilation"}
SIZE = {"i", "k"}
SCALE = 1.5  # one for all, so that each step is drawn once


def figures():
    """(name, title, film) of each figure pair, a convolution before its transpose."""
    columns = []
    for group, make in GROUPS.items():
        rows = [row for row in LINES[group].items() if ";" not in row[1]]
        columns.append([(title, line, make) for title, line in rows])
    for number, pair in enumerate(zip(*columns, strict=True), 1):
        for kind, (title, line, make) in zip(("convolution", "transposed"), pair, strict=True):
            found = re.findall(r"\b(op|[ikspd])(\d+)", line)
            sizes = {letter: int(value) for letter, value in found if letter in SIZE}
            how = {LETTERS[letter]: int(value) for letter, value in found if letter in LETTERS}
            x, w = (
                1 + np.add.outer(3 * np.arange(n), 2 * np.arange(n)) % 5
                for n in (sizes["i"], sizes["k"])
            )
            name = f"{number}-{kind}-{re.sub('[^a-z]+', '-', title.partition(':')[0])}"
            yield name, f"{kind.capitalize()}, {title}", make(x, w, **how)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "figures")
    parser.add_argument("--only", default="", help="names that contain this")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    pages = []
    for name, title, steps in figures():
        if options.only not in name:
            continue
        place = options.out / name
        steps[-1].save(place.with_suffix(".svg"))
        steps[-1].save(place.with_suffix(".png"))
        steps.gif(place.with_suffix(".gif"), scale=SCALE)
        steps.png(place, scale=SCALE)
        page = steps.page(title, scale=SCALE)
        place.with_suffix(".html").write_text(page, encoding="utf-8")
        pages.append(f"<h2>{html.escape(title)}</h2>\n{page}")
        print(f"{name}: {len(steps)} steps", flush=True)
    head = '<!doctype html>\n<html lang="en"><meta charset="utf-8">'
    head += "<title>Convolution arithmetic</title>"
    style = "<style>body{font:18px sans-serif;max-width:70em;margin:auto;padding:1em}</style>"
    text = "\n".join([head, style, "<h1>Convolution arithmetic</h1>", *pages, "</html>\n"])
    (options.out / "index.html").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
