"""Bytes of a legal file to text, or a clear word on why there is none."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

MAX_BYTES = 1 << 20
_KINDS = (
    (b"PK\x03\x04", "a zip archive (a Word document is one too)"),
    (b"\x1f\x8b", "gzip data"),
    (b"\xd0\xcf\x11\xe0", "an old Word document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GGUF", "model weights"),
)
_CONTROLS = bytes(range(9)) + bytes(range(14, 27)) + bytes(range(28, 32))


@dataclass(frozen=True, slots=True)
class Decoded:
    """`encoding` is None where the bytes are no text; `problem` says in words what a reader must know, or is empty."""

    text: str
    encoding: str | None
    problem: str = ""
    truncated: bool = False


def decode(data: bytes, limit: int = MAX_BYTES) -> Decoded:
    """UTF-8, its line ends and a mark at its start kept; else UTF-16; else Latin-1; the text of a PDF.

    Reads `limit` bytes at most.
    """
    truncated = len(data) > limit
    head = data[:limit]
    note = f"only the first {limit} of {len(data)} bytes were read" if truncated else ""
    if head.startswith(b"%PDF-"):
        from auditor.identify.pdf import pdf_text

        return pdf_text(head)
    for magic, name in _KINDS:
        if head.startswith(magic):
            return Decoded("", None, f"not text: {name}", truncated)
    wide = _utf16(head)
    if wide:
        try:
            text = head[: len(head) // 2 * 2].decode(wide)
        except UnicodeDecodeError:
            return Decoded("", None, "not text: looks like UTF-16, but does not decode", truncated)
        return Decoded(text, wide, _joined("read as UTF-16", note), truncated)
    if _is_binary(head):
        return Decoded("", None, "not text: binary data", truncated)
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head, final=not truncated)
    except UnicodeDecodeError as error:
        said = f"not UTF-8 (byte {error.start}); read as Latin-1"
        return Decoded(head.decode("latin-1"), "latin-1", _joined(said, note), truncated)
    return Decoded(text, "utf-8", note, truncated)


def _utf16(head: bytes) -> str | None:
    """The byte order, by the mark at the start or by where the NULs of Latin letters stand."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return None
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    sample = head[:1000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    most, few = len(sample) // 2 * 0.7, len(sample) // 2 * 0.05
    if len(sample) >= 8 and odd > most and even <= few:
        return "utf-16-le"
    if len(sample) >= 8 and even > most and odd <= few:
        return "utf-16-be"
    return None


def _is_binary(head: bytes) -> bool:
    """NULs, or many control characters."""
    if b"\0" in head:
        return True
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls * 50 > len(head)


def _joined(*notes: str) -> str:
    return "; ".join(note for note in notes if note)
