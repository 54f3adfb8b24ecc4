"""What a mechanism is handed: the columns, stores, networks and luck it declared, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..base import luck
from ..base.luck import name_number
from . import kernels
from .declare import LABEL_BITS
from .rows import APART
from .stores import StoreView

FACTOR_SHIFT = 16


class Namespace:
    """A table's columns as attributes."""

    def __init__(self, table: str, columns: Mapping[str, np.ndarray]) -> None:
        self._table = table
        self.__dict__.update(columns)

    def __getattr__(self, name: str) -> np.ndarray:
        raise AttributeError(f"'{self.__dict__['_table']}.{name}' is not declared by this mechanism")


class NetworkView:
    """A network a mechanism may walk: stored ragged (CSR), stored with equal degrees, or computed from keyed permutations."""

    def __init__(self, network: Any) -> None:
        self._network = network
        self.ragged = network.kind == "csr"
        self.relation = network.relation

    def degree(self, subjects: np.ndarray) -> np.ndarray:
        """Count each subject's ties."""
        if not self.ragged:
            return np.full(len(subjects), self._network.degree, np.int64)
        offsets = self._network.offsets
        return (offsets[subjects + 1] - offsets[subjects]).astype(np.int64)

    def degree_range(self, lo: int, hi: int) -> np.ndarray | int:
        """Count the ties of rows lo..hi."""
        return np.diff(self._network.offsets[lo : hi + 1]).astype(np.int64) if self.ragged else int(self._network.degree)

    def reach(self, count: int) -> int:
        """Estimate how many persons `count` subjects and their neighbours are."""
        mean = len(self._network.target) // max(len(self._network.offsets) - 1, 1) if self.ragged else self._network.degree
        return count * (1 + mean)

    def _targets(self, subjects: np.ndarray | slice) -> np.ndarray:
        """Give a row of targets per subject (networks with equal degrees)."""
        if self._network.kind == "regular":
            return self._network.target[subjects]
        from ..world.permute import neighbours_into

        who = np.arange(subjects.start, subjects.stop) if isinstance(subjects, slice) else subjects
        out = np.empty((len(who), self._network.degree), np.int32)
        neighbours_into(self._network.keys, self._network.size, who, out)
        return out

    def expand(self, subjects: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """List the neighbours of each subject: (position in `subjects`, neighbour, relation code or 0)."""
        if not self.ragged:
            source = np.repeat(np.arange(len(subjects)), self._network.degree)
            return source, self._targets(subjects).reshape(-1).astype(np.int64), np.zeros(len(source), np.uint8)
        n = int(self.degree(subjects).sum())
        source, target, edge = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
        kernels.expand_csr(subjects, self._network.offsets, self._network.target, source, target, edge)
        return source, target, np.zeros(n, np.uint8) if self.relation is None else self.relation[edge]

    def sum(self, subjects: np.ndarray, base: np.ndarray, add: int = 0, cap: int = 2**62) -> np.ndarray:
        """Sum min(cap, base + add) over each subject's neighbours."""
        out = np.empty(len(subjects), np.int64)
        if self.ragged:
            kernels.neighbour_sum_csr(subjects, self._network.offsets, self._network.target, base, np.int64(add), np.int64(cap), out)
        else:
            kernels.neighbour_sum(self._targets(subjects), base, np.int64(add), np.int64(cap), out)
        return out

    def sum_range(self, lo: int, hi: int, base: np.ndarray, add: int = 0, cap: int = 2**62) -> np.ndarray:
        """Sum min(cap, base + add) over the neighbours of rows lo..hi."""
        if self.ragged:
            return self.sum(np.arange(lo, hi), base, add, cap)
        out = np.empty(hi - lo, np.int64)
        kernels.neighbour_sum(self._targets(slice(lo, hi)), base, np.int64(add), np.int64(cap), out)
        return out

    def rows_below(self, lo: int, hi: int, base: np.ndarray, add: int, cap: int, skip: np.ndarray, weight: int, cut: int) -> np.ndarray:
        """List positions in lo..hi, where `skip` is 0, whose own value plus weight (over 2^16) times the neighbours' mean is below a cut.

        Values are min(cap, base + add). Networks with equal degrees take one fused pass at the speed of memory.
        """
        full = 1 << FACTOR_SHIFT
        if not self.ragged:
            out = np.empty(hi - lo, np.int64)
            targets = self._targets(slice(lo, hi))
            n = kernels.rows_below(lo, targets, base, *(np.int64(v) for v in (add, cap)), skip, *(np.int64(v) for v in (full, weight, cut)), out)
            return out[:n]
        own, degree = np.minimum(cap, base[lo:hi].astype(np.int64) + add), self.degree_range(lo, hi)
        low = own * degree * full + weight * self.sum_range(lo, hi, base, add, cap) < cut * degree * full
        return np.flatnonzero(low & (skip[lo:hi] == 0))

    def mark(self, subjects: np.ndarray, flag: np.ndarray, column: np.ndarray, limit: int) -> None:
        """Flag each subject and its neighbours, leaving out rows whose column exceeds the limit (empty column: none)."""
        pruned = len(column) > 0
        if self.ragged:
            kernels.mark_neighbours(subjects, self._network.offsets, self._network.target, column, np.int64(limit), pruned, flag)
        else:
            kernels.mark_targets(subjects, self._targets(subjects), column, np.int64(limit), pruned, flag)


class Luck:
    """A mechanism's luck: one keyed word per row and declared draw; nothing is drawn before it is asked for."""

    __slots__ = ("_batch", "_keys", "_month")

    def __init__(self, keys: Mapping[str, tuple[Any, Any]], batch: Any, month: int) -> None:
        self._keys = keys
        self._batch = batch
        self._month = month

    def __getattr__(self, name: str) -> np.ndarray:
        drawn = self._batch.drawn
        if drawn is None:
            return self.at(name, self._batch.id)
        key = self.key(name)
        if key not in drawn:
            drawn[key] = self.at(name, self._batch.id)
            drawn[key].flags.writeable = False
        return drawn[key]

    def of(self, batch: Any) -> Luck:
        """Give the luck of one of several batches."""
        return Luck(self._keys, batch, self._month)

    def once(self, what: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """Work something out of the rows, their luck and what is named; where arms share the rows, the first one does it for all.

        Args:
            what: names everything else the answer depends on, parameters and key of luck too; make: works it out.
        """
        drawn = self._batch.drawn
        if drawn is None:
            return make()
        if what not in drawn:
            drawn[what] = make()
        return drawn[what]

    def words(self, name: str, index: np.ndarray, ordinal: int = 0) -> np.ndarray:
        """Draw for a subset of the rows."""
        return self.at(name, self._batch.id[index], ordinal)

    def below(self, name: str, limit: Any, index: Any = None) -> np.ndarray:
        """Tell for each row (or those at `index`) whether its word is below the limit; certain outcomes draw nothing.

        Args:
            limit: threshold, or array of thresholds per row (already cut to `index`).
        """
        rows = len(self._batch) if index is None else len(index)
        low, high = (limit, limit) if np.ndim(limit) == 0 else (limit.min(initial=luck.ONE), limit.max(initial=0))
        if low >= luck.ONE or high <= 0:
            return np.full(rows, bool(low >= luck.ONE))
        return (getattr(self, name) if index is None else self.words(name, index)) < limit

    def at(self, name: str, ids: np.ndarray, ordinal: int = 0) -> np.ndarray:
        """Draw for any ids (int64); `ordinal` gives further draws of one id and month."""
        out = np.empty(len(ids), np.uint32)
        k0, k1 = self.key(name)
        kernels.philox_ids(np.ascontiguousarray(ids, dtype=np.int64), np.uint64(self._month), np.uint64(ordinal), k0, k1, out)
        return out

    def key(self, name: str) -> tuple[Any, Any]:
        """Give the stream's key, for `cols.pick`."""
        try:
            return self._keys[name]
        except KeyError:
            raise AttributeError(f"draw '{name}' is not declared by this mechanism") from None


def numbers_of(labels: Mapping[str, int]) -> np.ndarray:
    """Give the number of each label's name, by code; a code without a label is its own number.

    Example:
        >>> numbers_of({"court": 2})[2] == numbers_of({"bank": 1, "court": 3})[3]
        np.True_
    """
    numbers = np.arange(1 << LABEL_BITS, dtype=np.int64)
    for name, code in labels.items():
        numbers[code] = name_number(name)
    return numbers


class Cols:
    """Columns, stores, networks and helpers of one mechanism in one arm and span.

    Attributes: one namespace per table (`cols.persons.place`), `cols.stores.NAME`, `cols.networks.NAME`,
    `cols.month`, `cols.people` (rows of persons), `cols.label` (code of this instance's label).
    """

    def __init__(
        self,
        tables: Mapping[str, Mapping[str, np.ndarray]],
        stores: Mapping[str, StoreView],
        networks: Mapping[str, NetworkView],
        labels: Mapping[str, int],
        label: str,
        people: int,
    ) -> None:
        for table, columns in tables.items():
            setattr(self, table, Namespace(table, columns))
        self.stores = Namespace("stores", stores)  # type: ignore[arg-type]
        self.networks = Namespace("networks", networks)  # type: ignore[arg-type]
        self.month = 0
        self.people = people
        self.label = labels.get(label, 0)
        self._labels = labels
        self._numbers: np.ndarray | None = None
        self._announced: dict[str, list[np.ndarray]] = {}
        self._modifiers: dict[str, list[Callable[[np.ndarray], np.ndarray | None]]] = {}
        self._lowered: frozenset[str] = frozenset()

    def __getattr__(self, name: str) -> Namespace:
        raise AttributeError(f"table '{name}' is not declared by this mechanism")

    def code(self, label: str) -> int:
        """Give the code of an instance label in this run, 0 when no instance has it."""
        return self._labels.get(label, 0)

    def codes(self, labels: Any) -> np.ndarray:
        """Give the codes of several labels (those that exist)."""
        return np.array([self._labels[name] for name in labels if name in self._labels], np.int64)

    def name_of(self, code: Any) -> str:
        """Give the label behind a code, `none` for 0: names of counters must not depend on which labels a run has."""
        return next((name for name, known in self._labels.items() if known == code), str(code) if code else "none")

    def salt(self, codes: Any) -> np.ndarray:
        """Give 31-bit numbers of labels for keys of luck: unlike codes they depend on the name alone, so an arm's luck is the same beside other arms.

        Args:
            codes: codes of labels, whatever stands above `LABEL_BITS`, which tells numbers apart too.
        """
        if self._numbers is None:
            self._numbers = numbers_of(self._labels)
        codes = np.asarray(codes, np.int64)
        return (self._numbers[codes & ((1 << LABEL_BITS) - 1)] + (codes >> LABEL_BITS) * APART) & 0x7FFFFFFF

    def touch(self, topic: str, subjects: np.ndarray) -> None:
        """Announce that something about these subjects changed, to mechanisms with a `Changed` trigger."""
        self._announced.setdefault(topic, []).append(np.asarray(subjects, np.int64))

    def factor(self, quantity: str, subjects: np.ndarray) -> np.ndarray:
        """Multiply all modifiers of a quantity, in name order: fixed-point int64, 2^16 = 1."""
        moved = self.moved(quantity, subjects)
        return np.full(len(subjects), 1 << FACTOR_SHIFT, np.int64) if moved is None else moved

    def moved(self, quantity: str, subjects: np.ndarray) -> np.ndarray | None:
        """Give `factor`, or None when no modifier has anything to say about these subjects."""
        total: np.ndarray | None = None
        for modifier in self._modifiers.get(quantity, ()):
            factor = modifier(subjects)
            if factor is not None:
                total = factor if total is None else (total * factor) >> FACTOR_SHIFT
        if total is not None and quantity in self._lowered and int(total.max(initial=0)) > 1 << FACTOR_SHIFT:
            raise ValueError(f"a modifier of '{quantity}' that says it only lowers gives more than 1")
        return total

    def only_lowered(self, quantity: str) -> bool:
        """Tell whether no modifier can raise a quantity: then only those need be asked about who act unmodified."""
        return quantity not in self._modifiers or quantity in self._lowered

    def pick(self, start: np.ndarray, size: np.ndarray, key: tuple[Any, Any], ids: np.ndarray, unless: np.ndarray) -> np.ndarray:
        """Choose another member of the group start..start+size for each row, -1 where there is none."""
        out = np.empty(len(ids), np.int64)
        start, size, unless = (np.ascontiguousarray(a, dtype=np.int64) for a in (start, size, unless))
        kernels.pick_members(start, size, 0, np.asarray(ids, np.int64), np.uint64(self.month), key[0], key[1], unless, out)
        return out
