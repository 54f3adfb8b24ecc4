"""Worked cases about a firm: findings on one made-up firm, run through the real rules of ratings and lists.

A case states `given`: `firm_findings` (kinds, found at its date), `later` (list of {months, firm_findings}), `sector` (manufacturing),
`partner_findings` (kinds found at its one partner, at the date; none), `after` (months until the look). It states `expect`:
`firm_grades` ({rating: grade}), `firm_listed`, `firm_not_listed` (labels of lists of firms), `officer_listed`, `officer_not_listed` (labels of
lists of persons). The registry enters every finding at once and for the right firm; nothing else is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

import numpy as np

from ..base import luck
from ..base.months import NEVER
from ..base.months import month as month_index
from ..engine.arm import Arm, Society
from ..engine.declare import TABLES
from ..engine.loop import Simulation, make_spans
from ..engine.rows import RowSet, empty_rows, pack_ids
from ..mechanisms.firms import SECTOR
from ..mechanisms.kinds import KIND
from ..regime import Regime
from ..world.model import Network

FIRMS = 8
FIRM, PARTNER, OFFICER, PERSONS = 3, 4, 30, 80
GIVEN = ("firm_findings", "later", "sector", "partner_findings", "after")
EXPECT = ("firm_grades", "firm_listed", "firm_not_listed", "officer_listed", "officer_not_listed")
REGISTRY_BLOCK = "record.firm_registry"
RUN = (REGISTRY_BLOCK, "decide.firm_", "review.firm_register", "review.register")


class FirmRules:
    """What decides on firms, as a schedule; the registry makes no error and loses no time."""

    def __init__(self, regime: Regime) -> None:
        self.regime = regime

    def at(self, month: int) -> dict[str, Any]:
        """Give the blocks of a month that decide on firms."""
        blocks = {name: block for name, block in self.regime.at(month).items() if name.startswith(RUN)}
        if REGISTRY_BLOCK in blocks:
            params = copy(blocks[REGISTRY_BLOCK].params)
            params.__dict__.update(mislink=0, delay=0, admission=np.full(len(params.admission), luck.ONE))
            blocks[REGISTRY_BLOCK] = blocks[REGISTRY_BLOCK]._replace(params=params)
        return blocks

    def change_months(self, start: int, end: int) -> set[int]:
        """Give the months in which a block changes."""
        return set(self.regime.change_months(start, end))


def is_about_a_firm(case: Mapping[str, Any]) -> bool:
    """Tell whether a case is about a firm."""
    return "firm_findings" in case["given"]


def firm_case(regime: Regime, case: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Run a case about a firm.

    Returns:
        What was expected and what came out, by name; a key that is not known is said to be so.
    """
    given, expect = dict(case["given"]), dict(case["expect"])
    unknown = [f"given {key}" for key in given if key not in GIVEN] + [f"expect {key}" for key in expect if key not in EXPECT]
    if unknown:
        return dict.fromkeys(unknown, ("known", "unknown"))
    start, rules = month_index(case["date"]), FirmRules(regime)
    dates: dict[int, list[str]] = {start: list(given["firm_findings"])}
    for more in given.get("later", ()):
        dates.setdefault(start + int(more["months"]), []).extend(more["firm_findings"])
    end = start + int(given["after"]) if "after" in given else max(dates)
    labels = {name: code for code, name in enumerate(sorted({n.partition(":")[2] for n in regime.clauses} - {""}), 1)}
    simulation = Simulation(_society(given, start, labels), start, end - start + 1)
    arm = simulation.add("case", rules)
    for month in range(start, end + 1):
        if month in rules.change_months(start, end + 1):
            arm.adopt(rules.at(month))
        _deliver(arm, month, dates.get(month, []), FIRM)
        _deliver(arm, month, given.get("partner_findings", ()) if month == start else (), PARTNER)
        simulation.run(month + 1)
    simulation.close()
    found = _state(arm, rules.at(end), labels, expect)
    return {name: (expect[name], found[name]) for name in EXPECT if name in expect}


def _society(given: Mapping[str, Any], start: int, labels: Mapping[str, int]) -> Society:
    """Make a few firms with an officer each; the firm of the case has one partner."""
    columns = {
        "persons.birth_month": np.full(PERSONS, start - 480, np.int16),
        "persons.death_month": np.full(PERSONS, NEVER, np.int16),
        "firms.size": np.full(FIRMS, 5, np.int32),
        "firms.sector": np.full(FIRMS, SECTOR.code(str(given.get("sector", "manufacturing"))), np.uint8),
        "firms.ownership": np.zeros(FIRMS, np.uint8),
        "firms.officer": np.arange(FIRMS, dtype=np.int32) * 10,
        "firms.place": np.zeros(FIRMS, np.uint16),
        "places.start": np.array([0, PERSONS], np.int32),
    }
    offsets = np.searchsorted([FIRM, PARTNER], np.arange(FIRMS + 1)).astype(np.int32)
    network = Network("csr", offsets, np.array([PARTNER, FIRM], np.int32))
    counts = {"persons": PERSONS, "places": 1, "firms": FIRMS}
    return Society(columns, {"partners": network}, counts, make_spans(PERSONS, None, 1), np.zeros(PERSONS, np.uint16), 1, 1, labels)


def _deliver(arm: Arm, month: int, kinds: Sequence[str], firm: int) -> None:
    """Put findings about a firm into the registry's mailbox."""
    codes = np.sort(KIND.codes(kinds))
    if not len(codes):
        return
    data = {name: np.zeros(len(codes), column.dtype) for name, column in empty_rows(TABLES["firm_findings"]).data.items()}
    ordinal = np.arange(len(codes)) - np.searchsorted(codes, codes)
    data |= {"subject": np.full(len(codes), firm, np.int64), "kind": codes.astype(np.uint8), "true_firm": np.full(len(codes), firm, np.int32)}
    data["id"] = pack_ids(data["subject"], month, codes, ordinal)
    for consumer in arm.consumers.get("firm_findings", ()):
        consumer.deliver(RowSet("firm_findings", data))


def _state(arm: Arm, blocks: Mapping[str, Any], labels: Mapping[str, int], expect: Mapping[str, Any]) -> dict[str, Any]:
    """Read the firm's grades and lists, and its officer's lists."""
    names = {code: name for name, code in labels.items()}

    def lists(store: str, subject: int) -> list[str]:
        data = arm.stores[store].data if store in arm.stores else {"subject": np.empty(0, np.int64)}
        return [names[int(data["list"][at])] for at in np.flatnonzero(data["subject"] == subject)]

    grades = {}
    ratings = arm.stores["firm_ratings"].data if "firm_ratings" in arm.stores else {"subject": np.empty(0, np.int64)}
    for at in np.flatnonzero(ratings["subject"] == FIRM):
        label = names[int(ratings["rating"][at])]
        grades[label] = blocks[f"decide.firm_rating:{label}"].params.grades[0][int(ratings["grade"][at])]
    firm, officer = lists("firm_listings", FIRM), lists("listings", OFFICER)
    found: dict[str, Any] = {"firm_grades": {name: grades.get(name, "none") for name in expect.get("firm_grades", ())}}
    for name, have in (("firm", firm), ("officer", officer)):
        found[f"{name}_listed"] = [label for label in expect.get(f"{name}_listed", ()) if label in have]
        found[f"{name}_not_listed"] = [label for label in expect.get(f"{name}_not_listed", ()) if label not in have]
    return found
