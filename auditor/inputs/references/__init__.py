"""Finds the models, datasets and closed APIs that a repository uses, each with its place."""

from __future__ import annotations

from auditor.inputs.references.reference import Reference, Scan, Skipped
from auditor.inputs.references.search import find, scan

__all__ = ["Reference", "Scan", "Skipped", "find", "scan"]
