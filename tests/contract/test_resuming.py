"""A run that stops where rules change goes on the same: mechanisms whose state, mailboxes and announcements come or go with that month."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from scslab.base.months import month, month_text
from scslab.study.job import Job
from scslab.study.prepare import make_job
from scslab.study.replicate import Interrupted, SeedResult, simulate

START, MONTHS, WARM_UP = "2018-01", 4, 3
CHANGING = {"decide.ledger": "persons.score", "enforce.book": "burdens", "decide.penalties": "penalties", "outcome.debts": "debts"}
"""Mechanisms that come and go in these tests, with what they own or emit."""


@pytest.fixture(scope="module")
def plain_job() -> Job:
    job, _ = make_job(("rongcheng-2016",), (), "county", "ordinary-law", people=600, months=MONTHS, start=START, warm_up=WARM_UP, seeds=1, events="full",
                      also=())  # fmt: skip
    return job


def with_dates(job: Job, arm: int, first: str | None, last: str | None) -> Job:
    """Let the changing mechanisms of an arm be in force in [first, last) only."""
    arms = list(job.arms)
    document = yaml.safe_load(arms[arm].yaml)
    mine = CHANGING.keys() & document["mechanisms"].keys()
    assert len(mine) >= 3
    for name in mine:
        document["mechanisms"][name]["in_force"] = [first, last]
    arms[arm] = replace(arms[arm], yaml=yaml.safe_dump(document, sort_keys=False, allow_unicode=True))
    return replace(job, arms=arms)


def stopped(job: Job, after: int, path: Path) -> SeedResult:
    """Stop after so many months, and go on from disk."""
    done = [0]

    def progress(month_done: int, _: int) -> None:
        done[0] = month_done

    with pytest.raises(Interrupted):
        simulate(job, 0, 1, path, progress, lambda: done[0] == after)
    return simulate(job, 0, 1, path)


@pytest.mark.parametrize("arm", [0, 1], ids=["comparator", "regime"])
@pytest.mark.parametrize("kind", ["ends", "begins"])
def test_a_run_that_stops_at_a_change_of_rules_goes_on_the_same(kind: str, arm: int, plain_job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scslab.study.replicate.cache_dir", lambda: tmp_path / "cache")  # so that the warm-up is run, not read
    start = month(START)
    for change in (start + 2, start - 1):  # in the run; in the warm-up, which the comparator governs
        if change < start and arm == 1:
            continue
        dates = (None, month_text(change)) if kind == "ends" else (month_text(change), None)
        job = with_dates(plain_job, arm, *dates)
        whole = simulate(job, 0).digests
        for k, after in enumerate((change - 1, change, change + 1)):
            path = tmp_path / f"{change}-{k}"
            for kept in (tmp_path / "cache" / "warm-up").glob("*"):
                kept.unlink()
            assert stopped(job, after - (start - WARM_UP), path).digests == whole, f"stopped {after - change} months after the change"


def test_a_stop_at_the_last_month_changes_nothing(plain_job: Job, tmp_path: Path) -> None:
    """There is nothing to save any more: the run is over."""
    asked = []

    def stop() -> bool:
        asked.append(1)
        return len(asked) == MONTHS  # the kept warm-up asks nothing

    simulate(plain_job, 0)  # keeps the warm-up
    assert simulate(plain_job, 0, 1, tmp_path / "c", stop=stop).digests == simulate(plain_job, 0).digests
