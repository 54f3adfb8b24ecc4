"""What people do: who can act, what traits and modifiers do to the chance, why debts arise; and the rates of a small county."""

from __future__ import annotations

from decimal import Decimal as D

import numpy as np
import pytest

from scslab.base.exact import places_this_month
from scslab.base.luck import ONE
from scslab.engine.arm import Society
from scslab.engine.declare import REGISTRY
from scslab.engine.loop import Simulation, make_spans
from scslab.mechanisms.catalogue import catalogue
from scslab.mechanisms.common import between, falling, ration, rising, running_number, thinned
from scslab.mechanisms.kinds import CAUSE, KIND
from scslab.regime import load_regime
from scslab.world import build_world

WILL, NEGLIGENCE, ILLNESS, JOB_LOSS = (CAUSE.code(name) for name in ("will", "negligence", "illness", "job_loss"))
HALF = ONE // 2


def test_fixed_point_helpers():
    quantile = np.array([0, 51, 255], np.uint8)
    assert rising(quantile).tolist() == [0, 13107, 65536]
    assert falling(quantile).tolist() == [65536, 52428, 0]
    assert rising(quantile, 2).tolist() == [0, 13107 * 13107 >> 16, 65536]
    assert thinned(np.array([HALF]), np.array([3 << 16])).tolist() == [ONE]
    assert between(np.array([0, ONE - 1], np.uint32), 3, 5).tolist() == [3, 5]
    assert running_number(np.array([4, 4, 7, 9, 9, 9])).tolist() == [0, 1, 0, 0, 1, 2]


def test_places_are_rounded_by_luck_and_never_lost():
    assert places_this_month(3 << 16, 10_000, ONE - 1) == 3
    assert [places_this_month(1 << 15, 10_000, word) for word in (HALF - 1, HALF)] == [1, 0]
    assert places_this_month(0, 10_000, 0) == 0


def test_a_blocked_place_goes_to_the_next_in_keyed_order():
    words, ids = np.array([40, 10, 30, 20]), np.arange(4)
    placed, gained = ration(words, ids, np.array([False, True, False, False]), 2)  # order 1 (blocked), 3, 2, 0
    assert placed.tolist() == [False, False, True, True]
    assert gained.tolist() == [False, False, True, False]


TRAFFIC = {"trips": 1, "violation": D("0.5"), "drinks": 1, "drunk_driving": 1, "accidents": 1, "hit_and_run": 1}


def violators(hand, word, factor=None, **persons):
    people = {"role": [4, 4, 0, 4], "boldness": [0] * 4, **persons}
    cols = hand.cols(people, factors={"conduct.traffic_violation": factor} if factor is not None else None)
    found = hand.step("conduct.traffic", {"traffic_violation": hand.batch("", range(4))}, cols, TRAFFIC, act=word)
    return [row["subject"] for row in found.get("acts", [])]


def test_only_living_adults_with_a_licence_break_traffic_rules(hand):
    born = [hand.month - 480, hand.month - 480, hand.month - 480, hand.month - 215]
    assert violators(hand, 0, birth_month=born) == [0, 1]
    assert violators(hand, 0, death_month=[hand.month, 32767, 32767, 32767]) == [1, 3]


def test_occasions_are_shared_out_by_trait_and_deterrence_thins_them():
    made = REGISTRY["conduct.traffic"]
    p = made.params.compile(TRAFFIC)
    share = made.on[0].share(p)
    assert (made.on[0].trait, share[0], share[255]) == ("persons.conscientiousness", HALF, 0)
    assert share[51] == HALF * 52428 >> 16 and (np.diff(share) <= 0).all()


def test_a_factor_thins_acts_and_cannot_add_any(hand):
    assert violators(hand, ONE - 1) == [0, 1, 3]
    assert violators(hand, HALF, factor=0.5) == []
    assert violators(hand, HALF - 1, factor=0.5) == [0, 1, 3]
    assert violators(hand, ONE - 1, factor=8) == [0, 1, 3]
    assert violators(hand, 0, factor=0) == []


PAYMENT = {
    "dues": 1, "exposure": {"female": 0, "male": {"40_49": 1, "others": D("0.5")}}, "negligence": D("0.25"), "will": D("0.25"),
    "after_illness": 1, "after_job_loss": D("0.5"), "months_low": 6, "months_high": 6, "least": 3000,
}  # fmt: skip


def payments(hand, given, word, factor=1, **persons):
    people = {"sex": [1, 0], "conscientiousness": [0, 0], "means": [0, 255], "income": [60_000, 1000], **persons}
    cols = hand.cols(people, factors={"conduct.missed_payment": factor})
    return hand.step("conduct.payment", given, cols, PAYMENT, act=word, size=0)


QUARTER = HALF // 2


@pytest.mark.parametrize(
    ("word", "factor", "cause"),
    [(QUARTER - 1, 1, NEGLIGENCE), (QUARTER, 1, WILL), (HALF, 1, 0), (HALF, 2, WILL), (QUARTER - 1, 0, NEGLIGENCE), (QUARTER, 0, 0)],
)
def test_one_word_decides_negligence_then_will_and_pressure_moves_only_will(hand, word, factor, cause):
    found = payments(hand, {"missed_payment": hand.batch("", [0, 1])}, word, factor)
    row = {"subject": 0, "kind": KIND.code("missed_payment"), "cause": cause, "amount": 30_000}
    assert found == ({"acts": [row], "debts": [row]} if cause else {})


def test_illness_leaves_its_cost_and_means_protect(hand):
    shocks = hand.batch("shocks", [0, 1], amount=[20_000, 20_000], cause=ILLNESS, kind=KIND.code("illness"))
    found = payments(hand, {"shocks": shocks}, 0, sex=[1, 1])
    assert [(row["subject"], row["amount"], row["cause"]) for row in found["debts"]] == [(0, 20_000, ILLNESS)]


def test_a_lost_job_is_counted_once_whether_by_shock_or_by_the_regime(hand):
    shock = hand.batch("shocks", [0], cause=JOB_LOSS, kind=KIND.code("job_loss"))
    echo = hand.batch("jobs", [0], cause=JOB_LOSS, kind=KIND.code("job_loss"), gained=0)
    barred = hand.batch("jobs", [0], cause=JOB_LOSS, kind=KIND.code("unperformed_judgment"), gained=0)
    found = [payments(hand, {given.table: given}, HALF - 1).get("debts", []) for given in (shock, echo, barred)]
    assert [[row["cause"] for row in rows] for rows in found] == [[JOB_LOSS], [], [JOB_LOSS]]
    assert payments(hand, {"shocks": shock}, HALF) == {}


def test_misfortune_depends_on_no_regime():
    made = REGISTRY["conduct.misfortune"]
    assert not made.quantities and not made.stores and not made.networks
    assert set(made.reads) == {"persons.birth_month", "persons.death_month", "persons.education", "persons.status"}


def test_conduct_enters_no_group():
    for made in REGISTRY.values():
        assert made.phase != "conduct" or not {"persons.hukou"} & set(made.reads)


def test_school_choice_is_for_entry_ages_in_september(hand):
    september = 200 - 200 % 12 + 8
    ages = [12 * 6, 12 * 6 + 11, 12 * 7, 12 * 12, 12 * 6 - 1]
    persons = {"birth_month": [september - a for a in ages], "place": [0] * 5, "quintile": [4] * 5}

    class Everybody:
        lo, hi, is_range = 0, 5, True

        def emit(self, table, parent, kind):
            return parent.tolist()

    made = REGISTRY["conduct.school_choice"]
    p = made.params.compile({"applies": 1})
    cols = hand.cols(persons, month=september, places={"urban": np.zeros(1, np.uint8)})
    luck = type("L", (), {"at": staticmethod(lambda name, ids: np.zeros(len(ids), np.uint32))})
    assert made.step(Everybody(), cols, p, luck) == [0, 1, 3]
    cols.month = september + 1
    assert made.step(Everybody(), cols, p, luck) is None


class Steady:
    def __init__(self, regime, month):
        self.blocks = regime.at(month)

    def at(self, month):
        return self.blocks

    def change_months(self, start, end):
        return set()


def county(months, spans=1, seed=7):
    world = build_world("county", 3000, 1, cache=False)
    counts = {table: world.count(table) for table in ("persons", "households", "places", "firms")}
    cut = make_spans(world.n_rows, world.columns["households.start"], spans)
    society = Society(world.columns, world.networks, counts, cut, np.zeros(world.n_rows, np.uint16), 1, seed, {})
    rows = {}
    keep = lambda arm, new, month, instance: rows.setdefault(new.table, []).append(new.rows().data)  # noqa: E731
    simulation = Simulation(society, world.start_month, months, spans, keep=keep)
    simulation.add("a", Steady(load_regime("society", catalogue()), world.start_month))
    simulation.run(world.start_month + months)
    simulation.close()
    joined = {table: {c: np.concatenate([p[c] for p in parts]) for c in parts[0]} for table, parts in rows.items()}
    return world, joined


def test_the_society_has_sensible_rates():
    months = 36
    world, rows = county(months)
    age = world.start_month - world.columns["persons.birth_month"].astype(int)
    adult_years = ((age >= 216) & (world.columns["persons.death_month"] > world.start_month)).sum() * months / 12
    per_year = {name: np.sum(rows["acts"]["kind"] == KIND.code(name)) / adult_years for name in KIND.names}
    assert 0.2 < per_year["traffic_violation"] < 0.6
    assert 0.1 < per_year["volunteering"] < 0.4
    assert 0.2 < per_year["critical_post"] < 0.6
    assert 0.007 < per_year["missed_payment"] < 0.025
    assert 0.05 < len(rows["shocks"]["id"]) / adult_years < 0.15
    assert 0.005 < len(rows["debts"]["id"]) / adult_years < 0.03
    assert rows["acts"]["cause"].min() > 0


def test_rows_do_not_depend_on_spans(monkeypatch):
    monkeypatch.setattr("scslab.engine.loop.THREAD_ROWS", 0, raising=False)
    one, three = county(14)[1], county(14, spans=3)[1]
    assert one.keys() == three.keys()
    for table in one:
        for column in one[table]:
            assert np.array_equal(one[table][column], three[table][column]), (table, column)
