"""The lineage as a picture in PNG: the SVG, drawn in light colors by resvg. Needs the extra `png`.

Its font comes with the extra, so that slim containers have letters, and so that the same lineage gives the same bytes
on every machine; the machine's own fonts are asked only for letters beyond it.
"""

from __future__ import annotations

import importlib.util
import math
import re
from pathlib import Path

from auditor.errors import UsageError
from auditor.model import Lineage, Report
from auditor.report import svg

_FONT = "Source Sans 3"
_FONT_FILE = ("fontpkg_source_sans_3", "files/SourceSans3[wght].ttf")
_KNOWN = 0x180  # characters below are in the font, as are the signs and marks of the pictures
_SIGNS = frozenset("✗◆✓…·←–—“”‘’")
_SHARPEST = 2.0  # pixels for one of the SVG
_PIXELS = 20_000_000  # at most: 80 MB while drawing
_SIZE = re.compile(r'width="(\d+)" height="(\d+)"')
_VARIABLE = re.compile(r"var\(--([a-z-]+)\)")


def render_report(report: Report) -> bytes:
    """The lineage of a report."""
    return render(report.lineage)


def render(lineage: Lineage) -> bytes:
    """A picture with its legend, on white. Raises UsageError where the extra is missing."""
    font = _font()
    try:
        import resvg_py
    except ImportError:
        font = None
    if font is None:  # without it, a machine that has no fonts would give a picture without words
        raise UsageError(
            "the format png needs the packages resvg_py and fontpkg-source-sans-3",
            remedy="Install the extra: pip install 'model-license-auditor[png]'. The format svg needs none.",
        )
    text = svg.picture(lineage, f"<style>{_style()}</style>", legend_in_picture=True)
    width, height = map(int, _SIZE.findall(text)[0])
    return resvg_py.svg_to_bytes(
        svg_string=text,
        zoom=min(_SHARPEST, math.sqrt(_PIXELS / (width * height))),
        skip_system_fonts=all(ord(character) < _KNOWN or character in _SIGNS for character in text),
        font_files=[font],
    )


def _font() -> str | None:
    """The file of the font that comes with the extra."""
    package, path = _FONT_FILE
    found = importlib.util.find_spec(package)
    file = Path(found.origin).parent / path if found and found.origin else None
    return str(file) if file and file.is_file() else None


def _style() -> str:
    """The style sheet of the pictures in its light colors, without what resvg does not know: variables and media."""
    sheet = svg.style()
    colors = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", sheet[: sheet.index("@media")]))
    rules = sheet[sheet.index("svg.lineage {") :]
    own = f"svg.lineage {{ font-family: '{_FONT}', sans-serif; }}"
    return f"{_VARIABLE.sub(lambda found: colors[found[1]], rules)}\n{own}"
