"""Worked cases about scores for customers: a member of a platform, or an applicant for a loan, run through the real rules of the score.

A case states `given`: `member` ({platform, months, capacity, behaviour, identity, loyalty}: months of membership; what the platform reads, in
percent of its scale), `bad_debt` (true where the platform holds one) and `friends` (scores of friends who are members); or `applicant`
({character, capacity}: what the bureau reads, in percent), `file`, `bad_record` and `overdue` (true or false). It states `expect`: `score`,
and for a member `perks_yuan` (what the perks are worth a month), for an applicant `granted` and `percent` (a year's interest). Nothing is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..base.months import NEVER
from ..base.months import month as month_index
from ..engine.arm import Arm, Society
from ..engine.declare import TABLES
from ..engine.loop import Simulation, make_spans
from ..engine.rows import RowSet, empty_rows, pack_ids
from ..mechanisms.platforms import TOP
from ..regime import Regime
from ..world.model import Network

PEOPLE, PERSON, FRIEND = 64, 7, 8
GIVEN = ("member", "bad_debt", "friends", "applicant", "file", "bad_record", "overdue")
EXPECT = ("score", "perks_yuan", "granted", "percent")
READ = ("capacity", "behaviour", "identity", "loyalty")
RUN = ("decide.platform_score", "enforce.perks", "record.platform_files", "respond.membership", "decide.credit_score", "outcome.credit", "outcome.debts")
LATER = 600


class ScoreRules:
    """What makes and uses a score, as a schedule."""

    def __init__(self, regime: Regime) -> None:
        self.regime = regime

    def at(self, month: int) -> dict[str, Any]:
        """Give the blocks of a month that score customers."""
        return {name: block for name, block in self.regime.at(month).items() if name.startswith(RUN)}

    def change_months(self, start: int, end: int) -> set[int]:
        """Give the months in which a block changes: a case looks at one month only."""
        return set()


def is_about_a_score(case: Mapping[str, Any]) -> bool:
    """Tell whether a case is about a member of a platform or an applicant for a loan."""
    return bool({"member", "applicant"} & case["given"].keys())


def score_case(regime: Regime, case: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Run a case about a score.

    Returns:
        What was expected and what came out, by name; a key that is not known is said to be so.
    """
    given, expect, start = dict(case["given"]), dict(case["expect"]), month_index(case["date"])
    unknown = [f"given {key}" for key in given if key not in GIVEN] + [f"expect {key}" for key in expect if key not in EXPECT]
    if unknown:
        return dict.fromkeys(unknown, ("known", "unknown"))
    labels = {name: code for code, name in enumerate(sorted({n.partition(":")[2] for n in regime.clauses} - {""}), 1)}
    friends = len(given.get("friends", ()))
    simulation = Simulation(_society(start, labels, friends), start, 1)
    arm = simulation.add("case", ScoreRules(regime))
    found = _member(arm, given, start, labels, simulation) if "member" in given else _applicant(arm, given, start, simulation)
    simulation.close()
    return {name: (expect[name], found.get(name, "nothing")) for name in EXPECT if name in expect}


def _member(arm: Arm, given: Mapping[str, Any], start: int, labels: Mapping[str, int], simulation: Simulation) -> dict[str, Any]:
    """Give the person an account with the platform, let a month pass, and read the score and what its perks are worth."""
    member, code = dict(given["member"]), labels.get(str(given["member"].get("platform", "")), 0)
    since, read = start - int(member.get("months", 0)), {name: int(member.get(name, 0)) * TOP // 100 for name in READ}
    who = [PERSON, *range(FRIEND, FRIEND + len(given.get("friends", ())))]
    score = [0, *(int(value) * 100 for value in given.get("friends", ()))]
    _hold(arm, "memberships", who, code, list=code, since=since, score=np.array(score), **read)
    if given.get("bad_debt"):
        _hold(arm, "platform_files", [PERSON], code, until=start + LATER)
    simulation.run(start + 1)
    held = arm.stores["memberships"].data
    mine = np.flatnonzero(held["subject"] == PERSON)
    return {"score": int(held["score"][mine[0]]) / 100, "perks_yuan": int(held["worth"][mine[0]])}


def _applicant(arm: Arm, given: Mapping[str, Any], start: int, simulation: Simulation) -> dict[str, Any]:
    """Let a lender ask the bureau about the person, and read the score, the decision and the price."""
    if given.get("file", False) or given.get("bad_record", False):
        _hold(arm, "bureau", [PERSON], 0, until=start + LATER if given.get("bad_record") else 0)
    if given.get("overdue"):
        _hold(arm, "debts", [PERSON], 0, amount=1000, opened=start - 1)
    data = {name: np.zeros(1, column.dtype) for name, column in empty_rows(TABLES["credit_queries"]).data.items()}
    data["subject"][:] = PERSON
    data["id"] = pack_ids(data["subject"], start, 0)
    for name in ("character", "capacity"):
        data[name][:] = int(given["applicant"].get(name, 50)) * TOP // 100
    for consumer in arm.consumers.get("credit_queries", ()):
        consumer.deliver(RowSet("credit_queries", data), start)
    simulation.run(start + 1)
    if "credit_scores" not in arm.stores or not len(arm.stores["credit_scores"]):
        return {}
    held = arm.stores["credit_scores"].data
    return {"score": int(held["score"][0]) / 100, "granted": "yes" if held["fit"][0] else "no", "percent": int(held["rate"][0]) / 100}


def _hold(arm: Arm, store: str, who: list[int], sub: int, **columns: Any) -> None:
    """Put rows into a store as they stand before the month of the case."""
    if store not in arm.stores:
        return
    kept, subject = arm.stores[store], np.array(who, np.int64)
    data = {name: np.zeros(len(subject), column.dtype) for name, column in kept.data.items()}
    data["subject"], data["key"] = subject, (subject << kept.spec.sub_bits) | sub
    for name, value in columns.items():
        data[name][:] = value
    kept.data = data


def _society(start: int, labels: Mapping[str, int], friends: int) -> Society:
    """Make a few persons; the person of the case is a friend of some."""
    columns = {
        "persons.birth_month": np.full(PEOPLE, start - 480, np.int16),
        "persons.death_month": np.full(PEOPLE, NEVER, np.int16),
        "persons.conscientiousness": np.full(PEOPLE, TOP, np.uint8),
        "persons.means": np.full(PEOPLE, TOP, np.uint8),
        "places.start": np.array([0, PEOPLE], np.int32),
    }
    offsets = np.where(np.arange(PEOPLE + 1) > PERSON, friends, 0).astype(np.int32)
    near = Network("csr", offsets, np.arange(FRIEND, FRIEND + friends, dtype=np.int32))
    nobody = Network("csr", np.zeros(PEOPLE + 1, np.int32), np.zeros(0, np.int32), np.zeros(0, np.uint8))
    counts = {"persons": PEOPLE, "places": 1}
    return Society(columns, {"friends": near, "kin": nobody}, counts, make_spans(PEOPLE, None, 1), np.zeros(PEOPLE, np.uint16), 1, 1, labels)
