"""GitLab's code quality report: its required keys, its severities, one issue a file, fingerprints that are unique."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from auditor.model import Report
from auditor.report import render
from auditor.report.rows import rows
from tests.golden.sample import sample
from tests.support.hostile import TEXTS, hostile, placed

SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def _issues(report: Report) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render(report, "gitlab"))
    return found


@pytest.mark.parametrize("report", [sample(), placed(), *map(hostile, TEXTS)], ids=lambda _: "")
def test_issues_have_what_gitlab_asks_for(report: Report) -> None:
    issues = _issues(report)
    for issue in issues:
        assert issue["description"] == issue["description"].replace("\n", " ").replace("\x1b", "")
        assert issue["check_name"]
        assert issue["severity"] in SEVERITIES
        assert issue["location"]["path"]
        assert not issue["location"]["path"].startswith(("/", "./"))
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


def test_nothing_is_left_out_and_what_is_waived_is_marked() -> None:
    issues = _issues(sample())
    assert len(issues) == len(rows(sample()))
    waived = [issue for issue in issues if issue["description"].startswith("[waived]")]
    assert [issue["severity"] for issue in waived] == ["info"]


def test_one_issue_for_each_file() -> None:
    places = [(i["location"]["path"], i["location"]["lines"]["begin"]) for i in _issues(placed())[:2]]
    assert places == [("src/train.py", 12), ("configs/run a,b.yaml", 3)]


def test_fingerprints_stay_when_lines_move() -> None:
    before = _issues(placed())
    moved = tuple(replace(p, line=p.line + 7) for p in placed().findings[0].places)
    findings = tuple(replace(f, places=moved) for f in placed().findings)
    after = _issues(replace(placed(), findings=findings))
    assert [issue["fingerprint"] for issue in before] == [issue["fingerprint"] for issue in after]
