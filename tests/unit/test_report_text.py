"""The report for people: what a reader relies on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditor.model import Decision, Finding, Reason, Report
from auditor.policy.verdict import DOUBTS
from auditor.report import render
from auditor.report.folding import fold
from auditor.report.page import cells as cell_len
from auditor.report.text import render as text
from tests.golden.sample import BASE, CHAT, HOSTILE, sample


def _position(shown: str, *words: str) -> list[int]:
    return [shown.index(word) for word in words]


def test_verdict_comes_first_and_the_closing_line_last() -> None:
    shown = text(sample())
    order = _position(
        shown, "NOT ALLOWED for product", "What decides it", "What you would have to do", "Findings", "Could not tell"
    )
    assert order == sorted(order)
    assert shown.rstrip().endswith("Triage, not legal advice.")


@pytest.mark.parametrize("width", [40, 72, 100, 140])
def test_lines_keep_to_the_width_except_addresses(width: int) -> None:
    for line in text(sample(), width=width).splitlines():
        assert cell_len(line) <= width or "https://" in line


def test_plain_output_has_no_escape_sequence_and_color_has_only_ours() -> None:
    assert "\x1b" not in text(sample())
    colored = text(sample(), color=True)
    assert "\x1b[" in colored
    assert "\x1b[31mred" not in colored
    assert "\u202e" not in colored


def test_rich_markup_of_others_is_text() -> None:
    assert "[bold]markup[/bold]" in text(sample(), color=True)


def test_severities_descend() -> None:
    order = _position(text(sample()), "● high", "● medium", "○ info")
    assert order == sorted(order)


def test_an_ancestor_with_the_same_cause_is_folded_not_dropped() -> None:
    shown = text(sample())
    assert f"The same holds for {BASE}." in shown
    assert "The same cap." not in shown
    assert "In the ancestry" not in shown


def test_a_different_cause_on_an_ancestor_is_shown() -> None:
    extra = Finding("license-missing", "license-missing", "low", BASE, "It has no license.", (BASE,))
    shown = text(replace(sample(), findings=(*sample().findings, extra)))
    assert "In the ancestry" in shown
    assert "It has no license." in shown


def test_folding_loses_no_finding() -> None:
    findings = sample().findings
    groups = fold(findings, (CHAT,))
    causes = [cause for theirs in groups.values() for group in theirs for cause in group.causes]
    assert len(causes) + sum(len(cause.also) for cause in causes) == len(findings)


def test_causes_beyond_the_first_few_are_counted() -> None:
    many = tuple(
        Finding("non-commercial", "non-commercial", "high", CHAT, f"Cause {n}.", (CHAT, f"lab/m{n}")) for n in range(9)
    )
    shown = text(replace(sample(), findings=many))
    assert "Cause 3." in shown
    assert "and 5 more causes: lab/m4, lab/m5, lab/m6, lab/m7, lab/m8" in " ".join(shown.split())


def test_what_could_not_be_told_is_never_among_the_findings() -> None:
    shown = text(sample())
    findings, unknown = shown.split("Could not tell")
    assert "503" in unknown
    assert "503" not in findings
    assert "dataset-non-commercial" in unknown


def test_a_clean_report_says_so_and_names_no_doubt() -> None:
    clean = replace(
        sample(), decisions={CHAT: Decision("allow")}, findings=(), undetermined=(), lineage=_only_target(sample())
    )
    shown = text(clean)
    assert "ALLOWED for product: nothing in its license or its ancestry stands in the way." in shown
    assert "Could not tell" not in shown
    assert "no findings" in shown


def test_sections_and_addresses_are_cited() -> None:
    shown = text(sample())
    assert "section 2, lab/base-7b LICENSE:14" in shown
    assert "/lab/base-7b/blob/0123456789abcdef0123456789abcdef01234567/LICENSE#L14" in shown


def test_conditions_count_the_duties() -> None:
    duties = (Reason("a", "Do this."), Reason("b", HOSTILE))
    shown = text(replace(sample(), decisions={CHAT: Decision("conditions", duties=duties)}))
    assert "ALLOWED WITH CONDITIONS for product: 2 duties to meet." in shown
    assert "☐ Do this." in shown


def test_formats_end_in_a_line_end() -> None:
    for form in ("text", "json", "jsonl"):
        assert render(sample(), form).endswith("\n")


def _only_target(report: Report) -> object:
    lineage = report.lineage
    return replace(lineage, nodes={CHAT: lineage.nodes[CHAT]}, edges=(), cut=())


def test_a_doubt_is_said_once_over_the_duties_that_hang_on_it() -> None:
    decision = sample().decisions[CHAT]
    sure = decision.duties[0]
    doubtful = [
        replace(sure, clause=clause, text=f"{words} {DOUBTS['inferred']}", doubt="inferred")
        for clause, words in (("military-restriction", "Make no weapons."), ("share-alike", "Share alike."))
    ]
    told = replace(decision, verdict="conditions", because=(), duties=(sure, *doubtful))
    report = replace(sample(), decisions={CHAT: told})
    for form in ("text", "markdown", "html"):
        page = render(report, form)
        assert page.count("if the inferred lineage is right: confirm it first") == 1, form
        assert "(The lineage that brings" not in page, form
        assert page.index("Ship a copy") < page.index("confirm it first") < page.index("Make no weapons."), form
    assert "1 duty to meet, 2 more in doubt." in render(report, "text")
    assert "1 duty, 2 more in doubt" in render(report, "html")
