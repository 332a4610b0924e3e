"""What differs between two states of a repository."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from auditor.engine.examples import repo_id
from auditor.lineage.build import build
from auditor.lineage.diff import Diff, compare
from auditor.lineage.walk import walk
from auditor.model import Lineage
from auditor.report import diff as report
from auditor.report.schemas import SCHEMAS
from auditor.sources.memory import MemorySource

Repos = dict[str, dict[str, Any]]


def lineage(repos: Repos) -> Lineage:
    target = repo_id(next(iter(repos)))
    return build([target], walk([(target, None)], MemorySource(repos), knowledge=lambda ref: ()))


def between(before: dict[str, Any], after: dict[str, Any], **others: dict[str, Any]) -> Diff:
    rest = {name.replace("__", "/"): card for name, card in others.items()}
    return compare(lineage({"acme/chat": before, **rest}), lineage({"acme/chat": after, **rest}))


def aspects(found: Diff) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {change.aspect: (change.before, change.after) for change in found.changes}


def test_the_same_state() -> None:
    found = between({"license": "mit"}, {"license": "mit"})
    assert (found.changes, found.terms, found.exit_code) == ((), (), 0)


def test_another_license() -> None:
    found = between({"license": "apache-2.0"}, {"license": "cc-by-nc-4.0"})
    assert aspects(found)["license"] == (("Apache-2.0",), ("CC-BY-NC-4.0",))
    assert aspects(found)["declared license"] == (("apache-2.0",), ("cc-by-nc-4.0",))
    assert "non-commercial" in {t.clause.id for t in found.terms if t.before is None}
    assert found.exit_code == 1


def test_another_spelling_is_no_other_license() -> None:
    found = between({"license": "apache-2.0"}, {"license": "other", "license_name": "Apache License 2.0"})
    assert "license" not in aspects(found)
    assert found.exit_code == 0


def test_a_changed_parameter_is_one_change() -> None:
    found = between({"license": "llama2"}, {"license": "llama3"})
    (change,) = [t for t in found.terms if t.clause.id == "no-train-other-models"]
    assert change.before is not None
    assert change.after is not None
    assert change.before.clause.params["exception"] != change.after.clause.params["exception"]


def test_a_new_parent_brings_its_terms() -> None:
    found = between({"license": "mit"}, {"license": "mit", "base_model": "lab/base"}, lab__base={"license": "llama2"})
    assert aspects(found)["parents"] == ((), ("fine-tuned from lab/base",))
    (cap,) = [t for t in found.terms if t.clause.id == "user-count-cap"]
    assert cap.inherited
    assert found.exit_code == 1


def test_data_and_access_are_told_and_no_other_license() -> None:
    found = between(
        {"license": "mit"},
        {"license": "mit", "gated": "auto", "datasets": ["lab/talk"]},
        datasets__lab__talk={"license": "mit"},
    )
    assert aspects(found)["data and teachers"] == ((), ("trained on datasets/lab/talk",))
    assert aspects(found)["access"] == (("open",), ("gated",))


def test_an_altered_house_license_differs() -> None:
    def card(text: str) -> dict[str, Any]:
        return {"license": "other", "license_name": "acme-terms", "files": {"LICENSE": text}}

    found = between(card("You may use it on Mondays."), card("You may use it on Tuesdays."))
    before, after = aspects(found)["other legal texts"]
    assert before[0].startswith("LICENSE ")
    assert before != after
    assert found.exit_code == 1


@pytest.mark.parametrize("status", ["missing", "unreachable"])
def test_an_unread_side_is_no_difference(status: str) -> None:
    found = between({"license": "mit"}, {"status": status})
    assert (found.changes, found.terms, found.exit_code) == ((), (), 3)
    assert found.doubts


def test_a_parent_in_an_outage_leaves_it_open() -> None:
    after = {"acme/chat": {"license": "mit", "base_model": "lab/base"}, "lab/base": {"status": "unreachable"}}
    before = {**after, "lab/base": {"license": "llama2"}}
    found = compare(lineage(before), lineage(after))
    assert any(t.inherited for t in found.terms)
    assert found.exit_code == 3


def test_what_both_sides_lack_alike_is_no_difference() -> None:
    card = {"license": "mit", "base_model": "lab/gone"}
    found = between(card, card, lab__gone={"status": "missing"})
    assert found.doubts
    assert found.exit_code == 0


def test_an_unknown_license_is_never_the_same() -> None:
    card = {"license": "other", "license_name": "acme-terms"}
    assert between(card, card).exit_code == 3
    assert between(card, {**card, "license_name": "acme-terms-2"}).exit_code == 1


def test_two_repositories() -> None:
    found = compare(lineage({"a/one": {"license": "mit"}}), lineage({"b/two": {"license": "gpl-3.0"}}))
    assert (found.before.ref.id, found.after.ref.id, found.exit_code) == ("a/one", "b/two", 1)


def test_text_and_json_say_it() -> None:
    found = between({"license": "llama2"}, {"license": "gemma"})
    page = report.render(found)
    assert "license or terms differ" in page
    assert "user-count cap" in page
    document = json.loads(report.render_json(found))
    jsonschema.validate(document, SCHEMAS["diff"]())
    assert document["exit_code"] == 1
    removed = {t["clause"] for t in document["terms"] if t["change"] == "removed"}
    assert "user-count-cap" in removed


def test_foreign_words_are_made_harmless() -> None:
    card = {"license": "other", "license_name": "\x1b[31mred"}
    assert "\x1b" not in report.render(between({"license": "mit"}, card))
