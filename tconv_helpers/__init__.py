"""Helpers of the course on transposed convolution.

NumPy computes (``ops``, ``sizes``), one theme draws (``theme``, ``picture``, ``draw``), widgets
react (``widgets``), exercises judge (``exercises``). Import the module you need; this package
imports none.
"""

__version__ = "0.1.0"
