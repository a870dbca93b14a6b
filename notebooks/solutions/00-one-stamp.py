"""Chapter 00, section 6, "On paper: one stamp": the value times every tap of the kernel."""

my_stamp = [[3, 6], [0, 3]]
