"""The same clauses in many words: how well the rules read what they were not written for."""

from pathlib import Path

import pytest

from auditor.identify.clauses import read_clauses
from auditor.resources import load_yaml

WORDINGS = load_yaml(Path(__file__).with_name("clause_wordings.yaml"))


def heard(clause: str, sentence: str) -> bool:
    return any(found.id == clause for found in read_clauses(sentence))


@pytest.mark.parametrize("clause", WORDINGS["says"])
def test_says(clause: str) -> None:
    assert [sentence for sentence in WORDINGS["says"][clause] if not heard(clause, sentence)] == []


@pytest.mark.parametrize("clause", WORDINGS["keeps_quiet"])
def test_keeps_quiet(clause: str) -> None:
    assert [sentence for sentence in WORDINGS["keeps_quiet"][clause] if heard(clause, sentence)] == []
