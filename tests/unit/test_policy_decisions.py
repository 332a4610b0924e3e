"""Inline waivers, weights by use, and hashes: the small parts of the gate."""

from __future__ import annotations

import hashlib

import pytest

from auditor.engine.load import load_rules
from auditor.model import Finding, RepoId, Report, Use
from auditor.pipeline import audit
from auditor.policy.config import Waiver
from auditor.policy.findings import finding, kinds, rule_names
from auditor.policy.hashes import sha256
from auditor.policy.use import make_use
from auditor.policy.waivers import inline
from auditor.policy.weight import weigh
from auditor.sources.memory import MemorySource


def test_an_inline_waiver_has_rule_date_reason_and_line() -> None:
    text = "x = 1\nload(y)  # auditor: ignore[a, b] until=2027-01-31 we asked\n"
    assert list(inline("f.py", text)) == [
        Waiver("a", "we asked", "f.py", 2, until="2027-01-31"),
        Waiver("b", "we asked", "f.py", 2, until="2027-01-31"),
    ]


@pytest.mark.parametrize("lead", ["#", "//", "--", "<!--", "%", "  # "])
def test_comments_of_many_languages_and_alone_for_the_next_line(lead: str) -> None:
    (found,) = inline("f", f"{lead} auditor: ignore[a] because -->\n")
    assert isinstance(found, Waiver)
    assert (found.line, found.reason) == (2, "because")


def test_words_that_are_no_comment_are_no_waiver() -> None:
    assert not list(inline("f.py", 's = "auditor: ignore[a] because"\n# the auditor ignores it\n'))


@pytest.mark.parametrize("rest", ["", "[]  why", "[a", "[a]", "[a] until=2027-13-01 why", "[a] until=2027-01-01"])
def test_a_waiver_that_lacks_a_part_is_a_finding(rest: str) -> None:
    (found,) = inline("f.py", f"# auditor: ignore{rest}\n")
    assert isinstance(found, Finding)
    assert found.rule == "waiver-malformed"


def test_the_words_of_the_gate_are_whole() -> None:
    shipped = {rule.id for rule in load_rules()}
    for name, raw in kinds().items():
        assert set(raw) >= {"id", "severity", "title", "message", "rationale", "remedy"}, name
        assert name not in shipped or name == "unpinned-revision"
        assert finding(name, "lab/base").title
    assert {"non-commercial", "waiver-expired"} <= rule_names()


def test_fingerprints_tell_causes_apart_and_nothing_else() -> None:
    one = finding("policy-use", "lab/a", "x", values={"use": "product"})
    same = finding("policy-use", "lab/a", "x", values={"use": "another wording"})
    other = finding("policy-use", "lab/a", "y")
    assert one.fingerprint == same.fingerprint != other.fingerprint


def test_a_hash_is_that_of_the_file() -> None:
    assert sha256("許可\r\n") == hashlib.sha256("許可\r\n".encode()).hexdigest()


def audited(license_: str, use: Use) -> Report:
    source = MemorySource({"lab/base": {"license": license_, "datasets": ["lab/talk"]}, "datasets/lab/talk": {}})
    return audit([(RepoId("model", "lab/base"), None)], source, use)


@pytest.mark.parametrize(
    ("license_", "rule", "use", "weight"),
    [
        ("cc-by-nc-4.0", "non-commercial", make_use("product"), "high"),
        ("cc-by-nc-4.0", "non-commercial", make_use("research"), "info"),
        ("cc-by-nc-4.0", "non-commercial", Use(), "high"),
        ("cc-by-nc-4.0", "non-osi-license", make_use("research"), "medium"),
        ("llama2", "user-count-cap", make_use("product"), "medium"),
        ("llama2", "user-count-cap", make_use("product", monthly_active_users=1000), "info"),
        ("llama2", "user-count-cap", make_use("product", monthly_active_users=900_000_000), "high"),
        ("llama2", "no-train-other-models", make_use("distill"), "high"),
        ("llama2", "no-train-other-models", make_use("product"), "info"),
    ],
)
def test_a_finding_weighs_as_much_as_its_clause_binds(license_: str, rule: str, use: Use, weight: str) -> None:
    report = audited(license_, use)
    found = [f for f in report.findings if f.name == rule]
    assert found
    assert {weigh(f, report.lineage.nodes["lab/base"], use) for f in found} == {weight}
