"""Lending by nothing, by file and by score: who gets a loan, at what price, what is lost."""

from __future__ import annotations

from decimal import Decimal as D

import numpy as np
import pytest

from scslab.engine.declare import REGISTRY
from scslab.mechanisms.catalogue import load_all

load_all()
CREDIT = {
    "loans": 10000, "accepts": 1, "thin": D("0.5"), "accepts_thin": 0, "memory": 60, "default_by_will": 0, "default_by_negligence": 0, "term": 12,
}  # fmt: skip
CARD = {
    "low": 300, "high": 850, "base": 600, "file": 20, "character": 128, "capacity": 64, "record": 80, "overdue": 150, "cut": 620,
    "bands": {"bad": 300, "good": 620, "best": 700}, "prices": {"bad": D("9.56"), "good": D("7.3"), "best": D("5.99")},
}  # fmt: skip


def lend(hand, looks_at, scores=(), **changed):
    """Four applicants: without a file and means; with a clean file; with a bad record; in debt."""
    stores = (
        hand.store("bureau", [1, 2, 3], until=[0, hand.month + 9, 0]), hand.store("debts", [3]), hand.store("burdens"), hand.store("kin_burdens"),
        hand.store("credit_scores", [s for s, _, _ in scores], fit=[f for _, f, _ in scores], rate=[r for *_, r in scores], month=hand.month),
    )  # fmt: skip
    cols = hand.cols({"conscientiousness": [0, 0, 0, 255], "means": [10, 200, 200, 200]}, stores)
    asked = hand.batch("loan_requests", np.arange(4), amount=1000)
    words = {"accept": 5, "thin": 5, "order": 5, "round": 0, "default": 100, "when": 0}
    return hand.step("outcome.credit", {"loan_requests": asked}, cols, {**CREDIT, "looks_at": looks_at, **changed}, **words)


def granted(found):
    return [row["granted"] for row in found["loans"]]


def test_blind_lenders_see_neither_files_nor_debts(hand):
    assert granted(lend(hand, "none")) == [1, 1, 1, 1]
    assert granted(lend(hand, "history")) == [0, 1, 0, 0]


def test_a_score_decides_where_there_is_one_and_sets_the_price(hand):
    found = lend(hand, "score", [(0, 1, 730), (1, 0, 956), (2, 1, 956)])
    assert granted(found) == [1, 0, 1, 0]  # the fourth has no score: the debt decides
    assert [(row["subject"], row["rate"]) for row in found["lent"]] == [(0, 730), (2, 956)]
    old = lend(hand, "history", [(0, 1, 730)])
    assert granted(old) == [0, 1, 0, 0] and {row["rate"] for row in old["lent"]} == {0}


def test_what_is_lent_says_why_it_will_fail_and_the_debt_follows(hand):
    found = lend(hand, "none", default_by_negligence=D("0.5"))
    assert [row["cause"] > 0 for row in found["lent"]] == [True, True, True, False]  # the last is the most conscientious
    assert [row["subject"] for row in found["debts"]] == [0, 1, 2]


def query(hand, **changed):
    params = {"queried": 1, "other_data": 1, "noise": 0, "noise_other": 0, **changed}
    cols = hand.cols({"conscientiousness": [0, 200, 255], "means": [128, 10, 20]}, (hand.store("bureau", [0]),))
    words = {"character": 2**31 - 1, "capacity": 0, "query": 5, "other": 5}
    found = hand.step("observe.credit_query", hand.batch("loan_requests", np.arange(3)), cols, params, **words)
    return [(row["subject"], row["character"], row["capacity"]) for row in found.get("credit_queries", [])]


def test_a_bureau_reads_files_and_other_data_with_their_own_errors(hand):
    assert query(hand) == [(0, 0, 128), (1, 200, 10), (2, 255, 20)]
    assert query(hand, noise_other=30) == [(0, 0, 128), (1, 230, 0), (2, 255, 0)]
    assert query(hand, noise=30) == [(0, 30, 98), (1, 200, 10), (2, 255, 20)]
    assert [who for who, *_ in query(hand, other_data=0)] == [0]
    assert query(hand, queried=0) == []


def test_the_card_adds_up(hand):
    """600 + 20 for a file + 128 x (c - 128) / 128 + 64 x (m - 128) / 128 - 80 for a record shown - 150 for a debt."""
    stores = (hand.store("bureau", [1, 2], until=[hand.month, hand.month + 1]), hand.store("debts", [3]), hand.store("credit_scores"))
    queries = hand.batch("credit_queries", np.arange(5), character=[128, 192, 192, 128, 255], capacity=[128, 128, 0, 128, 255])
    hand.step("decide.credit_score", queries, hand.cols({"place": np.zeros(5)}, stores), CARD)
    held = stores[2]
    held._store.apply()
    assert (held.score / 100).tolist() == [600, 684, 540, 450, 790.5]
    assert held.fit.tolist() == [0, 1, 0, 0, 1] and held.rate.tolist() == [956, 730, 956, 956, 599]


def test_a_band_without_a_price_is_refused():
    with pytest.raises(ValueError, match="bands"):
        REGISTRY["decide.credit_score"].params.compile({**CARD, "prices": {"bad": 9, "good": 7}})


def test_the_recorder_counts_losses_and_a_years_interest(drive):
    made = drive({"measure.lending": {}})
    made.put("lent", [1, 2, 3], amount=[1000, 2000, 500], rate=[0, 600, 0], cause=[0, 0, 1]).run()
    counted = {name: made.count(name) for name in ("loans_paid_out", "loans_failed", "lent_yuan", "failed_yuan", "priced_yuan", "interest_yuan")}
    assert counted == {"loans_paid_out": [3], "loans_failed": [1], "lent_yuan": [3500], "failed_yuan": [500], "priced_yuan": [2000], "interest_yuan": [120]}
