"""An amnesty ends old listings of the kinds it names, in January of its year, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.mechanisms.catalogue import load_all
from scslab.mechanisms.kinds import GROUND

from .conftest import START, Drive

load_all()
RULE = {"kinds": ["evasion"], "every": 1, "oldest": 6}


def ends(drive):
    return [(row.subject, row.month, row.ground) for row in drive.rows["listing_ends"]]


def listed(rule):
    drive = Drive({"review.register": {}, "review.amnesty:court": rule})
    code = drive.simulation.society.labels["court"]
    drive.put("entries", np.array([1, 2]), "evasion", list=code, until=32767)
    return drive.put("entries", np.array([3]), "refusal_to_perform", list=code, until=32767)


def january(after):
    return -(-after // 12) * 12


@pytest.mark.parametrize("every, expected", [(1, {1, 2}), (0, set())])
def test_old_listings_of_the_kinds_named_end(every, expected):
    drive = listed({**RULE, "every": every}).run(26)
    assert {who for who, _, _ in ends(drive)} == expected
    assert all(month % 12 == 0 and ground == GROUND.code("amnesty") for _, month, ground in ends(drive))


def test_a_young_listing_stays_until_it_is_old():
    drive = listed({**RULE, "oldest": 18}).run(40)
    first = january(START + 18)
    assert {month for _, month, _ in ends(drive)} == {first}


@pytest.mark.parametrize("every", [2, 3, 4, 5, 11])
def test_years_of_amnesty_are_counted_from_2000(every):
    drive = listed({**RULE, "every": every, "oldest": 1}).run(59)
    years = [year for year in range(START // 12 + 1, START // 12 + 5) if year % every == 0]
    assert {month for _, month, _ in ends(drive)} == {12 * year for year in years[:1]}
