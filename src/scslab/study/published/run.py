"""Published models run one after another, as rows of a table."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from ...base.errors import InputError, Problem, nearest
from .registry import Measured, Model, Target, registered

SEED = 1
Progress = Callable[..., Any]


def replicate(names: Sequence[str] = (), seed: int | None = None, progress: Progress | None = None) -> list[dict[str, Any]]:
    """Run published models and judge them.

    Args:
        names: which; none runs every model. seed: the first seed, 1 if not given.

    Returns:
        One document a model: `rows`, one a target (see `row`), `deviations`, `seconds`, and `ok`: every miss is declared with its reason.

    Raises:
        InputError: a name that no model has; the nearest is offered.
    """
    known = registered()
    problems = [Problem(f"there is no published model '{name}'", fix=nearest(name, known)) for name in names if name not in known]
    if problems:
        raise InputError(*problems)
    wanted = [known[name] for name in dict.fromkeys(names or known)]
    found = []
    for at, model in enumerate(wanted):
        if progress is not None:
            progress(at, len(wanted), model.name)
        found.append(run_model(model, SEED if seed is None else seed))
    return found


def run_model(model: Model, seed: int = SEED) -> dict[str, Any]:
    """Run one model and judge it."""
    began = time.perf_counter()
    measured = model.measure(seed)
    rows = [row(target, measured[target.name]) for target in model.targets]
    return {
        "name": model.name, "title": model.title, "source": model.source, "rows": rows,
        "deviations": [{"what": one.what, "cause": one.cause} for one in model.deviations],
        "seconds": round(time.perf_counter() - began, 1), "ok": all(one["pass"] or one["declared"] for one in rows),
    }  # fmt: skip


def row(target: Target, found: Measured) -> dict[str, Any]:
    """Give one line: quantity, target, result with its standard error, tolerance and its kind, pass, and a declared miss with its reason."""
    aim = list(target.value) if isinstance(target.value, tuple) else None if target.kind == "report" else target.value
    return {
        "quantity": target.name, "target": aim, "result": found.value,
        "standard_error": found.error, "tolerance": target.margin(found), "kind": target.kind, "pass": target.passes(found),
        "declared": bool(target.miss), "note": " ".join(filter(None, (target.note, target.miss))),
    }  # fmt: skip


def replicate_list() -> list[dict[str, Any]]:
    """List the published models, without running one."""
    return [{"model": m.name, "title": m.title, "source": m.source, "targets": len(m.targets), "deviations": len(m.deviations)} for m in registered().values()]
