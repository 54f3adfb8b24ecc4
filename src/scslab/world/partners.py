"""Business partners of firms: ties made only when a mechanism walks them, so that no other world pays for them.

How many partners firms have, and who deals with whom, was not found: a firm begins as many ties as its size has binary digits (one employee 1,
eight 4, a thousand 10), every second one inside its own sector, the others anywhere. That is a form, not a finding.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from scslab.base import luck

from .model import Network

PARTNERS = "partners"


class Networks(dict[str, Any]):
    """A world's networks by name; that of partners is made when it is first asked for, where the world has firms.

    Example:
        >>> from scslab.world import build_world
        >>> networks = Networks(build_world("ring", people=6, seed=1))
        >>> "friends" in networks, "partners" in networks
        (True, False)
    """

    def __init__(self, world: Any) -> None:
        super().__init__(world.networks)
        self._world = world

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or (name == PARTNERS and self._world.count("firms") > 0)

    def __missing__(self, name: str) -> Network:
        if name not in self:
            raise KeyError(name)
        columns = self._world.columns
        self[name] = made = tie_partners(columns["firms.size"], columns["firms.sector"], self._world.seed)
        return made


def tie_partners(size: np.ndarray, sector: np.ndarray, seed: int) -> Network:
    """Tie firms to partners, symmetrically.

    Args:
        size: employees by firm; sector: code by firm; seed: world seed.

    Returns:
        A ragged network of firms, without relations.

    Example:
        >>> tie_partners(np.array([1, 1]), np.zeros(2, np.uint8), 3).neighbours(0).tolist()
        [1]
    """
    n = len(size)
    started = np.array([int(s).bit_length() for s in size], np.int64)
    source = np.repeat(np.arange(n), started)
    number = np.arange(len(source)) - np.repeat(np.cumsum(started) - started, started)
    by_sector = np.argsort(sector, kind="stable")
    count = np.bincount(sector, minlength=1).astype(np.int64)
    first = np.cumsum(count) - count
    own = number % 2 == 0
    rank = np.empty(n, np.int64)
    rank[by_sector] = np.arange(n) - first[sector[by_sector]]
    others = np.where(own, count[sector[source]], n) - 1
    word = luck.words(luck.stream_key(seed, "world/partners"), source, 0, 0, number).astype(np.int64)
    at = (word * others) >> 31
    at += at >= np.where(own, rank[source], source)  # anybody but itself
    kept = others > 0
    a, at, own = source[kept], at[kept], own[kept]
    b = np.where(own, by_sector[np.where(own, first[sector[a]] + at, 0)], at)
    pairs = np.unique(np.concatenate([a * n + b, b * n + a]))
    offsets = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(pairs // n, minlength=n), out=offsets[1:])
    return Network("csr", offsets, (pairs % n).astype(np.int32))
