"""Agency lists and joint sanctions: each mechanism against a small hand calculation, and the closed forms of queues."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.base.luck import ONE
from scslab.engine import arm as engine
from scslab.engine.access import Luck
from scslab.engine.batches import Batches
from scslab.engine.declare import REGISTRY
from scslab.mechanisms.catalogue import catalogue
from scslab.mechanisms.common import ROOT_BITS, root_list
from scslab.mechanisms.conduct.sectors import doubled
from scslab.mechanisms.enforce.joint import Params
from scslab.mechanisms.kinds import FAULT, GROUND, KIND, MEASURE
from scslab.mechanisms.review.credit_repair import LONGEST, chances
from scslab.regime import combine
from scslab.regime.library import load_regime

START, N = 240, 12
REGISTER = {"review.register": {}, "review.memory": {}}
TAX = {"kinds": ["tax_evasion"], "term": {"tax_evasion": 24}, "age_min": 18, "extension": {"tax_evasion": 12}, "longest": 60, "relist_bar": 0, "grace": 0,
       "least": {"tax_evasion": 1000}}  # fmt: skip


def agency_list(**changes):
    return {"decide.agency_list:court": {**TAX, **changes}, **REGISTER}


# ------------------------------------------------------------------ conduct, findings, files


SECTORS = {
    "occasions": 1200, "breaches": {"tax_evasion": {"self_employed": 1}, "overloading": 1}, "officers": {"tax_evasion": 1},
    "exposure": {"overloading": {"lowest": 0, "others": 1}}, "drivers_only": ["overloading"],
    "smallest": {"tax_evasion": 1000}, "doublings": {"tax_evasion": 3},
}  # fmt: skip


def breaches(hand, persons, **words):
    rows = hand.batch("", [0, 1, 2, 3], kind=KIND.code("sector_matter"))
    found = hand.step("conduct.sectors", rows, hand.cols(persons), SECTORS, **{"act": 0, "size": 0, **words}).get("acts", [])
    return sorted((KIND.names[row["kind"]], row["subject"], row["amount"]) for row in found)


def test_traders_and_officers_cheat_and_only_drivers_overload(hand):
    persons = {"status": [2, 1, 1, 1], "role": [0, 2, 4, 4], "quintile": [2, 2, 2, 0], "conscientiousness": [0] * 4}
    found = breaches(hand, persons)
    assert found == [("overloading", 2, 0), ("tax_evasion", 0, 1000), ("tax_evasion", 1, 1000)]


def test_sums_double_from_step_to_step(hand):
    persons = {"status": [2] * 4, "role": [0] * 4, "quintile": [2] * 4, "conscientiousness": [0] * 4}
    sizes = {s: i * (ONE // 4) for i, s in enumerate(range(4))}
    assert [amount for *_, amount in breaches(hand, persons, size=sizes)] == [1000, 2000, 4000, 8000]


def test_sums_beyond_what_a_column_holds_are_cut_and_do_not_run_over():
    assert [doubled(smallest, np.array([steps]))[0] for smallest, steps in ((10**12, 0), (10**12, 40), (1, 31), (1, 30), (0, 2**31))] == [
        2**31 - 1, 2**31 - 1, 2**31 - 1, 2**30, 0,
    ]  # fmt: skip


def test_deterred_people_commit_fewer(hand):
    rows = hand.batch("", [0], kind=KIND.code("sector_matter"))
    persons = {"status": [2], "role": [0], "quintile": [2], "conscientiousness": [0]}
    cols = hand.cols(persons, factors={"conduct.tax_evasion": 0.5})
    assert hand.step("conduct.sectors", rows, cols, SECTORS, act=ONE // 2, size=0) == {}
    assert len(hand.step("conduct.sectors", rows, cols, SECTORS, act=ONE // 2 - 1, size=0)["acts"]) == 1


def test_an_agency_finds_more_where_it_looks_more(hand):
    acts = hand.batch("acts", [0, 1], kind=KIND.code("tax_evasion"))
    params = {"kinds": ["tax_evasion"], "found": {"tax_evasion": 0.25}, "reach": {"rural": 0, "urban": 1}, "sensor": "inspection"}
    places = {"places": {"urban": np.array([0, 1], np.uint8)}}
    for factor, words in ((1, ONE // 4), (2, ONE // 2)):
        cols = hand.cols({"place": [0, 1]}, factors={"inspection.rate": factor}, **places)
        assert hand.step("observe.agency", acts, cols, params, find=words) == {}
        assert [row["subject"] for row in hand.step("observe.agency", acts, cols, params, find=words - 1)["observations"]] == [1]


def test_files_are_late_partial_and_sometimes_a_namesakes(drive):
    filed = {"kinds": ["tax_evasion", "smuggling"], "filed": {"tax_evasion": 1}, "namesake": 0, "delay": 2}
    rows = drive({"record.agency:files": filed}).put("observations", [1], "tax_evasion").put("observations", [2], "smuggling").run(3)
    assert [(row.subject, row.fault) for row in rows.rows["records"]] == [(1, 0)]
    wrong = drive({"record.agency:files": {**filed, "namesake": 1}}).put("observations", [1], "tax_evasion").run()
    (row,) = wrong.rows["records"]
    assert row.subject != 1 and row.subject < N // 2 and row.true_actor == 1 and row.fault == FAULT.code("mislinked")


# ------------------------------------------------------------------ entry, term, extension, removal


def test_only_serious_cases_list_and_a_second_one_extends(drive):
    rows = drive(agency_list()).put("records", [1, 2], "tax_evasion", amount=[999, 1000]).run()
    assert rows.listed() == [2]
    rows.put("records", [2], "tax_evasion", amount=5000).run()
    assert rows.arm.stores["listings"].data["until"].tolist() == [START + 36]


def test_repair_ends_a_listing_after_the_least_time_at_the_earliest(drive):
    blocks = {**agency_list(), "review.credit_repair:court": {"after": 6, "repaired": 1}}
    rows = drive(blocks).put("records", [1], "tax_evasion", amount=5000).run(7)
    assert rows.listed() == [1]
    rows.run()
    assert rows.listed() == [] and rows.of("listing_ends", "ground") == [(7, GROUND.code("repaired"))]
    never = drive({**agency_list(), "review.credit_repair:court": {"after": 0, "repaired": 0}}).put("records", [1], "tax_evasion", amount=5000).run(24)
    assert never.listed() == [1] and never.run().listed() == []


def test_months_to_repair_follow_the_hazard():
    """CF07: with a monthly chance r a listing of D months lasts (1 - (1 - r)^D) / r on average; entries times that is the census."""
    hazard, term, arrivals = 0.03, 24, 120
    limits = chances(round(hazard * ONE))
    stays = [1.0, *(1 - limits[: term - 1] / ONE)]
    assert arrivals * sum(stays) == pytest.approx(2074.331112, abs=0.01)
    assert limits[0] == round(hazard * ONE) and len(limits) == LONGEST


@pytest.mark.small_world
def test_stock_is_flow_times_term(drive):
    """One entry a month, for five months each: five on the list, whatever the month; the census counts what was promised and what was stayed."""
    blocks = {**agency_list(term={"tax_evasion": 5}), "measure.census": {"lists": ["court", "star"]}}
    rows = drive(blocks)
    for month in range(11):
        rows.put("records", [month], "tax_evasion", amount=5000).run()
    count = {name: int(array.sum()) for name, array in rows.arm.tallies.items()}
    assert len(rows.listed()) == 5
    by_month = rows.arm.tallies["census_stock.court"].sum(axis=1)[:11].tolist()
    assert by_month == [1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5]
    assert count["census_flow.court"] == 11 and count["census_promised"] == 55 and count["census_exits.court"] == 6 and count["census_stayed"] == 30
    assert "census_flow.star" not in count


def test_hundreds_of_idle_lists_are_not_asked(drive, monkeypatch):
    """Rows go only to lists whose kinds occur: 60 lists of other kinds cost no delivery."""
    asked = []
    real = engine.Consumer.deliver
    monkeypatch.setattr(engine.Consumer, "deliver", lambda self, rows, *when: (asked.append(self.table), real(self, rows, *when))[1])
    others = {f"decide.agency_list:idle{i}": {**TAX, "kinds": ["smuggling"], "term": {"smuggling": 24}} for i in range(60)}
    maker = {"record.agency:files": {"kinds": ["tax_evasion"], "filed": 1, "namesake": 0, "delay": 0}}
    rows = drive({**agency_list(), **others, **maker}).put("observations", [1, 2], "tax_evasion", amount=5000)
    asked.clear()
    rows.run()
    assert rows.listed() == [1, 2] and asked.count("records") == 1


@pytest.mark.small_world
def test_lists_that_nobody_feeds_change_nothing(drive):
    """Two hundred lists of another kind beside the one: the same rows, and none of them is ever woken."""
    others = {f"decide.agency_list:idle{i}": {**TAX, "kinds": ["smuggling"], "term": {"smuggling": 24}} for i in range(200)}
    found = []
    for more in ({}, others):
        rows = drive({**agency_list(), **more}).put("records", [1, 2], "tax_evasion", amount=5000).run(30)
        found.append(rows.of("listings", "subject", "until") + rows.of("listing_ends", "subject", "ground"))
        assert not any(box.rows for bound in rows.arm.bound for box in bound.boxes.values())
    assert found[0] == found[1] and len(found[0]) == 4


# ------------------------------------------------------------------ joint sanctions


JOINT = {
    "agencies": ["airlines", "banks", "schools"], "breadth": 3, "memoranda": ["court.airlines", "court.banks", "star.schools"],
    "acts": {"airlines": 1, "banks": 1, "schools": 1}, "measures": {"airlines.air": 1, "banks.credit": 1, "schools.private_school": 1},
    "own_term": {"airlines": 6}, "lifted": 0, "delay": 0, "hears_of_end": 1, "hears_of_error": 1, "lateness": 4,
}  # fmt: skip
AIR, CREDIT = MEASURE.code("air"), MEASURE.code("credit")


def sanctioned(drive, months=1, removal=None, **changes):
    """One listing of ten months, perhaps removed after three."""
    blocks = {**agency_list(term={"tax_evasion": 10}), "enforce.joint": {**JOINT, **changes}, "enforce.book": {}}
    rows = drive(blocks).put("records", [1], "tax_evasion", amount=5000)
    if removal:
        rows.run(3).put("removals", [1], list=1, ground=GROUND.code(removal), entry=0)
        months -= 3
    return rows.run(months)


def ends(rows):
    """When each measure ended, months since the start."""
    return {MEASURE.names[measure]: month for month, measure in rows.of("measure_ends", "measure")}


def test_agencies_act_only_on_the_lists_of_their_memoranda(drive):
    rows = sanctioned(drive)
    assert sorted(rows.of("measures", "measure")) == [(0, AIR), (0, CREDIT)]
    assert {int(root_list(row.list)) for row in rows.rows["measures"]} == {1}
    assert {row.list >> ROOT_BITS for row in rows.rows["measures"]} == {1, 2}
    assert sanctioned(drive, breadth=0).rows["measures"] == []
    assert sanctioned(drive, breadth=1).of("measures", "measure") == [(0, AIR)]
    assert sanctioned(drive, months=3, delay=2).of("measures", "measure") == [(2, AIR), (2, CREDIT)]


def test_an_action_ends_with_the_listing_or_after_its_own_term(drive):
    assert ends(sanctioned(drive, 12)) == {"air": 6, "credit": 10}
    assert ends(sanctioned(drive, 20, own_term={"airlines": 15})) == {"credit": 10, "air": 15}


def test_an_action_goes_by_the_listing_it_rests_on_and_leaves_the_file_with_it(drive):
    rows = sanctioned(drive, 12, "overturned")
    assert not len(rows.arm.stores["joint_actions"])
    both = sanctioned(drive, 2).put("entries", [1], "tax_evasion", list=3, until=32767).run(1).put("removals", [1], list=3, ground=0, entry=0).run(1)
    assert [month for month, *_ in both.of("listing_ends", "list")] == [3] and both.rows["measure_ends"] == []
    assert len(both.arm.stores["joint_actions"]) == 2


def test_who_does_not_hear_of_the_end_goes_on(drive):
    assert ends(sanctioned(drive, 12, "repaired", hears_of_end=0)) == {"air": 6, "credit": 7}
    assert ends(sanctioned(drive, 12, "repaired")) == {"credit": 3, "air": 6}
    assert ends(sanctioned(drive, 12, "overturned")) == {"credit": 3, "air": 3}
    assert ends(sanctioned(drive, 12, "overturned", hears_of_error=0)) == {"air": 6, "credit": 7}


def test_agencies_of_a_wrong_name_are_refused(hand):
    for bad in ({"memoranda": ["court.police"]}, {"acts": {"police": 1}}, {"measures": {"airlines.flight": 1}}):
        with pytest.raises(ValueError, match=r"police|flight"):
            Params.compile({**JOINT, **bad})


def test_one_further_agency_of_twenty(hand):
    """CF10a: P(at least one of k agencies acts) = 1 - (1 - p)^k; with k = 20 and p = 0.15 that is 0.9613."""
    n, k = 4000, 20
    names = [f"a{i}" for i in range(k)]
    params = Params.compile({**JOINT, "agencies": names, "breadth": k, "memoranda": [f"court.{name}" for name in names], "acts": dict.fromkeys(names, 0.15),
                             "measures": {f"{name}.air": 1 for name in names}, "own_term": {names[0]: 0}})  # fmt: skip
    subjects = np.arange(n)
    rows = hand.batch("listings", subjects, list=1)
    cols = hand.cols({"sex": [0] * n}, (hand.store("listings", subjects, sub=1, list=1), hand.store("joint_actions")))
    cols._labels = {"court": 1}
    luck = Luck({name: (np.uint64(3), np.uint64(i)) for i, name in enumerate(("act", "carry_out", "lift", "hear"))}, rows, hand.month)
    given = {"listings": rows, "joint_actions": hand.each(cols.stores.joint_actions)}
    batch = Batches({**given, **{name: hand.batch(name, []) for name in ("listing_ends", "memos")}})
    made = REGISTRY["enforce.joint"].step(batch, cols, params, luck)
    reached = np.unique(np.concatenate([e.subject for e in made if e.table == "impositions"]))
    assert len(reached) / n == pytest.approx(1 - 0.85**20, abs=4 * (0.9613 * 0.0387 / n) ** 0.5)


def test_the_last_of_eight_agencies_lets_go(hand):
    """CF10b: eight actions, each lifted with a monthly chance p, are over after sum over t of 1 - (1 - (1 - p)^t)^8 months on average.

    With p = 1 - exp(-1/24) the terms are exponential of mean 24 but for the whole months: 24 H_8 = 65.23, plus about half a month.
    """
    n, k, p = 1200, 8, 0.0408105
    names = [f"a{i}" for i in range(k)]
    params = Params.compile({**JOINT, "agencies": names, "memoranda": [f"court.{name}" for name in names], "acts": {names[0]: 1},
                             "measures": {f"{names[0]}.air": 1}, "own_term": {names[0]: 0}, "lifted": p})  # fmt: skip
    held = hand.store("joint_actions", np.repeat(np.arange(n), k), sub=np.tile(1 + (np.arange(1, k + 1) << ROOT_BITS), n),
                      list=np.tile(1 + (np.arange(1, k + 1) << ROOT_BITS), n), until=32767)  # fmt: skip
    last, month = np.zeros(n), hand.month
    while len(held):
        cols = hand.cols({"sex": [0] * n}, (hand.store("listings"), held), month=month)
        given = {"joint_actions": hand.each(held, month), **{name: hand.batch(name, []) for name in ("listings", "listing_ends", "memos")}}
        luck = Luck({name: (np.uint64(11), np.uint64(i)) for i, name in enumerate(("act", "carry_out", "lift", "hear"))}, given["listings"], month)
        before = np.unique(held.subject)
        REGISTRY["enforce.joint"].step(Batches(given), cols, params, luck)
        held._store.apply()
        month += 1
        last[np.setdiff1d(before, held.subject)] = month - hand.month
    expected = sum(1 - (1 - (1 - p) ** t) ** k for t in range(2000))
    assert expected == pytest.approx(65.73, abs=0.02)
    assert last.mean() == pytest.approx(expected, abs=4 * 30 / n**0.5)


def test_spells_run_from_the_first_entry_to_the_last_measure(drive):
    blocks = {
        **agency_list(term={"tax_evasion": 3}), "enforce.joint": {**JOINT, "own_term": {"airlines": 6}}, "enforce.book": {},
        "measure.spells": {"leave_out": ["limits", "licence"], "wide": 2},
    }  # fmt: skip
    rows = drive(blocks).put("records", [1], "tax_evasion", amount=5000).run(10)
    count = {name: int(array.sum()) for name, array in rows.arm.tallies.items()}
    assert count["spells_started"] == count["spells_ended"] == count["spell_errors"] == 1
    assert count["spell_measures"] == count["spell_actions"] == 2
    assert count["spell_length"] == 6 and count["spell_months"] == 6 and count["spell_wide_months"] == 2


def test_regimes_combine_and_state_their_memoranda(drive):
    known = catalogue()
    joined = combine([load_regime(name, known) for name in ("court-list", "agency-lists", "joint-sanctions", "redlists")], known)
    labels = {name.partition(":")[2] for name in joined.clauses}
    block = joined.at(230)["enforce.joint"].params
    assert {name.partition(".")[0] for name in block.memoranda} <= labels
    assert {name.partition(".")[2] for name in block.memoranda} == set(block.agencies)
