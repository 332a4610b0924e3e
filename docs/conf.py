"""Settings of the documentation site. Build: sphinx-build -W --keep-going -n docs build/docs"""

import re
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from auditor import __version__

project = "auditor"
author = "the auditor contributors"
copyright = author  # the name that Sphinx gives it
version = release = __version__

extensions = ["myst_parser"]
exclude_patterns = ["generate"]
myst_heading_anchors = 3  # the anchors that GitHub gives to headings
myst_links_external_new_tab = False
suppress_warnings: list[str] = []  # every warning is an error

html_theme = "pydata_sphinx_theme"
html_title = "auditor"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["filter.js"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "navigation_with_keys": False,
    "show_toc_level": 2,
    "navbar_end": ["theme-switcher"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
}

_FOREIGN = re.compile(
    r"""<(?:script|link|img|iframe|source|object|embed|video|audio)\b[^>]*\b(?:src|srcset|href|data)=["']?(?:https?:)?//"""
    r"""|url\(["']?(?:https?:)?//|@import\s+["'](?:https?:)?//"""
)
_ROOT_PAGES = {
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}


def _links_of_root_pages(app: Sphinx, path: Path, page: str, content: list[str]) -> None:
    """The pages of the root are included below `docs/`, where their links lead elsewhere."""
    if Path(path).name in _ROOT_PAGES:
        content[0] = re.sub(r"\]\(docs/", "](", content[0])
        for name, here in _ROOT_PAGES.items():
            content[0] = content[0].replace(f"]({name}", f"]({here}")


def _menu(app: Sphinx, name: str, source: list[str]) -> None:
    """A comment `toctree` with a page on each line is the menu below a page; GitHub shows nothing of it."""
    source[0] = re.sub(r"^<!-- toctree\n(.*?)\n-->", r"```{toctree}\n:hidden:\n\n\1\n```", source[0], flags=re.M | re.S)


def _loads_from_elsewhere(app: Sphinx, failed: Exception | None) -> None:
    """A reader's browser asks nobody but the site itself: no fonts, scripts, pictures or styles of others."""
    if failed is None:
        for path in [*Path(app.outdir).rglob("*.html"), *Path(app.outdir).rglob("*.css")]:
            found = _FOREIGN.search(path.read_text("utf-8"))
            if found:
                raise ExtensionError(f"{path} loads from elsewhere: {found[0][:200]}")


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", _menu)
    app.connect("include-read", _links_of_root_pages)
    app.connect("build-finished", _loads_from_elsewhere)
