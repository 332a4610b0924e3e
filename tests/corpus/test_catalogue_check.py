"""The catalogue against real texts: an entry says what its license's text says, or explains why it differs."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest

from auditor.identify import catalogue
from auditor.identify.catalogue_check import differences
from auditor.identify.clause_rules import clause_rules
from auditor.identify.clauses import read_clauses
from auditor.identify.decode import decode

CORPUS = Path(__file__).parents[2] / "../shared/corpus/licenses"
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real license texts is not beside the checkout"),
]

# Mistakes of the reader, where the entry is right. The test fails when one is mended, so that it leaves the list.
MISREAD: set[tuple[str, str]] = set()


@functools.cache
def texts() -> dict[str, Path]:
    """The text of every catalogue entry that the corpus has."""
    found: dict[str, Path] = {}
    for line in (CORPUS / "manifest.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        own = f"LicenseRef-auditor-{row['slug'].replace('+', '-plus')}"
        license_id = own if catalogue.get(own) else row["spdx_id"]
        if license_id and catalogue.get(license_id):
            found[license_id] = CORPUS / "texts" / f"{row['slug']}.txt"
    return found


def unexplained() -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """(license, clause) where entry and text differ without an explanation, and explanations of nothing."""
    readable = {rule.id for rule in clause_rules()}
    wrong, idle = set(), set()
    for license_id, path in texts().items():
        raw = catalogue.raw_entries()[license_id]
        parted = differences(raw, read_clauses(decode(path.read_bytes()).text), readable)
        explained = raw.get("explained", {})
        wrong |= {(license_id, f"{name} {words}") for name, words in parted.items() if name not in explained}
        idle |= {(license_id, name) for name in explained if name not in parted}
    return wrong, idle


def test_entries_say_what_the_texts_say() -> None:
    assert len(texts()) > 120
    wrong, idle = unexplained()
    told = {(license_id, words.partition(" ")[0]) for license_id, words in wrong}
    assert sorted(pair for pair in wrong if (pair[0], pair[1].partition(" ")[0]) not in MISREAD) == []
    assert sorted(MISREAD - told) == []
    assert sorted(idle) == []
