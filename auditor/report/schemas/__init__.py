"""JSON Schemas of what the auditor writes, and of the files that people write for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from auditor.report.schemas.diff import diff
from auditor.report.schemas.files import lock, policy, rule
from auditor.report.schemas.license import license_lines
from auditor.report.schemas.lines import lines
from auditor.report.schemas.parts import Schema
from auditor.report.schemas.report import lineage, report

SCHEMAS: Mapping[str, Callable[[], Schema]] = {
    "report": report,
    "lines": lines,
    "lineage": lineage,
    "license": license_lines,
    "diff": diff,
    "rule": rule,
    "policy": policy,
    "lock": lock,
}
"""Name of a schema to the function that makes it."""
