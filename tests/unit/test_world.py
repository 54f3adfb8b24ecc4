"""The world: the same people for the same seed, published marginals, ties that can be."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from scslab.base import luck
from scslab.base.errors import InputError
from scslab.world import build_world, check_world, list_worlds, load_spec
from scslab.world.cache import cache_folder
from scslab.world.check import one_sided


@pytest.fixture(scope="module", autouse=True)
def _cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCSLAB_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def county():
    return build_world("county", people=20_000, seed=1, cache=False)


@pytest.fixture(scope="module")
def china():
    return build_world("china-2020", people=20_000, seed=1, cache=False)


def test_same_seed_same_world_for_any_threads_and_from_the_cache(china):
    again = build_world("china-2020", people=20_000, seed=1, cache=False, threads=3)
    cold = build_world("china-2020", people=20_000, seed=1)
    warm = build_world("china-2020", people=20_000, seed=1)
    assert china.digest() == again.digest() == cold.digest() == warm.digest()
    assert china.digest() != build_world("china-2020", people=20_000, seed=2, cache=False).digest()


def test_threads_change_nothing_across_several_blocks():
    one, two = (build_world("county", people=60_000, seed=5, cache=False, threads=t).digest() for t in (1, 2))
    assert one == two


def test_threads_change_nothing_across_several_districts(monkeypatch):
    for module in ("people", "families", "marriages"):
        monkeypatch.setattr(f"scslab.world.{module}.DISTRICT", 1)
    one, two, three = (build_world("china-2020", people=60_000, seed=5, cache=False, threads=t) for t in (1, 2, 4))
    assert one.digest() == two.digest() == three.digest()
    assert all(r.ok for r in check_world(one))


def test_a_damaged_cache_entry_is_made_anew():
    fine = build_world("county", people=150, seed=9).digest()
    for path in cache_folder().rglob("persons.birth_month.npy"):
        path.write_bytes(b"damaged")
    assert build_world("county", people=150, seed=9).digest() == fine
    for path in cache_folder().rglob("persons.birth_month.npy"):
        path.write_bytes(path.read_bytes()[:-2] + b"\x07\x07")
    assert build_world("county", people=150, seed=9).digest() == fine


@pytest.mark.parametrize("name", ["china", "county"])
def test_marginals_hold_at_20000(name, request):
    rows = check_world(request.getfixturevalue(name))
    assert [r for r in rows if not r.ok] == []
    assert len(rows) > 50


@pytest.mark.parametrize("people", [100, 101, 137, 1000])
@pytest.mark.parametrize("name", ["china-2020", "county"])
def test_small_worlds_have_exactly_the_people_asked_for(name, people):
    world = build_world(name, people=people, seed=3, cache=False)
    columns = world.columns
    assert columns["households.start"][-1] == columns["places.start"][-1] == people
    assert (columns["persons.birth_month"][:people] <= world.start_month).all()
    assert (columns["persons.birth_month"][people:] > world.start_month).all()
    assert all(r.ok for r in check_world(world) if r.source == "rule")


def test_households_are_contiguous_inside_places(china):
    columns, n = china.columns, china.people
    start = columns["households.start"]
    assert (np.diff(start) > 0).all()
    assert (np.repeat(np.arange(len(start) - 1), np.diff(start)) == columns["persons.household"][:n]).all()
    assert np.isin(columns["places.start"], start).all()
    assert (np.repeat(np.arange(len(columns["places.start"]) - 1), np.diff(columns["places.start"])) == columns["persons.place"][:n]).all()


def test_kin_is_symmetric_and_plausible(county):
    kin = county.networks["kin"]
    assert one_sided(kin) == 0 and one_sided(county.networks["friends"]) == 0
    source = np.repeat(np.arange(county.n_rows), np.diff(kin.offsets))
    birth, sex = county.columns["persons.birth_month"].astype(int), county.columns["persons.sex"]
    parent = kin.relation == 1
    gap = birth[source] - birth[kin.target]
    assert gap[parent].min() >= 16 * 12 and gap[parent].max() <= 60 * 12
    partner = kin.relation == 0
    assert (sex[source[partner]] != sex[kin.target[partner]]).all()
    assert np.bincount(source[partner]).max() == 1 and np.bincount(source[parent]).max() <= 2
    pairs = set(zip(source[partner].tolist(), kin.target[partner].tolist(), strict=True))
    siblings = set(zip(source[kin.relation == 3].tolist(), kin.target[kin.relation == 3].tolist(), strict=True))
    assert not pairs & siblings
    household = county.columns["persons.household"]
    grown_apart = parent & (household[source] != household[kin.target])
    assert grown_apart.mean() > 0.05


def test_demography_is_dated_inside_the_horizon(county):
    columns, start, n = county.columns, county.start_month, county.people
    birth, death, wed = (columns[f"persons.{c}"].astype(int) for c in ("birth_month", "death_month", "wed_month"))
    assert (death > birth).all() and (death > start).all()
    assert 0.1 < (death <= start + 240).mean() < 0.35
    assert 0.05 < (county.n_rows - n) / n < 0.2
    spouse = columns["persons.wed_partner"]
    weds = np.flatnonzero(wed < 32767)
    assert len(weds) > 500
    assert (spouse[spouse[weds]] == weds).all() and (wed[spouse[weds]] == wed[weds]).all()
    kin = county.networks["kin"]
    source = np.repeat(np.arange(county.n_rows), np.diff(kin.offsets))
    born = source >= n
    assert (np.bincount(source[born & (kin.relation == 1)], minlength=county.n_rows)[n:] == 2).all()


def test_start_month_dates_the_same_ages():
    early = build_world("county", people=300, seed=1, cache=False, start_month=216)
    late = build_world("county", people=300, seed=1, cache=False)
    shift = late.start_month - 216
    assert (late.columns["persons.birth_month"][:300] - early.columns["persons.birth_month"][:300] == shift).all()
    assert early.n_rows > late.n_rows  # more were born in 2018 to 2020 than will be in 2038 to 2040
    assert early.year == 2018


def test_columns_are_read_only_and_typed(county):
    with pytest.raises(ValueError):
        county.columns["persons.sex"][0] = 1
    kinds = {"birth_month": "int16", "death_month": "int16", "sex": "uint8", "place": "uint16", "household": "int32", "firm": "int32",
             "income": "int32", "boldness": "uint8", "hukou": "uint8"}  # fmt: skip
    assert {k: str(county.columns[f"persons.{k}"].dtype) for k in kinds} == kinds


def test_firms_have_the_staff_they_claim_and_a_grown_officer(county):
    columns = county.columns
    firm = columns["persons.firm"][: county.people]
    assert (np.bincount(firm[firm >= 0], minlength=county.count("firms")) == columns["firms.size"]).all()
    officer = columns["firms.officer"]
    assert (columns["persons.firm"][officer] == np.arange(len(officer))).all()
    assert (columns["persons.role"][officer] & 2 > 0).all()


def test_specs_are_refused_with_the_nearest_name():
    assert {"china-2020", "county", "mini", "ring"} <= set(list_worlds())
    with pytest.raises(InputError, match="china-2020"):
        load_spec("china-2002")
    tree = copy.deepcopy(load_spec("county").tree)
    tree["housholds"] = tree.pop("households")
    del tree["provinces"]["Shandong"]["population"]["source"], tree["traits"]["means_follow_income"]["range"]
    with pytest.raises(InputError) as caught:
        load_spec(tree)
    assert len(caught.value.problems) == 4
    assert "households" in str(caught.value) and "no source" in str(caught.value) and "no range" in str(caught.value)


def test_every_number_has_unit_year_and_evidence():
    for name in ("china-2020", "county"):
        for section in load_spec(name).tree.values():
            stack = [section]
            while stack:
                node = stack.pop()
                if isinstance(node, dict) and "value" in node:
                    assert {"unit", "year", "evidence"} <= set(node) and ("source" in node or "range" in node)
                elif isinstance(node, dict):
                    stack.extend(node.values())


@pytest.mark.parametrize("people", [99, 0, 100_000_001, 10.5])
def test_sizes_out_of_range_are_refused(people):
    with pytest.raises(InputError, match="people"):
        build_world("county", people=people, seed=1)


def test_regular_worlds_are_regular_and_simple():
    for degree in (3, 4, 8):
        world = build_world("regular", people=60, seed=degree, degree=degree)
        ties = world.networks["friends"].target
        assert ties.shape == (60, degree)
        matrix = np.zeros((60, 60), int)
        matrix[np.repeat(np.arange(60), degree), ties.reshape(-1)] = 1
        assert (matrix == matrix.T).all() and (matrix.sum(1) == degree).all() and not matrix.diagonal().any()


def test_ring_complete_and_islands():
    assert sorted(build_world("ring", people=10, seed=1, degree=4).networks["friends"].neighbours(0).tolist()) == [1, 2, 8, 9]
    assert build_world("complete", people=5, seed=1).networks["friends"].neighbours(2).tolist() == [0, 1, 3, 4]
    islands = build_world("islands", people=12, seed=1, islands=3)
    assert islands.networks["friends"].neighbours(4).tolist() == [5, 6, 7] and islands.count("places") == 3


def test_traits_are_given_or_refused():
    world = build_world("ring", people=4, seed=1, traits={"boldness": [1, 2, 3, 4]}, columns={"income": 7})
    assert world.columns["persons.boldness"].tolist() == [1, 2, 3, 4] and (world.columns["persons.income"] == 7).all()
    with pytest.raises(InputError, match="boldness"):
        build_world("ring", people=4, seed=1, traits={"boldnes": 1})
    with pytest.raises(InputError, match="degree"):
        build_world("ring", people=4, seed=1, degre=2)


def test_traits_are_drawn_evenly_when_asked():
    world = build_world("ring", people=20_000, seed=1, traits={"boldness": "drawn", "prosociality": "drawn"})
    bold, kind = world.columns["persons.boldness"], world.columns["persons.prosociality"]
    assert abs(np.bincount(bold, minlength=256) - 20_000 / 256).max() < 45 and abs(np.corrcoef(bold, kind)[0, 1]) < 0.03
    for odd in ({"boldness": "evenly"}, {"income": "drawn"}):
        with pytest.raises(InputError, match="drawn"):
            build_world("ring", people=4, seed=1, columns=odd)


def test_types_tie_within_more_than_across():
    """Mean degree 8, ties across 0.4 times as likely: of 100 ties 28.6 join the two types."""
    world = build_world("types", people=2_000, seed=3, degree=8, mixing=0.4)
    ties, high = world.networks["friends"], world.columns["persons.means"] > 0
    source = np.repeat(np.arange(2_000), np.diff(ties.offsets))
    assert abs(len(ties.target) / 2_000 - 8) < 0.3 and abs(high.mean() - 0.5) < 0.05
    assert abs((high[source] != high[ties.target]).mean() - 0.4 / 1.4) < 0.03
    pairs = set(zip(source.tolist(), ties.target.tolist(), strict=True))
    assert all((b, a) in pairs and a != b for a, b in pairs) and len(pairs) == len(source)
    small = build_world("types", people=30, seed=3, degree=4, mixing=0)
    rich = small.columns["persons.means"] > 0
    assert all((rich[small.networks["friends"].neighbours(i)] == rich[i]).all() for i in range(30))
    with pytest.raises(InputError, match="degree"):
        build_world("types", people=10, seed=1, degree=20)


def test_mini_has_the_benchmarks_law_and_computed_friends_equal_stored_ones():
    stored = build_world("mini", people=30_000, seed=2, yearly_rate=True)
    computed = build_world("mini", people=30_000, seed=2, computed=True)
    target = stored.networks["friends"].target
    assert target.shape == (30_000, 8) and target.dtype == np.int32
    assert all(len(np.unique(target[:, k])) == 30_000 for k in range(8))
    assert all((target[target[i, 2 * k], 2 * k + 1] == i) for i in (0, 777, 29_999) for k in range(4))
    for person in (0, 1234, 29_999):
        assert (computed.networks["friends"].neighbours(person) == target[person]).all()
    rate = stored.columns["persons.rate_yearly"].astype(float)
    assert abs(rate.mean() - 0.3) < 0.01 and abs(rate.var() - 0.18) < 0.02
    assert np.allclose(stored.columns["persons.rate"] / luck.ONE, -np.expm1(-rate / 12), atol=1e-4)
    assert stored.count("places") == 64


def test_kernel_words_equal_luck_words():
    from scslab.base.luck_kernels import words_into

    key = luck.stream_key(4, "world/test")
    out = np.empty(50, np.uint32)
    words_into(*(np.uint64(k) for k in key), 7, 57, -3, 2, out)
    assert (out == luck.words(key, np.arange(7, 57), 0, -3, 2)).all()


def test_strata_hold_in_every_aligned_run_and_streams_are_independent():
    from scslab.base.luck_kernels import strata_into

    one, two = np.empty(65_536, np.uint32), np.empty(65_536, np.uint32)
    strata_into(np.uint64(17), np.uint64(23), 0, 65_536, one)
    strata_into(np.uint64(99), np.uint64(5), 0, 65_536, two)
    assert all(len(np.unique(one[lo : lo + 256] >> 23)) == 256 for lo in (0, 256, 65_280))
    joint = np.bincount((one >> 28).astype(int) * 8 + (two >> 28), minlength=64)
    assert abs(joint - 1024).max() < 200 and abs(np.corrcoef(one, two)[0, 1]) < 0.02
