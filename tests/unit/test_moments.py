"""What reports publish of a list, counted by hand: entries by sex and age, exits by ground, trips refused and the persons behind them."""

from __future__ import annotations

import numpy as np
import pytest

from scslab.base.errors import InputError
from scslab.measure.outcomes import windows, years
from scslab.measure.outcomes.compute import window_of
from scslab.mechanisms.kinds import GROUND

from .conftest import START

COURT, PERKS = 2, 3
RULE = {"lists": ["court", "nowhere"], "age_from": 40, "age_to": 49, "heads_from": 15}


@pytest.fixture
def town(any_town):
    """Ten people: the first five are women; person 1 is 39 and eleven months, person 9 has just turned 50, the others are 40."""
    born = np.full(10, START - 480, np.int16)
    born[1], born[9] = START - 479, START - 600
    return any_town(10, {"measure.moments": RULE}, persons__sex=np.repeat([0, 1], 5).astype(np.uint8), persons__birth_month=born)


@pytest.mark.small_world
def test_entries_are_counted_by_sex_and_age_and_only_on_the_lists_named(town):
    town.put("listings", [0, 1, 5, 6, 9], "refusal_to_perform", list=COURT).put("listings", [2, 7], "refusal_to_perform", list=PERKS).run()
    assert [town.tally(f"moments_{name}") for name in ("entries", "men", "of_age")] == [5, 3, 3]


@pytest.mark.small_world
def test_exits_are_counted_by_ground(town):
    for who, ground in enumerate(("performed", "settlement", "unable", "overturned", "term_over", "died")):
        town.put("listing_ends", [who], "refusal_to_perform", list=COURT, ground=GROUND.code(ground))
    town.put("listing_ends", [7], "refusal_to_perform", list=PERKS, ground=GROUND.code("performed")).run()
    assert [town.tally(f"moments_{name}") for name in ("exits", "complied", "repaired")] == [6, 2, 3]


@pytest.mark.small_world
def test_attempts_and_the_persons_behind_them_in_a_month(town):
    town.put("refusals", [3, 3, 3, 4], "air_trip").put("refusals", [3, 5], "rail_trip").put("refusals", [6], "loan_application").run()
    town.put("refusals", [3], "air_trip").run()
    assert [town.tally(f"moments_{name}") for name in ("air", "air_persons", "rail")] == [5, 3, 2]


@pytest.mark.small_world
def test_heads_are_those_old_enough_and_alive_by_province_too(any_town):
    born, died = np.full(10, START - 480, np.int16), np.full(10, 32767, np.int16)
    born[0], born[1], died[2] = START - 179, START - 180, START  # 14 and eleven months, just 15, dead this month
    town = any_town(10, {"measure.moments": RULE}, persons__birth_month=born, persons__death_month=died, places__province=np.array([3, 7], np.uint8))
    town.put("listings", [1, 5], "refusal_to_perform", list=COURT).run()
    assert town.tally("moments_heads") == 8
    assert [town.tally(f"moments_{name}") for name in ("heads_in.p03", "heads_in.p07", "entries_in.p03", "entries_in.p07")] == [3, 5, 1, 1]


@pytest.mark.small_world
def test_the_stock_counts_persons_once_and_only_those_old_enough(any_town):
    born = np.full(10, START - 480, np.int16)
    born[7] = START - 120
    rules = {"review.register": {}, "measure.moments": RULE | {"lists": ["court", "perks"]}}
    town = any_town(10, rules, persons__birth_month=born)
    for label in (COURT, PERKS):
        town.put("entries", [1, 7], "refusal_to_perform", list=label, until=32767)
    town.put("entries", [2], "refusal_to_perform", list=PERKS, until=32767).run(2)
    assert town.tally("moments_held") in (2, 4)  # two persons a month, from the month of their entry or the one after


def test_years_are_windows_that_are_not_printed_by_themselves():
    assert years(30) == {"year 1": slice(0, 12), "year 2": slice(12, 24)}
    assert window_of(30, "year 2") == slice(12, 24)
    assert not set(years(30)) & set(windows(30))
    with pytest.raises(InputError, match="year 9"):
        window_of(30, "year 9")
