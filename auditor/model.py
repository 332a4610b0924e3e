"""The nouns: frozen records that flow through the pipeline. No behaviour, no input or output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["model", "dataset", "closed", "unknown"]
Status = Literal["resolved", "gated", "missing", "unreachable", "malformed", "closed"]
How = Literal["declared", "detected", "inferred", "verified"]
Severity = Literal["info", "low", "medium", "high"]
Verdict = Literal["allow", "conditions", "deny", "undetermined"]
MatchKind = Literal["exact", "modified", "none"]

SEVERITIES: tuple[Severity, ...] = ("info", "low", "medium", "high")


@dataclass(frozen=True, slots=True)
class RepoId:
    """One thing that can be audited. `name` is `org/name`, or a bare legacy name; a closed model has its plain name."""

    kind: Kind
    name: str

    @property
    def id(self) -> str:
        """The identifier that reports use: datasets carry the prefix `datasets/`."""
        return f"datasets/{self.name}" if self.kind == "dataset" else self.name


@dataclass(frozen=True, slots=True)
class Span:
    """The place of a statement. `line` counts from 1; `start` and `end` are character offsets into the file as read.

    `repo` is a node id, or the name of an outside source whose `url` says where it can be read.
    """

    repo: str
    file: str | None = None
    line: int | None = None
    quote: str = ""
    start: int | None = None
    end: int | None = None
    revision: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A value that somebody states, with its place.

    `field` is one of: license, license_name, license_link, license_details, former_license, present_license (of
    the default branch, where another revision was asked for; None if unread), code_license (of the code beside the
    weights), clause (a mapping of id and params, stated outside any license text), base_model, unfollowed_base (words
    that name no repository), dataset, source_dataset, outputs_of, evaluated_on, alias, gated, gated_prompt, library,
    custom_code, architecture, tag, withdrawn, conflict, problem. `relation` qualifies a base_model where the statement
    itself says it.

    `locked` is what a lock file remembers of the repository, a mapping of license, texts, parents and status.
    """

    field: str
    value: Any
    span: Span
    how: How = "declared"
    relation: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One text file of a repository, decoded as UTF-8 with its line ends kept."""

    path: str
    text: str
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be read, and why; `path` is None when it concerns the whole repository."""

    status: Status
    why: str
    path: str | None = None


@dataclass(frozen=True, slots=True)
class RepoContent:
    """What a source hands over for one repository, unparsed.

    `info` is the Hub's own metadata answer (`cardData`, `tags`, `baseModels`, `gated`, `siblings`, ...).
    `statements` are facts that the source itself keeps with their provenance (curated records). `redirected_from` holds
    older names that led here. `as_of` is the ISO date of the facts where they are not of now. `call` is a license that
    was concluded before, by a person or for a lock file; it stands as it is.
    """

    ref: RepoId
    status: Status
    why: str = ""
    hub_id: str | None = None
    revision: str | None = None
    pinned: bool = False
    info: Mapping[str, Any] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
    statements: tuple[Statement, ...] = ()
    failures: tuple[Failure, ...] = ()
    redirected_from: tuple[str, ...] = ()
    as_of: str | None = None
    call: LicenseCall | None = None


LegalRole = Literal["license", "model-license", "code-license", "use-policy", "notice", "gated-prompt", "card-prose"]


@dataclass(frozen=True, slots=True)
class LegalText:
    """A text in which terms may stand. `offset` is where `text` begins in the file at `path`."""

    path: str
    text: str
    role: LegalRole
    offset: int = 0


@dataclass(frozen=True, slots=True)
class RepoRecord:
    """What one repository says, at one commit, parsed. `problems` are faults of its own files, in words."""

    ref: RepoId
    status: Status
    why: str = ""
    hub_id: str | None = None
    revision: str | None = None
    pinned: bool = False
    statements: tuple[Statement, ...] = ()
    legal: tuple[LegalText, ...] = ()
    problems: tuple[Statement, ...] = ()
    failures: tuple[Failure, ...] = ()
    aliases: tuple[str, ...] = ()
    as_of: str | None = None
    call: LicenseCall | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a license, policy or provider's terms; `span` and its quote are where it is said."""

    id: str
    params: Mapping[str, Any] = field(default_factory=dict)
    span: Span | None = None
    section: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """A passage of the input that the standard text does not have. Character offsets into the input."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class TextMatch:
    """Which standard text an input is. `exact` is claimed only when no word is unexplained.

    `score` is the share of words in common (0 to 1); `candidates` are (license id, score), best first, the answer
    included; `missing` counts words of the standard text that the input lacks. `nearest` names the best candidate even
    when the match is none.
    """

    id: str | None
    match: MatchKind
    score: float = 0.0
    candidates: tuple[tuple[str, float], ...] = ()
    differences: tuple[Difference, ...] = ()
    missing: int = 0
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class DetectedText:
    """One legal text of a repository after reading: what it is, and the clauses it holds."""

    legal: LegalText
    matches: tuple[TextMatch, ...]
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class LicenseCall:
    """The license of one node: what it declares, what its texts are, and what follows.

    `concluded` holds catalogue ids (several when a list or several texts apply together); empty with `known` False
    means that the license could not be told, empty with `stated` False that none is given. `osi` is None when it cannot
    be told. `clauses` are in force on the node by its own license. `conflicts` are disagreements in words with places.
    `why` says how the conclusion was reached.
    """

    declared: tuple[Statement, ...] = ()
    detected: tuple[DetectedText, ...] = ()
    concluded: tuple[str, ...] = ()
    known: bool = False
    stated: bool = False
    osi: bool | None = None
    clauses: tuple[Clause, ...] = ()
    conflicts: tuple[Statement, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """`child` descends from `parent` (both node ids) by `relation` (a key of data/relations.yaml)."""

    child: str
    parent: str
    relation: str
    how: How
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A clause in force on a node and how it got there.

    `path` runs from the node itself to the one whose license holds the clause; `via` holds the relations along it, one
    fewer than the path. `contested` where people disagree that the relation carries it; `contract` where it binds the
    account holder rather than the recipient; `inferred` where some step rests on inference alone.
    """

    clause: Clause
    origin: str
    path: tuple[str, ...]
    via: tuple[str, ...] = ()
    contested: bool = False
    contract: bool = False
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Something in the ancestry that could not be learnt; `path` runs from the node to the one that hides it."""

    node: str
    why: str
    path: tuple[str, ...]
    via: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """One member of the lineage: its record, its license, and the terms in force on it."""

    ref: RepoId
    record: RepoRecord
    license: LicenseCall
    terms: tuple[Term, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Lineage:
    """The graph: nodes by id and edges, children pointing to parents. `cut` names ids left out by a limit, with why."""

    targets: tuple[str, ...]
    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    cut: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the user's own files; `file` is relative to the root in POSIX form, line and column count from 1."""

    file: str
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in the user's own files that uses a model, a dataset or a closed model.

    `kind` is unresolved where the id is known only at run time; `text` then holds the expression. `how` names the call
    or the key that says it, `revision` what it is pinned to.
    """

    id: str
    kind: Literal["model", "dataset", "closed", "unresolved"]
    file: str
    line: int
    column: int
    revision: str | None
    how: str
    confidence: Literal["sure", "likely"]
    text: str


FindingStatus = Literal["new", "waived", "baseline"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fired on a subject. `path` runs from the subject to the node where the cause lies.

    `places` are those of the user's own files that it concerns, where files were audited.
    """

    rule: str
    name: str
    severity: Severity
    subject: str
    message: str
    path: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    evidence: tuple[Span, ...] = ()
    remedy: str = ""
    title: str = ""
    status: FindingStatus = "new"
    fingerprint: str = ""
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Undetermined:
    """A rule that could not be decided on a subject, and why."""

    rule: str
    name: str
    severity: Severity
    subject: str
    why: str
    status: FindingStatus = "new"
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Use:
    """What the adopter means to do. None leaves a question open: it then counts as every possibility."""

    preset: str | None = None
    purpose: Literal["commercial", "research", "personal"] | None = None
    distribute: Literal["none", "product", "weights", "service"] | None = None
    monthly_active_users: int | None = None
    annual_revenue_usd: int | None = None
    territories: tuple[str, ...] = ()
    train_other_models: bool | None = None
    modify: bool | None = None
    release_license: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One cause or duty behind a verdict, in words that a person can act on.

    `doubt` says why the term may not hold after all; `text` then ends in words for it.
    """

    clause: str
    text: str
    path: tuple[str, ...] = ()
    evidence: tuple[Span, ...] = ()
    doubt: Literal["", "contested", "inferred"] = ""


@dataclass(frozen=True, slots=True)
class Release:
    """Whether one license (a catalogue id) can be granted for what is derived, why not, and which others could be."""

    license: str
    verdict: Verdict
    because: tuple[Reason, ...] = ()
    duties: tuple[Reason, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on one target: what decides it, the duties that come with it, and what could not be told.

    `release` answers for the license of the adopter's own release, where one was named; the verdict includes it.
    """

    verdict: Verdict
    because: tuple[Reason, ...] = ()
    duties: tuple[Reason, ...] = ()
    open_questions: tuple[str, ...] = ()
    release: Release | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that an audit learnt; the formats of report/ only lay it out.

    `references` are the places of the user's own files where those were audited, None for targets named by hand.
    `doubts` says whether what could not be told counts: `fail` does, `warn` and `ignore` only tell it.
    """

    lineage: Lineage
    use: Use
    source_kind: str
    as_of: str | None
    decisions: Mapping[str, Decision]
    findings: tuple[Finding, ...]
    undetermined: tuple[Undetermined, ...]
    fail_on: Severity = "high"
    notes: tuple[str, ...] = ()
    references: tuple[Reference, ...] | None = None
    doubts: Literal["fail", "warn", "ignore"] = "fail"

    @property
    def incomplete(self) -> tuple[tuple[str, Status, str], ...]:
        """(id, status, why) of every node that could not be read whole."""
        rows: list[tuple[str, Status, str]] = []
        for name, node in self.lineage.nodes.items():
            record = node.record
            if record.status not in ("resolved", "closed"):
                rows.append((name, record.status, record.why))
            rows.extend((name, f.status, f"{f.path}: {f.why}" if f.path else f.why) for f in record.failures)
        return tuple(rows)

    @property
    def exit_code(self) -> int:
        """0 clean, 1 findings at or over the threshold, 3 could not decide. The only place where one is computed."""
        threshold = SEVERITIES.index(self.fail_on)

        def weighs(severity: Severity) -> bool:
            return SEVERITIES.index(severity) >= threshold

        if any(f.status == "new" and weighs(f.severity) for f in self.findings):
            return 1
        if self.doubts != "fail":
            return 0
        targets = [self.lineage.nodes[name] for name in self.lineage.targets if name in self.lineage.nodes]
        unread = any(n.record.status not in ("resolved", "closed", "gated") for n in targets)
        outage = any(n.record.status == "unreachable" for n in self.lineage.nodes.values())
        if unread or outage or any(u.status == "new" and weighs(u.severity) for u in self.undetermined):
            return 3
        return 0
