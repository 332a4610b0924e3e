"""The same clauses in many words: how well the rules read what they were not written for."""

from pathlib import Path

import pytest

from auditor.identify.clauses import read_clauses
from auditor.resources import load_yaml

WORDINGS = load_yaml(Path(__file__).with_name("clause_wordings.yaml"))


def cases(kind: str) -> list[tuple[str, str]]:
    return [(clause, sentence) for clause, sentences in WORDINGS[kind].items() for sentence in sentences]


@pytest.mark.parametrize(("clause", "sentence"), cases("says"))
def test_says(clause: str, sentence: str) -> None:
    assert clause in {found.id for found in read_clauses(sentence)}


@pytest.mark.parametrize(("clause", "sentence"), cases("keeps_quiet"))
def test_keeps_quiet(clause: str, sentence: str) -> None:
    assert clause not in {found.id for found in read_clauses(sentence)}
