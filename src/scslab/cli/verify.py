"""The command that sets the machine beside mathematics: every closed form, measured."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import Parameter

from . import arguments as given
from . import render

Drawn = Annotated[
    str | None, Parameter(name="--drawn", help="Measure each case at so many freshly drawn parameter sets (1 to 1,000)", metavar="K", negative="")
]
ListCases = Annotated[bool, Parameter(name="--list", help="List the cases; run nothing", negative="")]
COLUMNS = ("case", "quantity", "expected", "measured", "standard_errors_off", "tolerance", "pass", "seconds")
HEADS = {"standard_errors_off": "SE off"}
WIDE = 120
"""From this many columns on, what is measured stands beside the case."""
DRAWN = ("case", "set", "formula", "measured", "standard_errors_off", "p", "sees", "pass", "size", "seconds")


def verify(*case: str, drawn: Drawn = None, list_cases: ListCases = False, seed: given.Seed = None, json: given.Json = False) -> int:
    """Measure closed forms (CF01a, or CF01 for all its cases; all by default) on the machine and compare.

    Ends with 1 when a case misses by more than its tolerance and `declared.yaml` does not say why.
    """
    check = given.Check()
    for name in case:
        check.filled("CASE", name)
    sets, first = check.whole("--drawn", drawn), check.whole("--seed", seed)
    check.done()
    from scslab import api

    if list_cases:
        render.show(api.verify_list(*case), json, render.rows)
        return 0
    with render.Progress(quiet=json) as progress:
        found = api.verify(*case, seed=1 if first is None else first, drawn=sets, progress=progress)
    render.show(found, json, _tell)
    return 0 if all(row["pass"] or row.get("declared") for row in found) else 1


def _tell(out: render.Screen, found: list[dict[str, Any]]) -> None:
    """Print the table, then what is to be said about single cases, then the count."""
    names = [name for name in (DRAWN if "set" in found[0] else COLUMNS) if out.width >= WIDE or name not in ("quantity", "seconds")]
    render.rows(out, [{HEADS.get(name, name): _shown(name, row) for name in names} for row in found])
    for row in found:
        words = row.get("declared") if not row["pass"] and row.get("declared") else "" if row["pass"] else row["note"]
        if words:
            render.say(out, f"{row['case']}: {words}")
    passed, known = sum(row["pass"] for row in found), sum(bool(not row["pass"] and row.get("declared")) for row in found)
    seconds = sum(row["seconds"] for row in found)
    told = f", {known} declared" if known else ""
    render.say(out, f"{passed} of {len(found)} pass{told}; {seconds:,.0f} s")


def _shown(name: str, row: dict[str, Any]) -> Any:
    value = row[name]
    if name == "pass":
        return "yes" if value else "declared" if row.get("declared") else "NO"
    if isinstance(value, float):
        return f"{value:+.2f}" if name == "standard_errors_off" else f"{value:.1%}" if name == "sees" else f"{value:.7g}"
    return "" if value is None else value
