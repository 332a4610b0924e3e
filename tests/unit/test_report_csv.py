"""CSV: every result a line, and no cell that a spreadsheet would obey."""

from __future__ import annotations

import csv
import io

import pytest

from auditor.model import Report
from auditor.report import render
from auditor.report.csv_ import COLUMNS
from auditor.report.rows import rows
from tests.golden.sample import CHAT, sample
from tests.support.hostile import TEXTS, hostile, placed


def _read(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render(report, "csv")), strict=True))


def test_every_result_is_a_line() -> None:
    lines = _read(placed())
    assert tuple(lines[0]) == COLUMNS
    assert len(lines) == len(rows(sample())) == 7
    assert [line["kind"] for line in lines] == ["finding"] * 4 + ["undetermined"] + ["incomplete"] * 2
    assert lines[0]["path"] == f"{CHAT} <- lab/base-7b"
    assert lines[0]["used at"].startswith("src/train.py:12; ")
    assert lines[2]["status"] == "waived"


@pytest.mark.parametrize("text", [*TEXTS, "=1+1", "+1", "-1", "@x", "\t=1+1", "\r\n=1", " =1", "＝1"])
def test_no_cell_is_a_formula(text: str) -> None:
    lines = _read(placed(hostile(text)))
    assert len(lines) == 7
    for line in lines:
        for cell in line.values():
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
            assert cell.isprintable()
