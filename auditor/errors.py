"""Errors that a person can act on: one exit code per class, a place and a remedy in every message."""

from __future__ import annotations

from dataclasses import dataclass


class AuditorError(Exception):
    """Base of all expected failures. `remedy` says what to do next."""

    exit_code = 4

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(AuditorError):
    """The command line asks for something that does not exist or contradicts itself."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Mistake:
    """One fault in a file that a person wrote."""

    file: str
    line: int | None
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class FileMistakes(AuditorError):
    """Rule, catalogue or policy files that do not validate; all mistakes at once."""

    exit_code = 2

    def __init__(self, mistakes: list[Mistake], *, remedy: str = "") -> None:
        super().__init__("\n".join(str(m) for m in mistakes), remedy=remedy)
        self.mistakes = mistakes


class CouldNotDecide(AuditorError):
    """Nothing could be learnt about what was asked for: unreachable, gated, missing."""

    exit_code = 3
