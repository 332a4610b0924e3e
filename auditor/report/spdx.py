"""The report as an SPDX 2.3 document: packages for models and datasets, lineage as relationships; its JSON form."""

from __future__ import annotations

from typing import Any

from auditor import __version__
from auditor.lineage.relations import relations
from auditor.model import Edge, Report
from auditor.report.address import purl
from auditor.report.bom import NOASSERTION, NONE, Bill, Member, Text, bill, edge_words, expression
from auditor.report.json_ import dumps
from auditor.report.safe import plain

_DOCUMENT = "SPDXRef-DOCUMENT"
_MADE_FROM = ("trained-on", "trained-on-outputs-of", "generated-by")


def render(report: Report) -> str:
    """One JSON document."""
    return dumps(as_json(document(bill(report))), indent=1) + "\n"


def as_json(document: Any) -> Any:
    """The document as plain dictionaries, laid out by spdx-tools."""
    from spdx_tools.spdx.jsonschema.document_converter import DocumentConverter  # 0.6 s

    converter = DocumentConverter()  # type: ignore[no-untyped-call]  # its constructor has no hints
    return converter.convert(document)


def document(audit: Bill) -> Any:
    """The document as spdx-tools has it (`spdx_tools.spdx.model.Document`)."""
    from spdx_tools.spdx import model as spdx

    tool = spdx.Actor(spdx.ActorType.TOOL, f"auditor-{__version__}")
    names = ", ".join(map(plain, audit.targets)) or "nothing"
    info = spdx.CreationInfo(
        spdx_version="SPDX-2.3",
        spdx_id=_DOCUMENT,
        name=f"License and lineage of {names}",
        document_namespace=f"https://spdx.org/spdxdocs/auditor-{audit.seal}",
        creators=[tool],
        created=audit.created.replace(tzinfo=None),
        document_comment="Triage, not legal advice. Members of a lineage, not files: nothing of them was unpacked.",
    )
    notes = [
        spdx.Annotation(
            spdx_id=_ref(audit.members[name]) if name in audit.members else _DOCUMENT,
            annotation_type=spdx.AnnotationType.OTHER,
            annotator=tool,
            annotation_date=info.created,
            annotation_comment=_text(words if name in audit.members else f"{plain(name)}: {words}"),
        )
        for name, words in audit.notes
    ]
    describes = spdx.RelationshipType.DESCRIBES
    roots = [spdx.Relationship(_DOCUMENT, describes, _ref(audit.members[name])) for name in audit.targets]
    roots = roots or [spdx.Relationship(_DOCUMENT, describes, spdx.SpdxNone())]  # a document describes something
    return spdx.Document(
        creation_info=info,
        packages=[_package(member) for member in audit.members.values()],
        relationships=[*roots, *(_relationship(edge, audit) for edge in audit.edges)],
        annotations=notes,
        extracted_licensing_info=[_extracted(text) for text in audit.texts],
    )


def _text(words: str) -> str:
    """Words that are the same in every form: the tag-value form trims them, and puts tags around a text."""
    return words.strip().replace("<text>", "<text >").replace("</text>", "</text >")


def _ref(member: Member) -> str:
    return f"SPDXRef-{member.key}"


def _package(member: Member) -> Any:
    from spdx_tools.spdx import model as spdx

    at = f"git+{member.page}@{member.revision}" if member.page and member.revision else member.page
    url = purl(member.node) if member.node else ""
    category = spdx.ExternalPackageRefCategory.PACKAGE_MANAGER
    account = f"Hugging Face Hub account {member.account}"
    return spdx.Package(
        spdx_id=_ref(member),
        name=_text(plain(member.id)),
        download_location=at or spdx.SpdxNoAssertion(),
        version=_text(member.revision) or None,
        supplier=spdx.Actor(spdx.ActorType.ORGANIZATION, account) if member.account else spdx.SpdxNoAssertion(),
        files_analyzed=False,
        homepage=member.page or None,
        license_concluded=_license(expression(member.concluded, member.read)),
        license_declared=_license(expression(member.declared, member.read)),
        license_comment=_text(member.comment) or None,
        copyright_text=spdx.SpdxNoAssertion(),
        comment=f"kind: {member.kind}",
        external_references=[spdx.ExternalPackageRef(category, "purl", url)] if url else [],
        primary_package_purpose=spdx.PackagePurpose.OTHER,
    )


def _license(words: str) -> Any:
    from spdx_tools.common.spdx_licensing import spdx_licensing
    from spdx_tools.spdx import model as spdx

    if words in (NONE, NOASSERTION):
        return spdx.SpdxNone() if words == NONE else spdx.SpdxNoAssertion()
    return spdx_licensing.parse(words)


def _relationship(edge: Edge, audit: Bill) -> Any:
    """SPDX 2.3 has few words for descent; the comment holds the auditor's own."""
    from spdx_tools.spdx import model as spdx

    known = relations().get(edge.relation)
    kind = spdx.RelationshipType.OTHER
    if edge.relation in _MADE_FROM:
        kind = spdx.RelationshipType.GENERATED_FROM
    elif known and known.derivative:
        kind = spdx.RelationshipType.DESCENDANT_OF
    child, parent = _ref(audit.members[edge.child]), _ref(audit.members[edge.parent])
    return spdx.Relationship(child, kind, parent, _text(edge_words(edge)))


def _extracted(text: Text) -> Any:
    from spdx_tools.spdx import model as spdx

    return spdx.ExtractedLicensingInfo(
        license_id=text.id,
        extracted_text=_text(text.text),
        license_name=_text(text.name),
        cross_references=list(text.links),
        comment="Taken from the audited repository." if text.found else "A note, not the text.",
    )
