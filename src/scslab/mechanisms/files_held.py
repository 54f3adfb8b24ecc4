"""What a look at somebody's file shows: the attributes held on everybody, and one for each record and copy."""

from __future__ import annotations

from typing import Any

import numpy as np

PARTIES_MOST = 65_535
"""Most that one row of `disclosures` holds."""


def attributes(cols: Any, subjects: np.ndarray, basic: int) -> np.ndarray:
    """Count the attributes on each person's file. Reads stores `records_held` and `national_copies`."""
    return basic + cols.stores.records_held.count(subjects) + cols.stores.national_copies.count(subjects)


def shown(rows: Any, at: np.ndarray, held: np.ndarray, parties: int, view: int) -> list[Any]:
    """Say that files were seen: attribute by party in `disclosures`, and how it came about in `file_views`."""
    both = np.minimum(held * parties, PARTIES_MOST)
    return [
        rows.emit("disclosures", parent=at, parties=both),
        rows.emit("file_views", parent=at, view=view, attributes=held, parties=parties),
    ]
