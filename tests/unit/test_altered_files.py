"""Altered files, favours, and looks at files: each mechanism against a small hand calculation."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.engine.declare import REGISTRY
from scslab.mechanisms.kinds import FAULT, GROUND, KIND, SENSOR
from scslab.mechanisms.tables_registry import BY, WHOSE

SOUND, TAMPERED = FAULT.code("sound"), FAULT.code("tampered")
MASTER = {
    "kinds": ["drunk_driving"], "integration": 1, "delay": 0, "retention": None, "refresh": None, "keyed": 1, "key_wrong": 0, "key_taken": 0,
    "names": 1000, "agrees": 1, "by_chance": 0.01, "link": 4, "propagates": 0, "propagation": 0,
}  # fmt: skip
Town = None


@pytest.fixture(autouse=True)
def _town(any_town):
    global Town
    Town = any_town


# ------------------------------------------------------------------ tampering, audit, backup

TAMPER = {
    "outside": 0, "inside": 0, "forged": ["refusal_to_perform"], "sensor": "court", "erases_outside": 0, "erases_inside": 0,
    "erasable": ["drunk_driving"],
}  # fmt: skip
LOCAL = {"record.local": {"admission": 1, "delay": 0, "retention": 60}}
AUDIT = {"kinds": ["refusal_to_perform", "drunk_driving"], "audited": 1, "opaque": 0, "finds": 1, "false_finds": 0, "traced": 0, "delay": 0}


def test_intruders_forge_records_that_nobody_earned():
    made = Town(50, {"observe.tampering": {**TAMPER, "outside": 1}, **LOCAL}).run()
    assert made.all("records", "subject", "kind", "fault") == [(i, KIND.code("refusal_to_perform"), TAMPERED) for i in range(50)]
    assert set(made.all("alterations", "by", "erased")) == {(BY.code("intruder"), 0)}
    assert Town(50, {"observe.tampering": TAMPER, **LOCAL}).run().all("alterations", "subject") == []


def test_erased_records_come_back_from_the_backup():
    made = Town(20, {"observe.tampering": {**TAMPER, "outside": 1, "erases_outside": 1}, **LOCAL, "record.backup": {"restored": 1}})
    made.put("observations", [4], "drunk_driving", amount=7).run(1)
    assert len(made.arm.stores["records_held"]) == 1  # the breach of that month came before
    made.run(1)
    assert len(made.arm.stores["records_held"]) == 0 and len(made.arm.stores["lost_records"]) == 1
    assert made.all("record_ends", "subject", "ground") == [(4, GROUND.code("erased"))]
    made.run(1)
    assert made.all("records", "month", "subject", "fault")[-1] == (2, 4, SOUND)


@pytest.mark.parametrize("changes, left", [({}, [1]), ({"opaque": 1}, [1, 2]), ({"audited": 0}, [1, 2]), ({"false_finds": 1}, []), ({"finds": 0}, [1, 2])])
def test_an_audit_deletes_what_looks_false(changes, left):
    made = Town(20, {**LOCAL, "review.audit": {**AUDIT, **changes}})
    made.put("observations", [1], "drunk_driving").put("observations", [2], "drunk_driving", fault=TAMPERED).run(2)
    assert made.arm.stores["records_held"].data["subject"].tolist() == left


def test_an_audit_looks_at_its_own_kinds_only():
    made = Town(20, {**LOCAL, "review.audit": {**AUDIT, "kinds": ["refusal_to_perform"]}})
    made.put("observations", [1], "drunk_driving", fault=TAMPERED).put("observations", [2], "refusal_to_perform", fault=TAMPERED).run(2)
    assert made.arm.stores["records_held"].data["subject"].tolist() == [1]


def test_recovery_takes_as_long_as_the_record_or_its_listing_stands():
    listed = {"kinds": ["refusal_to_perform"], "term": None, "age_min": 18, "extension": 0, "longest": None, "relist_bar": 0, "grace": 0}
    down = {"fed_by": "registry", "down": 1, "up": 0, "delay": 2}
    blocks = {**LOCAL, "decide.local_list:court": listed, "review.register": {}, "review.propagation:court": down, "measure.alterations": {}}
    made = Town(20, {**blocks, "observe.tampering": TAMPER, "review.audit": {**AUDIT, "delay": 3}})
    made.put("observations", [5], "refusal_to_perform", fault=TAMPERED).put("alterations", [5], "refusal_to_perform", fault=TAMPERED).run(12)
    assert made.all("record_ends", "month", "subject") == [(3, 5)]  # found in month 0, deleted three months later
    assert made.all("listing_ends", "month", "subject") == [(5, 5)]  # the list hears of it two months after
    assert [made.tally(name) for name in ("altered", "forged_listings", "recovered", "forged_stock")] == [1, 1, 1, 4]
    # the ends of months 1 to 4, and month 0 as "altered": five months until clean


# ------------------------------------------------------------------ favours

FAVOURS = {"crooked": 1, "rate": 1200, "whose": {"own": 1, "kin": 0, "donor": 0}, "kind": "heroic_act"}


def officials(*who, people=20):
    role = np.zeros(people, np.uint8)
    role[list(who)] = 1
    return role


@pytest.mark.parametrize("whose, expected", [("own", {3}), ("kin", {8, 9}), ("donor", set(range(10)) - {3})])
def test_officials_favour_themselves_their_kin_and_donors(whose, expected):
    shares = {name: int(name == whose) for name in WHOSE.names}
    made = Town(20, {"observe.insiders": {**FAVOURS, "whose": shares}, **LOCAL}, persons__role=officials(3), ties=[(3, 8), (3, 9)]).run(12)
    rows = made.all("records", "subject", "true_actor", "fault", "sensor")
    assert {s for s, *_ in rows} <= expected and {r[1:] for r in rows} == {(3, TAMPERED, SENSOR.code("insider"))} and len(rows) == 12
    if whose == "donor":
        assert len({s for s, *_ in rows}) == 1  # an official's donor lasts


def test_honest_officials_do_no_favours_and_named_ones_stop():
    assert Town(20, {"observe.insiders": {**FAVOURS, "crooked": 0}, **LOCAL}, persons__role=officials(3)).run(6).all("records", "subject") == []
    audit = {**AUDIT, "kinds": ["heroic_act"], "traced": 1}
    made = Town(20, {"observe.insiders": FAVOURS, **LOCAL, "review.audit": audit}, persons__role=officials(3, 4)).run(6)
    assert {month for (month,) in made.all("alterations", "month")} == {0, 1}  # named in month 0, known to the registry from month 1
    assert made.arm.stores["exposed_officials"].data["subject"].tolist() == [3, 4]


def test_shares_of_favours_must_sum_to_one():
    with pytest.raises(ValueError, match="sum to 1"):
        REGISTRY["observe.insiders"].params.compile({**FAVOURS, "whose": {"own": 0.5, "kin": 0.1, "donor": 0}})


def test_ranks_gained_are_counted_against_the_sound_score():
    ledger = {
        "start": 1000, "floor": 0, "cap": 2000, "per_record": {"heroic_act": 30, "volunteering": 10}, "recovery": 0,
        "grades": {"D": 0, "A": 960}, "override_months": 0,
    }  # fmt: skip
    blocks = {**LOCAL, "observe.insiders": {**FAVOURS, "crooked": 0}, "decide.ledger": ledger, "measure.sound_ledger": ledger, "measure.favours": ledger}
    made = Town(10, blocks, persons__role=officials(3, people=10))
    made.put("observations", np.arange(6, 10), "volunteering")
    made.put("observations", [2], "heroic_act", fault=TAMPERED).put("alterations", [2], "heroic_act", by=BY.code("favour"), whose=WHOSE.code("kin"))
    made.run(12)
    # ladder: five at 0, four at +10, one at +30. With the favour person 2 is between rank 9 and 10, without between 0 and 5
    assert made.tally("ranked") == 1 and made.tally("rank_gained") == ((9 + 10) // 2 - (0 + 5) // 2) * 100
    assert made.tally("rank_gained.kin") == made.tally("rank_gained")


# ------------------------------------------------------------------ who sees a file


def test_a_look_shows_everything_on_file_to_one_and_a_leak_to_every_buyer():
    looks = {"outcome.snooping": {"lookups": 1200, "deterred": 0, "basic": 6}, "outcome.leaks": {"leaked": 1, "buyers": 10, "basic": 6}}
    made = Town(4, {"record.master": MASTER, **LOCAL, **looks, "outcome.file_sharing": {"parties": 5}, "measure.exposure": {}})
    made.put("observations", [1, 1], "drunk_driving").run()
    held = {0: 6, 1: 6 + 2 + 2, 2: 6, 3: 6}  # two records and the master database's copies of them
    rows = made.all("disclosures", "subject", "parties")
    assert sorted(rows) == sorted([*held.items()] + [(i, 10 * n) for i, n in held.items()] + [(1, 5), (1, 5)])
    assert [made.tally(f"disclosed.{name}") for name in ("sharing", "snooping", "leak")] == [10, 28, 280]
    assert made.tally("first_file_seen") == 4 and made.tally("attributes_seen.leak") == 28


def test_logged_access_deters():
    quiet = {"outcome.snooping": {"lookups": 1200, "deterred": 1, "basic": 6}}
    assert Town(4, quiet).run(3).all("disclosures", "subject") == []


def test_praised_favourites_are_counted_once_whatever_the_spans(monkeypatch):
    monkeypatch.setattr("scslab.engine.loop.THREAD_ROWS", 0)
    ledger = {
        "start": 1000, "floor": 0, "cap": 2000, "per_record": {"heroic_act": 30}, "recovery": 0, "grades": {"D": 0, "A": 960}, "override_months": 0,
    }  # fmt: skip
    counts = []
    for spans in (1, 3):
        star = {"decide.redlist:perks": {"start": 1000, "recovery": 0, "cut": 1030}, "review.register": {}}
        blocks = {**LOCAL, "decide.ledger": ledger, "measure.sound_ledger": ledger, "measure.favours": ledger, **star}
        made = Town(30, blocks, spans=spans, persons__role=officials(3, people=30))
        made.put("observations", [2, 12, 22], "heroic_act")
        made.put("alterations", [2, 22], "heroic_act", by=BY.code("favour"), fault=TAMPERED).run(12)
        counts.append((made.tally("praised_seen"), made.tally("praised_favoured"), made.tally("ranked")))
    assert counts == [(3, 2, 2)] * 2


def test_detection_is_geometric():
    people, audited, finds, months = 2000, 0.1, 0.8, 12
    made = Town(people, {**LOCAL, "review.audit": {**AUDIT, "audited": audited, "finds": finds}})
    made.put("observations", np.arange(people), "refusal_to_perform", fault=TAMPERED).run(months + 1)
    left, stays = len(made.arm.stores["records_held"]) / people, (1 - audited * finds) ** months
    assert abs(left - stays) < 4 * np.sqrt(stays * (1 - stays) / people)
