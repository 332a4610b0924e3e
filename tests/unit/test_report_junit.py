"""JUnit XML: well formed whatever is in it, and red exactly where the exit code is not 0."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from junitparser import JUnitXml

from auditor.model import Report
from auditor.report import render
from auditor.report.rows import rows
from tests.golden.sample import CHAT, UNREAD, sample
from tests.support.hostile import TEXTS, hostile, placed

NAMED, TALLY = {"name"}, {"tests", "failures", "errors"}
RESULT = (set(), {"message"}, {"type"})
KNOWN: dict[str, tuple[set[str], set[str], set[str]]] = {
    # element: children, attributes that it must have, and further ones, as Jenkins and GitLab read them
    "testsuites": ({"testsuite"}, NAMED | TALLY, {"time"}),
    "testsuite": ({"testcase"}, NAMED | TALLY, {"skipped", "time", "timestamp", "hostname", "id"}),
    "testcase": ({"failure", "error", "skipped", "system-out"}, NAMED | {"classname"}, {"time", "file", "line"}),
    "failure": RESULT,
    "error": RESULT,
    "skipped": RESULT,
    "system-out": (set(), set(), set()),
}


def _parsed(report: Report) -> ET.Element:
    return ET.fromstring(render(report, "junit").encode("utf-8"))


def _count(root: ET.Element, what: str) -> int:
    return int(root.get(what, "-1"))


def _reports() -> list[Report]:
    """Exit codes 1, 3 (an open rule), 3 (an outage), 0 (doubts only told), 0 (waived)."""
    quiet = replace(sample(), findings=())
    graver = replace(sample().undetermined[0], severity="high")
    nodes = dict(sample().lineage.nodes)
    lost = replace(nodes[CHAT], record=replace(nodes[CHAT].record, status="unreachable", why=UNREAD))
    outage = replace(quiet, lineage=replace(quiet.lineage, nodes={**nodes, CHAT: lost}))
    waived = tuple(replace(finding, status="waived") for finding in sample().findings)
    return [
        sample(),
        replace(quiet, undetermined=(graver,)),
        outage,
        replace(outage, doubts="warn"),
        replace(sample(), findings=waived),  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize(("report", "code"), list(zip(_reports(), (1, 3, 3, 0, 0), strict=True)), ids=range(5))
def test_it_is_red_exactly_where_the_exit_code_is(report: Report, code: int) -> None:
    root = _parsed(report)
    assert report.exit_code == code
    assert (_count(root, "failures") > 0) == (code == 1)
    assert (_count(root, "errors") > 0) == (code == 3)
    assert any(row.weighs for row in rows(report)) == (code != 0)


def test_counts_are_those_of_the_tests() -> None:
    root = _parsed(sample())
    for element in (root, *root.findall("testsuite")):
        assert _count(element, "tests") == len(element.findall(".//testcase"))
        for what, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if what in element.attrib or element is not root:
                assert _count(element, what) == len(element.findall(f".//{tag}"))


@pytest.mark.parametrize("report", [*_reports(), placed(), *map(hostile, TEXTS)], ids=lambda _: "")
def test_every_element_is_one_that_readers_know(report: Report) -> None:
    for element in _parsed(report).iter():
        children, required, optional = KNOWN[element.tag]
        assert {child.tag for child in element} <= children
        assert required <= set(element.attrib) <= required | optional


@pytest.mark.parametrize("report", [*_reports(), placed(), *map(hostile, TEXTS)], ids=lambda _: "")
def test_another_reader_finds_the_same(report: Report) -> None:
    root, read = _parsed(report), JUnitXml.fromstring(render(report, "junit").encode("utf-8"))
    assert (read.tests, read.failures, read.errors) == tuple(_count(root, w) for w in ("tests", "failures", "errors"))
    cases = [case for suite in read for case in suite]
    assert [(c.classname, c.name) for c in cases] == [
        (e.get("classname"), e.get("name")) for e in root.findall(".//testcase")
    ]
    told = {type(result).__name__ for case in cases for result in case.result}
    assert told == {e.tag.capitalize() for e in root.iter() if e.tag in ("failure", "error", "skipped")}


def test_every_result_is_a_test_with_a_name_of_its_own() -> None:
    cases = _parsed(sample()).findall(".//testcase")
    assert len(cases) == len(rows(sample()))
    assert len({(case.get("classname"), case.get("name")) for case in cases}) == len(cases)


def test_a_clean_target_is_a_test_that_passes() -> None:
    clean = replace(sample(), findings=(), undetermined=())
    suite = _parsed(clean).find("testsuite")
    assert suite is not None
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == (CHAT, "1", "0")


def test_files_are_named() -> None:
    case = _parsed(placed()).find(".//testcase")
    assert case is not None
    assert (case.get("file"), case.get("line")) == ("src/train.py", "12")


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_foreign_text_changes_nothing_but_text(text: str) -> None:
    shape = [element.tag for element in _parsed(sample()).iter()]
    assert [element.tag for element in _parsed(hostile(text)).iter()] == shape
    assert "\x1b" not in render(hostile(text), "junit")
