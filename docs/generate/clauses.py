"""The page of the vocabulary of clauses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from auditor.identify import catalogue
from auditor.identify.vocabulary import ClauseInfo, vocabulary
from auditor.report.explain import binds_in_words, criteria, with_gaps
from auditor.resources import load_folder, rules_dir
from docs.generate.markdown import code, escape, link, listing, page, table

_INTRO = """
What licenses say is told in a closed vocabulary, so that two licenses can be compared and a rule can ask about both.
A clause is of the core where it decides adoptions, secondary otherwise. Where it binds depends on the [declared
use](../concludes.md#the-verdict). Of a license with a clause that fails the [Open Source
Definition](https://opensource.org/osd), the criteria are named. The sentences under each clause were written for this
project: texts that say so in other words are recognized, too.
"""
_KINDS = {
    "restriction": "Restrictions",
    "duty": "Duties",
    "licensor-right": "What the licensor may do",
    "grant": "Grants",
    "notice": "Notices",
}
_EFFECTS = {"deny": "it stands against the use", "duty": "it comes with a duty", "note": "it is worth knowing"}
_WORDINGS = 3  # sentences for each clause


def files() -> dict[str, str]:
    """`docs/reference/clauses.md`."""
    wordings = {raw["id"]: raw for raw in load_folder(rules_dir() / "clauses").values() if "id" in raw}
    held = Counter(c for raw in catalogue.raw_entries().values() for c in {clause["id"] for clause in raw["clauses"]})
    parts = [_INTRO, _index(held)]
    for kind, title in _KINDS.items():
        infos = [info for info in vocabulary().values() if info.kind == kind]
        parts += [f"## {title}"] if infos else []
        for info in infos:
            parts += _clause(info, held[info.id], wordings.get(info.id, {}))
    return {"docs/reference/clauses.md": page("Clauses", *parts)}


def _index(held: Counter[str]) -> str:
    rows = [
        (link(code(info.id), f"#{info.id}"), escape(info.title), info.kind, info.tier, str(held[info.id]))
        for info in vocabulary().values()
    ]
    return table(("Clause", "Title", "Kind", "Tier", "Licenses"), rows)


def _clause(info: ClauseInfo, held: int, wording: dict[str, Any]) -> Iterator[str]:
    yield f"### {info.id}"
    yield f"**{escape(info.title)}** · {info.kind} · {info.tier} · in {held} licenses"
    yield escape(info.meaning)
    facts = [f"**Binds** {escape(binds_in_words(info.binds))}; there {_EFFECTS[info.effect]}."]
    if info.act:
        facts.append(f"**What to do:** {escape(with_gaps(info.act))}")
    if info.softer:
        where = "; ".join(f"{key} is {' or '.join(map(str, values))}" for key, values in info.softer["where"].items())
        facts.append(
            f"**Where** {escape(where)}: {_EFFECTS[info.softer['effect']]}. {escape(with_gaps(info.softer['act']))}"
        )
    if info.osd:
        facts.append(f"**Open Source Definition:** fails {escape(criteria(info.osd))}.")
    if info.implies:
        facts.append(f"**Says more than** {', '.join(link(code(i), f'#{i}') for i in info.implies)}.")
    facts += [f"**Parameter** {code(name)}: {escape(meaning)}." for name, meaning in info.params.items()]
    yield listing(facts)
    sentences = [_sentence(example) for example in wording.get("examples", {}).get("match", ())][:_WORDINGS]
    if sentences:
        yield "Recognized, for instance, in:"
        yield listing(f"“{escape(sentence)}”" for sentence in sentences)


def _sentence(example: Any) -> str:
    return str(example["text"] if isinstance(example, dict) else example)
