"""Self-censorship: who knows of the regime says less than they would, as far as that pays.

The best act of an individual after Daymude, Axelrod, Forrest 2025 (arXiv 2509.03731): desired dissent d, boldness b,
tolerance t, severity s, surveillance v; an act a above the tolerance is observed with probability v + (1 - v) a and then
punished, by s (flat) or by s (a - t) (proportional). The adaptive authority of the paper is left out.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import numpy as np

from ...base.exact import frozen
from ...base.luck import ONE
from ...base.parameters import FACTOR_ONE, Parameters, choice, names, probability, share, weight
from ...engine.declare import Modifies, mechanism
from ..kinds import KIND, PROTECTED
from ..knowing import is_aware

FORMS = ("flat", "proportional")
TOP = 255
"""Highest quantile of a lasting propensity."""


class Params(Parameters):
    form = choice("penalty: the same for every act above the tolerance, or growing with the excess", FORMS, default="flat")
    kinds = names("protected acts that people hold back", KIND, codes=True, default=PROTECTED)
    tolerance = share("dissent that people believe is tolerated, on the scale of the most outspoken person's desire")
    severity = weight("severity that people expect, on the scale of the value of the whole desired act to a person of boldness 1; 0 = none")
    surveillance = probability("chance people see of being observed however little they say")
    boldest = weight("boldness of the boldest person; the least bold has 0")


def best_act(d, b, t, s, v, form):
    """Find the dissent that pays best; exact in whatever numbers it is given (float, Fraction).

    Args:
        d: desired dissent, 0 to 1; b: boldness, 0 or more; t: tolerance, 0 to 1; s: severity, 0 or more; v: surveillance, 0 to 1.
        form: 'flat' or 'proportional'.

    Returns:
        The act a, 0 <= a <= d.

    Example:
        >>> best_act(Fraction(9, 10), Fraction(1), Fraction(1, 4), Fraction(1), Fraction(1, 5), "proportional")
        Fraction(5, 8)
    """
    if d <= t or s == 0:
        return d
    if form == "flat":
        edge = b - (1 - v) * s
        return d if edge > 0 and d * edge > b * t + v * s else t
    if v == 1:
        return d if b > s else t
    peak = (t + (b - v * s) / ((1 - v) * s)) / 2
    return d if d <= peak else max(t, peak)


@lru_cache(maxsize=16)
def factors(form, tolerance, severity, surveillance, boldest):
    """Tabulate best act over desired dissent, over 2^16, for quantiles (boldness, outspokenness), in exact rational arithmetic."""
    t, s, v = Fraction(tolerance, ONE), Fraction(severity, FACTOR_ONE), Fraction(surveillance, ONE)
    table = np.full((TOP + 1, TOP + 1), FACTOR_ONE, np.int64)
    for bold in range(TOP + 1):
        b = Fraction(bold * boldest, TOP * FACTOR_ONE)
        free = best_act(Fraction(1), b, t, s, v, form)
        for out in range(1, TOP + 1):
            d = Fraction(out, TOP)
            if d > t and not (d <= free == 1 and form == "proportional"):
                act = best_act(d, b, t, s, v, form)
                table[bold, out] = int(act / d * FACTOR_ONE)
    return frozen(table)


@mechanism(
    "respond.self_censorship",
    on=Modifies(tuple(f"conduct.{name}" for name in PROTECTED)),
    params=Params,
    reads=("persons.aware", "persons.outspokenness", "persons.boldness"),
)
def self_censorship(quantity, subjects, cols, p):
    """Who knows of the regime speaks, petitions, worships and assembles as far as it pays, given the penalty they expect.

    Only kinds named, and only the aware. Desired dissent d is outspokenness / 255, boldness b is boldest x boldness / 255. Where d is not above the
    tolerance t, or severity s is 0, the factor is 1. Else the act a from t to d that is worth most: b x a, less (v + (1 - v) a) x s (flat) or x s (a
    - t) (proportional) for a above t, with v the surveillance; of equal ones the smaller. The factor is a / d, rounded down to 1/2^16.
    """
    factor = np.full(len(subjects), FACTOR_ONE, np.int64)
    if p.severity == 0 or not len(subjects) or KIND.code(quantity.partition(".")[2]) not in p.kinds:
        return factor
    at = np.flatnonzero(is_aware(cols.persons.aware[subjects]))
    who = subjects[at]
    table = factors(p.form, p.tolerance, p.severity, p.surveillance, p.boldest)
    factor[at] = table[cols.persons.boldness[who], cols.persons.outspokenness[who]]
    return factor
