"""A chapter opened without running it: every stored picture is there, and no error."""

import re
from html import unescape
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter, MarkdownExporter, SlidesExporter

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
TEMPLATES = {
    "classic": lambda: HTMLExporter(template_name="classic"),
    "lab": lambda: HTMLExporter(template_name="lab"),
    "reveal": SlidesExporter,
}


def outputs(path):
    """Every stored output, but those of cells that the slides skip are told apart."""
    for cell in nbformat.read(path, 4).cells:
        skipped = cell.metadata.get("slideshow", {}).get("slide_type") == "skip"
        for output in cell.get("outputs", []):
            yield skipped, output


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_no_output_is_an_error_or_waits_for_a_kernel(path):
    for _, output in outputs(path):
        assert output.output_type != "error"
        data = output.get("data", {})
        assert not any("widget" in kind for kind in data), "a view that only a kernel can fill"
        if "image/png" in data:
            assert output.metadata["image/png"]["alt"].strip()
            assert data["text/plain"].strip()


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_every_template_shows_every_stored_picture(path, template):
    page, _ = TEMPLATES[template]().from_filename(str(path))
    shown = re.findall(r'<img[^>]*src="?data:image/png;base64,([^">]{40})', page)
    stored = [
        output.data["image/png"][:40]
        for skipped, output in outputs(path)
        if "image/png" in output.get("data", {}) and not (skipped and template == "reveal")
    ]
    assert stored, "a chapter has pictures"
    assert shown == stored
    words = unescape(re.sub(r"<[^>]+>", " ", page))
    assert "Error displaying widget" not in words


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_as_markdown_every_stored_picture_is_a_file(path):
    text, resources = MarkdownExporter().from_filename(str(path))
    pictures = [o for _, o in outputs(path) if "image/png" in o.get("data", {})]
    assert len(resources["outputs"]) == text.count("![png]") == len(pictures)
