"""Save and restore the state of all arms at a month end: plain arrays in one file, written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from ..base.errors import Problem, ScslabError
from ..base.files import replacing
from .arm import Arm
from .events import EventLog
from .loop import Simulation
from .rows import RowSet

VERSION = 1


def save(path: Path, simulation: Simulation, log: EventLog | None, stamp: str) -> None:
    """Write a checkpoint.

    Args:
        path: the file; replaced only when the new one is complete.
        stamp: what the run is (hash of its job); `restore` refuses another.
    """
    arrays: dict[str, np.ndarray] = {}
    sets: list[dict[str, Any]] = []

    def put(place: dict[str, Any], rows: RowSet) -> None:
        for name, column in rows.data.items():
            arrays[f"rows {len(sets)} {name}"] = column
        sets.append({**place, "table": rows.table, "columns": list(rows.data)})

    for arm in simulation.arms:
        for name, column in arm.columns.items():
            arrays[f"column {arm.name} {name}"] = column
        for name, store in arm.stores.items():
            for column_name, column in store.data.items():
                arrays[f"store {arm.name} {name} {column_name}"] = column
        for name, tally in arm.tallies.items():
            arrays[f"tally {arm.name} {name}"] = tally
        for month, rows_list in arm.due.items():
            for rows in rows_list:
                put({"arm": arm.name, "due": month}, rows)
        for bound in arm.bound:
            for i, box in bound.boxes.items():
                for rows in box.rows:
                    put({"arm": arm.name, "box": [bound.entry.instance, i]}, rows)
            for i, touched in bound.touched.items():
                for k, subjects in enumerate(touched):
                    arrays[f"touched {arm.name} {bound.entry.instance} {i} {k}"] = subjects
    if log is not None:
        for arm_name, kept in log._kept.items():
            for rows, instance in kept:
                put({"arm": arm_name, "log": instance}, rows)
    header = {"version": VERSION, "stamp": stamp, "month": simulation.month, "arms": [a.name for a in simulation.arms], "sets": sets}
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    with replacing(path) as temporary, temporary.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **arrays)  # type: ignore[arg-type]


def read_header(path: Path, stamp: str) -> dict[str, Any]:
    """Read what a checkpoint holds.

    Raises:
        ScslabError: when it is damaged or belongs to another run.
    """
    try:
        with np.load(path, allow_pickle=False) as data:
            header = json.loads(bytes(data["header"]))
    except (OSError, ValueError, KeyError) as error:
        raise ScslabError(Problem(f"checkpoint '{path.name}' cannot be read: {error}", fix="Delete it and run again")) from error
    if header.get("stamp") != stamp or header.get("version") != VERSION:
        raise ScslabError(Problem(f"checkpoint '{path.name}' belongs to another run or version", fix="Delete it and run again"))
    return header


def restore(path: Path, simulation: Simulation, log: EventLog | None, stamp: str) -> None:
    """Put the state of a checkpoint into a simulation whose arms have been added in the same order."""
    header = read_header(path, stamp)
    arms = {arm.name: arm for arm in simulation.arms}
    with np.load(path, allow_pickle=False) as data:
        for name in data.files:
            _restore_array(name, data[name], arms)
        for i, place in enumerate(header["sets"]):
            rows = RowSet(place["table"], {column: data[f"rows {i} {column}"] for column in place["columns"]})
            if "log" in place:
                if log is not None:
                    log._kept.setdefault(place["arm"], []).append((rows, place["log"]))
            elif "due" in place:
                arms[place["arm"]].due.setdefault(place["due"], []).append(rows)
            else:
                instance, trigger = place["box"]
                bound = next(b for b in arms[place["arm"]].bound if b.entry.instance == instance)
                bound.boxes[trigger].rows.append(rows)
    for arm in simulation.arms:
        for bound in arm.bound:
            bound.revised = False  # what was saved had met the rules of its month
    simulation.month = header["month"]


def _restore_array(name: str, array: np.ndarray, arms: dict[str, Arm]) -> None:
    what, _, rest = name.partition(" ")
    if what == "column":
        arm, column = rest.split(" ")
        arms[arm].columns[column][...] = array
    elif what == "store":
        arm, store, column = rest.split(" ")
        arms[arm].stores[store].data[column] = array
    elif what == "tally":
        arm, tally = rest.split(" ")
        arms[arm].tallies[tally] = array
    elif what == "touched":
        arm, instance, trigger, _ = rest.split(" ")
        bound = next(b for b in arms[arm].bound if b.entry.instance == instance)
        bound.touched[int(trigger)].append(array)
