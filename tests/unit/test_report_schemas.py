"""The schemas on disk are those of the code, and real output meets them."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from auditor.model import Clause, Difference, Span, TextMatch
from auditor.report import render
from auditor.report.json_ import render_lineage
from auditor.report.license_text import Reading, render_lines
from auditor.report.schemas import SCHEMAS
from auditor.resources import load_folder, rules_dir
from tests.golden.sample import sample

FOLDER = Path(__file__).parents[2] / "schemas"


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_file_is_fresh(name: str) -> None:
    kept = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    assert kept == SCHEMAS[name](), "run: python -m docs.generate"


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_is_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name]())


def test_the_report_meets_its_schema() -> None:
    jsonschema.validate(json.loads(render(sample(), "json")), SCHEMAS["report"]())


def test_each_line_of_a_report_meets_its_schema() -> None:
    lines = [json.loads(line) for line in render(sample(), "jsonl").splitlines()]
    assert {line["type"] for line in lines} == {"header", "finding", "undetermined", "incomplete", "trailer"}
    validator = jsonschema.Draft202012Validator(SCHEMAS["lines"]())
    for line in lines:
        validator.validate(line)
        assert list(validator.iter_errors({**line, "extra": 1}))


def test_a_lineage_meets_its_schema() -> None:
    jsonschema.validate(json.loads(render_lineage(sample().lineage)), SCHEMAS["lineage"]())


def test_what_is_said_of_a_license_text_meets_its_schema() -> None:
    difference = Difference(3, 7, "more")
    match = TextMatch("MIT", "modified", 0.9, (("MIT", 0.9),), (difference,), 2)
    clause = Clause("non-commercial", {"scope": "model"}, Span("", start=1, end=4, quote="not"), "2")
    readings = [Reading("LICENSE", (match, match), (clause,), "cut"), Reading("x.pdf", (), (), "a PDF", unread=True)]
    for line in render_lines(readings).splitlines():
        jsonschema.validate(json.loads(line), SCHEMAS["license"]())


def test_an_unknown_key_or_a_missing_one_is_refused() -> None:
    report = json.loads(render(sample(), "json"))
    broken = {key: value for key, value in report.items() if key != "verdicts"}
    for wrong in (broken, {**report, "extra": 1}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, SCHEMAS["report"]())


def test_shipped_rules_meet_theirs() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMAS["rule"]())
    rules = {
        name: raw
        for name, raw in load_folder(rules_dir()).items()
        if not name.startswith(("clauses/", "policy/", "prose/"))
    }
    for name, raw in rules.items():
        assert not list(validator.iter_errors(raw)), name
