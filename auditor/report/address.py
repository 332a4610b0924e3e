"""Addresses for machine formats: web addresses of places and repositories, percent-encoded, http and https alone."""

from __future__ import annotations

from urllib.parse import quote

from auditor.model import Node, Span
from auditor.report.safe import plain
from auditor.report.wording import HUB, link
from auditor.sources.revisions import without_revision

_KEPT = ":/?#@!$&'*+,;=%~"  # what may stand in an address as it is; brackets and the rest are encoded
_LONGEST = 2000  # characters; what is longer is no address that anybody wrote


def web(address: str) -> str:
    """`address` if it is one of the web, fit for a URI field; else empty."""
    if not address.startswith(("https://", "http://")) or len(address) > _LONGEST:
        return ""
    encoded = quote(plain(address), safe=_KEPT)
    return encoded if _host(encoded) else ""


def of_span(span: Span) -> str:
    """Where a person can read a statement; empty where nobody can."""
    return web(link(span))


def of_node(node: Node) -> str:
    """The page of a repository on the Hub; empty for closed models and local folders."""
    record = node.record
    seen = "/" in node.ref.name or record.revision or record.hub_id or record.as_of
    if node.ref.kind not in ("model", "dataset") or record.status == "closed" or not seen:
        return ""
    return web(f"{HUB}/{_encoded(without_revision(node.ref.id))}")


def purl(node: Node) -> str:
    """The package URL of a model on the Hub (type `huggingface`); empty for everything else, which has no such type."""
    if node.ref.kind != "model" or not of_node(node):
        return ""
    at = f"@{_encoded(node.record.revision.lower(), '')}" if node.record.revision else ""
    return f"pkg:huggingface/{_encoded(without_revision(node.ref.name))}{at}"


def file_uri(path: str) -> str:
    """A path below the root of the user's files as a relative URI reference."""
    return _encoded(path)


def _encoded(text: str, safe: str = "/") -> str:
    return quote(text, safe=safe, errors="replace")


def _host(address: str) -> str:
    return address.partition("://")[2].partition("/")[0]
