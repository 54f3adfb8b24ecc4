"""The command that runs published models again and compares them with what their authors found."""

from __future__ import annotations

from typing import Any

from . import arguments as given

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

    from . import render

    if list_models:
        listed = api.replicate_list()
        render.print_json(listed) if json else render.rows(render.screen(), listed)
        return 0
    with render.Progress(quiet=json) as progress:
        found = api.replicate(*name, seed=first, progress=progress)
    if json:
        render.print_json(found)
    else:
        _print(found)
    return 0 if all(one["ok"] for one in found) else 1


def _print(found: list[dict[str, Any]]) -> None:
    """Print a line a target, then the misses and what is to be known about them, then the times."""
    from rich.text import Text

    from . import render

    out = render.screen()
    lines = [_line(one["name"], row) for one in found for row in one["rows"]]
    render.rows(out, lines, COLUMNS)
    for one in found:
        for row in one["rows"]:
            if not row["pass"]:
                why = row["note"] if row["declared"] else f"not declared. {row['note']}"
                out.print(Text(f"{one['name']}: {row['quantity']} misses: {why}", style="italic" if row["declared"] else "bold"), soft_wrap=True)
    compared = [row for one in found for row in one["rows"] if row["kind"] != "report"]
    passed = sum(row["pass"] for row in compared)
    declared = sum(not row["pass"] and row["declared"] for one in found for row in one["rows"])
    times = ", ".join(f"{one['name']} {one['seconds']:g} s" for one in found)
    out.print(Text(f"{passed} of {len(compared)} pass, {declared} declared misses. {times}. Deviations: docs/replications.md"), soft_wrap=True)


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
