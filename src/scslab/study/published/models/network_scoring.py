"""Scores that read friends' signals: what they say of a person, and what they do to friendships."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from ....mechanisms.network_scores import posterior
from ....mechanisms.ties import CUT
from ...verify.scenario import Played, play
from ..registry import Deviation, Measured, Target, published

PEOPLE, DEGREE, MIXING, ERROR, SCALE = 2_000, 6, 0.4, 0.2, 1_000
PERIODS, SEEDS = 6, 160
"""Seeds: of the ties, hardly more are within a type, which forty seeds tell by three or four standard errors only."""
SEEN = {"source": "ledger", "start": SCALE // 2, "recovery": 0, "listed": 0}


def bureau(form: str) -> dict[str, Any]:
    return {
        "observe.credit_signals": {"error": ERROR},
        "decide.network_score": {"form": form, "error": ERROR, "mixing": MIXING, "scale": SCALE},
        "measure.ties": {**SEEN, "every": 1},
        "measure.components": {"every": 1},
    }


SORTING: dict[str, Any] = {
    "respond.tie_sorting": {**SEEN, "reviews": 12, "burden": "low", "gap": SCALE // 4, "cuts": 0.3, "hides": 0, "seeks": 0, "tries": 1},
    "outcome.ties": {},
}


def ties_of(played: Played) -> tuple[np.ndarray, np.ndarray]:
    """List the friendships at the end, both ways round."""
    network = played.world.networks["friends"]
    source, target = np.repeat(np.arange(PEOPLE), np.diff(network.offsets)), network.target.astype(np.int64)
    if "tie_changes" not in played.arm.stores:
        return source, target
    changed = played.store("tie_changes")
    cut = changed["state"] & CUT > 0
    gone = np.isin(source << 31 | target, changed["subject"][cut] << 31 | changed["other"][cut].astype(np.int64))
    return source[~gone], target[~gone]


def shape(played: Played) -> dict[str, float]:
    """Describe the network of friends: its ties by type from the ties themselves, degree and parts as the recorders count them."""
    source, target = ties_of(played)
    high = played.world.columns["persons.means"] > 0
    alone = np.bincount(source, minlength=PEOPLE) == 0
    return {
        "friends per person": played.counter("tie_ends")[-1] / played.counter("tie_adults")[-1],
        "share of ties within a type": float((high[source] == high[target]).mean()),
        "parts of the network": float(played.counter("network_parts")[-1]),
        "isolates of the low type, share": float(alone[~high].mean()),
        "isolates, low type less high type, share": float(alone[~high].mean() - alone[high].mean()),
    }


def calibration(played: Played) -> tuple[Measured, float]:
    """Compare scores of the first period with the types behind them: (share of the high type less mean score; furthest of classes of scores)."""
    score, high = played.column("persons.score") / (100 * SCALE) + 0.5, played.world.columns["persons.means"] > 0
    classes = np.digitize(score, [0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98])
    wanted, found, spread = (np.bincount(classes, x, 8) for x in (score, high, score * (1 - score)))
    many = np.bincount(classes, minlength=8) >= 50
    whole = Measured(float((high - score).mean()), float(np.sqrt((score * (1 - score)).sum()) / PEOPLE))
    return whole, float(np.abs((found - wanted) / np.sqrt(spread))[many].max())


def compared(seed: int, seeds: int = SEEDS) -> dict[str, Measured]:
    """Switch scores that read friends on, with the same luck, and give the mean change over seeds with its standard error."""
    changes: dict[str, list[float]] = {}
    for one in range(1_000 * seed, 1_000 * seed + seeds):
        settings: dict[str, Any] = {"people": PEOPLE, "periods": PERIODS, "seed": one, "world": "types", "degree": DEGREE, "mixing": MIXING}
        arms = play({"off": bureau("alone"), "on": {**bureau("friends"), **SORTING}}, **settings)
        off, on = shape(arms["off"]), shape(arms["on"])
        for name in off:
            changes.setdefault(name, []).append(on[name] - off[name])
    return {name: Measured(float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values)))) for name, values in changes.items()}


@published(
    "network-scoring",
    title="Credit scores that read friends",
    source="Wei, Yildirim, Van den Bulte and Dellarocas 2016, Marketing Science 35(2)",
    equations=(
        "P(high | own signal y = +-1, H friends with a high and L with a low signal) = 1 / (1 + (e / (1 - e))^y A^(L - H)), "
        "A = (e p + 1 - e) / (e + (1 - e) p); e is the error of a signal, p the likelihood of a tie across types over that of one within.",
        "With scores that read friends, people are careful whom they are tied to: fewer ties, more of them within a type, a network in more parts, "
        "and those of the low type are left alone more often.",
    ),
    expressed=(
        "World `types` (2,000 people, mean degree 6, p = .4), observe.credit_signals (e = .2), decide.network_score, and in the arm with network scores "
        "respond.tie_sorting by that score; 160 seeds, each pair of arms with the same luck."
    ),
    targets=(
        Target("posterior, own signal high, 3 high and 1 low friends", 0.9197149644, "exact", 1e-9),
        Target("share of the high type less mean score", 0.0, note="scores are chances: of those scored .8, eight in ten are of the high type"),
        Target("furthest class of scores, standard errors", 0.0, "exact", 4.5, note="classes of fifty people or more"),
        Target("friends per person", -1.0, "sign"),
        Target("share of ties within a type", 1.0, "sign"),
        Target("parts of the network", 1.0, "sign"),
        Target("isolates of the low type, share", 1.0, "sign"),
        Target("isolates, low type less high type, share", 1.0, "sign"),
    ),
    deviations=(
        Deviation(
            "Each month two in three people look over their friends and drop three in ten of those with a score below a quarter; nobody looks for new friends.",
            "The publication solves for an equilibrium in which ties are formed; the lab has ties that exist, and people who look them over.",
        ),
        Deviation(
            "A low score is a burden to everybody, whatever the own one.",
            "So it is in the publication, where friends' signals enter one's own score. The mechanism's other choice, a friend who stands lower than "
            "oneself, was tried first and leaves both types alone alike: a tie dropped across types costs a person of each one friend.",
        ),
        Deviation("Low types exert no effort to become creditworthy.", "That part of the publication is about incentives, not about the network."),
    ),
)
def network_scoring(seed: int) -> dict[str, Measured | float]:
    """Check the posterior, its calibration among people, and what it does to ties."""
    first = play({"score": bureau("friends")}, people=PEOPLE, periods=1, seed=100 * seed, world="types", degree=DEGREE, mixing=MIXING)["score"]
    whole, worst = calibration(first)
    return {
        "posterior, own signal high, 3 high and 1 low friends": float(posterior(1, 3, 1, Fraction(1, 5), Fraction(2, 5))),
        "share of the high type less mean score": whole, "furthest class of scores, standard errors": worst, **compared(seed),
    }  # fmt: skip
