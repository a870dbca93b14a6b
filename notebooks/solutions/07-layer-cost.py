"""Chapter 07, exercise 1, "On paper: what one layer costs".

Weights: 256 · 128 pairs of channels, 4 · 4 taps each. By input every weight is used at 16 · 16
positions, by output at 32 · 32.
"""

weights = 256 * 128 * 4 * 4
my_costs = weights, weights * 16 * 16, weights * 32 * 32
