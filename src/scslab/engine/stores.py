"""Sparse keyed tables that last: sorted by (subject, sub key), read everywhere, changed only by their owner at the end of its step."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import kernels
from .declare import Store
from .rows import Batch

FLAGS_FROM = 2048
"""With so many subjects it pays to flag first who has rows in a store at all."""


CROWDED = 2
"""A store with a row for more than one in so many persons is searched at once: the flags would be set for most."""


class StoreData:
    """One arm's rows of a store, sorted by key."""

    def __init__(self, spec: Store) -> None:
        self.spec = spec
        self.data: dict[str, np.ndarray] = {name: np.empty(0, np.int64) for name in ("key", "subject", "id")}
        self.data["origin"] = np.empty(0, np.uint8)
        for name, dtype in (*spec.columns.items(), *spec.truth.items()):
            self.data[name] = np.empty(0, dtype)
        self.pending: dict[int, list[tuple[dict[str, np.ndarray] | None, np.ndarray | None]]] = {}
        self._flags: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.data["key"])

    def find(self, keys: np.ndarray) -> np.ndarray:
        """Give the position of each key, -1 where there is none."""
        have, keys = self.data["key"], np.ascontiguousarray(keys, np.int64)
        out = np.full(len(keys), -1, np.int64)
        if not len(have) or not len(keys):
            return out
        here = self.here(keys >> self.spec.sub_bits)
        if here is None:
            kernels.find_sorted(have, keys, out)
        else:
            found = np.empty(len(here), np.int64)
            kernels.find_sorted(have, keys[here], found)
            out[here] = found
        return out

    def here(self, subjects: np.ndarray) -> np.ndarray | None:
        """Give the positions of subjects that have rows; None where that saves nothing: too few subjects, or a store in which most have rows.

        Most persons have no row in most stores, and a flag for each tells at a glance.
        """
        if len(subjects) < FLAGS_FROM or len(self) * CROWDED > int(self.data["subject"][-1]):
            return None
        highest = int(subjects.max())
        if self._flags is None or len(self._flags) <= highest:
            have = self.data["subject"]
            self._flags = np.zeros(max(highest, int(have[-1])) + 1, bool)
            self._flags[have] = True
        return np.flatnonzero(self._flags[subjects])

    def span(self, lo: int, hi: int) -> slice:
        """Give the positions of subjects lo..hi."""
        bounds = np.searchsorted(self.data["subject"], [lo, hi])
        return slice(int(bounds[0]), int(bounds[1]))

    def apply(self) -> None:
        """Carry out what the owner asked for, in span order: drops first, then rows put (replacing equal keys)."""
        if not self.pending:
            return
        changes = [change for span in sorted(self.pending) for change in self.pending[span]]
        self.pending = {}
        keep = np.ones(len(self), bool)
        for _, keys in changes:
            if keys is not None and len(keys):
                keep[self.find(keys)] = False
        added = [rows for rows, _ in changes if rows is not None and len(rows["key"])]
        new: dict[str, np.ndarray] = {}
        if added:
            new = {name: np.concatenate([rows[name] for rows in added]) for name in self.data}
            at = self.find(new["key"])
            keep[at[at >= 0]] = False
        if not added:
            here = None if bool(keep.all()) else np.flatnonzero(keep)
            self.data = self.data if here is None else {name: column[here] for name, column in self.data.items()}
            self._flags = None
            return
        order = np.argsort(new["key"], kind="stable")
        fresh = new["key"][order]
        last = np.ones(len(fresh), bool)
        last[:-1] = fresh[1:] != fresh[:-1]  # of equal new keys the last one put counts
        before = np.searchsorted(self.data["key"], fresh[last])  # how many old rows stand before each new one
        gone, order = np.flatnonzero(~keep), order[last]
        self.data = {name: _merged(column, gone, new[name], order, before) for name, column in self.data.items()}
        self._flags = None  # looking up the changes above may have flagged who had rows before them

    def copy(self) -> StoreData:
        """Copy for another arm."""
        other = StoreData(self.spec)
        other.data = {name: column.copy() for name, column in self.data.items()}
        return other


def _merged(old: np.ndarray, gone: np.ndarray, new: np.ndarray, order: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Lay kept and new values in order into one array; the kernel knows widths, not signs."""
    bare = f"u{old.dtype.itemsize}"
    out = np.empty(len(old) + len(order) - len(gone), old.dtype)
    kernels.merge_rows(old.view(bare), gone, np.ascontiguousarray(new, old.dtype).view(bare), order, before, out.view(bare))
    return out


class StoreView:
    """What a mechanism sees of a store: its columns as read-only arrays, without truth where its phase is blind."""

    def __init__(self, data: StoreData, blind: bool) -> None:
        self._store = data
        self._blind = blind

    def __len__(self) -> int:
        return len(self._store)

    def __getattr__(self, name: str) -> np.ndarray:
        if self._blind and name in self._store.spec.truth:
            raise AttributeError(f"'{name}' of store '{self._store.spec.name}': a truth column this phase may not read")
        try:
            view = self._store.data[name][:]
        except KeyError:
            raise AttributeError(f"store '{self._store.spec.name}' has no column '{name}'") from None
        view.flags.writeable = False
        return view

    def key(self, subject: Any, sub: Any = 0) -> np.ndarray:
        """Pack (subject, sub key) into a key."""
        return (np.asarray(subject, np.int64) << self._store.spec.sub_bits) | np.asarray(sub, np.int64)

    def find(self, subject: Any, sub: Any = 0) -> np.ndarray:
        """Give the position of each (subject, sub key), -1 where there is none."""
        return self._store.find(np.atleast_1d(self.key(subject, sub)))

    def value(self, name: str, at: np.ndarray, nothing: int = 0) -> np.ndarray:
        """Give a column, int64, at positions from `find`; `nothing` where there is no row."""
        if not len(self):
            return np.full(len(at), nothing, np.int64)
        return np.where(at >= 0, getattr(self, name)[at].astype(np.int64), nothing)

    def has(self, subject: Any, sub: Any = 0) -> np.ndarray:
        """Tell for each (subject, sub key) whether there is a row."""
        return self.find(subject, sub) >= 0

    def of(self, subjects: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """List all rows of each subject: (position in `subjects`, position in the store), in order."""
        have, subjects = self._store.data["subject"], np.asarray(subjects)
        here = self._store.here(subjects) if len(have) else None
        if here is not None:
            source, at = self._of(subjects[here])
            return here[source], at
        return self._of(subjects)

    def _of(self, subjects: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        have = self._store.data["subject"]
        first, last = np.searchsorted(have, subjects, "left"), np.searchsorted(have, subjects, "right")
        count = last - first
        source = np.repeat(np.arange(len(count)), count)
        offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        return source, first[source] + offset

    def count(self, subjects: np.ndarray) -> np.ndarray:
        """Count the rows of each subject."""
        have, subjects = self._store.data["subject"], np.asarray(subjects)
        here = self._store.here(subjects) if len(have) else None
        if here is None:
            return np.searchsorted(have, subjects, "right") - np.searchsorted(have, subjects, "left")
        found = np.zeros(len(subjects), np.int64)
        found[here] = np.searchsorted(have, subjects[here], "right") - np.searchsorted(have, subjects[here], "left")
        return found


class OwnedStore(StoreView):
    """A store as its owner sees it in one span; changes take effect when every span has finished the step."""

    def __init__(self, data: StoreData, blind: bool, span: int) -> None:
        super().__init__(data, blind)
        self._span = span

    def put(self, batch: Batch, at: np.ndarray | None = None, sub: Any = 0, subject: Any = None, **columns: Any) -> None:
        """Add rows caused by rows of a batch, or replace those of equal key; truth comes from the batch unless given.

        Args:
            batch: the causing rows; `at`: their positions (default all).
            sub: sub key, below 2^sub_bits; subject: default the batch's.
            columns: values of the store's columns; those not given are taken from the batch when it has them, else 0.
        """
        spec = self._store.spec
        if subject is None and spec.of != batch.of:
            raise ValueError(f"store '{spec.name}' is about {spec.of}, these rows are about {batch.of}: name the subjects")
        index = slice(None) if at is None else at
        who = np.asarray(batch.subject[index] if subject is None else subject, np.int64)
        n = len(who)
        rows = {"subject": who, "key": spread(self.key(who, sub), n), "id": batch.truth("id")[index]}
        rows["origin"] = np.asarray(batch.truth("origin_table")[index], np.uint8)
        for name, dtype in (*spec.columns.items(), *spec.truth.items()):
            if name in columns:
                value = columns[name]
            elif batch.has(name):
                value = batch.truth(name)[index]
            else:
                value = 0
            rows[name] = spread(narrow(value, dtype, name), n)
        self._store.pending.setdefault(self._span, []).append((rows, None))

    def drop(self, at: np.ndarray) -> None:
        """Remove the rows at these positions (or mask)."""
        self._store.pending.setdefault(self._span, []).append((None, self._store.data["key"][at]))

    def set(self, at: np.ndarray, **columns: Any) -> None:
        """Change columns of rows at these positions, at once; only rows whose subject is in the batch."""
        for name, value in columns.items():
            column = self._store.data[name]
            column[at] = narrow(value, column.dtype, f"{self._store.spec.name}.{name}")


def spread(value: np.ndarray, n: int) -> np.ndarray:
    """Repeat a scalar n times without storing it (NumPy's broadcast_to, ten times faster for small n)."""
    if value.ndim:
        if len(value) != n:
            raise ValueError(f"{len(value)} values for {n} rows")
        return value
    return np.ndarray((n,), value.dtype, value, 0, (0,))


def narrow(value: Any, dtype: Any, what: str) -> np.ndarray:
    """Convert to a narrower integer dtype after a range check, because NumPy wraps silently.

    Raises:
        OverflowError: when a value does not fit.
    """
    target = np.dtype(dtype)
    if type(value) is int:
        try:
            return np.array(value, target)
        except OverflowError:
            raise OverflowError(f"{what}: {value} does not fit {target}") from None
    array = np.asarray(value)
    if array.dtype is target or array.dtype == target:
        return array
    if array.size and target.kind in "iu":
        info = np.iinfo(target)
        if array.dtype.kind == "f":
            raise TypeError(f"{what}: a float where {target} is stored")
        if array.dtype.kind != "b" and (int(array.min()) < info.min or int(array.max()) > info.max):
            raise OverflowError(f"{what}: {array.min()}..{array.max()} does not fit {target}")
    return array.astype(target)
