"""The formats lay out the sample report exactly as the kept files show."""

from __future__ import annotations

import pytest

from auditor.report import render
from tests.golden.sample import FILES, HERE, sample


@pytest.mark.parametrize("name", FILES)
def test_layout_is_as_kept(name: str) -> None:
    kept = (HERE / name).read_text("utf-8")
    assert render(sample(), FILES[name]) == kept, "after a wanted change, run: python -m tests.golden.sample"
