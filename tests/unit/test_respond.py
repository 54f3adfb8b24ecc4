"""How people respond: awareness, perceived risk, deterrence, self-censorship, repair, payment under pressure."""

from __future__ import annotations

from decimal import Decimal as D
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from scslab.base.parameters import FACTOR_ONE
from scslab.engine.access import Cols
from scslab.engine.arm import Society
from scslab.engine.declare import REGISTRY
from scslab.engine.loop import Simulation, make_spans
from scslab.engine.plan import Block
from scslab.mechanisms.catalogue import load_all
from scslab.mechanisms.kinds import KIND
from scslab.mechanisms.respond import deterrence, self_censorship

load_all()
PEOPLE = 600


def society(spans: int = 1) -> Society:
    """A ring of friends in households of two, everybody with an occasion to offend."""
    homes = np.arange(0, PEOPLE + 1, 2, dtype=np.int32)
    ring = np.stack([np.roll(np.arange(PEOPLE), 1), np.roll(np.arange(PEOPLE), -1)], axis=1).astype(np.int32)
    columns = {
        "persons.rate": np.full(PEOPLE, 2**29, np.uint32),
        "persons.household": np.repeat(np.arange(PEOPLE // 2, dtype=np.int32), 2),
        "households.start": homes,
        "persons.boldness": (np.arange(PEOPLE) % 256).astype(np.uint8),
        "persons.outspokenness": (np.arange(PEOPLE) * 7 % 256).astype(np.uint8),
    }
    friends = SimpleNamespace(kind="regular", offsets=None, target=ring, relation=None, degree=2)
    partner, relation = (np.arange(PEOPLE) ^ 1).astype(np.int32), np.zeros(PEOPLE, np.uint8)
    kin = SimpleNamespace(kind="csr", offsets=np.arange(PEOPLE + 1), target=partner, relation=relation)
    rows, cells = {"persons": PEOPLE, "households": PEOPLE // 2}, np.zeros(PEOPLE, np.uint16)
    return Society(columns, {"friends": friends, "kin": kin}, rows, make_spans(PEOPLE, homes, spans), cells, 1, 7, {})


class Rules:
    """The same blocks every month."""

    def __init__(self, **params: dict) -> None:
        self.blocks = {name.replace("__", "."): values for name, values in params.items()}

    def at(self, month: int) -> dict[str, Block]:
        made = {name: REGISTRY[name] for name in self.blocks}
        return {name: Block(name, m.params.compile(self.blocks[name]) if m.params else None) for name, m in made.items()}

    def change_months(self, start: int, end: int) -> set[int]:
        return set()


def after(rules: Rules, months: int, spans: int = 1):
    """Run some months and give the arm."""
    simulation = Simulation(society(spans), 216, months, spans)
    arm = simulation.add("a", rules)
    simulation.run(216 + months)
    simulation.close()
    return arm


def cols_with(aware: np.ndarray, risk: dict[int, int] | None = None, **columns: np.ndarray) -> Cols:
    """Hand-made columns for a modifier."""
    risk = risk or {}
    held = np.array(sorted(risk), np.int64)

    class Held:
        def __len__(self) -> int:
            return len(held)

        def find(self, subjects: np.ndarray) -> np.ndarray:
            return np.array([sorted(risk).index(s) if s in risk else -1 for s in subjects])

    store = Held()
    store.risk = np.array([risk[k] for k in sorted(risk)], np.int32)
    return Cols({"persons": {"aware": aware, **columns}}, {"perceived_risk": store}, {}, {}, "", len(aware))


def test_hearsay_is_lasting_and_grows_with_the_share():
    rules = [(Rules(respond__awareness={"share": D(share)}), months) for share, months in (("0.2", 1), ("0.5", 1), ("0.2", 15))]
    few, more, still = (after(*given).columns["persons.aware"] for given in rules)
    assert 80 < (few > 1).sum() < 160
    assert np.array_equal(few, still)
    assert not ((few > 1) & ~(more > 1)).any()


def test_nobody_knows_of_a_regime_with_share_zero():
    assert (after(Rules(respond__awareness={"share": 0}), 2).columns["persons.aware"] == 1).all()


def test_best_act_matches_brute_force():
    rng = np.random.default_rng(5)
    grid = np.linspace(0, 1, 20001)
    for _ in range(400):
        d, t, s, v, b = rng.random(), rng.random(), rng.random() * 2, rng.random(), rng.random() * 2
        for form in ("flat", "proportional"):
            act = self_censorship.best_act(d, b, t, s, v, form)
            tried = np.append(grid[grid <= d], [d, min(t, d), act])
            punished = s if form == "flat" else s * (tried - t)
            value = b * tried - np.where(tried > t, (v + (1 - v) * tried) * punished, 0)
            assert value.max() - value[-1] < 1e-12


def test_best_act_closed_forms():
    """CF19a and CF19b."""
    args = (Fraction(1), Fraction(1, 4), Fraction(3, 5), Fraction(1, 5), "flat")
    edge = Fraction(7115384615, 10**10)
    assert self_censorship.best_act(edge + Fraction(1, 10**9), *args) > Fraction(1, 2)
    assert self_censorship.best_act(edge - Fraction(1, 10**9), *args) == Fraction(1, 4)
    assert self_censorship.best_act(1.0, 1.0, 0.25, 1.0, 0.2, "proportional") == pytest.approx(0.625, abs=1e-12)


@pytest.mark.parametrize("form", ["flat", "proportional"])
def test_censorship_factors_are_the_best_act_over_desire(form):
    table = self_censorship.factors(form, 2**29, FACTOR_ONE // 2, 2**28, FACTOR_ONE)
    for bold, out in ((0, 255), (255, 255), (128, 200), (10, 20), (200, 0), (254, 90)):
        d, b = Fraction(out, 255), Fraction(bold, 255)
        act = self_censorship.best_act(d, b, Fraction(1, 4), Fraction(1, 2), Fraction(1, 8), form)
        assert table[bold, out] == (int(act / d * FACTOR_ONE) if out else FACTOR_ONE)
    assert table.min() >= 0 and table.max() == FACTOR_ONE


CENSOR = {"tolerance": D("0.1"), "severity": D("0.5"), "surveillance": D("0.2"), "boldest": 1}


def test_only_the_aware_hold_back_and_severity_zero_changes_nothing():
    who = np.arange(PEOPLE)
    aware = np.where(who % 2, 3, 1).astype(np.uint8)
    world = society().columns
    cols = cols_with(aware, boldness=world["persons.boldness"], outspokenness=world["persons.outspokenness"])
    params = self_censorship.Params.compile(CENSOR)
    factor = REGISTRY["respond.self_censorship"].step("conduct.petition", who, cols, params)
    assert (factor[::2] == FACTOR_ONE).all() and (factor[1::2] < FACTOR_ONE).sum() > 100
    none = self_censorship.Params.compile(CENSOR | {"severity": 0})
    assert (REGISTRY["respond.self_censorship"].step("conduct.petition", who, cols, none) == FACTOR_ONE).all()


def test_deterrence_falls_with_risk_in_the_watched_kinds_only():
    cols = cols_with(np.array([1, 3, 1], np.uint8), {2: FACTOR_ONE})
    params = deterrence.Params.compile({"kinds": ["littering"], "known": D("0.5"), "strength": 1})
    step, who = REGISTRY["respond.deterrence"].step, np.arange(3)
    watched = step("conduct.littering", who, cols, params) / FACTOR_ONE
    assert watched == pytest.approx([1, np.exp(-0.5), np.exp(-1)], abs=2e-5)
    assert step("conduct.jaywalking", who, cols, params) is None
    null = deterrence.Params.compile({"kinds": ["littering"], "known": D("0.5"), "strength": 0})
    assert step("conduct.littering", who, cols, null) is None


def test_low_standing_makes_the_aware_volunteer():
    cols = cols_with(np.array([3, 3, 1], np.uint8), score=np.array([-100, 0, -100], np.int32))
    made = REGISTRY["respond.repair_volunteering"]
    params = made.params.compile({"below": 1, "recovery": 0, "more": 3})
    assert made.step("conduct.volunteering", np.arange(3), cols, params).tolist() == [3 * FACTOR_ONE, FACTOR_ONE, FACTOR_ONE]
    null = made.params.compile({"below": 1, "recovery": 0, "more": 1})
    assert made.step("conduct.volunteering", np.arange(3), cols, null) is None


RISK = {"own": D("0.5"), "heard": D("0.1"), "decay": D("0.25")}


def learn(rules: dict, rows: list[np.ndarray], spans: int = 1) -> dict[int, int]:
    """Feed listings month by month into respond.risk and give the perceived risks."""
    from scslab.engine.rows import RowSet, empty_rows, pack_ids
    from scslab.mechanisms.tables import LISTINGS

    simulation = Simulation(society(spans), 216, len(rows), spans)
    arm = simulation.add("a", Rules(respond__risk=rules))
    for month, subjects in enumerate(rows, start=216):
        data = empty_rows(LISTINGS).data
        data = {name: np.zeros(len(subjects), column.dtype) for name, column in data.items()}
        data["subject"], data["id"] = subjects, pack_ids(subjects, month, 0)
        for box in arm.consumers["listings"]:
            box.deliver(RowSet("listings", data))
        simulation.run(month + 1)
    simulation.close()
    store = arm.stores["perceived_risk"]
    return dict(zip(store.data["subject"].tolist(), store.data["risk"].tolist()))


NOBODY = np.empty(0, np.int64)


def test_own_sanctions_raise_risk_and_it_fades():
    found = learn(RISK | {"form": "own"}, [np.array([10]), NOBODY, np.array([10])])
    assert found == {10: 24576 * 3 // 4 + (65536 - 24576 * 3 // 4) // 2}


def test_neighbours_hear_a_month_later_whatever_the_threads():
    one = learn(RISK | {"form": "neighbours"}, [np.array([10, 300]), NOBODY])
    assert one[10] == 24576 and one[9] == 6554 and set(one) == {9, 10, 11, 299, 300, 301}
    assert one[11] == 6554 + (65536 - 6554) * 6554 // 65536  # kin and friend at once: told twice
    assert one == learn(RISK | {"form": "neighbours"}, [np.array([10, 300]), NOBODY], spans=3)


def test_risk_without_learning_is_empty():
    assert learn({"own": 0, "heard": 0, "decay": 0, "form": "neighbours"}, [np.array([10])]) == {}


PRESSURE = {"orders": ["limits"], "listed": 2, "restricted": 3, "kin_restricted": 5}
COURT, LIMITS, PRAISE, TAX = 2, 3, 4, 5
DEBT, TRADE = KIND.code("refusal_to_perform"), KIND.code("tax_evasion")


def pressure(hand, params=PRESSURE, listings=(), burdens=(), kin=()):
    """Will to pay of six people: listings (who, list, kind), burdens (who, list, mask, spill), kin (who, for whose sake)."""
    def held(name, rows, **columns):
        rows = sorted(rows)
        who = [row[0] for row in rows]
        return hand.store(name, who, **{column: [row[at] for row in rows] for column, at in columns.items()})

    stores = {
        "listings": held("listings", listings, sub=1, list=1, kind=2),
        "burdens": held("burdens", burdens, sub=1, list=1, mask=2, spill=3),
        "kin_burdens": held("kin_burdens", kin, source=1),
    }
    partner = SimpleNamespace(expand=lambda who: (np.arange(len(who)), np.asarray(who) ^ 1, np.zeros(len(who), np.uint8)))
    cols = Cols({}, stores, {"kin": partner}, {"court": COURT, "limits": LIMITS, "volunteers": PRAISE, "tax": TAX}, "", 6)
    made = REGISTRY["respond.payment_under_pressure"]
    return (made.step("payment.will", np.arange(6), cols, made.params.compile(params)) // FACTOR_ONE).tolist()


def test_pressure_is_of_the_debt_and_not_of_the_number_of_lists(hand):
    once = [(1, COURT, DEBT)]
    assert pressure(hand, listings=once) == [1, 2, 1, 1, 1, 1]
    assert pressure(hand, listings=[*once, (1, 9, DEBT), (1, 8, DEBT)]) == [1, 2, 1, 1, 1, 1]  # three lists press like one
    agencies = [(1, COURT, 1, 0), *((1, k << 10 | COURT, 2, 0) for k in (1, 2, 3))]
    assert pressure(hand, listings=once, burdens=agencies[:1]) == pressure(hand, listings=once, burdens=agencies) == [1, 6, 1, 1, 1, 1]


def test_an_order_presses_by_its_measures_only(hand):
    assert pressure(hand, listings=[(2, LIMITS, DEBT)]) == [1] * 6
    assert pressure(hand, listings=[(2, LIMITS, DEBT)], burdens=[(2, LIMITS, 1, 0)]) == [1, 1, 3, 1, 1, 1]
    assert pressure(hand, listings=[(2, COURT, DEBT), (2, LIMITS, DEBT)], burdens=[(2, COURT, 1, 0), (2, LIMITS, 1, 0)]) == [1, 1, 6, 1, 1, 1]


def test_lists_without_a_debt_behind_them_do_not_press(hand):
    listings = [(0, PRAISE, KIND.code("volunteering")), (1, TAX, TRADE), (3, TAX, TRADE), (3, COURT, DEBT)]
    burdens = [(0, PRAISE, 1, 0), (1, TAX, 1, 0), (2, 9, 1, 0), (3, TAX, 1, 0)]
    assert pressure(hand, listings=listings, burdens=burdens) == [1, 1, 1, 2, 1, 1]


def test_kin_press_when_they_bear_it_for_the_debtor(hand):
    listings, burdens = [(2, COURT, DEBT), (4, COURT, DEBT)], [(2, COURT, 0, 1), (4, COURT, 0, 1)]
    assert pressure(hand, listings=listings, burdens=burdens, kin=[(3, 2), (5, 0)]) == [1, 1, 10, 1, 2, 1]
    none = {"listed": 1, "restricted": 1, "kin_restricted": 1}
    assert pressure(hand, none, listings, [(2, COURT, 1, 1)], [(3, 2)]) == [1] * 6
