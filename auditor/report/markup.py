"""Foreign text for Markdown: escaped so that it is text and nothing else, in a comment, a summary or a model card."""

from __future__ import annotations

from auditor.report.safe import plain

_MARKS = frozenset("\\`*_[]|~")
_STARTS = ("-", "+", "=", ":", "!")  # what means something at the start of a line alone
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "$": "&#36;"}
_JOINER = "&#8288;"  # no width: breaks mentions and references, which GitHub looks for after Markdown is done


def escape(text: str) -> str:
    """`text` as one line of Markdown: no emphasis, link, HTML, table cell, math, mention or reference comes of it."""
    shown = "".join(_escaped(c) for c in plain(text).strip())
    shown = shown.replace("://", "\\://").replace("www.", "www\\.").replace("WWW.", "WWW\\.")
    number = len(shown) - len(shown.lstrip("0123456789"))
    if number and shown[number : number + 1] in (".", ")"):
        shown = f"{shown[:number]}\\{shown[number:]}"  # else a list begins
    return f"\\{shown}" if shown.startswith(_STARTS) else shown


def _escaped(character: str) -> str:
    if character == "@":
        return f"@{_JOINER}"
    if character == "#":
        return f"\\#{_JOINER}"
    if character in _ENTITIES:
        return _ENTITIES[character]
    return f"\\{character}" if character in _MARKS else character


def link(text: str, address: str) -> str:
    """A link with foreign text; the text alone where there is no address, which must come from `address.web`."""
    shown = escape(text)
    return f"[{shown}](<{address}>)" if address else shown
