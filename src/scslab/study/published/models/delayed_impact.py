"""Liu and others 2018: what a lender's rule of fairness does to scores a step later."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...verify import scenario
from ..draws import uniforms
from ..registry import Deviation, Measured, Target, published

SHARE = 0.12067
"""Share of the smaller group."""
GAP = 28.3
"""Difference of the groups' mean scores in percentiles: Federal Reserve report to Congress 2007, tables on differential effect."""
BANDS = (2.1, 4.2, 5.4, 6.5, 7.9, 9.6, 12.0, 13.8, 17.0, 15.8, 5.7)
"""Percent of persons by band of 50 points from 300 on, with which the publication turns percentiles into scores."""
DEFAULT_AT, DEFAULT, SLOPE = 620, 0.18, 30
"""Chance of default at a score (Hardt, Price and Srebro 2016, from the same report), and points in which the odds change by e (assumed)."""
NEW_LOANS = ((500, 0.41), (540, 0.284), (580, 0.225), (620, 0.158), (660, 0.089), (700, 0.044), (770, 0.01))
"""Defaults within two years on new loans, at the middle of the report's bands (its table 2)."""
UP, DOWN, LOW, HIGH, STEP = 75, 150, 300, 850, 10
PEOPLE = 100_000
MARKED = 8
GRID = 2000


def tilted(mean: float) -> np.ndarray:
    """Give the law over percentiles with that mean and otherwise as even as possible (exp(-theta x)), on a grid."""
    x = (np.arange(GRID) + 0.5) * 100 / GRID
    low, high, weight = -0.5, 0.5, np.ones(GRID)
    for _ in range(80):
        theta = (low + high) / 2
        weight = np.exp(-theta * (x - 50))
        low, high = (theta, high) if (weight @ x) / weight.sum() > mean else (low, theta)
    return weight / weight.sum()


def groups() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give scores of the grid and the laws of the larger and the smaller group; together everybody is even over percentiles."""
    x = (np.arange(GRID) + 0.5) * 100 / GRID
    smaller = tilted(50 - (1 - SHARE) * GAP)
    larger = (np.full(GRID, 1 / GRID) - SHARE * smaller) / (1 - SHARE)
    score = np.interp(x, np.concatenate([[0], np.cumsum(BANDS)]), np.arange(LOW, HIGH + 1, 50))
    return score, larger, smaller


def repays(score: np.ndarray, curve: str = "assumed") -> np.ndarray:
    """Give the chance of repaying at scores; a step every ten points, as the lab's bands have it."""
    middle = np.minimum(np.floor(score / STEP) * STEP + STEP / 2, HIGH)
    if curve == "new loans":
        return 1 - np.interp(middle, [at for at, _ in NEW_LOANS], [rate for _, rate in NEW_LOANS])
    centre = DEFAULT_AT - SLOPE * np.log((1 - DEFAULT) / DEFAULT)
    return 1 / (1 + np.exp(-(middle - centre) / SLOPE))


def cuts(policy: str, loss: float, curve: str = "assumed") -> tuple[float, float]:
    """Find the lender's cuts of the larger and the smaller group: most profit, under equal rates of lending or of lending to those who repay."""
    score, larger, smaller = groups()
    chance = repays(score, curve)
    profit = chance - loss * (1 - chance)
    upwards = [np.cumsum((law * value)[::-1])[::-1] for law in (larger, smaller) for value in (profit, np.ones(GRID), chance)]
    gain_a, rate_a, true_a, gain_b, rate_b, true_b = upwards
    if policy == "maximum profit":
        return float(score[gain_a.argmax()]), float(score[gain_b.argmax()])
    one, two = (rate_a, rate_b) if policy == "demographic parity" else (true_a / true_a[0], true_b / true_b[0])
    mate = np.abs(two[None, :] - one[:, None]).argmin(axis=1)
    best = int(((1 - SHARE) * gain_a + SHARE * gain_b[mate]).argmax())
    return float(score[best]), float(score[mate[best]])


def change(policy: str, loss: float, seed: int, curve: str = "assumed", people: int = PEOPLE) -> dict[int, Measured]:
    """Lend once, and give the mean change of scores in the larger (0) and the smaller group (1)."""
    score, larger, smaller = groups()
    marked = uniforms(seed, "group", people) < SHARE
    at = uniforms(seed, "score", people)
    begin = np.where(marked, np.interp(at, np.cumsum(smaller), score), np.interp(at, np.cumsum(larger), score))
    begin = np.round(begin).astype(np.int64)
    names = {f"from_{low}": low for low in range(LOW, HIGH + 1, STEP)}
    ends = cuts(policy, loss, curve)
    stated: dict[str, Any] = {
        "low": LOW, "high": HIGH, "up": UP, "down": DOWN, "applications": 0, "bands": names,
        "repays": {name: round(float(chance), 6) for name, chance in zip(names, repays(np.array(list(names.values()), float), curve))},
        "cut": {"unmarked": round(ends[0]), "marked": round(ends[1])},
    }  # fmt: skip
    columns, start = {"role": np.where(marked, MARKED, 0)}, {"persons.loan_score": begin * 100}
    played = scenario({"outcome.score_ladder": stated}, people=people, periods=1, seed=seed, columns=columns, begin=start)
    moved = played.column("persons.loan_score") / 100 - begin
    return {g: Measured(float(moved[marked == g].mean()), float(moved[marked == g].std() / np.sqrt((marked == g).sum()))) for g in (0, 1)}


SETTINGS = (("maximum profit", 4, 1), ("equal opportunity", 4, 1), ("demographic parity", 4, -1), ("demographic parity", 10, 1))
HELD = "demographic parity, loss 4, defaults of new loans"


@published(
    "delayed-impact",
    title="delayed impact of fair lending",
    source="Liu, Dean, Rolf, Simchowitz and Hardt 2018, ICML, with the Federal Reserve's report to Congress of 2007",
    equations=(
        "Scores lie between 300 and 850. A loan is granted from the cut of the applicant's group on; 75 points up if it is repaid, 150 down if not, clipped.",
        "The lender gains 1 on a repaid loan and loses 4 (or 10) on another. Its cuts earn most: freely (maximum profit), with equal rates of lending "
        "(demographic parity), or with equal rates of lending among those who would repay (equal opportunity).",
        "The smaller group is .12067 of all.",
    ),
    expressed="`outcome.score_ladder` for one period and 100,000 persons; the smaller group is bit 8 of their role, a neutral label. The lender's cuts are "
    "found on the table of scores, as in the publication, and stated as rules. Repayment depends on the score alone.",
    targets=(
        *(Target(f"change of the smaller group's mean score: {policy}, loss {loss}", sign, "sign",
                 note="published: about -17 points" if sign < 0 else "") for policy, loss, sign in SETTINGS),
        Target(f"change of the smaller group's mean score: {HELD}", -1, "sign",
               miss="The defaults that we hold are those on new loans, 41 % below 520 and 28 % above; 75 up and 150 down balance at a third, so lending "
               "harms too few to lower the mean. The publication counts any account, where far more default, and has tables by group that we do not hold."),
    ),
    deviations=(
        Deviation("Score distributions by group are not the report's tables. Everybody is even over percentiles; the smaller group has the law that is as even "
                  "as possible with the report's difference of means, 28.3 percentiles; the larger group has the rest.",
                  "The report's tables by group are not among the facts held; their difference of means is published."),
        Deviation("The chance of default on any account is a logistic curve through 18 % at 620, with a slope of 30 points.",
                  "The point is published (from memory: Hardt and others 2016); the slope is assumed, and was settled on after results for 30 to 80 "
                  "had been seen, so the size of the harm is an illustration and no test. The sign under demographic parity depends on it: harm at "
                  "slopes of 30 to 50, none from 60 on. At 30 the groups repay .32 and .73."),
        Deviation("Both groups repay alike at a score.", "Group labels enter no conduct in the lab; the publication has a curve for each."),
        Deviation("Scores are whole points, and chances change every ten points.", "The lab's bands."),
    ),
)  # fmt: skip
def delayed_impact(seed: int) -> dict[str, Measured]:
    """Lend once under each rule."""
    found = {f"change of the smaller group's mean score: {policy}, loss {loss}": change(policy, loss, seed)[1] for policy, loss, _ in SETTINGS}
    found[f"change of the smaller group's mean score: {HELD}"] = change("demographic parity", 4, seed, "new loans")[1]
    return found
