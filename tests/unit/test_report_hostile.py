"""Whatever a repository says, in every field at once, no format breaks, grows without bound, or hands on what acts."""

from __future__ import annotations

import csv
import importlib
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator

import pytest

from auditor.cli.lineage import FORMATS as PICTURES
from auditor.model import Lineage, Report
from auditor.report import FORMATS, content
from auditor.report.notebook import render as notebook
from tests.golden.sample import sample
from tests.support.hostile import TEXTS, hostile

# Pictures in pixels and bills of materials are read by tests of their own: test_report_png, test_report_bom.
_ELSEWHERE = ("png", "spdx", "spdx-tv", "spdx-yaml", "spdx-rdf", "spdx3", "cyclonedx", "cyclonedx-1.7")
# Characters of each format's text for the sample with ten thousand more on either side of each of its 300 texts.
# What programs read holds them whole; what people read cuts them.
_WHOLE = {"json", "jsonl", "lineage json"}
_MOST = 1_000_000


def _lineage_format(name: str) -> Callable[[Lineage], str | bytes]:
    module, _, function = PICTURES[name].partition(":")
    found: Callable[[Lineage], str | bytes] = getattr(importlib.import_module(module), function)
    return found


def _pages(report: Report) -> Iterator[tuple[str, str | bytes]]:
    """Every format of a report and of a lineage, and what a notebook shows."""
    for form in FORMATS.keys() - set(_ELSEWHERE):
        yield form, content(report, form)
    for form in PICTURES.keys() - set(_ELSEWHERE):
        yield f"lineage {form}", _lineage_format(form)(report.lineage)
    yield "notebook", notebook(report)


def _reads(form: str, text: str) -> object:
    """The page as a program of its kind reads it. Raises where it is broken."""
    kind = form.removeprefix("lineage ")
    if kind in ("json", "sarif", "gitlab"):
        return json.loads(text)
    if kind == "jsonl":
        return [json.loads(line) for line in text.splitlines()]
    if kind in ("junit", "svg", "graphml"):
        return ET.fromstring(text)
    return list(csv.reader(io.StringIO(text), strict=True)) if kind == "csv" else text


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_no_format_hands_on_what_acts(text: str) -> None:
    for form, page in _pages(hostile(text)):
        assert isinstance(page, str)
        assert {c for c in page if not c.isprintable() and c not in "\n"} <= ({"\r"} if form == "csv" else set()), form
        page.encode("utf-8")
        _reads(form, page)
        if form not in _WHOLE:
            assert len(page) < _MOST, form


def test_every_format_is_among_them() -> None:
    seen = {form.removeprefix("lineage ") for form, _ in _pages(sample())}
    assert seen | set(_ELSEWHERE) == FORMATS.keys() | PICTURES.keys() | {"notebook"}
