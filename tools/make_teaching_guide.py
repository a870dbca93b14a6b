"""Write docs/teaching/chapters: what to ask in each section, and what to say to the answers.

    python tools/make_teaching_guide.py            writes a page for each chapter
    python tools/make_teaching_guide.py --check    writes nothing, exit 1 if a page would change

Questions, answers and diagnoses are those of the exercises, minutes and confusions those of the
notebooks, so nothing here says anything else than the course does.
"""

import argparse
import re
import runpy
from pathlib import Path

import nbformat
import numpy as np

from tconv_helpers import sizes
from tconv_helpers.artifacts import overlap_counts
from tconv_helpers.exercises import CHAPTERS
from tconv_helpers.exercises._exercise import When
from tconv_helpers.exercises._reading import shown
from tconv_helpers.exercises._value import Value
from tconv_helpers.exercises.chapter_07 import painted
from tconv_helpers.exercises.variants import TEMPLATES

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "teaching" / "chapters"
MADE = "<!-- Made by tools/make_teaching_guide.py from the notebook and the exercises. -->"
MEASURED = {"stamps-or-zeros"}  # bets that the reader's own machine decides
# Questions for sections that have neither a bet nor a confusion to judge:
# section → (question, what many answer, what to say).
QUESTIONS = {
    "01.5": (
        "Kernel 3, dilation 2: how many cells does it span?",
        3 * 2,
        f"{sizes.canvas_size(1, 3, dilation=2)}. There are two gaps between three taps, and each"
        " gets one cell.",
    ),
    "01.7": (
        "A colour picture, a 3 × 3 layer with one output channel: how many weights?",
        3 * 3,
        f"{3 * 3 * 3}: a slice for each input channel. All products go into one sum.",
    ),
    "01.9": (
        "The weights of a kernel sum to 0. What does it make of a white wall?",
        "the wall",
        "0: equal values times weights that sum to 0. That is why such kernels find edges.",
    ),
    "01.10": (
        "No padding, stride 1. Into how many outputs does a corner of x go, for a 3 × 3 kernel?",
        3 * 3,
        "1: the corner lies in the first window only. Point at it.",
    ),
    "02.4": (
        "One axis, stride 1: how many different numbers stand on one diagonal of the matrix?",
        "as many as taps",
        "One. A row is the row above it, moved by one column.",
    ),
    "02.5": (
        "Stride 2: which rows of the matrix at stride 1 remain?",
        "the first half",
        "Every second one. The stride leaves out places, and a row is a place.",
    ),
    "02.7": (
        "256 × 256 pixels, kernel 3: how many of a row's entries are not 0?",
        "a third",
        f"{3 * 3} of {256 * 256:,}. That is why it is kept sparse, or not at all.",
    ),
    "03.3": (
        "Two inputs, kernel 3, stride 2: how long is the canvas?",
        2 * 3,
        f"{sizes.canvas_size(2, 3, stride=2)}: one step of 2, and then one whole stamp.",
    ),
    "03.6": (
        "Kernel 3, stride 2, one axis: how many taps does an interior output cell meet?",
        3,
        f"{' or '.join(map(str, sorted({*overlap_counts(4, 3, stride=2)[2:-2].tolist()})))}, by its"
        " phase. The other taps would meet inserted zeros.",
    ),
    "03.10": (
        "What must you know of an implementation to run the adjoint test on it?",
        "its weights",
        "Nothing but how to call it forwards and backwards. Both sides are one number, and they are"
        " equal for all x and z, or it is no adjoint.",
    ),
    "03.11": (
        "Which operation is the backward pass of a transposed convolution, at its input?",
        "another transposed convolution",
        "A convolution: the transpose of Cᵀ is C.",
    ),
    "04.6": (
        "Kernel 3 gets dilation 2. By how many cells does the canvas of 100 inputs grow?",
        100,
        f"{sizes.canvas_size(100, 3, dilation=2) - sizes.canvas_size(100, 3)}: (d − 1)(k − 1),"
        " whatever the input. The stamps still begin s cells apart.",
    ),
    "04.7": (
        "A U-Net halves three times. Which sizes come back without a repair?",
        "even ones",
        f"Multiples of {2**3}: each of the three halvings must find an even number.",
    ),
    "05.1": (
        "Nothing is trained, nothing is random, all weights are equal. What drew the pattern?",
        "the photograph",
        "Only kernel size and stride are left. The next section counts.",
    ),
    "05.3": (
        "All weights 1, stride 2: with which kernel sizes is a constant kept constant?",
        "odd ones",
        "Even ones: then both phases have equally many taps.",
    ),
    "05.6": (
        "Put a zero after each value of a constant. How many frequencies has it now?",
        1,
        f"{np.count_nonzero(np.abs(np.fft.fft(np.tile([1, 0], 8))) > 1e-9)}: 0, and half a cycle"
        " per cell. The second one is the checkerboard.",
    ),
    "05.7": (
        "All weights are doubled. What becomes of the checkerboard strength?",
        "it doubles",
        "It stays. It is the share of pattern in what comes out, and both double.",
    ),
    "05.9": (
        "A phase sum must fall by 3, and the phase has three taps. Which change is the smallest?",
        "3 from one tap",
        f"1 from each: {1 + 1 + 1} against {3**2} in squares.",
    ),
    "06.1": (
        "Values from 0 to 1, mean squared error 0.01: how many decibel?",
        40,
        f"{round(-10 * np.log10(0.01))}. Ten times the logarithm; twenty times belongs to the root"
        " of the error.",
    ),
    "07.3": (
        "Four layers of kernel 5, stride 2: how wide is what one cell paints?",
        4 * 5,
        f"{painted([(5, 2)] * 4)}: each layer spreads the cells by 2, then adds a kernel.",
    ),
    "07.4": (
        "Kernel 2, stride 3: what is the smallest count?",
        1,
        f"{overlap_counts(4, 2, stride=3).min()}: stamps leave holes between them.",
    ),
    "07.8": (
        "Sub-pixel, three times as large, one channel out: how many channels before the shuffle?",
        3,
        f"{3 * 3}: one for each place in a block of 3 × 3.",
    ),
    "08.1": (
        "Five libraries, five lines, all shapes are right. What can still differ?",
        "nothing",
        "The numbers: by the order of the axes, the flip, the window and the first weights.",
    ),
    "08.6": (
        "The layer is moved and every shape is right. Which test is left?",
        "to train it and look",
        "One random input through both, and the numbers compared. It takes a second.",
    ),
    "08.7": (
        "You choose another library's window. Which values on the canvas change?",
        "all of them",
        "None. Other cells of the same canvas are kept; only JAX's flip changes the stamps.",
    ),
    "09.1": (
        "A sentence is right in one example. What does that prove?",
        "that it is right",
        "That it is not always false. Look for the smallest case in which it could fail.",
    ),
    "09.7": (
        "A formula is right for most small layers. Is it nearly right?",
        "yes",
        "It is wrong, and hard to catch: so many examples would not betray it.",
    ),
    "10.1": (
        "One call from Python, one product, one byte from memory: which is the dearest?",
        "the product",
        "The call, by more than a hundred times.",
    ),
    "10.2": (
        "28 × 28 inputs, kernel 3. How many turns has a loop over pixels, and one over taps?",
        "the same",
        f"{28 * 28} and {3 * 3}. The products are the same; the calls are not.",
    ),
    "10.3": (
        "28 × 28 inputs, k3 s2: how many entries has the matrix, and how many are taps?",
        "nearly all are",
        f"{28**2 * sizes.canvas_size(28, 3, stride=2) ** 2:,} entries, {28**2 * 3**2:,} taps.",
    ),
    "10.5": (
        "One matrix product makes everything. What does that cost that a loop over taps does not?",
        "nothing",
        "Memory: all k² products of every input exist at once, are written and read again.",
    ),
    "10.6": (
        "Kernel 3, stride 2. Sub-pixel rounds the kernel up. To which size?",
        3,
        f"{2 * -(-3 // 2)}: so that each phase has as many taps as the largest, {-(-3 // 2)} along"
        " an axis.",
    ),
    "10.8": (
        "A point lies on the slanted part of the roof. Would faster arithmetic help?",
        "yes",
        "No: bytes hold it back. Move fewer, or use each more often.",
    ),
    "10.10": (
        "Working in blocks saves no product. Why can it be faster?",
        "it saves products",
        "The products of a block stay in the cache, so fewer bytes go to memory.",
    ),
}

assignment = runpy.run_path(str(ROOT / "tools" / "make_assignment.py"))


def table(head, rows):
    """A Markdown table; nothing without rows."""
    if not rows:
        return ""
    lines = [head, ["---"] * len(head), *rows]
    cells = [[str(cell).replace("\n", " ").replace("|", "\\|") for cell in row] for row in lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in cells) + "\n"


def written(value):
    """An answer as it is said: 4, 1 or "larger" without the quotation marks."""
    if isinstance(value, str):
        return value
    array = np.asarray(value)
    if array.dtype.kind == "f" and (array % 1 == 0).all():
        array = array.astype(int)
    if array.ndim == 1 and 0 < array.size <= 9:
        return ", ".join(shown(part) for part in array.tolist())
    return shown(array)


def outline(notebook):
    """(heading, cells) of each section of a notebook."""
    sections = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            sections.append((cell.source.splitlines()[0][3:], []))
        if sections:
            sections[-1][1].append(cell)
    return sections


def confusions(sections):
    """Section number → what is often said there, and what is true."""
    found = {}
    for heading, cells in sections:
        if heading != "Often confused":
            continue
        for line in cells[0].source.splitlines():
            fields = [field.strip() for field in re.split(r"(?<!\\)\|", line.strip("| "))]
            if len(fields) == 3 and (numbers := re.findall(r"\d+", fields[2])):
                if re.match(r"sections? ", fields[2]):
                    found.setdefault(int(numbers[0]), []).append(fields[:2])
    return found


def asked(bet):
    """A bet: the question, the answer, and what to say to each wrong one."""
    if bet.name in MEASURED:
        answer = "Your machine decides when you reveal it: try it on the one that you project from."
    else:
        answer = f"**{written(bet.target())}.**"
    rows = [
        ["another answer" if isinstance(idea, When) else written(idea.answer()), said(idea)]
        for idea in bet.ideas
    ]
    return f"Ask (`{bet.name}`): **{bet.question}**\n\nAnswer: {answer} {bet.because}\n\n" + table(
        ["The hall says", "You say"], rows
    )


def said(idea):
    return f"{idea.says} ({idea.see})"


def section(chapter, heading, cells, confused):
    """The part of a page on one section: minutes, bets, confusions."""
    minutes = re.search(r" \((\d+) min\)$", heading)
    number = int(re.match(r"\d+", heading)[0])
    key = f"{chapter}.{number}"
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    marked = any(cell.metadata.get("slideshow", {}).get("lecture") for cell in cells)
    parts = [f"## {heading[: minutes.start()]}\n"]
    lecture = ", with slides in the short lecture" if marked else ""
    parts.append(f"{minutes[1]} minutes{lecture}.\n")
    first = cells[0].source.split("\n\n")[1:2]
    if first and not first[0].startswith(("**Predict", "|", "$$", "- ", "1. ")):
        plain = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", " ".join(first[0].split()))
        parts.append(f"It begins: {plain}\n")
    for name in re.findall(r'^exercises\.bet\("([^"]+)"', code, re.MULTILINE):
        parts.append(asked(CHAPTERS[chapter][name]))
    if key in QUESTIONS:
        question, wrong, say = QUESTIONS[key]
        parts.append(f"Ask: **{question}**\n")
        parts.append(table(["Many say", "You say"], [[wrong, say]]))
    if rows := confused.get(number):
        parts.append("Read aloud, and ask for hands: true or not?\n")
        parts.append(table(["Often said here", "What is true"], rows))
    return "\n".join(parts)


def handed_in(chapter, number, exercise, text):
    """The part of a page on one exercise: points, answer, wrong ideas."""
    points = assignment["points"](number)
    heading = re.sub(r"^### Exercise \d+[.,] *", "", text.splitlines()[0])
    heading = heading[0].upper() + heading[1:]
    solution = f"../../../notebooks/solutions/{chapter}-{exercise.name}.py"
    about = [f"`{exercise.name}`", f"{points} point{'s' if points > 1 else ''}"]
    about += [f"[solution]({solution})"]
    if exercise.name in TEMPLATES:
        about.append("other numbers for each group")
    parts = [f"### {number}. {heading}\n", " · ".join(about) + "\n", f"{exercise.question}\n"]
    if isinstance(exercise, Value):
        because = f" {exercise.because}" if exercise.because else ""
        parts.append(f"Answer: **{written(exercise.target())}.**{because}\n")
        rows = [
            ["several answers" if isinstance(idea, When) else written(idea.answer()), said(idea)]
            for idea in exercise.ideas
        ]
        parts.append(table(["Handed in", "You say"], rows))
    else:
        parts.append(f"```python\n{assignment['solution'](chapter, exercise.name)}\n```\n")
        if exercise.because:
            parts.append(f"To say when it is right: {exercise.because}\n")
        parts.append("Wrong ideas, and what to say:\n")
        parts.append("".join(f"- {said(idea)}\n" for idea in exercise.ideas))
    return "\n".join(parts)


def page(path):
    """The page of the chapter in this notebook."""
    notebook, chapter = nbformat.read(path, 4), path.name[:2]
    exercises, sections = CHAPTERS[chapter], outline(notebook)
    title = notebook.cells[0].source.splitlines()[0].lstrip("# ")
    minutes = re.search(r"\*\*Minutes\*\* (\d+)", notebook.cells[0].source)[1]
    tasks = list(assignment["tasks"](notebook))
    total = sum(assignment["points"](n) for n in range(1, len(tasks) + 1))
    parts = [
        f"# Teaching {chapter}: {title}\n\n{MADE}\n",
        f"[The notebook](../../../notebooks/{path.name}), {minutes} minutes without the exercises."
        f" {len(tasks)} exercises, {total} points. (03.4) means chapter 03, section 4.\n",
    ]
    confused = confusions(sections)
    for heading, cells in sections:
        if re.match(r"\d+\. ", heading):
            parts.append(section(chapter, heading, cells, confused))
    parts.append("## Exercises\n")
    for number, (name, text, _) in enumerate(tasks, 1):
        parts.append(handed_in(chapter, number, exercises[name], text))
    for cell in notebook.cells:
        if match := re.match(r"(?:### To discuss\s+|\*\*To discuss\.\*\* *)", cell.source):
            parts.append(f"## To discuss\n\n{cell.source[match.end() :].strip()}\n")
    text = "\n".join(parts)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"\]\((\d\d-)", r"](../../../notebooks/\1", text))


def pages():
    """File → its text, for every chapter with exercises to mark."""
    notebooks = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))[1:]
    return {PAGES / f"{path.stem}.md": page(path) for path in notebooks}


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if stale")
    options = parser.parse_args(arguments)
    made, stale = pages(), 0
    for path in sorted({*made, *PAGES.glob("*.md")}):
        text = made.get(path)
        if text == (path.read_text("utf-8") if path.exists() else None):
            continue
        stale += 1
        print(f"{path.relative_to(ROOT)}: {'would change' if options.check else 'written'}")
        if options.check:
            continue
        if text is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
