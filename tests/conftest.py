"""What all tests share: long tests tell a failure at once, because a part may be cut before pytest sums up."""

from __future__ import annotations

import os
import sys

import pytest


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.failed and "SCSLAB_SOAK_AT_ONCE" in os.environ:
        print(f"\n{report.longreprtext}", file=sys.__stdout__, flush=True)
