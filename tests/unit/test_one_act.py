"""An act that several sensors report is one record, one fine and one posting."""

from __future__ import annotations

from scslab.mechanisms.kinds import CAUSE, FAULT, KIND

JAYWALKING, DONATION = KIND.code("jaywalking"), KIND.code("donation")
WILL, FABRICATED = CAUSE.code("will"), FAULT.code("fabricated")
ADMIT = {"admission": {"jaywalking": 1, "donation": 1}, "delay": 0, "retention": 24}
EVERYTHING = {"kinds": ["jaywalking"], "coverage": 1, "sensitivity": {"jaywalking": 1}, "sensor": "police"}


def test_a_registry_enters_an_act_once_however_many_report_it(hand):
    """Person 1: one act told three times, another once; person 2: the same kind by another act; person 3: one deed told, one made up about it."""
    seen = hand.batch("observations", [1, 1, 1, 1, 2, 3, 3], kind=[JAYWALKING] * 5 + [DONATION] * 2, parent=[70, 71, 70, 70, 70, 90, 90],
                      fault=[0, 0, 0, 0, 0, 0, FABRICATED], cause=WILL)  # fmt: skip
    cols = hand.cols({"status": [1] * 5}, (hand.store("records_held"),))
    none = {name: hand.batch(name, []) for name in ("records_due", "record_orders")}
    found = hand.step("record.local", {"observations": seen, **none}, cols, ADMIT, admit=0)
    assert [row["subject"] for row in found["records"]] == [1, 1, 2, 3, 3]
    assert [row["record"] for row in found["records_due"]] == seen.id[[0, 1, 4, 5, 6]].tolist()


def test_who_is_seen_twice_is_fined_once(drive):
    """Two instances of the police see every crossing on red; without the registry's look at acts everybody would pay twice."""
    blocks = {"observe.police": EVERYTHING, "observe.police:village": EVERYTHING, "record.local": ADMIT}
    town = drive(blocks).put("acts", [1, 2], "jaywalking").run(2)
    assert len(town.of("observations")) == 4
    assert [row.subject for row in town.rows["records"]] == [1, 2]
