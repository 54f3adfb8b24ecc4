"""What follows: the book of debts, who pays, work, travel, credit, rationed places, trust, privacy; computed by hand."""

from __future__ import annotations

from decimal import Decimal as D

import numpy as np
import pytest

from scslab.base.luck import ONE
from scslab.base.parameters import FACTOR_ONE
from scslab.engine.declare import REGISTRY
from scslab.mechanisms.kinds import BASIS, CAUSE, FAULT, GROUND, KIND, MEASURE, PAYMENT, TRUST

HALF = ONE // 2
WILL, ILLNESS, JOB_LOSS = (CAUSE.code(name) for name in ("will", "illness", "job_loss"))
OWN, KIN = BASIS.code("own"), BASIS.code("kin")
VOLUNTARY, PRESSED, SEIZED = (PAYMENT.code(name) for name in ("voluntary", "under_pressure", "seized"))
BOOK = {"write_off": 96, "small": 100}


def bit(name):
    return 1 << MEASURE.code(name)


# --- debts


def debts_step(hand, book, params=BOOK, **given):
    cols = hand.cols({"sex": [0] * 10}, (book,))
    found = hand.step("outcome.debts", given, cols, params)
    book._store.apply()
    return found


def test_debts_of_one_month_get_different_places_in_the_book(hand):
    book = hand.store("debts")
    found = debts_step(hand, book, debts=hand.batch("debts", [1, 1, 2], amount=[500, 600, 700], cause=WILL, kind=7))
    assert book.subject.tolist() == [1, 1, 2] and book.amount.tolist() == [500, 600, 700]
    assert set(book.opened.tolist()) == {hand.month} and set(book.cause.tolist()) == {WILL}
    assert [row["due"] for row in found["write_offs"]] == [hand.month + 96] * 3
    assert "write_offs" not in debts_step(hand, book, {**BOOK, "write_off": None}, debts=hand.batch("debts", [3], amount=5))


def two_debts(hand, **more):
    return hand.store("debts", [1, 1], sub=[1, 2], id=[11, 12], amount=[1000, 2000], cause=[ILLNESS, WILL], kind=7, **more)


def test_a_judgment_finds_its_debt_by_parent_and_else_the_oldest(hand):
    book = two_debts(hand)
    debts_step(hand, book, judgments=hand.batch("judgments", [1, 5], parent=[12, 12]))
    assert book.stage.tolist() == [0, 1] and book.judged.tolist() == [0, hand.month]
    debts_step(hand, book, judgments=hand.batch("judgments", [1], parent=[999]))
    assert book.stage.tolist() == [1, 1]


def test_a_judged_debt_paid_in_full_is_performed_and_an_overdue_one_just_ends(hand):
    book = two_debts(hand, stage=[1, 0], judged=[190, 0])
    paid = hand.batch("payments", [1, 1, 1], parent=[11, 11, 12], amount=[400, 500, 1950], ground=SEIZED)
    found = debts_step(hand, book, payments=paid)
    assert found["performances"] == [{"subject": 1, "kind": 7, "amount": 1000}]  # a rest of 100 is forgiven
    assert len(book) == 0


def test_part_payment_leaves_the_rest(hand):
    book = two_debts(hand, stage=1)
    assert "performances" not in debts_step(hand, book, payments=hand.batch("payments", [1], parent=[12], amount=800))
    assert book.amount.tolist() == [1000, 1200]


def test_a_write_off_ends_only_the_debt_it_names(hand):
    book = two_debts(hand)
    debts_step(hand, book, write_offs=hand.batch("write_offs", [1, 1], parent=[12, 999]))
    assert book.id.tolist() == [11]


# --- who pays

PAYS = {"pays": {"will": D("0.25"), "illness": D("0.25"), "others": 0}, "in_full": 0}


def paying(hand, word, will=1, need=1, in_full=0, **persons):
    held = hand.store("debts", [0, 1], id=[5, 6], amount=[1001, 1001], cause=[WILL, ILLNESS])
    cols = hand.cols({"sex": [0, 0], **persons}, (held,), factors={"payment.will": will, "payment.need": need})
    return hand.step("outcome.repayment", hand.each(held), cols, {**PAYS, "in_full": in_full}, pay=word, full=0)


def test_pressure_moves_the_will_and_only_its_own_share_is_under_pressure(hand):
    quarter = HALF // 2
    assert paying(hand, quarter) == {}
    pressed = paying(hand, quarter, will=2)["payments"]
    assert pressed == [{"subject": 0, "amount": 501, "ground": PRESSED}]
    both = paying(hand, quarter - 1, will=2, in_full=1)["payments"]
    assert [(row["subject"], row["amount"], row["ground"]) for row in both] == [(0, 1001, VOLUNTARY), (1, 1001, VOLUNTARY)]


def test_need_lowers_every_payment(hand):
    assert paying(hand, HALF // 4, need=0.5) == {}
    assert len(paying(hand, HALF // 4 - 1, need=0.5)["payments"]) == 2


def test_the_dead_owe_nothing(hand):
    found = paying(hand, 0, death_month=[hand.month, 32767])
    assert [row["subject"] for row in found["payments"]] == [1]
    assert found["write_offs"] == [{"subject": 0, "ground": GROUND.code("died")}]


# --- work

WORK = {"barred_from_post": 1, "screened_out": D("0.5"), "finds": D("0.5"), "listed": D("0.5")}
EMPLOYEE, PUBLIC, RETIRED = 1, 4, 7


def working(hand, held, **given):
    persons = {"status": [EMPLOYEE, PUBLIC, RETIRED, EMPLOYEE], "listed": [0, 0, 0, 1]}
    found = hand.step("outcome.work", given, hand.cols(persons, (held,)), WORK, find=HALF // 2, screened=HALF - 1, barred=0)
    held._store.apply()
    return [(row["subject"], row["gained"]) for row in found.get("jobs", [])]


def test_work_is_lost_by_misfortune_by_a_bar_and_by_screening(hand):
    jobless = hand.store("jobless")
    public = MEASURE.code("public_job")
    shocks = hand.batch("shocks", [0, 2], cause=JOB_LOSS, kind=KIND.code("job_loss"))
    measures = hand.batch("measures", [0, 1, 1], measure=[public, public, 0], basis=[OWN, OWN, OWN])
    listings = hand.batch("listings", [0, 1, 3])
    assert working(hand, jobless, shocks=shocks, measures=measures, listings=listings) == [(0, 0), (1, 0), (3, 0)]
    assert jobless.subject.tolist() == [0, 1, 3] and set(jobless.cause.tolist()) == {JOB_LOSS}
    assert working(hand, jobless, measures=hand.batch("measures", [1], measure=public, basis=OWN)) == []


def test_a_bar_on_kin_costs_nobody_a_post(hand):
    measures = hand.batch("measures", [1], measure=MEASURE.code("public_job"), basis=KIN)
    assert working(hand, hand.store("jobless"), measures=measures) == []


def test_listed_persons_find_work_more_slowly(hand):
    jobless = hand.store("jobless", [0, 3], since=190, cause=JOB_LOSS)
    assert working(hand, jobless, jobless=hand.each(jobless)) == [(0, 1)]
    assert jobless.subject.tolist() == [3]
    working(hand, jobless, jobs=hand.batch("jobs", [3], kind=KIND.code("post_application"), gained=1))
    assert len(jobless) == 0


def test_hardship_is_a_factor_on_those_without_work(hand):
    made = REGISTRY["outcome.hardship"]
    cols = hand.cols({"sex": [0, 0]}, (hand.store("jobless", [1]),))
    ask = lambda factor: made.step("payment.need", np.arange(2), cols, made.params.compile({"jobless": factor}))  # noqa: E731
    assert ask(D("0.25")).tolist() == [FACTOR_ONE, FACTOR_ONE // 4]
    assert ask(1) is None


# --- travel


def travel(hand, own, kin, again, **words):
    stores = [hand.store(name, list(masks), mask=list(masks.values())) for name, masks in (("burdens", own), ("kin_burdens", kin))]
    given = {"burdens": hand.each(stores[0]), "kin_burdens": hand.each(stores[1])}
    rate = {"lowest": 12, "others": 0}
    params = {"air": rate, "rail": rate, "air_insists": 1, "rail_insists": 1, "again": again}
    cols = hand.cols({"quintile": [0, 0, 0, 4]}, tuple(stores))
    found = hand.step("outcome.travel", given, cols, params, **words)
    return [(row["subject"], row["measure"], row["basis"]) for row in found.get("refusals", [])]


def test_barred_persons_are_refused_on_their_own_basis_first(hand):
    both = bit("air") | bit("high_speed_rail")
    air, rail = MEASURE.code("air"), MEASURE.code("high_speed_rail")
    refused = travel(hand, {0: bit("air"), 3: both}, {0: both, 2: bit("hotel")}, 0, air=0, rail=0, again_air=0, again_rail=0)
    assert refused == [(0, air, OWN), (0, rail, KIN)]  # person 3 never travels, person 2 is barred from hotels only


def test_people_try_again_a_bounded_number_of_times(hand):
    words = {"air": {0: 0, 1: ONE - 1}, "rail": 0, "again_air": 0, "again_rail": 0}
    assert len(travel(hand, {0: bit("air"), 1: bit("air")}, {}, 1, **words)) == 8


# --- credit and rationed places

CREDIT = {
    "loans": 10_000, "accepts": D("0.5"), "thin": D("0.5"), "accepts_thin": D("0.5"), "memory": 60,
    "default_by_will": D("0.25"), "default_by_negligence": D("0.25"), "term": 12,
}  # fmt: skip


def lending(hand, n, params=None, burdens=(), owed=(), bureau=None, means=255, order=0, default=ONE - 1, accept=0, thin=0, debts=()):
    stores = (
        hand.store("burdens", list(burdens), mask=bit("credit")), hand.store("kin_burdens"),
        hand.store("debts", list(owed), amount=1), bureau or hand.store("bureau"),
    )  # fmt: skip
    cols = hand.cols({"conscientiousness": [0] * n, "means": [means] * n}, stores)
    given = {"loan_requests": hand.batch("loan_requests", range(n), amount=1000, kind=KIND.code("loan_application"))}
    if len(debts):
        given["debts"] = hand.batch("debts", debts)
    words = {"accept": accept, "thin": thin, "order": order, "round": 0, "default": default, "when": 0}
    found = hand.step("outcome.credit", given, cols, {**CREDIT, **(params or {})}, **words)
    stores[3]._store.apply()
    return found, stores[3]


def granted(found):
    return [row["granted"] for row in found["loans"]]


def test_a_barred_applicant_is_refused_and_the_loan_goes_to_the_next(hand):
    order = {0: 1, 1: 2, 2: 3, 3: 4}
    found, _ = lending(hand, 4, {"loans": 5000}, burdens=[0], order=order)
    assert granted(found) == [0, 1, 1, 0]
    assert found["refusals"] == [{"subject": 0, "measure": MEASURE.code("credit"), "basis": OWN}]
    assert found["gains"] == [{"subject": 2, "measure": MEASURE.code("credit")}]
    without, _ = lending(hand, 4, {"loans": 5000}, order=order)
    assert granted(without) == [1, 1, 0, 0] and "gains" not in without


def test_bad_records_open_debts_and_thin_files(hand):
    file = hand.store("bureau", [0, 1], until=[hand.month, hand.month + 1])
    found, _ = lending(hand, 4, bureau=file, owed=[2])
    assert granted(found) == [1, 0, 0, 1]
    found, after = lending(hand, 2, means=127, thin={0: HALF - 1, 1: HALF})
    assert granted(found) == [1, 0] and [row["thin"] for row in found["loans"]] == [1, 1]
    assert after.subject.tolist() == [0] and after.until.tolist() == [0]
    assert [row["thin"] for row in lending(hand, 1, means=128)[0]["loans"]] == [0]
    assert granted(lending(hand, 1, accept=HALF)[0]) == [0]


def test_a_new_debt_marks_the_file_for_five_years(hand):
    _, after = lending(hand, 1, debts=[0, 0, 2])
    assert after.subject.tolist() == [0, 2] and after.until.tolist() == [hand.month + 60] * 2


@pytest.mark.parametrize(("word", "cause"), [(HALF // 2 - 1, "negligence"), (HALF // 2, "will"), (HALF, "")])
def test_some_loans_go_bad_later(hand, word, cause):
    found, _ = lending(hand, 1, default=word)
    expected = [{"subject": 0, "kind": KIND.code("missed_payment"), "cause": CAUSE.code(cause), "due": hand.month + 1}] if cause else None
    assert found.get("debts") == expected and found.get("acts") == expected


@pytest.mark.parametrize(
    ("name", "table", "params", "measure"),
    [
        ("outcome.school", "school_requests", {"places": 5000}, "private_school"),
        ("outcome.public_jobs", "post_requests", {"posts": 5000}, "public_job"),
    ],
)
def test_rationed_places_have_rivals(hand, name, table, params, measure):
    cols = hand.cols({"sex": [0] * 4}, (hand.store("burdens"), hand.store("kin_burdens", [1], mask=bit(measure))))
    found = hand.step(name, hand.batch(table, range(4)), cols, params, order={0: 9, 1: 1, 2: 5, 3: 7}, round=0)
    assert found["refusals"] == [{"subject": 1, "measure": MEASURE.code(measure), "basis": KIN}]
    assert [row["subject"] for row in found["gains"]] == [3]
    assert [row["subject"] for row in found.get("jobs", [])] == ([2, 3] if measure == "public_job" else [])


# --- trust and privacy


def test_trust_moves_by_channel_and_a_weight_of_zero_is_silence(hand):
    brought = [0, 0, MEASURE.code("cash_reward"), MEASURE.code("shaming")]
    measures = hand.batch("measures", [1, 2, 3, 4], measure=brought, basis=[OWN, KIN, OWN, OWN])
    listings = hand.batch("listings", [1, 2, 3], true_actor=[1, 9, 3], fault=[0, 0, FAULT.code("stale")])
    given = {"measures": measures, "listings": listings, "notices": hand.batch("notices", [1])}
    weights = dict.fromkeys(TRUST.names, D("-1"))
    found = hand.step("outcome.trust", given, hand.cols({"sex": [0]}), {"weights": weights})["trust_events"]
    got = sorted((row["subject"], TRUST.names[row["channel"]]) for row in found)
    assert got == [(1, "notice"), (1, "own_sanction"), (2, "kin_sanction"), (2, "wrongful"), (3, "perk"), (3, "wrongful"), (4, "shaming")]
    assert {row["weight"] for row in found} == {-FACTOR_ONE}
    assert hand.step("outcome.trust", given, hand.cols({"sex": [0]}), {"weights": dict.fromkeys(TRUST.names, 0)}) == {}


def test_privacy_counts_parties(hand):
    given = {"records": hand.batch("records", [1]), "listings": hand.batch("listings", [2])}
    found = hand.step("outcome.privacy", given, hand.cols({"sex": [0]}), {"record": 3, "listing": 0, "measure": 5})
    assert found == {"disclosures": [{"subject": 1, "parties": 3}]}


# --- null values switch an outcome off exactly


def test_null_values_do_nothing(hand):
    jobless = hand.store("jobless")
    given = {
        "measures": hand.batch("measures", [1], measure=MEASURE.code("public_job"), basis=OWN),
        "listings": hand.batch("listings", [0]),
    }
    cols = hand.cols({"status": [EMPLOYEE, PUBLIC], "listed": [1, 1]}, (jobless,))
    assert hand.step("outcome.work", given, cols, {**WORK, "barred_from_post": 0, "screened_out": 0}) == {}
    burdens, kin = hand.store("burdens", [0], mask=bit("air") | bit("high_speed_rail")), hand.store("kin_burdens")
    words = dict.fromkeys(("air", "rail", "again_air", "again_rail"), 0)
    none = dict.fromkeys(("air", "rail", "air_insists", "rail_insists", "again"), 0)
    given = {"burdens": hand.each(burdens), "kin_burdens": hand.each(kin)}
    assert hand.step("outcome.travel", given, hand.cols({"quintile": [0]}, (burdens, kin)), none, **words) == {}
    found, _ = lending(hand, 3, {"loans": 0, "default_by_will": 1})
    assert granted(found) == [0, 0, 0] and "debts" not in found and "gains" not in found
    cols = hand.cols({"sex": [0] * 2}, (hand.store("burdens", [0], mask=bit("private_school")), hand.store("kin_burdens")))
    found = hand.step("outcome.school", hand.batch("school_requests", range(2)), cols, {"places": 0}, order=0, round=0)
    assert list(found) == ["refusals"]
