"""Agreement with mathematics: every case of `closed_forms.csv` measured on the machine and set beside its closed form.

| module | holds |
|---|---|
| `closed_forms.csv` | the cases: inputs, expected value, tolerance, recommended size, formula; a copy, never edited |
| `declared.yaml` | misses that are known, each with its reason |
| `table.py` | the cases as data |
| `register.py` | `@case`, `@formula`, `@drawn`: what a module of cases declares |
| `scenario.py` | `scenario(...)`: rules, an abstract world, a number of periods; counters, columns, stores and rows at the end |
| `judge.py` | `verify`: runs the cases; `verify_drawn`: the same at freshly drawn parameters, against the formulas, under Holm |
| `cases/*.py` | the cases, a module a subject; every module there is imported by itself |

A case is a function `(inputs, size, seed) -> Measured`. What it measures is never the formula: arithmetic of a mechanism or metric calls the
public function of that mechanism or metric, everything else runs an ordinary scenario through the ordinary engine::

    @formula("CF06a")
    def ever_listed(inputs):
        return 1 - (1 - inputs["hazard_month"]) ** inputs["months"]

    @drawn("CF06a")
    def hazards(rng):
        return {"hazard_month": rng.uniform(0.005, 0.05), "months": int(rng.integers(20, 60)), "duration": 24}

    @case("CF06a")
    def measure_ever_listed(inputs, size, seed):
        rules = {"conduct.steady": {"chance": {"offence": inputs["hazard_month"]}}, ...}
        played = scenario(rules, people=size, periods=inputs["months"], seed=seed, keep=("listings",))
        return share(len(np.unique(played.rows("listings")["subject"])), size)

* `inputs` is `inputs_json` of the case, or what `@drawn` made: the same keys, so that one function serves both.
* `size` is a number of persons, pairs, runs, ...: what `n_recommended` counts; 0 where the case is exact.
* `Measured(value, error, note, holds)`: `error` is the standard error of `value`, 0 for an exact case; `holds` is False when something
  that must be exactly so was not (said in `note`).
* `@case("CF11a", most=2_000_000)`: at freshly drawn parameters the size is raised until a bias of 2 % is seen; `most` is where that ends.
"""

from .judge import verify, verify_drawn
from .register import Measured, case, drawn, formula, mean, ratio, share, variance
from .scenario import Played, play, scenario
from .table import Case, closed_forms

__all__ = [
    "Case", "Measured", "Played", "case", "closed_forms", "drawn", "formula", "mean", "play", "ratio", "scenario", "share", "variance", "verify",
    "verify_drawn",
]  # fmt: skip
