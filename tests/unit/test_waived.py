"""What waives a duty or grants what a restriction would forbid is no clause."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from auditor.identify.clauses import read_clauses
from auditor.identify.vocabulary import vocabulary

SAYS = yaml.safe_load((Path(__file__).parent / "clause_wordings.yaml").read_text("utf-8"))["says"]
DUTY = re.compile(
    r"^(you|licensees?|users?|recipients?) (must|shall|have to|are required to|need to) (?!not)(.*)", re.I
)


def waivers() -> list[tuple[str, str]]:
    """Every wording of a duty that begins with its subject, with the duty taken back."""
    found = []
    for clause, sentences in SAYS.items():
        for match in filter(None, map(DUTY.match, sentences if vocabulary()[clause].kind == "duty" else ())):
            who, _, what = match.groups()
            found += [
                (clause, f"{who} {words} {what}") for words in ("are not required to", "do not have to", "need not")
            ]
    return found


def ids(text: str) -> set[str]:
    return {clause.id for clause in read_clauses(f"1. {text}")}


def test_duties_that_are_waived_are_none() -> None:
    told = [(clause, text) for clause, text in waivers() if clause in ids(text)]
    assert len(waivers()) > 150
    assert told == []


@pytest.mark.parametrize(
    ("clause", "text"),
    [
        ("military-restriction", "The model may be used by armed forces or for weapons systems."),
        ("competitor-exclusion", "You may use the model to build a product that competes with ours."),
        ("safety-bypass-prohibited", "You may switch off or work around the safety filters."),
        ("no-train-other-models", "Training other models on outputs is permitted."),
        ("non-commercial", "The Model may be used commercially by companies of any size."),
        ("registration-or-approval-required", "You do not need to register before using the model."),
        ("registration-or-approval-required", "您无需注册即可使用本模型。"),
        ("attribution-notice", "Giving credit is not required, though it would be kind."),
        ("attribution-notice", "Attribution to the authors is optional."),
        ("user-count-cap", "The company has over 700 million monthly active users."),
        ("revenue-cap", "Our revenue last year exceeded $10 million."),
    ],
)
def test_grants_and_facts_are_no_clauses(clause: str, text: str) -> None:
    assert clause not in ids(text)


@pytest.mark.parametrize(
    ("clause", "text"),
    [
        ("display-branding", 'You are not required to pay, but you must display "Powered by Foo" on your website.'),
        ("license-copy-required", "No registration is needed; you must give every recipient a copy of this license."),
        ("output-restrictions", "No use of the output may contravene any provision of this license."),
        ("non-commercial", "You may use the model for non-commercial purposes only."),
        ("military-restriction", "You may use the model, but not for military purposes."),
    ],
)
def test_a_waiver_reaches_no_farther_than_its_own_words(clause: str, text: str) -> None:
    assert clause in ids(text)


@pytest.mark.parametrize(
    "text",
    [
        "Giving credit is not optional.",
        "Giving credit to the authors is not required unless you distribute the model.",
        "Giving credit is not required for private use.",
    ],
)
def test_what_is_not_waived_or_waived_in_part_stays_a_duty(text: str) -> None:
    assert "attribution-notice" in ids(text)
