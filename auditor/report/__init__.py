"""The formats of a report. Each is one module with `render(report) -> str`; formats lay out, they never filter."""

from __future__ import annotations

import importlib
from collections.abc import Mapping

from auditor.model import Report

FORMATS: Mapping[str, str] = {
    "text": "auditor.report.text",
    "json": "auditor.report.json_",
    "jsonl": "auditor.report.jsonl",
}
"""Name of a format to its module, which is imported when the format is asked for."""


def render(report: Report, form: str = "text", *, width: int = 100, color: bool = False) -> str:
    """The report in one of `FORMATS`, ending in a line end. Width (columns) and color concern text alone."""
    module = importlib.import_module(FORMATS[form])
    text: str = module.render(report, width=width, color=color) if form == "text" else module.render(report)
    return text
