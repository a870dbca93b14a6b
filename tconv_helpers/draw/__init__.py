"""Pictures: arrays in, a Picture out, one verb for each thing to show."""

from .architecture import architecture
from .charts import bars, lines
from .grids import counts, equation, grid
from .images import difference, photos
from .layers import layers
from .matrix import matrix
from .operations import positions, window
from .speed import ratios, roofline
from .table import table
from .transposed import gather, phases, stamps
from .windows import windows

__all__ = [
    "architecture", "bars", "counts", "difference", "equation", "gather", "grid", "layers",
    "lines", "matrix", "phases", "photos", "positions", "ratios", "roofline", "stamps", "table",
    "window", "windows",
]  # fmt: skip
