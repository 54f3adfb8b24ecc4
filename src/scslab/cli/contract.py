"""The command that tries the contract kit on the laboratory's own mechanisms and rules, or on somebody else's package."""

from __future__ import annotations

from collections import Counter
from typing import Any

from . import arguments as given
from . import render

COLUMNS = ("contract", "about", "cases", "result")


def contract(
    package: str | None = None, /, *, list_contracts: given.ListContracts = False, examples: given.Examples = None, json: given.Json = False
) -> int:
    """Try every contract on the built-in mechanisms, regimes and reforms, or on those that PACKAGE brings; 1 when one is broken.

    Args:
        package: Name of an importable package.
    """
    check = given.Check()
    check.filled("PACKAGE", package)
    count = check.whole("--examples", examples)
    check.done()
    from scslab import api

    if list_contracts:
        render.show(api.contract_list(), json, render.rows)
        return 0
    with render.Progress(quiet=json) as progress:
        found = api.contract(package or "", examples=count, progress=progress)
    render.show(found, json, _tell)
    return 1 if found["broken"] else 0


def _tell(out: render.Screen, found: dict[str, Any]) -> None:
    """Print a line a contract and kind of subject, what was never tried, and every counterexample."""
    render.rows(out, _lines(found["results"]), COLUMNS)
    tried = {row["subject"] for row in found["results"] if row["result"] != "not tried"}
    left = sorted({row["subject"] for row in found["results"]} - tried)
    if left:
        render.say(out, f"Never woken by these trials, so nothing is known of them: {', '.join(left)}. Try more with --examples")
    for row in found["results"]:
        if row["result"] == "broken":
            render.say(out, f"\nbroken: {row['contract']} by {row['subject']}", style="bold")
            for line in _counterexample(row["counterexample"]):
                render.say(out, "  " + line)
    broken = len(found["broken"])
    render.say(out, f"{broken} broken" if broken else "Every contract tried holds", style="bold")


def _lines(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Sum up what holds by contract and kind of subject; what is broken stands by itself."""
    lines: list[dict[str, Any]] = []
    for name in dict.fromkeys(row["contract"] for row in rows):
        mine = [row for row in rows if row["contract"] == name]
        for kind in dict.fromkeys(row["kind"] for row in mine):
            held = [row for row in mine if row["kind"] == kind and row["result"] == "holds"]
            if held:
                about = held[0]["subject"] if len(held) == 1 else f"{len(held)} {kind}s"
                lines.append({"contract": name, "about": about, "cases": sum(row["cases"] for row in held), "result": "holds"})
        untried = Counter(row["kind"] for row in mine if row["result"] == "not tried")
        lines += [{"contract": name, "about": f"{n} {kind}{'s' if n > 1 else ''}", "cases": 0, "result": "not tried"} for kind, n in untried.items()]
        lines += [
            {"contract": name, "about": row["subject"], "cases": row["cases"], "result": "broken"} for row in mine if row["result"] == "broken"
        ]
    return lines


def _counterexample(example: dict[str, Any]) -> list[str]:
    """Tell a counterexample: what was seen, the trial, the mechanisms left in it."""
    lines = [example["what"]]
    trial = example.get("trial")
    if trial:
        rules = " + ".join([*trial["regimes"], *(f"reform {name}" for name in trial["reforms"])])
        stirred = f"occasions x {trial['busy']}" + (", chances moved half-way to a half" if trial["likely"] else "")
        lines.append(f"rules: {rules}")
        lines.append(
            f"world: {trial['world']}, {trial['people']} people, world seed {trial['seed']}, luck {trial['luck']}, "
            f"{trial['months']} months from {trial['start']}, {stirred}, pick {trial['pick']}"
        )
        lines.append(f"mechanisms left: {', '.join(example['mechanisms left']) or 'none'}")
    return lines
