"""The plain mechanisms of abstract worlds: acts at a fixed chance, a test of everybody, false reports by friends, fading scores, finding out once."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson

from scslab.base.errors import InputError
from scslab.base.luck import ONE
from scslab.mechanisms.conduct import offence
from scslab.mechanisms.kinds import FAULT, KIND
from scslab.mechanisms.normal import SHIFT, normal
from scslab.study.verify import play, rules, scenario
from scslab.world import build_world

A, B = "littering", "jaywalking"

pytestmark = pytest.mark.small_world


def acts(plan, **settings):
    return scenario(plan, **{"people": 300, "periods": 2, "seed": 4, "keep": ("acts",), **settings}).rows("acts")


def test_rate_zero_gives_nothing_and_one_everything_and_minors_never_act() -> None:
    assert len(acts(rules.acts({A: 0}))["subject"]) == 0
    birth = np.where(np.arange(300) < 100, 240 - 12 * 17, 0)
    found = acts(rules.acts({A: 1}), columns={"birth_month": birth})
    assert sorted(set(found["subject"].tolist())) == list(range(100, 300)) and len(found["subject"]) == 400


def test_one_more_person_changes_nobody_elses_acts() -> None:
    few, more = (acts(rules.acts({A: 0.3, B: 0.2}), people=n) for n in (300, 301))
    mine = more["subject"] < 300
    assert all((few[name] == more[name][mine]).all() for name in ("subject", "kind", "period"))


def test_one_act_a_period_at_most_where_kinds_share_a_word() -> None:
    found = acts(rules.acts({A: 0.5, B: 0.5}, form="one"))
    assert len(found["subject"]) == 600 and len(np.unique(found["subject"] * 2 + found["period"])) == 600
    assert 200 < (found["kind"] == KIND.code(A)).sum() < 400
    with pytest.raises(InputError, match="add up to more than 1"):
        acts(rules.acts({A: 0.6, B: 0.5}, form="one"))


@pytest.mark.parametrize("form", ["apart", "one"])
def test_the_chance_falls_with_a_trait_to_nothing(form: str) -> None:
    boldness = np.repeat([0, 128, 255], 100)
    found = acts(rules.acts({A: 1}, form=form, falls_with="boldness"), traits={"boldness": boldness})
    by = np.bincount(found["subject"] // 100, minlength=3)
    assert by[0] == 200 and by[2] == 0 and 60 < by[1] < 140


def test_a_test_flags_by_its_two_rates_and_never_the_same_person_twice() -> None:
    plan = rules.acts({A: 0.5})
    sure = scenario(plan | rules.screening(A, 1, 0), people=300, periods=1, keep=("acts", "observations"))
    assert (sure.rows("observations")["subject"] == sure.rows("acts")["subject"]).all()
    wrong = scenario(plan | rules.screening(A, 0, 1), people=300, periods=1, keep=("acts", "observations"))
    rows = wrong.rows("observations")
    assert sorted({*rows["subject"].tolist(), *wrong.rows("acts")["subject"].tolist()}) == list(range(300))
    assert not np.isin(rows["subject"], wrong.rows("acts")["subject"]).any() and (rows["fault"] == FAULT.code("fabricated")).all()
    low, high = (scenario(plan | rules.screening(A, 0.4, p), people=300, periods=1, keep=("observations",)).rows("observations") for p in (0.1, 0.2))
    assert set(low["subject"].tolist()) < set(high["subject"].tolist())


def test_friends_report_falsely_only_those_who_did_nothing() -> None:
    plan = rules.acts({A: 0.5}) | {"observe.false_tips": {"kinds": [A], "chance": 1, "named_as": B}}
    played = scenario(plan, people=300, periods=1, degree=4, keep=("acts", "tips"))
    tips, guilty = played.rows("tips"), played.rows("acts")["subject"]
    assert len(tips["subject"]) == 4 * (300 - len(guilty)) and not np.isin(tips["subject"], guilty).any()
    assert all(r in played.world.networks["friends"].neighbours(s) for s, r in zip(tips["subject"], tips["reporter"], strict=True))
    plan["observe.false_tips"]["chance"] = 0
    assert len(scenario(plan, people=300, periods=1, keep=("tips",)).rows("tips")["subject"]) == 0


def test_amounts_are_standard_normal() -> None:
    amount = normal(np.arange(0, 1 << 31, 1023)) / (1 << SHIFT)
    assert abs(amount.mean()) < 0.01 and amount.std() == pytest.approx(1, abs=1e-3)
    pairs = normal(np.arange(2, 1 << 16))
    assert (pairs[0::2] == -pairs[1::2]).all() and (np.diff(normal(np.arange(0, 1 << 31, 1 << 8))) >= 0).all()


def test_a_score_fades_towards_its_baseline() -> None:
    plan = {"record.small_change": {"spread": 8}, "decide.fading_score": {"left": 0.5}}
    seen = []
    watch = lambda period, arms: seen.append(arms["rules"].column("persons.fading_score").copy())  # noqa: E731
    played = scenario(plan, people=50, periods=2, keep=("awards",), watch=watch)
    rows = played.rows("awards")
    points = [np.bincount(rows["subject"][rows["period"] == t], rows["points"][rows["period"] == t], 50) for t in (0, 1)]
    assert (seen[0] == points[0]).all() and (np.abs(seen[1] - points[1] - seen[0] / 2) <= 0.5).all()
    with pytest.raises(InputError, match="not negative"):
        scenario({**plan, "record.small_change": {"spread": -1}}, people=50, periods=1)


def test_who_has_found_out_does_not_ask_again() -> None:
    plan = rules.passers(1, A) | rules.RECORDS | rules.listed([A]) | {
        "enforce.measures:a": {"execution": {"air": 1}, "spill": 0}, "enforce.book": {},
        "outcome.travel": {"air": 1000, "rail": 0, "air_insists": 1, "rail_insists": 0, "again": 0},
    }  # fmt: skip
    arms = {name: plan | {name: {"asks": 1}} for name in ("review.first_inquiry", "review.inquiry")}
    played = play(arms, people=40, periods=5, keep=("inquiries",))
    assert sorted(played["review.first_inquiry"].rows("inquiries")["subject"].tolist()) == list(range(40))
    assert len(played["review.inquiry"].rows("inquiries")["subject"]) == 160
    plan |= {"review.first_inquiry": {"asks": 0}}
    assert len(scenario(plan, people=40, periods=5, keep=("inquiries",)).rows("inquiries")["subject"]) == 0


def test_worlds_have_places_towns_and_households_of_a_size() -> None:
    world = build_world("ring", 10, 1, places=2, urban=[1, 0], household=5)
    assert world.columns["persons.place"].tolist() == [0] * 5 + [1] * 5
    assert world.columns["places.urban"].tolist() == [1, 0] and world.columns["households.start"].tolist() == [0, 5, 10]
    for wrong, word in (({"urban": [1, 0, 1]}, "one a place"), ({"household": 0}, "households of 0"), ({"places": 11}, "11 places")):
        with pytest.raises(InputError, match=word):
            build_world("ring", 10, 1, **wrong)


def test_offences_of_the_listed_can_only_be_fewer():
    with pytest.raises(InputError, match="can only be fewer"):
        scenario({"conduct.offence": {"listed_factor": 1.5}}, people=20, periods=1, seed=1)


def test_chances_of_many_offences_are_those_of_the_poisson_law_and_certain_in_the_end():
    table, cells = offence.tails(), np.array([1, 1024, 2048, 4095])
    rate = -np.log1p(-cells / offence.LEVELS)
    for k in (2, 3, offence.MOST):
        assert np.allclose(table[k - 2, cells], poisson.sf(k - 1, rate) * ONE, rtol=1e-9, atol=1)
    assert (table[:, -1] == ONE).all() and (np.diff(table, axis=1) >= 0).all()
