"""Institutions: each mechanism against a small hand calculation."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.base.months import NEVER
from scslab.mechanisms.kinds import CAUSE, FAULT, GROUND, KIND, SENSOR

START, N = 240, 12
ADULT_BIRTH = START - 12 * 40


Drive = None


@pytest.fixture(autouse=True)
def _drive(drive):
    global Drive
    Drive = drive


REGISTER = {"review.register": {}, "review.memory": {}}
LIST = {
    "kinds": ["refusal_to_perform", "evasion"],
    "term": {"evasion": 24, "refusal_to_perform": None},
    "age_min": 18,
    "extension": {"evasion": 12},
    "longest": 60,
    "relist_bar": {"settlement": 6},
    "grace": 0,
}
DEBTS = {"outcome.debts": {"write_off": None, "small": 0}}


def fault(name):
    return FAULT.code(name)


# ------------------------------------------------------------------ observe


def test_police_see_by_setting_and_name_the_actor():
    police = {"kinds": ["littering"], "coverage": {"rural": 0, "urban": 1}, "sensitivity": {"littering": 1}, "sensor": "inspection"}
    drive = Drive({"observe.police": police}).put("acts", [1, 8], "littering").run()
    assert drive.of("observations", "subject", "true_actor", "sensor", "fault") == [(0, 8, 8, SENSOR.code("inspection"), 0)]


def test_platform_reports_what_its_filter_finds():
    log = {"kinds": ["critical_post", "petition"], "sensitivity": {"critical_post": 1}}
    drive = Drive({"observe.platform_log": log}).put("acts", 1, "critical_post").put("acts", 2, "petition").run()
    assert drive.of("observations", "subject", "kind") == [(0, 1, KIND.code("critical_post"))]


def test_false_claims_and_inflated_deeds_are_fabricated():
    report = {"kinds": ["volunteering", "false_claim"], "reported": 1, "inflated": 1}
    drive = Drive({"observe.self_report": report}).put("acts", 1, "volunteering").put("acts", 2, "false_claim").run()
    assert {(s, f) for _, s, f in drive.of("observations", "subject", "fault")} == {(1, 0), (1, 1), (2, 1)}
    assert {k for _, k in drive.of("observations", "kind")} == {KIND.code("volunteering")}


FEED = {
    "months_to_suit": 2, "suit": 1, "grace": 1, "again": 6, "reported": 1, "sees_ability": 1, "false_ability": 0,
    "list_application": 1, "evasion": 0, "breach_of_limits": 0,
}  # fmt: skip


def feed(**changes):
    drive = Drive({"observe.court_feed": {**FEED, **changes}, **DEBTS})
    drive.put("debts", [1, 2], "missed_payment", amount=100, cause=[CAUSE.code("will"), CAUSE.code("illness")])
    return drive.run(12)


def test_court_sues_once_and_reports_on_its_calendar():
    drive = feed()
    assert drive.of("judgments", "subject", "able") == [(2, 1, 1), (2, 2, 0)]
    refusal, unperformed = KIND.code("refusal_to_perform"), KIND.code("unperformed_judgment")
    assert drive.of("observations", "subject", "kind") == [(3, 1, refusal), (3, 2, unperformed), (9, 1, refusal), (9, 2, unperformed)]


def test_a_creditor_decides_once_whether_to_sue():
    drive = Drive({"observe.court_feed": {**FEED, "suit": 0.5}, **DEBTS})
    drive.put("debts", np.arange(N), "missed_payment", amount=100).run(12)
    assert 0 < len(drive.rows["judgments"]) < N and {month for month, *_ in drive.of("judgments")} == {2}


@pytest.mark.parametrize(
    "changes, kinds",
    [
        ({"again": None}, ["refusal_to_perform", "unperformed_judgment"]),
        ({"again": None, "false_ability": 1}, ["refusal_to_perform"] * 2),
        ({"again": None, "sees_ability": 0}, ["unperformed_judgment"] * 2),
        ({"again": None, "list_application": 0}, ["unperformed_judgment"] * 2),
        ({"again": None, "evasion": 1}, ["evasion", "unperformed_judgment"]),
        ({"again": None, "breach_of_limits": 1}, ["breach_of_limits"] * 2),
        ({"reported": 0}, []),
        ({"suit": 0}, []),
    ],
)
def test_court_reports_what_it_believes(changes, kinds):
    drive = feed(**changes)
    assert [KIND.names[row.kind] for row in sorted(drive.rows["observations"], key=lambda r: r.subject)] == kinds


# ------------------------------------------------------------------ record


def national(**changes):
    return {"record.national": {"kinds": ["evasion"], "delay": 0, "miss": 0, "mislink": 0, **changes}}


def test_mislinked_records_name_another_person_of_the_place():
    drive = Drive(national(mislink=1)).put("records", [1, 8], "evasion").run()
    for row, actor in zip(sorted(drive.rows["national_records"], key=lambda r: r.true_actor), (1, 8), strict=True):
        assert row.true_actor == actor and row.subject != actor and row.fault == fault("mislinked")
        assert (row.subject < N // 2) == (actor < N // 2)


def test_national_registry_misses_and_waits():
    assert Drive(national(miss=1)).put("records", [1], "evasion").run().rows["national_records"] == []
    drive = Drive({**national(delay=3), "decide.binary_list:court": LIST, **REGISTER}).put("records", [1], "evasion").run(3)
    assert drive.listed() == []
    assert drive.run().listed() == [1]


LEDGER = {
    "start": 1000, "floor": 0, "cap": 1300, "per_record": {"littering": -10, "heroic_act": 60}, "recovery": 0,
    "grades": {"D": 0, "C": 600, "A": 960, "AA": 1030}, "override_kinds": ["drunk_driving"], "override_grade": "C", "override_months": 6,
}  # fmt: skip


def scores(drive, *who):
    return [1000 + drive.arm.columns["persons.score"][i] / 100 for i in who]


@pytest.mark.parametrize("consent, expected", [(1, [990, 1000]), (0, [1000, 1000])])
def test_only_consenting_adults_have_a_score(consent, expected):
    blocks = {"record.enrolment": {"age_min": 18, "places": 1, "consent": consent}, "decide.ledger": {**LEDGER, "enrolled_only": True}}
    born = np.full(N, ADULT_BIRTH, np.int16)
    born[2] = START - 12 * 18 + 1
    drive = Drive(blocks, persons__birth_month=born).put("records", [1, 2], "littering").run()
    assert scores(drive, 1, 2) == expected


def test_consent_is_lasting_and_a_share():
    blocks = {"record.enrolment": {"age_min": 0, "places": 1, "consent": 0.5}}
    first = Drive(blocks).put("records", np.arange(N), "littering").run().arm.columns["persons.enrolled"]
    later = Drive(blocks).run(5).put("records", np.arange(N), "littering").run().arm.columns["persons.enrolled"]
    assert first.tolist() == later.tolist() and set(first.tolist()) == {1, 2}


@pytest.mark.parametrize("places, expected", [(1, {1}), (0, {3})])
def test_a_ledger_is_kept_in_some_places_only(places, expected):
    blocks = {"record.enrolment": {"age_min": 0, "places": places, "consent": 1}}
    drive = Drive(blocks).put("records", np.arange(N), "littering").run()
    assert set(drive.arm.columns["persons.enrolled"].tolist()) == expected


def test_a_corrected_record_gives_its_points_back():
    contest = {
        "kinds": ["littering"],
        "told": 1,
        "files_if_wrong": 1,
        "files_if_right": 0,
        "grants_wrong": 1,
        "grants_right": 0,
        "delay": 1,
    }
    local = {"admission": {"littering": 1}, "delay": 0, "retention": 60}
    drive = Drive({"record.local": local, "decide.ledger": LEDGER, "review.correction": contest})
    drive.put("observations", [1, 2], "littering", fault=[0, fault("misattributed")]).run()
    assert scores(drive, 1, 2) == [990, 990]
    assert scores(drive.run(), 1, 2) == [990, 1000]
    assert drive.of("record_ends", "subject", "ground") == [(1, 2, GROUND.code("corrected"))]


# ------------------------------------------------------------------ decide


def court(*kinds_by_month, **changes):
    drive = Drive({"decide.binary_list:court": {**LIST, **changes}, **REGISTER})
    for kind in kinds_by_month:
        if kind:
            drive.put("national_records", 1, kind)
        drive.run()
    return drive


def until(drive):
    data = drive.arm.stores["listings"].data
    return [int(u) - START if u < 32767 else None for u in data["until"]]


def test_terms_by_kind():
    assert until(court("evasion")) == [24]
    assert until(court("refusal_to_perform")) == [None]
    assert until(court("unperformed_judgment")) == []


def test_extensions_stop_at_the_longest():
    assert until(court("evasion", "evasion")) == [36]
    assert until(court("evasion", *["evasion"] * 5)) == [60]
    assert until(court("refusal_to_perform", "evasion")) == [None]


def test_a_listing_for_ever_cannot_be_made_longer():
    drive = Drive({"review.register": {}})
    drive.put("entries", [2, 3], "evasion", list=1, until=[NEVER, NEVER - 1]).run().put("extensions", [2, 3, 3], "evasion", list=1, months=1).run()
    assert drive.arm.stores["listings"].data["until"].tolist() == [NEVER, NEVER]


@pytest.mark.parametrize("records, end", [(1, 36), (2, 48), (5, 60)])
def test_records_of_one_month_lengthen_a_listing_together_and_stop_at_the_longest(records, end):
    assert until(court("evasion").put("national_records", [1] * records, "evasion").run()) == [end]


def test_a_record_contested_twice_or_out_of_date_ends_once():
    drive = Drive({"record.local": {"admission": 1, "delay": 0, "retention": 2}}).put("observations", [2, 3], "littering").run(2)
    records = {row.subject: row.parent for row in drive.rows["records"]}
    drive.put("record_orders", [2, 3, 3], record=[records[2], records[3], records[3]], ground=GROUND.code("corrected")).run()
    assert drive.of("record_ends", "subject", "ground") == [(2, 2, GROUND.code("term_over")), (2, 3, GROUND.code("term_over"))]


def test_a_listing_ends_with_its_term():
    drive = court("evasion", *[""] * 23)
    assert drive.listed() == [1]
    assert drive.run().listed() == []
    assert drive.of("listing_ends", "ground", "since") == [(24, GROUND.code("term_over"), START)]


@pytest.mark.parametrize("months, listed", [(12 * 18 - 1, []), (12 * 18, [1]), (12 * 18 + 1, [1])])
def test_age_at_the_threshold(months, listed):
    born = np.full(N, START - months, np.int16)
    drive = Drive({"decide.binary_list:court": LIST, **REGISTER}, persons__birth_month=born)
    assert drive.put("national_records", 1, "evasion").run().listed() == listed


@pytest.mark.parametrize("wait, listed", [(5, []), (6, [1])])
def test_relisting_is_barred_for_a_time_after_a_settlement(wait, listed):
    drive = court("evasion").put("removals", 1, list=1, ground=GROUND.code("settlement")).run(wait)
    assert drive.put("national_records", 1, "evasion").run().listed() == listed


def test_a_local_list_reads_local_records():
    drive = Drive({"decide.local_list:limits": LIST, **REGISTER}).put("records", 1, "evasion").put("national_records", 2, "evasion").run()
    assert drive.listed("limits") == [1]


def test_licence_points_add_up_in_a_cycle_and_start_again():
    points = {"per_record": {"traffic_violation": 3, "drunk_driving": 12}, "full": 12, "cycle": 12, "suspension": 2}
    role = np.full(N, 4, np.uint8)
    role[5] = 0
    drive = Drive({"decide.licence_points:licence": points, **REGISTER}, persons__role=role)
    drive.put("records", [1, 1, 1, 2, 2, 2, 2], "traffic_violation").put("records", [3, 5], "drunk_driving").run()
    assert drive.listed("licence") == [2, 3]
    assert until(drive) == [2, 2]
    assert drive.put("records", 1, "traffic_violation").run().listed("licence") == [1, 2, 3]
    drive.put("records", [1, 1, 1], "traffic_violation").run(12).put("records", 1, "traffic_violation").run()
    assert drive.listed("licence") == []


def test_the_smallest_licence_point_counts():
    points = {"per_record": {"traffic_violation": 0.01}, "full": 0.02, "cycle": 12, "suspension": 2}
    drive = Drive({"decide.licence_points:licence": points, **REGISTER}, persons__role=np.full(N, 4, np.uint8))
    assert drive.put("records", [1, 2, 2], "traffic_violation").run().listed("licence") == [2]


def test_penalties_are_fines_or_bare_orders():
    fines = {"kinds": ["littering", "critical_post"], "fine": {"littering": 50}}
    drive = Drive({"decide.penalties": fines}).put("records", 1, "littering").put("records", 2, "critical_post").run()
    assert drive.of("penalties", "subject", "amount") == [(0, 1, 50), (0, 2, 0)]


def test_redlist_holds_whoever_reaches_the_cut():
    red = {"start": 1000, "recovery": 0, "cut": 1050}
    drive = Drive({"decide.ledger": LEDGER, "decide.redlist:star": red, **REGISTER})
    assert drive.put("records", [1, 2], "heroic_act").put("records", 2, "littering").run().listed("star") == [1, 2]
    assert drive.put("records", 2, "littering").run().listed("star") == [1]
    assert drive.of("listing_ends", "subject", "ground") == [(1, 2, GROUND.code("below_cut"))]


def test_a_grade_by_override_holds_the_points_grade_down_and_lets_go():
    drive = Drive({"decide.ledger": LEDGER}).put("records", 1, "drunk_driving").run()
    drive.put("records", 1, "heroic_act").run(8)
    assert drive.of("grades", "grade", "previous") == [(0, 1, 2), (6, 3, 1)]
