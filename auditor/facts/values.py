"""The value that a fact has when it could not be learnt."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither true nor false nor absent: it could not be told, and `why` says why."""

    why: str
