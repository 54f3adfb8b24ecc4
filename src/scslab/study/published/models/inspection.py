"""Ensign and others 2018: where inspectors look follows from where they looked."""

from __future__ import annotations

import numpy as np

from ....base.parameters import FACTOR_ONE
from ...verify import scenario
from ..draws import over_runs
from ..registry import Deviation, Measured, Target, published

RATES = (3.68511, 2.816466)
START = (609, 379)
LIMITS = {0.1: 0.77589, 0.3: 0.638738, 0.5: 0.598897}
TRUE = 0.566803


def shares(
    start: tuple[int, int], reported: float, draws: int, runs: int, seed: int, correction: float = 0, rates: tuple[float, float] = RATES
) -> np.ndarray:
    """Give the share of known incidents that are the first place's, at the end of each run: float64 (runs,)."""
    periods = max(draws // 1000, 1)
    rules = {
        "observe.patrols": {
            "sites": 2, "visits": draws // periods, "found": {"first": rates[0], "second": rates[1]}, "start": {"first": start[0], "second": start[1]},
            "reported": reported, "correction": correction,
        }
    }  # fmt: skip
    played = scenario(rules, people=2 * runs, periods=periods, world="islands", islands=2 * runs, seed=seed)
    known = played.column("places.known_incidents").reshape(runs, 2) / FACTOR_ONE + np.array(start)
    return known[:, 0] / known.sum(axis=1)


def _limit(reported: float) -> tuple[int, int]:
    first = round(1000 * LIMITS[reported])
    return first, 1000 - first


@published(
    "inspection",
    title="runaway feedback loops in predictive policing",
    source="Ensign, Friedler, Neville, Scheidegger and Venkatasubramanian 2018, Proceedings of Machine Learning Research 81",
    equations=(
        "An urn holds n_A and n_B; region k is drawn with probability n_k / (n_A + n_B), and its row of [[a, b], [c, d]] is added.",
        "Discovered incidents only: diag(l_A, l_B). With reported incidents of weight w: a = l_A, b = w l_B, c = w l_A, d = l_B.",
        "The limit of A's share x solves (c + d - a - b) x^2 + (a - 2c - d) x + c = 0.",
        "Correction: an update from region k is accepted with probability (1 - share_k) / max_j (1 - share_j); the limit is then l_A / (l_A + l_B).",
        "l_A = 3.68511, l_B = 2.816466, start (609, 379).",
    ),
    expressed="`observe.patrols` in an abstract world: each run is an inspectorate of two places; a thousand runs advance together in one scenario.",
    targets=(
        Target("gain of A's share in 1,000 draws, w = 0", 1, "sign", note="1,000 runs from (609, 379); the true share is .5668, the share at the start .6164"),
        Target("share of A after 10,000 draws, w = 0", 0.799209, "exact", 0.004, note="300 runs from (609, 379); by the fluid equation, on its way to 1"),
        *(Target(f"share of A from its limit, w = {w}", limit, "exact", 0.002, note="1,000 runs of 1,000 draws begun at the limit: it stays")
          for w, limit in LIMITS.items()),
        *(Target(f"share of A in the long run, w = {w}", LIMITS[w], "exact", 0.005, note="300 runs of 30,000 draws from (6, 4)") for w in (0.3, 0.5)),
        Target("share of A in the long run, corrected", TRUE, "exact", 0.005, note="300 runs of 30,000 draws from (609, 379)"),
    ),
    deviations=(
        Deviation("Long runs begin with 6 and 4 incidents instead of 609 and 379.",
                  "The limit does not depend on the start, and is approached as a power of the number of draws beside the start: by -0.46 at w = .3."),
        Deviation("The limit of 1 without reports is not waited for.", "The rest falls as n^-0.24; the way there is compared with the fluid equation instead."),
        Deviation("The limit at w = .1 is tested by starting there, not by waiting for it.",
                  "It is approached as n^-0.18: a hundred thousand times the start leaves an eighth of the way."),
        Deviation("Counts are whole 1/65536 of an incident.", "Decisions of the lab are integer comparisons; shares differ by less than 1e-6."),
    ),
)  # fmt: skip
def inspection(seed: int) -> dict[str, Measured]:
    """Run the urn with and without reports and correction."""
    first = over_runs(shares(START, 0, 1000, 1000, seed))
    found = {
        "gain of A's share in 1,000 draws, w = 0": Measured(first.value - START[0] / sum(START), first.error),
        "share of A after 10,000 draws, w = 0": over_runs(shares(START, 0, 10_000, 300, seed)),
        "share of A in the long run, corrected": over_runs(shares(START, 0, 30_000, 300, seed, correction=1)),
    }
    for w in LIMITS:
        found[f"share of A from its limit, w = {w}"] = over_runs(shares(_limit(w), w, 1000, 1000, seed))
    for w in (0.3, 0.5):
        found[f"share of A in the long run, w = {w}"] = over_runs(shares((6, 4), w, 30_000, 300, seed))
    return found
