"""Metrics that are pure arithmetic: the identities of confusion matrices, the Gini coefficient."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ....measure.confusion import confusion_by_group
from ....world.distribution import gini
from ..register import Inputs, Measured, case, drawn, formula

UNIT = 1_000_000
"""Persons of a group in the identities: large enough for every share drawn to be whole."""


@formula("CF26a")
def fpr_ratio(inputs: Inputs) -> float:
    odds = [inputs[p] / (1 - inputs[p]) for p in ("p1", "p2")]
    return odds[0] / odds[1]


@drawn("CF26a")
def rates(rng: np.random.Generator) -> dict[str, Any]:
    return {"p1": rng.integers(20, 60) / 100, "p2": rng.integers(5, 60) / 100, "ppv": rng.choice([0.5, 0.8, 0.625]), "tpr": rng.integers(40, 80) / 100}


@case("CF26a")
def measure_fpr_ratio(inputs: Inputs, size: int, seed: int) -> Measured:
    """Two groups of persons, flagged so that PPV and TPR are as asked; the metric counts them."""
    flagged, deserved, group = [], [], []
    for code, base in enumerate((inputs["p1"], inputs["p2"])):
        guilty = round(UNIT * 3 * base)
        hits = round(guilty * inputs["tpr"])
        alarms = round(hits * (1 - inputs["ppv"]) / inputs["ppv"])
        who = np.arange(3 * UNIT)
        flagged.append((who < hits) | ((who >= guilty) & (who < guilty + alarms)))
        deserved.append(who < guilty)
        group.append(np.full(3 * UNIT, code, np.uint8))
    found = confusion_by_group(np.concatenate(flagged), np.concatenate(deserved), np.concatenate(group))
    a, b = found[0], found[1]
    exact = all(abs(m.base_rate / (1 - m.base_rate) * (1 - m.ppv) / m.ppv * m.tpr - m.fpr) < 1e-12 for m in (a, b))
    return Measured(a.fpr / b.fpr, holds=exact and a.ppv == b.ppv and a.tpr == b.tpr)


LAWS = {
    "Exp": lambda rng, n, a: rng.exponential(a, n),
    "Uniform": lambda rng, n, a: rng.uniform(0, a, n),
    "Lognormal": lambda rng, n, a: rng.lognormal(0, a, n),
    "Weibull": lambda rng, n, a: rng.weibull(a, n),
}
GINI = {
    "Exp": lambda a: 0.5,
    "Uniform": lambda a: 1 / 3,
    "Lognormal": lambda a: math.erf(a / 2),
    "Weibull": lambda a: 1 - 2 ** (-1 / a),
}


def _law(text: str) -> tuple[str, float]:
    name, _, rest = text.partition("(")
    return name, float(rest.rstrip(")"))


@formula("CF32a")
def gini_of_law(inputs: Inputs) -> float:
    name, size = _law(inputs["dist"])
    return GINI[name](size)


@drawn("CF32a")
def laws(rng: np.random.Generator) -> dict[str, Any]:
    return {"dist": f"{rng.choice(sorted(LAWS))}({rng.uniform(0.5, 1.5):.3f})"}


@case("CF32a")
def measure_gini(inputs: Inputs, size: int, seed: int) -> Measured:
    """The lab's Gini of values drawn from the law; its error from twenty parts."""
    name, scale = _law(inputs["dist"])
    values = LAWS[name](np.random.default_rng(seed), size, scale)
    parts = [gini(np.sort(part)) for part in np.array_split(values, 20)]
    return Measured(float(gini(np.sort(values))), float(np.std(parts, ddof=1) / math.sqrt(20)))
