"""One thing that an expression of Python may be, and how much may be spent on finding out."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Literal

from auditor.inputs.references.python_code import Code

MAX_DEPTH = 12
MAX_VALUES = 64
MAX_STEPS = 400  # expressions followed for one question
MAX_TOTAL = 40_000  # and for one file

State = Literal["text", "unknown", "local", "object"]


@dataclass(frozen=True, slots=True)
class Value:
    """One thing that an expression may be. `direct` is False when a default or a choice stood in between."""

    state: State
    node: ast.expr
    code: Code
    text: str = ""
    direct: bool = True


class Budget:
    """How much following one question may cost; names that lead back to themselves are not followed again."""

    def __init__(self) -> None:
        self.active: set[ast.expr] = set()
        self.total = self.left = 0

    def take(self, expr: ast.expr, depth: int) -> bool:
        """Whether `expr` may be followed now."""
        if depth == 0:
            self.left = MAX_STEPS if self.total < MAX_TOTAL else 0
            self.active.clear()
        self.left -= 1
        self.total += 1
        if depth > MAX_DEPTH or self.left < 0 or expr in self.active:
            return False
        self.active.add(expr)
        return True


def doubted(found: list[Value]) -> list[Value]:
    """The same, with a default or a choice in between."""
    return [Value(v.state, v.node, v.code, v.text, False) for v in found]
