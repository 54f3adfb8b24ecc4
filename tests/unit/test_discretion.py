"""Discretion: rulings on like acts by hand; their variance against its closed form, as whole-number sums."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from scslab.measure.outcomes import outcome
from scslab.measure.outcomes.discretion import variance_for_like_acts
from scslab.mechanisms.kinds import KIND
from scslab.mechanisms.review.discretion import ruled

LITTER, POST, WORSHIP = KIND.codes(("littering", "critical_post", "worship"))
ONE, HALF = 2**31, 2**30
RULE = {
    "discretion": 1, "kinds": ["littering"], "tariff": {"littering": 6}, "stretches": ["critical_post"], "stretched": 0.5, "stretch_months": 4,
    "let_off_office": {"none": 0, "officer": 0, "official": 0.5}, "let_off_quintile": 0, "age_min": 18,
}  # fmt: skip


def rulings(hand, subjects, kind=LITTER, stretch=0, off=0, view=HALF, listed=(), role=(0, 1, 0, 0), **changed):
    listings = hand.store("listings", listed, 0)
    cols = hand.cols({"role": role, "quintile": [0, 0, 4, 4], "place": [0, 0, 1, 1]}, (listings,))
    return hand.step("review.discretion", hand.batch("records", subjects, kind=kind), cols, {**RULE, **changed}, stretch=stretch, off=off, view=view)


def test_without_discretion_every_like_act_brings_the_tariff(hand):
    made = rulings(hand, [0, 1, 2], view={0: 0, 1: HALF, 2: ONE - 1}, discretion=0, let_off_quintile=1)
    assert [r["months"] for r in made["rulings"]] == [6, 6, 6]
    assert [r["until"] for r in made["entries"]] == [hand.month + 6] * 3
    assert not rulings(hand, [0], POST, discretion=0, stretched=1)


def test_with_discretion_like_acts_bring_unlike_terms(hand):
    made = rulings(hand, [0, 2, 3], view={0: 0, 2: HALF, 3: ONE - 1})
    assert [r["months"] for r in made["rulings"]] == [0, 6, 12] and [r["subject"] for r in made["entries"]] == [2, 3]
    made = rulings(hand, [0, 2, 3], view={0: 0, 2: HALF, 3: ONE - 1}, discretion=0.5)
    assert [r["months"] for r in made["rulings"]] == [3, 6, 9]


def test_officials_and_people_of_means_are_let_off(hand):
    made = rulings(hand, [0, 1], off=HALF - 1)
    assert [r["months"] for r in made["rulings"]] == [6, 0]
    assert [r["months"] for r in rulings(hand, [0, 1], off=HALF - 1, discretion=0.5)["rulings"]] == [6, 6]
    made = rulings(hand, [0, 2], off=HALF - 1, let_off_quintile={"lowest": 0, "second": 0, "middle": 0, "fourth": 0, "highest": 0.5})
    assert [r["months"] for r in made["rulings"]] == [6, 0]
    both = {"lowest": 0.5, "second": 0, "middle": 0, "fourth": 0, "highest": 0}  # 1 - (1 - 1/2)(1 - 1/2) = 3/4
    assert [r["months"] for r in rulings(hand, [1], off=HALF + HALF // 2 - 1, let_off_quintile=both)["rulings"]] == [0]
    assert [r["months"] for r in rulings(hand, [1], off=HALF + HALF // 2, let_off_quintile=both)["rulings"]] == [6]


def test_vague_words_are_stretched_to_a_post_and_not_further(hand):
    made = rulings(hand, [0], POST, stretch=HALF - 1)
    assert [(r["months"], r["stretched"]) for r in made["rulings"]] == [(4, 1)]
    assert not rulings(hand, [0], POST, stretch=HALF) and not rulings(hand, [0], WORSHIP)


def test_who_is_listed_already_stays_longer(hand):
    made = rulings(hand, [0], listed=[0])
    assert [(r["subject"], r["months"]) for r in made["extensions"]] == [(0, 6)] and not made.get("entries")


def test_the_lasting_view_is_one_for_a_place(any_town):
    blocks = {"review.discretion:order": {**RULE, "form": "official", "kinds": ["littering"]}}
    town = any_town(40, blocks, places=4)
    found = town.put("records", np.arange(40), "littering").run().all("rulings", "subject", "months")
    by_place = [{months for who, months in found if who // 10 == place} for place in range(4)]
    assert [len(terms) for terms in by_place] == [1] * 4 and len(set.union(*by_place)) > 1
    town = any_town(40, {"review.discretion:order": {**RULE, "form": "act"}}, places=4)
    found = town.put("records", np.arange(40), "littering").run().all("rulings", "subject", "months")
    assert len({months for who, months in found if who < 10}) > 1


@pytest.mark.parametrize("tariff", [3, 6, 12])
def test_the_spread_follows_its_closed_form(tariff):
    n = 2 * tariff + 1
    words = np.array([(k * ONE + ONE // 2) // n for k in range(n)])  # one word in the middle of every month's share
    months = [Fraction(int(m)) for m in ruled(words, tariff, ONE)]
    mean = sum(months) / n
    assert mean == tariff and sum(m * m for m in months) / n - mean**2 == Fraction(tariff * (tariff + 1), 3)
    half = ruled(words, tariff, ONE // 2).astype(float)
    assert abs(half.var() - tariff * (tariff + 1) / 12) < 0.35  # the square of d, up to rounding to whole months


def test_the_variance_is_of_acts_of_one_kind_and_exact():
    # Two kinds: 4 and 8 months, 3 and 3 months; within kinds (8 + 0) / 4 = 2, although all four differ more.
    sums = {"rulings.none.a": 2, "ruling_months.none.a": 12, "ruling_squares.none.a": 80, "rulings.official.b": 2, "ruling_months.official.b": 6,
            "ruling_squares.official.b": 18}  # fmt: skip
    sums = {name: np.array([value]) for name, value in sums.items()}
    assert variance_for_like_acts()(sums, np.array([1])).tolist() == [2.0]
    assert variance_for_like_acts(("official",))(sums, np.array([1])).tolist() == [0.0]
    assert variance_for_like_acts(("none",))(sums, np.array([1])).tolist() == [4.0]
    assert np.isnan(variance_for_like_acts(("officer",))(sums, np.array([1]))[0])
    share = outcome("officials_share").formula
    assert share is not None and share(sums, np.array([1])).tolist() == [1.0]


def test_sums_are_kept_by_kind_and_office(any_town):
    town = any_town(4, {"review.discretion:order": {**RULE, "discretion": 0}, "measure.rulings": {}}, persons__role=np.array([0, 1, 2, 3], np.uint8))
    town.put("records", [0, 1, 2, 3], "littering").run()
    assert [town.tally(f"rulings.{who}.littering") for who in ("none", "official", "officer")] == [1, 2, 1]
    assert town.tally("ruling_months.official.littering") == 12 and town.tally("ruling_squares.official.littering") == 72 and town.tally("rulings") == 4
