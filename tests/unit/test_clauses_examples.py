"""Every example of every clause file, and what a clause file must have."""

import pytest

from auditor.identify.clause_rules import clause_rules, examples
from auditor.identify.clauses import read_clauses
from auditor.identify.vocabulary import vocabulary

EXAMPLES = examples()
CATALOGUE_ONLY = {"no-sublicensing"}  # known of licenses, not read from texts
CASES = [
    (clause, kind, example if isinstance(example, dict) else {"text": example})
    for clause, kinds in EXAMPLES.items()
    for kind in ("match", "quiet")
    for example in kinds.get(kind, ())
]


@pytest.mark.parametrize(
    ("clause", "kind", "example"), CASES, ids=[f"{c}-{k}-{n}" for n, (c, k, _) in enumerate(CASES)]
)
def test_example(clause: str, kind: str, example: dict) -> None:
    found = [c for c in read_clauses(example["text"]) if c.id == clause]
    if kind == "quiet":
        assert not found, f"{found[0].span.quote!r} is no {clause}"
        return
    wanted = example.get("params", {})
    assert any(wanted.items() <= dict(c.params).items() for c in found), [dict(c.params) for c in found]


@pytest.mark.parametrize("clause", sorted(EXAMPLES))
def test_a_clause_has_examples_both_ways(clause: str) -> None:
    assert len(EXAMPLES[clause].get("match", ())) >= 2
    assert len(EXAMPLES[clause].get("quiet", ())) >= 2


def test_every_clause_of_the_vocabulary_can_be_read_and_no_other() -> None:
    assert set(vocabulary()) - {rule.id for rule in clause_rules()} == CATALOGUE_ONLY
    assert {rule.id for rule in clause_rules()} <= set(vocabulary())


def test_parameters_are_those_of_the_vocabulary() -> None:
    for rule in clause_rules():
        for wording in rule.wordings:
            assert set(wording.params) <= set(vocabulary()[rule.id].params), rule.id
