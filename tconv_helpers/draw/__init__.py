"""Pictures: arrays in, a Picture out, one verb for each thing to show."""

from .charts import bars, lines
from .grids import counts, equation, grid
from .images import difference, photos
from .matrix import matrix
from .operations import positions, window
from .transposed import gather, phases, stamps

__all__ = [
    "bars", "counts", "difference", "equation", "gather", "grid", "lines", "matrix", "phases",
    "photos", "positions", "stamps", "window",
]  # fmt: skip
