"""The command that sets the machine beside mathematics: every closed form, measured."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import Parameter

from . import arguments as given

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

    from . import render

    if list_cases:
        listed = api.verify_list(*case)
        render.print_json(listed) if json else render.rows(render.screen(), listed)
        return 0
    with render.Progress(quiet=json) as progress:
        found = api.verify(*case, seed=1 if first is None else first, drawn=sets, progress=progress)
    if json:
        render.print_json(found)
    else:
        _print(found, sets is not None)
    return 0 if all(row["pass"] or row.get("declared") for row in found) else 1


def _print(found: list[dict[str, Any]], drawn: bool) -> None:
    """Print the table, then what is to be said about single cases, then the count."""
    from rich.text import Text

    from . import render

    out = render.screen()
    names = [name for name in (DRAWN if drawn else COLUMNS) if out.width >= WIDE or name not in ("quantity", "seconds")]
    render.rows(out, [{HEADS.get(name, name): _shown(name, row) for name in names} for row in found])
    for row in found:
        words = row.get("declared") if not row["pass"] and row.get("declared") else "" if row["pass"] else row["note"]
        if words:
            out.print(Text(f"{row['case']}: {words}"), soft_wrap=True)
    passed, known = sum(row["pass"] for row in found), sum(bool(not row["pass"] and row.get("declared")) for row in found)
    seconds = sum(row["seconds"] for row in found)
    told = f", {known} declared" if known else ""
    out.print(Text(f"{passed} of {len(found)} pass{told}; {seconds:,.0f} s"))


def _shown(name: str, row: dict[str, Any]) -> Any:
    value = row[name]
    if name == "pass":
        return "yes" if value else "declared" if row.get("declared") else "NO"
    if isinstance(value, float):
        return f"{value:+.2f}" if name == "standard_errors_off" else f"{value:.1%}" if name == "sees" else f"{value:.7g}"
    return "" if value is None else value
