"""What every picture of draw must keep: its text inside, apart, and large enough."""


def labels(picture):
    return [label for artist in picture.figure.artists for label in artist.labels]


def check_text(picture, *, smallest):
    """Fail if a label leaves the picture, lies over another, or is smaller than `smallest`."""
    width, height = picture.size
    found = labels(picture)
    boxes = [label.box for label in found]
    for n, (x0, y0, x1, y1) in enumerate(boxes):
        assert 0 <= x0 and x1 <= width and 0 <= y0 and y1 <= height, found[n].text
        for m, (u0, v0, u1, v1) in enumerate(boxes[:n]):
            apart = min(x1, u1) <= max(x0, u0) or min(y1, v1) <= max(y0, v0)
            assert apart, f"{found[n].text!r} lies over {found[m].text!r}"
    assert min(label.size for label in found) >= smallest
