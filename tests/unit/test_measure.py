"""What we conclude: cells, outcomes by hand, intervals against SciPy, effects, chains, the report."""

from __future__ import annotations

import html.parser
from types import SimpleNamespace

import numpy as np
import pytest

from scslab.base.errors import InputError
from scslab.engine.rows import pack_ids
from scslab.measure import cells, charts, disparity, effects, explain, intervals, outcomes
from scslab.measure.report import LIMIT, ReportData, report
from scslab.mechanisms.kinds import FAULT, KIND

START = 216


def small_world() -> SimpleNamespace:
    """Four persons: a poor woman of 20, a rich man of 70 in town, a child, a migrant of 40 who dies in the second month."""
    columns = {
        "persons.birth_month": np.array([START - 240, START - 840, START - 60, START - 480, START + 5], np.int16),
        "persons.death_month": np.array([32767, 32767, 32767, START + 1, 32767], np.int16),
        "persons.sex": np.array([0, 1, 0, 1, 0], np.uint8),
        "persons.quintile": np.array([0, 4, 0, 2, 0], np.uint8),
        "persons.hukou": np.array([0, 1, 0, 3, 0], np.uint8),
        "persons.place": np.array([0, 1, 0, 1, 0], np.uint16),
        "places.urban": np.array([0, 1], np.uint8),
    }
    return SimpleNamespace(columns=columns, count=lambda table: 5)


def test_cells_name_each_group():
    cell = cells.cell_of(small_world(), START)
    assert cell.dtype == np.uint16
    found = [np.unravel_index(int(c), cells.SHAPE) for c in cell]
    assert [tuple(map(int, f)) for f in found] == [(0, 0, 1, 0, 0), (4, 1, 5, 1, 0), (0, 0, 0, 0, 0), (2, 1, 3, 1, 1), (0, 0, 0, 0, 0)]


def test_the_cohort_is_adults_at_the_fork_while_they_live():
    followed = cells.followed(small_world(), START, 3)
    assert followed.sum(axis=1).tolist() == [4, 3, 3]
    assert cells.marginal(followed)[:, 0].tolist() == [3, 2, 2]
    assert cells.marginal(followed, "sex").tolist() == [[1, 2], [1, 1], [1, 1]]
    assert cells.marginal(followed, "age_band")[0].tolist() == [1, 0, 1, 0, 1]
    assert cells.marginal(followed, "hukou")[0].tolist() == [2, 1]


def test_groups_refuses_unknown_names():
    with pytest.raises(InputError, match="income_quintile"):
        cells.groups("income")


ADULT = int(np.ravel_multi_index((0, 0, 1, 0, 0), cells.SHAPE))
CHILD = int(np.ravel_multi_index((0, 0, 0, 0, 0), cells.SHAPE))


def counts(months: int, **by_name: list[int]) -> dict[str, np.ndarray]:
    """Counters with everything in one adult cell, and one count of a child in the first month that must not be read."""
    made = {}
    for name, values in by_name.items():
        array = np.zeros((months, cells.n_cells()), np.int64)
        array[: len(values), ADULT] = values
        array[0, CHILD] = 1000
        made[name.replace("__", ".")] = array
    return made


def persons(months: int, number: int) -> np.ndarray:
    array = np.zeros((months, cells.n_cells()), np.int64)
    array[:, ADULT] = number
    return array


def test_a_rate_is_per_person_year():
    made = counts(24, listings_started=[3] * 24)
    top, base, events = outcomes.parts(outcomes.outcome("listed"), made, persons(24, 600), None, "months 1-12")
    assert (top[0], base[0], events[0]) == (36, 600, 36)
    assert top[0] / base[0] * outcomes.outcome("listed").per == 600


def test_a_stock_is_the_mean_of_the_last_twelve_month_ends():
    made = counts(24, listed_stock=[100] * 12 + [6] * 12)
    top, base, _ = outcomes.parts(outcomes.outcome("listed_stock"), made, persons(24, 600), None, "all")
    assert top[0] / base[0] * 10_000 == 100


def test_performance_within_24_months_needs_complete_cohorts():
    made = counts(26, judgments=[10, 10, 50], performed_able__m1=[0, 2, 3], performed_able__m24=[0] * 24 + [1], performed_unable__m3=[])
    top, base, _ = outcomes.parts(outcomes.outcome("judgments_performed"), made, persons(26, 1))
    assert (top[0], base[0]) == (2 + 3 + 1, 20)  # the judgments of months 0 and 1; those of month 2 have had only 23 months


def test_acts_split_into_watched_and_unwatched():
    made = counts(12, acts=[9], acts__littering=[5], acts__petition=[4])
    for name, value in (("acts_watched", 5), ("acts_unwatched", 4)):
        assert outcomes.parts(outcomes.outcome(name), made, persons(12, 1), None, "all", ("littering",))[0][0] == value


def test_months_unaware_by_kaplan_meier():
    made = counts(40, unaware_started=[10], unaware_told__m0=[4], unaware_told__m2=[0, 0, 3], unaware_ended__m5=[0] * 5 + [1])
    for array in made.values():
        array[0, CHILD] = 0
    found = outcomes.survival_unaware(made, (40, cells.n_cells()))
    assert found["median_months"] == 2.0 and found["never_aware"] == pytest.approx(1 / 8)


def test_every_outcome_is_said_once_and_five_are_primary():
    names = [o.name for o in outcomes.OUTCOMES]
    assert len(set(names)) == len(names) and len({o.words for o in outcomes.OUTCOMES}) == len(names)
    assert set(outcomes.PRIMARY) == {"listed", "blameless_reached", "burden", "judgments_performed", "speech"}
    assert {o.kind for o in outcomes.OUTCOMES} == {"level", "contrast"}


@pytest.mark.parametrize("df", [1, 2, 5, 7, 31, 200])
@pytest.mark.parametrize("level", [0.5, 0.9, 0.95, 0.999])
def test_t_quantiles_agree_with_scipy(df, level):
    stats = pytest.importorskip("scipy.stats")
    assert intervals.t_quantile(df, level) == pytest.approx(stats.t.ppf(0.5 + level / 2, df), rel=1e-9)


def test_paired_interval_agrees_with_scipy():
    stats = pytest.importorskip("scipy.stats")
    d = np.random.default_rng(3).normal(1, 2, 8)
    found, known = intervals.paired(d), stats.ttest_1samp(d, 0)
    low, high = known.confidence_interval(0.95)
    assert (found.low, found.high, found.p) == pytest.approx((low, high, known.pvalue), rel=1e-9)


def test_paired_interval_of_one_seed_or_none_that_differs():
    assert intervals.paired([2.0]) == intervals.Interval(2.0, None, None)
    assert intervals.paired([0.0, 0.0]) == intervals.Interval(0.0, 0.0, 0.0, 1.0)


def test_bootstrap_of_ratios_covers_and_repeats():
    rng, inside = np.random.default_rng(4), 0
    for _ in range(60):
        base = rng.poisson(200, (8, 2))
        with_ = np.stack([rng.binomial(base[:, 0], 0.5), base[:, 0]], axis=1)
        without = np.stack([rng.binomial(base[:, 1], 0.3), base[:, 1]], axis=1)
        found = intervals.ratio_difference(with_, without, 100.0)
        inside += found.low <= 20 <= found.high
    assert found == intervals.ratio_difference(with_, without, 100.0)
    assert 50 <= inside <= 60


def test_too_few_events_says_how_many_people_would_do():
    assert intervals.too_few(5, 20_000) == "too few; needs about 80,000 people"
    assert intervals.too_few(0, 1000) == "too few; needs more than 20,000 people"
    assert intervals.too_few(20, 10) == ""


def run_of(listed: list[int]) -> tuple[dict, list[np.ndarray]]:
    """Two arms; `with` has so many listings more in each seed."""
    base = {k: counts(12, listings_started=[40], speech=[50]) for k in range(len(listed))}
    rules = {k: counts(12, listings_started=[40 + more], speech=[50]) for k, more in enumerate(listed)}
    return {"with": rules, "without": base}, [persons(12, 1000) for _ in listed]


def test_effects_are_paired_and_say_when_there_is_too_little():
    tallies, followed = run_of([10, 20, 30, 20])
    rows = {row["outcome"]: row for row in effects.effects(tallies, followed, "with", "without")}
    listed = rows["listed"]
    assert (listed["with"], listed["without"], listed["difference"]) == (600, 400, 200)
    half = intervals.t_quantile(3) * np.std([100, 200, 300, 200], ddof=1) / 2
    assert listed["low"] == pytest.approx(200 - half) and listed["label"] == "luck only" and listed["note"] == ""
    assert rows["speech"]["difference"] == rows["speech"]["low"] == 0.0
    assert rows["refusals"]["with"] is None and rows["refusals"]["note"].startswith("too few")
    assert rows["judgments_performed"]["note"] == "no complete cohort: needs more than 24 months"


def test_the_arms_of_one_seed_are_a_pair():
    """Populations differ far more than the rules move anything; only pairs show it."""
    more = [10, 20, 30, 20]
    tallies, followed = run_of([0] * 4)
    for k, base in enumerate((40, 80, 160, 320)):
        tallies["without"][k], tallies["with"][k] = counts(12, listings_started=[base]), counts(12, listings_started=[base + more[k]])
    row = effects.effects(tallies, followed, "with", "without", outcomes=["listed"])[0]
    half = intervals.t_quantile(3) * np.std([100, 200, 300, 200], ddof=1) / 2
    assert (row["low"], row["high"]) == pytest.approx((200 - half, 200 + half))


def test_a_level_without_counterpart_is_shown_alone():
    tallies, followed = run_of([0, 0])
    for made in tallies["with"].values():
        made |= counts(12, grades_lowered=[40], grades_lowered_wrongly=[20])
    row = effects.effects(tallies, followed, "with", "without", outcomes=["grades_wrong"])[0]
    assert (row["with"], row["without"], row["difference"]) == (50, None, None) and row["note"] == "nothing of the kind without the rules"


def test_effects_by_group_and_bad_names():
    tallies, followed = run_of([10, 20, 30, 20])
    rows = effects.effects(tallies, followed, "with", "without", by="sex", outcomes=["listed"])
    assert [row["group"] for row in rows] == ["female", "male"] and rows[0]["difference"] == 200 and rows[1]["difference"] is None
    with pytest.raises(InputError):
        effects.effects(tallies, followed, "wih", "without")
    with pytest.raises(InputError):
        effects.effects(tallies, followed, "with", "without", window="last 13")


def test_poor_and_rich_are_standardised_by_age_and_sex():
    """The poor are old and the rich young; at each age both have the same rate, so nothing is left."""
    shape, followed, listed = cells.SHAPE, np.zeros((12, *cells.SHAPE), np.int64), np.zeros((12, *cells.SHAPE), np.int64)
    for quintile, old, young in ((0, 900, 100), (4, 100, 900)):
        followed[:, quintile, 0, 5, 0, 0], followed[:, quintile, 0, 1, 0, 0] = old, young
        listed[:, quintile, 0, 5, 0, 0] = old // 50
    flat = lambda array: array.reshape(12, int(np.prod(shape)))  # noqa: E731
    tallies = {arm: {k: {"listings_started": flat(listed)} for k in range(3)} for arm in ("a", "b")}
    found = disparity.poor_rich(tallies, [flat(followed)] * 3, "a", "b")
    assert found["difference"] == pytest.approx(0) and found["ratio"] == pytest.approx(1)


def test_near_and_far_keeps_the_same_persons():
    speech = {"a": np.array([0, 1, 2, 3]), "b": np.array([4, 1, 2, 5])}
    touched = {"a": np.array([1, 2, 0, 0], np.uint8), "b": np.array([0, 0, 0, 4], np.uint8)}
    rows = {r["stratum"]: r for r in effects.near_and_far(speech, touched, "a", "b", np.ones(4, bool))}
    assert [rows[s]["people"] for s in ("all", "own", "kin", "nobody near")] == [4, 1, 1, 2]
    assert rows["nobody near"]["difference"] == -1000


def ledger() -> dict[str, np.ndarray]:
    """An act of person 7, blamed on person 3, recorded and listed."""
    kind = KIND.code("littering")
    act, seen, record, listing = (int(pack_ids(who, month, kind)[0]) for who, month in ((7, 216), (3, 216), (3, 217), (3, 218)))
    fault = FAULT.code("misattributed")
    return {
        "table": np.array(["acts", "observations", "records", "listings"]),
        "origin": np.array(["none", "acts", "observations", "records"]),
        "id": np.array([act, seen, record, listing]),
        "parent": np.array([0, act, seen, record]),
        "subject": np.array([7, 3, 3, 3]),
        "month": np.array([216, 216, 217, 218]),
        "kind": np.array([kind] * 4),
        "instance": np.array(["conduct.walking", "observe.camera", "record.local", "decide.local_list:shame"]),
        "fault": np.array([-1, fault, fault, fault]),
        "true_actor": np.array([-1, 7, 7, 7]),
        "cause": np.array([1, 1, 1, 1]),
    }


def test_a_chain_leads_to_the_act_of_somebody_else():
    steps = explain.chain(ledger(), 3, {("decide.local_list", ""): "Measures, art. 5"})
    assert [step["words"] for step in steps] == ["act", "observation", "record", "listing"]
    assert steps[0]["person"] == 7 and steps[0]["truth"] == "" and steps[3]["truth"] == "misattributed: the act was person 7's"
    assert steps[3]["source"] == "Measures, art. 5" and steps[3]["month"] == "2018-03"
    assert explain.root_words(steps) == "It goes back to an error: misattributed: the act was person 7's."


def test_a_chain_whose_root_was_not_kept_says_so():
    events = {name: column[1:] for name, column in ledger().items()}
    steps = explain.chain(events, 2)
    assert steps[0]["row"] is None and steps[0]["person"] == 7 and steps[0]["words"] == "act"


class Checker(html.parser.HTMLParser):
    """Checks that tags close, and collects attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs
        if tag not in ("meta", "br", "line", "circle", "polyline"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_report_is_one_sound_file_without_requests():
    tallies, followed = run_of([10, 20, 30, 20])
    rows = effects.effects(tallies, followed, "with", "without", window="all")
    sexes = effects.effects(tallies, followed, "with", "without", by="sex")
    number = {"instance": "decide.ledger", "param": "start", "value": 1000, "unit": "points", "evidence": "assumed", "range": (900, 1000)}
    data = ReportData(
        "A county & <its> ledger", "with", "ordinary <law>", "scslab run x", "abc", scope="2016-2020", python="scslab.run('x')",
        evidence={"documented": 3, "assumed": 40}, effects=rows, by_group={"sex": sexes}, months=["2018-01", "2018-02"],
        series={"with": [1.0, 3.5], "without": [1.0, 1.0]}, missed=["share listed"], numbers=[number],
        reforms=[{"name": "notice", "effect": -2.0, "low": -3.0, "high": -1.0, "price": "2 staff hours"}],
        plan=[{"phase": "decide", "mechanism": "decide.ledger", "does": "x"}],
    )  # fmt: skip
    text = report(data)
    checker = Checker()
    checker.feed(text)
    assert not checker.open and len(text.encode()) < LIMIT
    assert not [value for name, value in checker.attributes if name in ("src", "href", "action", "data")]
    assert "<its>" not in text and "ordinary <law>" not in text and "http" not in text.replace("http-equiv", "")
    assert "Synthetic" in text and "no national citizen score" in text and "luck only" in text and "too few; needs" in text
    assert text.count('scope="col"') > 10 and text.count('scope="row"') > 10


def test_a_report_that_is_too_large_is_refused():
    with pytest.raises(ValueError, match="bytes"):
        report(ReportData("x", "a", "b", "c", "d", caveats=["y" * LIMIT]))


def test_charts_tell_lines_apart_by_more_than_colour():
    drawn = charts.line_chart({"a": [0, 1], "b": [1, 1]}, ["2018-01", "2018-02"], "t", "u")
    assert drawn.count("stroke-dasharray") == 2 and 'stroke-dasharray="7 4"' in drawn and ">a</text>" in drawn
    assert charts.ticks(0.03)[-1] >= 0.03 and charts.ticks(120)[-1] >= 120


def test_a_formula_gets_the_counters_of_the_window_and_a_name_with_a_star_stands_for_all_that_begin_so():
    def stayed(sums, followed):
        return (sums["moved.1to1"] + sums["moved.2to2"]) / sum(sums.values())

    made = counts(24, moved__1to1=[9] * 12, moved__2to2=[1] * 24, moved__1to2=[0] * 12 + [3] * 12)
    measured = outcomes.Outcome("stayed", "stayed", "share", ("moved.*",), form="formula", per=1.0, formula=stayed)
    top, base, events = outcomes.parts(measured, made, persons(24, 5), None, "last 12")
    assert (top[0], base[0], events[0]) == (12 / 48, 1, 48)
    with np.errstate(invalid="ignore"):
        assert outcomes.parts(measured, {"moved.1to1": 0 * made["moved.1to1"], "moved.2to2": 0 * made["moved.1to1"]}, persons(24, 5))[1][0] == 0


def test_an_outcome_about_firms_sums_every_cell_and_has_no_groups():
    made = counts(12, fined=[0] * 12, firms=[0] * 12)
    made["fined"][:, CHILD], made["firms"][:, CHILD], made["firms"][:, ADULT] = 1, 1, 3
    measured = outcomes.Outcome("fined", "firms fined", "per 100", ("fined",), form="ratio", denominator=("firms",), per=100.0, whole=True)
    assert [int(a[0]) for a in outcomes.parts(measured, made, persons(12, 5))] == [12, 48, 12]
    assert not outcomes.parts(measured, made, persons(12, 5), "sex")[1].any()


def test_an_outcome_is_printed_where_some_arm_counts_it():
    assert outcomes.is_counted(outcomes.outcome("judgments_performed"), ["judgments", "performed_able"])
    assert not outcomes.is_counted(outcomes.outcome("judgments_performed"), ["judgments"])
    assert outcomes.is_counted(outcomes.outcome("acts_watched"), ["acts"]) and not outcomes.is_counted(outcomes.outcome("loans"), ["loans"])
    names = {made.name for made in outcomes.outcomes_of({"a": ["trust"], "b": ["speech"]})}
    assert names >= {"trust", "speech"} and "loans" not in names
    assert [made.name for made in outcomes.outcomes_of(None)] == [made.name for made in outcomes.CORE if made.headline]
