"""Published figures at full size: no miss that is not declared. The frame, the bands and the split are tested in tests/unit/test_validate.py."""

from __future__ import annotations

import pytest

from scslab.study.validate.judge import is_ok
from scslab.study.validate.run import validate


@pytest.mark.soak
def test_the_whole_comparison_has_no_undeclared_miss(record_property):
    found = validate(people=60_000, seeds=8)
    for row in found["figures"]:
        record_property(row["figure"], f"{row['value']} ({row['low']} to {row['high']}) {row['found']}")
    assert found["ok"], [row["figure"] for row in found["figures"] if not is_ok(row)]
