"""Which recorders a regime needs besides those of every run: those that evaluate its own rules a second time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ..engine.plan import Block
from ..mechanisms.kinds import GOOD_DEEDS, KIND, PROTECTED
from ..mechanisms.listing import ListParams, ListRule, ListRules
from ..mechanisms.nexus import Yardstick

PAIRED = {"measure.sound_ledger": ("decide.ledger",), "measure.score_census": ("decide.ledger",), "measure.favours": ("decide.ledger", "observe.insiders")}
"""Recorders that take the parameters of a rule: that rule, and what else must be in the plan."""

LISTS = ("decide.binary_list", "decide.local_list", "decide.agency_list")
"""Lists that one record is enough for, which `measure.missed` evaluates a second time on all true acts."""

PENALTIES, LICENCE, WEIGHTS = "decide.penalties", "decide.licence_points", "measure.burden_yuan"
"""The statutory penalties, the list that is one itself, and the weights that `measure.proportion` holds against them."""


def paired_blocks(blocks: Mapping[str, Block]) -> dict[str, Block]:
    """Give the recorders that take the parameters of a block in force: the ledger without unsound records.

    Args:
        blocks: the blocks of a month.

    Example:
        >>> paired_blocks({})
        {}
    """
    made = {name: Block(name, blocks[needs[0]].params) for name, needs in PAIRED.items() if all(need in blocks for need in needs)}
    lists = {name.partition(":")[2]: block.params for name, block in blocks.items() if block.mechanism in LISTS}
    if lists:
        made["measure.missed"] = Block("measure.missed", list_rules(lists, blocks.get("observe.court_feed")))
    if WEIGHTS in blocks:
        made["measure.proportion"] = Block("measure.proportion", yardstick(blocks))
    return made


def paired_names(stated: Iterable[str]) -> set[str]:
    """Name the recorders that `paired_blocks` adds when these mechanisms are in force.

    Example:
        >>> sorted(paired_names(["decide.ledger", "decide.local_list"]))
        ['measure.missed', 'measure.score_census', 'measure.sound_ledger']
    """
    known = {*stated}
    made = {name for name, needs in PAIRED.items() if all(need in known for need in needs)}
    return made | ({"measure.missed"} if known & {*LISTS} else set()) | ({"measure.proportion"} if WEIGHTS in known else set())


def list_rules(lists: Mapping[str, ListParams], court: Block | None) -> ListRules:
    """Gather what a second evaluation of lists needs.

    Args:
        lists: their parameters by label; court: the block that reports judgments, whose months of grace are the deadline.
    """
    rules = tuple(
        ListRule(label, p.kinds, p.age_min, p.grace, getattr(p, "least", np.zeros(len(KIND), np.int64))) for label, p in sorted(lists.items())
    )
    kinds = np.unique(np.concatenate([rule.kinds for rule in rules]))
    return ListRules(rules, kinds, 0 if court is None else court.params.grace)


def yardstick(blocks: Mapping[str, Block]) -> Yardstick:
    """Gather the assumed yuan of a month under each measure, the fines by kind of act, and the lists that are statutory penalties."""
    fine = np.zeros(256, np.int64)
    if PENALTIES in blocks:
        p = blocks[PENALTIES].params
        fine[p.kinds] = p.fine[p.kinds]
    statutory = tuple(sorted(name.partition(":")[2] for name, block in blocks.items() if block.mechanism == LICENCE))
    return Yardstick(blocks[WEIGHTS].params.month, fine, statutory)


COURT_KINDS = {KIND.code(name): KIND.code("missed_payment") for name in ("unperformed_judgment", "refusal_to_perform", "evasion", "breach_of_limits")}
"""Kinds of records that a court makes of a debt, and the act behind them."""


def counted_kinds(blocks: Iterable[Mapping[str, Block]]) -> tuple[str, ...]:
    """Name the kinds of acts that a list or ledger of some arm holds against people, in the order of their codes.

    Statutory penalties and licence points are no such rule; praise and protected conduct are no breach, whatever a rule says of them.

    Args:
        blocks: the blocks of each arm.
    """
    found: set[int] = set()
    for block in (block for arm in blocks for block in arm.values()):
        rule: Any = block.params
        if isinstance(rule, ListParams):
            found |= {int(code) for code in rule.kinds}
        elif block.mechanism == "decide.ledger":
            found |= {int(code) for code in (*np.flatnonzero(rule.per_record < 0), *rule.override_kinds)}
    acts = {COURT_KINDS.get(code, code) for code in found} - {int(code) for code in KIND.codes((*GOOD_DEEDS, *PROTECTED))}
    return tuple(KIND.names[code] for code in sorted(acts))


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
