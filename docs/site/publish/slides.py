"""Decks of slides and handouts, from the executed notebooks.

A notebook's slideshow metadata says where a slide begins and what appears by itself. Whatever does
not fit one slide goes on the next, under the same heading. The notes hold the time, the question to
ask and the answers that the notebook keeps folded. What a learner types (bets, exercises) is left
out.
"""

import html
import math
import re
import shutil
from dataclasses import dataclass, field

import nbformat
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from . import live
from .book import SITE, short

# The sheet that reveal.js scales to the screen, and what of it a slide may fill, in its pixels.
WIDTH, HEIGHT = 1152, 548
LINE, LETTER = 42, 15.4  # of text: height of a line, mean width of a letter
FULL = {"code": 1.14 * HEIGHT, "picture": HEIGHT, "live": HEIGHT}  # smaller type may be used
SHORT = 3 * LINE + 18  # this much text may stand above a picture
LECTURE = "short-lecture"

MARKDOWN = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, double_inline=True)
MARKDOWN.add_render_rule(
    "math_inline", lambda self, tokens, i, *_: f"\\({html.escape(tokens[i].content)}\\)"
)
for kind in ("math_block", "math_inline_double"):
    MARKDOWN.add_render_rule(
        kind, lambda self, tokens, i, *_: f"<p>\\[{html.escape(tokens[i].content)}\\]</p>"
    )


@dataclass
class Block:
    """What stands on a slide: words, or something to look at."""

    html: str
    height: float
    kind: str = "text"  # or code, picture, live
    aspect: float = 9  # width over height, of a picture
    code: str = ""  # behind the picture, for the C key
    fragment: bool = False
    cell: str = ""


@dataclass
class Page:
    """One slide."""

    heading: str
    section: str = ""
    above: list = field(default_factory=list)
    visual: Block | None = None
    beside: list = field(default_factory=list)
    below: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    cells: list = field(default_factory=list)
    minutes: float = 0
    title: bool = False

    def empty(self):
        return not (self.above or self.visual or self.beside or self.below)


def write(folder, pages, packages):
    """Write every deck and every handout to `folder`, with all they need in folder/assets."""
    assets = live.Assets(folder / "assets")
    shutil.copy(SITE / "static/live.js", assets.folder)
    for name in ("deck.css", "deck.js", "handout.css"):
        shutil.copy(SITE / "slides" / name, assets.folder)
    for name in ("dist/reveal.css", "dist/reveal.js", "plugin/notes/notes.js"):
        shutil.copy(packages / "reveal.js" / name, assets.folder)
    shutil.copy(packages / "mathjax/es5/tex-svg.js", assets.folder / "mathjax.js")
    (folder / "handouts").mkdir(parents=True, exist_ok=True)
    decks, lecture, home = [], [], []
    path_of = lecture_path(nbformat.read(pages[0], as_version=4))
    for path in pages:
        notebook = nbformat.read(path, as_version=4)
        deck = Deck(notebook, path.stem, assets)
        made = deck.pages()
        _write_deck(folder / f"{path.stem}.html", deck.title, made)
        _write_handout(folder / "handouts" / f"{path.stem}.html", notebook, path.stem, assets)
        decks.append((path.stem, deck.title, len(made), deck.minutes))
        if sections := path_of.get(path.stem[:2]):
            lecture += deck.pages(sections)
            home += deck.first_of_summary()
    if lecture:
        lecture = [_opening(lecture), *lecture, _closing(home)]
        title, minutes = lecture[0].heading, round(sum(page.minutes for page in lecture))
        _write_deck(folder / f"{LECTURE}.html", title, lecture)
        decks.insert(0, (LECTURE, title, len(lecture), minutes))
    assets.write()
    _write_index(folder, decks)


def lecture_path(start):
    """Chapter → its sections in the short lecture, as chapter 00 names them.

    >>> words = "**Only 45 minutes?** 02, sections 2 and 3; 05, sections 1 to 3."
    >>> cell = nbformat.v4.new_markdown_cell(words)
    >>> lecture_path(nbformat.v4.new_notebook(cells=[cell]))
    {'02': [2, 3], '05': [1, 2, 3]}
    """
    text = "".join(cell.source for cell in start.cells)
    line = text.partition("**Only 45 minutes?**")[2].partition("\n\n")[0]
    found = {}
    for chapter, words in re.findall(r"(\d\d), sections? ([^;.]+)", line):
        numbers = [int(number) for number in re.findall(r"\d+", words)]
        found[chapter] = [*range(numbers[0], numbers[-1] + 1)] if " to " in words else numbers
    return found


# -------------------------------------------------------------------------------- reading cells


class Deck:
    def __init__(self, notebook, stem, assets):
        self.notebook, self.stem, self.assets = notebook, stem, assets
        self.states = live.models(notebook)
        first = notebook.cells[0].source
        self.title = first.splitlines()[0].removeprefix("# ")
        self.minutes = int(re.search(r"\*\*Minutes\*\* (\d+)", first)[1])

    def pages(self, sections=None):
        """The slides of the chapter; of a short lecture the marked cells of these sections."""
        made, group = [], []
        section, minutes = "", {}
        heading, out = "", False  # out: within the exercises
        for cell in self.notebook.cells:
            marks = cell.metadata.get("slideshow", {})
            kind = marks.get("slide_type", "-") or "-"
            if cell.cell_type == "markdown":
                if match := re.match(r"#+ (.+)", cell.source):
                    heading = match[1]
                    out = heading == "Exercises" or (out and heading not in ("Next", "To discuss"))
                if match := re.match(r"## (.+?)(?: \((\d+) min\))?\n", cell.source + "\n"):
                    section = match[1]
                    minutes[section] = int(match[2] or 0)
            if kind in ("slide", "subslide") or not group:
                group = []
                made.append((section, group))
            if sections is not None:
                number = re.match(r"\d+", section)
                if not (number and int(number[0]) in sections and marks.get("lecture")):
                    continue
            if not out:
                group.append((cell, kind))
            elif cell.source.startswith("## Exercises"):
                group.append((cell, "exercises"))
        slides = [page for section, group in made for page in self._slides(section, group)]
        for section, total in minutes.items():
            within = [page for page in slides if page.section == section]
            for page in within:
                page.minutes = total / len(within)
        if sections is not None and slides:
            slides[0].notes.insert(0, f"From chapter {self.stem[:2]}: {html.escape(self.title)}")
        return slides

    def first_of_summary(self):
        """The first sentence to take home, in a list."""
        for cell in self.notebook.cells:
            if cell.source.startswith("## Summary"):
                return re.findall(r"^- .+", cell.source, flags=re.M)[:1]
        return []

    def _slides(self, section, group):
        """The slides of one group of cells."""
        heading = re.sub(r"^\d+\. ", "", section)
        pages = [Page(heading, section)]
        for cell, kind in group:
            if kind == "notes":
                pages[-1].notes.append(MARKDOWN.render(cell.source))
                continue
            if kind == "skip":
                pages[-1].notes += [f"Answer: {a}" for _, a in _folded(cell.source)]
                continue
            if kind == "exercises":
                blocks = [self._exercises()]
            elif cell.cell_type == "markdown":
                blocks = self._words(cell, pages)
            else:
                blocks = self._shown(cell)
            for block in blocks:
                block.fragment = kind == "fragment"
                block.cell = cell.id
                _place(block, pages)
        return [page for page in pages if not page.empty()]

    def _words(self, cell, pages):
        """The blocks of a Markdown cell; its folded answers go to the notes."""
        parts = re.split(r"^(?=#{1,6} )", cell.source, flags=re.M)
        for text in filter(None, map(str.strip, parts)):
            if match := re.match(r"(#+) (.+)\n?", text):
                heading = re.sub(r" \(\d+ min\)$", "", re.sub(r"^\d+\. ", "", match[2]))
                if not pages[-1].empty():
                    pages.append(Page(heading, pages[-1].section))
                pages[-1].heading, pages[-1].title = heading, match[1] == "#"
                text = text[match.end() :]
                if pages[-1].title:
                    text, _, needed = text.partition("**You need**")
                    pages[-1].notes.append(f"<b>They need</b> {_inline(needed.strip())}")
            folded = _folded(text)
            text = re.sub(r"<details>.*?</details>", "", text, flags=re.S)
            asked = re.findall(r"\*\*Predict\.?\*\*\.?\s*(.+?)(?:\n\n|$)", text, flags=re.S)
            notes = [f"<b>Ask:</b> {_inline(question)}" for question in asked]
            notes += [f"<b>{html.escape(s)}:</b> {a}" for s, a in folded]
            for block in (block for piece in _pieces(text) for block in _text_blocks(piece)):
                yield block
                if notes and "Predict" in block.html:
                    pages[-1].notes += notes
                    notes = []
            pages[-1].notes += notes

    def _shown(self, cell):
        """The blocks of a code cell."""
        source = cell.source
        if (
            "exercises." in source
        ):  # a bet or a check: what is left is shown if it defines something
            source = re.sub(r"^(# replace .*|exercises\..*)\n?", "", source, flags=re.M).rstrip()
            if "def " not in source or "..." in source:
                return []
        source = re.sub(r"\n{3,}", "\n\n", source)
        code = highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))
        lines = source.splitlines()
        size = _type(lines)
        sheet = f'<pre class="code" style="--size:{size:.1f}px" tabindex="0">{code}</pre>'
        blocks, words = [], []
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if live.is_live(output, self.states):
                _, width, height = live.alt(output)
                markup = live.markup(output, self.states, self.assets, "assets/")
                aspect = width / height if live.FRAMES in data else 9  # an explorer takes all
                blocks.append(Block(markup, HEIGHT, "live", aspect, sheet))
            elif "image/png" in data:
                _, width, height = live.alt(output)
                markup = live.image(output, self.assets, "assets/").replace(' loading="lazy"', "")
                limit = f' style="max-width:{2.2 * width:.0f}px;max-height:{2.2 * height:.0f}px"'
                markup = markup[:-1] + limit + ">"
                blocks.append(Block(markup, HEIGHT, "picture", width / height, sheet))
            elif "text/html" in data:
                continue
            else:
                words.append(output.get("text") or data.get("text/plain", ""))
        if not blocks:
            said = "\n".join(words).rstrip()
            shown = sheet
            height = len(lines) * size * 1.42 + 40
            if said:
                rows = said.splitlines()
                small = max(14.4, _type(rows))  # a line that is longer still goes on below
                shown += f'<pre class="said" style="--size:{small:.1f}px" tabindex="0">'
                shown += f"{html.escape(said)}</pre>"
                letters = (WIDTH - 64) / (0.605 * small)
                lines = sum(math.ceil(max(1, len(row)) / letters) for row in rows)
                height += lines * small * 1.42 + 40
            blocks.append(Block(shown, height, "code"))
        return blocks

    def _exercises(self):
        titles = [
            match[1]
            for cell in self.notebook.cells
            for match in re.finditer(r"^### Exercise \d+,? ?(.+)$", cell.source, flags=re.M)
        ]
        items = "".join(f"<li>{_inline(title.strip())}</li>" for title in titles)
        text = f"<p>In the notebook, each with hints and a check:</p><ol>{items}</ol>"
        return Block(text, LINE * (1 + len(titles)) + 40)


def _type(lines):
    """Size of type at which the longest of these lines fits."""
    return min(25, (WIDTH - 64) / (0.605 * max(1, *map(len, lines))))


def _folded(text):
    """(summary, HTML) of each <details>."""
    return [
        (summary, MARKDOWN.render(inner.strip()))
        for summary, inner in re.findall(
            r"<details><summary>(.*?)</summary>(.*?)</details>", text, flags=re.S
        )
    ]


def _inline(text):
    return MARKDOWN.renderInline(text)


def _pieces(text):
    """The top-level parts of a Markdown text: paragraphs, lists, tables, code."""
    tokens = MARKDOWN.parse(text)
    lines = text.splitlines()
    for token in tokens:
        if token.level == 0 and token.map and token.nesting >= 0:
            yield token.type, "\n".join(lines[slice(*token.map)])


def _rows(text, width=WIDTH, letter=LETTER):
    """Lines that a text takes."""
    plain = re.sub(r"\\(?:[a-z]+)|[{}$`*]|\]\([^)]*\)", "", text)
    return max(1, math.ceil(len(plain) * letter / width))


def _text_blocks(piece):
    kind, text = piece
    if kind == "table_open":
        return _table(text.strip().splitlines())
    if kind in ("bullet_list_open", "ordered_list_open"):
        return _list(text, kind)
    if kind.startswith("math_block"):
        return [Block(MARKDOWN.render(text), 2 * LINE + 20)]
    if kind == "fence":
        return [Block(f'<div class="fence">{MARKDOWN.render(text)}</div>', text.count("\n") * 32)]
    return [Block(MARKDOWN.render(text), _rows(text) * LINE + 18)]


def _chunks(items, heights, room):
    """Items in as few groups as fit the room, of about equal height."""
    groups = max(1, math.ceil(sum(heights) / room))
    target = sum(heights) / groups
    chunk, total = [], 0
    for item, height in zip(items, heights, strict=True):
        if chunk and (total + height > room or (total + height / 2 > target and groups > 1)):
            yield chunk, total
            chunk, total = [], 0
        chunk.append(item)
        total += height
    if chunk:
        yield chunk, total


def _table(lines):
    head, body = lines[:2], lines[2:]
    columns = [max(len(c) for c in column) for column in zip(*map(_fields, body), strict=False)]
    whole = sum(columns) or 1

    def height(line):
        share = [max(0.12, c / whole) * WIDTH for c in columns]
        cells = zip(_fields(line), share, strict=False)
        return 12 + 33 * max(_rows(text, room, 12.4) for text, room in cells)

    for chunk, total in _chunks(body, [height(line) for line in body], HEIGHT - 90):
        yield Block(MARKDOWN.render("\n".join(head + chunk)), total + 50)


def _fields(line):
    return [field.strip() for field in line.strip().strip("|").split("|")]


def _list(text, kind):
    starts = [m.start() for m in re.finditer(r"^(?:[-*+]|\d+[.)]) ", text, flags=re.M)]
    items = [text[a:b].rstrip() for a, b in zip(starts, [*starts[1:], None], strict=True)]
    heights = [_rows(item, WIDTH - 40) * LINE + 8 for item in items]
    for chunk, total in _chunks(items, heights, HEIGHT - 40):
        yield Block(MARKDOWN.render("\n".join(chunk)), total + 16)


# ------------------------------------------------------------------------------- filling slides


def _place(block, pages):
    """Put a block on the last slide, or begin another one."""
    page = pages[-1]
    used = sum(b.height for b in page.above)
    if block.kind == "text":
        if page.visual is None:
            if page.above and used + block.height > HEIGHT and not page.title:
                page = _next(pages)
            page.above.append(block)
        elif _side(page, block):
            page.beside.append(block)
        elif _under(page, block):
            page.below.append(block)
        else:
            _next(pages).above.append(block)
    else:
        narrow = block.aspect <= 1.3
        least = {"code": block.height, "live": HEIGHT - LINE - 18}.get(block.kind, HEIGHT - SHORT)
        if page.visual is None and narrow and used and _beside_height(page.above) <= HEIGHT:
            page.above, page.beside, page.visual = [], page.above, block
        elif page.visual is None and (not page.above or used + least <= FULL[block.kind]):
            page.visual = block
        else:
            page = _next(pages)
            page.visual = block
    pages[-1].cells.append(block.cell)


def _beside_height(blocks):
    """What blocks take in the side column, which is two fifths as wide."""
    return sum((block.height - 18) * 2.7 + 18 for block in blocks)


def _side(page, block):
    """Whether words still fit beside the picture of a slide."""
    if page.visual.kind != "picture" or page.visual.aspect > 1.75 or "<table" in block.html:
        return False
    return _beside_height([*page.beside, block]) <= HEIGHT - sum(b.height for b in page.above)


def _under(page, block):
    """Whether words still fit under the picture or the code of a slide."""
    least = {"picture": 0.62 * HEIGHT, "code": page.visual.height}.get(page.visual.kind, 9 * HEIGHT)
    words = sum(b.height for b in [*page.above, *page.below, block])
    return not page.beside and least + words <= FULL[page.visual.kind]


def _next(pages):
    pages.append(Page(pages[-1].heading, pages[-1].section))
    return pages[-1]


# ------------------------------------------------------------------------------------- writing


def _opening(lecture):
    minutes = round(sum(page.minutes for page in lecture))
    titles = []
    for page in lecture:
        titles += [n.partition(": ")[2] for n in page.notes if n.startswith("From chapter ")]
    items = "".join(f"<li>{title}</li>" for title in titles)
    page = Page("Transposed convolution in one lecture", title=True)
    said = f"<p>{minutes} minutes, {len(titles)} questions</p><ol>{items}</ol>"
    page.above.append(Block(said, 300))
    return page


def _closing(home):
    page = Page("To take home")
    page.above.append(Block(MARKDOWN.render("\n".join(home)), 400))
    return page


def _fragment(block):
    return f'<div class="block{" fragment" if block.fragment else ""}">{block.html}</div>'


def _section(page, at):
    seconds = round(page.minutes * 60)
    for first in [*page.above, *page.beside, *([page.visual] if page.visual else [])][:1]:
        first.fragment = False  # a slide is never empty
    words = "".join(map(_fragment, page.above))
    if page.visual:
        visual = page.visual
        shown = " fragment" if visual.fragment and (page.above or page.beside) else ""
        figure = f'<div class="visual {visual.kind}{shown}">{visual.html}</div>'
        if page.beside:
            beside = "".join(map(_fragment, page.beside))
            figure = f'<div class="pair"><div class="beside">{beside}</div>{figure}</div>'
        words += figure + "".join(map(_fragment, page.below))
        if visual.code:
            words += f'<div class="sheet" hidden>{visual.code}</div>'
    begun = round(at * 60)
    clock = f"{begun // 60}:{begun % 60:02}"
    notes = [
        f"<b>{clock}</b> on the clock" + (f", {_spoken(seconds)} for this slide" if seconds else "")
    ]
    notes = "".join(f"<p>{note}</p>" if "<p" not in note else note for note in notes + page.notes)
    kind = "title" if page.title else "plain"
    if page.visual and page.visual.kind == "live" and not page.above:
        kind = "large"
    timing = f' data-timing="{seconds}"' if seconds else ""
    cells = " ".join(dict.fromkeys(page.cells))
    return (
        f'<section class="{kind}"{timing} data-cells="{html.escape(cells)}">'
        f"<h2>{_inline(page.heading)}</h2>"
        f'<div class="body">{words}</div><aside class="notes">{notes}</aside></section>'
    )


def _spoken(seconds):
    return f"{seconds} s" if seconds < 90 else f"{seconds / 60:.1f} min".replace(".0 ", " ")


def _write_deck(path, title, pages):
    at, sections = 0, []
    for page in pages:
        sections.append(_section(page, at))
        at += page.minutes
    text = (SITE / "slides" / "deck.html").read_text("utf-8")
    slides = _linked("\n".join(sections))
    text = text.replace("@TITLE@", html.escape(title)).replace("@SLIDES@", slides)
    path.write_text(text.replace("@PYGMENTS@", HtmlFormatter().get_style_defs(".code")), "utf-8")


def _linked(text):
    """Links to a chapter lead to its deck; other files of the course do not lie beside a deck."""
    text = re.sub(r'href="(\d\d-[\w-]+)\.ipynb[^"]*"', r'href="\1.html"', text)
    return re.sub(r'<a href="(?!https?:|\d\d-[\w-]+\.html")[^"]*">(.*?)</a>', r"\1", text)


def _write_index(folder, decks):
    rows = "".join(
        f'<tr><td><a href="{stem}.html">{html.escape(title)}</a></td><td>{minutes} min</td>'
        f"<td>{count} slides</td><td>"
        + (f'<a href="handouts/{stem}.html">handout</a>' if stem != LECTURE else "")
        + "</td></tr>"
        for stem, title, count, minutes in decks
    )
    text = (SITE / "slides" / "index.html").read_text("utf-8")
    (folder / "index.html").write_text(text.replace("@ROWS@", rows), "utf-8")


# ------------------------------------------------------------------------------------- handouts


def _write_handout(path, notebook, stem, assets):
    """One sheet of A4: what the chapter promises, its summary, its confusions, one picture."""
    first = notebook.cells[0].source
    title = first.splitlines()[0].removeprefix("# ")
    aims = re.search(r"\*\*You will be able to\*\*\n+(.*?)\n\n\*\*", first + "\n\n**", flags=re.S)
    picture = _handout_picture(notebook, assets)
    parts = {"Summary": "", "Often confused": ""}
    for cell in notebook.cells:
        for name in parts:
            if cell.source.startswith(f"## {name}"):
                parts[name] = MARKDOWN.render(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1",
                                                     cell.source.split("\n", 1)[1]))  # fmt: skip
    text = (SITE / "slides" / "handout.html").read_text("utf-8")
    body = (
        f"<header><p>{stem[:2]} · {short(stem)}</p><h1>{html.escape(title)}</h1></header>"
        f'<div class="top"><section><h2>You will be able to</h2>'
        f"{MARKDOWN.render(aims[1]) if aims else ''}</section><figure>{picture}</figure></div>"
    )
    for name, words in parts.items():
        if words:
            body += f"<section><h2>{name}</h2>{words}</section>"
    path.write_text(text.replace("@TITLE@", html.escape(title)).replace("@BODY@", body), "utf-8")


def _handout_picture(notebook, assets):
    """The picture of the cell marked for the handout, else the first one."""
    found = [
        (not cell.metadata.get("slideshow", {}).get("handout", False), number, output)
        for number, cell in enumerate(notebook.cells)
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    return live.image(min(found, key=lambda f: f[:2])[2], assets, "../assets/") if found else ""
