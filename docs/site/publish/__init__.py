"""The course as a web book, as slides and as handouts, from the same executed notebooks."""
