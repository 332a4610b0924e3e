"""From matches to findings: one for each cause, with path, evidence, a severity that fits and a stable fingerprint."""

from __future__ import annotations

from typing import Any

from auditor.engine.apply import apply_rules
from auditor.engine.examples import example_lineage
from auditor.engine.load import find_rule, load_rules
from auditor.engine.rule import Example
from auditor.model import Finding, Undetermined

RULES = load_rules()
STUDENT = {"acme/chat": {"license": "mit", "base_model": "lab/base"}, "lab/base": {"license": "llama2"}}


def run(
    name: str, repos: dict[str, Any], known: dict[str, Any] | None = None
) -> tuple[tuple[Finding, ...], tuple[Undetermined, ...]]:
    lineage = example_lineage(Example("fires", "", repos, known or {}))
    return apply_rules([find_rule(name, RULES)], lineage, lineage.targets)


def test_a_finding_has_path_evidence_and_words() -> None:
    ((finding,), _) = run("user-count-cap", STUDENT)
    assert finding.path == ("acme/chat", "lab/base")
    assert finding.via == ("finetune",)
    assert "700,000,000 MAU" in finding.message
    assert "section 2" in finding.message
    assert "It reaches acme/chat (fine-tuned from lab/base)" in finding.message
    assert any("700 million" in span.quote for span in finding.evidence)
    assert any(span.repo == "acme/chat" and "base_model" in (span.file or "") for span in finding.evidence)


def test_an_own_clause_reads_as_one() -> None:
    ((finding,), _) = run("user-count-cap", {"lab/base": {"license": "llama2"}})
    assert finding.path == ("lab/base",)
    assert "This is the license of lab/base itself." in finding.message


def test_of_an_own_and_an_inherited_clause_one_finding_names_the_ancestor() -> None:
    repos = {"acme/chat": {"license": "llama2", "base_model": "lab/base"}, "lab/base": {"license": "llama2"}}
    ((finding,), _) = run("user-count-cap", repos)
    assert finding.path == ("acme/chat", "lab/base")


def test_inference_alone_is_never_high() -> None:
    base = {"field": "base_model", "value": "lab/base", "relation": "finetune"}
    repos = {"acme/chat": {"license": "mit"}, "lab/base": {"license": "llama2"}}
    ((guessed,), _) = run("user-count-cap", repos, {"acme/chat": ({**base, "how": "inferred"},)})
    ((stated,), _) = run("user-count-cap", repos, {"acme/chat": ({**base, "how": "declared"},)})
    assert (guessed.severity, stated.severity) == ("medium", "high")
    assert "the lineage is inferred" in guessed.message


def test_one_finding_for_each_closed_model() -> None:
    known = {"acme/chat": ({"field": "outputs_of", "value": "chatgpt"}, {"field": "outputs_of", "value": "claude"})}
    findings, _ = run("closed-model-outputs", {"acme/chat": {"license": "mit"}}, known)
    assert [f.path[-1] for f in findings] == ["chatgpt", "claude"]
    assert len({f.fingerprint for f in findings}) == 2


def test_findings_of_one_message_are_united_with_all_their_evidence() -> None:
    ((finding,), _) = run("relicensed-ancestor", STUDENT)
    quotes = [s.quote for s in finding.evidence if s.repo.startswith("LicenseRef-")]
    assert len(quotes) > 1


def test_the_fingerprint_outlives_a_longer_path_and_other_words() -> None:
    longer = {
        "acme/chat": {"license": "mit", "base_model": "acme/middle"},
        "acme/middle": {"license": "apache-2.0", "base_model": "lab/base"},
        "lab/base": {"license": "llama2"},
    }
    ((short,), _), ((long,), _) = run("user-count-cap", STUDENT), run("user-count-cap", longer)
    assert short.fingerprint == long.fingerprint
    assert short.message != long.message


def test_what_could_not_be_told_says_why() -> None:
    repos = {"acme/chat": {"license": "mit", "base_model": "lab/gone"}, "lab/gone": {"status": "missing"}}
    findings, (open_rule,) = run("user-count-cap", repos)
    assert not findings
    assert open_rule.severity == "high"
    assert "lab/gone" in open_rule.why


def test_doubts_about_readable_training_data_are_not_high() -> None:
    repos: dict[str, Any] = {
        "acme/chat": {"license": "mit", "datasets": ["lab/talk"]},
        "datasets/lab/talk": {"license": "other", "license_name": "house terms of the lab"},
    }
    assert run("no-train-other-models", repos)[1][0].severity == "medium"
    repos["datasets/lab/talk"] = {"status": "missing"}
    assert run("no-train-other-models", repos)[1][0].severity == "high"


def test_a_contract_is_told_apart_from_a_license() -> None:
    known = {"datasets/lab/answers": ({"field": "outputs_of", "value": "chatgpt"},)}
    findings, _ = run("no-train-other-models", {"datasets/lab/answers": {"license": "mit"}}, known)
    assert not findings  # the provider's terms bind the account holder; closed-model-outputs says so
