"""What a newcomer sees on the shipped data: restricted lineages are caught, clean models do not cry wolf."""

from __future__ import annotations

import functools

import pytest

from auditor.inputs.targets import parse_target
from auditor.model import Report
from auditor.pipeline import audit, open_source
from auditor.policy.use import make_use

CLEAN = (
    "EleutherAI/gpt-neo-1.3B",
    "EleutherAI/gpt-neo-2.7B",
    "EleutherAI/pythia-6.9b",
    "allenai/OLMo-2-1124-7B",
    "databricks/dolly-v2-12b",
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B",
    "mistralai/Mistral-7B-v0.1",
)


@functools.cache
def report(name: str, preset: str | None = None) -> Report:
    target = parse_target(name)
    assert target.ref is not None
    return audit([(target.ref, None)], open_source("bundled"), make_use(preset))


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_model_has_no_grave_finding(name: str) -> None:
    found = report(name, "product")
    (subject,) = found.lineage.targets
    assert found.lineage.nodes[subject].record.status == "resolved"
    assert found.lineage.nodes[subject].license.osi is True
    assert [f.name for f in found.findings if f.severity == "high"] == []
    assert found.decisions[subject].verdict in ("allow", "conditions")
    assert found.exit_code == 0


def test_vicuna_inherits_from_llama_2_and_from_chatgpt() -> None:
    found = report("lmsys/vicuna-7b-v1.5")
    base = "meta-llama/Llama-2-7b-hf"
    ways = {f.name: f for f in found.findings}
    for name in ("user-count-cap", "no-train-other-models", "attribution-duty", "flow-down"):
        assert ways[name].path == ("lmsys/vicuna-7b-v1.5", base), name
        assert ways[name].evidence[0].quote, name
    assert "700,000,000" in ways["user-count-cap"].message
    outputs = [f for f in found.findings if f.name == "closed-model-outputs"]
    assert {f.path[-1] for f in outputs} >= {"chatgpt"}
    assert all(f.evidence and f.evidence[0].url for f in outputs)
    assert any("contract risk" in d.text for d in found.decisions["lmsys/vicuna-7b-v1.5"].duties)
    assert found.exit_code == 1


@pytest.mark.parametrize(
    ("preset", "verdict"),
    [(None, "deny"), ("research", "conditions"), ("product", "conditions"), ("distill", "deny")],
)
def test_the_verdict_on_vicuna_follows_the_use(preset: str | None, verdict: str) -> None:
    assert report("vicuna", preset).decisions["lmsys/vicuna-7b-v1.5"].verdict == verdict


def test_a_million_users_are_no_matter_and_a_billion_are() -> None:
    target = parse_target("llama-2")
    assert target.ref is not None
    for users, verdict in ((1_000_000, "conditions"), (1_000_000_000, "deny")):
        use = make_use("product", monthly_active_users=users)
        found = audit([(target.ref, None)], open_source("bundled"), use)
        assert found.decisions[found.lineage.targets[0]].verdict == verdict
