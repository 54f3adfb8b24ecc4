"""Rules that pick out a group: the label enters no conduct; reports, mistakes and false reports against a small hand calculation; off elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.engine.declare import REGISTRY
from scslab.mechanisms.kinds import FAULT, KIND
from scslab.mechanisms.wrongfulness import WRONG, wrong_class
from scslab.regime import list_regimes
from scslab.study.library import load_regime

MEMBER = 8
RULE = {"kinds": ["custom", "worship"], "reported": 1, "pull": 1, "mistakes": 0, "false_reports": 0, "named_as": "custom"}
ROLE = np.where(np.arange(12) % 2, MEMBER, 0).astype(np.uint8)


def reports(drive, **changed):
    run = drive({"observe.custom_rule": {**RULE, **changed}}, persons__role=ROLE)
    return run.put("acts", [0, 1, 3], "custom").put("acts", [2, 5], "worship").run().of("observations", "subject", "kind", "fault")


def test_only_members_are_reported_for_what_all_do(drive):
    custom, worship = KIND.codes(("custom", "worship"))
    assert sorted(reports(drive)) == [(0, 1, custom, 0), (0, 3, custom, 0), (0, 5, worship, 0)]
    assert not reports(drive, reported=0) and not reports(drive, reported=0.5, pull=0)
    assert len(reports(drive, reported=0.5, pull=2)) == 3


def test_mistakes_reach_anybody_of_the_place_and_false_reports_only_members(drive):
    assert all(fault == FAULT.code("misattributed") for *_, fault in reports(drive, mistakes=1))
    run = drive({"observe.custom_rule": {**RULE, "false_reports": 1000}}, persons__role=ROLE).run()
    assert {s % 2 for _, s in run.of("observations", "subject")} == {1} and {f for _, f in run.of("observations", "fault")} == {FAULT.code("grudge")}


def test_customs_are_lawful_and_worship_is_protected(hand):
    rows = hand.batch("observations", [1, 2], kind=list(KIND.codes(("custom", "worship"))), true_actor=[1, 2])
    assert [WRONG.names[c] for c in wrong_class(rows)] == ["W5b", "W5a"]


def test_the_label_enters_no_conduct():
    readers = [name for name, made in REGISTRY.items() if made.phase == "conduct" and "persons.role" in made.reads]
    assert "conduct.customs" not in readers and "conduct.expression" not in readers
    assert not {"group", "member"} & set(REGISTRY["conduct.customs"].params.fields())


@pytest.mark.parametrize("name", [n for n in list_regimes() if n not in ("group-targeted",)])
def test_it_is_off_in_every_other_regime(name):
    assert not any(clause.mechanism == "observe.custom_rule" for clause in load_regime(name).clauses.values())


def test_the_burden_is_counted_for_members_and_others(drive):
    blocks = {"measure.group_burden": {"kinds": ["custom"]}}
    run = drive(blocks, persons__role=ROLE).put("acts", [0, 1, 3], "custom")
    run.put("listings", [1, 2], "custom", list=1, until=260).run()
    assert [run.count(f"group_{n}") for n in ("people.member", "people.other", "acts.member", "acts.other", "listed.member")] == [[6], [6], [2], [1], [1]]
    assert run.count("group_listed_lawful") == [2] and not run.count("group_listed_protected")
