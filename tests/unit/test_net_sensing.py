"""Sensing of networks and phones, hidden connections, takedown, visible surveillance, praise; each against a small hand calculation."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from scslab.base.luck import ONE
from scslab.engine.declare import REGISTRY
from scslab.mechanisms.kinds import FAULT, KIND
from scslab.study.replicate import _never_near

MISATTRIBUTED = FAULT.code("misattributed")
NET = {"kinds": ["critical_post", "assembly"], "seen": {"critical_post": 1, "assembly": 1}, "present": ["assembly"], "bystanders": 3, "taken_in": 1}


def seen(drive, hidden=(), **changed):
    blocks = {"respond.vpn": {"offers": 0, "takes": 0, "found": 0, "filed": 0}, "observe.net_sensor": {**NET, **changed}}
    run = drive(blocks, persons__outspokenness=np.full(12, 255, np.uint8))
    if hidden:
        store = run.arm.stores["vpn_users"]
        assert not len(store.data["subject"])
    return run.put("acts", [1], "critical_post").put("acts", [2], "assembly").run().of("observations", "subject", "kind", "fault", "true_actor")


def test_posts_are_seen_and_presence_names_passers_by(drive):
    found = seen(drive)
    assert (0, 1, KIND.code("critical_post"), 0, 1) in found and (0, 2, KIND.code("assembly"), 0, 2) in found
    others = [row for row in found if row[3] == MISATTRIBUTED]
    assert others and all(row[1] != 2 and row[1] < 6 and row[4] == 2 for row in others)
    assert not [row for row in seen(drive, taken_in=0) if row[3]] and not seen(drive, seen={"critical_post": 0})


def test_a_hidden_connection_hides_posts_and_not_presence(hand):
    p = NET | {"bystanders": 0}
    acts = hand.batch("acts", [1, 2], kind=[KIND.code("critical_post"), KIND.code("assembly")])
    columns = hand.cols({"place": np.zeros(4)}, (hand.store("vpn_users", [1, 2]),), places={"start": np.array([0, 4])})
    made = hand.step("observe.net_sensor", acts, columns, p, see=0)
    assert [r["subject"] for r in made["observations"]] == [2]


def test_hidden_connections_are_taken_found_and_filed(drive):
    blocks = {"respond.vpn": {"offers": 1000, "takes": 1, "found": 0, "filed": 0}, "measure.online": {}}
    run = drive(blocks, persons__outspokenness=np.full(12, 255, np.uint8)).run(2)
    assert run.count("vpn_months")[-1] == 12
    nobody = drive({"respond.vpn": {**blocks["respond.vpn"], "takes": 0}}, persons__outspokenness=np.full(12, 255, np.uint8)).run(2)
    assert not len(nobody.arm.stores["vpn_users"].data["subject"])
    run = drive({"respond.vpn": {"offers": 1000, "takes": 1, "found": 1, "filed": 1}}, persons__outspokenness=np.full(12, 255, np.uint8)).run(2)
    assert {kind for _, kind in run.of("observations", "kind")} == {KIND.code("vpn_use")} and len(run.of("vpn_found")) == 12


def test_the_dead_are_not_found_and_hide_nothing_any_more(drive):
    always = {"respond.vpn": {"offers": 1000, "takes": 1, "found": 1, "filed": 1}}
    bold, second_month = np.full(12, 255, np.uint8), 241
    death = np.where(np.arange(12) < 5, second_month, 32767).astype(np.int16)
    run = drive(always, persons__outspokenness=bold, persons__death_month=death).run(2)
    assert sorted(who for _, who in run.of("vpn_found", "subject")) == list(range(5, 12)) and not len(run.arm.stores["vpn_users"].data["subject"])


def test_posts_on_file_are_taken_down_after_the_delay(drive):
    run = drive({"decide.takedown": {"kinds": ["critical_post"], "delay": 2}}).put("records", [1], "critical_post").put("records", [2], "worship").run(4)
    assert [row[1] for row in run.of("takedowns", "subject")] == [1]


def test_visible_surveillance_holds_back_by_setting(hand):
    made = REGISTRY["respond.visible_surveillance"]
    cols = hand.cols({"place": [0, 1]}, places={"urban": np.array([0, 1])})
    p = made.params.compile({"kinds": ["worship"], "chill": {"rural": 0, "urban": 0.25}})
    assert made.step("conduct.worship", np.arange(2), cols, p).tolist() == [65_536, 49_152]
    assert made.step("conduct.petition", np.arange(2), cols, p) is None


def test_praise_is_meant_or_paid_for(drive):
    calls = {"calls": 1000, "approve": 0, "sincere": 1, "reward": 1}
    run = drive({"respond.rewarded_praise": calls, "measure.online": {}}).run()
    assert run.count("praise") == [12] and not run.count("praise_meant")
    run = drive({"respond.rewarded_praise": {**calls, "approve": 1}, "measure.online": {}}).run()
    assert run.count("praise_meant") == [12]
    assert not drive({"respond.rewarded_praise": {**calls, "reward": 0}}).run().of("praises")


def test_people_never_near_a_sanction_are_the_same_in_all_arms():
    cells = np.full(5, 8, np.uint16)  # one adult cell

    def arm(name, speech, touched):
        columns = {"persons.speech": np.array(speech, np.uint16), "persons.touched": np.array(touched, np.uint8)}
        return SimpleNamespace(name=name, columns=columns)

    found = _never_near([arm("a", [1, 2, 3, 4, 5], [0, 0, 0, 0, 0]), arm("b", [0, 0, 1, 4, 5], [0, 0, 1, 2, 4])], cells, 240, 3)
    sums = {name: {key: int(array.sum()) for key, array in counters.items()} for name, counters in found.items()}
    assert ONE and sums["a"] == {"speech_far": 8, "far_people": 3, "speech_adults": 15, "far_adults": 5}
    assert sums["b"] == {"speech_far": 5, "far_people": 3, "speech_adults": 10, "far_adults": 5}
    assert not found["a"]["speech_far"][:-1].any()
