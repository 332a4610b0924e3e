"""Does a child's name carry the words that an ancestor's license demands?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.facts.values import Unknown


def subject_name_lacks_words(term: Mapping[str, Any], subject: Mapping[str, Any]) -> Any:
    """True when the subject's name misses words that the term demands at its start (`prefix`) or anywhere (`contains`).

    Case and punctuation do not count. Unknown when the demand itself is not known.
    """
    prefix, contains = term.get("params.prefix"), term.get("params.contains")
    if isinstance(prefix, Unknown):
        return prefix
    name = _folded(str(subject["name"]))
    if isinstance(prefix, str) and not name.startswith(_folded(prefix)):
        return True
    return isinstance(contains, str) and _folded(contains) not in name


def _folded(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
