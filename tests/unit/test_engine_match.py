"""Conditions in three-valued logic: what holds, what does not, and what nobody can tell."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.engine.conditions import Reader
from auditor.engine.examples import example_lineage
from auditor.engine.match import Context, Trace, ancestors, evaluate
from auditor.engine.rule import Condition, Example
from auditor.model import Lineage

OPEN = {"lab/base": {"license": "apache-2.0"}}
GONE = {"acme/chat": {"license": "mit", "base_model": "lab/gone"}, "lab/gone": {"status": "missing"}}
LINE = {
    "acme/chat-gguf": {"license": "mit", "base_model": "acme/chat", "base_model_relation": "quantized"},
    "acme/chat": {"license": "mit", "base_model": "lab/base"},
    "lab/base": {"license": "llama2"},
}
CIRCLE = {
    "lab/a": {"license": "mit", "base_model": "lab/b"},
    "lab/b": {"license": "mit", "base_model": "lab/a"},
}


def lineage(repos: dict[str, Any], known: dict[str, Any] | None = None) -> Lineage:
    return example_lineage(Example("fires", "", repos, known or {}))


def condition(raw: dict[str, Any]) -> Condition:
    faults: list[str] = []
    found = Reader(lambda message, *at: faults.append(message)).read(raw, ("match",))
    assert not faults
    return found


def check(raw: dict[str, Any], repos: dict[str, Any], known: dict[str, Any] | None = None) -> Trace:
    graph = lineage(repos, known)
    return evaluate(condition(raw), graph.targets[0], Context(graph))


@pytest.mark.parametrize(
    ("fact", "comparison", "holds"),
    [
        ("kind", {"is": "model"}, True),
        ("kind", {"is": "dataset"}, False),
        ("kind", {"is_not": "dataset"}, True),
        ("kind", {"in": ["dataset", "model"]}, True),
        ("name", {"matches": "^ba.e$"}, True),
        ("name", {"matches": "^chat"}, False),
        ("license.ids", {"has": "Apache-2.0"}, True),
        ("license.ids", {"lacks": "Apache-2.0"}, False),
        ("license.ids", {"has_any": ["MIT", "Apache-2.0"]}, True),
        ("license.ids", {"has_all": ["MIT", "Apache-2.0"]}, False),
        ("license.ids", {"exists": True}, True),
        ("license.former", {"exists": False}, True),
        ("license.former", {"exists": True}, False),
        ("license.count", {"gt": 0, "lt": 2}, True),
        ("license.count", {"gt": 1}, False),
        ("org", {"gt": 1}, False),  # a text is no number
    ],
)
def test_comparisons(fact: str, comparison: dict[str, Any], holds: bool) -> None:
    assert check({fact: comparison}, OPEN).outcome == ("fires" if holds else "quiet")


T: dict[str, Any] = {"kind": {"is": "model"}}
F: dict[str, Any] = {"kind": {"is": "dataset"}}
U: dict[str, Any] = {"license.osi": {"is": True}}  # unknown on a deleted repository


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        ({"all": [T, U]}, "undetermined"),
        ({"all": [F, U]}, "quiet"),
        ({"any": [T, U]}, "fires"),
        ({"any": [F, U]}, "undetermined"),
        ({"not": U}, "undetermined"),
        ({"not": F}, "fires"),
        ({"not": {"any": [F, U]}}, "undetermined"),
        ({"all": [T, {"not": F}]}, "fires"),
    ],
)
def test_what_is_not_known_stays_open(raw: dict[str, Any], outcome: str) -> None:
    found = check(raw, {"lab/gone": {"status": "missing"}})
    assert found.outcome == outcome
    assert bool(found.unknown) is (outcome == "undetermined")


def test_a_term_is_found_with_its_path() -> None:
    found = check({"any_term": {"where": {"clause": {"is": "user-count-cap"}}}}, LINE)
    (witness,) = found.witnesses
    assert witness.path == ("acme/chat-gguf", "acme/chat", "lab/base")
    assert witness.via == ("quantized", "finetune")
    assert witness.facts["params.threshold"] == 700_000_000


def test_via_and_depth_bound_a_quantifier() -> None:
    where = {"license.osi": {"is": False}}
    assert check({"any_ancestor": {"where": where}}, LINE).outcome == "fires"
    assert check({"any_ancestor": {"via": ["derivative"], "where": where}}, LINE).outcome == "fires"
    assert check({"any_ancestor": {"via": ["quantized"], "where": where}}, LINE).outcome == "quiet"
    assert check({"any_ancestor": {"depth": 1, "where": where}}, LINE).outcome == "quiet"


def test_every_parent_asks_the_parents_alone() -> None:
    assert check({"every_parent": {"where": {"license.osi": {"is": True}}}}, LINE).outcome == "fires"
    assert check({"every_parent": {"where": {"license.osi": {"is": True}}}}, OPEN).outcome == "quiet"
    assert check({"every_parent": {"where": {"license.osi": {"is": True}}}}, GONE).outcome == "undetermined"


def test_a_circle_ends() -> None:
    graph = lineage(CIRCLE)
    assert [name for name, _, _ in ancestors("lab/a", graph)] == ["lab/b"]


def test_a_deleted_parent_leaves_terms_and_ancestors_open() -> None:
    found = check({"any_term": {"where": {"clause": {"is": "user-count-cap"}}}}, GONE)
    assert found.outcome == "undetermined"
    assert "lab/gone" in found.unknown[0]
    assert check({"any_ancestor": {"where": {"kind": {"is": "closed"}}}}, GONE).outcome == "undetermined"


def test_a_deleted_subject_is_not_taken_for_one_without_ancestors() -> None:
    gone = {"lab/gone": {"status": "missing"}}
    assert check({"any_ancestor": {"where": {"kind": {"is": "closed"}}}}, gone).outcome == "undetermined"
    assert check({"every_parent": {"where": {"kind": {"is": "closed"}}}}, gone).outcome == "undetermined"


def test_a_base_on_somebodys_disk_leaves_the_ancestors_open() -> None:
    local = {"acme/chat": {"license": "mit", "base_model": "./checkpoints/last"}}
    assert check({"any_ancestor": {"where": {"kind": {"is": "closed"}}}}, local).outcome == "undetermined"
    inherited = {"any_term": {"where": {"clause": {"is": "non-commercial"}, "inherited": {"is": True}}}}
    assert check(inherited, local).outcome == "undetermined"


@pytest.mark.parametrize(
    ("where", "outcome"),
    [
        ({"clause": {"is": "user-count-cap"}}, "quiet"),  # no dataset hands one on
        ({"clause": {"is": "non-commercial"}}, "undetermined"),
        ({"clause": {"is": "non-commercial"}, "contested": {"is": False}}, "quiet"),
        ({"clause": {"in": ["user-count-cap", "share-alike"]}}, "undetermined"),
        ({"clause": {"is": "non-commercial"}, "origin_kind": {"is": "model"}}, "quiet"),
        ({"clause": {"is": "no-train-other-models"}, "params.scope": {"is": "both"}}, "undetermined"),
    ],
)
def test_an_unread_dataset_hides_only_what_datasets_hand_on(where: dict[str, Any], outcome: str) -> None:
    repos = {
        "acme/chat": {"license": "mit", "datasets": ["lab/talk"]},
        "datasets/lab/talk": {"license": "other", "license_name": "house terms of the lab"},
    }
    assert check({"any_term": {"where": where}}, repos).outcome == outcome


def test_gated_without_a_license_is_not_without_a_license() -> None:
    assert check({"license.stated": {"is": False}}, {"lab/base": {"status": "gated"}}).outcome == "undetermined"
    open_door = {"lab/base": {"status": "gated", "license": "llama2"}}
    assert check({"license.stated": {"is": True}}, open_door).outcome == "fires"
