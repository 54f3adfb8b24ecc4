"""One more person in a made world: for tests that somebody's being there shifts nobody else's luck.

A world is made whole from its size, so that one of another size is another world. A newcomer is added to a world that is made already, behind
everybody else, so that all ids stay. Where nobody is unborn (abstract worlds) the newcomer has a household of one at the end of the last place, and
can be met by those of that place. Elsewhere ids behind the newcomer's place are taken, and the newcomer is a lodger: member of a household by the
column, as children born later are, and like them in no range of persons, so that nobody meets the newcomer but through ties.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from scslab.base.errors import InputError, Problem, nearest
from scslab.base.months import NEVER

from .model import Network, World

_ALONE = {"wed_month": NEVER, "divorce_month": NEVER, "wed_partner": -1, "firm": -1, "move_month": NEVER}
_OFFICER = 1
"""Bit of `role` that goes with a firm."""


def with_newcomer(world: World, like: int, friends: Sequence[int] = (), **columns: Any) -> World:
    """Add one person to a made world; everybody else stays who and where they are.

    Args:
        world: as made; it is not changed.
        like: a person whose columns the newcomer copies: place, household, age, traits, but neither marriage nor firm nor a move.
        friends: whom the newcomer is friends with; nobody by default, so that no path leads from the newcomer to anybody by ties.
        columns: columns of persons that differ from the copy, by bare name; not `place` or `household`.

    Returns:
        The world with person `world.n_rows` added.

    Raises:
        InputError: no such person or column, or a network that is computed and cannot grow.

    Example:
        >>> from scslab.world import build_world
        >>> made = with_newcomer(build_world("islands", people=6, seed=1, islands=2), like=5, friends=[5])
        >>> made.n_rows, made.networks["friends"].neighbours(6).tolist(), made.columns["places.start"].tolist()
        (7, [5], [0, 3, 7])
    """
    if not 0 <= like < world.n_rows or any(not 0 <= friend < world.n_rows for friend in friends):
        raise InputError(Problem(f"this world has persons 0 to {world.n_rows - 1}", fix="Name one of them"))
    known = [name.partition(".")[2] for name in world.columns if name.startswith("persons.")]
    for name in columns:
        if name not in known or name in ("place", "household"):
            own = [k for k in known if k not in ("place", "household")]
            raise InputError(Problem(f"a newcomer cannot have a '{name}' of their own", fix=nearest(name, own)))
    made = {name: np.array(values) for name, values in world.columns.items()}
    inside = world.n_rows == world.people
    given: dict[str, Any] = {**_ALONE, "role": int(made["persons.role"][like]) & ~_OFFICER, **columns}
    if inside:
        given |= {"place": len(made["places.start"]) - 2, "household": len(made["households.start"]) - 1}
    for name in known:
        values = made[f"persons.{name}"]
        made[f"persons.{name}"] = np.append(values, np.asarray(given.get(name, values[like]), values.dtype))
    if inside:
        _settle(made, int(world.columns["persons.household"][like]))
    networks = {name: _grown(network, sorted(set(friends)) if name == "friends" else []) for name, network in world.networks.items()}
    text = f"{world.spec_hash} newcomer like {like} friends {sorted(set(friends))} {sorted(columns.items())}"
    return replace(world, spec_hash=hashlib.sha256(text.encode()).hexdigest(), people=world.people + inside, n_rows=world.n_rows + 1,
                   columns=made, networks=networks)  # fmt: skip


def _settle(columns: dict[str, np.ndarray], home: int) -> None:
    """Give the newcomer a household of one, like another household otherwise, and room in the last place."""
    for name in [name for name in columns if name.startswith("households.") and name != "households.start"]:
        columns[name] = np.append(columns[name], columns[name][home])
    columns["households.start"] = np.append(columns["households.start"], columns["households.start"][-1] + 1).astype(np.int32)
    columns["places.start"][-1] += 1


def _grown(network: Network, friends: Sequence[int]) -> Network:
    """Add a last row to a network, with ties both ways; ties of others keep their order, for the newcomer's id is the highest."""
    if network.kind == "computed":
        raise InputError(Problem("a computed network cannot grow", why="its ties follow from its size", fix="Use a world that stores its ties"))
    if network.kind == "regular":
        rows, degree = network.target.shape
        network = Network("csr", np.arange(rows + 1) * degree, network.target.reshape(-1))
    offsets, person = network.offsets.astype(np.int64), len(network.offsets) - 1
    target = np.append(np.insert(network.target, offsets[1:][list(friends)], person), np.asarray(friends, network.target.dtype))
    grown = np.append(offsets, offsets[-1] + len(friends))
    for friend in friends:
        grown[friend + 1 :] += 1
    relation = None if network.relation is None else np.append(network.relation, np.zeros(len(target) - len(network.target), np.uint8))
    return Network("csr", grown.astype(np.int32), target.astype(np.int32), relation)
