"""Words that several formats share: the declared use, license and rule names, paths, places and counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from auditor.model import Decision, Lineage, Node, Reason, Report, Span, Use
from auditor.report.safe import plain, short

HUB = "https://huggingface.co"
VERDICTS = {
    "allow": "ALLOWED",
    "conditions": "ALLOWED WITH CONDITIONS",
    "deny": "NOT ALLOWED",
    "undetermined": "COULD NOT TELL",
}
MARKS = {"allow": "✓", "conditions": "☐", "deny": "✗", "undetermined": "?"}
GRANTS = {
    "allow": "can be granted for what you derive.",
    "conditions": "can be granted for what you derive, with the duties above.",
    "deny": "cannot be granted for what you derive; the reasons are above.",
    "undetermined": "could not be told: terms in the ancestry are unknown.",
}
_SENT_OUT = {
    "none": "not passed on",
    "product": "shipped in a product",
    "weights": "weights passed on",
    "service": "offered as a service",
}


def count(number: int, noun: str, plural: str = "") -> str:
    """`3 duties`: a number with its noun."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def summary(report: Report) -> str:
    """One line: `acme/chat: conditions; 4 findings, 1 of them high; 2 could not be told; exit code 1`."""
    decided = [f"{short(name, 80)}: {decision.verdict}" for name, decision in list(report.decisions.items())[:3]]
    more = len(report.decisions) - len(decided)
    high = sum(f.severity == "high" for f in report.findings)
    parts = [
        ", ".join(decided) + (f" and {more} more" if more else ""),
        count(len(report.findings), "finding") + (f", {high} of them high" if high else ""),
        f"{len(report.undetermined)} could not be told" if report.undetermined else "",
        f"{count(len(report.incomplete), 'thing')} could not be read" if report.incomplete else "",
        f"exit code {report.exit_code}",
    ]
    return "; ".join(filter(None, parts))


def use_in_words(use: Use) -> str:
    """Everything declared about the use."""
    parts = [
        f"{use.purpose} use" if use.purpose else "",
        _SENT_OUT.get(use.distribute or "", ""),
        "model changed" if use.modify else "",
        "to train other models" if use.train_other_models else "",
        _amount(use.monthly_active_users, "monthly users", "no users"),
        _amount(use.annual_revenue_usd, "USD a year", "no revenue"),
        f"in {', '.join(map(plain, use.territories))}" if use.territories else "",
        f"released under {plain(use.release_license)}" if use.release_license else "",
    ]
    return ", ".join(part for part in parts if part)


def _amount(number: int | None, unit: str, none: str) -> str:
    """`5,000 monthly users`; empty where nothing is said."""
    return "" if number is None else f"{number:,} {unit}" if number else none


def use_in_short(use: Use) -> str:
    """The use for the line of the verdict: its preset, else that one was declared."""
    return use.preset or "the declared use"


def license_in_words(node: Node) -> str:
    """The name of a node's license; what is declared where the license could not be told."""
    call = node.license
    if call.concluded:
        names = [license_name(name) for name in call.concluded]
        return " and ".join(names) if len(names) < 3 else f"{names[0]} and {len(names) - 1} more"
    if not call.stated:
        return "license not read" if unread(node) else "no license given"
    said = [short(str(s.value), 60) for s in call.declared if s.field in ("license", "license_name")]
    return f"unknown license ({', '.join(dict.fromkeys(said))})" if said else "unknown license"


def state_of(node: Node) -> list[str]:
    """Kind, license, state, revision and date of a member."""
    record = node.record
    return [
        node.ref.kind,
        license_in_words(node),
        *([record.status] if record.status not in ("resolved", "closed") else []),
        *([f"revision {record.revision[:12]}"] if record.revision else []),
        *([f"facts of {record.as_of}"] if record.as_of else []),
    ]


def duties(decision: Decision) -> dict[str, list[Reason]]:
    """The duties under their titles: first those that hold, then those in doubt, whose doubt the title says once."""
    from auditor.policy.verdict import DOUBTS

    must = "must" if decision.verdict in ("allow", "conditions") else "would have to"
    titles = {
        "": f"What you {must} do",
        "inferred": f"What you {must} do if the inferred lineage is right: confirm it first",
        "contested": f"What you {must} do if terms of training data reach the model: that is contested",
    }
    found: dict[str, list[Reason]] = {}
    for duty in decision.duties:
        text = duty.text.removesuffix(DOUBTS.get(duty.doubt, "")).rstrip()
        found.setdefault(titles[duty.doubt], []).append(replace(duty, text=text))
    return found


def duties_in_short(decision: Decision, after: str = "") -> str:
    """`12 duties`, or with `after`, `2 duties to meet, 3 more in doubt`."""
    doubtful = sum(bool(duty.doubt) for duty in decision.duties)
    sure = count(len(decision.duties) - doubtful, "duty", "duties")
    return f"{sure}{after}, {doubtful} more in doubt" if doubtful else f"{sure}{after}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where reasons come from: the way through the lineage, the name of the license or place, and its address."""

    path: tuple[str, ...]
    place: str
    link: str


def by_origin(reasons: Iterable[Reason]) -> dict[Origin, list[Reason]]:
    """Reasons under the license that gives them, so that each license and its address stand there once."""
    found: dict[Origin, list[Reason]] = {}
    for reason in reasons:
        span = reason.evidence[0] if reason.evidence else None
        origin = Origin(reason.path, place(span) if span else "", link(span) if span else "")
        found.setdefault(origin, []).append(reason)
    return found


def unread(node: Node) -> bool:
    """Could nothing at all be read of it?"""
    return node.record.status in ("missing", "unreachable", "malformed")


def license_name(name: str) -> str:
    """The catalogue's name of a license id; the id itself where the catalogue has none."""
    from auditor.identify import catalogue

    entry = catalogue.get(name)
    return plain(entry.name if entry else name)


def clause_title(name: str) -> str:
    """`user-count cap`: the title of a clause inside a sentence; the id of one that is not in the vocabulary."""
    from auditor.identify.vocabulary import vocabulary

    info = vocabulary().get(name)
    return info.title[0].lower() + info.title[1:] if info else plain(name)


def relation_title(name: str) -> str:
    """`fine-tuned from` for `finetune`."""
    from auditor.lineage.relations import relations

    known = relations().get(name)
    return known.title if known else plain(name)


def lineage_path(path: Sequence[str]) -> str:
    """`vicuna-7b-v1.5 ← Llama-2-7b-hf`: from the subject to the cause, owners left out where names are clear."""
    tails = [name.rsplit("/", 1)[-1] for name in path]
    return " ← ".join(plain(tail if tails.count(tail) == 1 else name) for tail, name in zip(tails, path, strict=True))


def place(span: Span) -> str:
    """Where a statement stands: repository, file and line; for the catalogue's quotes, the license."""
    if "/" not in span.repo and license_name(span.repo) != span.repo:
        return license_name(span.repo)
    where = f"{span.repo} {span.file}" if span.file else span.repo
    return plain(f"{where}:{span.line}" if span.line else where)


def link(span: Span) -> str:
    """An address at which a person can read the statement; empty for places that have none."""
    if span.url:
        return plain(span.url).replace(" ", "%20")
    if "/" not in span.repo or span.repo.startswith(("/", ".")):
        return ""
    repo, _, _ = span.repo.partition("@")  # a revision in the name of a node is no part of its address
    page = f"{HUB}/{plain(repo)}".replace(" ", "%20")
    if not span.file or ":" in span.file:
        return page
    line = f"#L{span.line}" if span.line else ""
    return f"{page}/blob/{plain(span.revision or 'main')}/{plain(span.file)}".replace(" ", "%20") + line


class Citations:
    """Cites quoted clauses: the section in which each stands, and each address once, until `afresh`."""

    def __init__(self, lineage: Lineage) -> None:
        self._said: set[str] = set()
        self._known: dict[tuple[str, str, str], str] = {}
        for node in lineage.nodes.values():
            for clause in (*node.license.clauses, *(term.clause for term in node.terms)):
                if clause.span and clause.section:
                    self._known[clause.span.repo, clause.span.quote, clause.id] = clause.section
                    if clause.span.quote:
                        self._known[clause.span.repo, clause.span.quote, ""] = clause.section

    def afresh(self) -> None:
        """A new part of the page begins: addresses may be given again."""
        self._said.clear()

    def address(self, span: Span) -> str:
        """The link of a place; empty if it was given already."""
        found = link(span)
        known = found in self._said
        self._said.add(found)
        return "" if known else found

    def section(self, span: Span, clause: str) -> str:
        """`section 2` or `Use policy 2.a`, where `clause` is said at a place; empty where the section is not known."""
        found = self._known.get((span.repo, span.quote, clause)) or self._known.get((span.repo, span.quote, ""))
        if not found:
            return ""
        rest = found.partition(" ")[0][1:]
        named = rest.isalpha() and rest.islower()  # a part with a name, such as a use policy
        return plain(found) if named else f"section {plain(found)}"
