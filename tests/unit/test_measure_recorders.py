"""Recorders, fed by hand: what they count, whom they mark, and that spans do not matter."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from scslab.engine.arm import Arm, Society
from scslab.engine.declare import REGISTRY, TABLES
from scslab.engine.loop import Simulation, make_spans
from scslab.engine.plan import Block
from scslab.engine.rows import RowSet, empty_rows, pack_ids
from scslab.measure.recorders import paired_blocks, watched_kinds
from scslab.mechanisms.catalogue import load_all, recorders
from scslab.mechanisms.kinds import BASIS, CAUSE, FAULT, KIND, MEASURE, PAYMENT

load_all()
PEOPLE, START = 40, 216
LITTERING, PETITION, REFUSAL, DEBT = (KIND.code(n) for n in ("littering", "petition", "refusal_to_perform", "missed_payment"))
SOUND, WRONG, FAKE = (FAULT.code(n) for n in ("sound", "misattributed", "fabricated"))
AIR, PERK = 1 << MEASURE.code("air"), 1 << MEASURE.code("fast_lane")

Fed = dict[int, list[tuple[str, dict[str, Any]]]]


class Plain:
    """The recorders that read tables and stores, with the owners of the stores, every month."""

    def __init__(self, *names: str, **params: dict[str, Any]) -> None:
        self.names, self.params = names, params

    def at(self, month: int) -> dict[str, Block]:
        made = {name: Block(name, None) for name in self.names}
        for name, values in self.params.items():
            made[f"decide.{name}"] = Block(f"decide.{name}", REGISTRY[f"decide.{name}"].params.compile(values))
        return {**made, **paired_blocks(made)}

    def change_months(self, start: int, end: int) -> set[int]:
        return set()


def society(spans: int) -> Society:
    """Pairs of partners: 2k and 2k + 1."""
    homes = np.arange(0, PEOPLE + 1, 2, dtype=np.int32)
    partner = (np.arange(PEOPLE) ^ 1).astype(np.int32)
    kin = SimpleNamespace(kind="csr", offsets=np.arange(PEOPLE + 1), target=partner, relation=np.zeros(PEOPLE, np.uint8), degree=0)
    columns = {
        "persons.household": np.repeat(np.arange(PEOPLE // 2, dtype=np.int32), 2), "households.start": homes,
        "persons.birth_month": np.zeros(PEOPLE, np.int16), "persons.death_month": np.full(PEOPLE, 32767, np.int16),
        "persons.means": np.zeros(PEOPLE, np.uint8),
    }  # fmt: skip
    cells = np.zeros(PEOPLE, np.uint16)
    rows = {"persons": PEOPLE, "households": PEOPLE // 2}
    return Society(columns, {"kin": kin}, rows, make_spans(PEOPLE, homes, spans), cells, 1, 7, {})


def deliver(arm: Arm, table: str, month: int, columns: dict[str, Any]) -> None:
    """Put rows into every mailbox of a table; a row is about its actor unless it says otherwise."""
    who = np.asarray(columns["subject"], np.int64)
    data = {name: np.zeros(len(who), column.dtype) for name, column in empty_rows(TABLES[table]).data.items()}
    data["subject"] = who
    if "true_actor" in data:
        data["true_actor"] = who.astype(data["true_actor"].dtype)
    for name, values in columns.items():
        data[name] = np.broadcast_to(np.asarray(values, data[name].dtype), len(who)).copy()
    if "id" not in columns:
        data["id"] = pack_ids(who, month, data["kind"])
    rows = RowSet(table, data)
    for box in arm.consumers.get(table, ()):
        box.deliver(rows.take(np.argsort(data["id"], kind="stable")))


def run(rules: Plain, fed: Fed, months: int, spans: int = 1) -> Arm:
    simulation = Simulation(society(spans), START, months, spans)
    arm = simulation.add("a", rules)
    for month in range(START, START + months):
        for table, columns in fed.get(month - START, []):
            deliver(arm, table, month, columns)
        simulation.run(month + 1)
    simulation.close()
    return arm


def count(arm: Arm, name: str) -> int:
    return int(arm.tallies[name].sum()) if name in arm.tallies else 0


LISTS = Plain("review.register", "measure.listings", "measure.listed", "measure.touched", "measure.unaware")
ENTRIES = ("entries", {
    "subject": [1, 2, 4, 6, 8], "kind": [LITTERING, LITTERING, PETITION, REFUSAL, DEBT], "fault": [SOUND, WRONG, SOUND, SOUND, SOUND],
    "true_actor": [1, 30, 4, 6, 8], "cause": [1, 1, 1, CAUSE.code("illness"), CAUSE.code("illness")], "list": 3, "until": START + 3,
})  # fmt: skip


@pytest.mark.parametrize("spans", [1, 3])
def test_listings_are_counted_by_class_stock_and_end(spans):
    arm = run(LISTS, {0: [ENTRIES]}, 5, spans)
    assert [count(arm, f"listings_started{c}") for c in ("", ".W1", ".W2", ".W4a", ".W4b", ".W5a", ".list.3")] == [5, 0, 1, 1, 1, 1, 5]
    assert arm.tallies["listed_stock"][:, 0].tolist() == [5, 5, 5, 0, 0]
    assert count(arm, "listings_ended.term_over") == 5 and count(arm, "listings_ended.length0") == 5
    touched = arm.columns["persons.touched"]
    assert touched[[1, 2, 4, 6, 8]].tolist() == [1, 1, 1 | 4, 1, 1 | 4] and touched[[0, 3, 5, 7, 9]].tolist() == [2] * 5
    assert count(arm, "first_listed") == 5 and count(arm, "first_blameless") == 2 and count(arm, "first_touched") == 10


def test_praise_is_no_listing():
    arm = run(LISTS, {0: [("entries", {"subject": [1], "kind": 0, "list": 3, "until": 32767})]}, 2)
    assert count(arm, "praise_started") == 1 and count(arm, "listings_started") == 0 and count(arm, "listed_stock") == 0
    assert not arm.columns["persons.touched"].any()


@pytest.mark.parametrize("spans", [1, 3])
def test_months_unaware_end_with_a_notice_a_refusal_or_the_listing(spans):
    notice = ("notices", {"subject": [1], "list": 3})
    others = ("refusals", {"subject": [2, 4], "basis": [BASIS.code("own"), BASIS.code("kin")]})
    arm = run(LISTS, {0: [ENTRIES, ("notices", {"subject": [8], "list": 3})], 1: [notice], 2: [others]}, 5, spans)
    assert count(arm, "unaware_started") == 5
    assert [count(arm, f"unaware_told.m{m}") for m in range(3)] == [1, 1, 1] and count(arm, "unaware_ended.m3") == 2
    assert arm.tallies["unaware_months"][:, 0].tolist()[1:4] == [3, 2, 0] and len(arm.stores["unaware"].data["key"]) == 0


def test_a_listing_that_outlives_performance_is_stale():
    forever = ("entries", {"subject": [10], "kind": REFUSAL, "list": 3, "until": 32767})
    term = ("entries", {"subject": [12], "kind": REFUSAL, "list": 4, "until": START + 9})
    arm = run(LISTS, {0: [forever], 1: [term], 2: [("performances", {"subject": [10, 12], "kind": DEBT})]}, 5)
    assert arm.tallies["stale_months.W3a"][:, 0].tolist() == [0, 0, 0, 1, 1] and count(arm, "listings_stale.W3a") == 1
    assert arm.tallies["stale_months.W3b"][:, 0].tolist() == [0, 0, 0, 1, 1] and count(arm, "listings_stale.W3b") == 1


@pytest.mark.parametrize("spans", [1, 3])
def test_the_burden_by_root_and_weight(spans):
    rules = Plain("review.register", "enforce.book", "measure.burden", "measure.touched")
    credit = 1 << MEASURE.code("credit")
    given = ("impositions", {"subject": [1, 4, 20], "list": 3, "mask": [AIR | credit | PERK, AIR, PERK]})
    arm = run(rules, {0: [ENTRIES, given]}, 2, spans)
    assert count(arm, "burden_months") == 4 and count(arm, "burden_own_months") == 4 and count(arm, "burden_weight") == 6
    assert count(arm, "burden_protected_months") == 2 and count(arm, "burden_blameless_months") == 2


def test_judgments_are_followed_to_performance():
    rules = Plain("measure.judgments")
    ill = CAUSE.code("illness")
    made = ("judgments", {"subject": [1, 2, 3], "kind": DEBT, "cause": [1, ill, 1], "amount": 100, "parent": [71, 72, 73]})
    kin = PAYMENT.code("by_kin")
    paid = ("payments", {"subject": [1, 2], "kind": DEBT, "amount": [100, 60], "ground": [0, kin], "id": [501, 502], "parent": [71, 72]})
    done = ("performances", {"subject": [1, 2], "kind": DEBT, "parent": [501, 502]})
    arm = run(rules, {0: [made, ("debts", {"subject": [1], "amount": 70})], 3: [paid, done]}, 5)
    assert count(arm, "overdue_yuan") == 70
    assert [count(arm, n) for n in ("judgments", "judgments.unable", "performed_able.m3", "performed_unable.m3")] == [3, 1, 1, 1]
    assert [count(arm, n) for n in ("owed_yuan", "paid_yuan", "paid_yuan.by_kin", "performed")] == [300, 160, 60, 2]
    assert arm.stores["judged"].data["subject"].tolist() == [3]


def test_sanctions_within_a_year_of_a_shock_count_once():
    rules = Plain("review.register", "measure.misfortune")
    late = ("entries", {"subject": [2], "kind": LITTERING, "list": 4, "until": START + 99})
    fed = {0: [("shocks", {"subject": [1, 2, 3]})], 2: [ENTRIES], 4: [late], 5: [("shocks", {"subject": [3]})]}
    arm = run(rules, fed, 20)
    assert count(arm, "shocks") == 4 and count(arm, "shocks_followed") == 3 and count(arm, "shocks_sanctioned") == 2


LEDGER = {
    "start": 1000, "floor": 0, "cap": 1100, "per_record": {"littering": -30, "petition": -30}, "recovery": 0, "grades": {"A": 960, "D": 0},
    "override_months": None,
}  # fmt: skip


def test_the_sound_ledger_finds_grades_that_fell_on_unsound_records():
    rules = Plain("measure.touched", ledger=LEDGER)
    first = ("records", {"subject": [1, 2, 3], "kind": LITTERING, "fault": [SOUND, FAKE, SOUND]})
    second = ("records", {"subject": [1, 2, 3], "kind": PETITION, "fault": [SOUND, SOUND, SOUND]})
    third = ("records", {"subject": [3], "kind": LITTERING, "fault": [FAKE]})
    arm = run(rules, {0: [first], 1: [second], 2: [third]}, 3)
    assert arm.columns["persons.sound_score"][:4].tolist() == [0, -6000, -3000, -6000]
    assert [count(arm, f"grades_lowered{w}") for w in ("", "_wrongly", "_tainted")] == [3, 1, 0]


def test_acts_and_speech_are_counted_for_each_person():
    first, second = {"subject": [1, 1, 2], "kind": [PETITION, LITTERING, PETITION]}, {"subject": [1], "kind": PETITION}
    arm = run(Plain("measure.acts"), {0: [("acts", first)], 1: [("acts", second)]}, 2)
    assert arm.columns["persons.speech"][:3].tolist() == [0, 2, 1]
    assert [count(arm, n) for n in ("acts", "speech", "acts.petition", "acts.littering")] == [4, 3, 3, 1]


def test_who_is_stuck_on_a_list_a_year_later():
    long, short = ({"subject": [who], "kind": LITTERING, "list": 3, "until": START + end} for who, end in ((1, 40), (2, 5)))
    arm = run(Plain("review.register", "measure.stuck"), {0: [("entries", long), ("entries", short)]}, 15)
    assert count(arm, "stuck_seen.after12") == 2 and count(arm, "stuck.after12") == 1


def test_life_and_procedure_are_counted():
    rows: Fed = {0: [
        ("loans", {"subject": [1, 2], "granted": [1, 0], "thin": [0, 1]}), ("gains", {"subject": [5], "measure": MEASURE.code("credit")}),
        ("disclosures", {"subject": [1], "parties": 20}), ("jobs", {"subject": [4], "gained": 0}),
        ("trust_events", {"subject": [1], "channel": 0, "weight": -65536}),
        ("decisions", {"subject": [1, 2], "kind": LITTERING, "granted": 1, "fault": [SOUND, FAKE]}), ("notices", {"subject": [1]}),
    ]}  # fmt: skip
    arm = run(Plain("measure.life", "measure.trust", "measure.procedure"), rows, 1)
    known = {"loan_applications": 2, "loans": 1, "thin_applications": 1, "thin_loans": 0, "gains.credit": 1, "disclosures": 20}
    known |= {"jobs_lost": 1, "trust": -65536, "decisions_granted": 2, "decisions_granted_sound": 1, "notices": 1}
    assert {name: count(arm, name) for name in known} == known


def test_recorders_come_by_themselves_and_never_draw():
    assert len(recorders()) >= 12
    assert all(not REGISTRY[name].draws and not REGISTRY[name].quantities for name in recorders())


def test_watched_kinds_are_those_of_any_arm():
    numbers = {"coverage": {"rural": 1, "urban": 1}, "sensitivity": 1, "misattribution": 0, "look_drops_wrong": 0, "look_drops_right": 0}
    camera = REGISTRY["observe.camera"].params.compile({"kinds": ["jaywalking"], **numbers})
    arms = [{"observe.camera": Block("observe.camera", camera)}, {"review.register": Block("review.register", None)}]
    assert watched_kinds(arms) == ("jaywalking",)
