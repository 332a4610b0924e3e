"""Runs a rule's examples through the real pipeline: the cards are the documentation and the test."""

from __future__ import annotations

from dataclasses import dataclass, replace

from auditor.engine.match import Context, Outcome, evaluate
from auditor.engine.rule import Condition, Example, Rule
from auditor.lineage.build import build
from auditor.lineage.evidence import model_or_closed
from auditor.lineage.walk import walk
from auditor.model import Lineage, RepoId, Span, Statement
from auditor.sources.memory import MemorySource


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """How one example went."""

    example: Example
    got: Outcome

    @property
    def ok(self) -> bool:
        """Did the rule do what the example says?"""
        return self.got == self.example.kind


def run_examples(rule: Rule) -> list[ExampleResult]:
    """Every example of the rule, in order."""
    return [ExampleResult(e, outcome(rule.match, e, example_lineage(e))) for e in rule.examples]


def outcome(condition: Condition, example: Example, lineage: Lineage) -> Outcome:
    """What the condition says of the example's target."""
    return evaluate(condition, lineage.targets[0], Context(lineage)).outcome


def example_lineage(example: Example) -> Lineage:
    """The lineage of the example's first repository, with no knowledge but its own."""
    name = next(iter(example.repos))
    target = repo_id(name)

    def known(ref: RepoId) -> tuple[Statement, ...]:
        span = Span(repo="example")
        rows = example.known.get(ref.id, ())
        return tuple(replace(Statement("", None, span), **row) for row in rows)

    revision = example.repos[name].get("revision")
    found = walk([(target, revision)], MemorySource(example.repos), knowledge=known)
    return build([target], found)


def repo_id(name: str) -> RepoId:
    """`datasets/org/name` is a dataset, the name of a closed model that, everything else a model."""
    if name.startswith("datasets/"):
        return RepoId("dataset", name.removeprefix("datasets/"))
    return model_or_closed(name)
