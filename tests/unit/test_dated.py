"""A provider's terms follow one another: what was made under the earlier ones is not judged by the later."""

from __future__ import annotations

import pytest

from auditor.engine.apply import apply_rules
from auditor.engine.load import load_rules
from auditor.lineage.build import build
from auditor.lineage.walk import walk
from auditor.model import Lineage, RepoId, Span, Statement
from auditor.parse.api import read_info
from auditor.sources.memory import MemorySource

EARLY = "LicenseRef-scancode-openai-tou-20230314"
LATER = "LicenseRef-scancode-openai-tou-20241211"
LATEST = "LicenseRef-auditor-openai-services-agreement"
REPOS = {"acme/chat": {"license": "mit", "datasets": ["lab/answers"]}, "datasets/lab/answers": {"license": "mit"}}


def lineage(changed: str | None) -> Lineage:
    def known(ref: RepoId) -> tuple[Statement, ...]:
        facts = {"outputs_of": "gpt-4", "last_modified": changed} if ref.kind == "dataset" else {}
        return tuple(Statement(field, value, Span("example")) for field, value in facts.items() if value)

    target = RepoId("model", "acme/chat")
    return build([target], walk([(target, None)], MemorySource(REPOS), knowledge=known))


def held(found: Lineage, name: str) -> set[str]:
    return {t.clause.span.repo for t in found.nodes[name].terms if t.contract and t.clause.span}


@pytest.mark.parametrize(
    ("changed", "licenses"),
    [
        ("2023-05-22", {EARLY}),
        ("2025-01-02", {EARLY, LATER}),
        ("2026-02-01", {EARLY, LATER, LATEST}),
        ("2022-12-01", {EARLY}),  # before every version that is known: the earliest stands for it
    ],
)
def test_only_terms_that_had_begun_bind_the_outputs(changed: str, licenses: set[str]) -> None:
    found = lineage(changed)
    for name in ("datasets/lab/answers", "acme/chat"):
        assert held(found, name) <= licenses
        assert any(t.clause.id == "no-train-other-models" for t in found.nodes[name].terms if t.contract)


def test_findings_name_and_quote_the_versions_of_the_time() -> None:
    found = lineage("2023-05-22")
    findings, _ = apply_rules(load_rules(), found, found.targets)
    told = next(f for f in findings if f.rule == "closed-model-outputs")
    assert "OpenAI Terms of Use (2023-03-14)." in told.message
    assert "2024" not in told.message
    assert any("2023-03-14" in span.quote for span in told.evidence)
    assert not any("2024" in span.quote or "2026" in span.quote for span in told.evidence)


def test_without_a_date_every_version_counts() -> None:
    assert held(lineage(None), "acme/chat") >= {LATER, LATEST}


def test_the_closed_model_itself_keeps_all_its_terms() -> None:
    assert held(lineage("2023-05-22"), "gpt-4") == held(lineage(None), "gpt-4")


def test_the_day_of_the_last_change_is_read_from_the_hub() -> None:
    said = read_info(RepoId("dataset", "lab/answers"), None, {"lastModified": "2023-05-22T00:16:10.000Z"}, [])
    assert [s.value for s in said.statements if s.field == "last_modified"] == ["2023-05-22"]
    for odd in ("soon", None, 3, ["2023-05-22"]):
        assert not read_info(RepoId("dataset", "lab/answers"), None, {"lastModified": odd}, []).statements
