"""Breaches of firms and their inspectors; against hand calculations and the closed forms of urns."""

from __future__ import annotations

import numpy as np
from firm_drive import BREACHES, START, VISITS, Firms

from scslab.base import luck
from scslab.mechanisms.firms import draw_by_weight
from scslab.mechanisms.kinds import KIND

# ------------------------------------------------------------------ breaches and inspectors


def test_certain_breaches_last_until_found_and_one_of_a_kind_at_a_time():
    firms = Firms({"conduct.firm_breaches": {**BREACHES, "firm_goods": 1200}}).run(3)
    assert [(row.subject, row.month) for row in firms.rows["firm_acts"]] == [(f, 0) for f in range(6)]
    firms.put("firm_findings", [2], "firm_goods").put("firm_findings", [4], "firm_goods", fault=1).run()
    assert [(row.subject, row.month) for row in firms.rows["firm_acts"][6:]] == [(2, 3)]  # found, ended, and done again; a false finding ends nothing
    assert not Firms({"conduct.firm_breaches": BREACHES}).run(3).rows["firm_acts"]


def test_sector_size_and_officer_set_the_rate():
    careful = {**BREACHES, "firm_goods": 1200, "by_officer": 1}
    firms = Firms({"conduct.firm_breaches": careful})
    firms.simulation.society.columns["persons.conscientiousness"][::20] = 255
    assert {row.subject for row in firms.run().rows["firm_acts"]} == {1, 3, 5}
    spared = {**BREACHES, "firm_goods": 1200, "by_sector": {"firm_goods": {"trade": 0}}}
    assert {row.subject for row in Firms({"conduct.firm_breaches": spared}, sector=[0, 1] * 3).run().rows["firm_acts"]} == {1, 3, 5}


def test_a_firm_without_an_officer_does_not_breach_like_the_last_person():
    """Number -1 would be the last person of all, who is as careless as can be here."""
    firms = Firms({"conduct.firm_breaches": {**BREACHES, "firm_goods": 1200, "by_officer": 1}})
    firms.simulation.society.columns["firms.officer"][2] = -1
    assert {row.subject for row in firms.run().rows["firm_acts"]} == {0, 1, 3, 4, 5}


def test_every_visit_is_made_and_what_is_there_is_found_with_the_months_it_lasted():
    blocks = {"conduct.firm_breaches": {**BREACHES, "firm_goods": 1200}, "observe.inspection": {**VISITS, "visits": 5000}}
    firms = Firms(blocks, firms=8).run(2)
    assert [sum(row.month == m for row in firms.rows["firm_visits"]) for m in (0, 1)] == [4, 4]
    found = firms.rows["firm_findings"]
    visited = [{row.subject for row in firms.rows["firm_visits"] if row.month == m} for m in (0, 1)]
    assert {row.subject for row in found if row.month == 0} == visited[0] and all(row.fault == 0 for row in found)
    late = {row.subject: row.since - START for row in found if row.month == 1}
    assert late == {f: int(f in visited[0]) for f in visited[1]}  # ended by the first finding and begun again, or as old as the run


def test_inspectors_who_err_find_what_is_not_there_and_never_what_is():
    erring = {**VISITS, "kinds": ["firm_tax", "firm_goods"], "false_find": 1, "sensitivity": 0}
    firms = Firms({"conduct.firm_breaches": {**BREACHES, "firm_goods": 1200}, "observe.inspection": erring}).run()
    assert {row.kind for row in firms.rows["firm_findings"]} == {KIND.code("firm_tax")} and all(row.fault == 1 for row in firms.rows["firm_findings"])


def test_registers_and_the_public_report_and_false_reports_are_fabricated():
    blocks = {
        "conduct.firm_breaches": {**BREACHES, "firm_filing": 1200},
        "observe.firm_reports:register": {"comes_to_light": {"firm_filing": 1}, "false_reports": 0},
        "observe.firm_reports:public": {"comes_to_light": 0, "false_reports": 1200, "false_kinds": ["firm_wages"]},
    }
    found = Firms(blocks).run().rows["firm_findings"]
    assert sorted((row.subject, row.kind, row.fault) for row in found) == sorted(
        (f, KIND.code(kind), fault) for f in range(6) for kind, fault in (("firm_filing", 0), ("firm_wages", 1))
    )


URN = {**BREACHES, "firm_goods": 1200, "ends": 1}


def test_polyas_urn_keeps_its_first_bias_and_has_its_variance():
    """CF14a: two alike sites, five findings to one, one visit a month that always finds: after T draws Var = T * 5 / (252 (T + 6))."""
    share, draws = [], 40
    for seed in range(70):
        urn = Firms({"conduct.firm_breaches": URN, "observe.inspection": {**VISITS, "visits": 5000, "prediction": 1, "head_start": 4}}, firms=2, seed=seed)
        urn.run(draws)
        assert len(urn.rows["firm_visits"]) == draws == urn.arm.columns["firms.found"].sum() // 256
        share.append((5 + urn.arm.columns["firms.found"][0] / 256) / (6 + draws))
    expected = draws * 5 / (252 * (draws + 6))
    assert abs(np.mean(share) - 5 / 6) < 4 * np.sqrt(expected / 70)
    assert 0.5 < np.var(share) / expected < 1.7


RATES = (3.68511, 2.816466)


def _two_sectors(firms, months, **inspection):
    """Run two sectors whose breaches are as 3.685 to 2.816; give the share of the first among remembered findings."""
    ratio = RATES[1] / RATES[0]
    conduct = {**BREACHES, "ends": 1, "firm_goods": 4, "by_sector": {"firm_goods": {"trade": 1, "manufacturing": ratio}}}
    blocks = {"conduct.firm_breaches": conduct, "observe.inspection": {**VISITS, "unit": "sector", "prediction": 1, "visits": 200, **inspection}}
    if inspection.get("reports"):
        blocks["observe.firm_reports:public"] = {"comes_to_light": {"firm_goods": 0.04}, "false_reports": 0}
    made = Firms(blocks, firms=firms, sector=[0, 1] * (firms // 2), months=months)
    made.simulation.keep = None
    made.run(months)
    found = made.arm.columns["firms.found"].reshape(-1, 2).sum(axis=0) / 256 + np.array([inspection.get("start", 1) + inspection.get("head_start", 0), 1])
    return found[0] / found.sum()


def test_correction_restores_the_true_shares_and_reports_pull_towards_them():
    """CF15a, CF15c: limits .5668 with correction; .5989 when a report counts as much as its chance of a visit (weight .5); runaway without."""
    assert abs(_two_sectors(20_000, 60, correction=1) - RATES[0] / sum(RATES)) < 0.02
    assert abs(_two_sectors(20_000, 60, reports=1) - 0.5988971145) < 0.015
    assert abs(_two_sectors(20_000, 60, reports=1, head_start=60) - 0.5988971145) < 0.02
    assert _two_sectors(20_000, 60, head_start=60) > 0.9


def test_without_prediction_the_model_changes_no_visit():
    def visits(**changed):
        blocks = {"conduct.firm_breaches": {**BREACHES, "firm_goods": 6}, "observe.inspection": {**VISITS, "visits": 3000, **changed}}
        return [(row.month, row.subject) for row in Firms(blocks, firms=40).run(6).rows["firm_visits"]]

    assert visits() == visits(unit="sector", start=50, head_start=500, reports=1, correction=1) == visits(override=1)
    assert visits(prediction=1, head_start=500) != visits() and visits(prediction=1, head_start=500, override=1) == visits()


def test_weights_choose_in_proportion():
    words = luck.words(luck.stream_key(1, "weights"), np.arange(40_000))
    found = np.bincount(draw_by_weight(words, np.array([1, 0, 3, 6])), minlength=4) / 40_000
    assert np.abs(found - [0.1, 0, 0.3, 0.6]).max() < 0.01
    assert len(draw_by_weight(words, np.zeros(3, np.int64))) == 0
    assert np.bincount(draw_by_weight(words, np.array([1, 1]) << 40)).min() > 19_000
