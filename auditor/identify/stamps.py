"""What many wordings share is found once for a text and stands stamped in a copy of it, as long as the original.

`You may not copy it` becomes `you AAAAAAA copy it`: a wording that begins with a prohibition then looks for `A+`, and
not for all the ways of saying one. Plain forms have no capital letters.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from auditor.identify.patterns import compile_source


def stamped(blob: bytes, stamps: Mapping[str, str]) -> bytes:
    """A copy of `blob` with capital letters over what the sources in `stamps`, by letter, find; the first one wins."""
    copy = bytearray(blob)
    for letter, source in stamps.items():
        for match in _regex(source).finditer(bytes(copy)):
            start, end = match.span()
            copy[start:end] = letter.encode() * (end - start)
    return bytes(copy)


@functools.cache
def _regex(source: str) -> Any:
    return compile_source(source, groups=False)
