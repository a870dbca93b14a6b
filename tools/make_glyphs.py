"""Draw the 26 capital letters of DejaVu Sans Bold as 16 × 16 pictures: notebooks/data/letters.png.

    python tools/make_glyphs.py

matplotlib brings the font. Each letter is drawn large, made smaller by averaging, and stands in the
middle; the strip is 16 high and 26 · 16 wide, ink is white. The same font gives the same bytes.
"""

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.ft2font import FT2Font
from PIL import Image

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SIZE, FINER = 16, 8
TARGET = Path(__file__).resolve().parents[1] / "notebooks" / "data" / "letters.png"


def letter(font, char):
    font.set_text(char, 0)
    font.draw_glyphs_to_bitmap(antialiased=True)
    ink = np.asarray(font.get_image(), float)
    sheet = np.zeros((SIZE * FINER, SIZE * FINER))
    top, left = ((have - want) // 2 for have, want in zip(sheet.shape, ink.shape, strict=True))
    sheet[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return sheet.reshape(SIZE, FINER, SIZE, FINER).mean(axis=(1, 3))


def main():
    font = FT2Font(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans-Bold.ttf")
    font.set_size(108, 72)
    strip = np.concatenate([letter(font, char) for char in LETTERS], axis=1)
    Image.fromarray(np.rint(strip).astype(np.uint8)).save(TARGET, optimize=True)
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, {strip.shape[1]} × {strip.shape[0]}")


main()
