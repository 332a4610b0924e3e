"""Was a model made for a field of work that a term limits?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.facts.values import Unknown


def subject_works_in_a_limited_field(term: Mapping[str, Any], subject: Mapping[str, Any]) -> Any:
    """True when the subject works in a field of the term. Unknown when a term that may matter is not known."""
    limited, own = term["fields"], subject["fields"]
    if not own:
        return False
    return limited if isinstance(limited, Unknown) else not set(limited).isdisjoint(own)
