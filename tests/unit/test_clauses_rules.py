"""Clause files that are wrong say so, all mistakes at once; the pattern language."""

from pathlib import Path

import pytest
import re2

from auditor.errors import FileMistakes
from auditor.identify.clause_rules import clause_rules
from auditor.identify.clauses import read_clauses
from auditor.identify.patterns import PatternError, expand, search_source, sentence_source

GOOD = "id: good\nrationale: for a test\npatterns: [you may not sing]\n"


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


def found(pattern: str, text: str, words: dict[str, str] | None = None) -> bool:
    return re2.search(sentence_source([pattern], words or {}), text) is not None


def test_rules_of_another_folder(tmp_path: Path) -> None:
    rules = clause_rules(write(tmp_path, good=GOOD))
    (clause,) = read_clauses("You may  not sing.", rules)
    assert clause.id == "good"


def test_all_mistakes_at_once_with_their_lines(tmp_path: Path) -> None:
    write(
        tmp_path,
        good=GOOD,
        wrong="id: other\npatern: [x]\nrationale: for a test\n"
        "patterns:\n  - 'use (the model'\n  - 'use {nothing}'\n  - {say: x, parms: {}}\n",
        odd="id: odd\nrationale: for a test\npatterns:\n  - {say: x, params: {n: {numbr: x}}}\n",
    )
    with pytest.raises(FileMistakes) as caught:
        clause_rules(tmp_path)
    said = str(caught.value)
    assert "wrong.yaml:1: id is 'other'" in said
    assert "wrong.yaml:2: unknown key 'patern' (did you mean 'patterns'?)" in said
    assert "wrong.yaml:5: not a valid expression" in said
    assert "wrong.yaml:6: unknown fragment {nothing}" in said
    assert "unknown key 'parms' in a pattern (did you mean 'params'?)" in said
    assert "odd.yaml:4: parameter 'n' must be a value" in said


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("non-commercial use", "non commercial  use", True),
        ("non-commercial use", "noncommercial use", True),
        ("train", "constrain", False),
        ("may not .. train", "may not ever train", True),
        ("may not .. train", "may not\ntrain", False),
        ("商业用途", "商 业 用途", True),
        ("不得..军事", "不得用于任何军事", True),
        ("at least {n} users", "at least ten users", True),
        ("one|two words", "someone", False),
        (r"a\|b (?:x|y)", "a|b y", True),
    ],
)
def test_pattern_language(pattern: str, text: str, matches: bool) -> None:
    assert found(pattern, text, {"n": "nine|ten"}) is matches


def test_fragments_that_hold_each_other_are_an_error() -> None:
    with pytest.raises(PatternError):
        expand("{a}", {"a": "{b}", "b": "{a}"})


def test_a_bounded_gap_is_measured_in_characters() -> None:
    assert "(?P<gap0_8>.*?)" in search_source("不得.{0,8}?军事", {})


@pytest.mark.parametrize("said", [{"twice": "may not"}, {"once": 3}, {}])
def test_a_fragment_is_words_or_found_once(said: dict[str, str]) -> None:
    with pytest.raises(PatternError, match="the fragment 'not' is neither words nor a mapping with `once`"):
        sentence_source(["{not} sell"], {"not": said})
