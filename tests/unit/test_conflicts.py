"""Which licenses go together, and for what a model was made."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.engine.examples import repo_id
from auditor.facts.conflicts import _words, fields_of_work
from auditor.identify import catalogue
from auditor.identify.vocabulary import vocabulary
from auditor.lineage.build import build
from auditor.lineage.compat import _table, binds_derivatives, may_become, share_alike_licenses
from auditor.lineage.walk import walk
from auditor.model import Node
from auditor.resources import data_dir, load_file
from auditor.sources.memory import MemorySource

FIELDS = set(load_file(data_dir() / "domains.yaml"))


def node(name: str, **card: Any) -> Node:
    target = repo_id(name)
    return build([target], walk([(target, None)], MemorySource({name: card}), knowledge=lambda ref: ())).nodes[name]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ClinicalBERT-base", ["clinical", "bert", "base"]),
        ("HuatuoGPT2-7B", ["huatuo", "gpt", "b"]),
        ("gpt2-medium", ["gpt", "medium"]),
        ("Med42_70b", ["med", "b"]),
        ("", []),
    ],
)
def test_words_of_a_name(name: str, words: list[str]) -> None:
    assert list(_words(name)) == words


def test_fields_come_from_tags_and_names() -> None:
    assert fields_of_work(node("a/chat", tags=["Medical", "legal"])) == ["medical", "legal"]
    assert fields_of_work(node("a/FinGPT", tags=[])) == ["finance"]
    assert fields_of_work(node("a/gpt2-medium", tags=["text-generation"])) == []


@pytest.mark.parametrize(
    ("held", "chosen", "allowed"),
    [
        ("GPL-3.0-only", "GPL-3.0-only", True),
        ("GPL-3.0-only", "AGPL-3.0-only", True),
        ("AGPL-3.0-only", "GPL-3.0-only", False),
        ("GPL-3.0-only", "LicenseRef-auditor-family-gpl", True),
        ("CC-BY-SA-3.0", "CC-BY-SA-4.0", True),
        ("CC-BY-SA-4.0", "CC-BY-SA-3.0", False),
        ("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0", False),
        ("CC-BY-SA-4.0", "GPL-3.0-only", True),
        ("GPL-3.0-only", "CC-BY-SA-4.0", False),
        ("MPL-2.0", "MIT", False),
        ("LicenseRef-auditor-stylegan3", "MIT", True),
    ],
)
def test_what_share_alike_lets_derived_works_become(held: str, chosen: str, allowed: bool) -> None:
    assert may_become(held, [chosen]) is allowed


def test_the_table_names_share_alike_licenses_of_the_catalogue() -> None:
    for held, others in _table().items():
        assert share_alike_licenses([held]) == [held]
        assert all(catalogue.get(other) for other in ([] if others == "any" else others))
    assert not binds_derivatives("LicenseRef-auditor-stylegan3")
    assert binds_derivatives("GPL-3.0-only")


def test_fields_that_licenses_name_are_known() -> None:
    clauses = [c for i in catalogue.all_ids() if (e := catalogue.get(i)) for c in e.clauses]
    named = {field for clause in clauses for field in clause.params.get("domains", ())}
    assert {"medical", "legal", "finance"} <= named <= FIELDS
    assert all(("domains" in c.params) == ("domains_when" in c.params) for c in clauses)


def test_licenses_that_cannot_be_passed_on() -> None:
    held = {
        i for i in catalogue.all_ids() if (e := catalogue.get(i)) and any(c.id == "no-sublicensing" for c in e.clauses)
    }
    assert {
        "LicenseRef-scancode-llama-license-2023",
        "LicenseRef-auditor-opt-175b",
        "LicenseRef-auditor-glm-130b",
    } <= held
    assert not held & {"MIT", "Apache-2.0", "GPL-3.0-only", "CC-BY-4.0", "LicenseRef-scancode-llama-2-license-2023"}
    assert vocabulary()["no-sublicensing"].tier == "secondary"
