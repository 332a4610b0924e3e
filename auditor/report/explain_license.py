"""What a license allows, demands and forbids, on a page; and what changed between two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from auditor.identify.vocabulary import vocabulary
from auditor.model import Clause
from auditor.report.explain import criteria, show_references, title_of
from auditor.report.page import Page
from auditor.report.safe import plain, short

if TYPE_CHECKING:
    from auditor.identify.catalogue import License

_KINDS = {
    "restriction": "It restricts or forbids",
    "duty": "It demands",
    "licensor-right": "The licensor may",
    "grant": "It grants",
    "notice": "It also says",
}
# The uses that are answered first: words, and the key and values of a clause's `binds` that stand for them.
_USES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("Use it commercially", "purpose", ("commercial",)),
    ("Change it", "modify", ()),
    ("Pass on its weights", "distribute", ("weights",)),
    ("Offer it as a service", "distribute", ("service",)),
    ("Train other models with it", "train_other_models", ()),
)
_UNLIMITED = ("policy", "terms-of-service", "family")  # categories of texts that grant no license by themselves


def license_page(page: Page, entry: License) -> None:
    """What it forbids, demands, lets the licensor do and grants, with sections and quotes."""
    about = [entry.id, entry.steward or "", entry.version_date or "", entry.category]
    page.put((plain(entry.name), "bold"))
    page.put(" · ".join(plain(part) for part in about if part), style="dim")
    page.gap()
    page.rows([("OSI", approval(entry.osi, "open source")), ("FSF", approval(entry.fsf, "free"))])
    if entry.category not in _UNLIMITED:
        page.heading("In short")
        page.rows(list(in_short(entry.clauses)))
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
        page.rows([(criteria([number]), ", ".join(names)) for number, names in failed.items()])
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
    show_references(page, entry.references)


def in_short(clauses: Sequence[Clause]) -> Iterator[tuple[str, str]]:
    """Each use, and whether it is allowed as far as the clauses tell."""
    commercial = True
    for words, key, values in _USES:
        answer = _answer(clauses, key, values)
        if key == "purpose":
            commercial = not answer.startswith("no:")
        yield words, answer if commercial or answer.startswith("no:") else f"not commercially; otherwise {answer}"


def _answer(clauses: Iterable[Clause], key: str, values: tuple[str, ...]) -> str:
    """Whether one use is allowed: forbidden, within a limit, with duties, or untouched."""
    found: dict[str, list[Clause]] = {"deny": [], "limit": [], "duty": []}
    general = False
    for clause in clauses:
        info = vocabulary()[clause.id]
        general |= not info.binds and info.kind == "restriction" and bool(info.osd)
        if set(info.binds) & {"monthly_active_users", "annual_revenue_usd", "territories"}:
            if key in ("purpose", "distribute"):
                found["limit"].append(clause)
        elif _touches(info.binds, key, values):
            found.setdefault("duty" if len(info.binds) > 1 else info.effect, []).append(clause)
    if found["deny"]:
        return f"no: {_named(found['deny'])}"
    yes = "yes, outside of the uses that it prohibits" if general else "yes"
    if found["limit"]:
        return f"{yes}, within limits: {_named([*found['limit'], *found['duty']])}"
    if found["duty"]:
        return f"{yes}; see {_named(found['duty'])}"
    return yes if general else f"{yes}: no clause stands against it"


def _touches(binds: Mapping[str, Any], key: str, values: tuple[str, ...]) -> bool:
    wanted = binds.get(key)
    return wanted is True if not values else isinstance(wanted, list) and any(value in wanted for value in values)


def _named(clauses: Sequence[Clause]) -> str:
    """Titles with their sections, each once."""
    names = (
        title_of(c.id)[:1].lower()
        + title_of(c.id)[1:]
        + (f" (section {plain(c.section)})" if c.section and " " not in c.section else "")
        for c in clauses
    )
    return ", ".join(dict.fromkeys(names))


def comparison(page: Page, left: License, right: License) -> None:
    """Two licenses side by side: what only one says, what both say, and where their figures differ."""
    page.put((plain(left.name), "bold"), " and ", (plain(right.name), "bold"))
    page.gap()
    page.rows(
        [
            (plain(entry.name), f"OSI {approval(entry.osi, 'open source')} · {entry.category} · {plain(entry.id)}")
            for entry in (left, right)
        ]
    )
    ours, theirs = _by_id(left.clauses), _by_id(right.clauses)
    for entry, own, other in ((left, ours, theirs), (right, theirs, ours)):
        page.heading(f"Only in {plain(entry.name)}")
        alone = [clause for id_, clause in own.items() if id_ not in other]
        for clause in alone:
            _clause(page, clause)
        if not alone:
            page.put("nothing", first="  ", style="dim")
    page.heading("In both, with different terms")
    both = [(ours[id_], theirs[id_]) for id_ in ours if id_ in theirs]
    differing = [(a, b) for a, b in both if _shown(a) != _shown(b)]
    for pair in differing:
        page.put((title_of(pair[0].id), "bold"), f"  {pair[0].id}", first="  ")
        for entry, clause in zip((left, right), pair, strict=True):
            section = f" (section {plain(clause.section)})" if clause.section else ""
            said = params_in_words(clause) or "no terms stated"
            page.put(f"{plain(entry.name)}{section}: ", (said, "cyan"), first="      ")
    if not differing:
        page.put("nothing", first="  ", style="dim")
    page.heading("In both alike")
    _clauses_in_short(page, [a for a, b in both if _shown(a) == _shown(b)])


def _clause(page: Page, clause: Clause) -> None:
    info = vocabulary()[clause.id]
    section = f"  section {plain(clause.section)}" if clause.section else ""
    page.put((plain(info.title), "bold"), f"  {clause.id}", (section, "dim"), first="  ")
    page.put(plain(info.meaning), first="      ")
    if clause.params:
        page.put(params_in_words(clause), first="      ", style="cyan")
    if clause.span and clause.span.quote:
        page.put(f"“{short(clause.span.quote, 280)}”", first="      ", style="italic")


def _clauses_in_short(page: Page, clauses: Sequence[Clause]) -> None:
    for clause in clauses:
        params = params_in_words(clause)
        page.put(title_of(clause.id), (f"  {params}" if params else "", "dim"), first="  ")
    if not clauses:
        page.put("nothing", first="  ", style="dim")


def params_in_words(clause: Clause) -> str:
    """The parameters of a clause in one line."""
    return plain("; ".join(f"{key}: {value}" for key, value in _shown(clause).items()))


def _shown(clause: Clause) -> dict[str, str]:
    """The parameters in words: names with spaces, figures with commas, nothing that only the program uses."""
    return {
        key.replace("_", " "): _figure(value) for key, value in clause.params.items() if not key.endswith("_family")
    }


def _figure(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value).replace("licence-", "license ").replace("licence", "license").replace("+", " and ")


def _by_id(clauses: Iterable[Clause]) -> dict[str, Clause]:
    return {clause.id: clause for clause in clauses}


def _failed(clauses: Iterable[Clause]) -> dict[int, list[str]]:
    failed: dict[int, list[str]] = {}
    for clause in clauses:
        for number in vocabulary()[clause.id].osd:
            failed.setdefault(number, []).append(title_of(clause.id).lower())
    return {number: list(dict.fromkeys(failed[number])) for number in sorted(failed)}


def approval(value: bool | None, kind: str) -> str:
    """Whether the OSI or the FSF approved of it, in words."""
    if value is None:
        return "cannot be said of it as a whole"
    return f"approved as {kind}" if value else f"not approved as {kind}"
