"""The fragment by which Jupyter links to a heading."""


def jupyter(heading):
    """Jupyter's anchor of a heading's text.

    >>> jupyter("Often confused")
    'Often-confused'
    """
    return heading.replace("`", "").replace("*", "").strip().replace(" ", "-")
