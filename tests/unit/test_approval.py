"""The survey by hand: who approves, says so, and is moved by perks, restrictions and information; news of harm; trust by channel."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.measure.outcomes import outcome
from scslab.mechanisms.kinds import MEASURE, TRUST

NONE = {"none": 0, "primary": 0, "junior_secondary": 0, "senior_secondary": 0, "tertiary": 0}
RULE = {
    "online": 1, "asked": 1, "approves": 0.75, "by_education": NONE, "by_quintile": 0, "by_age": 0, "perk": 0.125, "restricted": -0.25, "told": 0,
    "informed": 0.5, "disapproves": 0.25, "says_so": 0,
}  # fmt: skip
APPROVES = 2


def asked(any_town, people=4000, months=12, **changed):
    blocks = {"outcome.survey": {**RULE, **changed}, "measure.approval": {}}
    columns = {"persons__education": np.repeat([1, 4], people // 2).astype(np.uint8), "persons__quintile": np.tile([0, 4], people // 2).astype(np.uint8)}
    return any_town(people, blocks, **columns).run(months)


def test_shares_follow_the_numbers_once_a_year(any_town):
    town = asked(any_town)
    n = town.tally("answers")
    assert n == 4000 == town.tally("answers.uninformed")  # everybody, in one month of twelve
    se = (0.75 * 0.25 / n) ** 0.5
    assert abs(town.tally("approve_private") / n - 0.75) < 4 * se and town.tally("approve_private") == town.tally("approve_stated")
    assert abs(town.tally("disapprove_stated") / n - 0.0625) < 4 * se
    assert asked(any_town, online=0).tally("answers") == 0 and asked(any_town, asked=0).tally("answers") == 0
    assert asked(any_town, approves=1).tally("approve_stated") == 4000 and asked(any_town, approves=0).tally("approve_stated") == 0


def test_information_halves_the_same_persons_and_a_factor_of_one_changes_nobody(any_town):
    told, plain, same = asked(any_town, told=1), asked(any_town), asked(any_town, told=1, informed=1)
    assert told.tally("answers.informed") == 4000 and abs(told.tally("approve_private") / 4000 - 0.375) < 0.031
    who = [{s for s, v in town.all("answers", "subject", "private") if v == APPROVES} for town in (told, plain, same)]
    assert who[0] < who[1] == who[2]  # nobody comes to approve by being told


def test_education_and_means_move_the_chance(any_town):
    by_education = {**NONE, "primary": -0.25, "tertiary": 0.25}
    town = asked(any_town, by_education=by_education)
    assert town.tally("approve_stated.education4") == 2000 and abs(town.tally("approve_stated.education1") / 2000 - 0.5) < 0.045
    town = asked(any_town, by_quintile={"lowest": -0.75, "second": 0, "middle": 0, "fourth": 0, "highest": 0.25})
    assert {s % 2 for s, v in town.all("answers", "subject", "stated") if v == APPROVES} == {1}


def test_those_who_hide_what_they_think_say_they_approve(any_town):
    town = asked(any_town, says_so=1)
    assert town.tally("approve_stated") == 4000 > town.tally("approve_private") and town.tally("disapprove_stated") == 0
    half, plain = asked(any_town, says_so=0.2), asked(any_town)
    assert half.tally("approve_private") == plain.tally("approve_private")
    assert abs(half.tally("approve_stated") / 4000 - 0.8) < 4 * (0.8 * 0.2 / 4000) ** 0.5  # .75 + .25 x .2: the ceiling


def test_perks_raise_and_restrictions_lower_approval(any_town):
    """Half of a town is under a measure: perks and restrictions move those under them, and nobody else."""
    plain = dict(asked(any_town).all("answers", "subject", "private"))
    for measure, code in (("fast_lane", 1), ("air", 2)):
        blocks = {"outcome.survey": RULE, "enforce.book": {}}
        town = any_town(4000, blocks, persons__education=np.full(4000, 2, np.uint8))
        town.put("impositions", np.arange(2000), "none", mask=1 << MEASURE.code(measure), spill=0, list=2)
        found = {s: (v, t) for s, v, t in town.run(12).all("answers", "subject", "private", "touched")}
        assert {t for s, (_, t) in found.items() if s < 2000} == {code} and {t for s, (_, t) in found.items() if s >= 2000} == {0}
        assert all(found[s][0] == plain[s] for s in range(2000, 4000))
        share = sum(v == APPROVES for s, (v, _) in found.items() if s < 2000) / 2000
        assert abs(share - (0.875 if code == 1 else 0.5)) < 0.045


def test_news_informs_once_and_moves_trust(any_town):
    town = any_town(50, {"respond.news": {"reports": 100, "moved": -0.5}, "measure.trust": {}}).run(3)
    moved = town.all("trust_events", "subject", "channel", "weight")
    assert len(moved) == len({who for who, *_ in moved}) == 50
    assert {row[1:] for row in moved} == {(TRUST.code("news"), -(2**15))}
    assert not any_town(50, {"respond.news": {"reports": 0, "moved": -0.5}}).run(3).all("trust_events", "subject")
    quiet = any_town(50, {"respond.news": {"reports": 100, "moved": 0}}).run(3)
    assert not quiet.all("trust_events", "subject")


@pytest.mark.parametrize(("name", "expected"), [("trust_institutions", -3.0), ("trust_others", -1.0), ("trust_news", -2.0)])
def test_trust_in_institutions_and_in_others_is_told_apart_by_channel(name, expected):
    sums = {f"trust.{channel}": np.zeros(1) for channel in TRUST.names}
    sums |= {"trust.news": np.array([-2.0 * 65536]), "trust.own_sanction": np.array([-65536.0]), "trust.suspicion": np.array([-65536.0])}
    made = outcome(name)
    assert made.formula is not None
    assert made.formula(sums, np.array([12.0])).tolist() == [expected]
