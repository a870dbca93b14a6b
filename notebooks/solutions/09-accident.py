"""Chapter 09, exercise 3: right by accident.

i + 2p + k - 1 = (i - 1)s + k - 2p holds when 4p = (i - 1)(s - 1), whatever the kernel. With stride
2 and padding 1 that is i = 5.
"""

my_accident = (5, 3, 2, 1)
