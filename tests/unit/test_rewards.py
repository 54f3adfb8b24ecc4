"""Rewards and the doors of daily life: merits, nominations, redlists; refusals, costs and perks by measure; strain; all computed by hand."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.base.luck import ONE
from scslab.base.parameters import FACTOR_ONE
from scslab.engine.batches import Batches
from scslab.engine.declare import REGISTRY
from scslab.measure.outcomes import outcome
from scslab.mechanisms.kinds import BASIS, GROUND, KIND, MEASURE, PERKS
from scslab.mechanisms.wrongfulness import is_praise

START, N = 240, 12
REGISTER = {"review.register": {}, "review.memory": {}}
OWN, KIN = BASIS.code("own"), BASIS.code("kin")


def bit(*names):
    return int(sum(1 << MEASURE.code(name) for name in names))


# ------------------------------------------------------------------ redlists


MERITS = {"kinds": ["volunteering", "donation"], "each": {"donation": 5}, "per_amount": {"volunteering": 1}}
RED = {"merits": 10, "nominated": False, "term": 12, "clean_for": 24, "adverse": ["court"]}
MODELS = {**RED, "merits": 0, "nominated": True}


def test_merits_add_up_over_a_calendar_year(drive):
    rows = drive({"record.merits": MERITS, "decide.merit_list:star": RED, **REGISTER})
    rows.put("records", [1, 2], "volunteering", amount=[6, 4]).put("records", [2], "donation").run()
    assert rows.of("merits", "subject", "total") == [(0, 1, 6), (0, 2, 9)]
    assert rows.listed("star") == []
    rows.put("records", [1], "volunteering", amount=4).run()
    assert rows.listed("star") == [1]
    assert rows.arm.stores["listings"].data["until"].tolist() == [START + 13]
    rows.run(10).put("records", [2], "donation").run()  # a new year has begun: the nine merits are wiped out
    assert rows.listed("star") == [1]


def test_a_nomination_praises_and_a_blacklisting_ends_it(drive):
    tax = {"kinds": ["tax_evasion"], "term": {"tax_evasion": 6}, "age_min": 18, "extension": 0, "longest": None, "relist_bar": 0, "grace": 0, "least": 0}
    rows = drive({"decide.merit_list:star": MODELS, "decide.agency_list:court": tax, **REGISTER})
    rows.put("records", [1, 2], "nomination").run()
    assert rows.listed("star") == [1, 2] and not [row for row in rows.rows["listings"] if not is_praise_row(row)]
    rows.put("records", [1], "tax_evasion").run()
    assert rows.listed("star") == [1, 2]
    rows.run()
    assert rows.listed("star") == [2] and rows.of("listing_ends", "subject", "ground") == [(2, 1, GROUND.code("misconduct"))]
    rows.run(6).put("records", [1], "nomination").run()  # the blacklisting ended too lately
    assert rows.listed("star") == [2]
    rows.put("records", [2], "nomination").run()
    assert rows.arm.stores["listings"].data["until"].tolist() == [START + 10 + 12]


def test_who_stays_on_the_redlist_longer_anyway_gets_no_extension(drive):
    rows = drive({"decide.merit_list:star": MODELS, **REGISTER})
    rows.put("entries", [1, 2, 3], list=5, until=[START + 30, START + 13, START + 12]).run()
    rows.put("records", [1, 2, 3], "nomination").run()
    assert rows.of("extensions", "subject", "months") == [(1, 3, 1)]
    assert rows.arm.stores["listings"].data["until"].tolist() == [START + 30, START + 13, START + 13]


def is_praise_row(row):
    return bool(is_praise(type("One", (), {"kind": np.array([row.kind]), "until": np.array([row.until])})())[0])


def test_nominations_by_merit_office_and_quintile(hand):
    rows = hand.batch("", [0, 1, 2, 3], kind=KIND.code("nomination"))
    params = {"occasions": 1, "named": {"none": 0.25, "officer": 0.5, "official": 1}, "merit": 1, "quintile": {"lowest": 0.5, "others": 1}}
    persons = {"role": [0, 2, 1, 1], "quintile": [4, 4, 4, 0], "prosociality": [255, 255, 255, 255]}

    def named(word, **changes):
        found = hand.step("observe.nomination", rows, hand.cols({**persons, **changes}), params, choose=word)
        return [row["subject"] for row in found.get("observations", [])]

    assert named(ONE // 4) == [1, 2, 3] and named(ONE // 4 - 1) == [0, 1, 2, 3]
    assert named(ONE // 2) == [2] and named(ONE // 2 - 1) == [1, 2, 3]
    assert named(0, prosociality=[0, 0, 255, 255]) == [2, 3]


@pytest.mark.small_world
def test_praise_is_counted_by_office(drive):
    role = np.zeros(N, np.uint8)
    role[[1, 2]] = 1, 2
    rows = drive({"decide.merit_list:star": MODELS, "measure.redlists": {"lists": ["star"]}, **REGISTER}, persons__role=role)
    rows.put("records", [1, 2, 3], "nomination").run(2)
    count = {name: int(array.sum()) for name, array in rows.arm.tallies.items()}
    assert [count[f"red_entries{of}"] for of in ("", ".official", ".officer", ".none")] == [3, 1, 1, 1]
    assert [count[f"red_stock{of}"] for of in ("", ".official", ".officer", ".none")] == [6, 2, 2, 2]
    assert [count[f"office_months.{of}"] for of in ("official", "officer", "none")] == [12, 12, 120]
    sums = {name: np.array([float(value)]) for name, value in count.items()}
    assert outcome("praise_of_officials").formula(sums, np.ones(1))[0] == pytest.approx(10)


# ------------------------------------------------------------------ doors, loans, strain, a closer look


DOORS = {
    "occasions": {"hotel": 1200, "school_place": 1200, "cash_reward": 1200}, "exposure": {"hotel": {"lowest": 0.5, "others": 1}},
    "cost": {"hotel": 100, "cash_reward": 200}, "of_income": {"hotel": 0.5}, "of_minors": ["school_place"],
}  # fmt: skip


def doors(hand, own, kin=(), word=0, **persons):
    """Person i has the masks own[i] and kin[i]; income is 12,000, so a month's is 1,000."""
    n = len(own)
    full = {"quintile": [2] * n, "income": [12_000] * n, **persons}
    burdens = hand.store("burdens", np.flatnonzero(own), sub=1, mask=np.array(own)[np.flatnonzero(own)])
    others = hand.store("kin_burdens", np.flatnonzero(kin), mask=np.array(kin)[np.flatnonzero(kin)] if len(kin) else 0)
    given = {"burdens": hand.each(burdens), "kin_burdens": hand.each(others)}
    return hand.step("outcome.doors", given, hand.cols(full, (burdens, others)), DOORS, meet=word)


def test_a_measure_refuses_and_costs_and_a_perk_pays(hand):
    found = doors(hand, [bit("hotel", "cash_reward"), bit("air")])
    code, reward = MEASURE.code("hotel"), MEASURE.code("cash_reward")
    assert found["refusals"] == [{"subject": 0, "kind": 0, "measure": code, "basis": OWN}]
    assert found["losses"] == [{"subject": 0, "kind": 0, "measure": code, "basis": OWN, "amount": 600}]
    assert found["perk_uses"] == [{"subject": 0, "kind": 0, "measure": reward, "amount": 200}]


def test_occasions_come_by_quintile(hand):
    chance = REGISTRY["outcome.doors"].params.compile(DOORS).occasions[MEASURE.code("hotel")]
    own = [bit("hotel")] * 2
    found = doors(hand, own, word=int(chance) // 2, quintile=[0, 4])
    assert [row["subject"] for row in found["refusals"]] == [1]


def test_school_bites_on_minors_and_nothing_twice(hand):
    born = [hand.month - 12 * 10, hand.month - 480]
    found = doors(hand, [0, bit("hotel")], [bit("school_place"), bit("hotel", "school_place")], birth_month=born)
    assert [(row["subject"], row["measure"], row["basis"]) for row in found["refusals"]] == [
        (1, MEASURE.code("hotel"), OWN), (0, MEASURE.code("school_place"), KIN),
    ]  # fmt: skip


def test_every_measure_of_the_catalogue_has_an_occasion_a_price_and_a_weight(hand):
    """Issue: each measure has an execution, a weight, an occasion with a refusal, and a cost; those with a mechanism of their own are named here."""
    from scslab.mechanisms.catalogue import catalogue
    from scslab.regime.library import load_regime

    at = load_regime("agency-law", catalogue()).at(230)
    doors, weights = at["outcome.doors"].params, at["measure.burden_yuan"].params.month
    own_mechanism = {"air", "high_speed_rail", "credit", "private_school", "public_job", "loan_price", "cheaper_loan", "licence_suspended"}
    for code, name in enumerate(MEASURE.names):
        if name in own_mechanism:
            assert doors.occasions[code] == 0, name
        else:
            assert doors.occasions[code] > 0 and doors.cost[code] + doors.of_income[code] > 0, name
        assert name in PERKS or weights[code] > 0, name
    carried_out = {}
    for regime in ("ordinary-law", "court-list", "agency-lists", "joint-sanctions", "redlists", "rongcheng-2016", "family-liability"):
        for instance, block in load_regime(regime, catalogue()).at(230).items():
            if instance.startswith("enforce.measures"):
                carried_out.update({MEASURE.names[c]: regime for c in np.flatnonzero(block.params.execution + block.params.spill)})
            for table in [getattr(block.params, "measures", None)] if instance == "enforce.joint" else []:
                carried_out.update({full.partition(".")[2]: regime for full in table[0]})
    assert set(MEASURE.names) == set(carried_out)


def test_loans_are_dearer_for_some_and_cheaper_for_others(hand):
    burdens = hand.store("burdens", [0, 1], sub=1, mask=[bit("loan_price"), bit("cheaper_loan")])
    kin = hand.store("kin_burdens", [2], mask=bit("loan_price"))
    cols = hand.cols({"sex": [0] * 4}, (burdens, kin))
    loans = hand.batch("loans", [0, 1, 2, 3, 0], amount=10_000, granted=[1, 1, 1, 1, 0])
    found = hand.step("outcome.loan_terms", loans, cols, {"surcharge": 0.25, "discount": 0.125, "term": 24})
    assert [(row["subject"], row["basis"], row["amount"]) for row in found["losses"]] == [(0, OWN, 5000), (2, KIN, 5000)]
    assert [(row["subject"], row["amount"]) for row in found["perk_uses"]] == [(1, 2500)]


def test_strain_adds_up_fades_and_keeps_debtors_from_paying(drive, hand):
    rows = drive({"outcome.strain": {"fades": 0.5}}).put("losses", [1, 1, 2], amount=[100, 200, 15]).run()
    held = rows.arm.stores["strain"].data
    assert dict(zip(held["subject"], held["amount"], strict=True)) == {1: 300, 2: 15}
    rows.put("losses", [1], amount=50).run()
    assert dict(zip(held["subject"], held["amount"], strict=True)) != {1: 200}
    held = rows.arm.stores["strain"].data
    assert dict(zip(held["subject"], held["amount"], strict=True)) == {1: 200}
    store = hand.store("strain", [0, 1], amount=[3000, 12_000])
    cols = hand.cols({"income": [12_000] * 3}, (store,))
    made = REGISTRY["outcome.strained_debtors"]
    factors = made.step("payment.need", np.array([0, 1, 2]), cols, made.params.compile({"weight": 2, "floor": 0.25}))
    assert (factors / FACTOR_ONE).tolist() == [0.5, 0.25, 1]
    none = made.step("payment.need", np.array([0, 1, 2]), cols, made.params.compile({"weight": 0, "floor": 0.25}))
    assert none.tolist() == [FACTOR_ONE] * 3


def test_a_closer_look_multiplies_and_a_perk_divides(hand):
    store = hand.store("burdens", [0, 1, 2], sub=1, mask=[bit("inspections", "close_review"), bit("fewer_inspections"), bit("air")])
    made = REGISTRY["enforce.closer_look"]
    params = made.params.compile({"more": {"inspections": 3, "close_review": 2}, "fewer": 0.5})
    factors = made.step("inspection.rate", np.arange(4), hand.cols({"sex": [0] * 4}, (store,)), params)
    assert (factors / FACTOR_ONE).tolist() == [3, 0.5, 1, 1]


@pytest.mark.small_world
def test_the_burden_is_counted_measure_by_measure(hand):
    made = REGISTRY["measure.by_measure"]
    burdens = hand.store("burdens", [0, 0, 1], sub=[1, 2, 1], mask=[bit("air"), bit("air", "hotel"), bit("hotel")])
    kin = hand.store("kin_burdens", [1, 2], mask=[bit("hotel", "credit"), bit("credit")])
    cols = hand.cols({"sex": [0] * 3}, (burdens, kin))
    lost = hand.batch("losses", [0, 1], measure=MEASURE.code("hotel"), amount=[10, 20])
    given = {"burdens": hand.each(burdens), "kin_burdens": hand.each(kin), "losses": lost,
             "perk_uses": hand.batch("perk_uses", [2], measure=MEASURE.code("fast_lane"), amount=5)}  # fmt: skip
    found = {}
    for tally in made.step(Batches(given), cols, made.params.compile({"measures": ["air", "hotel", "credit", "fast_lane"]}), None):
        weight = len(tally.subject) if tally.weight is None else int(np.sum(tally.weight))
        found[tally.name] = found.get(tally.name, 0) + weight
    assert found == {
        "months_under.air": 1, "months_under.hotel": 2, "months_under.credit": 2, "losses_yuan": 30, "loss_of.hotel": 30, "perks_yuan": 5,
        "worth_of.fast_lane": 5, "perks_used": 1,
    }  # fmt: skip
