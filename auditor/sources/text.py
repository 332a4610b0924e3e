"""Bytes of a repository's file to a document, with a word on whatever was lost on the way."""

from __future__ import annotations

from auditor.identify.decode import decode
from auditor.model import Document, Failure


def read_text(path: str, blob: bytes, limit: int) -> tuple[Document | Failure, ...]:
    """The document, unless the bytes are no text, and a failure where they are not UTF-8 or more than `limit`."""
    cut = len(blob) > limit
    decoded = decode(blob[: _whole(blob, limit)] if cut else blob, limit)
    said = [decoded.problem] if decoded.problem else []
    if cut:
        said.append(f"longer than {limit / 1e6:g} MB: only its beginning was read")
    failure = (Failure("malformed", "; ".join(said), path),) if said else ()
    return failure if decoded.encoding is None else (Document(path, decoded.text, cut), *failure)


def _whole(blob: bytes, limit: int) -> int:
    """The longest length up to `limit` that does not split a UTF-8 character."""
    while limit and blob[limit] & 0xC0 == 0x80:
        limit -= 1
    return limit
