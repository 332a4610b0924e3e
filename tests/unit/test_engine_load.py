"""Rule files are read whole, and all their mistakes are told at once, with file, line and a suggestion."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.engine.load import find_rule, load_rules
from auditor.errors import FileMistakes, UsageError

GOOD = """\
id: house-rule
name: house
severity: low
title: House rule
message: "{subject}
  is under {license}."
rationale: Because.
remedy: Ask.
match:
  license.osi: {is: false}
examples:
  fires:
    - {why: restricted, repos: {lab/base: {license: llama2}}}
  quiet:
    - {why: open, repos: {lab/base: {license: mit}}}
    - {why: none, repos: {lab/base: {license: apache-2.0}}}
"""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_CACHE", str(tmp_path / "cache"))


def folder(tmp_path: Path, text: str, name: str = "house-rule.yaml") -> Path:
    rules = tmp_path / "rules"
    rules.mkdir(exist_ok=True)
    (rules / name).write_text(text, "utf-8")
    return rules


def mistakes(rules: Path) -> list[str]:
    with pytest.raises(FileMistakes) as caught:
        load_rules([rules])
    return [f"{m.line}: {m.message}" for m in caught.value.mistakes]


def test_a_further_folder_adds_a_rule(tmp_path: Path) -> None:
    rules = load_rules([folder(tmp_path, GOOD)])
    rule = find_rule("house-rule", rules)
    assert rule.name == "house"
    assert rule.message == "{subject} is under {license}."  # line breaks of the file are no line breaks of the message
    assert [e.kind for e in rule.examples] == ["fires", "quiet", "quiet"]
    assert find_rule("house", rules) is rule


def test_a_rule_of_the_same_id_replaces_the_shipped_one(tmp_path: Path) -> None:
    text = GOOD.replace("house-rule", "user-count-cap")
    rules = load_rules([folder(tmp_path, text, "user-count-cap.yaml")])
    assert [r.title for r in rules if r.id == "user-count-cap"] == ["House rule"]


def test_all_mistakes_at_once_with_line_and_suggestion(tmp_path: Path) -> None:
    text = (
        GOOD.replace("severity: low", "severity: lo")
        .replace("license.osi: {is: false}", "licence.osi: {iss: false}")
        .replace("rationale: Because.", "rational: Because.")
    )
    assert mistakes(folder(tmp_path, text)) == [
        "1: the key 'rationale' is missing",
        "7: unknown key 'rational' (did you mean 'rationale'?)",
        "3: severity is one of info, low, medium, high, not 'lo'",
        "10: unknown fact 'licence.osi' (did you mean 'license.osi'?)",
        "10: unknown comparison 'iss' (did you mean 'is'?)",
    ]


def test_mistakes_of_all_files_are_told_together(tmp_path: Path) -> None:
    folder(tmp_path, GOOD.replace("severity: low", "severity: dire"))
    rules = folder(tmp_path, GOOD.replace("remedy: Ask.\n", ""), "other.yaml")
    told = mistakes(rules)
    assert any("'dire'" in line for line in told)
    assert any("'remedy' is missing" in line for line in told)
    assert any("must be the file's name, 'other'" in line for line in told)


@pytest.mark.parametrize(
    ("match", "message"),
    [
        ("{}", "a condition is a mapping"),
        ("{kind: model}", "say how to compare 'kind'"),
        ("{kind: {in: model}}", "'in' takes a list"),
        ("{all: {kind: {is: model}}}", "'all' takes a list of conditions"),
        ("{predicate: subject-name-lacks-word}", "did you mean 'subject-name-lacks-words'?"),
        ("{id: {matches: '('}}", "not a regular expression that RE2 takes"),
        ("{id: {matches: '(?=a)'}}", "not a regular expression that RE2 takes"),
        ("{any_term: {clause: {is: x}}}", "'any_term' takes a mapping with 'where'"),
        (
            "{any_term: {were: {clause: {is: x}}, where: {clause: {is: x}}}}",
            "unknown key 'were' (did you mean 'where'?)",
        ),
        ("{any_ancestor: {via: [finetuned], where: {kind: {is: model}}}}", "unknown relation 'finetuned'"),
        ("{any_term: {where: {license.osi: {is: true}}}}", "unknown fact 'license.osi' (did you mean 'license_osi'?)"),
        ("{any_ancestor: {where: {clause: {is: x}}}}", "unknown fact 'clause'"),
    ],
)
def test_faults_of_a_condition(tmp_path: Path, match: str, message: str) -> None:
    text = GOOD.replace("match:\n  license.osi: {is: false}", f"match: {match}")
    told = mistakes(folder(tmp_path, text))
    assert any(message in line for line in told), told


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("  quiet:", "  silent:", "unknown kind of example 'silent'"),
        ("    - {why: none, repos: {lab/base: {license: apache-2.0}}}\n", "", "at least 2 example(s) under 'quiet'"),
        ("repos: {lab/base: {license: llama2}}", "repo: {lab/base: {}}", "an example needs 'why' and 'repos'"),
        ("{why: open, ", "{why: open, knwon: {}, ", "unknown key 'knwon' in an example (did you mean 'known'?)"),
    ],
)
def test_faults_of_examples(tmp_path: Path, old: str, new: str, message: str) -> None:
    told = mistakes(folder(tmp_path, GOOD.replace(old, new)))
    assert any(message in line for line in told), told


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    told = mistakes(folder(tmp_path, GOOD.replace("remedy: Ask.", "remedy: [Ask")))
    assert told
    assert "not valid YAML" in told[0]


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a folder of rules"):
        load_rules([tmp_path / "nowhere"])


def test_an_unknown_rule_gets_suggestions() -> None:
    with pytest.raises(UsageError) as caught:
        find_rule("user-count-cup", load_rules())
    assert "user-count-cap" in caught.value.remedy
