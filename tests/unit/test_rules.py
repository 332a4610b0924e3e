"""Every rule does on its examples what they say, and every part of its condition matters to one of them."""

from __future__ import annotations

import string
from collections import Counter

import pytest

from auditor.engine.apply import apply_rules
from auditor.engine.examples import example_lineage, outcome, run_examples
from auditor.engine.load import load_rules
from auditor.engine.rule import Condition, Junction, Not, Quantifier, Rule
from auditor.engine.weaken import variants
from auditor.facts.vocabulary import NODE_FACTS, TERM_FACTS
from auditor.lineage.terms import clause_key

RULES = load_rules()
# Rules that can always be decided: the kind of a node is known, and so is what was asked for.
DECIDED = {"closed-model-mutable", "closed-weights", "closed-training-data", "lock-drift-gone", "unpinned-revision"}
# The names under which other tools and people look for findings.
FAMILIES = [
    "user-count-cap",
    "revenue-cap",
    "no-train-other-models",
    "non-commercial",
    "use-restrictions",
    "flow-down",
    "naming-duty",
    "display-duty",
    "attribution-duty",
    "territorial-exclusion",
    "non-osi-license",
    "license-missing",
    "license-unknown",
    "tag-text-mismatch",
    "relicensed-ancestor",
    "dataset-non-commercial",
    "closed-model-outputs",
    "closed-weights",
    "training-data-undisclosed",
    "base-undeclared",
    "license-drift",
    "unpinned-revision",
]


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_examples(rule: Rule) -> None:
    wrong = [f"{r.example.why}: expected {r.example.kind}, got {r.got}" for r in run_examples(rule) if not r.ok]
    assert not wrong


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_every_part_of_the_condition_matters(rule: Rule) -> None:
    cases = [(e, example_lineage(e)) for e in rule.examples]
    unnoticed = [
        label
        for label, changed in variants(rule.match)
        if all(outcome(changed, example, lineage) == example.kind for example, lineage in cases)
    ]
    assert not unnoticed, f"no example notices these changes: {unnoticed}"


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_examples_cover_the_kinds_and_say_why(rule: Rule) -> None:
    kinds = Counter(e.kind for e in rule.examples)
    assert kinds["fires"] >= 1
    assert kinds["quiet"] >= 2
    assert kinds["undetermined"] >= 1 or rule.id in DECIDED
    assert all(e.why for e in rule.examples)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_messages_are_complete_sentences_without_gaps(rule: Rule) -> None:
    for example in rule.examples:
        if example.kind != "fires":
            continue
        lineage = example_lineage(example)
        findings, _ = apply_rules([rule], lineage, lineage.targets)
        assert findings
        for finding in findings:
            for text in (finding.message, finding.remedy):
                assert "not stated" not in text
                assert "{" not in text
                assert text[0].isupper() or text.startswith(finding.path) or "/" in text.split()[0]
            assert finding.subject == lineage.targets[0] == finding.path[0]


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_messages_name_only_facts_that_exist(rule: Rule) -> None:
    names = set(_quantifiers(rule.match))
    for text in (rule.message, rule.remedy):
        for _, field, _, _ in string.Formatter().parse(text):
            for place in (field or "subject").split("|"):
                assert _exists(place, names), place


def test_the_names_that_others_look_for_exist() -> None:
    assert not set(FAMILIES) - {r.name for r in RULES}


def test_rules_have_references_and_reasons() -> None:
    assert not [r.id for r in RULES if not r.references or not r.rationale or not r.remedy]


def test_one_finding_for_each_cause() -> None:
    rule = next(r for r in RULES if r.id == "relicensed-ancestor")
    lineage = example_lineage(rule.examples[0])
    target = lineage.nodes[lineage.targets[0]]
    assert len({clause_key(t.clause) for t in target.terms if len(t.path) > 1}) > 1
    findings, _ = apply_rules([rule], lineage, lineage.targets)
    assert len(findings) == 1


def _exists(place: str, names: set[str]) -> bool:
    head, _, rest = place.partition(".")
    if place in ("subject", "license", *NODE_FACTS) or (place in names and head != "term"):
        return True
    if place in ("descent", "origin.says"):
        return bool(names)
    if head == "origin":
        return bool(names) and rest in NODE_FACTS
    if head in names:
        return rest in (TERM_FACTS if head == "term" else NODE_FACTS) or rest.startswith("params.")
    return False


def _quantifiers(condition: Condition) -> list[str]:
    if isinstance(condition, Quantifier):
        return [condition.name]
    if isinstance(condition, Junction):
        return [name for part in condition.parts for name in _quantifiers(part)]
    return _quantifiers(condition.part) if isinstance(condition, Not) else []
