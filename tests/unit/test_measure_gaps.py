"""Outcomes that look further: first misfortunes spared, stuck and in want, missed offenders, W7, harm to others, bias per breach; by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scslab import api
from scslab.base.errors import InputError
from scslab.engine.plan import Block, store_spec
from scslab.engine.stores import StoreData
from scslab.measure import cells, disparity, outcomes, quantiles
from scslab.measure.across import count_want
from scslab.measure.effects import effects
from scslab.measure.recorders import counted_kinds, paired_blocks, paired_names, yardstick
from scslab.mechanisms.catalogue import load_all
from scslab.mechanisms.kinds import BASIS, CAUSE, FAULT, KIND, MEASURE
from scslab.mechanisms.nexus import EDGES, RELATED, SIXTEENTHS
from scslab.study.kept import job_of
from scslab.study.prepare import make_job
from scslab.study.replicate import load_arm

load_all()
START, PEOPLE = 240, 12
ILL, LOST, WILL = (CAUSE.code(name) for name in ("illness", "job_loss", "will"))
COURT, LIMITS, LICENCE, GRADE = 1, 3, 4, 6
"""Codes of the labels that `drive` knows."""


# ------------------------------------------------------------------ after a first misfortune


def struck(hand, spares, month=200, spared=()):
    """Persons 1 and 2 fall ill and 2 loses work, in one month."""
    rates = {"illness": 12, "illness_by_age": 1, "cost_low": 7, "cost_high": 7, "job_loss": 12, "job_loss_by_status": 1}
    cols = hand.cols({"status": [1] * 5}, (hand.store("spared_once", spared),), month=month)
    given = {"illness": hand.batch("", [1, 2], kind=KIND.code("illness")), "job_loss": hand.batch("", [2], kind=KIND.code("job_loss"))}
    found = hand.step("conduct.misfortune", given, cols, {"spares": spares, **rates}, befalls=0, cost=0)
    store = cols.stores.spared_once
    store._store.apply()
    return found, store.subject.tolist()


def test_nobody_is_spared_unless_an_arm_says_so(hand):
    found, known = struck(hand, "nobody")
    assert [(r["subject"], r["cause"], r["amount"]) for r in found["shocks"]] == [(1, ILL, 7), (2, ILL, 7), (2, LOST, 0)]
    assert "spared_shocks" not in found and known == []


def test_everybodys_first_misfortune_is_spared_and_the_next_one_strikes(hand):
    found, known = struck(hand, "first", spared=[1])
    assert [(r["subject"], r["cause"]) for r in found["shocks"]] == [(1, ILL)]
    assert [(r["subject"], r["cause"]) for r in found["spared_shocks"]] == [(2, ILL), (2, LOST)] and known == [1, 2]


@pytest.mark.parametrize("table", ["shocks", "spared_shocks"])
def test_the_first_misfortune_is_followed_for_twelve_months_struck_or_spared(drive, table):
    """1 is listed after 3 months and again later; 2 after 12; 3 after 13; 4 gets a measure for kin; 5 is struck twice and gets an own measure."""
    run = drive({"measure.first_misfortune": {}})
    run.put(table, [1, 2, 3, 4, 5]).run(3)
    run.put("listings", 1, until=900, list=COURT).put("measures", [4, 5], measure=0, basis=[BASIS.code("kin"), BASIS.code("own")]).run(3)
    run.put(table, 5).put("listings", 1, until=900, list=LIMITS).run(6)
    run.put("listings", 2, until=900).run().put("listings", 3, until=900).run()
    assert run.count("first_struck") == [5]
    assert [run.count(f"first_struck_sanctioned.m{m}") for m in (3, 6, 12, 13)] == [[0, 0, 0, 2], [], [0] * 12 + [1], []]
    assert [run.count(f"first_struck_listings.m{m}") for m in (3, 6, 12, 13)] == [[0, 0, 0, 1], [0] * 6 + [1], [0] * 12 + [1], []]


def test_the_net_share_follows_complete_cohorts():
    """20 struck in month 0, 10 in month 1 of 13: only the first cohort has been seen for twelve months; 6 struck, 2 of them spared, are sanctioned."""
    names = ("first_struck", *(f"{p}first_struck_sanctioned.m{m}" for p in ("", "spared_") for m in (1, 12)))
    made = {name: np.zeros((13, cells.n_cells()), np.int64) for name in names}
    adult = int(np.ravel_multi_index((0, 0, 1, 0, 0), cells.SHAPE))
    made["first_struck"][:2, adult] = 20, 10
    made["first_struck_sanctioned.m1"][1:3, adult] = 4, 5
    made["first_struck_sanctioned.m12"][12, adult] = 2
    made["spared_first_struck_sanctioned.m1"][1, adult] = 2
    top, base, events = outcomes.parts(outcomes.outcome("after_misfortune_net"), made, np.ones((13, cells.n_cells()), np.int64))
    assert (top[0], base[0], events[0]) == (4 + 2 - 2, 20, 6)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A little run with counterfactual arms."""
    settings = {"world": "county", "people": 4000, "months": 14, "warm_up": 12, "seeds": 1, "also": (), "threads": 1}
    return api.run("court-list", "rongcheng-2016", counterfactual="misfortune", out=tmp_path_factory.mktemp("run") / "spared", **settings)


def test_an_arm_and_its_spared_twin_follow_the_same_persons(run):
    assert run.results.arms == ["ordinary-law", "court-list+rongcheng-2016"]
    for name in run.results.arms:
        counts = run.results.tallies[name][0]
        assert counts["first_struck"].sum() > 50 and (counts["first_struck"] == counts["spared_first_struck"]).all()
        assert not [n for n in counts if n.startswith("spared_") and not n.startswith("spared_first_struck")]
    one, other = (run.results.tallies[name][0]["first_struck"] for name in run.results.arms)
    assert (one == other).all()
    job = job_of(run.path)
    assert [(arm.name, arm.twin_of) for arm in job.arms[2:]] == [(f"{name}~spared", name) for name in (job.arms[0].name, job.arms[1].name)]
    assert job.reformed == job.further == [] and "--counterfactual misfortune" in run.manifest.command
    ends = {arm.name: load_arm(arm.yaml).at(job.start)["conduct.misfortune"].params.spares for arm in job.arms}
    assert {name for name, spares in ends.items() if spares == "first"} == {arm.name for arm in job.arms if arm.twin_of}


def test_a_run_with_counterfactual_arms_reproduces_and_reports(run):
    assert api.reproduce(run.path, threads=1)["same"]
    page = (run.path / "report.html").read_text(encoding="utf-8")
    assert all(f"<h2>{title}</h2>" in page for title in ("Months unaware", "Poor and rich", "Out of proportion (W7)")) and "spared it" in page
    document = run.summary()
    assert any("court-list+rongcheng-2016~spared" in note for note in document["notes"])
    assert {row["arm"] for row in document["unaware"]} == set(run.results.arms) and len(document["poor_and_rich"]) == 4
    assert {row["outcome"] for row in run.effects()} >= {"after_misfortune_net", "stuck_12_net", "missed", "road_harm", "w7_yuan_50", "w7_apart"}
    struck = run.events.sql("select arm, count(*) filter (\"table\" = 'spared_shocks') spared from events group by arm order by arm")
    assert [bool(n) for n in struck["spared"]] == [arm.endswith("~spared") for arm in struck["arm"]]


def test_what_cannot_be_spared_is_refused():
    with pytest.raises(InputError, match="misfortune"):
        make_job(["court-list"], counterfactual="luck")
    with pytest.raises(InputError, match="no misfortune to spare"):
        make_job(["scs-mini"], against="none", world="mini", counterfactual="misfortune")


# ------------------------------------------------------------------ stuck


def test_stuck_on_a_list_or_in_the_lowest_grade(drive):
    """1 falls to the lowest grade for good; 2 falls and rises; 3 is listed for two months; 4 is praised only; 5 falls and dies."""
    death = np.full(PEOPLE, 32767, np.int16)
    death[5] = START + 6
    run = drive({"review.register": {}, "measure.stuck": {}}, persons__death_month=death)
    run.put("grades", [1, 2, 5], previous=3, grade=0).put("entries", 3, "littering", list=COURT, until=START + 2)
    run.put("entries", 4, list=GRADE, until=32767).run(4)
    run.put("grades", 2, previous=0, grade=2).run(10)
    assert run.count("stuck_seen.after12") == [0] * 12 + [3] and run.count("stuck.after12") == [0] * 12 + [1]


def test_a_grade_that_falls_in_the_month_of_the_look_counts(drive):
    run = drive({"review.register": {}, "measure.stuck": {}})
    run.put("entries", [1, 2], "littering", list=COURT, until=START + 2).run(12)
    run.put("grades", 1, previous=3, grade=0).run()
    assert run.count("stuck.after12") == [0] * 12 + [1] and run.count("stuck_seen.after12") == [0] * 12 + [2]


def arm(name, stores):
    """An arm of six persons in two cells, with stores as plain columns."""
    death = {"persons.death_month": np.array([999, 999, 999, 999, 999, 210])}
    society = SimpleNamespace(columns=death, cells=np.array([0, 1, 0, 1, 0, 0]), n_cells=2)
    held = {}
    for n, data in stores.items():
        held[n] = StoreData(store_spec(n))
        held[n].data = {"key": data["subject"] << held[n].spec.sub_bits, **data}
    return SimpleNamespace(name=name, society=society, stores=held, tallies={})


def test_want_is_looked_up_in_the_comparator_for_the_same_persons():
    """In the comparator 1 is without work, 2 owes what illness left, 3 owes by choice, 5 is without work and dead; looked at in month 212."""
    without = arm("without", {
        "jobless": {"subject": np.array([1, 5])}, "debts": {"subject": np.array([2, 3]), "cause": np.array([ILL, WILL])},
        "once_listed": {"subject": np.array([4]), "since": np.array([200])},
    })  # fmt: skip
    first = {"subject": np.arange(6), "since": np.array([200, 200, 200, 200, 199, 200])}
    rules = arm("with", {"jobless": {"subject": np.array([3, 4])}, "once_listed": first})
    for month in (199, 212, 213):
        count_want([without, rules], month, 201, 12)
    assert rules.tallies["stuck_want.after12"].tolist() == [[0, 0]] * 11 + [[1, 1]] and without.tallies == {}


def test_cohorts_from_before_the_fork_are_left_out():
    counted = {"stuck_seen.after12": 5, "stuck.after12": 3, "stuck_want.after12": 1}
    made = {name: np.full((20, cells.n_cells()), each) for name, each in counted.items()}
    people = np.ones((20, cells.n_cells()), np.int64)
    top, base, _ = outcomes.parts(outcomes.outcome("stuck_12_net"), made, people, None, "all")
    assert (top[0] / 200, base[0] / 200) == (8 * 2, 8 * 5)
    row = effects({a: {0: {k: v[:12] for k, v in made.items()}} for a in "ab"}, people[:12], "a", "b", window="all", outcomes=["stuck_12"])[0]
    assert row["note"] == "no complete cohort: needs more than 12 months"


# ------------------------------------------------------------------ missed

LIST = {"term": None, "age_min": 18, "extension": 0, "longest": None, "relist_bar": 0, "grace": 0}
BOOK = {"outcome.debts": {"write_off": None, "small": 0}}
FEED = {
    "months_to_suit": 1, "suit": 0, "grace": 2, "again": None, "reported": 0, "sees_ability": 1, "false_ability": 0, "list_application": 1,
    "evasion": 0, "breach_of_limits": 0,
}  # fmt: skip


@pytest.mark.parametrize("spans", [1, 3])
def test_acts_that_the_rule_would_list_and_that_led_nowhere_are_missed(drive, spans):
    """1 and 2 litter and only 1 is put on the list; 3 is seventeen; 4 is on the list already; 5 dies; 6 litters twice."""
    born, death = np.full(PEOPLE, START - 480, np.int16), np.full(PEOPLE, 32767, np.int16)
    born[3], death[5] = START - 12 * 17, START + 8
    blocks = {"review.register": {}, "decide.local_list:court": {"kinds": ["littering"], **LIST}}
    run = drive(blocks, (), spans, True, persons__birth_month=born, persons__death_month=death)
    run.put("entries", 4, "littering", list=COURT, until=900).run()
    run.put("acts", [1, 2, 3, 4, 5, 6], "littering").put("acts", [7], "jaywalking").run(5)
    run.put("acts", 6, "littering").put("entries", 1, "littering", list=COURT, until=900)
    run.put("entries", [9, 10], "littering", list=COURT, until=900, fault=[0, FAULT.code("misattributed")]).run(14)
    assert run.count("missed") == [0] * 14 + [2] == run.count("missed.list.court")
    assert run.count("rightly_listed") == [1, 0, 0, 0, 0, 0, 2]  # 4, then 1 and 9; 10 did nothing


def test_judgments_unperformed_by_the_able_are_missed_where_the_list_is_for_refusal(drive):
    """Debts judged in month 1: 1 could pay, 2 is ill, 3 could pay and does in month 2, 4 could pay and does in month 6; the deadline is month 3."""
    blocks = {"review.register": {}, "observe.court_feed": FEED, **BOOK}
    blocks["decide.binary_list:court"] = {"kinds": ["refusal_to_perform"], **LIST}
    blocks["decide.local_list:limits"] = {"kinds": ["unperformed_judgment"], **LIST, "grace": 4}
    run = drive(blocks, (), 1, True)
    run.put("debts", [1, 2, 3, 4], "missed_payment", amount=100, cause=[WILL, ILL, WILL, WILL]).run()
    run.put("judgments", [1, 2, 3, 4]).run().put("payments", 3, amount=100).run(4)
    run.put("payments", 4, amount=100).run(20)
    assert run.count("missed.list.court") == [0] * 16 + [2]  # 1, and 4, who paid after the deadline and was never listed
    assert run.count("missed.list.limits") == [0] * 16 + [2]  # 1 and 2; 4 performed within that list's grace


def test_a_list_that_is_no_more_leaves_no_case(drive):
    """The rule of the court list ends after the act: its case is dropped, that of the other list is counted."""
    both = {f"decide.local_list:{label}": block("decide.local_list", kinds=["littering"], **LIST) for label in ("court", "limits")}
    run = drive({"review.register": {}, **{name: {"kinds": ["littering"], **LIST} for name in both}}, (), 1, True)
    run.put("acts", 1, "littering").run(3)
    left = {b.entry.instance: Block(b.entry.mechanism.name, b.entry.params) for b in run.arm.bound if b.entry.label != "court"}
    run.arm.adopt(left | paired_blocks({"decide.local_list:limits": both["decide.local_list:limits"]}))
    run.run(12)
    assert run.count("missed") == [0] * 13 + [1] == run.count("missed.list.limits")


def test_only_rules_in_force_bring_second_evaluations():
    assert paired_blocks({}) == {} and paired_names([]) == set()
    assert paired_names(["measure.burden_yuan", "decide.penalties"]) == {"measure.proportion"}


# ------------------------------------------------------------------ bias per breach


def block(name, **values):
    from scslab.engine.declare import REGISTRY

    return Block(name, REGISTRY[name].params.compile(values))


LEDGER = {
    "start": 1000, "floor": 0, "cap": 1100, "per_record": {"jaywalking": -5, "petition": -5, "volunteering": 5}, "recovery": 0,
    "grades": {"A": 960, "D": 0}, "override_kinds": ["drunk_driving"], "override_grade": "D", "override_months": None,
}  # fmt: skip


def test_breaches_counted_are_acts_that_lists_and_ledgers_hold_against_people():
    arms = [
        {"decide.local_list:limits": block("decide.local_list", kinds=["unperformed_judgment", "littering"], **LIST)},
        {"decide.ledger": block("decide.ledger", **LEDGER), "decide.penalties": block("decide.penalties", **(FINES | {"kinds": ["hit_and_run"]}))},
    ]
    assert counted_kinds(arms) == ("drunk_driving", "jaywalking", "littering", "missed_payment")


def test_excused_acts_are_counted_apart(drive):
    run = drive({"measure.excuses": {}, "measure.acts": {}})
    run.put("acts", [1, 2, 3], "missed_payment", cause=[WILL, ILL, LOST]).put("acts", 4, "littering", cause=WILL).run()
    assert run.count("acts.missed_payment") == [3] and run.count("acts_excused.missed_payment") == [2] and run.count("acts_excused.littering") == []


def test_exposure_without_bias_and_bias_without_exposure():
    """Poor and rich of one age and sex, 1,000 each. Case one: the poor breach twice as often and are listed twice as often. Case two: as often."""
    shape = (12, *cells.SHAPE)
    people, breaches, listed = (np.zeros(shape, np.int64) for _ in range(3))
    people[:, [0, 4], 0, 2, 0, 0] = 1000
    listed[:, 0, 0, 2, 0, 0], listed[:, 4, 0, 2, 0, 0] = 20, 10
    breaches[:, 0, 0, 2, 0, 0], breaches[:, 4, 0, 2, 0, 0] = 80, 40
    flat = lambda array: array.reshape(12, -1)  # noqa: E731

    def row(per, seeds=3):
        one = {"listings_started": flat(listed), disparity.BREACHES: flat(breaches)}
        nothing = {"listings_started": flat(listed) // 10, disparity.BREACHES: flat(breaches)}
        sides = {"a": dict.fromkeys(range(seeds), one), "b": dict.fromkeys(range(seeds), nothing)}
        return disparity.poor_rich(sides, [flat(people)] * seeds, "a", "b", per=per, window="all")

    found = row("person")
    assert (found["poor"], found["rich"], found["ratio"]) == (2400, 1200, 2) and found["without"] == 120 and found["contrast"] == 1080
    found = row("breach")
    assert (found["poor"], found["rich"], found["difference"]) == (250, 250, 0)
    breaches[:, 0, 0, 2, 0, 0] = 40
    found = row("breach")
    assert (found["poor"], found["rich"], found["ratio"], found["contrast"]) == (500, 250, 2, 225)
    listed[:] //= 100
    assert row("breach")["difference"] is None and row("breach")["note"].startswith("too few")


# ------------------------------------------------------------------ harm to third parties


def test_harm_on_the_road_and_what_creditors_are_owed(drive):
    run = drive({"measure.harm": {"hurt": {"drunk_driving": 5, "hit_and_run": 300}}, **BOOK})
    run.put("debts", [1, 2], "missed_payment", amount=[100, 250]).put("acts", [1, 2], "drunk_driving").put("acts", 3, "hit_and_run")
    run.put("acts", 4, "littering").run().put("payments", 2, amount=50).run()
    assert run.count("road_acts") == [3] and run.count("hurt") == [310 << 16] and run.count("unpaid_yuan") == [350, 300]
    measured, people = outcomes.outcome("road_harm"), np.zeros((12, cells.n_cells()), np.int64)
    adult = int(np.ravel_multi_index((0, 0, 1, 0, 0), cells.SHAPE))
    people[:, adult] = 1000
    hurt = np.zeros_like(people)
    hurt[0, adult] = 310 << 16
    top, base, _ = outcomes.parts(measured, {"hurt": hurt}, people, None, "all")
    assert top[0] / base[0] * measured.per == pytest.approx(0.31 / 1000 * 1e6)


# ------------------------------------------------------------------ W7

WEIGHTS = {"month": {"air": 60, "shaming": 300, "credit": 120}}
FINES = {"kinds": ["littering"], "fine": {"littering": 50}}
AIR, SHAMING, CREDIT, PERK = (1 << MEASURE.code(name) for name in ("air", "shaming", "credit", "fast_lane"))


def test_the_yardstick_holds_weights_fines_and_statutory_lists():
    points = {"per_record": {"littering": 3}, "full": 12, "cycle": 12, "suspension": 1}
    found = yardstick({
        "measure.burden_yuan": block("measure.burden_yuan", **WEIGHTS), "decide.penalties": block("decide.penalties", **FINES),
        "decide.licence_points:licence": block("decide.licence_points", **points),
    })  # fmt: skip
    assert found.fine[KIND.code("littering")] == 50 and found.fine.sum() == 50 and found.statutory == ("licence",)
    assert found.month[MEASURE.code("shaming")] == 300


def test_nexus_relates_measures_to_the_sphere_of_the_act():
    debt, drunk, litter = (RELATED[KIND.code(name)] for name in ("refusal_to_perform", "drunk_driving", "littering"))
    assert debt & AIR and debt & CREDIT and not debt & SHAMING and litter == 0
    assert drunk == (1 << MEASURE.code("licence_suspended")) | (1 << MEASURE.code("insurance_price"))


@pytest.mark.parametrize("spans", [1, 3])
def test_burdens_of_own_unlawful_acts_are_weighed_against_the_statute(drive, spans):
    """1 littered: shamed and grounded for 3 months, 1,080 yuan, 21.6 times the fine of 50, none of it related. 2 owes: air, credit, shaming for
    25 months, of which 24 count: 11,520 yuan, a third without nexus, no fine. 3 did nothing; 4 spoke; 5 was ill; 6 lost the licence; 7 got a perk.
    """
    blocks = {"review.register": {}, "enforce.book": {}, "measure.burden_yuan": WEIGHTS, "decide.penalties": FINES}
    blocks["decide.licence_points:licence"] = {"per_record": {}, "full": 12, "cycle": 12, "suspension": 1}
    run = drive(blocks, (), spans, True)
    owed = KIND.code("refusal_to_perform")
    who, litter = [1, 2, 3, 4, 5, 6, 7], KIND.code("littering")
    kinds = [litter, owed, owed, KIND.code("petition"), owed, KIND.code("drunk_driving"), litter]
    truth = {"true_actor": [1, 2, 9, 4, 5, 6, 7], "cause": [WILL, WILL, WILL, WILL, ILL, WILL, WILL]}
    lists = [COURT, LIMITS, LIMITS, COURT, LIMITS, LICENCE, COURT]
    mask = [AIR | SHAMING, AIR | CREDIT | SHAMING, AIR, AIR, AIR, 1 << MEASURE.code("licence_suspended"), PERK]
    for k, person in enumerate(who):
        values = {name: column[k] for name, column in truth.items()}
        run.put("entries", person, KIND.names[kinds[k]], list=lists[k], until=900, **values)
        run.put("impositions", person, KIND.names[kinds[k]], list=lists[k], mask=mask[k], **values)
    run.run(3).put("removals", 1, list=COURT).run(30)
    assert run.count("weighed") == [0, 0, 0, 1] + [0] * 20 + [1] and run.count("weighed_double") == [0, 0, 0, 1]
    assert sum(run.count("weighed_bits")) == 6 + 72 and sum(run.count("weighed_bits_apart")) == 6 + 24
    low = lambda value: f"b{np.searchsorted(EDGES, value, side='right')}"  # noqa: E731
    assert sum(run.count(f"weighed_yuan.{low(1080)}")) == 1 and sum(run.count(f"weighed_yuan.{low(24 * 480)}")) == 1
    assert sum(run.count(f"weighed_times.{low(1080 * SIXTEENTHS // 50)}")) == 1
    assert sum(run.count("weighed_apart.b10")) == 1 and sum(run.count("weighed_apart.b4")) == 1  # all of it; between 30 and 40 percent


def test_quantiles_of_classes_lie_within_their_class():
    rng = np.random.default_rng(3)
    values = np.sort(rng.integers(10, 50_000, 4000))
    k, counts = np.unique(np.searchsorted(EDGES, values, side="right"), return_counts=True)
    classes = {f"weighed_yuan.b{a}": np.array([n]) for a, n in zip(k, counts, strict=True)}
    for share in quantiles.SHARES:
        found, exact = quantiles.quantile("weighed_yuan", classes, share, 1)[0], values[int(share * 4000)]
        assert exact / 1.42 < found < exact * 1.42
    assert np.isnan(quantiles.quantile("weighed_yuan", {}, 0.5, 1)[0])
    rows = quantiles.distributions({"a": {0: {n: np.tile(v, (2, cells.n_cells())) for n, v in classes.items()}}, "b": {0: {}}}, ["a", "b"])
    assert [row["arm"] for row in rows] == ["a"] and rows[0]["cases"] == 4000 * 200 * 2 and rows[0]["p10"] < rows[0]["p90"]


@pytest.mark.parametrize("cases, median", [(19, None), (20, 2.5)])
def test_a_quantile_needs_twenty_cases(cases, median):
    """All cases lie in the class from 2 to 3 yuan."""
    people, counted = np.zeros((12, cells.n_cells()), np.int64), np.zeros((12, cells.n_cells()), np.int64)
    adult = int(np.ravel_multi_index((0, 0, 1, 0, 0), cells.SHAPE))
    people[:, adult], counted[3, adult] = 1000, cases
    top, base, events = outcomes.parts(outcomes.outcome("w7_yuan_50"), {"weighed_yuan.b1": counted}, people, None, "all")
    assert events[0] == cases and (top[0] / base[0] if base[0] else None) == median
