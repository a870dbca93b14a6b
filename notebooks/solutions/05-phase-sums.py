"""Chapter 05, exercise 1, "On paper: phase sums".

Taps 0 and 3 share a phase: 1 + 4. Taps 1 and 4 share one: 2 + 5. Tap 2 is alone: 3.
"""

my_sums = [5, 7, 3]
