"""What the bills of materials share: members of the lineage, licenses as SPDX expressions, texts, dates and ids."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from auditor.errors import UsageError
from auditor.identify import catalogue
from auditor.model import Edge, LegalText, Node, Report
from auditor.report import address, wording
from auditor.report.graphs import members
from auditor.report.rows import folded
from auditor.report.safe import plain, short

NONE, NOASSERTION = "NONE", "NOASSERTION"
_MOST_TEXT = 200_000  # characters of a license text that goes into a document
_WEIGHTS = ("license", "model-license", "gated-prompt", "card-prose")  # roles of texts that can govern the thing itself


@dataclass(frozen=True, slots=True)
class Member:
    """One node of the lineage for a document. `key` is unique and holds letters, digits, dots and dashes alone.

    `declared` and `concluded` are SPDX ids that apply together. Where they are empty, `read` tells the absence of a
    license from what could not be told.
    """

    id: str
    key: str
    node: Node | None
    declared: tuple[str, ...]
    concluded: tuple[str, ...]
    read: bool

    @property
    def kind(self) -> str:
        """As in the JSON report."""
        return self.node.ref.kind if self.node else "unknown"

    @property
    def page(self) -> str:
        """Its page on the Hub, or empty."""
        return address.of_node(self.node) if self.node else ""

    @property
    def revision(self) -> str:
        """The commit that was read, or empty."""
        return short(self.node.record.revision or "", 200) if self.node else ""

    @property
    def account(self) -> str:
        """The Hub account that publishes it, or empty."""
        owner, slash, _ = self.node.ref.name.partition("/") if self.node else ("", "", "")
        return plain(owner) if slash and self.page else ""

    @property
    def comment(self) -> str:
        """What was declared, how the license was told, and its state where it was not read whole."""
        if self.node is None:
            return "not read"
        call, record = self.node.license, self.node.record
        said = dict.fromkeys(f"{s.field}: {short(str(s.value), 200)}" for s in call.declared)
        state = f"{record.status}: {record.why}" if record.status not in ("resolved", "closed") else ""
        parts = [
            state,
            f"declared {'; '.join(said)}" if said else "",
            call.why,
        ]
        return short(". ".join(part for part in parts if part), 2000)


@dataclass(frozen=True, slots=True)
class Text:
    """What stands behind a LicenseRef. `found` says whether `text` is the license's or only a note on where it is."""

    id: str
    name: str
    text: str
    found: bool
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bill:
    """An audit ready to be laid out. `notes` are (member id, words): verdicts, findings, and what could not be told."""

    members: Mapping[str, Member]
    edges: tuple[Edge, ...]
    targets: tuple[str, ...]
    texts: tuple[Text, ...]
    notes: tuple[tuple[str, str], ...]
    created: datetime
    seal: str


def bill(report: Report) -> Bill:
    """The report as a bill of materials. The same report gives the same bill, date and `seal` included."""
    from auditor.report import json_

    texts: dict[str, Text] = {}
    found = {name: _member(name, report.lineage.nodes.get(name), texts) for name in members(report.lineage)}
    used = {ref for m in found.values() for ref in (*m.declared, *m.concluded) if ref.startswith("LicenseRef-")}
    created = _created(report)
    whole = json_.dumps(json_.document(report)) + created.isoformat() + "".join(texts)
    return Bill(
        members=found,
        edges=report.lineage.edges,
        targets=tuple(name for name in report.lineage.targets if name in found),
        texts=tuple(texts.get(ref) or _elsewhere(ref) for ref in sorted(used)),
        notes=tuple(_notes(report)),
        created=created,
        seal=hashlib.sha256(whole.encode()).hexdigest(),
    )


def expression(ids: Iterable[str], read: bool) -> str:
    """An SPDX license expression; NONE for what was read and gives no license, NOASSERTION for what was not told."""
    return " AND ".join(ids) or (NONE if read else NOASSERTION)


def edge_words(edge: Edge) -> str:
    """`relation: finetune; how: declared; said in acme/chat README.md:4: “...”`."""
    span = edge.evidence[0] if edge.evidence else None
    quote = f": “{short(span.quote, 200)}”" if span and span.quote else ""
    said = f"; said in {wording.place(span)}{quote}" if span else ""
    return f"relation: {edge.relation}; how: {edge.how}{said}"


def key_of(name: str) -> str:
    """An id that any format takes: readable, and unique by a piece of hash."""
    seal = hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()[:8]
    return f"{_slug(name)[:80]}-{seal}"


def _slug(name: str) -> str:
    slug = "".join(c if c.isascii() and (c.isalnum() or c in ".-") else "-" for c in name)
    return slug.strip("-.") or "unnamed"


def _member(name: str, node: Node | None, texts: dict[str, Text]) -> Member:
    if node is None:
        return Member(name, key_of(name), None, (), (), read=False)
    from auditor.identify.declared import read_claim

    call, record = node.license, node.record
    home = () if record.status == "closed" else (node.ref.id, *record.aliases)
    own = _own_texts(node)
    altered = {x: legal for x, (match, legal) in own.items() if match == "modified"}
    for known, (match, legal) in own.items():
        if match == "exact" and known.startswith("LicenseRef-"):
            texts.setdefault(_spdx(known), _taken(_spdx(known), wording.license_name(known), legal, name))
    concluded = [_text_ref(altered[x], x, name, texts) if x in altered else _spdx(x) for x in call.concluded]
    declared = [_spdx(x) for x in read_claim(call.declared, home).ids]
    if not concluded:
        strange = [t.legal for t in call.detected if t.legal.role in _WEIGHTS[:2] and not any(m.id for m in t.matches)]
        declared += [_text_ref(legal, "", name, texts) for legal in strange]
    read = not call.stated and record.status == "resolved" and not record.failures
    return Member(name, key_of(name), node, _once(declared), _once(concluded), read)


def _once(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


def _own_texts(node: Node) -> dict[str, tuple[str, LegalText]]:
    """License id to the best text of it in the repository: exact before modified."""
    best: dict[str, tuple[str, LegalText]] = {}
    for text in node.license.detected:
        for match in text.matches if text.legal.role in _WEIGHTS else ():
            if match.id and match.match != "none" and best.get(match.id, ("",))[0] != "exact":
                best[match.id] = (match.match, text.legal)
    return best


def _spdx(license_id: str) -> str:
    """A catalogue id as SPDX takes it; what a lock file or the like names beyond the catalogue becomes a LicenseRef."""
    if catalogue.get(license_id) and not license_id.startswith("LicenseRef-"):
        return license_id
    return f"LicenseRef-{_slug(license_id.removeprefix('LicenseRef-'))}"


def _text_ref(legal: LegalText, standard: str, name: str, texts: dict[str, Text]) -> str:
    """A LicenseRef for a text that is no known license, or that was altered: it must not pass as the standard one."""
    ref = f"LicenseRef-auditor-text-{hashlib.sha256(legal.text.encode('utf-8', 'backslashreplace')).hexdigest()[:16]}"
    known = f"Altered text of {wording.license_name(standard)}" if standard else "Text that is no known license"
    texts.setdefault(ref, _taken(ref, known, legal, name))
    return ref


def _taken(ref: str, name: str, legal: LegalText, repo: str) -> Text:
    shown = "\n".join(plain(line) for line in legal.text[:_MOST_TEXT].splitlines())
    cut = f"\n[cut after {_MOST_TEXT} characters]" if len(legal.text) > _MOST_TEXT else ""
    return Text(ref, f"{name} ({plain(repo)}, {plain(legal.path)})", (shown or "(empty)") + cut, True, ())


def _elsewhere(ref: str) -> Text:
    """A license of the catalogue whose text was not among what was read."""
    known = next((x for x in catalogue.all_ids() if _spdx(x) == ref), "")
    entry = catalogue.get(known) if known else None
    links = tuple(filter(None, map(address.web, entry.references))) if entry else ()
    name = plain(entry.name) if entry else ref
    where = f" It is described at {links[0]}" if links else ""
    return Text(ref, name, f"{name}. Its text was not among the files that the audit read.{where}", False, links)


def _notes(report: Report) -> Iterable[tuple[str, str]]:
    for name, decision in report.decisions.items():
        use = wording.use_in_words(report.use) or "any use"
        duties = "".join(f" [ ] {short(duty.text, 400)}" for duty in decision.duties)
        because = "".join(f" {short(reason.text, 400)}" for reason in decision.because)
        yield name, f"verdict for {use}: {decision.verdict}.{because}{duties and ' Duties:' + duties}"
    for row in folded(report):
        status = f", {row.status}" if row.status != "new" else ""
        yield row.subject, short(f"{row.kind} {row.rule} ({row.severity}{status}): {row.message} {row.remedy}", 2000)
    for name, why in report.lineage.cut:
        yield name, f"left out of the lineage: {short(why, 400)}"


def _created(report: Report) -> datetime:
    """SOURCE_DATE_EPOCH if set, else the day of the facts, else now. Raises UsageError for an epoch that is none."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        try:
            return datetime.fromtimestamp(int(epoch), UTC).replace(microsecond=0)
        except (ValueError, OverflowError, OSError):
            raise UsageError(f"SOURCE_DATE_EPOCH is no number of seconds: {epoch!r}") from None
    if report.as_of:
        day = datetime.fromisoformat(report.as_of)
        return (day if day.tzinfo else day.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    return datetime.now(UTC).replace(microsecond=0)
