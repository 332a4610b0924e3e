"""What a rule cannot ask of facts alone: functions of (facts, subject facts) to True, False or Unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from auditor.engine.predicates.drift import license_is_another_now, license_was_another
from auditor.engine.predicates.fields import subject_works_in_a_limited_field
from auditor.engine.predicates.naming import subject_name_lacks_words

PREDICATES: dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Any]] = {
    "license-is-another-now": license_is_another_now,
    "license-was-another": license_was_another,
    "subject-name-lacks-words": subject_name_lacks_words,
    "subject-works-in-a-limited-field": subject_works_in_a_limited_field,
}
