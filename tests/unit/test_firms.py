"""Firms: records, ratings, lists, partners, staff, consumers; against hand calculations."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from firm_drive import BREACHES, LABELS, LIST, RATING, REGISTER, REGISTRY_PARAMS, START, VISITS, Firms, both

from scslab.base.parameters import FACTOR_ONE
from scslab.engine.checkpoint import restore, save
from scslab.engine.declare import REGISTRY
from scslab.engine.digest import arm_digest
from scslab.engine.events import EventLog
from scslab.engine.loop import Simulation
from scslab.engine.rows import Batch
from scslab.mechanisms.wrongfulness import WRONG, wrong_class
from scslab.study.replicate import RegimeSchedule, labels_of, load_named, society_of
from scslab.world import build_world
from scslab.world.partners import Networks, tie_partners

# ------------------------------------------------------------------ records, ratings, lists


def test_the_registry_enters_once_late_and_sometimes_another_firm():
    firms = Firms({"record.firm_registry": {**REGISTRY_PARAMS, "delay": 2, "retention": 3}})
    firms.put("firm_findings", [1], "firm_tax").run(2)
    assert [(row.subject, row.month) for row in firms.rows["firm_records"]] == [(1, 0)] and len(firms.arm.stores["firm_records_held"]) == 1
    firms.run(5)
    assert len(firms.arm.stores["firm_records_held"]) == 0
    wrong = Firms({"record.firm_registry": {**REGISTRY_PARAMS, "mislink": 1}}).put("firm_findings", [1], "firm_tax").run()
    row = wrong.rows["firm_records"][0]
    assert row.subject != 1 and row.true_firm == 1 and row.fault == 3


def test_findings_entered_for_one_firm_by_mistake_stand_side_by_side():
    firms = Firms({"record.firm_registry": {**REGISTRY_PARAMS, "mislink": 1}}).put("firm_findings", np.arange(6), "firm_tax").run()
    entered = [row.subject for row in firms.rows["firm_records"]]
    assert len(entered) == 6 > len(set(entered)) and len(firms.arm.stores["firm_records_held"]) == 6


def test_a_rating_adds_up_the_records_of_a_year():
    blocks = {"record.firm_registry": REGISTRY_PARAMS, "decide.firm_rating:tax": RATING, **REGISTER}
    firms = Firms(blocks)
    firms.put("firm_findings", [1, 2], "firm_filing").put("firm_findings", [2, 3], "firm_tax").run()
    assert firms.grades() == {0: 3, 1: 2, 2: 1, 3: 1, 4: 3, 5: 3}  # 90, 85, 55, 60
    assert {(row.subject, row.points) for row in firms.rows["firm_postings"]} == {(1, 500), (2, 500), (2, 3000), (3, 3000)}
    firms.run(12)
    assert set(firms.grades().values()) == {3} and sum(row.month == 12 for row in firms.rows["firm_grades"]) == 3


def test_partners_and_officers_cost_points_and_the_recorder_says_so():
    rules = {**RATING, "partner": 3, "partner_most": 5, "partner_lists": ["serious"], "officer": 4, "officer_lists": ["court"]}
    blocks = {
        "record.firm_registry": REGISTRY_PARAMS, "decide.firm_rating:tax": rules, "decide.firm_list:serious": {**LIST, "kinds": ["firm_goods"]},
        **REGISTER, "review.register": {}, "measure.firm_ratings": {},
    }  # fmt: skip
    firms = Firms(blocks, ties=both((0, 1), (0, 2), (0, 3)), months=13).run()
    assert set(firms.grades().values()) == {3}
    firms.put("firm_findings", [1, 2, 3], "firm_goods").put("entries", [40], "evasion", list=LABELS["court"], until=32767)
    firms.put("firm_findings", [5], "firm_filing", fault=1).run(11).put("firm_findings", [2], "firm_filing").run()
    assert firms.grades() == {0: 2, 1: 3, 2: 2, 3: 3, 4: 2, 5: 2}
    linked = {row.subject: (row.score, row.linked) for row in firms.rows["firm_grades"] if row.month == 12}
    assert linked == {0: (8500, 500), 2: (8500, 0), 4: (8600, 400), 5: (8500, 0)}  # three partners at 3 each, at most 5; an officer 4; a false record
    counted = {name: int(firms.arm.tallies[name].sum()) for name in firms.arm.tallies if name.startswith("firm_lowered")}
    assert counted == {"firm_lowered": 4, "firm_lowered_linked": 2, "firm_lowered_unsound": 1, "firm_lowered_blameless": 3}


def test_lists_of_firms_their_terms_and_their_officers():
    rules = {**LIST, "kinds": ["firm_goods", "firm_tax"], "term": {"firm_goods": 6, "firm_tax": 3}, "officers": 1}
    rules |= {"officer_list": "officers", "officer_term": 2}
    blocks = {"record.firm_registry": REGISTRY_PARAMS, "decide.firm_list:serious": rules, **REGISTER, "review.register": {}}
    firms = Firms(blocks).put("firm_findings", [1, 2], "firm_tax").put("firm_findings", [1, 3], "firm_goods").run()
    assert firms.on("serious") == [1, 2, 3] and firms.arm.stores["listings"].data["subject"].tolist() == [10, 20, 30]
    held = firms.arm.stores["listings"].data
    rows = SimpleNamespace(**{name: held[name] for name in held})
    assert wrong_class(rows).tolist() == [WRONG.code("W6")] * 3  # for the firm's breach, by association
    firms.run(2)
    assert len(firms.arm.stores["listings"]) == 0
    firms.run()
    assert firms.on("serious") == [1, 3]  # the longer of two terms
    firms.run(3)
    assert firms.on("serious") == [] and len(firms.rows["firm_listings"]) == len(firms.rows["firm_listing_ends"]) == 3


def test_a_firm_without_an_officer_is_listed_alone():
    """Number -1 was the last person of all, who is alive: an entry of a person who is not there."""
    rules = {**LIST, "kinds": ["firm_tax"], "term": 3, "officers": 1, "officer_list": "officers"}
    firms = Firms({"record.firm_registry": REGISTRY_PARAMS, "decide.firm_list:serious": rules, **REGISTER, "review.register": {}})
    firms.simulation.society.columns["firms.officer"][2] = -1
    firms.put("firm_findings", [1, 2], "firm_tax").run()
    assert firms.on("serious") == [1, 2] and firms.arm.stores["listings"].data["subject"].tolist() == [10]
    assert [row.officer for row in firms.rows["firm_entries"]] == [1, 0]


def test_the_red_list_lasts_as_long_as_the_grade():
    blocks = {"record.firm_registry": REGISTRY_PARAMS, "decide.firm_rating:tax": RATING,
              "decide.firm_list:red": {**LIST, "rating": "tax", "grades": ["top"]}, **REGISTER}  # fmt: skip
    firms = Firms(blocks).run(12).put("firm_findings", [1], "firm_filing")
    assert firms.on("red") == list(range(6))
    firms.run()
    assert firms.on("red") == [0, 2, 3, 4, 5]


def test_repair_needs_a_wait_and_a_clean_record():
    blocks = {"record.firm_registry": REGISTRY_PARAMS, "decide.firm_list:serious": {**LIST, "kinds": ["firm_goods"], "term": None}, **REGISTER,
              "review.firm_repair": {"lists": ["serious"], "wait": 6, "clean": 4, "asks": 1}}  # fmt: skip
    firms = Firms(blocks).put("firm_findings", [1, 2], "firm_goods").run(5).put("firm_findings", [2], "firm_filing").run()
    assert firms.on("serious") == [1, 2]
    firms.run()
    assert firms.on("serious") == [2]
    firms.run(3)
    assert firms.on("serious") == []


# ------------------------------------------------------------------ what follows

MARKET = {"tenders": 1200, "contracts": 5000, "requests": 0, "loans": 0, "memory": 12}
BARRED = {"carried_out": 1, "procurement": {"listed": 0}, "credit": {"listed": 0.5}, "inspection": {"listed": 3}}
LISTED = {"record.firm_registry": REGISTRY_PARAMS, "decide.firm_list:serious": {**LIST, "kinds": ["firm_goods"]}, **REGISTER}


def test_a_barred_firm_is_refused_and_a_rival_gains():
    def bids(**changed):
        firms = Firms({**LISTED, "enforce.firm_measures:serious": {**BARRED, **changed}, "outcome.firm_market": MARKET})
        return firms.put("firm_findings", [0, 1, 2], "firm_goods").run().rows["firm_bids"], firms

    rows, firms = bids()
    assert {row.subject for row in rows if row.refused} == {0, 1, 2} and sum(row.won for row in rows) == 3
    free, _ = bids(carried_out=0)
    assert not any(row.refused or row.gained for row in free) and sum(row.won for row in free) == 3
    lost = {row.subject for row in free if row.won} & {0, 1, 2}
    assert sum(row.gained for row in rows) == len(lost) and len(firms.arm.stores["firm_strains"]) == 3


def test_preferred_firms_come_first():
    blocks = {"decide.firm_rating:tax": RATING, **REGISTER, "record.firm_registry": REGISTRY_PARAMS, "outcome.firm_market": {**MARKET, "contracts": 1000},
              "enforce.firm_measures:tax": {"carried_out": 1, "procurement": {"top": 3000}, "credit": 1, "inspection": 1}}  # fmt: skip
    firms = Firms(blocks, firms=200, months=1).put("firm_findings", np.arange(100), "firm_filing").run()
    assert all(row.subject >= 100 for row in firms.rows["firm_bids"] if row.won) and sum(row.won for row in firms.rows["firm_bids"]) == 20


CLOSING = {
    "exits": {"micro": 0.5, "small": 0.5, "medium": 0, "large": 0}, "refused": {"procurement": 3, "credit": 1}, "partner_lost": 1, "memory": 12,
    "most": 0.5,
}  # fmt: skip


def test_only_closures_that_refusals_brought_dismiss_staff():
    def closed(**measures):
        blocks = {**LISTED, "enforce.firm_measures:serious": {**BARRED, **measures}, "outcome.firm_market": MARKET, "outcome.firm_survival": CLOSING}
        return Firms(blocks, firms=300, months=3).put("firm_findings", np.arange(150), "firm_goods").run(3)

    with_, without = closed(), closed(carried_out=0)
    assert not without.rows["dismissals"] and {row.subject for row in without.rows["firm_exits"]} < {row.subject for row in with_.rows["firm_exits"]}
    forced = {row.subject for row in with_.rows["firm_exits"] if row.forced}
    assert forced and all(f < 150 for f in forced)
    assert sorted(row.subject for row in with_.rows["dismissals"]) == [p for f in sorted(forced) for p in range(10 * f, 10 * f + 10)]
    assert all(with_.arm.columns["firms.closed"][row.subject] == START + row.month for row in with_.rows["firm_exits"])


CHURN = {"leaves": {"listed": 1}, "replaces": 0, "rating": ["tax"], "lists": ["serious"]}


def test_partners_leave_the_listed_and_find_others_of_the_sector():
    ties = both((0, 1), (0, 2), (1, 2), (3, 4))
    blocks = {**LISTED, "respond.partner_churn": CHURN}
    firms = Firms(blocks, ties=ties).put("firm_findings", [0], "firm_goods").run()
    assert {(row.subject, row.partner) for row in firms.rows["firm_ties"]} == {(0, 1), (0, 2)}
    cut = firms.arm.stores["cut_ties"].data
    assert sorted(zip(cut["subject"].tolist(), cut["partner"].tolist(), strict=True)) == [(0, 1), (0, 2), (1, 0), (2, 0)]
    assert not Firms({**LISTED, "respond.partner_churn": {**CHURN, "leaves": 0}}, ties=ties).put("firm_findings", [0], "firm_goods").run().rows["firm_ties"]
    found = Firms({**LISTED, "respond.partner_churn": {**CHURN, "replaces": 1}}, firms=60, ties=both(*((0, k) for k in range(1, 50))))
    found.put("firm_findings", [0], "firm_goods").run()
    new = [row for row in found.rows["firm_ties"] if row.begun]
    assert len(new) > 40 and all(row.partner != 0 and row.partner != row.subject for row in new)
    listed = found.put("firm_findings", [new[0].partner], "firm_goods").run()
    assert (new[0].partner, new[0].subject) in {(row.subject, row.partner) for row in listed.rows["firm_ties"] if row.month == 1}  # a new tie can be lost too


def test_nobody_finds_a_partner_anew_whom_it_has():
    ties = both(*((a, b) for a in range(8) for b in range(a)))
    firms = Firms({**LISTED, "respond.partner_churn": {**CHURN, "replaces": 1}}, firms=8, ties=ties).put("firm_findings", [0], "firm_goods").run()
    assert len(firms.rows["firm_ties"]) == 7 and not any(row.begun for row in firms.rows["firm_ties"])


def test_goods_harm_customers_of_the_place_by_size():
    blocks = {"conduct.firm_breaches": {**BREACHES, "firm_goods": 1200}, "measure.firm_people": {},
              "outcome.consumer_loss": {"harmed": {"firm_goods": 0.5}, "loss_low": 100, "loss_high": 100}}  # fmt: skip
    rows = Firms(blocks, months=1).run().rows["harms"]
    assert [sum(row.firm == f for row in rows) for f in range(6)] == [5] * 6 and {row.amount for row in rows} == {100}
    assert all((row.subject < 30) == (row.firm < 3) for row in rows)


def test_hours_for_files_and_visits():
    hours = {"files": {"micro": 24, "small": 120, "medium": 600, "large": 3000}, "visit": {"micro": 2, "small": 5, "medium": 9, "large": 9}}
    hours["by_ownership"] = {"foreign": 2, "others": 1}
    firms = Firms({"outcome.compliance": hours, "observe.inspection": {**VISITS, "visits": 0}}, size=[5, 50, 500, 5000, 5, 5])
    firms.simulation.society.columns["firms.ownership"][5] = 2
    firms.put("firm_visits", [1, 1]).run()
    assert [row.amount for row in firms.rows["firm_hours"]] == [24, 120 + 2 * 12 * 5, 600, 3000, 24, 48]


def test_employers_look_at_the_listed_and_their_kin():
    kin = [(10, 20, "child"), (20, 10, "parent"), (10, 30, "sibling"), (30, 10, "sibling")]
    screening = {"lists": ["court"], "looks": 1, "own": 0, "kin": {"child": 1}}
    jobs = {"barred_from_post": 0, "screened_out": 0, "finds": 0, "listed": 1}

    def dismissed(**changed):
        firms = Firms({"review.register": {}, "respond.staff_screening": {**screening, **changed}, "outcome.work": jobs}, kin=kin)
        firms.put("entries", [20], "evasion", list=LABELS["court"], until=32767).run()
        assert [row.subject for row in firms.rows["jobs"]] == [row.subject for row in firms.rows["dismissals"]]
        return [(row.subject, row.basis) for row in firms.rows["dismissals"]]

    assert dismissed() == [(10, 1)]  # for a listed child
    assert dismissed(kin={"parent": 1}) == dismissed(looks=0) == dismissed(lists=["officers"]) == []
    assert dismissed(own=1) == [(10, 1), (20, 0)]


def test_hiring_looks_at_the_name_and_the_kin():
    step, params = REGISTRY["respond.hiring_screen"].step, REGISTRY["respond.hiring_screen"].params
    work = {"barred_from_post": 0, "screened_out": 0, "finds": 0, "listed": 1}
    blocks = {"review.register": {}, "respond.hiring_screen": {"own": 0.5, "kin": 0.75}, "outcome.work": work}
    firms = Firms(blocks, kin=[(10, 20, "child"), (20, 10, "parent")])
    firms.put("entries", [20], "evasion", list=LABELS["court"], until=32767).run()
    cols = next(bound.cols[0] for bound in firms.arm.bound if bound.entry.instance == "respond.hiring_screen")
    given = {"own": 0.5, "kin": 0.75}
    assert (step("work.find", np.array([10, 20, 30]), cols, params.compile(given)) / FACTOR_ONE).tolist() == [0.75, 0.5, 1]
    assert (step("work.find", np.array([10, 20, 30]), cols, params.compile({"own": 1, "kin": 1})) == FACTOR_ONE).all()


# ------------------------------------------------------------------ rows about firms are not rows about persons


def test_ties_of_partners_are_symmetric_and_made_only_when_walked():
    world = build_world("county", people=2000, seed=1, cache=False)
    networks = Networks(world)
    assert "partners" in networks and "partners" not in list(networks)
    made = networks["partners"]
    pairs = {(a, int(b)) for a in range(world.count("firms")) for b in made.neighbours(a)}
    assert pairs and all((b, a) in pairs and a != b for a, b in pairs) and networks["partners"] is made
    again = tie_partners(world.columns["firms.size"], world.columns["firms.sector"], world.seed)
    assert (again.target == made.target).all()


def test_firms_are_counted_without_groups_and_never_taken_for_persons():
    firms = Firms({"outcome.compliance": {"files": 12, "visit": 0, "by_ownership": 1}, "measure.firms": {}}, months=2)
    firms.simulation.society.cells[:] = 1
    log = EventLog(np.ones(60, bool), frozenset({"firm_exits"}))
    firms.simulation.keep = log
    firms.run(2)
    assert firms.arm.tallies["firm_months"].tolist() == [[6, 0], [6, 0]] and not len(log.table("arm")["subject"])
    about = Batch("firm_acts", START, {"subject": np.array([3]), "id": np.array([0])}, of="firms")
    with pytest.raises(ValueError, match="about firms"):
        about.emit("entries", list=1, until=2)


def _arm(names, people=1500, spans=1, log=None, regime=None):
    regime = regime or load_named(names)
    world = build_world("county", people=people, seed=2, start_month=START)
    society = society_of(world, 5, labels_of([regime]), spans, START, span_people=1)
    simulation = Simulation(society, START, 16, keep=log)
    simulation.add("a", RegimeSchedule(regime))
    return simulation


def test_a_corporate_regime_gives_one_digest_for_spans_and_checkpoints(tmp_path):
    def digest(simulation):
        simulation.run(START + 16)
        return arm_digest(simulation.arms[0])

    whole = digest(_arm("corporate-2018"))
    assert digest(_arm("corporate-2018", spans=3)) == whole
    first, second = _arm("corporate-2018"), _arm("corporate-2018")
    first.run(START + 7)
    save(tmp_path / "state", first, None, "stamp")
    restore(tmp_path / "state", second, None, "stamp")
    assert digest(second) == whole


def test_firms_under_ordinary_law_change_no_persons_life():
    plain, firms = (_arm(name) for name in ("ordinary-law", "firm-law"))
    for simulation in (plain, firms):
        simulation.run(START + 16)
    have = plain.arms[0].tallies
    assert have and all((firms.arms[0].tallies[name] == counted).all() for name, counted in have.items())
    assert all((firms.arms[0].columns[name] == column).all() for name, column in plain.arms[0].columns.items())
    assert firms.arms[0].tallies["firm_visits"].sum() > 0
