"""What a measure has to do with an act, and how far a burden goes beyond the statutory penalty: the yardstick of class W7.

A measure has a nexus to an act where it acts on the same sphere: on what a debtor could pay with, on the car of a driver, on the trade of a
trader. The table is our own reading of the demand for relatedness and proportion (State Council 2020, Guo Ban Fa 49); it is no source's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .kinds import KIND, MEASURE

_SPENDING = (
    "air", "high_speed_rail", "soft_sleeper", "hotel", "property", "private_school", "tours", "luxury", "car", "credit", "loan_price",
    "deposit_demanded", "exit_ban",
)  # fmt: skip
_TRADE = ("trade_licence", "procurement", "subsidies", "customs_checks", "inspections", "tax_checks", "officer_post")

NEXUS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("missed_payment", "unperformed_judgment", "refusal_to_perform", "evasion", "breach_of_limits", "unpaid_bill", "wage_arrears"), _SPENDING),
    (("traffic_violation", "drunk_driving", "hit_and_run", "not_yielding", "overloading"), ("licence_suspended", "insurance_price")),
    (("fare_evasion", "train_noise", "train_smoking"), ("high_speed_rail", "soft_sleeper")),
    (("unruly_flight",), ("air",)),
    (("tourist_misconduct",), ("tours",)),
    (("hospital_disturbance",), ("hospital_place",)),
    (("tax_evasion", "smuggling", "pollution", "unsafe_food", "counterfeiting", "market_abuse"), (*_TRADE, "securities")),
    (("research_fraud", "benefit_fraud", "charity_fraud"), ("subsidies", "promotion")),
)
"""Kinds of acts, and the measures that act on the same sphere; every other pair is without nexus."""


def _masks() -> np.ndarray:
    made = np.zeros(256, np.int64)
    for kinds, measures in NEXUS:
        mask = int(sum(1 << MEASURE.code(name) for name in measures))
        made[KIND.codes(kinds)] = mask
    return made


RELATED = _masks()
"""Mask of the measures with a nexus, by kind of act."""

STEPS = 44
EDGES = np.array([round(2 ** (k / 2)) for k in range(2, STEPS)], np.int64)
"""Lower edges of classes of size, half an octave wide: 2, 3, 4, 6, 8, 11, 16, ...; class 0 lies below 2."""

SIXTEENTHS = 16
"""Ratios are classed in sixteenths."""


@dataclass(frozen=True, eq=False)
class Yardstick:
    """What a burden is held against.

    Args:
        month: yuan a month by measure (assumed weights); fine: statutory fine in yuan by kind of act, 0 where there is none.
        statutory: labels of lists that are the statutory penalty itself.
    """

    month: np.ndarray
    fine: np.ndarray
    statutory: tuple[str, ...]


def size_class(value: np.ndarray) -> np.ndarray:
    """Give the class of whole numbers by `EDGES`.

    Example:
        >>> size_class(np.array([0, 1, 2, 3, 5, 6, 1000])).tolist()
        [0, 0, 1, 2, 3, 4, 18]
    """
    return np.searchsorted(EDGES, value, side="right")
