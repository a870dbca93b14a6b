"""widgets without a browser: traits, words, bundle, errors, the save hook, the progress bar."""

import asyncio
import base64
import copy
import functools
import signal
import threading
from xml.etree import ElementTree

import nbformat
import numpy as np
import pytest
import traitlets
from matplotlib.figure import Figure
from nbclient import NotebookClient

from tconv_helpers import widgets
from tconv_helpers.picture import Picture
from tconv_helpers.save_hook import VIEW, keep_pictures
from tconv_helpers.widgets import Panel


def square(n):
    """A picture whose width tells n."""
    return Picture(Figure(figsize=(1 + n / 10, 1)), f"{n} squared is {n * n}.")


def odd_only(n):
    if n % 2 == 0:
        raise ValueError(f"n={n} must be odd.")
    return square(n)


def size(png):
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")


def test_starts_at_the_low_end_or_where_told():
    assert Panel(square, n=(2, 5)).n == 2
    assert Panel(square, n=(2, 5, 4)).n == 4
    panel = Panel(lambda **v: square(1), mode=["same", "valid"], flip=False)
    assert panel.values == {"mode": "same", "flip": False}


def test_python_moves_picture_and_words():
    panel = Panel(square, n=(1, 5))
    assert repr(panel) == "Panel at n=1. 1 squared is 1."
    before = panel._png
    panel.n = 4
    assert repr(panel) == "Panel at n=4. 4 squared is 16."
    assert panel.picture.sentence == panel._sentence == "4 squared is 16."
    assert size(before) == (110, 100)
    assert size(panel._png) == (140, 100) == (panel._width, 100)


def test_the_front_end_moves_python():
    panel = Panel(square, n=(1, 5))
    heard = []
    panel.observe(lambda change: heard.append(change["new"]), "n")
    panel.set_state({"n": 3})  # what an update message from the browser calls
    assert panel.n == 3
    assert panel.values == {"n": 3}
    assert heard == [3]
    assert size(panel._png) == (130, 100)


def test_two_panels_do_not_share_their_state():
    one, two = Panel(square, n=(1, 5)), Panel(lambda n, m: square(n + m), n=(1, 9), m=(0, 1))
    one.n = 5
    assert (two.n, two.m) == (1, 0)
    two.n = 9
    assert one.n == 5
    assert not hasattr(one, "m")


def test_values_sets_several_with_one_redraw():
    drawn = []

    def picture(a, b):
        drawn.append((a, b))
        return square(a + b)

    panel = Panel(picture, a=(0, 3), b=(0, 3))
    panel.values = {"a": 2, "b": 3}
    assert drawn == [(0, 0), (2, 3)]
    assert panel.values == {"a": 2, "b": 3}
    panel.a = 2  # no change, no redraw
    assert len(drawn) == 2


def test_one_message_carries_picture_and_words():
    panel = Panel(square, n=(1, 5))
    sent = []
    panel.send_state = lambda key: sent.append({key} if isinstance(key, str) else set(key))
    panel.n = 2
    assert sent == [{"n"}, {"_png", "_width", "_sentence"}]


def test_illegal_combination_keeps_the_last_picture():
    panel = Panel(odd_only, n=(1, 5))
    before = panel._png
    panel.n = 2
    assert panel.problem == (
        "n=2 does not work here: n=2 must be odd. The picture still shows n=1."
    )
    assert repr(panel) == f"Panel at n=2. {panel.problem}"
    assert panel._png == before
    assert panel.picture.sentence == "1 squared is 1."
    panel.n = 4  # from one illegal value to the next: what is shown is still 1
    assert panel.problem.endswith("The picture still shows n=1.")
    panel.n = 5
    assert panel.problem == ""
    assert repr(panel) == "Panel at n=5. 5 squared is 25."


def test_only_what_changed_since_the_picture_is_named():
    def picture(a, b):
        if a + b > 3:
            raise ValueError("a + b must be at most 3")
        return square(a)

    panel = Panel(picture, a=(0, 3), b=(0, 3, 3))
    panel.a = 1
    assert panel.problem.startswith("a=1 does not work here: a + b must be at most 3.")
    assert panel.problem.endswith("The picture still shows a=0.")


class Silent(Exception):
    def __str__(self):
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TypeError("a kernel is needed"), "n=2 does not work here: TypeError: a kernel is needed."),
        (KeyError("k"), "n=2 does not work here: KeyError: 'k'."),
        (ValueError("two\nlines"), "n=2 does not work here: two lines."),
        (ValueError(), "n=2 does not work here: no reason given."),
        (Silent(), "n=2 does not work here: Silent: no reason given."),
        (MemoryError("too large"), "n=2 does not work here: MemoryError: too large."),
    ],
)
def test_any_error_becomes_a_sentence(error, said, capsys):
    def picture(n):
        if n == 2:
            raise error
        return square(n)

    panel = Panel(picture, n=(1, 3))
    panel.set_state({"n": 2})
    assert panel.problem == f"{said} The picture still shows n=1."
    assert capsys.readouterr() == ("", "")


def test_a_function_that_returns_no_picture_is_told():
    panel = Panel(lambda n: None, n=(1, 3))
    assert panel.problem.startswith("n=1 does not work here: AttributeError")
    assert panel.picture is None
    assert "image/png" not in panel._repr_mimebundle_()[0]


def test_keyboard_interrupt_is_not_swallowed():
    def picture(n):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Panel(picture, n=(1, 3))


@pytest.mark.parametrize(
    ("controls", "error", "said"),
    [
        ({}, ValueError, "controls are missing"),
        ({"k": 3}, TypeError, "k=3 must be (lo, hi)"),
        ({"k": (1,)}, TypeError, r"k=(1,) must be (lo, hi)"),
        ({"k": (1.5, 3)}, TypeError, "k=(1.5, 3) must hold integers"),
        ({"k": (5, 1)}, ValueError, "k=(5, 1) must keep lo <= start <= hi"),
        ({"k": (1, 5, 6)}, ValueError, "k=(1, 5, 6) must keep lo <= start <= hi"),
        ({"k": []}, TypeError, "k=[] must be (lo, hi)"),
        ({"k": [None]}, TypeError, "k=[None] must hold strings or numbers"),
        ({"w": "1 two"}, ValueError, "w='1 two' is no array: 'two' is not a number"),
        ({"w": ""}, ValueError, "w='' is no array: type at least one number"),
        ({"layout": (1, 5)}, ValueError, "layout cannot name a control"),
        ({"picture": (1, 5)}, ValueError, "picture cannot name a control"),
        ({"values": (1, 5)}, ValueError, "values cannot name a control"),
    ],
)
def test_wrong_descriptions_name_the_control(controls, error, said):
    with pytest.raises(error) as caught:
        Panel(lambda **v: square(1), **controls)
    assert said in str(caught.value)


def test_picture_of_must_be_callable():
    with pytest.raises(TypeError, match="picture_of=3 must be a function"):
        Panel(3, n=(1, 5))


@pytest.mark.parametrize(
    ("name", "value", "error", "said"),
    [
        ("k", 9, ValueError, "k=9 must be between 1 and 5"),
        ("k", 0, ValueError, "k=0 must be between 1 and 5"),
        ("k", 2.5, TypeError, "k=2.5 must be an integer"),
        ("mode", "full", ValueError, "mode='full' must be one of ['same', 'valid']"),
        ("flip", 1, TypeError, "flip=1 must be True or False"),
    ],
)
def test_values_no_control_can_show_are_refused(name, value, error, said):
    panel = Panel(lambda **v: square(v["k"]), k=(1, 5), mode=["same", "valid"], flip=True)
    before = panel.values
    with pytest.raises(error) as caught:
        setattr(panel, name, value)
    assert str(caught.value) == said
    with pytest.raises(error):
        panel.values = {"k": 4, name: value}
    assert panel.values == before
    assert repr(panel).endswith("1 squared is 1.")


# ------------------------------------------------------------------------- a text box of numbers


def shown(weights):
    return Picture(Figure(figsize=(1, 1)), f"{weights.dtype.kind}{weights.shape} {weights}")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 2 1", [1, 2, 1]),
        ("  7 ", [7]),
        ("1, 2,3", [1, 2, 3]),
        ("-1 \N{MINUS SIGN}2 +3", [-1, -2, 3]),
        ("1/2 1 .5", [0.5, 1, 0.5]),
        ("2.0 4/2", [2, 2]),
        ("1 2; 3 4", [[1, 2], [3, 4]]),
        ("1 2;", [[1, 2]]),
        ("1;2;3;", [[1], [2], [3]]),
        ("10000", [10000]),
    ],
)
def test_text_becomes_an_array(text, wanted):
    got = []
    panel = Panel(lambda weights: got.append(weights) or shown(weights), weights=text)
    assert panel.problem == ""
    np.testing.assert_array_equal(got[0], wanted)
    assert got[0].dtype == np.asarray(wanted).dtype
    assert panel.weights == text
    assert repr(panel).startswith(f"Panel at weights={text!r}. ")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "type at least one number, such as 1 2 1"),
        (" ; ", "type at least one number, such as 1 2 1"),
        ("1 2; ; 3", "type at least one number, such as 1 2 1"),
        ("1 2 -", "'-' is not a number; type numbers such as 2, 0.5 or 1/2"),
        ("1 nan", "'nan' is not a number"),
        ("1e9", "'1e9' is not a number"),
        ("1 2.3.4", "'2.3.4' is not a number"),
        ("9" * 13, "is not a number"),
        ("1/0", "1/0 divides by 0"),
        ("10001", "10001 is too large; type numbers up to 10000"),
        ("1 2; 3", "rows must be of one length; they have 2, 1 numbers"),
        ("1 " * 101, "type at most 100 numbers"),
        ("<b>", "'<b>' is not a number"),
    ],
)
def test_half_written_text_is_explained_and_the_picture_stays(text, reason):
    panel = Panel(shown, weights="1 2 1")
    panel.set_state({"weights": text})  # what an update message from the browser calls
    assert reason in panel.problem
    assert panel.problem.endswith("The picture still shows weights='1 2 1'.")
    assert panel.weights == text
    panel.weights = "3"
    assert repr(panel) == "Panel at weights='3'. i(1,) [3]"


def test_text_is_text():
    panel = Panel(shown, weights="1 2 1")
    with pytest.raises(TypeError, match=r"weights=\[1, 2\] must be text"):
        panel.weights = [1, 2]


def test_unknown_name_in_values():
    panel = Panel(square, n=(1, 5))
    with pytest.raises(ValueError, match="stride must be one of the controls n"):
        panel.values = {"stride": 2}


def test_bundle_holds_sentence_picture_and_view():
    panel = Panel(square, n=(1, 5))
    panel.n = 3
    data, metadata = panel._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png", VIEW}
    assert data["text/plain"] == repr(panel) == "Panel at n=3. 3 squared is 9."
    assert base64.b64decode(data["image/png"]) == panel.picture.png()
    assert metadata["image/png"]["alt"] == "3 squared is 9."
    assert data[VIEW]["model_id"] == panel.model_id
    assert set(panel._repr_mimebundle_(include={"text/plain"})[0]) == {"text/plain"}
    assert set(panel._repr_mimebundle_(exclude={VIEW})[0]) == {"text/plain", "image/png"}


def test_repr_and_picture_are_the_same_in_every_run():
    first, second = Panel(square, n=(1, 5)), Panel(square, n=(1, 5))
    assert repr(first) == repr(second)
    assert first._repr_mimebundle_()[0]["image/png"] == second._repr_mimebundle_()[0]["image/png"]


def test_two_panels_can_be_linked_by_a_control():
    one, two = Panel(square, n=(1, 5)), Panel(square, n=(1, 5))
    traitlets.link((one, "n"), (two, "n"))
    one.n = 4
    assert repr(two) == "Panel at n=4. 4 squared is 16."


def output(*kinds):
    return {"output_type": "display_data", "metadata": {}, "data": dict.fromkeys(kinds, "x")}


def test_the_hook_drops_a_view_beside_a_picture_and_nothing_else():
    content = {
        "metadata": {"widgets": {"kept": 1}},
        "cells": [
            {"cell_type": "markdown", "source": VIEW},
            {
                "cell_type": "code",
                "execution_count": 3,
                "outputs": [
                    output("text/plain", "image/png", VIEW),
                    output("text/plain", VIEW),
                    output("text/plain", "image/png"),
                    {"output_type": "stream", "name": "stdout", "text": VIEW},
                ],
            },
        ],
    }
    wanted = copy.deepcopy(content)
    del wanted["cells"][1]["outputs"][0]["data"][VIEW]
    model = {"type": "notebook", "content": content}
    keep_pictures(model=model, path="a.ipynb", contents_manager=None)
    assert model == {"type": "notebook", "content": wanted}


@pytest.mark.parametrize(
    "model",
    [
        {"type": "file", "content": VIEW},
        {"type": "directory", "content": None},
        {"type": "notebook", "content": None},
        {"type": "notebook", "content": {"worksheets": []}},
    ],
)
def test_the_hook_leaves_other_models_alone(model):
    before = copy.deepcopy(model)
    keep_pictures(model=model, path="a", contents_manager=None)
    assert model == before


# ------------------------------------------------------------------------------- the progress bar


def test_progress_counts_and_says_so_once(capsys):
    assert list(widgets.progress(3, "training")) == [0, 1, 2]
    assert capsys.readouterr().out == "training: 3 steps.\n"
    assert list(widgets.progress(np.int64(0), "nothing")) == []
    assert capsys.readouterr().out == "nothing: 0 steps.\n"


@pytest.mark.parametrize(
    ("steps", "label", "error", "said"),
    [
        (2.5, "a", TypeError, "steps=2.5 must be an integer"),
        (-1, "a", ValueError, "steps=-1 must be at least 0"),
        (3, None, TypeError, "label=None must be text, such as 'training'"),
    ],
)
def test_progress_refuses(steps, label, error, said):
    with pytest.raises(error) as caught:
        widgets.progress(steps, label)  # before the loop, not in it
    assert str(caught.value) == said


def not_broken(test):
    """A KeyboardInterrupt that gets out of `test` is its failure, and not the end of pytest."""

    @functools.wraps(test)
    def guarded(*args, **kwargs):
        try:
            test(*args, **kwargs)
        except KeyboardInterrupt:
            pytest.fail("the interrupt was raised")

    return guarded


@not_broken
def test_an_interrupt_ends_the_loop_after_the_step(capsys):
    begun, ended = [], []
    before = signal.getsignal(signal.SIGINT)
    for step in widgets.progress(300, "training"):
        begun.append(step)
        if step == 119:
            signal.raise_signal(signal.SIGINT)
        ended.append(step)
    assert begun == ended == list(range(120))
    said = capsys.readouterr().out
    assert said == "training: stopped after 120 of 300; what it reached is kept.\n"
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_interrupt_is_raised():
    before = signal.getsignal(signal.SIGINT)
    seen = []
    with pytest.raises(KeyboardInterrupt):
        for step in widgets.progress(9, "training"):
            signal.raise_signal(signal.SIGINT)
            seen.append(step)
            signal.raise_signal(signal.SIGINT)
            seen.append("not reached")
    assert seen == [0]
    assert signal.getsignal(signal.SIGINT) is before


@not_broken
def test_an_interrupt_in_the_last_step_stops_nothing(capsys):
    for step in widgets.progress(2, "training"):
        if step == 1:
            signal.raise_signal(signal.SIGINT)
    assert capsys.readouterr().out == "training: 2 steps.\n"


def test_a_loop_that_is_left_gives_the_interrupt_back(capsys):
    before = signal.getsignal(signal.SIGINT)
    for step in widgets.progress(9, "searching"):
        if step == 3:
            break
    assert signal.getsignal(signal.SIGINT) is before
    assert capsys.readouterr().out == "searching: ended in step 4 of 9.\n"
    with pytest.raises(ZeroDivisionError):
        for step in widgets.progress(9, "dividing"):
            1 // step
    assert signal.getsignal(signal.SIGINT) is before
    assert capsys.readouterr().out == "dividing: ended in step 1 of 9.\n"


@not_broken
def test_one_loop_in_another_stops_the_inner_one(capsys):
    for outer in widgets.progress(2, "outer"):
        for inner in widgets.progress(5, "inner"):
            if (outer, inner) == (0, 1):
                signal.raise_signal(signal.SIGINT)
    assert capsys.readouterr().out.splitlines() == [
        "inner: stopped after 2 of 5; what it reached is kept.",
        "inner: 5 steps.",
        "outer: 2 steps.",
    ]


def test_progress_in_another_thread_only_counts():
    seen = []
    thread = threading.Thread(target=lambda: seen.extend(widgets.progress(4, "aside")))
    thread.start()
    thread.join()
    assert seen == [0, 1, 2, 3]


class FrontEnd(NotebookClient):
    """Runs cells in a kernel, keeps what it sends and interrupts it when it prints "go"."""

    def process_message(self, msg, cell, cell_index):
        kind, content = msg["msg_type"], msg["content"]
        if kind in ("display_data", "update_display_data"):
            self.sent.append((kind, content))
        if kind == "stream" and "go" in content["text"] and self.impatient:
            self.interrupting = asyncio.ensure_future(self.km.interrupt_kernel())
        return super().process_message(msg, cell, cell_index)


def run(*sources, impatient=False):
    """The cells' outputs as a notebook stores them, and what the front end was sent."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    client = FrontEnd(notebook, timeout=60)
    client.sent, client.impatient = [], impatient
    client.execute()  # raises if a cell ends in an error
    return [cell.outputs for cell in notebook.cells], client.sent


LOOP = """
import time
from tconv_helpers import widgets
best = 0
for step in widgets.progress({steps}, "training <b>"):
    time.sleep(0.05)
    best = step
    if step == 9:
        print("go", flush=True)
print("best", best)
"""


def test_a_front_end_sees_a_bar_and_is_left_with_a_sentence():
    [stored], sent = run(LOOP.format(steps=20))
    assert [kind for kind, _ in sent] == ["display_data"] + ["update_display_data"] * len(sent[1:])
    assert len({content["transient"]["display_id"] for _, content in sent}) == 1
    sentence = {"text/plain": "training <b>: 20 steps."}
    # nbval compares the first state with what is stored, and that is the last one.
    assert sent[0][1]["data"] == sent[-1][1]["data"] == stored[0]["data"] == sentence
    values = []
    for _, content in sent[1:-1]:
        page = ElementTree.fromstring(content["data"]["text/html"])
        bar = page.find(".//*[@role='progressbar']")
        values.append(int(bar.get("aria-valuenow")))
        assert bar.get("aria-label") == "training <b>"
        assert (bar.get("aria-valuemin"), bar.get("aria-valuemax")) == ("0", "20")
        assert f"width: {5 * values[-1]}%" in bar[0].get("style")
        assert content["data"]["text/plain"] == f"training <b>: {values[-1]} of 20 steps."
    assert values == sorted(set(values))
    assert 2 <= len(values) <= 6, "a step takes 0.05 s, and a state is sent every 0.2 s"


def test_a_kernel_that_is_interrupted_keeps_what_was_reached():
    [loop, after], _ = run(LOOP.format(steps=2000), "print(best)", impatient=True)
    bar, *said = loop
    best = int(after[0]["text"])
    assert "".join(output["text"] for output in said) == f"go\nbest {best}\n"
    assert 9 <= best < 100
    text = f"training <b>: stopped after {best + 1} of 2000; what it reached is kept."
    assert bar["data"] == {"text/plain": text}
