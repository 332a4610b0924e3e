"""What a rule, clause, license, relation or system is, on a page."""

from __future__ import annotations

import functools
import string
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from auditor.identify.vocabulary import ClauseInfo, vocabulary
from auditor.model import Clause
from auditor.report import wording
from auditor.report.page import SEVERITY_STYLE, Page
from auditor.report.safe import plain, short
from auditor.resources import data_dir, load_file

if TYPE_CHECKING:
    from auditor.engine.rule import Example, Rule
    from auditor.identify.catalogue import License
    from auditor.lineage.relations import Relation

_KINDS = {
    "restriction": "It restricts or forbids",
    "duty": "It demands",
    "licensor-right": "The licensor may",
    "grant": "It grants",
    "notice": "It also says",
}
_EXAMPLES = {"fires": "It fires", "quiet": "It stays quiet", "undetermined": "It cannot be decided"}
_MOST_LICENSES = 12


def rule_page(page: Page, rule: Rule) -> None:
    """Rationale, remedy, references and the examples, which are model cards."""
    page.put(
        (plain(rule.title), "bold"), f"  rule {plain(rule.name)} · ", (rule.severity, SEVERITY_STYLE[rule.severity])
    )
    page.gap()
    page.put(plain(rule.rationale), first="  ")
    page.gap()
    page.put(_with_gaps(rule.remedy), first="  → ", style="green")
    for kind, title in _EXAMPLES.items():
        shown = [example for example in rule.examples if example.kind == kind]
        if shown:
            page.heading(title)
            for example in shown:
                _example(page, example)
    _references(page, rule.references)


def clause_page(page: Page, info: ClauseInfo) -> None:
    """Meaning, what it binds, the Open Source Definition, and the licenses that hold it."""
    page.put((plain(info.title), "bold"), f"  clause {info.id} · {info.kind} · {info.tier}")
    page.gap()
    page.put(plain(info.meaning), first="  ")
    if info.act:
        page.put(_with_gaps(info.act), first="  → ", style="green")
    rows = [("Binds", binds_in_words(info.binds)), ("There it", _EFFECTS[info.effect])]
    rows += [("Open source", f"a license with it fails {_criteria(info.osd)}")] if info.osd else []
    rows += [(f"Parameter {name}", plain(str(said))) for name, said in info.params.items()]
    page.gap()
    page.rows(rows)
    holders = _holders(info.id)
    page.heading(f"In {wording.count(len(holders), 'license')} of the catalogue")
    for name in holders[:_MOST_LICENSES]:
        page.put(plain(name), first="  ")
    if len(holders) > _MOST_LICENSES:
        page.put(f"and {len(holders) - _MOST_LICENSES} more", first="  ", style="dim")


_EFFECTS = {
    "deny": "stands against the use",
    "duty": "comes with a duty",
    "note": "is worth knowing, and changes no verdict",
}


def license_page(page: Page, entry: License) -> None:
    """What it forbids, demands, lets the licensor do and grants, with sections and quotes."""
    about = [entry.id, entry.steward or "", entry.version_date or "", entry.category]
    page.put((plain(entry.name), "bold"))
    page.put(" · ".join(plain(part) for part in about if part), style="dim")
    page.gap()
    page.rows([("OSI", _approval(entry.osi, "open source")), ("FSF", _approval(entry.fsf, "free"))])
    by_kind: dict[str, list[Clause]] = {}
    for clause in entry.clauses:
        by_kind.setdefault(vocabulary()[clause.id].kind, []).append(clause)
    for kind, title in _KINDS.items():
        if kind in by_kind:
            page.heading(title)
            for clause in by_kind[kind]:
                _clause(page, clause)
    failed = _failed(entry.clauses)
    if failed:
        page.heading("Open Source Definition criteria that it fails")
        page.rows([(_criteria([number]), ", ".join(names)) for number, names in failed.items()])
    rows = [
        ("Hub tags", ", ".join(entry.hub_tags)),
        ("Also called", ", ".join(entry.names)),
        ("Stands for", ", ".join(entry.members)),
        ("Earlier version", entry.predecessor or ""),
        ("Later version", entry.successor or ""),
        ("Reviewed", entry.reviewed or ""),
    ]
    page.heading("Names")
    page.rows([(name, plain(said)) for name, said in rows if said])
    _references(page, entry.references)


def relation_page(page: Page, relation: Relation) -> None:
    """What descends along it."""
    page.put((plain(relation.title), "bold"), f"  relation {relation.id}")
    page.gap()
    if relation.inert:
        page.put("Nothing descends along it.", first="  ")
    if relation.all:
        page.put("Everything in force on the parent descends, inherited terms included.", first="  ")
    for carry in relation.carries:
        where = "; ".join(f"{key} is {' or '.join(map(str, values))}" for key, values in carry.where.items())
        contested = " (contested: people disagree)" if carry.contested else ""
        said = _title(carry.clause) + (f", where {where}" if where else "") + contested
        page.put(plain(said), first="  carries ")
    for clause in relation.through:
        page.put(f"{_title(clause)} on the parent makes it carry everything.", first="  ")


def comparison(page: Page, left: License, right: License) -> None:
    """Two licenses side by side: what only one says, what both say, and where their figures differ."""
    page.put((plain(left.name), "bold"), " and ", (plain(right.name), "bold"))
    page.gap()
    page.rows(
        [
            (plain(entry.name), f"OSI {_approval(entry.osi, 'open source')} · {entry.category} · {plain(entry.id)}")
            for entry in (left, right)
        ]
    )
    ours, theirs = _by_id(left.clauses), _by_id(right.clauses)
    for entry, own, other in ((left, ours, theirs), (right, theirs, ours)):
        page.heading(f"Only in {plain(entry.name)}")
        _clauses_in_short(page, [clause for id_, clause in own.items() if id_ not in other])
    page.heading("In both, with different terms")
    both = [(ours[id_], theirs[id_]) for id_ in ours if id_ in theirs]
    differing = [(a, b) for a, b in both if a.params != b.params]
    for a, b in differing:
        page.put((_title(a.id), "bold"), f"  {_params(a) or 'not stated'} / {_params(b) or 'not stated'}", first="  ")
    if not differing:
        page.put("nothing", first="  ", style="dim")
    page.heading("In both alike")
    _clauses_in_short(page, [a for a, b in both if a.params == b.params])


def binds_in_words(binds: Mapping[str, Any]) -> str:
    """The uses that a clause touches."""
    if not binds:
        return "every use"
    parts = []
    for key, wanted in binds.items():
        name = key.replace("_", " ")
        if isinstance(wanted, Mapping):
            verb, parameter = next(iter(wanted.items()))
            parts.append(f"{name} {'over its' if verb == 'over' else 'among its'} {parameter}")
        elif isinstance(wanted, list):
            parts.append(f"{name}: {' or '.join(map(str, wanted))}")
        else:
            parts.append(name if wanted is True else f"{name}: {wanted}")
    return "; ".join(parts)


def _with_gaps(template: str) -> str:
    """A template before it is filled: `{term.params.threshold:,}` reads `[threshold]`."""
    parts = string.Formatter().parse(template)
    return plain("".join(f"{words}[{gap.rsplit('.', 1)[-1]}]" if gap else words for words, gap, _, _ in parts))


def _example(page: Page, example: Example) -> None:
    page.put(plain(example.why), first="  · ")
    for name, card in example.repos.items():
        said = ", ".join(f"{key}: {short(str(value), 120)}" for key, value in card.items())
        page.put((plain(name), "cyan"), f"  {said}", first="      ", rest="        ")


def _clause(page: Page, clause: Clause) -> None:
    info = vocabulary()[clause.id]
    section = f"  section {plain(clause.section)}" if clause.section else ""
    page.put((plain(info.title), "bold"), f"  {clause.id}", (section, "dim"), first="  ")
    page.put(plain(info.meaning), first="      ")
    if clause.params:
        page.put(_params(clause), first="      ", style="cyan")
    if clause.span and clause.span.quote:
        page.put(f"“{short(clause.span.quote, 280)}”", first="      ", style="italic")


def _clauses_in_short(page: Page, clauses: Sequence[Clause]) -> None:
    for clause in clauses:
        params = _params(clause)
        page.put(_title(clause.id), (f"  {params}" if params else "", "dim"), first="  ")
    if not clauses:
        page.put("nothing", first="  ", style="dim")


def _params(clause: Clause) -> str:
    return plain(", ".join(f"{key}: {_figure(value)}" for key, value in clause.params.items()))


def _figure(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _by_id(clauses: Iterable[Clause]) -> dict[str, Clause]:
    return {clause.id: clause for clause in clauses}


def _title(clause: str) -> str:
    info = vocabulary().get(clause)
    return info.title if info else clause


def _failed(clauses: Iterable[Clause]) -> dict[int, list[str]]:
    failed: dict[int, list[str]] = {}
    for clause in clauses:
        for number in vocabulary()[clause.id].osd:
            failed.setdefault(number, []).append(_title(clause.id).lower())
    return {number: list(dict.fromkeys(failed[number])) for number in sorted(failed)}


def _criteria(numbers: Iterable[int]) -> str:
    return ", ".join(f"{number} ({_osd()[str(number)]})" for number in numbers)


@functools.cache
def _osd() -> dict[str, str]:
    criteria: dict[str, str] = load_file(data_dir() / "osd.yaml")
    return criteria


def _approval(value: bool | None, kind: str) -> str:
    if value is None:
        return "cannot be said of it as a whole"
    return f"approved as {kind}" if value else f"not approved as {kind}"


def _holders(clause: str) -> list[str]:
    """Names of the licenses that hold a clause; the files are read as they are, to start fast."""
    from auditor.identify.catalogue import raw_entries

    return sorted(raw["name"] for raw in raw_entries().values() if any(c["id"] == clause for c in raw["clauses"]))


def _references(page: Page, references: Sequence[str]) -> None:
    if references:
        page.heading("References")
        for reference in references:
            page.whole(plain(reference), indent=2, style="dim")
