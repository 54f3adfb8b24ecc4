"""The command that runs published models again and compares them with what their authors found."""

from __future__ import annotations

from typing import Any

from . import arguments as given
from . import render

COLUMNS = ("model", "quantity", "target", "result", "tolerance", "pass")


def replicate(*name: str, seed: given.Seed = None, list_models: given.ListModels = False, json: given.Json = False) -> int:
    """Run published models built from the lab's mechanisms (all by default): target, result, tolerance, pass.

    Ends with 1 on a miss that is not declared with its reason. Equations, sources and deviations stand in docs/replications.md.
    """
    check = given.Check()
    for one in name:
        check.filled("NAME", one)
    first = check.whole("--seed", seed)
    check.done()
    from scslab import api

    if list_models:
        render.show(api.replicate_list(), json, render.rows)
        return 0
    with render.Progress(quiet=json) as progress:
        found = api.replicate(*name, seed=first, progress=progress)
    render.show(found, json, _tell)
    return 0 if all(one["ok"] for one in found) else 1


def _tell(out: render.Screen, found: list[dict[str, Any]]) -> None:
    """Print a line a target, then the misses and what is to be known about them, then the times."""
    lines = [_line(one["name"], row) for one in found for row in one["rows"]]
    render.rows(out, lines, COLUMNS)
    for one in found:
        for row in one["rows"]:
            if not row["pass"]:
                why = row["note"] if row["declared"] else f"not declared. {row['note']}"
                render.say(out, f"{one['name']}: {row['quantity']} misses: {why}", style="italic" if row["declared"] else "bold")
    compared = [row for one in found for row in one["rows"] if row["kind"] != "report"]
    passed = sum(row["pass"] for row in compared)
    declared = sum(not row["pass"] and row["declared"] for one in found for row in one["rows"])
    times = ", ".join(f"{one['name']} {one['seconds']:g} s" for one in found)
    render.say(out, f"{passed} of {len(compared)} pass, {declared} declared misses. {times}. Deviations: docs/replications.md")


def _line(model: str, row: dict[str, Any]) -> dict[str, str]:
    target, kind = row["target"], row["kind"]
    if target is None:
        words = "-"
    elif kind == "band":
        words = f"{target[0]:g} to {target[1]:g}"
    else:
        words = ("above 0" if target > 0 else "below 0") if kind == "sign" else f"{target:g}"
    tolerance = kind if row["tolerance"] is None else f"{row['tolerance']:.2g} ({kind})"
    verdict = "-" if target is None else "yes" if row["pass"] else "declared miss" if row["declared"] else "NO"
    return {"model": model, "quantity": row["quantity"], "target": words, "result": f"{row['result']:.6g}", "tolerance": tolerance, "pass": verdict}
