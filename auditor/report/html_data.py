"""What the script of the HTML report knows of each member: one JSON, harmless inside a page, every link checked."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from auditor.model import Clause, Edge, Lineage, Node, Span, Statement, Term
from auditor.report import address, wording
from auditor.report.graphs import members, relation_words
from auditor.report.safe import short
from auditor.report.svg import SIGNS, look
from auditor.report.tags import NAME, WORDS

Json = dict[str, Any]
_KINDS = ("restriction", "duty", "licensor-right", "notice", "grant")  # what matters most comes first


def island(lineage: Lineage) -> str:
    """The JSON for a `script` element that is data: ASCII, and nothing in it can end the element."""
    text = json.dumps(document(lineage), separators=(",", ":"), allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def document(lineage: Lineage) -> Json:
    """Members in the order of `graphs.members`; clauses and places are named by their number, for many share them."""
    return _Book(lineage).document()


class _Book:
    """Collects clauses and places, each once."""

    def __init__(self, lineage: Lineage) -> None:
        self._lineage = lineage
        self._numbers = {name: number for number, name in enumerate(members(lineage))}
        self._clauses: dict[str, int] = {}
        self._spans: dict[str, int] = {}
        self._known: dict[int, tuple[Clause, int]] = {}

    def document(self) -> Json:
        up: dict[str, list[Edge]] = {}
        for edge in self._lineage.edges:
            up.setdefault(edge.child, []).append(edge)
        rows = [self._member(name, up.get(name, ())) for name in self._numbers]
        return {
            "members": rows,
            "clauses": [json.loads(text) for text in self._clauses],
            "places": [json.loads(text) for text in self._spans],
        }

    def _member(self, name: str, edges: Iterable[Edge]) -> Json:
        node = self._lineage.nodes.get(name)
        about = {
            "name": short(name, NAME),
            "look": SIGNS[look(name, self._lineage)][1],
            "parents": self._parents(edges),
        }
        if node is None:
            return about | {"facts": [["State", "not read"]]}
        return about | {
            "page": address.of_node(node),
            "facts": [[key, short(value, WORDS)] for key, value in _facts(node) if value],
            "stated": [self._statement(s) for s in node.license.declared],
            "conflicts": [self._statement(s) for s in node.license.conflicts],
            "clauses": self._sorted(node.license.clauses),
            "inherited": self._inherited(node.terms),
            "gaps": [f"{_path(gap.path)}: {short(gap.why, WORDS)}" for gap in node.gaps],
        }

    def _parents(self, edges: Iterable[Edge]) -> list[Json]:
        return [
            {"relation": relation_words(e), "to": self._numbers[e.parent], "at": [self._place(s) for s in e.evidence]}
            for e in edges
        ]

    def _statement(self, said: Statement) -> Json:
        value = said.value if isinstance(said.value, str) else json.dumps(said.value, default=str)
        return {"field": said.field.replace("_", " "), "value": short(value, 300), "at": [self._place(said.span)]}

    def _inherited(self, terms: Iterable[Term]) -> list[Json]:
        """Clauses that come from ancestors, under the way that they came."""
        ways: dict[tuple[tuple[str, ...], tuple[str, ...], str], list[Clause]] = {}
        for term in terms:
            if len(term.path) > 1:
                doubts = [
                    "people disagree whether it reaches this far" if term.contested else "",
                    "binds the account holder" if term.contract else "",
                    "rests on an inferred step" if term.inferred else "",
                ]
                ways.setdefault((term.path, term.via, "; ".join(filter(None, doubts))), []).append(term.clause)
        return [
            {
                "way": _path(path),
                "via": ", ".join(dict.fromkeys(map(wording.relation_title, via))),
                "doubt": doubt,
                "path": [self._numbers[name] for name in path if name in self._numbers],
                "clauses": self._sorted(clauses),
            }
            for (path, via, doubt), clauses in ways.items()
        ]

    def _sorted(self, clauses: Iterable[Clause]) -> list[int]:
        from auditor.identify.vocabulary import vocabulary

        def rank(clause: Clause) -> int:
            info = vocabulary().get(clause.id)
            return _KINDS.index(info.kind) if info else len(_KINDS)

        return list(dict.fromkeys(self._clause(clause) for clause in sorted(clauses, key=rank)))

    def _clause(self, clause: Clause) -> int:
        known = self._known.get(id(clause))
        if known:  # the clause is kept beside its number, so that its address stays its own
            return known[1]
        from auditor.identify.vocabulary import vocabulary

        info = vocabulary().get(clause.id)
        said = {
            "title": info.title if info else short(clause.id, NAME),
            "kind": info.kind.replace("-", " ") if info else "clause",
            "meaning": info.meaning if info else "",
            "section": short(clause.section, 80) if clause.section else "",
            "params": short(", ".join(f"{key}: {_listed(value)}" for key, value in clause.params.items()), 300),
            "at": [self._place(clause.span)] if clause.span else [],
        }
        number = self._clauses.setdefault(json.dumps(said), len(self._clauses))
        self._known[id(clause)] = clause, number
        return number

    def _place(self, span: Span) -> int:
        said = {
            "quote": short(span.quote, WORDS),
            "place": short(wording.place(span), NAME),
            "href": address.of_span(span),
        }
        return self._spans.setdefault(json.dumps(said), len(self._spans))


def _facts(node: Node) -> list[tuple[str, str]]:
    """What a person asks first of a member."""
    record, call = node.record, node.license
    approved = {True: "yes", False: "no", None: "could not be told"}[call.osi]
    return [
        ("Kind", node.ref.kind),
        ("License", wording.license_in_words(node)),
        ("How that is known", call.why),
        ("OSI-approved", approved),
        ("State", record.status if not record.why else f"{record.status}: {record.why}"),
        ("Revision", record.revision or ""),
        ("Facts of", record.as_of or ""),
        ("Also known as", ", ".join(record.aliases)),
        *(("Not read", f"{failure.path or 'repository'}: {failure.why}") for failure in record.failures),
    ]


def _listed(value: Any) -> str:
    return " and ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _path(path: Iterable[str]) -> str:
    return short(wording.lineage_path([short(name, NAME) for name in path]), WORDS)
