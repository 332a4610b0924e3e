"""What a rule, clause or relation is, on a page."""

from __future__ import annotations

import functools
import string
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from auditor.identify.vocabulary import ClauseInfo, vocabulary
from auditor.report import wording
from auditor.report.page import SEVERITY_STYLE, Page
from auditor.report.safe import plain, short
from auditor.resources import data_dir, load_file

if TYPE_CHECKING:
    from auditor.engine.rule import Example, Rule
    from auditor.lineage.relations import Relation

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
    page.put(with_gaps(rule.remedy), first="  → ", style="green")
    for kind, title in _EXAMPLES.items():
        shown = [example for example in rule.examples if example.kind == kind]
        if shown:
            page.heading(title)
            for example in shown:
                _example(page, example)
    show_references(page, rule.references)


def clause_page(page: Page, info: ClauseInfo) -> None:
    """Meaning, what it binds, the Open Source Definition, and the licenses that hold it."""
    page.put((plain(info.title), "bold"), f"  clause {info.id} · {info.kind} · {info.tier}")
    page.gap()
    page.put(plain(info.meaning), first="  ")
    if info.act:
        page.put(with_gaps(info.act), first="  → ", style="green")
    rows = [("Binds", binds_in_words(info.binds)), ("There it", _EFFECTS[info.effect])]
    rows += [("Open source", f"a license with it fails {criteria(info.osd)}")] if info.osd else []
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
        said = title_of(carry.clause) + (f", where {where}" if where else "") + contested
        page.put(plain(said), first="  carries ")
    for clause in relation.through:
        page.put(f"{title_of(clause)} on the parent makes it carry everything.", first="  ")


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


def with_gaps(template: str) -> str:
    """A template before it is filled: `{term.params.threshold:,}` reads `[threshold]`."""
    parts = string.Formatter().parse(template)
    return plain("".join(f"{words}[{gap.rsplit('.', 1)[-1]}]" if gap else words for words, gap, _, _ in parts))


def _example(page: Page, example: Example) -> None:
    page.put(plain(example.why), first="  · ")
    for name, card in example.repos.items():
        said = ", ".join(f"{key}: {short(str(value), 120)}" for key, value in card.items())
        page.put((plain(name), "cyan"), f"  {said}", first="      ", rest="        ")


def title_of(clause: str) -> str:
    """A clause's name in words; an unknown one's id."""
    info = vocabulary().get(clause)
    return info.title if info else clause


def criteria(numbers: Iterable[int]) -> str:
    """Criteria of the Open Source Definition by number and name."""
    return ", ".join(f"{number} ({_osd()[str(number)]})" for number in numbers)


@functools.cache
def _osd() -> dict[str, str]:
    criteria: dict[str, str] = load_file(data_dir() / "osd.yaml")
    return criteria


def _holders(clause: str) -> list[str]:
    """Names of the licenses that hold a clause; the files are read as they are, to start fast."""
    from auditor.identify.catalogue import raw_entries

    return sorted(raw["name"] for raw in raw_entries().values() if any(c["id"] == clause for c in raw["clauses"]))


def show_references(page: Page, references: Sequence[str]) -> None:
    if references:
        page.heading("References")
        for reference in references:
            page.whole(plain(reference), indent=2, style="dim")
