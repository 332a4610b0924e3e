"""The formats of a report. Each is one module with `render(report)`; formats lay out, they never filter."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from auditor.errors import UsageError

if TYPE_CHECKING:
    from auditor.model import Report

FORMATS: Mapping[str, str] = {
    "text": "auditor.report.text",
    "json": "auditor.report.json_",
    "jsonl": "auditor.report.jsonl",
    "markdown": "auditor.report.markdown",
    "model-card": "auditor.report.markdown:render_section",
    "html": "auditor.report.html",
    "csv": "auditor.report.csv_",
    "sarif": "auditor.report.sarif",
    "github": "auditor.report.github",
    "junit": "auditor.report.junit",
    "gitlab": "auditor.report.gitlab",
    "spdx": "auditor.report.spdx",
    "spdx-tv": "auditor.report.spdx_forms:render_tag_value",
    "spdx-yaml": "auditor.report.spdx_forms:render_yaml",
    "spdx-rdf": "auditor.report.spdx_forms:render_rdf",
    "spdx3": "auditor.report.spdx3",
    "cyclonedx": "auditor.report.cyclonedx",
    "cyclonedx-1.7": "auditor.report.cyclonedx:render_1_7",
    "svg": "auditor.report.svg:render_report",
    "png": "auditor.report.png:render_report",
}
"""Name of a format to its module (and function, if not `render`), which is imported when the format is asked for."""


def render(report: Report, form: str = "text", *, width: int = 100, color: bool = False) -> str:
    """The report in one of `FORMATS`, ending in a line end. Width (columns) and color concern text alone.

    Raises UsageError for a format that is no text.
    """
    found = content(report, form, width=width, color=color)
    if isinstance(found, bytes):
        raise UsageError(f"{form} is no text", remedy="Take the bytes: auditor.report.content.")
    return found


def content(report: Report, form: str, *, width: int = 100, color: bool = False) -> str | bytes:
    """The report in one of `FORMATS`: text as from `render`, or the bytes of a picture."""
    module, _, function = FORMATS[form].partition(":")
    lay_out = getattr(importlib.import_module(module), function or "render")
    found: str | bytes = lay_out(report, width=width, color=color) if form == "text" else lay_out(report)
    return found
