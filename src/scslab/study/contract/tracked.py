"""What a watched step is handed: its luck and columns as always, which note what is asked of them and check what is written."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...engine.access import Cols, Luck
from ...engine.declare import Mechanism


class TrackedLuck(Luck):
    """Luck that notes which draws are asked for."""

    __slots__ = ("_used",)

    def __init__(self, luck: Luck, used: set[tuple[str, str]]) -> None:
        super().__init__(luck._keys, luck._batch, luck._month)
        self._used = used

    def key(self, name: str) -> tuple[Any, Any]:
        self._used.add(("draw", name))
        return super().key(name)

    def of(self, batch: Any) -> Luck:
        return TrackedLuck(Luck(self._keys, batch, self._month), self._used)


class _TrackedCols(Cols):
    """Columns that note what is asked for, and that what is written fits."""

    _used: set[tuple[str, str]]

    def __init__(self) -> None: ...

    def touch(self, topic: str, subjects: np.ndarray) -> None:
        self._used.add(("topic", topic))
        super().touch(topic, subjects)

    def factor(self, quantity: str, subjects: np.ndarray) -> np.ndarray:
        self._used.add(("quantity", quantity))
        return super().factor(quantity, subjects)


class _Tracked:
    """A namespace that notes which of its names are asked for."""

    def __init__(self, table: str, inner: Any, watch: Any, made: Mechanism, month: int) -> None:
        self.__dict__.update(_table=table, _inner=inner, _watch=watch, _made=made, _month=month)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        self._watch.used[self._made.name].add((self._table, name))
        if isinstance(found, np.ndarray) and found.flags.writeable and any(c.name == f"{self._table}.{name}" for c in self._made.writes):
            checked = found.view(_Checked)
            checked.note = lambda what: self._watch.found("whole", self._made, f"it writes {what} to '{self._table}.{name}'", self._month)
            self._watch.cases["whole", self._made.name] += 1
            return checked
        return found


class _Checked(np.ndarray):
    """A column that says when what is written to it does not fit: NumPy would cut or wrap it without a word."""

    note: Any = None

    def __setitem__(self, key: Any, value: Any) -> None:
        given = np.asarray(value)
        if self.note is not None and given.size:
            info = np.iinfo(self.dtype) if self.dtype.kind in "iu" else None
            if info is not None and given.dtype.kind not in "iub":
                self.note(f"{given.dtype} values")
            elif info is not None and (int(given.min()) < info.min or int(given.max()) > info.max):
                self.note(f"{given.min()} to {given.max()}, which does not fit {self.dtype},")
        np.asarray(self).__setitem__(key, value)


def tracked(watch: Any, made: Mechanism, cols: Cols) -> Cols:
    """Give the same columns, under watch."""
    other = _TrackedCols()
    other.__dict__.update(cols.__dict__)
    other.__dict__["_used"] = watch.used[made.name]
    for name, value in cols.__dict__.items():
        if type(value).__name__ == "Namespace":
            other.__dict__[name] = _Tracked(name, value, watch, made, cols.month)
    return other
