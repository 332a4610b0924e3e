"""Tells a clause from its opposite: who "need not display the name" has no duty, who "may sell it" no restriction."""

from __future__ import annotations

import functools
from typing import Any

from auditor.identify.patterns import compile_source

_WAIVER = (
    r"\b(?:not|never)(?: be| been)?(?: \w+)? "
    r"(?:required|obliged|obligated|necessary|needed|expected|asked|compelled|mandatory|a condition|a requirement)\b"
    r"|(?:not|never)(?: \w+)? (?:have|need) to\b|\bneed not\b|n't (?:have|need) to\b|needn't\b"
    r"|\bno (?:need|obligation|duty|requirement)(?: \w+)? (?:to|that|for)\b|无需|无须|毋须|不必|不需要?|不要求"
)
_WAIVED = (
    r"^[^;:,]{0,40}?\b(?:is|are|was|were|be)(?:n't| not| never)(?: \w+)? "
    r"(?:required|necessary|needed|mandatory|obligatory|compulsory|demanded|expected)\b"
    r"|^[^;:,]{0,40}?\b(?:is|are) (?:entirely |purely |fully )?(?:optional|voluntary|unnecessary)\b"
)  # behind the duty
# A waiver with limits leaves a duty.
_PARTLY = r"\b(?:unless|except|if|when|where|for|only|until|provided|but|however)\b"
_GRANT = (
    r"\b(?:you|licensees?|customers?|users?|recipients?|anyone|everyone|models?|software|dataset|data|outputs?|materials)"
    r" (?:may|can|are free to|is free to|are permitted to|are allowed to|are welcome to)(?: also| freely| even)? "
)
_ALLOWED = r"\b(?:is|are) (?:\w+ly |also )?(?:permitted|allowed|fine|welcome)\b"  # behind what it allows
_DENIED = r"\b(?:no|not|neither|nor|none|never)\b[^;:]*$"  # before a grant, as in "no use of the output can"
_ENDS = r"[;:。；，]| (?:but|unless|except|however|until|and (?:must|shall))\b|但"
_LIMITS = (
    r"[;:,]|\b(?:not?|nor|never|none|neither|only|solely|exclusively|unless|except|excluding|without|provided|but|if"
    r"|as long|so long|subject|limited|restrict\w*|prohibit\w*|forbid\w*|less|fewer|under|up to|most|more|over|above"
    r"|exceed\w*|non|purposes?|\d+)\b"
)
_BEFORE = 90  # bytes before the hit in which such words govern it
_WITHIN = 30  # bytes of the hit that they may share with it, as in "not | required to display"


def waived(kind: str, blob: bytes, start: int, end: int) -> bool:
    """Do the words around a hit say the opposite of a clause of this kind? `blob` is a text in its plain form."""
    if kind not in ("duty", "restriction"):
        return False
    words, breaks, upto = (_WAIVER, _ENDS, start) if kind == "duty" else (_GRANT, _LIMITS, end)
    low = max(blob.rfind(b"\n", 0, start) + 1, start - _BEFORE)
    near = blob[low : min(end, start + _WITHIN)]
    for match in _regex(words).finditer(near):
        told = low + match.end()
        ended = _regex(breaks).search(blob[told : max(upto, told)])
        if not ended and not (kind == "restriction" and _regex(_DENIED).search(near[: match.start()])):
            return True
    stop = blob.find(b"\n", end)
    stop = len(blob) if stop < 0 else stop
    if kind == "duty":
        taken_back = _regex(_WAIVED).search(blob[end : min(stop, end + _BEFORE)])
        return taken_back is not None and not _regex(_PARTLY).search(blob[end:stop])
    return _allowed(blob, low, end, stop)


def _allowed(blob: bytes, low: int, end: int, stop: int) -> bool:
    """`Use for war is permitted`, with no limit in the whole of it, in a sentence that ends at `stop`."""
    behind = blob[max(low, end - _WITHIN) : min(stop, end + _BEFORE)]
    match = _regex(_ALLOWED).search(behind)
    return match is not None and not _regex(_LIMITS).search(blob[low:end] + behind)


@functools.cache
def _regex(source: str) -> Any:
    return compile_source(source, groups=False)
