"""Every regime and reform of the library loads, holds over the years, and decides its worked cases."""

from __future__ import annotations

import dataclasses

import pytest

from scslab.base.months import month
from scslab.mechanisms.catalogue import catalogue
from scslab.regime import apply_reforms, combine, list_reforms, list_regimes, load_reform, load_regime
from scslab.regime.overlay import matches
from scslab.study.cases import run_cases

NAMES = [name for name in list_regimes() if name not in ("society", "scs-mini", "abstract-models")]
OVERLAYS = ["rongcheng-2016", "rongcheng-2021", "court-list"]


@pytest.fixture(scope="module")
def load():
    """Load regimes once."""
    kept, known = {}, catalogue()

    def loader(name):
        if name not in kept:
            kept[name] = load_regime(name, known)
        return kept[name]

    return loader


@pytest.mark.parametrize("name", NAMES)
def test_regime_holds_from_2011_to_2030_and_decides_its_cases(name, load):
    regime = load(name)
    regime.check_horizon(month("2011-01"), month("2030-01"))
    assert [row for row in run_cases(regime) if not row.ok] == []
    assert regime.title and regime.notes and regime.scope.get("jurisdiction")


@pytest.mark.parametrize("name", OVERLAYS)
def test_overlays_state_what_is_documented_disputed_and_myth(name, load):
    regime = load(name)
    assert set(regime.about) == {"documented", "disputed", "myth"}
    assert regime.parent.name == "ordinary-law"
    assert len(regime.cases) >= 10


@pytest.mark.parametrize("name", OVERLAYS)
def test_a_case_that_does_not_hold_is_reported(name, load):
    regime = load(name)
    case = {"name": "wrong", "date": "2022-05", "given": {"records": ["evasion"], "after": 2}, "expect": {"not_listed": ["limits"]}}
    rows = run_cases(dataclasses.replace(regime, cases=(case,)))
    assert [(row.expected, row.got, row.ok) for row in rows] == [("limits", "", False)]
    unknown = {**case, "given": {"recors": []}}
    assert not run_cases(dataclasses.replace(regime, cases=(unknown,)))[0].ok


def test_ledger_and_list_combine(load):
    both = combine([load("rongcheng-2016"), load("court-list")], catalogue())
    both.check_horizon(month("2011-01"), month("2030-01"))
    blocks = both.at(month("2018-01"))
    assert "decide.ledger" in blocks and "decide.binary_list:court" in blocks
    for cases in (load("rongcheng-2016").cases, load("court-list").cases):
        assert all(row.ok for row in run_cases(dataclasses.replace(both, cases=cases)))


def test_vintages_differ_where_the_texts_do(load):
    when = month("2016-01")
    early, late, newest = (load(f"court-list-{year}").at(when) for year in (2013, 2017, 2020))
    assert "review.appeal_body:higher" not in early and "review.appeal_body:higher" in late
    assert early["decide.binary_list:court"].params.grace == late["decide.binary_list:court"].params.grace == 0
    assert newest["decide.binary_list:court"].params.grace == 1


@pytest.mark.parametrize("reform", list_reforms())
def test_every_reform_applies_and_states_its_price(reform, load):
    overlay = load_reform(reform, catalogue())
    assert overlay.price and overlay.claim and overlay.applies_to
    applied = 0
    for name in ("rongcheng-2016", "court-list", "china-2018", "insiders"):
        regime = load(name)
        if not any(matches(instance, pattern) for instance in regime.clauses for pattern in overlay.targets):
            continue
        reformed = apply_reforms(regime, [overlay])
        reformed.check_horizon(month("2011-01"), month("2030-01"))
        assert reformed.hash != regime.hash
        applied += 1
    assert applied


def test_all_reforms_together(load):
    known = catalogue()
    china = combine([load("china-2018"), load("insiders")], known)
    clash = {"appeal", "evidence-threshold"}  # another name of one reform; another strictness of human review
    everything = [load_reform(name, known) for name in list_reforms() if name not in clash]
    everything.sort(key=lambda overlay: bool(overlay.remove))  # a reform has nothing to hold on to once another has removed it
    reformed = apply_reforms(china, everything)
    assert "enforce.kin" not in reformed.at(month("2018-01")) and "review.context:court" in reformed.at(month("2018-01"))


def test_appeal_is_a_second_name(load):
    known = catalogue()
    one, two = (load_reform(name, known) for name in ("appeal", "independent-appeal"))
    assert one.patches.keys() == two.patches.keys() and one.price == two.price


def test_grades_named_by_the_ledger_and_by_its_measures_agree(load):
    for name in ("rongcheng-2016", "rongcheng-2021"):
        blocks = load(name).at(month("2022-01"))
        assert blocks["decide.ledger"].params.grades[0] == blocks["enforce.grade_measures:grade"].params.grades


def test_no_restriction_hangs_on_a_score_since_2021(load):
    executed = load("rongcheng-2021").at(month("2022-01"))["enforce.grade_measures:grade"].params.execution[0]
    assert {name.partition(".")[2] for name in executed} <= {"fast_lane", "deposit_free", "heating_discount", "cash_reward"}


def test_comparators_hold_no_score_and_no_court_list(load):
    for name in ("ordinary-law", "ordinary-law-enforced", "none"):
        blocks = load(name).at(month("2018-01"))
        assert not any(instance.startswith(("decide.ledger", "decide.binary_list")) for instance in blocks)
