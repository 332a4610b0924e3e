"""Workflow commands: one a line, escaped, at the user's files; what fails the audit first and alone as an error."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.model import Undetermined
from auditor.report import render
from auditor.report.rows import folded, rows
from tests.golden.sample import CHAT, sample
from tests.support.hostile import TEXTS, hostile, placed


def test_annotations_stand_at_the_users_files() -> None:
    first = render(placed(), "github").splitlines()[0]
    assert first.startswith("::error file=src/train.py,line=12,col=5,title=User-count cap (high)::")
    assert "Also at src/train.py:40, configs/run a,b.yaml:3." in first


def test_what_fails_the_audit_comes_first_and_nothing_else_is_an_error() -> None:
    levels = [line.split()[0].strip(":") for line in render(sample(), "github").splitlines()[:-1]]
    assert levels == sorted(levels, key=("error", "warning", "notice").index)
    assert levels.count("error") == sum(row.weighs for row in rows(sample())) == 2
    lenient = replace(sample(), findings=(replace(sample().findings[1], severity="high", status="baseline"),))
    assert "::error" not in render(lenient, "github")


def test_what_is_waived_is_counted_and_not_shown() -> None:
    *commands, closing = render(sample(), "github").splitlines()
    assert len(commands) == len(rows(sample())) - 1
    assert "1 waived or in the baseline" in closing
    assert "3 could not be told" in closing
    assert f"exit {sample().exit_code}" in closing


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_foreign_text_starts_no_command(text: str) -> None:
    lines = render(placed(hostile(text)), "github").split("\n")
    assert len(lines) == len(render(placed(), "github").split("\n"))
    for line in lines[:-2]:
        head, _, message = line[2:].partition("::")
        assert line.startswith(("::error ", "::warning ", "::notice "))
        assert head.count("=") >= 1
        assert message
        assert "\x1b" not in line
        assert len(line) < 4096
    assert "##[" not in lines[-2]


def test_properties_cannot_be_forged() -> None:
    report = replace(sample(), findings=(replace(sample().findings[0], title="a,line=1::b"),))
    assert "title=a%2Cline=1%3A%3Ab (high)::" in render(report, "github")


def test_what_one_gap_leaves_open_is_one_annotation() -> None:
    node = sample().lineage.nodes[CHAT]
    rules = ("one", "two", "three")
    open_rules = tuple(Undetermined(name, name, "high", CHAT, "its parent is gone") for name in rules)
    report = replace(sample(), findings=(), undetermined=open_rules)
    (row,) = [row for row in folded(report) if row.kind == "undetermined"]
    assert row.message == f"3 rules could not be decided for {CHAT} (one, two, three): its parent is gone"
    assert row.weighs
    gone = replace(node, record=replace(node.record, status="missing", why="deleted"))
    lost = replace(report, lineage=replace(report.lineage, nodes={**report.lineage.nodes, CHAT: gone}))
    commands = [line for line in render(lost, "github").splitlines() if line.startswith("::error")]
    assert len(commands) == 1
    assert f"{CHAT} is missing: deleted. So 3 rules could not be decided for {CHAT} (one, two, three)." in commands[0]
    assert len(rows(lost)) == len(folded(lost)) + 3
