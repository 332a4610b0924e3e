"""The one door to `licenseclassifier`: spans of a text that fit the templates of the SPDX License List."""

from __future__ import annotations

from typing import NamedTuple

_SHORTEST = 20  # words: below this a span is a mention or a link, not a text
_GNU = ("GPL-", "LGPL-", "AGPL-", "GFDL-")


class TemplateSpan(NamedTuple):
    """Characters `start` to `end` of the input fit the template of `id`, blanks and optional parts included."""

    id: str
    start: int
    end: int


def template_spans(text: str) -> list[TemplateSpan]:
    """Where `text` fits an SPDX template; the templates' blanks can swallow words, so callers look at these again."""
    from licenseclassifier import identify_license  # loads its tables: 0.15 s

    spans = identify_license(text, coverage_threshold=0)
    long_enough = (s for s in spans if len(text[s.start : s.end].split()) >= _SHORTEST)
    return [TemplateSpan(current_id(s.id), s.start, s.end) for s in long_enough]


def current_id(spdx_id: str) -> str:
    """GNU licenses under the ids that SPDX uses today; a text alone never says "or later"."""
    if not spdx_id.startswith(_GNU) or spdx_id.endswith(("-only", "-or-later")):
        return spdx_id
    if spdx_id.endswith("+"):
        return f"{spdx_id[:-1]}-or-later"
    return f"{spdx_id}-only" if spdx_id[-1].isdecimal() else spdx_id
