"""Does a child's name carry the words that an ancestor's license demands?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def subject_name_lacks_prefix(term: Mapping[str, Any], subject: Mapping[str, Any]) -> bool:
    """True when the term demands a prefix and the subject's name does not begin with it (case and marks ignored)."""
    prefix = term.get("params.prefix")
    if not isinstance(prefix, str) or not prefix:
        return False
    return not _folded(str(subject["name"])).startswith(_folded(prefix))


def _folded(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
