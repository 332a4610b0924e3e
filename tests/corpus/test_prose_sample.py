"""What is read from the prose of 337 real cards, held against the facts that a reader took from them.

The first line of each file says how its cards were drawn and what was measured when. Facts were written down first.
`prose_sample.jsonl`: the patterns were tuned on the half `tune`; `judge` gave the first honest figure, then helped,
too. `prose_sample_2.jsonl`: drawn afterwards; a hash tells its halves apart. `held` was measured before any change and
once after all changes that `tune` and cards outside the samples gave rise to. What is asserted here is what the
patterns reach now, rounded down, so that a new one cannot buy recall with false statements.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from auditor.model import Kind, Statement
from auditor.parse.prose import said_besides, statements

CORPUS = Path(__file__).parents[2] / ".." / "shared" / "corpus"
HERE = Path(__file__).parent
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real cards is not beside the project"),
]


class Score(NamedTuple):
    """Counts of statements (`right`, `wrong`) and of facts that none states (`missed`)."""

    right: int
    wrong: list[str]
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)


def rows(sample: str, half: str) -> list[dict[str, Any]]:
    lines = (HERE / sample).read_text("utf-8").splitlines()[1:]
    return [row for row in map(json.loads, lines) if row["half"] == half]


def matches(fact: dict[str, Any], statement: Statement) -> bool:
    accepted = fact["value"] if isinstance(fact["value"], list) else [fact["value"]]
    same_relation = statement.relation is None or fact.get("relation") in (None, statement.relation)
    return (
        fact["field"] == statement.field
        and same_relation
        and statement.value.lower() in [value.lower() for value in accepted]
    )


def read(row: dict[str, Any]) -> list[Statement]:
    """What the prose of a card states, where nothing is declared beside it."""
    text = (CORPUS / row.get("folder", "model_cards") / row["file"]).read_bytes().decode("utf-8", "replace")
    kind: Kind = "dataset" if row.get("stratum", "").startswith("dataset") else "model"
    return said_besides(statements(text, row["hub_id"], row["hub_id"], "README.md", None), (), kind)


def score(sample: str, half: str) -> Score:
    """A fact that several statements give counts once; a statement that meets a fact is right."""
    right, missed = 0, 0
    wrong: list[str] = []
    for row in rows(sample, half):
        open_facts = list(row["facts"])
        for statement in read(row):
            fitting = [fact for fact in row["facts"] if matches(fact, statement)]
            if not fitting:
                wrong.append(f"{row['hub_id']}: {statement.field} {statement.value} ({statement.relation})")
            elif fact := next((f for f in fitting if f in open_facts), None):
                open_facts.remove(fact)
                right += not fact.get("unsure")
        missed += sum(not fact.get("unsure") for fact in open_facts)
    return Score(right, wrong, missed)


@pytest.mark.parametrize(
    ("sample", "half", "precision", "recall"),
    [
        ("prose_sample.jsonl", "tune", 0.97, 0.87),
        ("prose_sample.jsonl", "judge", 0.99, 0.84),
        ("prose_sample_2.jsonl", "tune", 0.99, 0.72),
        ("prose_sample_2.jsonl", "held", 0.98, 0.82),
    ],
)
def test_what_prose_states_is_true(sample: str, half: str, precision: float, recall: float) -> None:
    found = score(sample, half)
    assert found.precision >= precision, found.wrong
    assert found.recall >= recall


def test_the_samples_are_large_and_mixed() -> None:
    for sample, halves in (("prose_sample.jsonl", ("tune", "judge")), ("prose_sample_2.jsonl", ("tune", "held"))):
        first, second = (rows(sample, half) for half in halves)
        assert len(first) + len(second) >= 160
        assert abs(len(first) - len(second)) <= 1
        assert sum(not row["facts"] for row in first + second) >= 30  # words of lineage, yet no descent


def test_the_halves_are_told_apart_by_a_hash() -> None:
    for half, rest in (("tune", 0), ("held", 1)):
        for row in rows("prose_sample_2.jsonl", half):
            assert int(hashlib.sha256(row["hub_id"].encode()).hexdigest(), 16) % 2 == rest


def test_no_card_is_in_both_samples() -> None:
    first, second = (
        {row["hub_id"].lower() for half in halves for row in rows(sample, half)}
        for sample, halves in (("prose_sample.jsonl", ("tune", "judge")), ("prose_sample_2.jsonl", ("tune", "held")))
    )
    assert not first & second
