"""Settings of the web book. publish/build.py calls Sphinx with them; see `make site`."""

import os
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))

from publish import book  # noqa: E402

from tconv_helpers import __version__  # noqa: E402

URLS = book.project_urls(os.environ.get("TCONV_PYPROJECT", ROOT / "pyproject.toml"))

project = "Transposed convolution"
author = "The authors of the transposed convolution course"
copyright = "its authors; code BSD-3-Clause, text and figures CC BY 4.0"
version = release = __version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.mathjax",
    "sphinx.ext.viewcode",
]
exclude_patterns = ["notebooks/solutions"]
nitpicky = False

nb_execution_mode = "off"  # publish/execute.py has run them
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
myst_heading_slug_func = "publish.slug.jupyter"  # links to headings are as Jupyter has them
mathjax_path = "live/mathjax.js"
mathjax3_config = {"options": {"enableMenu": False}, "svg": {"fontCache": "global"}}

autodoc_typehints = "none"
default_role = "code"
napoleon_use_rtype = False
napoleon_use_param = False  # types are words here, not names to link

html_theme = "sphinx_book_theme"
html_title = "Transposed convolution"
html_static_path = ["static", os.environ["TCONV_ASSETS"]]
html_css_files = ["site.css"]
html_js_files = ["live/modules.js", "live/live.js", "site.js"]
html_context = {"default_mode": "auto"}
html_sourcelink_suffix = ""
html_show_search_summary = False  # it would fetch pages, which a page from the disk may not
html_theme_options = {
    "home_page_in_toc": False,
    "navbar_persistent": [],
    "show_navbar_depth": 1,
    "show_toc_level": 1,
    "use_fullscreen_button": True,
    **book.theme_options(URLS),
}
html_baseurl = URLS.get("Documentation", "")


def escape_stars(app, what, name, obj, options, lines):
    """The docstrings are plain text with `code`: a lone * or | means itself."""
    shown = False  # within a doctest
    for number, line in enumerate(lines):
        shown = line.strip() != "" and (shown or line.lstrip().startswith(">>>"))
        if not shown:
            # Neither in `code` nor in *emphasis*.
            kept = r"(``[^`]*``|`[^`]*`|(?<![\w(,*])\*[a-zA-Z][\w -]*\*(?!\w))"
            parts = re.split(kept, line)
            star = r"([*|])(?! )|(?<=\S)([*|])"
            parts[::2] = [re.sub(star, r"\\\g<0>", part) for part in parts[::2]]
            lines[number] = "".join(parts)


def setup(app):
    app.connect("autodoc-process-docstring", escape_stars, priority=400)  # before napoleon
