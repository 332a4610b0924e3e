"""`auditor explain`, `why`, `rules` and `schema`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.identify import catalogue
from auditor.identify.vocabulary import vocabulary
from auditor.lineage.relations import relations


@pytest.mark.parametrize("clause", vocabulary())
def test_every_clause_can_be_explained(auditor, clause: str) -> None:
    answer = auditor("explain", clause)
    assert answer.code == 0
    assert vocabulary()[clause].title in answer.out


@pytest.mark.parametrize("relation", relations())
def test_every_relation_can_be_explained(auditor, relation: str) -> None:
    assert relations()[relation].title in auditor("explain", relation).out


@pytest.mark.parametrize("license_id", catalogue.all_ids())
def test_every_license_can_be_explained(auditor, license_id: str) -> None:
    answer = auditor("explain", license_id)
    assert answer.code == 0
    assert license_id in " ".join(answer.out.split())


def test_a_clause_names_its_meaning_and_the_licenses_that_hold_it(auditor) -> None:
    said = auditor("explain", "non-commercial").out
    assert "no discrimination against fields of endeavor" in said
    assert "licenses of the catalogue" in said
    assert "purpose: commercial" in said


def test_a_license_shows_section_quote_and_criteria(auditor) -> None:
    said = auditor("explain", "llama2").out
    assert "not approved as open source" in said
    assert "section 2" in said
    assert "“" in said
    assert "no discrimination against persons or groups" in said


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("apache-2.0", ["Use it commercially yes: no clause", "Pass on its weights yes; see copy of the license"]),
        ("llama2", ["within limits: user-count cap (section 2)", "Train other models with it no: no training"]),
        ("cc-by-nc-4.0", ["Use it commercially no: non-commercial only", "Change it not commercially; otherwise yes"]),
        ("gemma", ["Use it commercially yes, outside of the uses that it prohibits"]),
    ],
)
def test_a_license_is_told_in_short(auditor, name: str, answers: list[str]) -> None:
    said = " ".join(auditor("explain", name).out.split())
    assert [answer for answer in answers if answer not in said] == []


def test_two_licenses_are_compared_with_section_and_quote(auditor) -> None:
    said = " ".join(auditor("explain", "--compare", "llama2", "llama3.1").out.split())
    assert "Only in Llama 2 Community License Agreement No training of other models" in said
    assert "section 1.b.v" in said
    assert "exception family" not in said
    assert "Llama 3.1 Community License Agreement (section 1.b.i): mode: obligation" in said


@pytest.mark.parametrize("name", ["MIT", "mit", "MIT License"])
def test_licenses_are_found_by_id_tag_and_name(auditor, name: str) -> None:
    assert "MIT License" in auditor("explain", name).out


def test_closed_models_show_their_dated_terms(auditor) -> None:
    said = auditor("explain", "chatgpt").out
    assert "OpenAI" in said
    assert "2023-03-14 to 2023-12-14" in said


def test_a_near_name_is_suggested(auditor) -> None:
    answer = auditor("explain", "non-comercial")
    assert answer.code == 2
    assert "Did you mean non-commercial" in answer.err


def test_two_licenses_side_by_side(auditor) -> None:
    said = auditor("explain", "--compare", "mit", "apache-2.0").out
    only = said.split("Only in Apache License 2.0")[1].split("In both")[0]
    assert "Changes must be stated" in only


def test_a_shipped_rule_shows_its_examples(auditor) -> None:
    said = auditor("explain", "user-count-cap").out
    assert "rule user-count-cap" in said
    assert "clause user-count-cap" in said
    assert "It stays quiet" in said


def test_rules_are_listed_with_severity(auditor) -> None:
    said = auditor("rules", "list").out
    assert "user-count-cap" in said
    assert "high" in said


def test_a_new_rule_is_valid_and_its_examples_hold(auditor, tmp_path: Path) -> None:
    assert auditor("rules", "new", "my-rule", "--in", str(tmp_path)).code == 0
    answer = auditor("rules", "test", str(tmp_path))
    assert answer.out == "1 rule, 3 examples, 0 failed\n"
    assert answer.code == 0
    assert auditor("rules", "new", "my-rule", "--in", str(tmp_path)).code == 2


def test_a_failing_example_is_named(auditor, tmp_path: Path) -> None:
    auditor("rules", "new", "my-rule", "--in", str(tmp_path))
    file = tmp_path / "my-rule.yaml"
    file.write_text(file.read_text("utf-8").replace("cc-by-nc-4.0", "mit", 1), "utf-8")
    answer = auditor("rules", "test", str(tmp_path))
    assert answer.code == 1
    assert "expected fires, got quiet" in answer.out


def test_why_shows_conditions_with_their_outcomes(auditor, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = auditor("why", "gpt2", "user-count-cap", "--source", "bundled")
    assert answer.code == 0
    assert "stays quiet" in answer.out
    assert "✗" in answer.out


def test_why_suggests_rules(auditor) -> None:
    answer = auditor("why", "gpt2", "user-count-cp", "--source", "bundled")
    assert answer.code == 2
    assert "user-count-cap" in answer.err


@pytest.mark.parametrize("name", ["report", "license", "rule"])
def test_schemas_are_printed(auditor, name: str) -> None:
    assert json.loads(auditor("schema", name).out)["title"]
