"""What is read from the prose of 165 real cards, held against the facts that a reader took from them.

`prose_sample.jsonl` says in its first line how the cards were drawn and what was measured before and after tuning. The
facts were written down first; then the patterns were tuned on the half `tune`; the half `judge` then gave the honest
figure. Both halves are asserted here, so that a new pattern cannot buy recall with false statements.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from auditor.model import Statement
from auditor.parse.prose import statements

CARDS = Path(__file__).parents[2] / ".." / "shared" / "corpus" / "model_cards"
SAMPLE = Path(__file__).with_name("prose_sample.jsonl")
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CARDS.is_dir(), reason="the corpus of real cards is not beside the project"),
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


def rows(half: str) -> list[dict[str, Any]]:
    lines = SAMPLE.read_text("utf-8").splitlines()[1:]
    return [row for row in map(json.loads, lines) if row["half"] == half]


def matches(fact: dict[str, Any], statement: Statement) -> bool:
    accepted = fact["value"] if isinstance(fact["value"], list) else [fact["value"]]
    same_relation = statement.relation is None or fact.get("relation") in (None, statement.relation)
    return (
        fact["field"] == statement.field
        and same_relation
        and statement.value.lower() in [value.lower() for value in accepted]
    )


def score(half: str) -> Score:
    right, missed = 0, 0
    wrong: list[str] = []
    for row in rows(half):
        text = (CARDS / row["file"]).read_bytes().decode("utf-8", "replace")
        said = statements(text, row["hub_id"], row["hub_id"], "README.md", None)
        stated = []
        for statement in said:
            fact = next((f for f in row["facts"] if matches(f, statement)), None)
            if fact is None:
                wrong.append(f"{row['hub_id']}: {statement.field} {statement.value} ({statement.relation})")
            elif not fact.get("unsure"):
                right += 1
                stated.append(fact)
        missed += sum(not f.get("unsure") and f not in stated for f in row["facts"])
    return Score(right, wrong, missed)


@pytest.mark.parametrize("half", ["tune", "judge"])
def test_what_prose_states_is_true(half: str) -> None:
    found = score(half)
    assert found.precision >= 0.95, found.wrong
    assert found.recall >= 0.8


def test_the_sample_is_large_and_mixed() -> None:
    tune, judge = rows("tune"), rows("judge")
    assert len(tune) + len(judge) >= 150
    assert abs(len(tune) - len(judge)) <= 1
    empty = sum(not row["facts"] for row in tune + judge)
    assert empty >= 30  # cards that mention lineage words and state no descent
