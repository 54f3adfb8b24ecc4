"""What `scslab contract` does: choose whom to try, run the kit, give a document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .contract import CONTRACTS
from .kit import FAILED, PER_TRIAL, Kit, required
from .subjects import brought_by, built_in

BUILT_IN_EXAMPLES, PACKAGE_EXAMPLES = 1, 8
"""Trials of each set of rules: the laboratory has a hundred sets, a package a few."""


def contract(package: str = "", examples: int | None = None, progress: Callable[..., None] | None = None) -> dict[str, Any]:
    """Try every contract on what the laboratory has, or on what a package brings.

    Returns:
        `package`, `results` (rows by contract and subject), and `broken`: those rows that do not hold.
    """
    required()
    brought = brought_by(package) if package else built_in()
    count = examples or (PACKAGE_EXAMPLES if package else BUILT_IN_EXAMPLES)
    kit = Kit(brought, count, PER_TRIAL if not package else None)
    results = [result.plain() for result in kit.run(progress)]
    return {"package": package, "results": results, "broken": [row for row in results if row["result"] == FAILED]}


def contract_list() -> list[dict[str, Any]]:
    """List the contracts."""
    from . import kit

    assert kit.Kit  # its modules register the contracts
    return [{"contract": c.name, "invariant": c.invariant or "", "checked": CHECKED[c.how], "says": c.says} for c in CONTRACTS.values()]


CHECKED = {
    "step": "at every step", "trace": "on what a trial leaves", "pair": "by a second trial", "declaration": "on the declaration",
}  # fmt: skip
"""How a contract is checked, in words."""
