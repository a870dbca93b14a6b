"""draw.architecture: the sentence comes from the net, the ink can be read, sizes mean something."""

import numpy as np
import pytest
from ink import check_text, labels

from tconv_helpers import architectures as nets
from tconv_helpers import draw, theme

NETS = {
    "dcgan": nets.dcgan(5),
    "dcgan resize": nets.dcgan(4, resize=True),
    "unet": nets.unet(),
    **{f"fcn {s}": nets.fcn(s) for s in (8, 16, 32)},
    "espcn": nets.espcn(3),
    "one": nets.Net("one", (1, 1, 1), [nets.conv_transpose(1, 1, 2, stride=2)]),
    "groups": nets.Net("g", (4, 9, 5), [
        nets.conv_transpose(4, 4, (3, 2), stride=2, padding=(1, 0), output_padding=1, groups=2)
    ]),
}  # fmt: skip


@pytest.fixture(params=["light", "dark"])
def palette(request):
    before = theme.use(request.param)
    yield request.param
    theme.use(before)


@pytest.mark.parametrize("name", NETS)
def test_text_stays_inside_and_apart(name, palette):
    picture = draw.architecture(NETS[name])
    assert picture.size[0] <= 960
    check_text(picture, smallest=9)


def test_the_sentence_tells_the_shapes():
    assert draw.architecture(NETS["groups"]).sentence == "g: 4 × 9 × 5 becomes 4 × 18 × 11."
    said = draw.architecture(NETS["unet"]).sentence
    assert "1024 × 28 × 28 becomes 2 × 388 × 388 in 17 layers. Channels: 1024, 512, 1024" in said
    assert draw.architecture(NETS["one"], say="Mine.").sentence == "Mine."


def test_badges_tell_kind_and_settings():
    texts = [label.text for label in labels(draw.architecture(NETS["groups"]))]
    for text in ("up", "k3×2 s2", "p1×0 op1", "g2", "4", "9×5", "18×11"):
        assert text in texts, text
    assert [label.text for label in labels(draw.architecture(NETS["unet"]))].count("concat") == 4


def test_height_stands_for_size_and_width_for_channels():
    """A map of four times the height is drawn twice as high; of equal channels equally wide."""
    ups = [nets.conv_transpose(8, 8, 4, stride=4), nets.conv(8, 64, 1)]
    sheet = draw.architecture(nets.Net("n", (8, 4, 4), ups)).figure.artists[0].sheet
    spans = {}
    for role in ("input", "output"):
        edge = theme.role(role).colour
        parts = [p for style, found in sheet.layers[2].items() if style[1] == edge for p in found]
        spans[role] = [np.ptp(vertices, axis=0) for vertices, _ in parts]
    (first,), (second, third) = spans["input"], spans["output"]
    assert second[1] == pytest.approx(2 * first[1])
    assert second[0] == pytest.approx(first[0])
    assert third[0] > 1.5 * second[0] and third[1] == pytest.approx(second[1])
