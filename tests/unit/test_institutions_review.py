"""Due process and enforcement: each mechanism against a small hand calculation."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.mechanisms.kinds import BASIS, CAUSE, FAULT, GROUND, MEASURE, PAYMENT

START, N = 240, 12
REGISTER = {"review.register": {}, "review.memory": {}}
LISTS = {"evasion": 24, "refusal_to_perform": None, "unperformed_judgment": None}
RULE = {
    "kinds": list(LISTS), "term": LISTS, "age_min": 18, "extension": 0, "longest": None, "relist_bar": 0, "grace": 0,
}  # fmt: skip
COURT = {"decide.binary_list:court": RULE, **REGISTER}
DEBTS = {"outcome.debts": {"write_off": None, "small": 0}}
MISLINKED, ILLNESS, WILL = FAULT.code("mislinked"), CAUSE.code("illness"), CAUSE.code("will")


def hearing(told=1, notice_delay=0, access=1, success=1, capacity=10_000):
    """Notice, objection and a body without error."""
    return {
        **COURT,
        "review.notice:court": {"told": told, "delay": notice_delay},
        "review.objection:court": {"access": access, "files_if_wrong": 1, "files_if_right": 0, "delay": 0, "body": "court"},
        "review.appeal_body:court": {
            "capacity": capacity, "overturns_wrong": success, "overturns_right": 0,
            "sees_excuse": 0, "false_excuse": 0, "delay": 0, "goes_on": 0,
        },
    }  # fmt: skip


def listing_months(drive):
    """Count the months each person was on the list."""
    since = {row.subject: row.month for row in drive.rows["listings"]}
    ended = {row.subject: row.month for row in drive.rows["listing_ends"]}
    return {who: ended.get(who, START + 12) - month for who, month in since.items()}


@pytest.mark.parametrize(
    "settings, months",
    [
        ({}, {2: 12}),
        ({"notice_delay": 1}, {1: 1, 2: 12}),
        ({"notice_delay": 3}, {1: 3, 2: 12}),
        ({"told": 0}, {1: 12, 2: 12}),
        ({"access": 0}, {1: 12, 2: 12}),
        ({"success": 0}, {1: 12, 2: 12}),
        ({"capacity": 0}, {1: 12, 2: 12}),
    ],
)
def test_a_wrongful_listing_lasts_as_long_as_the_hearing_takes(drive, settings, months):
    run = drive(hearing(**settings)).put("national_records", [1, 2], "refusal_to_perform", fault=[MISLINKED, 0]).run(12)
    assert listing_months(run) == months


def test_a_removal_names_one_listing_and_leaves_a_later_one(drive):
    run = drive(COURT).put("national_records", 1, "evasion").run()
    entry = run.rows["entries"][0].id
    run.put("removals", 1, list=1, ground=GROUND.code("performed")).run()
    run.put("national_records", 1, "evasion").run()
    assert run.put("removals", 1, list=1, entry=entry).run().listed() == [1]
    assert run.put("removals", 1, list=1, entry=run.rows["entries"][1].id).run().listed() == []


def test_refused_appellants_go_on_to_the_next_body(drive):
    blocks = hearing(success=0)
    blocks["review.appeal_body:court"] = {**blocks["review.appeal_body:court"], "next_body": "higher", "goes_on": 1}
    blocks["review.appeal_body:higher"] = {**hearing()["review.appeal_body:court"]}
    run = drive(blocks).put("national_records", [1], "evasion", fault=MISLINKED).run(2)
    assert run.of("decisions", "body", "granted") == [(0, 1, 0), (0, 2, 1)]
    assert run.listed() == []


def test_a_body_may_hear_excuses(drive):
    blocks = hearing()
    blocks["review.objection:court"] = {**blocks["review.objection:court"], "files_if_right": 1}
    blocks["review.appeal_body:court"] = {**blocks["review.appeal_body:court"], "hears_excuses": True, "sees_excuse": 1}
    run = drive(blocks).put("national_records", [1, 2], "evasion", cause=[ILLNESS, WILL]).run()
    assert run.listed() == [2]


def test_a_human_look_strikes_before_effect(drive):
    look = {"looked_at": 1, "drops_wrong": 1, "drops_right": 0}
    run = drive({**COURT, "review.human_review:court": look}).put("national_records", [1, 2], "evasion", fault=[MISLINKED, 0]).run()
    assert run.listed() == [2] and len(run.rows["listings"]) == 1


def test_context_reads_papers_not_truth(drive):
    def run(**papers):
        settings = {"causes": ["illness"], "claims": 1, "proves": 1, "false_proof": 0, **papers}
        return (
            drive({**COURT, "review.context:court": settings})
            .put("national_records", [1, 2], "evasion", cause=[ILLNESS, WILL])
            .run()
            .listed()
        )

    assert run() == [2]
    assert run(proves=0) == [1, 2]
    assert run(proves=0, false_proof=1) == [1]
    assert run(claims=0) == [1, 2]


def repaired(drive, kind="refusal_to_perform", debts=0, **changes):
    settings = {"deleted": {"refusal_to_perform": 1, "evasion": 0}, "delay": 2, "late": 0, "lateness": 5, **changes}
    run = drive({**COURT, **DEBTS, "review.repair:court": settings})
    if debts:
        run.put("debts", [1], "missed_payment", amount=9).run().put("judgments", [1]).run()
    return run.put("national_records", 1, kind).run().put("performances", 1).run(10)


def test_performance_deletes_what_must_be_deleted(drive):
    assert repaired(drive).of("listing_ends", "ground") == [(3, GROUND.code("performed"))]
    assert repaired(drive, late=1).of("listing_ends", "ground") == [(8, GROUND.code("performed"))]
    assert repaired(drive, kind="evasion").listed() == [1]
    assert repaired(drive, kind="evasion", deleted=1).listed() == []


def test_an_open_judgment_keeps_the_listing(drive):
    assert repaired(drive, debts=1).listed() == [1]


def test_the_unable_leave_after_two_searches(drive):
    unable = {"kinds": ["refusal_to_perform"], "searched": 1, "finds": 1, "false_finds": 0}
    run = drive({**COURT, "decide.local_list:limits": RULE, "review.unable:court": unable}).put("records", 4, "evasion", cause=ILLNESS)
    run.put("records", 5, "refusal_to_perform", cause=ILLNESS)
    run.put("national_records", [1, 2], "refusal_to_perform", cause=[ILLNESS, WILL]).put("national_records", 3, "evasion", cause=ILLNESS)
    assert run.run(7).listed() == [2, 3] and run.listed("limits") == [4, 5]
    assert run.of("listing_ends", "subject", "ground") == [(6, 1, GROUND.code("unable"))]


def test_both_searches_must_find_nothing(any_town):
    """Each finds half of those without means to have none, so a quarter leaves."""
    unable = {"kinds": ["evasion"], "searched": 1, "finds": 0.5, "false_finds": 0}
    town = any_town(400, {"review.register": {}, "review.unable:court": unable})
    town.put("entries", np.arange(400), "evasion", list=2, until=32767, cause=ILLNESS).run(8)
    ended = town.all("listing_ends", "month", "subject")
    first = min(month for month, _ in ended)
    assert 60 < sum(month == first for month, _ in ended) < 140


def test_performance_within_the_grace_prevents_the_listing_of_the_debtor_only(drive):
    run = drive({"decide.binary_list:court": {**RULE, "grace": 2}, **REGISTER, **DEBTS, "review.grace": {"kinds": ["evasion"]}})
    run.put("national_records", [1, 2, 3], "evasion", true_actor=[1, 1, 3]).run()
    run.put("performances", 1).run(2)
    assert run.listed() == [2, 3]


def test_a_decision_stands_while_another_judgment_is_open(drive):
    run = drive({"decide.binary_list:court": {**RULE, "grace": 3}, **REGISTER, **DEBTS, "review.grace": {"kinds": ["evasion"]}})
    run.put("debts", [1, 2], "missed_payment", amount=9).run().put("judgments", [1]).run()
    run.put("national_records", [1, 2], "evasion").run().put("performances", [1, 2]).run(4)
    assert run.listed() == [1]  # 1 has performed one judgment and owes another, 2 owes none that was judged


def test_the_dead_leave_every_list(drive):
    death = np.full(N, 32767, np.int16)
    death[1] = START + 3
    run = drive({**COURT, "review.deaths": {}}, persons__death_month=death).put("national_records", [1, 2], "evasion").run(6)
    assert run.of("listing_ends", "subject", "ground") == [(3, 1, GROUND.code("died"))]
    assert run.put("national_records", 1, "evasion").run().listed() == [2]


# ------------------------------------------------------------------ enforce

AIR, HOTEL, SCHOOL, FAST = (MEASURE.code(name) for name in ("air", "hotel", "private_school", "fast_lane"))
OWN, KIN = BASIS.code("own"), BASIS.code("kin")
TWO_LISTS = {
    "decide.binary_list:court": {**RULE, "kinds": ["evasion"]},
    "decide.local_list:limits": {**RULE, "kinds": ["unperformed_judgment"]},
    **REGISTER,
    "enforce.measures:court": {"execution": {"air": 1, "hotel": 1}, "spill": 0},
    "enforce.measures:limits": {"execution": {"air": 1}, "spill": {"private_school": 1}},
    "enforce.book": {},
}


def test_a_measure_begins_with_the_first_list_and_ends_with_the_last(drive):
    run = drive(TWO_LISTS).put("records", 1, "unperformed_judgment").run().put("national_records", 1, "evasion").run()
    run.put("removals", 1, list=3).run().put("removals", 1, list=1).run()
    assert run.of("measures", "measure", "basis", "source", "list") == [(0, AIR, OWN, 1, 3), (1, HOTEL, OWN, 1, 1)]
    assert run.of("measure_ends", "measure", "list") == [(3, AIR, 1), (3, HOTEL, 1)]
    assert len(run.arm.stores["burdens"]) == 0


def test_a_list_that_ends_as_another_begins_changes_no_measure_they_share(drive):
    run = drive(TWO_LISTS).put("records", 1, "unperformed_judgment").run()
    run.put("removals", 1, list=3).put("national_records", 1, "evasion").run()
    assert run.of("measures", "measure") == [(0, AIR), (1, HOTEL)] and run.of("measure_ends", "measure") == []


def test_measures_carry_the_truth_of_their_cause(drive):
    run = drive(TWO_LISTS).put("national_records", 1, "evasion", true_actor=5, fault=MISLINKED).run()
    assert {(row.true_actor, row.fault) for row in run.rows["measures"]} == {(5, MISLINKED)}
    run.put("removals", 1, list=1).run()
    assert {(row.true_actor, row.fault) for row in run.rows["measure_ends"]} == {(5, MISLINKED)}


def test_a_new_grade_replaces_the_measures_of_the_old(drive):
    by_grade = {"grades": ["D", "C", "A"], "execution": {"A.fast_lane": 1, "D.air": 1, "D.hotel": 1, "C.air": 1}}
    run = drive({"enforce.grade_measures:grade": by_grade, "enforce.book": {}})
    run.put("grades", 1, grade=2, previous=1).run().put("grades", 1, grade=0, previous=2).run().put("grades", 1, grade=1).run()
    assert run.of("measures", "measure") == [(0, FAST), (1, AIR), (1, HOTEL)]
    assert run.of("measure_ends", "measure") == [(1, FAST), (2, HOTEL)]


def test_names_of_grade_measures_are_checked_when_compiled(drive):
    for name, words in (("E.air", "GRADE.measure"), ("A.plane", "not a measure")):
        with pytest.raises(ValueError, match=words):
            drive({"enforce.grade_measures:grade": {"grades": ["A"], "execution": {name: 1}}})


def family(drive, spans=1, **changes):
    """Persons 1 and 2 are the parents of 3 (ten years old) and 4 (of age); 5 is a sibling of 1."""
    born = np.full(N, START - 12 * 40, np.int16)
    born[3], born[4] = START - 12 * 10, START - 12 * 18
    ties = [(1, 2, "partner"), (2, 1, "partner"), (1, 5, "sibling"), (5, 1, "sibling")]
    for parent in (1, 2):
        ties += [edge for child in (3, 4) for edge in ((parent, child, "child"), (child, parent, "parent"))]
    blocks = {**TWO_LISTS, "enforce.kin": {"child": ["private_school"]}}
    return drive(blocks, ties, spans, persons__birth_month=born, **changes)


@pytest.mark.parametrize("spans", [1, 3])
def test_a_parents_limits_reach_minor_children_until_the_last_ends(drive, spans):
    run = family(drive, spans).put("records", [1, 2, 3], "unperformed_judgment").run()
    run.put("removals", 1, list=3).run().put("removals", 2, list=3).run()
    kin = [row for row in run.of("measures", "subject", "measure", "basis", "source") if row[3] == KIN]
    assert kin == [(0, 3, SCHOOL, KIN, 1)]
    assert [row for row in run.of("measure_ends", "subject", "measure", "basis") if row[3] == KIN] == [(2, 3, SCHOOL, KIN)]
    assert len(run.arm.stores["kin_burdens"]) == 0


def test_children_grow_out_of_it_and_into_it(drive):
    run = family(drive).put("records", 1, "unperformed_judgment").run(12 * 4)
    assert run.of("measure_ends", "subject") == []
    born = np.full(N, START - 12 * 40, np.int16)
    born[3], born[4] = START - 12 * 18 + 2, START + 5
    ties = [edge for child in (3, 4) for edge in ((1, child, "child"), (child, 1, "parent"))]
    run = drive({**TWO_LISTS, "enforce.kin": {"child": ["private_school"]}}, ties, persons__birth_month=born)
    run.put("records", 1, "unperformed_judgment").run(15)
    assert [row for row in run.of("measures", "subject", "measure", "basis") if row[3] == KIN] == [
        (0, 3, SCHOOL, KIN),
        (13, 4, SCHOOL, KIN),
    ]
    assert run.of("measure_ends", "subject") == [(2, 3)]


def test_seizure_takes_part_of_what_is_owed_on_its_calendar(drive):
    seize = {"wait": 1, "between": 3, "found": {"middle": 1, "others": 0}, "part": 0.5}
    run = drive({"enforce.seizure": seize, **DEBTS}, persons__quintile=np.array([2, 2, 0] + [2] * 9, np.uint8))
    run.put("debts", [1, 2], "missed_payment", amount=100).run().put("judgments", [1, 2]).run(6)
    assert run.of("payments", "subject", "amount", "ground") == [(2, 1, 50, PAYMENT.code("seized")), (5, 1, 25, PAYMENT.code("seized"))]


def test_execution_is_luck_per_listing_and_measure(drive):
    half = {
        "decide.binary_list:court": RULE,
        **REGISTER,
        "enforce.book": {},
        "enforce.measures:court": {"execution": {"air": 0.5, "hotel": 0.5}, "spill": 0},
    }
    run = drive(half).put("national_records", np.arange(N), "evasion").run()
    air, hotel = ({s for _, s, m in run.of("measures", "subject", "measure") if m == measure} for measure in (AIR, HOTEL))
    assert 0 < len(air) < N and 0 < len(hotel) < N and air != hotel


@pytest.mark.parametrize("asks, listed", [(1, [2]), (0, [1, 2])])
def test_the_refused_who_ask_why_may_object(drive, asks, listed):
    run = drive({**hearing(told=0), "review.inquiry": {"asks": asks}})
    run.put("national_records", [1, 2], "evasion", fault=[MISLINKED, 0]).run()
    run.put("refusals", [1, 1, 2], measure=AIR, basis=OWN).put("refusals", 5, basis=KIN).run()
    assert run.listed() == listed
    assert len(run.rows["inquiries"]) == 2 * asks


def test_papers_are_lasting(drive):
    settings = {"causes": ["illness"], "claims": 1, "proves": 0.5, "false_proof": 0}
    run = drive({**COURT, "review.context:court": settings})
    seen = []
    for _ in range(2):
        run.put("national_records", np.arange(N), "evasion", cause=ILLNESS).run()
        seen.append(run.listed())
    assert 0 < len(seen[0]) < N and seen[0] == seen[1]
