"""Scores the clause reader against labeled texts: by clause, by family of licenses, and in time.

    python benchmarks/clauses.py [CORPUS]

CORPUS (default: ../shared/corpus/licenses) holds texts/<slug>.txt, manifest.jsonl and labels.jsonl. A clause counts
once a text; labels that are marked ambiguous count neither way. `held out` counts a label as found only where a pattern
found it that also finds a label of another family: patterns that serve one family alone, as if written for it, are out.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from auditor.identify.clause_rules import ClauseRule, clause_rules
from auditor.identify.clauses import read_clauses
from auditor.identify.vocabulary import vocabulary
from auditor.model import Clause

DEFAULT = Path(__file__).resolve().parents[1] / "../shared/corpus/licenses"


class Text(NamedTuple):
    """One labeled text: `labels` are the parameters of each clause id, `unsure` the ids that do not count."""

    slug: str
    family: str
    text: str
    labels: Mapping[str, list[dict[str, Any]]]
    unsure: frozenset[str]


class Score(NamedTuple):
    """Hits, false alarms and misses."""

    right: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of answers that are right; 1 where there is none."""
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        """Share of labels that are found; 1 where there is none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)

    def __str__(self) -> str:
        return f"n={self.right + self.missed:4}  P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}"


def load(corpus: Path) -> Iterator[Text]:
    """The labeled texts of a corpus."""
    labels: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows(corpus / "labels.jsonl"):
        labels[row["slug"]][row["clause_id"]].append(row["params"])
    for row in _rows(corpus / "manifest.jsonl"):
        path = corpus / "texts" / f"{row['slug']}.txt"
        if path.exists():
            theirs = labels[row["slug"]]
            unsure = frozenset(c for c, all_params in theirs.items() if any(p.get("ambiguous") for p in all_params))
            text = path.read_bytes().decode("utf-8")
            yield Text(row["slug"], row.get("family") or row["slug"], text, theirs, unsure)


def outcomes(texts: Iterable[Text]) -> Iterator[tuple[Text, str, str, list[Clause]]]:
    """(text, clause id, right | false | missed, what was found) of every clause of every text."""
    for text in texts:
        found: dict[str, list[Clause]] = defaultdict(list)
        for clause in read_clauses(text.text):
            found[clause.id].append(clause)
        for name in sorted(set(text.labels) | set(found)):
            if name not in text.unsure:
                said = "right" if name in text.labels and name in found else "false" if name in found else "missed"
                yield text, name, said, found[name]


def score(said: Iterable[str]) -> Score:
    """The score of outcomes."""
    counts = Counter(said)
    return Score(counts["right"], counts["false"], counts["missed"])


def held_out(texts: Iterable[Text]) -> Iterator[tuple[str, str]]:
    """(clause id, right | missed) of every label, read without the patterns that serve the text's family alone."""
    single = tuple(
        ClauseRule(f"{rule.id} {number}", (wording,))
        for rule in clause_rules()
        for number, wording in enumerate(rule.wordings)
    )
    found = [(text, {clause.id for clause in read_clauses(text.text, single)}) for text in texts]
    families: dict[str, set[str]] = defaultdict(set)
    for text, patterns in found:
        for pattern in patterns:
            if pattern.split()[0] in text.labels:
                families[pattern].add(text.family)
    for text, patterns in found:
        shared = {pattern.split()[0] for pattern in patterns if len(families[pattern]) > 1}
        yield from ((name, "right" if name in shared else "missed") for name in text.labels if name not in text.unsure)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def main() -> None:
    """Print the tables."""
    corpus = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    if not corpus.is_dir():
        sys.exit(f"{corpus} is not there: name a folder of labeled texts")
    texts = list(load(corpus))
    rows = list(outcomes(texts))
    core = {name for name, info in vocabulary().items() if info.tier == "core"}
    by_clause, by_family = defaultdict(list), defaultdict(list)
    for text, name, said, _ in rows:
        by_clause[name].append(said)
        by_family[text.family].append(said)
    for title, table in (("clause", by_clause), ("family", by_family)):
        print(f"by {title}")
        for name, all_said in sorted(table.items(), key=lambda row: (score(row[1]).f1, -len(row[1]))):
            print(f"  {'*' if name in core else ' '} {name:38} {score(all_said)}")
    print(f"core clauses  {score(said for _, name, said, _ in rows if name in core)}")
    print(f"all clauses   {score(said for _, _, said, _ in rows)}")
    others = list(held_out(texts))
    print(f"core clauses, held out: recall {score(said for name, said in others if name in core).recall:.3f}")
    print(f"all clauses, held out:  recall {score(said for _, said in others).recall:.3f}")
    start = time.process_time()
    for text in texts:
        read_clauses(text.text)
    print(f"{1000 * (time.process_time() - start) / len(texts):.1f} ms of processor time a text, warm")


if __name__ == "__main__":
    main()
