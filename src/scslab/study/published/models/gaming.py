"""D'Amour and others 2020, college admission: one cut for two groups, one of which pays twice as much to look better."""

from __future__ import annotations

import numpy as np

from ....base.parameters import FACTOR_ONE
from ...verify import scenario
from ..draws import normals, over_runs
from ..registry import Deviation, Measured, Target, published

COSTS = (5, 10)
TRUE_CUT = 0.55
CUTS = tuple(round(0.55 + 0.05 * k, 2) for k in range(9))
QUINTILES = (4, 0)
PEOPLE = 100_000
POINTS = 100
"""Points of the lab to one unit of the publication's score."""


def admit(true: np.ndarray, cut: float, costs: tuple[float, float], seed: int, worth: float = 1) -> tuple[np.ndarray, np.ndarray]:
    """Admit by a cut that everybody knows.

    Args:
        true: true scores, persons of the two groups in turn; costs: of a unit of score shown, by group.

    Returns:
        Who is admitted, and the effort each has made.
    """
    people, cut = len(true), round(POINTS * cut, 2)
    rules = {
        "respond.score_gaming": {"cut": cut, "worth": worth, "cost": {"lowest": costs[1], "others": costs[0]}}, "decide.admission": {"cut": cut},
    }  # fmt: skip
    score = np.round(true * POINTS * 100).astype(np.int64)
    begin = {"persons.true_score": score, "persons.shown_score": score}
    columns = {"quintile": np.array(QUINTILES)[np.arange(people) % 2]}
    periods = 2  # what is shown in the first is decided upon in the second
    played = scenario(rules, people=people, periods=periods, seed=seed, columns=columns, begin=begin)
    return played.column("persons.admitted") > 0, played.column("persons.effort_spent") / FACTOR_ONE / periods


@published(
    "gaming",
    title="admission by a score that can be gamed",
    source="D'Amour, Srinivasan, Atwood, Baljekar, Sculley and Halpern 2020, Fairness is not static, FAT*, section on college admission; "
    "after Hu, Immorlica and Vaughan 2019 and Milli, Miller, Dragan and Hardt 2019",
    equations=(
        "True scores are N(.5, .1) in both groups; who has .55 or more is qualified. Being admitted is worth 1.",
        "Raising the score shown costs 5 a unit in one group and 10 in the other; who is below the cut raises it to the cut if that costs 1 at most.",
        "Admitted is who shows the cut. Accuracy counts the qualified admitted and the unqualified refused; burden is the effort that the qualified need, "
        "over all applicants of a group.",
    ),
    expressed="`respond.score_gaming` and `decide.admission`, a scenario a cut, in a ring of 100,000; the group that pays more is the lowest income quintile. "
    "One unit of score is 100 points. The second month decides by what the first one showed.",
    targets=(
        Target("accuracy at the cut .75", 0.8791, "SE"),
        Target("cut of the highest accuracy", 0.75, "exact", 1e-9, note="among .55, .60, ..., .95"),
        Target("burden at the cut .75, lower cost", 0.2106, "SE"),
        Target("burden at the cut .75, higher cost", 0.4213, "SE"),
    ),
    deviations=(
        Deviation("Burden is the effort made where being admitted is worth a hundred.",
                  "The publication counts what the qualified would need, also where it is more than admission is worth and nobody makes it."),
        Deviation("The lender or school does not learn the cut.", "The published optimum is found by comparing cuts; the lab has no optimiser for it."),
    ),
)  # fmt: skip
def gaming(seed: int) -> dict[str, Measured]:
    """Compare cuts on one population."""
    true = np.round(normals(seed, "gaming", PEOPLE, 0.5, 0.1), 4)
    qualified = true >= TRUE_CUT
    right = {cut: admit(true, cut, COSTS, seed)[0] == qualified for cut in CUTS}
    best = max(CUTS, key=lambda cut: right[cut].mean())
    result = {"accuracy at the cut .75": over_runs(right[0.75]), "cut of the highest accuracy": Measured(best)}
    needed = np.where(qualified, admit(true, 0.75, COSTS, seed, worth=100)[1], 0)
    for group, name in enumerate(("lower", "higher")):
        result[f"burden at the cut .75, {name} cost"] = over_runs(needed[group::2])
    return result
