"""Which recorders a regime needs besides those of every run: those that evaluate its own rules a second time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from ..engine.plan import Block
from ..mechanisms.kinds import KIND

PAIRED = {"measure.sound_ledger": ("decide.ledger",), "measure.score_census": ("decide.ledger",), "measure.favours": ("decide.ledger", "observe.insiders")}
"""Recorders that take the parameters of a rule: that rule, and what else must be in the plan."""


def paired_blocks(blocks: Mapping[str, Block]) -> dict[str, Block]:
    """Give the recorders that take the parameters of a block in force: the ledger without unsound records.

    Args:
        blocks: the blocks of a month.

    Example:
        >>> paired_blocks({})
        {}
    """
    return {name: Block(name, blocks[needs[0]].params) for name, needs in PAIRED.items() if all(need in blocks for need in needs)}


def watched_kinds(blocks: Iterable[Mapping[str, Block]]) -> tuple[str, ...]:
    """Name the kinds of acts that some sensor of some arm looks at, in the order of their codes.

    Args:
        blocks: the blocks of each arm.
    """
    codes: set[int] = set()
    for arm in blocks:
        for instance, block in arm.items():
            kinds = getattr(block.params, "kinds", ()) if instance.startswith("observe.") else ()
            codes |= {int(code) for code in np.atleast_1d(np.asarray(kinds)) if not isinstance(code, str)} if len(kinds) else set()
    return tuple(KIND.names[code] for code in sorted(codes))
