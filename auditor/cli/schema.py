"""`auditor schema`: the JSON Schema of a format."""

from __future__ import annotations

from typing import Annotated

import typer

from auditor.cli import common


def schema(
    name: Annotated[
        str, typer.Argument(help="report, lines, lineage, license, diff, rule, policy or lock.", metavar="NAME")
    ] = "report",
    output: common.Output = None,
) -> None:
    """Print the JSON Schema of a format."""
    import json

    from auditor.report.schemas import SCHEMAS

    common.choice(name, SCHEMAS, "schema")
    common.write(json.dumps(SCHEMAS[name](), indent=2) + "\n", output)
