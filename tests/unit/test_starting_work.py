"""Who has work when a run begins, and who begins to work as the years go by."""

from __future__ import annotations

from decimal import Decimal as D

import numpy as np

from scslab.base.luck import ONE
from scslab.engine.arm import Society
from scslab.engine.declare import REGISTRY
from scslab.engine.loop import Simulation, make_spans
from scslab.engine.plan import Block
from scslab.engine.rows import SubjectBatch
from scslab.mechanisms.catalogue import catalogue
from scslab.mechanisms.common import STATUS
from scslab.mechanisms.kinds import CAUSE, KIND
from scslab.regime import load_regime
from scslab.world import build_world

EMPLOYEE, SELF_EMPLOYED, UNEMPLOYED, TERTIARY = 1, STATUS.code("self_employed"), 5, 4
WORK = {"barred_from_post": 0, "screened_out": 1, "finds": D("0.5"), "listed": 1}
SHOCK = {"cause": CAUSE.code("job_loss"), "kind": KIND.code("job_loss")}


def working(hand, persons, jobless, begun, **given):
    found = hand.step("outcome.work", given, hand.cols({"listed": [0] * len(persons["status"]), **persons}, (jobless, begun)), WORK, find=ONE - 1)
    for store in (jobless, begun):
        store._store.apply()
    return [(row["subject"], row["gained"]) for row in found.get("jobs", [])]


def everybody(hand, n):
    return SubjectBatch(hand.month, range(n))


def test_the_unemployed_of_the_start_are_jobless_once(hand):
    jobless, begun = hand.store("jobless"), hand.store("work_begun")
    persons = {"status": [UNEMPLOYED, EMPLOYEE, UNEMPLOYED, UNEMPLOYED], "death_month": [32767, 32767, hand.month, 32767],
               "birth_month": [hand.month - 480] * 3 + [hand.month - 200]}  # fmt: skip
    assert working(hand, persons, jobless, begun, everybody=everybody(hand, 4)) == []
    assert jobless.subject.tolist() == [0] and jobless.since.tolist() == [hand.month] and len(begun) == 1
    again = {"status": [UNEMPLOYED, UNEMPLOYED]}
    assert working(hand, again, jobless, begun, everybody=everybody(hand, 2)) == [] and jobless.subject.tolist() == [0]


def test_who_found_work_after_the_start_can_lose_it_to_a_listing(hand):
    jobless, begun = hand.store("jobless", [0], since=190), hand.store("work_begun", [0])
    listings, persons = hand.batch("listings", [0, 1]), {"status": [UNEMPLOYED, UNEMPLOYED]}
    assert working(hand, persons, jobless, begun, listings=listings, everybody=everybody(hand, 2)) == [(1, 0)]
    fresh = (hand.store("jobless"), hand.store("work_begun"))
    assert working(hand, persons, *fresh, listings=listings, everybody=everybody(hand, 2)) == []
    assert fresh[0].subject.tolist() == [0, 1]


def test_students_have_no_work_to_lose(hand):
    persons = {"status": [EMPLOYEE] * 3, "education": [TERTIARY, TERTIARY, 3], "birth_month": [hand.month - 12 * age for age in (21, 22, 19)]}
    shocks = hand.batch("shocks", [0, 1, 2], **SHOCK)
    assert working(hand, persons, hand.store("jobless"), hand.store("work_begun", [0]), shocks=shocks) == [(1, 0), (2, 0)]
    cols = hand.cols(persons, (hand.store("spared_once"),))
    rates = {"illness": 0, "illness_by_age": 1, "cost_low": 7, "cost_high": 7, "job_loss": 12, "job_loss_by_status": 1}
    found = hand.step("conduct.misfortune", {"job_loss": hand.batch("", [0, 1, 2])}, cols, rates, befalls=0, cost=0)
    assert [row["subject"] for row in found["shocks"]] == [1, 2]


class Steady:
    def __init__(self, regime, month):
        self.blocks = {name: Block(b.mechanism, b.params) for name, b in regime.at(month).items() if name in ("outcome.work", "conduct.misfortune")}

    def at(self, month):
        return self.blocks

    def change_months(self, start, end):
        return set()


def run(world, spans, months):
    counts = {table: world.count(table) for table in ("persons", "households", "places", "firms")}
    cut = make_spans(world.n_rows, world.columns["households.start"], spans)
    simulation = Simulation(Society(world.columns, world.networks, counts, cut, np.zeros(world.n_rows, np.uint16), 1, 7, {}), world.start_month, months, spans)
    arm = simulation.add("a", Steady(load_regime("society", catalogue()), world.start_month))
    found = []
    for month in (1, months):
        simulation.run(world.start_month + month)
        found.append({name: column.copy() for name, column in arm.stores["jobless"].data.items()})
    simulation.close()
    assert arm.stores["work_begun"].data["subject"].tolist() == [0]
    return found


def test_a_run_begins_with_the_worlds_unemployed_whatever_the_spans(monkeypatch):
    monkeypatch.setattr("scslab.engine.loop.THREAD_ROWS", 0, raising=False)
    world = build_world("county", 3000, 1, cache=False)
    first, last = run(world, 1, 30)
    adult = world.columns["persons.birth_month"] <= world.start_month - 216
    out = np.flatnonzero((world.standing(world.start_month)["status"] == UNEMPLOYED) & adult)
    assert len(out) > 30 and np.isin(out, first["subject"]).all()
    assert np.isin(out, last["subject"]).mean() < 0.15  # an eighth finds work each month
    for one, other in zip((first, last), run(world, 3, 30), strict=True):
        assert all(np.array_equal(one[name], other[name]) for name in one)


def two_of_tertiary(hand, **columns):
    """A student of 21 and somebody of 22 who has left, alike in all else."""
    same = {"education": [TERTIARY] * 2, "status": [EMPLOYEE] * 2, "income": [24_000] * 2, "sex": [0, 0], "role": [0, 0], "quintile": [2, 2],
            "conscientiousness": [0, 0], "means": [0, 0]}  # fmt: skip
    return hand.cols({**same, "birth_month": [hand.month - 12 * 21, hand.month - 12 * 22], **columns})


def test_students_have_no_income_to_borrow_on(hand):
    rates = {"loans": 12, "loans_by_age": 1, "months_low": 6, "months_high": 6, "posts": 0}
    rows = {"loan_application": hand.batch("", [0, 1])}
    found = hand.step("conduct.applications", rows, two_of_tertiary(hand), rates, act=0, size=0)
    assert [(row["subject"], row["amount"]) for row in found["loan_requests"]] == [(1, 12_000)]


def test_debts_of_students_are_the_least_there_are(hand):
    rates = {"dues": 1, "exposure": 1, "negligence": 1, "will": 0, "after_illness": 0, "after_job_loss": 0, "months_low": 6, "months_high": 6, "least": 500}
    rows = {"missed_payment": hand.batch("", [0, 1])}
    found = hand.step("conduct.payment", rows, two_of_tertiary(hand), rates, act=0, size=0)
    assert [(row["subject"], row["amount"]) for row in found["debts"]] == [(0, 500), (1, 12_000)]


def test_students_trade_nothing_and_break_no_rule_of_a_trade(hand):
    status = {"status": [SELF_EMPLOYED] * 2}
    rates = dict.fromkeys(REGISTRY["conduct.home"].params.fields(), 0)
    found = hand.step("conduct.home", {"counterfeiting": hand.batch("", [0, 1])}, two_of_tertiary(hand, **status), rates, act=0)
    assert [row["subject"] for row in found["acts"]] == [1]
    breaches = {"tax_evasion": {"self_employed": 1}, "power_theft": {"minor": 1}}
    sectors = {"occasions": 12, "breaches": breaches, "officers": 0, "exposure": 1, "smallest": 0, "doublings": 0}
    found = hand.step("conduct.sectors", hand.batch("", [0, 1]), two_of_tertiary(hand, **status), sectors, act=0, size=0)
    kinds = {(row["subject"], KIND.names[row["kind"]]) for row in found["acts"]}
    assert kinds == {(0, "power_theft"), (1, "tax_evasion")}
