"""The page of the docs about published models, from their declarations; results are printed by `scslab replicate`."""

from __future__ import annotations

from typing import Any

from .registry import KINDS, Model, Target, registered


def sections() -> list[tuple[Model, list[dict[str, Any]]]]:
    """Give each model with its targets as rows."""
    return [(model, [target_row(target) for target in model.targets]) for model in registered().values()]


def target_row(target: Target) -> dict[str, Any]:
    """Give a target as a row of the docs."""
    value = f"{target.value[0]:g} to {target.value[1]:g}" if isinstance(target.value, tuple) else f"{target.value:g}"
    if target.kind == "report":
        value = ""
    if target.kind == "sign":
        value = "above 0" if float(value) > 0 else "below 0"
    tolerance = f"{target.kind} {target.tolerance:g}" if target.tolerance else target.kind
    return {"quantity": target.name, "target": value, "tolerance": tolerance, "note": target.note, "known miss": target.miss}


def introduction() -> str:
    """Write what the page is about and how results are compared."""
    kinds = "".join(f"- `{name}`: {words}.\n" for name, words in KINDS.items())
    return (
        "# Published models\n\nModels of others, built again from their equations with the mechanisms of this laboratory; no code was copied. "
        "`scslab replicate` runs them and prints target, result, tolerance and pass. "
        "A miss that nobody declared here ends the command with 1. A result passes by its kind of tolerance:\n\n" + kinds
    )
