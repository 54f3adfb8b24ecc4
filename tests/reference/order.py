"""Which mechanism runs when, and what wakes it: the order of a month, read off the declarations. Written from docs/architecture.md."""

from __future__ import annotations

import heapq
from functools import cache
from typing import Any

from scslab.engine.declare import PHASES, REGISTRY


@cache
def plain(instance: str) -> str:
    """Give the mechanism of an instance."""
    return instance.partition(":")[0]


@cache
def of_type(instance: str, name: str) -> list[Any]:
    """List the triggers of a mechanism of one type."""
    return [t for t in REGISTRY[plain(instance)].on if type(t).__name__ == name]


@cache
def initial(column: str) -> int:
    """Give what a column reads as where nobody writes it."""
    return next((c.initial for made in REGISTRY.values() for c in made.writes if c.name == column), 0)


@cache
def tables_read(instance: str) -> set[str]:
    return {t.table for t in (*of_type(instance, "Rows"), *of_type(instance, "Pool"))}


def month_order(instances: list[str]) -> list[str]:
    """Order a month: by phase; in a phase producers before readers unless the edge is lagged, and else by name."""
    order: list[str] = []
    for phase in PHASES:
        left = sorted(i for i in instances if REGISTRY[plain(i)].phase == phase)
        after = {i: {j for j in left if j != i and plain(j) != plain(i) and feeds(j, i)} for i in left}
        ready = [i for i in left if not after[i]]
        heapq.heapify(ready)
        while ready:
            now = heapq.heappop(ready)
            order.append(now)
            for i in left:
                if now in after[i]:
                    after[i].discard(now)
                    if not after[i]:
                        heapq.heappush(ready, i)
    assert len(order) == len(instances), f"{set(instances) - set(order)} wait for each other"
    return order


def feeds(producer: str, reader: str) -> bool:
    """Tell whether a mechanism must run before another of its phase."""
    made, reads = REGISTRY[plain(producer)], REGISTRY[plain(reader)]
    late = set(reads.lagged)
    stores = {*reads.stores, *(t.store for t in of_type(reader, "Each"))}  # a store may have the name of a table
    pairs = (
        (made.emits, tables_read(reader)), (made.touches, {t.topic for t in of_type(reader, "Changed")}),
        ([c.name for c in made.writes], reads.reads), ([s.name for s in made.owns], stores),
    )  # fmt: skip
    return any((set(wanted) - late) & set(given) for given, wanted in pairs)
