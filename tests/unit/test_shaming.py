"""Public display, stigma and its decay, shunning, payment: each against a small hand calculation."""

from __future__ import annotations

import numpy as np

from scslab.mechanisms.kinds import FAULT, MEASURE, TRUST
from scslab.mechanisms.tables_shaming import CHANNELS
from scslab.mechanisms.ties import CHANGE

SHAMING = MEASURE.code("shaming")
SHOW = {"used": {"web": 1, "screen": 1}, "viewers": {"web": 2, "screen": 200}, "months": 3}
STICKS = {"known": {"web": 0.5, "screen": 0.25}, "fades": 0.5, "moves": -1}
HALF = 1 << 15


def test_who_is_under_the_measure_is_shown_for_so_many_months(drive):
    run = drive({"enforce.public_display": SHOW}).put("measures", [1, 2], measure=[SHAMING, 0]).run(6)
    found = run.of("displays", "subject", "channel", "viewers")
    assert found == [(m, 1, c, v) for m in range(3) for c, v in ((CHANNELS.code("web"), 2), (CHANNELS.code("screen"), 200))]


def test_a_display_ends_with_the_measure_and_without_ways_there_is_none(drive):
    run = drive({"enforce.public_display": {**SHOW, "months": None}}).put("measures", [1], measure=SHAMING).run(4)
    run.put("measure_ends", [1], measure=SHAMING).run(3)
    assert len(run.of("displays")) == 8
    assert not drive({"enforce.public_display": {**SHOW, "used": {"web": 0}}}).put("measures", [1], measure=SHAMING).run(2).of("displays")


def test_stigma_grows_by_each_way_of_showing_and_fades(drive):
    run = drive({"respond.stigma": STICKS})
    run.put("displays", [1, 1, 2], channel=[0, 1, 1]).run()
    levels = run.arm.stores["stigma"].data
    assert dict(zip(levels["subject"].tolist(), levels["level"].tolist(), strict=True)) == {1: HALF + HALF // 4, 2: HALF // 2}
    run.put("displays", [1], channel=0).run()
    levels = run.arm.stores["stigma"].data
    half = (HALF + HALF // 4) // 2
    assert levels["level"].tolist() == [half + (65_536 - half) // 2, HALF // 4]
    assert run.of("trust_events", "subject", "channel", "weight") == [(0, who, TRUST.code("shaming"), -65_536) for who in (1, 2)]
    run.run(12)
    assert not len(run.arm.stores["stigma"].data["subject"])


def shun(drive, months=1, **changed):
    ties = [(1, 2, "sibling"), (2, 1, "sibling"), (1, 3, "sibling"), (3, 1, "sibling")]
    blocks = {"respond.stigma": {**STICKS, "known": {"web": 1}, "moves": 0}, "respond.shunning": {"shuns": 1, "makes_up": 0, **changed}, "outcome.ties": {}}
    run = drive({**blocks, "measure.shaming": {}}, ties).put("displays", [1], channel=0, viewers=5)
    return run.run(months)


def test_friends_who_saw_it_end_the_friendship_and_some_begin_again_when_it_is_forgotten(drive):
    run = shun(drive, 3)
    assert sorted(run.of("tie_orders", "subject", "other", "change")) == [(0, 1, other, CHANGE.code("cut")) for other in (2, 3)]
    assert run.count("ties_shunned") == [2, 2, 2] and run.count("shown_views") == [5]
    assert not shun(drive, 3, shuns=0).of("tie_orders")
    run = shun(drive, 20, makes_up=1)
    last = [row for row in run.of("tie_orders", "other", "change") if row[2] == CHANGE.code("made")]
    assert [row[1] for row in last] == [2, 3] and len(run.arm.stores["tie_changes"].data["subject"]) == 0


def test_nobody_makes_up_with_the_dead(drive):
    ties = [(1, 2, "sibling"), (2, 1, "sibling"), (1, 3, "sibling"), (3, 1, "sibling")]
    blocks = {"respond.stigma": {**STICKS, "known": {"web": 1}, "moves": 0}, "respond.shunning": {"shuns": 1, "makes_up": 1}, "outcome.ties": {}}
    death = np.where(np.arange(12) == 2, 241, 32767).astype(np.int16)
    run = drive(blocks, ties, persons__death_month=death).put("displays", [1], channel=0, viewers=5).run(20)
    assert [other for _, other, change in run.of("tie_orders", "other", "change") if change == CHANGE.code("made")] == [3]


def test_stigma_raises_the_will_to_pay(hand):
    from scslab.engine.declare import REGISTRY

    made = REGISTRY["respond.shame_payment"]
    cols = hand.cols({"place": np.zeros(3)}, (hand.store("stigma", [1], level=HALF),))
    for strength, expected in ((0, [65_536] * 3), (1, [65_536, 98_304, 65_536])):
        assert made.step("payment.will", np.arange(3), cols, made.params.compile({"strength": strength})).tolist() == expected


def test_those_on_lists_only_wrongly_are_counted_apart(hand):
    from scslab.mechanisms.measure.shaming import _only_wrongly

    misattributed = FAULT.code("misattributed")
    listings = hand.store("listings", [1, 2, 2, 3], [1, 1, 2, 1], kind=[1, 1, 1, 1], list=[1, 1, 2, 1], fault=[0, 0, misattributed, misattributed],
                          true_actor=[1, 2, 9, 9])  # fmt: skip
    assert _only_wrongly(np.array([0, 1, 2, 3]), hand.cols({"place": np.zeros(4)}, (listings,))).tolist() == [3]
