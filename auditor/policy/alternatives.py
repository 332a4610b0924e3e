"""Open relatives of a model: of the same house and family, audited by the same rules over the shipped facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from auditor.identify import catalogue
from auditor.model import RepoId, Use
from auditor.policy.weight import weigh

_AUDITED = 12  # of the nearest names
_MOST = 3


def open_relatives(name: str, use: Use) -> tuple[list[str], str | None]:
    """Ids of the bundle against which the same audit finds nothing for the use, nearest names first; facts' date."""
    from auditor.pipeline import audit
    from auditor.sources.bundled import BundledSource

    source = BundledSource()
    near = [other for other in _family(name, source.ids()) if _is_open(source.fetch(RepoId("model", other)).info)]
    near.sort(key=lambda other: -SequenceMatcher(None, name.casefold(), other.casefold()).ratio())
    if not near:
        return [], source.as_of
    report = audit([(RepoId("model", other), None) for other in near[:_AUDITED]], source, use)
    grave = {f.subject for f in report.findings if weigh(f, report.lineage.nodes[f.subject], use) == "high"}
    fine = [n for n, d in report.decisions.items() if d.verdict in ("allow", "conditions") and n not in grave]
    return fine[:_MOST], source.as_of


def _family(name: str, ids: Iterable[str]) -> list[str]:
    """Other models of the same organization whose names begin with the same word."""
    owner, _, tail = name.casefold().partition("/")
    stem = _stem(tail)
    if not stem:
        return []
    pairs = ((i, i.casefold().partition("/")) for i in ids if not i.startswith("datasets/"))
    return [i for i, (org, _, rest) in pairs if org == owner and _stem(rest) == stem and rest != tail]


def _stem(tail: str) -> str:
    """`qwen` of `qwen2.5-7b`: the letters with which a name begins."""
    end = next((at for at, c in enumerate(tail) if not c.isalpha()), len(tail))
    return tail[:end]


def _is_open(info: Mapping[str, Any]) -> bool:
    """Does the card declare a license that the Open Source Initiative has approved?"""
    card = info.get("cardData")
    tag = card.get("license") if isinstance(card, Mapping) else None
    ids = catalogue.resolve(tag).ids if isinstance(tag, str) else ()
    entries = [catalogue.get(one) for one in ids]
    return bool(entries) and all(entry is not None and entry.osi is True for entry in entries)
