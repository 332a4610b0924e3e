"""What a scan gives: a reference with its place, and a file that was not read, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from auditor.model import Reference

Kind = Literal["model", "dataset", "closed", "unresolved"]
Confidence = Literal["sure", "likely"]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that could hold references and was not read."""

    file: str
    why: str


@dataclass(frozen=True, slots=True)
class Scan:
    """Everything found in a tree, sorted by place, and what was left out; `marked` are files with inline waivers."""

    references: tuple[Reference, ...]
    skipped: tuple[Skipped, ...]
    marked: tuple[str, ...] = ()


MARK = "auditor: ignore"  # begins an inline waiver

__all__ = ["MARK", "Confidence", "Kind", "Reference", "Scan", "Skipped"]
