"""What a call of Python is given, and what a parameter or a field is by default."""

from __future__ import annotations

import ast
from collections.abc import Collection

from auditor.inputs.references.python_code import last_name


def argument(call: ast.Call, place: int | None, names: Collection[str]) -> ast.expr | None:
    """The argument at a position or under one of the names; nothing behind `*args`."""
    for keyword in call.keywords:
        if keyword.arg is not None and keyword.arg in names:
            return keyword.value
    if place is None or place < 0 or place >= len(call.args):
        return None
    if any(isinstance(a, ast.Starred) for a in call.args[: place + 1]):
        return None
    return call.args[place]


def unwrapped(expr: ast.expr) -> ast.expr:
    """The default inside `field(default=...)`, `Field("...")`, `typer.Option("...")`."""
    if isinstance(expr, ast.Call) and last_name(expr.func) in ("field", "Field", "Option", "Argument", "Form", "Query"):
        given = argument(expr, 0, ("default",))
        if given is not None:
            return given
        factory = argument(expr, None, ("default_factory",))
        if isinstance(factory, ast.Lambda):
            return factory.body
    return expr


def is_static(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a method is called without an object."""
    return any(last_name(d) == "staticmethod" for d in function.decorator_list)
