"""Reports in which every free text and every name is hostile."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from auditor.model import Place, Report
from tests.golden.sample import sample

TEXTS = (
    "\x1b[31mred\x1b[0m\x07\u202egnp.exe\u200b\ud800\ufffe\x00",
    "\n::set-output name=verdict::allow\r\n##[error]gone\n::stop-commands::x",
    "</script><script>alert(1)</script><img src=x onerror=alert(1)><!--]]>&lt;",
    '=cmd|\' /C calc\'!A0", +1, @SUM(1), "; DROP TABLE x',
    "](javascript:alert(1)) ![i](http://evil.example) http://evil.example www.evil.example @some1 #12 | `c` **b** {0}",
    "\\\\\" ]; n9 [label=\"x\"] -> n0\n# heading\n- item\n1. one\n~~~\n```\n$$x$$",
    "n" * 10_000,
)  # fmt: skip
_KEPT = frozenset((
    "kind", "status", "how", "severity", "relation", "verdict", "field", "role", "match", "as_of", "fail_on", "doubts",
    "preset", "purpose", "distribute", "source_kind", "via", "clause", "id", "rule", "fingerprint", "concluded",
    "doubt",
))  # fmt: skip


def hostile(text: str) -> Report:
    """The sample report with `text` put before and behind every name and every free text."""
    poisoned: Report = _poisoned(sample(), text, "")
    return poisoned


def placed(report: Report | None = None) -> Report:
    """The report with places in the user's files on its findings and open rules."""
    report = report or sample()
    places = (Place("src/train.py", 12, 5), Place("src/train.py", 40), Place("configs/run a,b.yaml", 3, 8))
    return dataclasses.replace(
        report,
        findings=tuple(dataclasses.replace(f, places=places) for f in report.findings),
        undetermined=tuple(dataclasses.replace(u, places=places[:1]) for u in report.undetermined),
    )


def _poisoned(value: Any, text: str, name: str) -> Any:
    if name in _KEPT:
        return value
    if isinstance(value, str):
        return text + value + text
    if isinstance(value, tuple):
        return tuple(_poisoned(part, text, name) for part in value)
    if isinstance(value, Mapping):
        return {_poisoned(k, text, ""): _poisoned(v, text, "") for k, v in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: _poisoned(getattr(value, f.name), text, f.name) for f in dataclasses.fields(value)}
        return dataclasses.replace(value, **fields)
    return value
