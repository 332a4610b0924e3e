"""Foreign text made harmless: whatever a repository says passes through here before a person or a machine reads it.

Markup of rich needs no escape of its own: reports never hand strings to rich for parsing.
"""

from __future__ import annotations

_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}


def plain(text: str) -> str:
    """`text` on one line, with nothing in it that a terminal would obey or a reader could not see.

    Spaces of all kinds (line ends too) become one space each; control characters, bidirectional overrides, zero-width
    characters and lone surrogates are shown as escapes such as `\\x1b`.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if c.isprintable() else " " if c.isspace() else _escape(c) for c in text)


def short(text: str, limit: int) -> str:
    """`plain(text)` with runs of spaces folded, cut at `limit` characters with a mark that says so."""
    words = " ".join(plain(text[: limit * 8]).split())
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def html(text: str) -> str:
    """`text` for an HTML element or a quoted attribute."""
    return "".join(_HTML.get(c, c) for c in plain(text))


def mermaid(text: str) -> str:
    """`text` for a quoted Mermaid label: all but letters, digits and a few marks become entity codes."""
    return "".join(c if c.isalnum() or c in " .,/_-" else f"#{ord(c)};" for c in plain(text))


def workflow(text: str, *, in_property: bool = False) -> str:
    """`text` for a GitHub workflow command, as its message or, more strictly, as a property such as `title`."""
    escaped = plain(text).replace("%", "%25")
    return escaped.replace(":", "%3A").replace(",", "%2C") if in_property else escaped


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
