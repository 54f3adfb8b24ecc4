"""Every option once: its name, its help, its bounds. Numbers come as text, so that all that is wrong is said at once."""

from __future__ import annotations

import re
from typing import Annotated

from cyclopts import Parameter

from ..base.errors import InputError, Problem, nearest
from ..base.months import month
from ..study.job import BOUNDS

LIMITS: dict[str, tuple[int, int]] = {
    **{"--" + name.replace("_", "-"): bounds for name, bounds in BOUNDS.items()},
    "--seed-index": (0, BOUNDS["seeds"][1] - 1),
    "--examples": (1, 1000),
    "PERSON": (0, 2**31 - 1),
    "--drawn": (1, 1000),
}
"""Least and greatest value of each whole number."""

FLAGS = ("--replace", "--json", "--profile", "--quick", "--list", "--fresh")


def _option(name: str, help: str) -> Parameter:
    bounds = f" ({LIMITS[name][0]:,} to {LIMITS[name][1]:,})" if name in LIMITS and name != "--seed" else ""
    metavar = {"--events": "WHAT", "--counterfactual": "WHAT", "--start": "YYYY-MM", "--out": "PATH"}.get(name, "N" if name in LIMITS else "NAME")
    return Parameter(name=name, help=help + bounds, negative="", metavar=None if name in FLAGS else metavar, show_default=False)


Reforms = Annotated[list[str] | None, _option("--reform", "Lay a reform over the regimes; repeat for several")]
World = Annotated[str | None, _option("--world", "World to build; see `scslab world list`")]
People = Annotated[str | None, _option("--people", "Made-up people per world")]
Months = Annotated[str | None, _option("--months", "Months to measure")]
Start = Annotated[str | None, _option("--start", "First month measured, for example 2018-01")]
WarmUp = Annotated[str | None, _option("--warm-up", "Months lived before the first one measured")]
Against = Annotated[str | None, _option("--against", "Regime to compare with, for example ordinary-law")]
Seeds = Annotated[str | None, _option("--seeds", "Replicates: each draws people and luck anew")]
Worlds = Annotated[str | None, _option("--worlds", "Draws of every number that is not documented, within its range")]
Seed = Annotated[str | None, _option("--seed", "First seed, of people and of luck")]
Threads = Annotated[str | None, _option("--threads", "Threads; results do not depend on them")]
Events = Annotated[str | None, _option("--events", "What the ledger keeps: off, panel or full")]
Counterfactual = Annotated[str | None, _option("--counterfactual", "misfortune: run each arm again with first misfortunes spared (twice the time)")]
Out = Annotated[str | None, _option("--out", "Where to put the result")]
Replace = Annotated[bool, _option("--replace", "Overwrite a result that stands there")]
Fresh = Annotated[bool, _option("--fresh", "Simulate even if this machine has kept the same demonstration")]
Json = Annotated[bool, _option("--json", "Print one JSON document and nothing else")]
SeedIndex = Annotated[str, _option("--seed-index", "Which replicate, counted from 0, the default")]
Profile = Annotated[bool, _option("--profile", "Show the share of each mechanism")]
ListContracts = Annotated[bool, _option("--list", "List the contracts and what they say; try nothing")]
Examples = Annotated[str | None, _option("--examples", "Trials of each set of rules, chosen by Hypothesis")]
ListModels = Annotated[bool, _option("--list", "List the models; run nothing")]
ListRows = Annotated[bool, _option("--list", "List them and what is expected; run nothing")]
Quick = Annotated[bool, _option("--quick", "A small, short measurement")]


class Check:
    """Collect what is wrong with a command line, and raise it all at once.

    Example:
        >>> check = Check()
        >>> check.whole("--months", "60")
        60
        >>> check.done()
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def whole(self, option: str, text: str | None) -> int | None:
        """Read a whole number within the option's bounds; `20_000` and `20,000` are fine too. None stays None."""
        if text is None:
            return None
        low, high = LIMITS[option]
        digits = re.fullmatch(r"[+-]?\d+(?:[_,]\d{3})*|[+-]?\d+", text.strip(), re.ASCII)
        if not digits or len(text) > 40:
            self.problems.append(Problem(f"'{text[:40]}' is not a whole number", option, fix=f"Give one from {low:,} to {high:,}"))
            return None
        value = int(re.sub(r"[_,]", "", digits[0]))
        if not low <= value <= high:
            side = "too small" if value < low else "too large"
            self.problems.append(Problem(f"{value:,} is {side}", option, fix=f"Give a whole number from {low:,} to {high:,}"))
            return None
        return value

    def month(self, option: str, text: str | None) -> str | None:
        """Check that text is a month; it stays text."""
        if text is not None:
            try:
                month(text, option)
            except InputError as error:
                self.problems += error.problems
        return text

    def choice(self, option: str, text: str | None, choices: tuple[str, ...]) -> str | None:
        """Check that text is one of the choices."""
        if text is not None and text not in choices:
            self.problems.append(Problem(f"'{text}' is not a choice", option, fix=nearest(text, choices)))
        return text

    def filled(self, option: str, text: str | None) -> str | None:
        """Check that text, when given, is not empty."""
        if text is not None and not text.strip():
            self.problems.append(Problem("an empty name", option))
        return text

    def done(self) -> None:
        """Raise everything found.

        Raises:
            InputError: when there is at least one problem.
        """
        if self.problems:
            raise InputError(*self.problems)
