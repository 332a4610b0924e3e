"""The labelled sample repository: nearly everything in it is found, and nearly nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor.inputs.references import Reference, find

HERE = Path(__file__).parents[1] / "fixtures" / "references"
Label = tuple[str, int, str, str, str | None]


def labels() -> set[Label]:
    rows = map(json.loads, (HERE / "expected.jsonl").read_text("utf-8").splitlines())
    return {(r["file"], r["line"], r["id"], r["kind"], r["revision"]) for r in rows}


@pytest.fixture(scope="module")
def found() -> dict[Label, Reference]:
    return {(r.file, r.line, r.id, r.kind, r.revision): r for r in find(HERE / "tree")}


def test_the_sample_is_large_enough():
    wanted = labels()
    assert len(wanted) >= 150
    assert len({Path(label[0]).name for label in wanted}) >= 25
    assert {label[3] for label in wanted} == {"model", "dataset", "closed", "unresolved"}


def test_recall_and_precision(found):
    wanted = labels()
    missed, extra = sorted(wanted - set(found), key=str), sorted(set(found) - wanted, key=str)
    report = "\n".join([*(f"missed {m}" for m in missed), *(f"extra {e}" for e in extra)])
    assert 1 - len(missed) / len(wanted) >= 0.97, report
    assert 1 - len(extra) / len(found) >= 0.98, report


def test_places_point_at_the_id(found):
    """The text of a reference stands at its line and column, whatever the form of the file."""
    wrong = []
    for one in found.values():
        row = (HERE / "tree" / one.file).read_text("utf-8").splitlines()[one.line - 1]
        at = row[one.column - 1 :].lstrip("\"'\\")
        if one.kind != "unresolved" and not at.startswith(one.text[:20]) and one.how != "requirement":
            wrong.append((one, row))
    # Text put together from parts, and names moved from an escaped line of a notebook, have no single place.
    assert len(wrong) <= 3, wrong


def test_what_is_written_into_the_call_is_surer_than_what_a_name_says(found):
    assert all(r.confidence == "likely" for r in found.values() if r.how.startswith("name:"))
    assert sum(r.confidence == "sure" for r in found.values()) > len(found) / 3
