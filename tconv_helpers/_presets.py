"""The explorer's examples: every figure pair of the arithmetic guide and every worked example.

One line each: the mode (C convolution, T transposed), the letters of its settings ("n1" is one-
dimensional, a library's window rule comes last), then the values of x and of w, rows parted by "/".
Values left out are the explorer's own small whole numbers.
"""

_NUMBERS = "3 3 2 1 0/0 0 1 3 1/3 1 2 2 3/2 0 0 2 2/2 0 0 0 1;0 1 2/2 2 0/0 1 2"
_A = "1 2 4/1 1 3/1 2 4"
_B = "1 4 1/1 4 3/3 3 1"
_E = "0 1/2 3;0 1/2 3"
_G = "2 1/3 2;1 2 1/2 0 1/0 2 1"

LINES = {
    "Figures: convolution": {
        "no padding: 4 → 2": "C i4 k3 s1",
        "some padding: 5 → 6": "C i5 k4 s1 p2",
        "half padding: 5 → 5": "C i5 k3 s1 p1",
        "full padding: 5 → 7": "C i5 k3 s1 p2",
        "stride: 5 → 2": "C i5 k3 s2",
        "stride and padding: 5 → 3": "C i5 k3 s2 p1",
        "one row left over: 6 → 3": "C i6 k3 s2 p1",
        "dilation: 7 → 3": "C i7 k3 s1 d2",
        "numbers, padding 0, stride 1": f"C i5 k3 s1;{_NUMBERS}",
        "numbers, padding 1, stride 2": f"C i5 k3 s2 p1;{_NUMBERS}",
    },
    "Figures: their transposes": {
        "no padding: 2 → 4": "T i2 k3 s1",
        "some padding: 6 → 5": "T i6 k4 s1 p2",
        "half padding, transposed: 5 → 5": "T i5 k3 s1 p1",
        "full padding: 7 → 5": "T i7 k3 s1 p2",
        "stride: 2 → 5": "T i2 k3 s2",
        "stride and padding: 3 → 5": "T i3 k3 s2 p1",
        "with output padding: 3 → 6": "T i3 k3 s2 p1 op1",
        "dilation: 3 → 7": "T i3 k3 s1 d2",
    },
    "Worked examples": {
        "A convolution": f"C i4 k3 s1;3 3 3 6/7 4 3 2/7 2 8 5/1 7 3 1;{_A}",
        "A transposed": f"T i2 k3 s1;2 3/4 3;{_A}",
        "B rows of C": f"C i4 k3 s1;1 2 3 4/5 6 7 8/9 10 11 12/13 14 15 16;{_B}",
        "B and back": f"T i2 k3 s1;130 151/214 235;{_B}",
        "C kernel 1 to 9": "C i4 k3 s1;;1 2 3/4 5 6/7 8 9",
        "D up-convolution of a U-Net": (
            "T i2,3 k2 s2;0.9064 0.4639 0.3109/0.3791 0.2148 0.07558;"
            "0.3459 -0.2987/-0.9396 -0.01321"
        ),
        "E stride 1": f"T i2 k2 s1;{_E}",
        "E padding 1": f"T i2 k2 s1 p1;{_E}",
        "E stride 2": f"T i2 k2 s2;{_E}",
        "F convolution": "C i3 k2 s1;0 1 2/3 4 5/6 7 8;1 2/3 4",
        "F transposed": "T i2 k2 s1;27 37/57 67;1 2/3 4",
        "G the whole canvas": f"T i2 k3 s2;{_G}",
        "G PyTorch, padding 1": f"T i2 k3 s2 p1;{_G}",
        "G PyTorch, output padding 1": f"T i2 k3 s2 p1 op1;{_G}",
        "G Keras same": f"T i2 k3 s2 keras same;{_G}",
        "G JAX SAME": f"T i2 k3 s2 jax SAME;{_G}",
        "G JAX SAME, transpose_kernel": f"T i2 k3 s2 jax SAME transpose_kernel;{_G}",
        "G JAX pads (0, 0)": f"T i2 k3 s2 p2;{_G}",
        "G ONNX SAME_UPPER": f"T i2 k3 s2 onnx SAME_UPPER;{_G}",
        "G ONNX SAME_LOWER": f"T i2 k3 s2 onnx SAME_LOWER;{_G}",
        "H 5 becomes 2": "C n1 i5 k3 s2",
        "H 6 becomes 2, too": "C n1 i6 k3 s2",
        "H 2 goes back to 5": "T n1 i2 k3 s2",
        "H 2, with output padding, to 6": "T n1 i2 k3 s2 op1",
        "H 6 becomes 14": "T n1 i6 k4 s2",
        "H 17 becomes 6": "C n1 i17 k5 s3 p2",
        "H 18 becomes 6, too": "C n1 i18 k5 s3 p2",
        "H 6 goes back to 16": "T n1 i6 k5 s3 p2",
        "I stripes: k 3, s 4, op 1": "T i4 k3 s4 op1;;1 1 1/1 1 1/1 1 1",
        "I no overlap: k 4, s 4": "T i4 k4 s4;;1 1 1 1/1 1 1 1/1 1 1 1/1 1 1 1",
        "I overlap: k 5, s 4": "T i4 k5 s4;;1 1 1 1 1/1 1 1 1 1/1 1 1 1 1/1 1 1 1 1/1 1 1 1 1",
    },
}
_LETTERS = {
    "i": "input",
    "k": "kernel",
    "s": "stride",
    "p": "padding",
    "op": "output_padding",
    "d": "dilation",
}


def read(line):
    """Return the keyword arguments of an Explorer that a line stands for.

    >>> read("T i2 k3 s2;2 1/3 2")
    {'mode': 'transposed', 'input': 2, 'kernel': 3, 'stride': 2, 'x': [[2, 1], [3, 2]]}
    """
    words, *values = line.split(";")
    mode, *words = words.split()
    found = {"mode": "convolution" if mode == "C" else "transposed"}
    for n, word in enumerate(words):
        letter = word.rstrip("0123456789,")
        if word == "n1":
            found["dims"] = 1
        elif letter in _LETTERS:
            numbers = [int(number) for number in word[len(letter) :].split(",")]
            found[_LETTERS[letter]] = numbers[0] if len(numbers) == 1 else tuple(numbers)
        else:
            found["window"] = " ".join(words[n:])
            break
    for name, text in zip("xw", values, strict=False):
        if text:
            found[name] = [[_number(v) for v in row.split()] for row in text.split("/")]
    return found


def _number(text):
    return float(text) if "." in text else int(text)
