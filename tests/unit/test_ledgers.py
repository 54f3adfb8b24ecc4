"""Municipal ledgers and their sisters: what their files say agrees with itself and with the society."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.base.months import month
from scslab.mechanisms.catalogue import catalogue
from scslab.mechanisms.kinds import GOOD_DEEDS, KIND
from scslab.regime import combine, load_regime

LEDGERS = ("rongcheng-2014", "rongcheng-2016", "rongcheng-2021", "suining-2010", "weihai-2018", "suqian-2018", "fuzhou-2018", "yiwu-2017", "suzhou-2018")
SISTERS = ("shanghai-2017", "yanji-2015", "shenzhen-2017", "crosswalk-2018")
WHEN = month("2019-01")


def blocks(name):
    return load_regime(name, catalogue()).at(WHEN)


def observed(name):
    """Name the kinds that some sensor reports: those it looks at, or the court's."""
    found = {"unperformed_judgment", "refusal_to_perform", "evasion", "breach_of_limits"}
    for instance, block in blocks(name).items():
        if instance.startswith("observe.") and hasattr(block.params, "kinds"):
            found |= {KIND.names[int(code)] for code in block.params.kinds}
    return found


@pytest.mark.parametrize("name", [*LEDGERS, *SISTERS])
def test_every_file_says_what_is_documented_disputed_and_myth_and_works_ten_cases(name):
    regime = load_regime(name, catalogue())
    assert set(regime.about) == {"documented", "disputed", "myth"} and len(regime.cases) >= 10 and regime.status


@pytest.mark.parametrize("name", LEDGERS)
def test_what_moves_points_is_seen_by_a_sensor_and_admitted(name):
    found = blocks(name)
    per_record, admission = found["decide.ledger"].params.per_record, found["record.local"].params.admission
    kinds = {KIND.names[code] for code in np.flatnonzero(per_record)} - {"false_claim"}
    assert kinds <= observed(name), "points that no sensor can ever bring"
    assert all(admission[KIND.code(kind)] > 0 for kind in kinds)


@pytest.mark.parametrize("name", LEDGERS)
def test_measures_name_the_grades_of_their_ledger(name):
    found = blocks(name)
    assert found["decide.ledger"].params.grades[0] == found["enforce.grade_measures:grade"].params.grades


@pytest.mark.parametrize("name", LEDGERS)
def test_bad_deeds_never_bring_points_and_good_ones_never_cost_any(name):
    per_record = blocks(name)["decide.ledger"].params.per_record
    good = np.isin(np.arange(len(per_record)), KIND.codes(GOOD_DEEDS))
    assert (per_record[good] >= 0).all() and (per_record[~good] <= 0).all()


@pytest.mark.parametrize("name", LEDGERS)
def test_each_ledger_combines_with_what_is_no_ledger(name):
    """Not with rules that had ended or not begun: those share no month."""
    others = ["yanji-2015", "score-market", *(("shenzhen-2017", "shanghai-2017") if name != "rongcheng-2014" else ())]
    both = combine([load_regime(n, catalogue()) for n in (name, *others)], catalogue())
    assert {"decide.ledger", "decide.token_bank:model", "respond.score_market"} <= both.at(WHEN).keys()


def test_the_repealed_rule_leaves_only_what_people_do():
    regime = load_regime("crosswalk-2018", catalogue())
    before, after = (regime.at(month(text)).keys() for text in ("2020-12", "2021-03"))
    gone = {"observe.camera:crosswalk", "observe.self_report", "record.enrolment", "decide.ledger", "decide.local_list:crosswalk"}
    assert gone <= before - after and {"respond.habit:crosswalk", "respond.practice", "respond.motives"} <= after


def test_tokens_are_never_taken_for_misconduct():
    found = blocks("yanji-2015")
    bank = found["decide.token_bank:model"].params
    assert (bank.per_record >= 0).all() and not any(n.startswith(("decide.ledger", "enforce.grade_measures")) for n in found)
