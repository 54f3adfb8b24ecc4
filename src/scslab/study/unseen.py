"""Everyday conduct that no sensor of a run looks at is left out of the run: it would cost time and change nothing.

The society declares far more conduct than any one ledger or agency looks at. Blocks of the shared catalogue (`kinds.CATALOGUE`) and of the
rules of trades (`kinds.SECTORS`) stay only where a sensor of some arm names one of their kinds, and then in every arm: people do the same in
both worlds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..engine.declare import REGISTRY, Mechanism, Occasions
from ..mechanisms.catalogue import load_all
from ..mechanisms.kinds import CATALOGUE, LAWFUL_ON_DEMAND, SECTORS
from ..regime import Regime
from ..regime.clauses import Plain

ON_DEMAND = frozenset((*CATALOGUE, *SECTORS, *LAWFUL_ON_DEMAND))
"""Kinds of acts that matter only where somebody looks for them."""


def seen_kinds(regimes: Sequence[Regime]) -> frozenset[str]:
    """Name the kinds of the catalogue that some sensor of these regimes looks at, in whatever months."""
    stated = (
        plain.value
        for regime in regimes
        for clause in regime.clauses.values()
        if clause.mechanism.startswith("observe.")
        for plain in clause.params.values()
        if isinstance(plain, Plain) and not isinstance(plain.value, str | bool)
    )
    return ON_DEMAND & {name for names in stated for name in names}


def without_unseen(regimes: Sequence[Regime]) -> list[Regime]:
    """Leave out catalogue conduct that no sensor of any of the regimes looks at.

    Args:
        regimes: the rules of all arms of one run.

    Returns:
        The regimes in the same order; one that loses nothing is the same object.

    Example:
        >>> from scslab.study.replicate import load_named
        >>> "conduct.games" in without_unseen([load_named("ordinary-law")])[0].clauses
        False
    """
    load_all()
    seen = seen_kinds(regimes)

    def is_unseen(mechanism: str) -> bool:
        made = REGISTRY.get(mechanism)
        kinds = _kinds_made(made) if made is not None and made.phase == "conduct" else set()
        return bool(kinds) and kinds <= ON_DEMAND and not kinds & seen

    found = []
    for regime in regimes:
        kept = {name: clause for name, clause in regime.clauses.items() if not is_unseen(clause.mechanism)}
        found.append(regime if len(kept) == len(regime.clauses) else replace(regime, clauses=kept))
    return found


def _kinds_made(made: Mechanism) -> set[str]:
    """Name the kinds of acts of a conduct mechanism: those it asks modifiers for, else those of its occasions."""
    asked = {quantity.removeprefix("conduct.") for quantity in made.quantities}
    return asked or {t.kind for t in made.on if isinstance(t, Occasions)}
