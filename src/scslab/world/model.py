"""The World: read-only columns and networks that every arm of a run shares."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np

RELATIONS = ("partner", "parent", "child", "sibling")
"""Codes of `Network.relation`: what the target is to the source."""

SCHOOL_BEGINS = np.array([72, 153, 186, 216])
"""Age in months from which persons attend primary, junior secondary, senior secondary and tertiary education."""

SCHOOL_ENDS = np.array([16, 16, 16, 19, 22])
"""Age in years from which persons of each level of education have left school. `persons.education`, `status` and `income` hold from
that age on: what somebody still at school, or not yet born, will have then is dated at synthesis like everything else."""

MOVES_ALONE = 16
"""Bit of `persons.role`: the move at `move_month` is the person's own; the household of the start stays behind."""


@dataclass(frozen=True)
class Network:
    """Ties between persons.

    Args:
        kind: 'csr' (ragged rows), 'regular' (each row has `degree` targets) or 'computed' (targets follow from a keyed permutation).
        offsets: int32 or int64, shape (n+1,); empty unless 'csr'.
        target: int32; shape (ties,) for 'csr', (n, degree) for 'regular', empty for 'computed'.
        relation: uint8, shape (ties,), codes of `RELATIONS`, or None.
        degree: ties of each person; 0 for 'csr'.
        keys: uint64, shape (degree/2, 4): round keys of each permutation, for 'computed' only.
        size: persons, for 'computed' only.
    """

    kind: str
    offsets: np.ndarray
    target: np.ndarray
    relation: np.ndarray | None = None
    degree: int = 0
    keys: np.ndarray = field(default_factory=lambda: np.zeros((0, 4), np.uint64))
    size: int = 0

    def neighbours(self, person: int) -> np.ndarray:
        """List the persons tied to one person.

        Returns:
            int32 array.

        Example:
            >>> from scslab.world import build_world
            >>> build_world("ring", people=6, seed=1).networks["friends"].neighbours(0).tolist()
            [5, 1]
        """
        if self.kind == "csr":
            return self.target[self.offsets[person] : self.offsets[person + 1]]
        if self.kind == "regular":
            return self.target[person]
        from .permute import neighbours_of

        return neighbours_of(self.keys, self.size, person)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.offsets.nbytes + self.target.nbytes + (0 if self.relation is None else self.relation.nbytes) + self.keys.nbytes


@dataclass(frozen=True)
class World:
    """Who exists.

    Args:
        name: of the spec.
        spec_hash: SHA-256 of spec and options.
        people: persons alive at the start; ids 0..people-1.
        seed: world seed.
        n_rows: persons including those not yet born, whose ids follow.
        start_month: months since 2000-01 of the first month; ages are exact there.
        columns: 'persons.sex' and so on, read-only; `world/columns.py` says what they mean.
        networks: 'kin' and 'friends'.
        provinces: names behind `places.province`.
        period: what one step of time is; a month, except in abstract worlds that say otherwise.
    """

    name: str
    spec_hash: str
    people: int
    seed: int
    n_rows: int
    start_month: int
    columns: dict[str, np.ndarray]
    networks: dict[str, Network]
    provinces: tuple[str, ...] = ()
    period: str = "month"

    def __post_init__(self) -> None:
        for array in self.columns.values():
            array.flags.writeable = False
        for network in self.networks.values():
            for array in (network.offsets, network.target, network.relation, network.keys):
                if array is not None:
                    array.flags.writeable = False

    @property
    def year(self) -> int:
        """Calendar year of the first month."""
        return 2000 + self.start_month // 12

    @property
    def nbytes(self) -> int:
        """Bytes of all columns and networks."""
        return sum(a.nbytes for a in self.columns.values()) + sum(n.nbytes for n in self.networks.values())

    def standing(self, month: int, persons: np.ndarray | slice = slice(None)) -> dict[str, np.ndarray]:
        """Give what persons are in a month: the level of school reached or attended, and status and income, 0 as long as they are at school.

        Args:
            month: months since 2000-01.
            persons: which; everybody if not given.

        Returns:
            'education', 'status', 'income'.

        Example:
            >>> from scslab.world import build_world
            >>> build_world("ring", people=6, seed=1).standing(240)["status"].tolist()
            [1, 1, 1, 1, 1, 1]
        """
        education, status, income = (self.columns[f"persons.{name}"][persons] for name in ("education", "status", "income"))
        age = month - self.columns["persons.birth_month"][persons].astype(np.int64)
        pupil = age < 12 * SCHOOL_ENDS[education]
        reached = np.minimum(education, np.searchsorted(SCHOOL_BEGINS, age, side="right")).astype(np.uint8)
        return {"education": reached, "status": np.where(pupil, 0, status), "income": np.where(pupil, 0, income)}

    def count(self, table: str) -> int:
        """Count the rows of a table: persons, households, places or firms.

        Example:
            >>> from scslab.world import build_world
            >>> build_world("ring", people=6, seed=1).count("persons")
            6
        """
        if table == "persons":
            return self.n_rows
        if table == "firms":
            return len(self.columns.get("firms.size", ()))
        return len(self.columns[f"{table}.start"]) - 1

    def digest(self) -> str:
        """Hash every column and network; equal on all machines and thread counts.

        Returns:
            SHA-256 in hexadecimal.

        Example:
            >>> from scslab.world import build_world
            >>> build_world("ring", people=6, seed=1).digest() == build_world("ring", people=6, seed=1).digest()
            True
        """
        total = hashlib.sha256(f"{self.people} {self.n_rows} {self.start_month}".encode())
        for name in sorted(self.columns):
            _add(total, name, self.columns[name])
        for name in sorted(self.networks):
            network = self.networks[name]
            total.update(f"{name} {network.kind} {network.degree} {network.size}".encode())
            for part in ("offsets", "target", "relation", "keys"):
                array = getattr(network, part)
                if array is not None:
                    _add(total, part, array)
        return total.hexdigest()


def _add(total: hashlib._Hash, name: str, array: np.ndarray) -> None:
    """Hash an array's name, type, shape and little-endian bytes."""
    little = np.ascontiguousarray(array.astype(array.dtype.newbyteorder("<"), copy=False))
    total.update(f"|{name} {little.dtype.str} {little.shape}|".encode())
    total.update(little.reshape(-1).data.cast("B") if little.size else b"")
