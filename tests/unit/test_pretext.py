"""Pretext: a critic met by a claim on another ground, up to the list; the root of the listing by the chain of truth."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scslab.mechanisms.kinds import CAUSE, KIND
from scslab.mechanisms.tables_pretext import WAY
from scslab.mechanisms.wrongfulness import WRONG, wrong_class

POST, CLAIM, REFUSAL, MISSED = KIND.codes(("critical_post", "pretext_claim", "refusal_to_perform", "missed_payment"))
PRETEXT = CAUSE.code("pretext")
RULE = {
    "answered": 0.5, "sued": 0.4, "stands": {"suit": 0.7, "fine": 1}, "low": {"suit": 5000, "fine": 500}, "high": {"suit": 5000, "fine": 901}, "delay": 3,
}  # fmt: skip
HALF = 2**30
BOOK = {"write_off": None, "small": 0}
COURT = {
    "months_to_suit": 6, "suit": 1, "grace": 2, "again": None, "reported": 1, "sees_ability": 1, "false_ability": 0, "list_application": 1,
    "evasion": 0, "breach_of_limits": 0,
}  # fmt: skip


def met(hand, kind=POST, answer=0, way=0, stand=0, size=0, **changed):
    rows = hand.batch("observations", [1], kind=kind, true_actor=1)
    return hand.step("observe.pretext", {"observations": rows}, hand.cols({"place": np.zeros(3)}), {**RULE, **changed},
                     answer=answer, way=way, stand=stand, size=size)  # fmt: skip


def test_a_seen_post_is_answered_with_a_suit_or_a_fine(hand):
    made = met(hand, way=0)
    assert made["debts"] == [{"subject": 1, "kind": CLAIM, "amount": 5000, "cause": PRETEXT, "due": hand.month + 3}]
    assert [(r["way"], r["stands"], r["amount"]) for r in made["pretexts"]] == [(WAY.code("suit"), 1, 5000)]
    made = met(hand, way=HALF, size=HALF)  # 0.5 is above 0.4: a fine, in the middle of 500..901
    assert [(r["way"], r["amount"]) for r in made["pretexts"]] == [(WAY.code("fine"), 701)]


def test_a_suit_that_fails_leaves_no_debt_and_other_acts_no_claim(hand):
    made = met(hand, stand=int(0.7 * 2**31) + 1)
    assert made["pretexts"][0]["stands"] == 0 and not made.get("debts")
    assert not met(hand, answer=HALF) and not met(hand, answered=0) and met(hand, answer=HALF - 1)
    with pytest.raises(ValueError, match="smallest claim"):
        met(hand, high={"suit": 4999, "fine": 901})


def test_the_claim_is_booked_judged_and_reported_with_its_root(drive):
    run = drive({"observe.pretext": {**RULE, "answered": 1, "sued": 1, "stands": {"suit": 1, "fine": 1}}, "outcome.debts": BOOK, "observe.court_feed": COURT})
    run.put("observations", 3, "critical_post").put("observations", 4, "littering").run(8)
    assert run.of("debts", "subject", "kind", "amount") == [(0, 3, CLAIM, 5000)]
    assert [row[1:] for row in run.of("judgments", "subject", "cause", "kind")] == [(3, PRETEXT, MISSED)]  # once, not again by the ordinary creditor
    seen = run.of("observations", "subject", "kind", "cause", "fault")
    # booked in month 3, judged in month 4, looked at after two months of grace
    assert [row for row in seen if row[2] == REFUSAL] == [(6, 3, REFUSAL, PRETEXT, 0)]


def test_the_chain_makes_a_listing_wrong_by_the_rights_yardstick():
    rows = SimpleNamespace(
        kind=np.array([REFUSAL, REFUSAL, POST]), fault=np.zeros(3, np.uint8), cause=np.array([PRETEXT, CAUSE.code("will"), CAUSE.code("will")]),
        subject=np.arange(3), true_actor=np.arange(3),
    )  # fmt: skip
    assert [WRONG.names[c] for c in wrong_class(rows)] == ["W5a", "none", "W5a"]
