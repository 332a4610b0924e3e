"""What a source handed over, parsed: statements with their places, legal texts, and the faults of the files."""

from __future__ import annotations

from auditor.model import Document, Failure, LegalText, RepoContent, RepoRecord, Span, Statement
from auditor.parse.api import card_entries, file_names, read_info
from auditor.parse.card import WANTED, Lines, Said, read_entries
from auditor.parse.configs import read_config
from auditor.parse.front_matter import FrontMatter, flat, read_front_matter
from auditor.parse.legal import card_sections, gate_texts, legal_files
from auditor.parse.prose import said_besides, statements
from auditor.parse.relations import known_relation, settle_relations

_MAX_PROMPT = 500  # characters kept in the statement; the whole stands among the legal texts


def parse(content: RepoContent) -> RepoRecord:
    """Statements, legal texts and problems of one repository: the Hub's answer first, then the card, then the rest.

    Pure, and never raises: whatever a repository holds that cannot be read becomes a problem. A value that stands in
    the answer and in the card is stated twice, once with each place.
    """
    ref, revision = content.ref, content.revision
    entries = card_entries(content.info)
    parts = [read_info(ref, revision, content.info, entries)]
    legal = list(gate_texts(entries, "", None))
    parts[0].statements.extend(
        _gate(t, Span(ref.id, t.path, quote=_first_line(t.text), revision=revision)) for t in legal
    )
    failures = list(content.failures)
    prose: tuple[Statement, ...] = ()
    for document in content.documents:
        if document.path.lower() == "readme.md":
            front, said, texts = _read_card(document, content)
            parts.insert(1, said)
            prose = statements(document.text, ref.name, ref.id, document.path, revision)
            legal.extend(texts)
            if front.broken and not entries:
                failures.append(Failure("malformed", front.faults[-1][1], document.path))
        elif (config := read_config(document, ref.name, revision, ref.id)) is not None:
            parts.append(config)
    found = [s for part in parts for s in part.statements]
    found += said_besides(prose, [*found, *content.statements], ref.kind)
    files = file_names(content.info) | {d.path for d in content.documents}
    return RepoRecord(
        ref=ref,
        status=content.status,
        why=content.why,
        hub_id=content.hub_id,
        revision=revision,
        pinned=content.pinned,
        statements=(*settle_relations(found, ref.name, files), *content.statements),
        legal=_once([*legal_files(content.documents, found, ref.name), *legal]),
        problems=(*(p for part in parts for p in part.problems), *_unknown_relations(found)),
        failures=tuple(failures),
        aliases=_aliases(content),
        as_of=content.as_of,
        call=content.call,
    )


def _read_card(document: Document, content: RepoContent) -> tuple[FrontMatter, Said, list[LegalText]]:
    text = flat(document.text)
    front = read_front_matter(document.text, WANTED)
    lines = Lines(content.ref.id, document.path, content.revision, text)
    said = read_entries(front.entries, lines.place, content.ref.name)
    for at, words in front.faults:
        said.problem(words, lines.span(at))
    gates = list(gate_texts(front.entries, document.path, text))
    said.statements.extend(_gate(t, lines.span(t.offset)) for t in gates)
    return front, said, [*gates, *card_sections(text, front.body, document.path)]


def _gate(text: LegalText, span: Span) -> Statement:
    return Statement("gated_prompt", text.text[:_MAX_PROMPT].strip(), span)


def _once(texts: list[LegalText]) -> tuple[LegalText, ...]:
    """Each text once: the gate's prompt stands in the Hub's answer and again in the card."""
    kept: dict[tuple[str, str], LegalText] = {}
    for text in texts:
        kept.setdefault((text.role, " ".join(text.text.split())), text)
    return tuple(kept.values())


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0].strip()[:160]


def _unknown_relations(statements: list[Statement]) -> list[Statement]:
    return [
        Statement("problem", f"base_model_relation: {s.value[:80]!r} is no relation that is known", s.span)
        for s in statements
        if s.field == "relation" and known_relation(s.value) is None
    ]


def _aliases(content: RepoContent) -> tuple[str, ...]:
    """Other ids of the same repository: those that were redirected, and the one under which the Hub answers."""
    own = content.info.get("id")
    names = [*content.redirected_from, *([own] if isinstance(own, str) else [])]
    return tuple(dict.fromkeys(n for n in names if n and n != content.ref.name))
