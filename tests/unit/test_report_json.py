"""The machine formats: the contract, and that hostile values cannot break it."""

from __future__ import annotations

import json
import math
from dataclasses import replace

from auditor.model import Finding, LicenseCall, Lineage, Node, Report, Span, Statement
from auditor.report import render
from tests.golden.sample import BASE, BOT, CHAT, HOSTILE, sample

NODE_KEYS = {"id", "kind", "status", "revision", "license", "clauses", "terms"}
FINDING_KEYS = {"rule", "name", "severity", "subject", "message", "path", "evidence", "remedy", "status", "fingerprint"}


def _document(report: Report) -> dict:  # type: ignore[type-arg]
    found: dict = json.loads(render(report, "json"))  # type: ignore[type-arg]
    return found


def test_the_keys_of_the_contract_are_there() -> None:
    report = _document(sample())
    assert report["schema"] == "auditor.report/1"
    assert report["source"] == {"kind": "bundled", "as_of": "2026-01-01"}
    assert report["targets"] == [CHAT]
    assert report["verdicts"][CHAT]["verdict"] == "deny"
    assert all(node.keys() >= NODE_KEYS for node in report["nodes"])
    assert all(finding.keys() >= FINDING_KEYS for finding in report["findings"])
    assert report["exit_code"] == 1


def test_terms_say_where_they_come_from() -> None:
    target = next(node for node in _document(sample())["nodes"] if node["id"] == CHAT)
    assert {"clause": "user-count-cap", "from": BASE, "path": [CHAT, BASE]}.items() <= target["terms"][0].items()
    assert target["terms"][0]["params"] == {"threshold": 700000000, "unit": "MAU"}
    assert target["terms"][2]["contract"] is True
    assert target["terms"][2]["path"][-1] == BOT


def test_nothing_is_dropped() -> None:
    report, document = sample(), _document(sample())
    assert len(document["findings"]) == len(report.findings)
    assert len(document["nodes"]) == len(report.lineage.nodes)
    assert len(document["edges"]) == len(report.lineage.edges)
    assert len(document["undetermined"]) == len(report.undetermined)
    assert {row["id"] for row in document["incomplete"]} == {BASE, "datasets/acme/talk"}


def test_output_is_ascii_and_keeps_hostile_text_as_data() -> None:
    text = render(sample(), "json")
    assert text.isascii()
    assert "\x1b" not in text
    assert HOSTILE in [finding["message"] for finding in json.loads(text)["findings"]]


def test_odd_values_from_yaml_stay_json() -> None:
    report = sample()
    odd = Statement("license", [math.nan, {1: math.inf}, "\ud800", None], Span(CHAT))
    node = report.lineage.nodes[CHAT]
    call = replace(node.license, declared=(odd,))
    text = render(replace(report, lineage=_with(report.lineage, replace(node, license=call))), "json")
    assert "NaN" not in text
    said = json.loads(text)["nodes"][0]["license"]["statements"]
    assert said[0]["value"] == ["nan", {"1": "inf"}, "\ud800", None]


def test_lines_have_a_header_one_line_a_result_and_a_trailer() -> None:
    report = sample()
    lines = [json.loads(line) for line in render(report, "jsonl").splitlines()]
    assert lines[0]["type"] == "header"
    assert lines[-1]["type"] == "trailer"
    assert lines[-1]["exit_code"] == report.exit_code
    kinds = [line["type"] for line in lines[1:-1]]
    assert kinds == ["finding"] * 4 + ["undetermined"] + ["incomplete"] * 2
    assert lines[-1]["counts"] == {"nodes": 4, "findings": 4, "undetermined": 1, "incomplete": 2}


def test_a_finding_line_is_the_finding_of_the_document() -> None:
    line = json.loads(render(sample(), "jsonl").splitlines()[1])
    assert line.pop("type") == "finding"
    assert line == _document(sample())["findings"][0]


def test_exit_code_is_that_of_the_report_whatever_the_findings() -> None:
    quiet = replace(sample(), findings=(Finding("x", "x", "low", CHAT, "m"),), undetermined=())
    assert _document(quiet)["exit_code"] == quiet.exit_code


def _with(lineage: Lineage, node: Node) -> Lineage:
    assert isinstance(node.license, LicenseCall)
    return replace(lineage, nodes={**lineage.nodes, CHAT: node})
