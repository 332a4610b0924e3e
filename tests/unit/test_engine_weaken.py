"""Every part of a condition is once left out, turned or widened."""

from __future__ import annotations

from auditor.engine.rule import Junction, Leaf, Not, Quantifier
from auditor.engine.weaken import variants

A, B = Leaf("kind", "is", "model"), Leaf("license.osi", "is", False)


def test_each_part_of_a_junction_is_left_out() -> None:
    assert [changed for _, changed in variants(Junction("all", (A, B)))] == [
        Junction("all", (B,)),
        Junction("all", (A,)),
    ]


def test_a_negation_is_turned() -> None:
    assert [changed for _, changed in variants(Not(A))] == [A]


def test_each_value_and_relation_of_a_list_is_left_out() -> None:
    leaf = Leaf("clause", "in", ["x", "y"])
    quantifier = Quantifier("any_term", "term", ("finetune", "merge"), 2, leaf)
    changed = [c for _, c in variants(quantifier)]
    assert Quantifier("any_term", "term", ("merge",), 2, leaf) in changed
    assert Quantifier("any_term", "term", ("finetune", "merge"), None, leaf) in changed
    assert Quantifier("any_term", "term", ("finetune", "merge"), 2, Leaf("clause", "in", ["y"])) in changed
    assert len(changed) == 5


def test_the_only_value_of_a_list_stays() -> None:
    assert not list(variants(Leaf("clause", "in", ["x"])))
