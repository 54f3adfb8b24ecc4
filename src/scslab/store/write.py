"""The tables of a run folder, with the columns each must have and the order its rows stand in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..base.errors import InputError, Problem
from ..base.files import explained, write_text
from .tables import write_table

OUTCOME_COLUMNS = ("arm", "seed", "month", "group", "level", "outcome", "value")
"""Tidy: one row per arm, seed, month (`YYYY-MM`), group (`all`, `income_quintile`, ...), level (`1`) and outcome."""

EVENT_COLUMNS = ("subject", "month")
"""What every row of the ledger has, whatever else it carries; `seed` is added here."""


def write_outcomes(folder: Path | str, columns: Mapping[str, Any]) -> None:
    """Write `outcomes.parquet`.

    Raises:
        InputError: a column of `OUTCOME_COLUMNS` is missing, or one too many is there.
    """
    missing, extra = set(OUTCOME_COLUMNS) - set(columns), set(columns) - set(OUTCOME_COLUMNS)
    if missing or extra:
        raise InputError(Problem(f"outcomes: missing columns {sorted(missing)}, unknown columns {sorted(extra)}"))
    write_table(Path(folder) / "outcomes.parquet", {name: columns[name] for name in OUTCOME_COLUMNS})


def write_people(folder: Path | str, columns: Mapping[str, Any]) -> None:
    """Write `people.parquet`: one row per person of the panel, who are synthetic."""
    write_table(Path(folder) / "people.parquet", columns)


def write_events(folder: Path | str, seed_index: int, columns: Mapping[str, Any]) -> None:
    """Write one seed's ledger to `events/`, sorted by subject and month; rows equal in both keep their order.

    Args:
        folder: the run folder.
        seed_index: position of the seed in the manifest's lists; becomes the column `seed`.
        columns: arrays of one length, among them `subject` and `month`.

    Raises:
        InputError: `subject` or `month` is missing.
    """
    missing = [name for name in EVENT_COLUMNS if name not in columns]
    if missing:
        raise InputError(Problem(f"events: missing columns {missing}"))
    arrays = {name: np.asarray(values) for name, values in columns.items() if name != "seed"}
    order = np.lexsort((arrays["month"], arrays["subject"]))
    with explained("write into", folder):
        (Path(folder) / "events").mkdir(exist_ok=True)
    table = {"seed": np.full(len(order), seed_index, dtype=np.int32), **{name: values[order] for name, values in arrays.items()}}
    write_table(Path(folder) / "events" / f"seed-{seed_index:04d}.parquet", table)


def write_arm(folder: Path | str, name: str, yaml: str) -> None:
    """Write the regime of one arm to `arms/NAME.yaml`.

    Raises:
        InputError: the name would leave the folder.
    """
    if not name or name.startswith(".") or "/" in name or "\\" in name:
        raise InputError(Problem(f"'{name}' cannot name an arm", fix="Use letters, digits, '-' and '+'"))
    with explained("write into", folder):
        (Path(folder) / "arms").mkdir(exist_ok=True)
    write_text(Path(folder) / "arms" / f"{name}.yaml", yaml)
