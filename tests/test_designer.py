"""The inverse designer without a browser: what it lists, how it filters, the code it writes."""

import base64
from itertools import product

import numpy as np
import pytest
import traitlets

from tconv_helpers import ops, sizes
from tconv_helpers.designer import LARGEST, SHOWN, Designer, overlap
from tconv_helpers.explorer import Explorer


def every_layer(source, target, kernels, strides, dilations):
    """All legal settings with this target, by trying them one after the other."""
    found = set()
    for k, s, d in product(kernels, strides, dilations):
        for op, p in product(range(max(s, d)), range(source * s + k * d)):
            try:
                how = {"stride": s, "padding": p, "output_padding": op, "dilation": d}
                size = sizes.conv_transpose_size(source, k, **how)
            except ValueError:
                continue
            if size == target:
                found.add((k, s, p, op, d))
    return found


# ---------------------------------------------------------------------------------- what is listed


@pytest.mark.parametrize(("source", "target"), [(4, 8), (5, 5), (3, 10), (6, 4)])
def test_lists_every_legal_layer_and_no_other(source, target):
    designer = Designer(
        source, target, kernels=range(1, 5), strides=range(1, 4), whole=False, dilated=True
    )
    wanted = every_layer(source, target, range(1, 5), range(1, 4), (1, 2, 3))
    assert len(wanted) > 3
    assert set(designer.designs) == wanted
    assert len(designer.designs) == len(wanted)
    designer.dilated = False
    assert set(designer.designs) == {layer for layer in wanted if layer[4] == 1}


def test_lists_the_known_layers():
    designer = Designer(16, 32)
    assert [tuple(design)[:4] for design in designer.designs] == [
        (2, 2, 0, 0), (4, 2, 1, 0), (6, 2, 2, 0), (8, 2, 3, 0),
        (1, 2, 0, 1), (3, 2, 1, 1), (5, 2, 2, 1), (7, 2, 3, 1),
    ]  # fmt: skip
    assert designer._rows[5] == [
        "3", "2", "1", "1", "1", "2 1", "2,304", "9,216", "PyTorch, TensorFlow, JAX, ONNX",
    ]  # fmt: skip


def test_whole_keeps_layers_that_use_every_input():
    designer = Designer(5, 6, whole=False, kernels=range(1, 4), strides=range(1, 4))
    for k, s, p, op, d in designer.designs:
        ones = np.ones(5, int), np.ones(k, int)
        how = {"stride": s, "padding": p, "output_padding": op, "dilation": d}
        stamps = ops.stamps(*ones, stride=s, dilation=d)
        window = slice(p, p + sizes.conv_transpose_size(5, k, **how))
        first_is_used = bool(stamps[0, window].any())
        assert first_is_used == (p <= d * (k - 1))
    designer.whole = True
    assert all(design.padding <= design.kernel - 1 for design in designer.designs)


def test_even_overlap_is_what_the_stamps_show():
    for source, target in [(8, 16), (8, 24), (8, 17)]:
        designer = Designer(source, target, even=True, kernels=range(1, 7), dilated=True)
        for design in designer.designs:
            k, s, p, op, d = design
            covers = ops.canvas(np.ones(40, int), np.ones(k, int), stride=s, dilation=d)
            middle = covers[d * (k - 1) : -d * (k - 1) or None]
            assert len(set(middle.tolist())) == 1


def test_overlap_counts_the_stamps_of_each_phase():
    for k, s, d in product(range(1, 6), range(1, 5), (1, 2, 3)):
        covers = ops.canvas(np.ones(40, int), np.ones(k, int), stride=s, dilation=d)
        start = -(-d * (k - 1) // s) * s  # an interior cell of phase 0
        wanted = tuple(covers[start : start + s].tolist())
        assert overlap(sizes.Design(k, s, 0, 0, d)) == wanted


def test_most_counts_as_it_is_told():
    designer = Designer(16, 32, most=8192)
    assert {design.kernel for design in designer.designs} == {1, 2, 3, 4, 5}
    designer.count = "output"
    assert {design.kernel for design in designer.designs} == {1, 2}


def test_order_by_cost():
    designer = Designer(16, 32, order="cheap")
    assert [design.kernel for design in designer.designs] == list(range(1, 9))


def test_library_keeps_what_it_can_say():
    designer = Designer(16, 32, library="keras")
    assert [design.kernel for design in designer.designs] == [2, 4, 6, 8, 1]
    designer.library = "pytorch"
    assert len(designer.designs) == 8


def test_a_long_list_is_shown_in_part():
    designer = Designer(16, 36, whole=False, dilated=True)
    assert len(designer.designs) > SHOWN == len(designer._rows) == len(designer._keys)
    assert f"The first {SHOWN} are shown." in designer._words


# ------------------------------------------------------------------------------------- the widget


def test_python_chooses_and_reads_the_code():
    designer = Designer(16, 32)
    assert designer.chosen == (2, 2, 0, 0, 1)
    designer.chosen = sizes.Design(4, 2, 1, 0, 1)
    assert designer.code == "nn.ConvTranspose2d(C_in, C_out, 4, stride=2, padding=1)"
    designer.language = "jax"
    assert designer.code.startswith("lax.conv_transpose(x, w, (2, 2), [(2, 2), (2, 2)]")
    with pytest.raises(ValueError, match=r"chosen=\(3, 2, 1, 0, 1\) must be one of the layers"):
        designer.chosen = 3, 2, 1, 0, 1
    assert designer.chosen == (4, 2, 1, 0, 1)


def test_the_choice_stays_while_it_is_listed():
    designer = Designer(16, 32)
    designer.chosen = 3, 2, 1, 1, 1
    designer.order = "cheap"
    assert designer.chosen == (3, 2, 1, 1, 1)
    designer.language = "keras"
    assert designer.code == (
        "# Keras has no one call for this window: take the whole canvas and slice it."
    )
    designer.even = True
    assert designer.chosen == (2, 2, 0, 0, 1)


def test_the_code_names_the_present_size():
    designer = Designer(16, 32, language="tensorflow")
    assert "[N, 32, 32, C_out]" in designer.code
    designer.set_state({"source": 20, "target": 40})
    assert designer.chosen == (2, 2, 0, 0, 1)
    assert "[N, 40, 40, C_out]" in designer.code


def test_the_front_end_chooses():
    designer = Designer(16, 32)
    designer.set_state({"_chosen": [6, 2, 2, 0, 1]})
    assert designer.chosen == (6, 2, 2, 0, 1)
    assert designer.code == "nn.ConvTranspose2d(C_in, C_out, 6, stride=2, padding=2)"
    designer.set_state({"_chosen": [6, 2, 2, 1, 1]})  # from a list that is no longer the list
    assert designer.chosen == (6, 2, 2, 0, 1)


def test_the_choice_is_loaded_into_an_explorer():
    explorer = Explorer(pinned="y[1,1]")
    designer = Designer(16, 32, explorer=explorer)
    assert (explorer.dims, explorer.kernel, explorer.stride) == (1, 2, 2)
    designer.chosen = 7, 2, 3, 1, 1
    assert (explorer.kernel, explorer.padding, explorer.output_padding) == (7, 3, 1)
    assert explorer.y.size == 12
    assert designer._loaded == "The explorer shows the chosen one along one axis, 6 → 12."


def test_an_explorer_gets_as_many_inputs_as_the_padding_needs():
    explorer = Explorer()
    designer = Designer(16, 32, explorer=explorer, whole=False)
    designer.chosen = 3, 3, 8, 0, 1
    assert explorer.padding == 8 and explorer.x.size > 5
    assert f"{explorer.x.size} → {explorer.y.size}" in designer._loaded


def test_a_layer_that_the_explorer_cannot_draw_is_said():
    designer = Designer(10, 320, explorer=Explorer(), kernels=[64], strides=[32])
    assert designer.chosen == (64, 32, 16, 0, 1)
    assert designer._loaded.startswith("The explorer cannot draw the chosen one: ")
    assert "must be at most" in designer._loaded


def test_nothing_fits_is_said_with_a_way_out():
    designer = Designer(16, 32, library="keras", kernels=[3], strides=[2])
    assert designer.designs == [] and designer.chosen is None and designer._keys == []
    assert designer.code == "# No layer is chosen."
    assert designer._words == (
        "16 → 32: 1 layer, and none passes the filters. To see some: allow any library (1 layer)."
    )
    designer = Designer(16, 500)
    assert designer._words == (
        "16 → 500: no layer with a kernel up to 8 and a stride up to 8, dilation up to 1: 135 is "
        "the largest size they reach."
    )
    assert repr(designer).endswith(designer._words)
    assert sizes.conv_transpose_size(16, 8, stride=8, output_padding=7) == 135


def test_the_way_out_is_one():
    designer = Designer(16, 32, even=True, most=300)
    assert designer.designs == []
    assert designer._words == (
        "16 → 32: 140 layers, and none passes the filters. To see some: allow uneven overlap "
        "(1 layer) or allow more MACs (4 layers)."
    )
    designer.even = False
    assert len(designer.designs) == 1
    designer.set_state({"even": True, "most": 0})
    assert len(designer.designs) == 4


def test_wrong_arguments_are_named():
    for wrong in ({"source": 0}, {"target": LARGEST + 1}, {"library": "caffe"}, {"count": "both"}):
        with pytest.raises(traitlets.TraitError, match=next(iter(wrong))):
            Designer(**wrong)
    with pytest.raises(TypeError, match="no argument 'stride'"):
        Designer(16, 32, stride=2)


def test_the_sentence_tells_the_state():
    designer = Designer(16, 32, even=True, most=10000, order="cheap", library="onnx")
    assert repr(designer) == (
        "Designer: 16 → 32, even overlap, in ONNX, at most 10,000 MACs by input, cheapest first: "
        "3 layers: k2 s2; k4 s2 p1; k6 s2 p2. Chosen: k2 s2."
    )


def test_the_bundle_has_sentence_picture_and_alt_text():
    designer = Designer(16, 32)
    data, metadata = designer._repr_mimebundle_()
    assert data["text/plain"] == repr(designer) == metadata["image/png"]["alt"]
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert "application/vnd.jupyter.widget-view+json" in data
    only, _ = designer._repr_mimebundle_(include={"text/plain"})
    assert set(only) == {"text/plain"}
    before = data["image/png"]
    designer.chosen = designer.designs[1]
    assert designer._repr_mimebundle_()[0]["image/png"] != before
    assert Designer(16, 500)._repr_mimebundle_()[0]["image/png"] != before


def test_one_message_carries_a_change():
    designer = Designer(16, 32)
    sent = []
    designer.send_state = lambda key: sent.append({key} if isinstance(key, str) else set(key))
    designer.target = 48
    assert sent == [{"target"}, {"_rows", "_keys", "_words", "_chosen", "_codes"}]
