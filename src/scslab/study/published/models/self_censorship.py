"""What people say when speech above a tolerance is punished: the individual's best act, against brute force and in a society."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np

from ....base.parameters import FACTOR_ONE
from ....mechanisms.respond.self_censorship import best_act
from ...verify.scenario import play
from ..registry import Deviation, Measured, Target, published

SETTINGS, STEPS = 800, 110
FORMS = ("flat", "proportional")
FIGURE = {"flat": (1, 0.6), "proportional": (1, 1)}
"""Boldness and severity of figures 1A and 2A; tolerance .25 and surveillance .2 in both."""
TOLERANCE, SURVEILLANCE = 0.25, 0.2


def worth(a: Decimal, d: Decimal, b: Decimal, t: Decimal, s: Decimal, v: Decimal, form: str) -> Decimal:
    """Give what an act is worth to a person: what is held back is lost; above the tolerance it is punished when it is seen."""
    punished = Decimal(0) if a <= t else s if form == "flat" else s * (a - t)
    return -b * (d - a) - (v + (1 - v) * a) * punished


def by_force(d: Decimal, b: Decimal, t: Decimal, s: Decimal, v: Decimal, form: str) -> Decimal:
    """Find the best act without its formula: a grid, with the ends and the tolerance on it, then thirds of the best cell's neighbourhood."""
    grid = sorted({*(d * k / 200 for k in range(201)), min(t, d), d})
    best = max(range(len(grid)), key=lambda k: worth(grid[k], d, b, t, s, v, form))
    # A flat penalty jumps at the tolerance, so that only the grid's own points are compared there: above it, worth is linear, and an end is best.
    if form == "flat":
        return grid[best]
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    for _ in range(STEPS):
        one, two = low + (high - low) / 3, high - (high - low) / 3
        low, high = (one, high) if worth(one, d, b, t, s, v, form) < worth(two, d, b, t, s, v, form) else (low, two)
    return low


def furthest(form: str, seed: int, settings: int = SETTINGS) -> float:
    """Give the largest distance between the lab's best act and brute force over random settings."""
    rng, worst = np.random.default_rng([seed, len(form)]), Decimal(0)
    with localcontext() as context:
        context.prec = 60
        for _ in range(settings):
            d, t, v = (Decimal(int(x)) / 10_000 for x in rng.integers(0, 10_001, 3))
            b, s = (Decimal(int(x)) / 1_000 for x in rng.integers(1, 4_001, 2))
            found = best_act(Fraction(d), Fraction(b), Fraction(t), Fraction(s), Fraction(v), form)
            exact = Decimal(found.numerator) / Decimal(found.denominator)
            worst = max(worst, abs(exact - by_force(d, b, t, s, v, form)))
    return float(worst)


def society(form: str, seed: int, periods: int = 12) -> tuple[Measured, float]:
    """Let 65,536 people of every boldness and outspokenness speak with and without the penalty, with the same luck.

    Returns:
        (share of their acts that is kept, less the share the formula gives; the largest deviation of 64 classes, in standard errors).
    """
    boldest, severity = FIGURE[form]
    speech: dict[str, Any] = {
        "conduct.expression": {"topics": 1200, "critical_post": 1, "grievances": 0, "petition": 0, "services": 0, "worship": 0, "gatherings": 0, "assembly": 0},
        "respond.awareness": {"share": 1},
    }
    fear = {"form": form, "tolerance": TOLERANCE, "severity": severity, "surveillance": SURVEILLANCE, "boldest": boldest}
    who = np.arange(256 * 256)
    arms = play(
        {"free": speech, "afraid": {**speech, "respond.self_censorship": fear}}, people=len(who), periods=periods, seed=seed,
        traits={"boldness": who // 256, "outspokenness": who % 256}, keep=("acts",),
    )  # fmt: skip

    def acts(played: Any) -> np.ndarray:
        rows = played.rows("acts")
        return np.bincount(rows["subject"][rows["period"] > 0], minlength=len(who))  # nobody is aware in the first period

    free, afraid = acts(arms["free"]), acts(arms["afraid"])
    bold, out = who // 256, who % 256
    levels = [k / 255 for k in range(256)]
    kept = np.array([[best_act(d, boldest * b, TOLERANCE, severity, SURVEILLANCE, form) / d if d else 1.0 for d in levels] for b in levels]).reshape(-1)
    classes = bold // 32 * 8 + out // 32
    expected, spread = (np.bincount(classes, free * x, 64) for x in (kept, kept * (1 - kept)))
    found = np.bincount(classes, afraid, 64)
    spread += 1e-9 + expected / FACTOR_ONE  # the table behind the mechanism is over 2^16
    total = free.sum()
    share = Measured(float((found.sum() - expected.sum()) / total), float(np.sqrt(spread.sum()) / total))
    return share, float(np.abs((found - expected) / np.sqrt(spread)).max())


@published(
    "self-censorship",
    title="Self-censorship of individuals",
    source="Daymude, Axelrod and Forrest 2025, arXiv 2509.03731",
    equations=(
        "Desired dissent d, boldness b, tolerance t, severity s, surveillance v: an act a above t is seen with probability v + (1 - v) a and punished.",
        "Flat penalty s: D = (b t + v s) / (b - (1 - v) s); the act is d where b > (1 - v) s and d > D, else t; below the tolerance it is d.",
        "Proportional penalty s (a - t): D = (t + (b - v s) / ((1 - v) s)) / 2; the act is d where d <= D, else t where t >= D, else D.",
    ),
    expressed=(
        "respond.self_censorship: its function `best_act` against brute force on the worth of an act; and acts of conduct.expression in a society "
        "of 65,536 people, with and without the penalty, with the same luck."
    ),
    targets=(
        Target("flat: largest distance from brute force, 800 settings", 0.0, "exact", 1e-9),
        Target("proportional: largest distance from brute force, 800 settings", 0.0, "exact", 1e-9),
        Target("flat: desire from which a person defies (figure 1A)", 0.7115384615, "exact", 1e-6),
        Target("proportional: what the most dissenting express (figure 2A)", 0.625, "exact", 1e-6),
        Target("flat, society: share of acts kept less the formula's", 0.0),
        Target("proportional, society: share of acts kept less the formula's", 0.0),
        Target("flat, society: furthest of 64 classes, standard errors", 0.0, "exact", 4.5),
        Target("proportional, society: furthest of 64 classes, standard errors", 0.0, "exact", 4.5),
    ),
    deviations=(
        Deviation("The authority does not adapt.", "That half of the paper, an authority that searches the severest rule people bear, is out of scope: "
                  "the lab has no optimiser for the suppression of speech."),
        Deviation("In a society the act a is the share a/d of occasions at which a person speaks.", "Acts of the lab happen or do not; they have no strength."),
        Deviation("In a society shares are over 2^16 and traits have 256 levels.", "Decisions of the lab are integer comparisons."),
    ),
)  # fmt: skip
def self_censorship(seed: int) -> dict[str, Measured | float]:
    """Compare with brute force, with the figures, and in a society."""
    found: dict[str, Measured | float] = {f"{form}: largest distance from brute force, 800 settings": furthest(form, seed) for form in FORMS}
    found["flat: desire from which a person defies (figure 1A)"] = defiance()
    t, v = Fraction(str(TOLERANCE)), Fraction(str(SURVEILLANCE))
    found["proportional: what the most dissenting express (figure 2A)"] = float(best_act(Fraction(1), Fraction(1), t, Fraction(1), v, "proportional"))
    for form in FORMS:
        share, worst = society(form, seed)
        found |= {f"{form}, society: share of acts kept less the formula's": share, f"{form}, society: furthest of 64 classes, standard errors": worst}
    return found


def defiance() -> float:
    """Halve the interval between a desire that is held back and one that is not."""
    t, s, v = (Fraction(str(x)) for x in (TOLERANCE, FIGURE["flat"][1], SURVEILLANCE))
    low, high = t, Fraction(1)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if best_act(middle, Fraction(1), t, s, v, "flat") == middle else (middle, high)
    return float(high)
