"""HTML elements out of words: whatever is not HTML already is escaped when it becomes part of an element."""

from __future__ import annotations

from collections.abc import Iterable

from auditor.report.safe import html, short

NAME, WORDS = 160, 600  # the most characters shown of a name, and of a sentence or quote


class Markup(str):
    """Text that is HTML already; every other string is escaped when it becomes part of an element."""

    __slots__ = ()


def el(tag: str, *inside: str, **attributes: str | bool) -> Markup:
    """An element. Attributes: `class_` for class, `data_x` for data-x; False and empty ones are left out."""
    said = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + (f'="{html(value)}"' if isinstance(value, str) else "")
        for key, value in attributes.items()
        if value
    )
    return Markup(f"<{tag}{said}>{join(*inside)}</{tag}>")


def join(*parts: str) -> Markup:
    """Parts one after the other, escaped where they are not HTML."""
    return Markup("".join(part if isinstance(part, Markup) else html(_cut(part)) for part in parts))


def _cut(text: str) -> str:
    return text if len(text) <= WORDS else short(text, WORDS)


def linked(words: str, target: str) -> Markup:
    """Words as a link; the words alone where there is no address, which must come from `address`."""
    words = short(words, NAME)
    return el("a", words, href=target, rel="noopener noreferrer") if target else el("span", words)


def shown(name: str) -> str:
    """As much of a name as a page shows."""
    return short(name, NAME)


def spaced(parts: Iterable[str], between: str) -> list[str]:
    """The parts with `between` between them."""
    return [piece for part in parts for piece in (between, part)][1:]
