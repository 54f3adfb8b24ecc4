"""An arm is the same beside whatever other arms: codes of labels depend on them, luck, counters and digests must not."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.base import luck
from scslab.engine.access import Cols, Luck
from scslab.engine.batches import Batches
from scslab.engine.declare import LABEL, REGISTRY, TABLES
from scslab.engine.digest import Names, label_columns
from scslab.engine.plan import store_spec
from scslab.engine.rows import Batch, pack_ids
from scslab.engine.stores import OwnedStore, StoreData
from scslab.mechanisms.catalogue import load_all

MONTH, N = 200, 3000
FEW, MANY = {"bank": 1, "tax": 2}, {"aaa": 1, "bank": 2, "court": 3, "tax": 4}
"""Two numberings of the same labels: another arm brings more."""


def rows(table: str, labels: dict[str, int], list_of: str, **columns: object) -> Batch:
    subject = np.arange(N)
    spec = TABLES[table]
    data = {name: np.zeros(N, dtype) for name, dtype in (*spec.columns.items(), *spec.truth.items())}
    data |= {"subject": subject, "kind": np.zeros(N, np.uint8), "parent": np.zeros(N, np.int64), "id": pack_ids(subject, MONTH, 0)}
    data |= {name: np.full(N, value) for name, value in columns.items()} | {"list": np.full(N, labels[list_of], np.uint16)}
    return Batch(table, MONTH, data, {"origin_table": np.zeros(N, np.uint8)})


def cols_of(labels: dict[str, int], stores: dict[str, OwnedStore] | None = None) -> Cols:
    persons = {"place": np.zeros(N, np.uint16), "death_month": np.full(N, 32767, np.int16)}
    made = Cols({"persons": persons, "places": {"start": np.array([0, N])}}, stores or {}, {}, labels, "", N)
    made.month = MONTH
    return made


def keys_of(name: str) -> dict[str, tuple[np.uint64, np.uint64]]:
    pairs = {draw: luck.stream_key(3, f"{name}/{draw}") for draw in REGISTRY[name].draws}
    return {draw: (np.uint64(a), np.uint64(b)) for draw, (a, b) in pairs.items()}


def shared(labels: dict[str, int]) -> tuple[list[int], list[int]]:
    """Let the joint bureau pass a third of one platform's marks on to another, a third of them under another name."""
    made = REGISTRY["record.joint_bureau"]
    p = made.params.compile({"platforms": ["bank", "tax"], "shared": 0.3, "mismatch": 0.3})  # type: ignore[union-attr]
    marks = rows("platform_marks", labels, "bank")
    found = made.step(marks, cols_of(labels), p, Luck(keys_of("record.joint_bureau"), marks, MONTH))
    [one] = [emission for emission in found if len(emission.subject)]
    return one.subject.tolist(), one.parent.tolist()


def lifted(labels: dict[str, int]) -> list[int]:
    """Let agencies lift a third of their actions upon a list."""
    load_all()
    spec, made = store_spec("joint_actions"), REGISTRY["enforce.joint"]
    assert spec is not None
    held = OwnedStore(StoreData(spec), False, 0)
    given = rows("listings", labels, "tax")
    held.put(given, sub=labels["tax"], list=labels["tax"], until=32767, own_term=0)
    held._store.apply()
    plain = {"agencies": ["rail"], "breadth": 0, "delay": 0, "memoranda": [],
             "acts": {"rail": 1}, "measures": {"rail.air": 1}, "own_term": {"rail": 1}, "lifted": 0.3,
             "hears_of_end": 1, "hears_of_error": 1, "lateness": 0}  # fmt: skip
    each = Batch("joint_actions", MONTH, {**{n: c for n, c in held._store.data.items() if n not in ("key", "origin")}, "at": np.arange(N),
                                          "kind": np.zeros(N, np.uint8)}, {"origin_table": np.zeros(N, np.uint8)})  # fmt: skip
    none = {name: rows(name, labels, "tax") for name in ("listing_ends", "memos", "listings")}
    empty = {n: Batch(n, MONTH, {k: c[:0] for k, c in b._seen.items()}, {"origin_table": np.zeros(0, np.uint8)}) for n, b in none.items()}
    p = made.params.compile(plain)  # type: ignore[union-attr]
    made.step(Batches({"joint_actions": each, **empty}), cols_of(labels, {"joint_actions": held}), p, Luck(keys_of("enforce.joint"), each, MONTH))
    [(_, dropped)] = held._store.pending[0]
    assert dropped is not None
    return (dropped >> spec.sub_bits).tolist()


@pytest.mark.parametrize("fate", [shared, lifted])
def test_luck_of_a_list_does_not_depend_on_which_other_lists_there_are(fate) -> None:  # type: ignore[no-untyped-def]
    load_all()
    few = fate(FEW)
    assert few == fate(MANY)
    assert 0.2 * N < len(few if fate is lifted else few[0]) < 0.4 * N


def test_salts_follow_names_and_tell_agencies_apart() -> None:
    few, many = cols_of(FEW), cols_of(MANY)
    assert few.salt(FEW["tax"]) == many.salt(MANY["tax"]) != many.salt(MANY["bank"])
    agency = 1 << 10
    assert few.salt(FEW["tax"] + agency) == many.salt(MANY["tax"] + agency) != few.salt(FEW["tax"])
    assert 0 <= int(few.salt(np.arange(1024)).min()) and int(few.salt(np.arange(1024)).max()) < luck.ONE
    assert (few.name_of(2), few.name_of(0), few.name_of(9)) == ("tax", "none", "9")


def test_every_column_with_a_label_is_declared_as_one() -> None:
    """`list`, `rating` and `body` hold labels, in tables and stores; stores with a list in their sub key say so."""
    load_all()
    assert label_columns() == {"list", "rating", "body"}
    stores = {store.name: store for made in REGISTRY.values() for store in made.owns}
    for store in stores.values():
        assert {name for name, dtype in store.columns.items() if dtype == LABEL} <= label_columns(), store.name
        assert store.by_label or not {"list", "rating"} & set(store.columns), store.name
    assert {"former_listings", "former_members", "platform_files"} <= {name for name, store in stores.items() if store.by_label}


def test_digests_put_names_in_the_place_of_codes() -> None:
    few, many = Names(FEW), Names(MANY)
    codes = np.array([-1, 0, 1, 2, 1 + (3 << 10)])
    again = np.array([-1, 0, 2, 4, 2 + (3 << 10)])
    assert (few.labels(codes) == many.labels(again)).all() and len(set(few.labels(codes).tolist())) == 5
