"""The surest and then shortest ways down a lineage, from where something stands to everyone whom it reaches.

Nodes and relations are numbers here, in the order of their names: a lineage may have a hundred thousand members.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from auditor.lineage.relations import Relation, relations
from auditor.model import Edge

NOT, SURELY, CONTESTED = 0, 4, 2  # whether a relation hands something on
INFERRED = 1
_Row = tuple[int, int, int]  # parent, relation, origin


Way = tuple[int, int, int, tuple[str, ...], tuple[str, ...]]  # node, origin, kind, path, relations along it


class Descent:
    """Who descends from whom, along relations that hand something on."""

    def __init__(self, nodes: Iterable[str], edges: Sequence[Edge]) -> None:
        self.relations: list[Relation] = [relations()[name] for name in sorted({e.relation for e in edges})]
        numbers = {relation.id: number for number, relation in enumerate(self.relations)}
        inert = frozenset(relation.id for relation in self.relations if relation.inert)
        self.names = sorted({*nodes, *(e.parent for e in edges), *(e.child for e in edges)})
        self.numbers = {name: number for number, name in enumerate(self.names)}
        # By parent: child, relation, and whether the step is inferred.
        self._down: list[list[_Row]] = [[] for _ in self.names]
        for edge in edges:
            if edge.relation not in inert:
                step = (self.numbers[edge.child], numbers[edge.relation], int(edge.how == "inferred"))
                self._down[self.numbers[edge.parent]].append(step)

    def ways(self, origins: Mapping[int, Sequence[int]]) -> Iterator[Way]:
        """Every node that is reached, with its best way up to any of the origins: the nearest first; of equals the
        first by name.

        For each origin stands what every relation (by its number) does with what stands there: NOT, SURELY or
        CONTESTED. An origin itself counts where another one reaches it (not through its own descendants), and hands
        nothing on but its own. The path runs from the node to its origin. The kind of a way has the bits
        INFERRED and CONTESTED.
        """
        names, titles = self.names, [relation.id for relation in self.relations]
        paths: dict[int, tuple[str, ...]] = {}
        vias: dict[int, int] = {}
        chains: list[tuple[str, ...]] = [()]  # ways differ in their nodes, but are few by their relations
        longer: dict[tuple[int, int], int] = {}
        for node, kind, (parent, relation, origin) in self._search(origins):
            start = parent == origin  # nothing that is handed on passes through another origin
            paths[node] = path = (names[node], names[parent]) if start else (names[node],) + paths[parent]
            step = (relation, 0 if start else vias[parent])
            chain = longer.get(step)
            if chain is None:
                chain = longer[step] = len(chains)
                chains.append((titles[relation], *chains[step[1]]))
            vias[node] = chain
            yield node, origin, kind, path, chains[chain]

    def _search(self, origins: Mapping[int, Sequence[int]]) -> Iterator[tuple[int, int, _Row]]:
        """(node, kind of way, last step) breadth first, one kind of way after the other.

        The surest kinds come first, 0 of all. Ways that turn into a less sure kind wait, by their length, for its turn.
        """
        down, found = self._down, bytearray(len(self.names))
        waiting: list[dict[int, dict[int, _Row]]] = [{} for _ in range(4)]  # by kind and length: best step to a node
        waiting[0][0] = {origin: (origin, -1, origin) for origin in origins}
        for kind in range(4):
            steps = waiting[kind]
            while steps:
                length = min(steps)
                now, same = steps.pop(length), steps.pop(length + 1, {})
                for node, (_, relation, origin) in now.items():
                    if found[node]:
                        continue
                    if relation >= 0:
                        found[node] = 1
                        yield node, kind, now[node]
                        if node in origins:
                            continue
                    does = origins[origin]
                    for child, relation, inferred in down[node]:
                        how = does[relation]
                        if how and not found[child] and child != origin:
                            turned = kind | inferred | (how & CONTESTED)
                            onward = same if turned == kind else waiting[turned].setdefault(length + 1, {})
                            step = (node, relation, origin)
                            if child not in onward or step < onward[child]:
                                onward[child] = step
                if same:
                    steps[length + 1] = same


@contextmanager
def collector_paused() -> Iterator[None]:
    """Without Python's cyclic garbage collector, which would look through millions of new records again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
