"""Which license can be granted for what is derived from a model."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.engine.examples import repo_id
from auditor.errors import UsageError
from auditor.lineage.build import build
from auditor.lineage.walk import walk
from auditor.model import Lineage, Release
from auditor.policy.release import chosen, release, suggest
from auditor.policy.use import make_use
from auditor.policy.verdict import decide
from auditor.sources.memory import MemorySource

LLAMA_2 = "LicenseRef-scancode-llama-2-license-2023"


def lineage(repos: dict[str, dict[str, Any]]) -> Lineage:
    target = repo_id(next(iter(repos)))
    return build([target], walk([(target, None)], MemorySource(repos), knowledge=lambda ref: ()))


def asked(license: str, **repos: dict[str, Any]) -> Release:
    found = lineage({name.replace("__", "/"): card for name, card in repos.items()})
    return release(found.targets[0], found, license)


@pytest.mark.parametrize(
    ("base", "wanted", "verdict"),
    [
        ("apache-2.0", "mit", "allow"),
        ("apache-2.0", "gpl-3.0", "allow"),
        ("llama2", "llama2", "allow"),
        ("llama2", "apache-2.0", "deny"),
        ("llama2", "cc-by-nc-4.0", "deny"),
        ("llama2", "llama3", "deny"),
        ("gpl-3.0", "agpl-3.0", "allow"),
        ("gpl-3.0", "mit", "deny"),
        ("gpl-3.0", "cc-by-nc-4.0", "deny"),
        ("cc-by-sa-4.0", "gpl-3.0", "allow"),
        ("cc-by-nc-4.0", "mit", "deny"),
        ("cc-by-nc-4.0", "cc-by-nc-sa-4.0", "allow"),
        ("cc-by-nc-nd-4.0", "cc-by-nc-nd-4.0", "deny"),
        ("bigscience-bloom-rail-1.0", "mit", "deny"),
        ("bigscience-bloom-rail-1.0", "openrail++", "conditions"),
        ("facebook-house-terms", "mit", "undetermined"),
    ],
)
def test_of_one_base(base: str, wanted: str, verdict: str) -> None:
    assert asked(wanted, lab__base={"license": base}).verdict == verdict


def test_it_names_what_would_be_lost_and_where_it_comes_from() -> None:
    answer = asked("mit", acme__chat={"license": "mit", "base_model": "lab/base"}, lab__base={"license": "llama2"})
    (reason,) = answer.because
    assert "user-count cap" in reason.text
    assert reason.path == ("acme/chat", "lab/base")
    assert any("700 million" in span.quote for span in reason.evidence)
    assert answer.suggestions == (LLAMA_2,)


def test_a_personal_license_lets_no_other_be_granted() -> None:
    answer = asked("gpl-3.0", lab__base={"license": "other", "license_name": "llama-1"})
    assert any("sublicensing" in reason.text for reason in answer.because)


def test_two_parents_that_no_license_satisfies() -> None:
    found = lineage(
        {
            "acme/merge": {"base_model": ["lab/free", "lab/base"], "license": "other", "license_name": "llama2"},
            "lab/free": {"license": "gpl-3.0"},
            "lab/base": {"license": "llama2"},
        }
    )
    assert suggest("acme/merge", found) == []


def test_disputed_terms_are_questions_and_no_bar() -> None:
    answer = asked(
        "mit", acme__chat={"license": "mit", "datasets": ["lab/talk"]}, datasets__lab__talk={"license": "cc-by-nc-4.0"}
    )
    assert answer.verdict == "conditions"
    assert "non-commercial" in answer.duties[0].text


def test_a_lost_parent_leaves_it_open() -> None:
    answer = asked("mit", acme__chat={"license": "mit", "base_model": "lab/gone"}, lab__gone={"status": "missing"})
    assert answer.verdict == "undetermined"


def test_open_licenses_come_first_among_suggestions() -> None:
    found = lineage({"lab/base": {"license": "apache-2.0"}})
    assert suggest("lab/base", found)[0] == "Apache-2.0"


def test_it_decides_the_verdict() -> None:
    found = lineage({"lab/base": {"license": "llama2"}})
    use = make_use(None, release_license="mit")
    assert (use.distribute, use.modify) == ("weights", True)
    decision = decide("lab/base", found, use)
    assert decision.verdict == "deny"
    assert decision.release is not None
    assert decision.release.license == "MIT"
    assert decide("lab/base", found, make_use("redistribute")).release is None


def test_a_stricter_figure_will_do() -> None:
    from auditor.model import Clause
    from auditor.policy.release import _laxer

    held = Clause("user-count-cap", {"threshold": 1000})
    assert _laxer(held, [Clause("user-count-cap", {"threshold": 2000})])
    assert not _laxer(held, [Clause("user-count-cap", {"threshold": 1000})])
    closed = Clause("territorial-exclusion", {"territories": ["EU", "UK"]})
    assert _laxer(closed, [Clause("territorial-exclusion", {"territories": ["EU"]})])
    assert not _laxer(closed, [Clause("territorial-exclusion", {"territories": ["EU", "KR", "UK"]})])


@pytest.mark.parametrize("words", ["mitt", "", "MIT OR Apache-2.0", "other"])
def test_words_that_are_no_license(words: str) -> None:
    with pytest.raises(UsageError):
        chosen(words)
