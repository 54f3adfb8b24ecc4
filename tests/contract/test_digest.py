"""One digest for a scenario, seed and arm, however it is computed; and the digest notices whatever changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import digest_child as child
import numpy as np
import pytest
from digest_compare import QUICK, WHOLE, compare, first_array, plain_way
from digest_ways import FACTORS, SCENARIOS, Way, draw_ways, is_possible, pairs_of

from scslab.engine.arm import Arm
from scslab.engine.declare import REGISTRY
from scslab.engine.digest import arm_digest, canonical
from scslab.study import replicate


@pytest.mark.slow
def test_sixty_ways_give_one_digest(record_property: Callable[[str, Any], None]) -> None:
    report = compare(60, 1, QUICK)
    record_property("ways", str(report).splitlines()[0])
    assert not report.problems, "\n".join(report.problems)
    assert report.ways == 60 and report.left == 0 and report.digests > 200


@pytest.mark.soak
@pytest.mark.parametrize("part", range(10))
def test_a_thousand_ways_give_one_digest(part: int, record_property: Callable[[str, Any], None]) -> None:
    report = compare(100, 1000 + part, WHOLE[part % 3 :: 3])  # every code and processor, with one kind of hash
    record_property("ways", str(report).splitlines()[0])
    assert not report.problems, "\n".join(report.problems)


def test_ways_cover_every_pair_that_can_go_together() -> None:
    ways, covering, left = draw_ways(100, 7, WHOLE)
    assert left == 0 and covering <= 100 == len(ways) and all(is_possible(way) for way in ways)
    covered = set().union(*(pairs_of(way) for way in ways[:covering]))
    for a, b in (("threads", "spans"), ("threads", "code"), ("spans", "checkpoints"), ("scenario", "threads"), ("code", "hash")):
        assert {(a, x, b, y) for x in FACTORS[a] for y in FACTORS[b]} <= covered, (a, b)
    assert ways == draw_ways(100, 7, WHOLE)[0] != draw_ways(100, 8, WHOLE)[0]


@pytest.fixture(scope="module")
def an_arm() -> tuple[Arm, dict[str, np.ndarray]]:
    """An arm with something in every part: stores, rows due, full mailboxes, announcements, counters, ledger."""
    kept: list[tuple[Arm, dict[str, np.ndarray]]] = []
    plain = replicate.arm_digest

    def spy(arm: Arm, ledger: Any = None) -> str:
        kept.append((arm, ledger))
        return plain(arm, ledger)

    replicate.arm_digest = spy  # type: ignore[assignment]
    try:
        child.digests_of(Way.of({**plain_way("combined").plain(), "seeds": (0,)}))
    finally:
        replicate.arm_digest = plain
    return kept[1]


def test_the_digest_notices_a_change_of_any_value(an_arm: tuple[Arm, dict[str, np.ndarray]]) -> None:
    """Change one value of each array in turn: of state, of rows that wait, of counters, of the ledger."""
    arm, ledger = an_arm
    before, kinds = arm_digest(arm, ledger), set()
    places: list[tuple[str, np.ndarray]] = [(f"column {n}", c) for n, c in arm.columns.items()]
    places += [(f"store {n}", c) for s in arm.stores.values() for n, c in s.data.items() if n != "origin"]
    places += [(f"due {n}", c) for sets in arm.due.values() for rows in sets for n, c in rows.data.items() if n != "origin"]
    boxes = [(box, rows) for bound in arm.bound for box in bound.boxes.values() for rows in box.rows]
    places += [(f"waiting {n}", c) for box, rows in boxes for n, c in rows.data.items() if n != "origin" and (box.only is None or n in box.only)]
    places += [(f"announced {n}", c) for bound in arm.bound for n, seen in bound.touched.items() for c in seen]
    places += [(f"tally {n}", c) for n, c in arm.tallies.items()] + [(f"ledger {n}", c) for n, c in ledger.items()]
    for name, array in places:
        if not array.size:
            continue
        flat = np.broadcast_to(array, array.shape) if array.flags.writeable else None
        if flat is None:
            continue  # a scalar spread over rows
        at = (array.ndim * (0,)) if array.ndim > 1 else (len(array) // 2,)
        old = array[at].copy()
        array[at] = "other" if array.dtype.kind == "U" else old ^ 1
        assert arm_digest(arm, ledger) != before, name
        array[at] = old
        kinds.add(name.split()[0])
    assert arm_digest(arm, ledger) == before
    assert {"column", "store", "due", "waiting", "tally", "ledger"} <= kinds


def test_the_digest_does_not_tell_how_rows_wait(an_arm: tuple[Arm, dict[str, np.ndarray]]) -> None:
    """Rows in two lots or one, in whatever order; announcements twice: the same."""
    arm, ledger = an_arm
    before, changed = arm_digest(arm, ledger), 0
    for month, sets in list(arm.due.items()):
        arm.due[month] = [part for rows in sets[::-1] for part in (rows.take(slice(1, None)), rows.take(slice(0, 1)))]
        changed += len(sets)
    for bound in arm.bound:
        for box in bound.boxes.values():
            box.rows = [part for rows in box.rows[::-1] for part in (rows.take(slice(1, None)), rows.take(slice(0, 1)))]
        for i, seen in bound.touched.items():
            bound.touched[i] = [*seen[::-1], *seen]
    arm.columns = dict(reversed(arm.columns.items()))
    arm.stores = dict(reversed(arm.stores.items()))
    assert changed and arm_digest(arm, ledger) == before
    parts = {part for part, _, _ in canonical(arm, ledger)}
    assert parts == {"state", "aggregates", "ledger"}


def test_a_difference_is_traced_to_its_month_and_mechanism(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blind the camera for one month: the comparison must name it and the month."""
    way, kept = Way.of({**plain_way("mini").plain(), "seeds": (0,)}), []
    camera = REGISTRY["observe.camera"]

    def blind(batch: Any, cols: Any, p: Any, luck: Any) -> Any:
        return None if cols.month == 218 else camera.step(batch, cols, p, luck)

    for name, made in (("plain", camera), ("blind", replace(camera, step=blind))):
        monkeypatch.setitem(REGISTRY, "observe.camera", made)
        child.dump(way, SCENARIOS["mini"].months, "1/scs-mini", tmp_path / f"{name}.npz")
        with np.load(tmp_path / f"{name}.npz") as data:
            kept.append({n: data[n] for n in data.files})
    found = first_array(*kept)
    assert found is not None
    assert (found["mechanism"], found["month"], found["table"], found["where"]) == ("observe.camera", "2018-03", "observations", "first run only")
    spoiled = {n: c.copy() for n, c in kept[0].items()}
    spoiled["state column persons.score"][41] += 1
    found = first_array(kept[0], spoiled)
    assert found is not None and found["row"] == [41] and found["mechanism"] == "decide.ledger"
    assert first_array(kept[0], kept[0]) is None
