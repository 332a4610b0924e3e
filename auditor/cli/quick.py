"""Commands that start fast.

Recent typer checks every option through pydantic, whose import takes longer than a whole audit. Our parameters are
words, switches and whole numbers, so they are converted here. The hook is typer's own, but private: in a version
without it this does nothing, and typer converts as usual.
"""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


class _Plain:
    """Stands in for typer's converter of one parameter."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        if param.type_descriptor.annotation is int:
            try:
                return int(value)
            except ValueError as error:
                raise typer.BadParameter(f"{value!r} is not a whole number.", ctx=ctx, param=param) from error
        return value


_PLAIN = _Plain()


def quick(parameters: list[Any]) -> list[Any]:
    """The same parameters, with the fast conversion."""
    for parameter in parameters:
        if hasattr(parameter, "_runtime_param"):
            parameter._runtime_param = _PLAIN
    return parameters


class QuickCommand(TyperCommand):
    """A command with fast parameters."""

    def get_params(self, ctx: Any) -> Any:
        """Its options and arguments, `--help` included."""
        return quick(super().get_params(ctx))


class QuickGroup(TyperGroup):
    """A group of subcommands with fast parameters."""

    def get_params(self, ctx: Any) -> Any:
        """Its own options, `--help` included."""
        return quick(super().get_params(ctx))
