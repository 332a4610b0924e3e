"""Every known system gives its findings from the bundled facts, and what it does not give has a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from auditor.engine.apply import apply_rules
from auditor.engine.load import load_rules
from auditor.inputs.targets import parse_target
from auditor.pipeline import open_source, trace_lineage

SYSTEMS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("all_systems.yaml").read_text("utf-8"))
RULES = load_rules()
NAMES = {name for rule in RULES for name in (rule.id, rule.name)}
SOURCE = open_source("bundled")


def test_there_are_all_of_them() -> None:
    assert len(SYSTEMS) == 61
    assert len({row["id"] for row in SYSTEMS}) == 61


@pytest.mark.parametrize("row", SYSTEMS, ids=lambda row: str(row["id"]))
def test_findings(row: dict[str, Any]) -> None:
    target = parse_target(row.get("target", row["id"]))
    if "answer" in row:
        assert target.ref is None
        assert f"({row['answer']})" in target.answer
        return
    assert target.ref is not None
    lineage = trace_lineage([(target.ref, None)], SOURCE)
    findings, _ = apply_rules(RULES, lineage, lineage.targets)
    fired = {name for finding in findings for name in (finding.rule, finding.name)}
    assert not set(row["expect"]) - fired
    assert not set(row.get("quiet", ())) & fired


def test_only_rules_that_exist_are_named() -> None:
    named = {name for row in SYSTEMS for key in ("expect", "quiet") for name in row.get(key, ())}
    assert not named - NAMES


def test_what_is_told_otherwise_says_why() -> None:
    for row in SYSTEMS:
        for other in row.get("otherwise", ()):
            assert set(other) == {"what", "why"}
            assert other["why"].endswith(".")
