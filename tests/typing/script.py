"""A user's script, as type checkers see the API: checked by `mypy`, and run by tests/unit/test_api.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, assert_type

import auditor
from auditor.model import Decision, Finding, Node
from auditor.sources.memory import MemorySource

HUB = MemorySource({"acme/chat": {"license": "mit", "base_model": "lab/base"}, "lab/base": {"license": "cc-by-nc-4.0"}})


def blockers(name: str, source: auditor.Source) -> list[str]:
    """The graver findings on a model, in words."""
    report = auditor.audit(name, use=auditor.Use(purpose="commercial"), source=source)
    assert_type(report, auditor.Report)
    assert_type(report.verdict, Literal["allow", "conditions", "deny", "undetermined"])
    assert_type(report.findings, tuple[Finding, ...])
    assert_type(report.decisions[name], Decision)
    assert_type(report.lineage.nodes[name], Node)
    assert_type(report.to_dict(), dict[str, Any])
    assert_type(report.to_html(), str)
    assert_type(report.exit_code, int)
    assert_type(report.to_networkx().number_of_nodes(), int)
    return [finding.message for finding in report.findings if finding.severity == "high"]


def mistaken() -> None:
    """What a type checker refuses: an ignore that is not needed is an error, too."""
    auditor.audit(7)  # type: ignore[arg-type]
    auditor.audit("gpt2", fail_on="hihg")  # type: ignore[arg-type]
    auditor.audit(["gpt2", Path("./model")], use={"preset": "product"}, source=object())  # type: ignore[arg-type]
    auditor.adit("gpt2")  # type: ignore[attr-defined]


if __name__ == "__main__":
    print("\n".join(blockers("acme/chat", HUB)))
