"""How to draw the numbers of mechanisms beside the core: of abstract worlds, ties, markets, platforms, norms and firms."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from scslab.mechanisms.kinds import SECTORS

FORBIDDEN = ("traffic_violation", "drunk_driving", "jaywalking", "littering", "missed_payment", "volunteering", "donation", "critical_post", "petition")


def share(rng: Random) -> float:
    """Give a chance, often none or certain."""
    return rng.choice((0, 1, 1, 0.4, 0.731))


SPECIAL: dict[str, Callable[[Random], Any]] = {
    "conduct.steady": lambda rng: {"chance": {k: rng.choice((0.01, 0.05, 0.2)) for k in rng.sample(FORBIDDEN, 3)}, "form": rng.choice(("apart", "one")),
                                   "falls_with": rng.choice(("none", "conscientiousness", "means", "boldness"))},
    "conduct.firm_breaches.ends": lambda rng: {"others": rng.choice((0, 0.1, 0.5))},
    "respond.staff_screening.lists": lambda rng: ["court", "limits", "nowhere"],
    "outcome.consumer_loss.loss_low": lambda rng: 50,
    "outcome.consumer_loss.loss_high": lambda rng: rng.choice((50, 9000)),
    "outcome.consumer_loss.harmed": lambda rng: {"firm_goods": rng.choice((0.01, 0.1)), "firm_counterfeit": rng.choice((0, 0.003))},
    "outcome.firm_market.contracts": lambda rng: rng.choice((100, 900, 3000)),
    "outcome.firm_market.loans": lambda rng: rng.choice((100, 900.5)),
    "outcome.firm_survival.exits": lambda rng: {"others": rng.choice((0.05, 0.3))},
    "outcome.firm_survival.most": lambda rng: rng.choice((0.02, 0.2)),
    "respond.partner_churn.rating": lambda rng: rng.choice((["graded"], ["graded", "nowhere"])),
    "respond.partner_churn.lists": lambda rng: rng.choice(([], ["bad_firms"])),
    "respond.redeeming.costs": lambda rng: {"haircut": rng.choice((1, 30)), "meal": 5, "check": rng.choice((5, 60))},
    "respond.redeeming.wants": lambda rng: {"haircut": share(rng), "meal": share(rng), "check": 1},
    "respond.performing.base": lambda rng: rng.choice((0, 1.5, -3)),
    "respond.performing.follows": lambda rng: rng.choice((0, 0.5, 0.9, -0.7)),
    "respond.norm_enforcement.punished": lambda rng: rng.choice((0, 9)),
    "respond.norm_enforcement.punishing": lambda rng: rng.choice((0, 2)),
    "outcome.norm_learning.gain": lambda rng: rng.choice((0, 3)),
    "outcome.norm_learning.hurt": lambda rng: rng.choice((0, 1)),
    "outcome.norm_learning.mutation": lambda rng: rng.choice((0, 0.01, 0.3)),
    "respond.score_gaming.cut": lambda rng: rng.choice((600, 650)),
    "respond.score_gaming.cost": lambda rng: {"lowest": rng.choice((0.5, 3)), "others": rng.choice((0, 0.2, 1))},
    "outcome.score_ladder.low": lambda rng: 300,
    "outcome.score_ladder.high": lambda rng: 850,
    "outcome.score_ladder.bands": lambda rng: {"poor": 400, "fair": 550, "good": 700},
    "outcome.score_ladder.repays": lambda rng: {"poor": share(rng), "fair": rng.choice((0.3, 0.7)), "good": share(rng)},
    "outcome.score_ladder.cut": lambda rng: {"unmarked": rng.choice((300, 500)), "marked": rng.choice((500, 600))},
    "outcome.score_ladder.up": lambda rng: rng.choice((5, 75)),
    "outcome.score_ladder.down": lambda rng: rng.choice((0, 150)),
    "respond.platform_choice.offers": lambda rng: rng.choice((3, 24)),
    "respond.platform_choice.hoped": lambda rng: rng.choice((0, 50, 100)),
    "respond.platform_choice.proof": lambda rng: rng.choice((0, 50)),
    "respond.platform_choice.closes": lambda rng: rng.choice((0, 50, 500)),
    "respond.platform_choice.privacy_low": lambda rng: rng.choice((0, 10)),
    "respond.platform_choice.privacy_high": lambda rng: rng.choice((20, 100)),
    "respond.platform_display.modesty": lambda rng: rng.choice((0, 5)),
    "outcome.platform_credit.cut": lambda rng: rng.choice((0, 600, 650)),
    "respond.tie_sorting.reviews": lambda rng: rng.choice((1, 6, 24)),
    "respond.tie_sorting.tries": lambda rng: rng.choice((0, 1, 3)),
    "respond.score_market.bought": lambda rng: rng.choice((5, 30)),
    "respond.score_market.price": lambda rng: rng.choice((0, 50, 8000)),
    "respond.forbidden.person": lambda rng: rng.randint(0, 19),
    "respond.forbidden.kinds": lambda rng: sorted(rng.sample(FORBIDDEN, 4)),
    "outcome.dating.sticks": lambda rng: rng.choice((0.3, 1)),
    "conduct.temptation.chances": lambda rng: rng.choice((0, 1, 1, 4)),
    "conduct.sectors.doublings": lambda rng: {k: rng.choice((0, 1, 5, 40)) for k in SECTORS},
    "conduct.sectors.breaches": lambda rng: {k: {"others": rng.choice((0, 0.05, 0.3, 1))} for k in rng.sample(SECTORS, 8)},
    "conduct.sectors.officers": lambda rng: {k: share(rng) for k in rng.sample(SECTORS, 8)},
    "conduct.sectors.exposure": lambda rng: {k: {"lowest": share(rng), "others": share(rng)} for k in rng.sample(SECTORS, 8)},
    "conduct.sectors.smallest": lambda rng: {k: rng.choice((0, 50, 8000, 10**12)) for k in rng.sample(SECTORS, 8)},
    "conduct.offence.listed_factor": lambda rng: rng.choice((0, 0.25, 0.7, 1)),
    "conduct.encounters.cut": lambda rng: rng.choice((3, 4, 4.5)),
}
"""By mechanism and parameter, or by mechanism for all of them."""

POINTS: dict[str, Callable[[Random], Any]] = {
    "wanted": lambda rng: rng.choice((-10, 0, 50)),
    "recovery": lambda rng: rng.choice((0, 1, 2.5)),
    "start": lambda rng: 1000,
    "listed": lambda rng: rng.choice((0, 0, 12.5)),
    "gap": lambda rng: rng.choice((-1, 0, 5, 30)),
    "cut": lambda rng: rng.choice((990, 1000, 1012.5)),
    "source": lambda rng: rng.choice(("ledger", "ledger", "none", "stars")),
    "platform": lambda rng: "sesame",
}
"""Numbers of the mechanisms that look at standing, alike for each."""
for looks in ("respond.tie_sorting", "outcome.dating", "respond.paid_volunteering", "respond.score_market"):
    SPECIAL |= {f"{looks}.{name}": make for name, make in POINTS.items()}
