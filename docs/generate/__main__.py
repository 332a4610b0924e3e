"""Writes the generated files, or with `--check` says which of them are stale.

python -m docs.generate            # write
python -m docs.generate --check    # exit 1 and show what differs
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Mapping
from pathlib import Path

from docs.generate import clauses, commands, facts, known, licenses, providers, relations, rules, schemas

ROOT = Path(__file__).parents[2]
GENERATED = ("docs/reference", "schemas")  # folders that hold nothing else
_SHOWN = 12  # lines of difference for each file


def files() -> dict[str, str]:
    """Every generated file: its path from the root of the project, and what belongs in it."""
    found: dict[str, str] = {}
    for maker in (rules, clauses, licenses, providers, known, relations, facts, commands, schemas):
        found |= maker.files()
    return found


def stale(wanted: Mapping[str, str], root: Path) -> dict[str, list[str]]:
    """The files below `root` that are not as wanted, each with the first lines of its difference."""
    there = {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for folder in GENERATED
        for path in (root / folder).rglob("*")
        if path.is_file()
    }
    found = {}
    for name in sorted(there.keys() | wanted.keys()):
        if there.get(name) != wanted.get(name):
            old, new = there.get(name, "").splitlines(), wanted.get(name, "").splitlines()
            found[name] = list(difflib.unified_diff(old, new, n=0, lineterm=""))[2 : 2 + _SHOWN]
    return found


def write(wanted: Mapping[str, str], root: Path) -> None:
    """Write what is stale, and delete what no source stands behind any more."""
    for name in stale(wanted, root):
        path = root / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[name], "utf-8", newline="\n")
        else:
            path.unlink()


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Run the command line; 1 where `--check` finds a stale file."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    wanted = files()
    old = stale(wanted, root)
    if not arguments:
        write(wanted, root)
        print(f"{len(wanted)} files, {len(old)} of them written anew")
        return 0
    for name, lines in old.items():
        print(f"{name} is stale:", *(f"    {line[:200]}" for line in lines), sep="\n")
    print(f"{len(wanted)} generated files, {len(old)} stale")
    if old:
        print("`python -m docs.generate` writes them anew.", file=sys.stderr)
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
