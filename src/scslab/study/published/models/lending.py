"""D'Amour and others 2020, lending: loans that move scores, and a lender with one cut for all."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...verify import scenario
from ..draws import over_runs
from ..registry import Deviation, Measured, Target, published

REPAYS = (0.1, 0.2, 0.45, 0.6, 0.65, 0.7, 0.7)
GROUPS = ((0, 0.1, 0.1, 0.2, 0.3, 0.3, 0), (0.1, 0.1, 0.2, 0.3, 0.3, 0, 0))
EACH = 100
"""Persons of a group: one of them is the .01 of its mass that a loan moves."""
STEPS = 20_000
MARKED = 8


def ladder(repays: Any, cut: int, **more: Any) -> dict[str, Any]:
    """Give the rules of a ladder of clusters one point apart."""
    names = [f"cluster_{k}" for k in range(len(repays))]
    stated = {
        "low": 0, "high": len(repays) - 1, "bands": dict(zip(names, range(len(repays)))), "repays": dict(zip(names, repays)),
        "cut": {"unmarked": cut, "marked": cut}, "up": 1, "down": 1, "applications": 0, **more,
    }  # fmt: skip
    return {"outcome.score_ladder": stated}


def lend(cut: int, runs: int, seed: int, steps: int = STEPS) -> tuple[np.ndarray, np.ndarray]:
    """Give loans and final mean chance of repaying by run and group: (runs, 2) each."""
    begin = np.concatenate([np.repeat(np.arange(len(REPAYS)), np.round(np.array(group) * EACH).astype(int)) for group in GROUPS])
    rules = ladder(REPAYS, cut, applicants="one", applications=steps // 200)
    played = scenario(
        rules, people=2 * EACH * runs, periods=200, seed=seed, world="islands", islands=runs,
        columns={"role": np.tile(np.repeat([0, MARKED], EACH), runs)}, begin={"persons.loan_score": np.tile(begin, runs) * 100},
    )  # fmt: skip
    loans = played.column("persons.loans_granted").reshape(runs, 2, EACH).sum(axis=2)
    chance = np.array(REPAYS)[played.column("persons.loan_score") // 100].reshape(runs, 2, EACH).mean(axis=2)
    return loans, chance


@published(
    "lending",
    title="lending that moves credit scores",
    source="D'Amour, Srinivasan, Atwood, Baljekar, Sculley and Halpern 2020, Fairness is not static, FAT*, section on lending",
    equations=(
        "Seven score clusters with chances of repaying .1, .2, .45, .6, .65, .7, .7; the lender earns 1 on a repaid loan and loses 1 on another.",
        "Group 1 starts with masses 0, .1, .1, .2, .3, .3, 0 and group 2 with .1, .1, .2, .3, .3, 0, 0; applicants come from both alike.",
        "Each loan moves mass .01 of the applicant's group one cluster up when it is repaid, else one down; the ends reflect.",
        "The profit maximiser lends from cluster 3 up, counted from 0, where the chance of repaying first exceeds one half. 20,000 steps.",
    ),
    expressed="`outcome.score_ladder` in islands of 200 persons, 100 of each group (bit 8 of their role): a person is the .01 of mass, an island a run, and "
    "one person of each island applies at a time. Both groups have one cut.",
    targets=(
        Target("loans to group 1", (3280.0, 3670.0), "band", note="published 3,475 with a spread of 195 between runs; 100 runs"),
        Target("loans to group 2", (2012.0, 2648.0), "band", note="published 2,330 with a spread of 318"),
        Target("final chance of repaying, group 1", 0.461, "exact", 0.01, note="published for a run; between runs of the lab it varies by .009"),
        Target("final chance of repaying, group 2", 0.419, "exact", 0.01, note="between runs of the lab it varies by .006"),
        Target("loans to group 1 over group 2", 1, "sign"),
    ),
    deviations=(
        Deviation("Masses are persons: a group's masses are whole hundredths at every step.",
                  "The lab has no mass without persons. The publication moves min(.01, mass), which is the same as long as masses are whole hundredths."),
        Deviation("Bands are one published standard deviation wide on either side.", "The number of runs behind the published means is not known."),
    ),
)  # fmt: skip
def lending(seed: int) -> dict[str, Measured]:
    """Lend from cluster 3 up in a hundred islands."""
    loans, chance = lend(3, 100, seed)
    found = {f"loans to group {g + 1}": over_runs(loans[:, g]) for g in (0, 1)}
    found |= {f"final chance of repaying, group {g + 1}": over_runs(chance[:, g]) for g in (0, 1)}
    return found | {"loans to group 1 over group 2": over_runs(loans[:, 0] - loans[:, 1])}
