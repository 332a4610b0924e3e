"""A hand-made report with one of everything, and the files that show how each format lays it out.

`python -m tests.golden.sample` writes the files anew after a wanted change.
"""

from __future__ import annotations

from pathlib import Path

from auditor.model import (
    Clause,
    Decision,
    Edge,
    Failure,
    Finding,
    LicenseCall,
    Lineage,
    Node,
    Reason,
    RepoId,
    RepoRecord,
    Report,
    Span,
    Statement,
    Term,
    Undetermined,
    Use,
)
from auditor.report import render

HERE = Path(__file__).parent
FILES = {"report.txt": "text", "report.json": "json", "report.jsonl": "jsonl"}

CHAT, BASE, TALK, BOT = "acme/chat-7b", "lab/base-7b", "datasets/acme/talk", "gpt-4"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
HOSTILE = "\x1b[31mred\x1b[0m \u202eevil\u202c [bold]markup[/bold]\nnext line"

CAP = Clause(
    id="user-count-cap",
    params={"threshold": 700000000, "unit": "MAU"},
    span=Span(BASE, "LICENSE", 14, "more than 700 million people a month", revision=COMMIT),
    section="2",
)
COPY = Clause(
    id="license-copy-required",
    span=Span(BASE, "LICENSE", 9, "hand over a copy of these terms", revision=COMMIT),
    section="1.b",
)
COMPETE = Clause(
    id="no-train-other-models",
    params={"scope": "outputs"},
    span=Span("Example AI", None, None, "not to build rival models", url="https://example.com/terms"),
)
DECLARED = Statement("license", "mit", Span(CHAT, "README.md", 2, "license: mit"))
UNREAD = "the Hub answered with 503 three times"


def _node(
    kind: str, name: str, call: LicenseCall, status: str = "resolved", terms: tuple[Term, ...] = (), **more: object
) -> Node:
    ref = RepoId(kind, name)  # type: ignore[arg-type]
    return Node(ref, RepoRecord(ref, status, **more), call, terms)  # type: ignore[arg-type]


def _lineage() -> Lineage:
    path, via = (CHAT, BASE), ("finetune",)
    terms = (
        Term(CAP, BASE, path, via),
        Term(COPY, BASE, path, via),
        Term(COMPETE, BOT, (CHAT, TALK, BOT), ("trained-on", "generated-by"), contract=True),
    )
    mit = LicenseCall((DECLARED,), (), ("MIT",), known=True, stated=True, osi=True, why="the tag 'mit' names it")
    own = LicenseCall((), (), (), stated=True, known=False, clauses=(CAP, COPY), why="its text is no known license")
    other = LicenseCall((Statement("license", HOSTILE, Span(TALK, "README.md", 2)),), stated=True)
    nodes = {
        CHAT: _node("model", CHAT, mit, terms=terms, revision=COMMIT),
        BASE: _node("model", BASE, own, "gated", why="access must be asked for", revision=COMMIT),
        TALK: _node(
            "dataset", "acme/talk", other, failures=(Failure("unreachable", UNREAD, "LICENSE"),), as_of="2024-12-01"
        ),
        BOT: _node("closed", BOT, LicenseCall(stated=True, known=True, osi=False, clauses=(COMPETE,)), "closed"),
    }
    card = Span(CHAT, "README.md", 4, "base_model: lab/base-7b", revision=COMMIT)
    prose = Span(TALK, "README.md", 30, "answers written by GPT-4")
    edges = (
        Edge(CHAT, BASE, "finetune", "declared", (card,)),
        Edge(CHAT, TALK, "trained-on", "declared", (Span(CHAT, "README.md", 6, "acme/talk"),)),
        Edge(TALK, BOT, "generated-by", "inferred", (prose,)),
    )
    return Lineage((CHAT,), nodes, edges, (("lab/ancestor", "the limit of 4 repositories was reached"),))


def _findings() -> tuple[Finding, ...]:
    assert CAP.span
    assert COMPETE.span
    cap = Finding(
        "user-count-cap",
        "user-count-cap",
        "high",
        CHAT,
        f"{CHAT} is fine-tuned from {BASE}, whose license ends above 700,000,000 monthly users.",
        (CHAT, BASE),
        ("finetune",),
        (CAP.span, Span(CHAT, "README.md", 4, "base_model: lab/base-7b", revision=COMMIT)),
        "Count the users of all your products; above the number, ask lab for a license.",
        title="User-count cap",
        fingerprint="aaaa",
    )
    outputs = Finding(
        "closed-model-outputs",
        "closed-model-outputs",
        "medium",
        CHAT,
        f"The dataset {TALK} holds outputs of {BOT}.",
        (CHAT, TALK, BOT),
        ("trained-on", "generated-by"),
        (COMPETE.span,),
        "Decide whether to carry the risk.",
        title="Made with outputs of a closed model",
        fingerprint="bbbb",
    )
    relic = Finding(
        "unpinned-revision",
        "unpinned-revision",
        "info",
        CHAT,
        HOSTILE,
        (CHAT,),
        title="Revision not pinned",
        status="waived",
        fingerprint="cccc",
    )
    same = Finding(
        "user-count-cap",
        "user-count-cap",
        "high",
        BASE,
        "The same cap.",
        (BASE,),
        (),
        (CAP.span,),
        title="User-count cap",
        fingerprint="dddd",
    )
    return cap, outputs, relic, same


def sample() -> Report:
    """The report."""
    assert CAP.span
    path = (CHAT, BASE)
    duties = (Reason(COPY.id, "Ship a copy of the license.", path, (COPY.span,) if COPY.span else ()),)
    because = (Reason(CAP.id, "You have more users than the license of lab/base-7b allows.", path, (CAP.span,)),)
    use = Use(preset="product", purpose="commercial", distribute="product", monthly_active_users=800_000_000)
    return Report(
        lineage=_lineage(),
        use=use,
        source_kind="bundled",
        as_of="2026-01-01",
        decisions={CHAT: Decision("deny", because, duties, ("Which license does acme/talk come under?",))},
        findings=_findings(),
        undetermined=(
            Undetermined("dataset-non-commercial", "dataset-non-commercial", "medium", CHAT, "acme/talk is unclear"),
        ),
        notes=("chat: read as acme/chat-7b",),
    )


def write() -> None:
    """Write the files anew."""
    for name, form in FILES.items():
        (HERE / name).write_text(render(sample(), form), encoding="utf-8")


if __name__ == "__main__":
    write()
