"""Did the repository once declare another license than today, or does it today declare another than it did?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditor.facts.values import Unknown
from auditor.identify import catalogue


def license_was_another(facts: Mapping[str, Any], subject: Mapping[str, Any]) -> Any:
    """True when a license known from before is none of those that apply now. Unknown when those are not known."""
    former = facts["license.former"]
    now = facts["license.ids"]
    if not former or isinstance(now, Unknown):
        return now if former else False
    return any(not set(catalogue.resolve(old, old).ids) & set(now) for old in former)


def license_is_another_now(facts: Mapping[str, Any], subject: Mapping[str, Any]) -> Any:
    """True when the default branch has other licenses than the audited revision. Unknown when either is not known."""
    audited, present = facts["license.ids"], facts["license.present"]
    if not present or isinstance(present, Unknown):
        return present or False
    return audited if isinstance(audited, Unknown) else set(present) != set(audited or ["none"])
