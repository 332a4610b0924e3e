"""How the computation of terms grows: a synthetic lineage with merges, datasets and cycles, at two sizes.

    python benchmarks/terms.py [NODES ...]      default: 10000 100000

Prints seconds (and those that the processor worked), peak memory, and processor time for each edge and each term with
its growth since the first size; the terms themselves, and their paths, grow a little faster than the edges.
"""

from __future__ import annotations

import random
import resource
import sys
import time

from auditor.lineage.terms import terms_of
from auditor.model import Clause, Edge, LicenseCall

CLAUSES = [
    Clause("user-count-cap", {"threshold": 700_000_000, "unit": "MAU"}),
    Clause("no-train-other-models", {"scope": "both"}),
    Clause("non-commercial"),
    Clause("use-restrictions", {"mode": "in-text"}),
    Clause("attribution-notice"),
    Clause("share-alike"),
    Clause("distillation-is-derivative"),
    Clause("naming-requirement", {"prefix": "X", "applies_to": "both"}),
]
RELATIONS = ["finetune"] * 5 + ["quantized"] * 3 + ["merge", "adapter", "trained-on", "trained-on-outputs-of"]


def lineage(size: int, seed: int = 7) -> tuple[dict[str, LicenseCall], list[Edge]]:
    """A lineage of `size` nodes: mostly a forest, one in ten a merge, one edge in a hundred closing a cycle."""
    chance = random.Random(seed)
    licenses, edges = {}, []
    for i in range(size):
        clauses = tuple(chance.sample(CLAUSES, chance.randint(0, 4))) if i % 4 == 0 else ()
        licenses[f"n{i}"] = LicenseCall(known=True, stated=True, clauses=clauses)
        for _ in range(2 if i % 10 == 0 else 1):
            if i:
                edges.append(Edge(f"n{i}", f"n{chance.randrange(i)}", chance.choice(RELATIONS), "declared"))
        if i % 100 == 0 and i:
            edges.append(Edge(f"n{chance.randrange(i)}", f"n{i}", "finetune", "declared"))
    return licenses, edges


def main() -> None:
    """Measure each size and compare the cost of an edge with that of the first size."""
    first: tuple[float, float] | None = None
    for size in [int(a) for a in sys.argv[1:]] or [10_000, 100_000]:
        licenses, edges = lineage(size)
        start, worked = time.perf_counter(), time.process_time()
        found = terms_of(licenses, edges, frozenset())
        seconds, worked = time.perf_counter() - start, time.process_time() - worked
        count = sum(map(len, found.values()))
        each = worked / len(edges), worked / count
        first = first or each
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{size:>8} nodes {len(edges):>8} edges {count:>8} terms  {seconds:6.2f} s ({worked:.2f})  {peak:4.0f} MB",
            end="",
        )
        print(f"  {1e6 * each[0]:5.1f} us an edge x{each[0] / first[0]:.2f}", end="")
        print(f"  {1e6 * each[1]:5.2f} us a term x{each[1] / first[1]:.2f}")


if __name__ == "__main__":
    main()
