"""The engine on SCS-mini: luck vectors, kernels against plain NumPy, one digest whatever spans, threads, checkpoints and recorders."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from scslab.base import luck
from scslab.base.errors import InputError
from scslab.base.parameters import Parameters
from scslab.engine import kernels
from scslab.engine.arm import Society
from scslab.engine.checkpoint import restore, save
from scslab.engine.declare import REGISTRY, Column, Mechanism, Rows, Store, Sweep
from scslab.engine.digest import arm_digest
from scslab.engine.events import EventLog
from scslab.engine.loop import Simulation, make_spans
from scslab.engine.plan import Block, build_plan
from scslab.engine.rows import pack_ids, unpack_id
from scslab.engine.stores import StoreData, narrow
from scslab.mechanisms.catalogue import load_all
from scslab.study.replicate import RegimeSchedule, labels_of, load_named
from scslab.world import build_world

START = 216


def mini(people: int = 6000, spans: int = 1, threads: int = 1, log: EventLog | None = None, months: int = 18, computed: bool = False) -> Simulation:
    regime = load_named("scs-mini")
    schedule = RegimeSchedule(regime)
    schedule.recorders = {}
    world = build_world("mini", people=people, seed=3, computed=computed)
    rows = {"persons": people, "households": world.count("households"), "places": world.count("places")}
    cuts = make_spans(people, world.columns["households.start"], spans)
    columns = dict(world.columns)
    columns["persons.rate"] = np.minimum(columns["persons.rate"].astype(np.int64) * 6, 2**31 - 1).astype(np.uint32)
    society = Society(columns, world.networks, rows, cuts, np.zeros(people, np.uint16), 1, 11, labels_of([regime]))
    simulation = Simulation(society, START, months, threads, log)
    simulation.add("mini", schedule)
    return simulation


def digest_of(**options: object) -> str:
    log = EventLog(None)
    simulation = mini(log=log, **options)  # type: ignore[arg-type]
    simulation.run(START + 18)
    simulation.close()
    return arm_digest(simulation.arms[0], log.table("mini"))


def test_philox_matches_the_published_vectors() -> None:
    zero = [int(w[0]) for w in luck.philox((0, 0), 0, 0, 0, 0)]
    assert zero == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    full = 0xFFFFFFFF
    ones = [int(w[0]) for w in luck.philox((full, full), full, full, full, full)]
    assert ones == [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]
    pi = [int(w[0]) for w in luck.philox((0xA4093822, 0x299F31D0), 0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344)]
    assert pi == [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]


@pytest.mark.small_world
def test_kernel_words_equal_the_numpy_twin() -> None:
    key = luck.stream_key(5, "twin")
    ids = pack_ids(np.arange(50), 17, 3, 1)
    out = np.empty(50, np.uint32)
    kernels.philox_ids(ids, np.uint64(17), np.uint64(2), np.uint64(key[0]), np.uint64(key[1]), out)
    assert (out == luck.words(key, ids, 0, 17, 2)).all()
    lanes = [np.empty(8, np.uint32) for _ in range(4)]
    kernels.philox_lanes(40, np.uint64(17), np.uint64(key[0]), np.uint64(key[1]), *lanes)
    block = luck.philox(key, np.arange(40, 48), 0, 17, 0)
    assert all((lane == (word >> np.uint64(1))).all() for lane, word in zip(lanes, block, strict=True))


@pytest.mark.small_world
def test_screening_by_class_equals_plain_numpy() -> None:
    key = luck.stream_key(9, "occasion/x")
    classes, able = (np.arange(5000) % 256).astype(np.uint8), (np.arange(5000) % 3 > 0).astype(np.uint8)
    table = (np.arange(256, dtype=np.uint32) << 20).astype(np.uint32)
    row, word = np.empty(8192, np.int64), np.empty(8192, np.uint32)
    keys = np.uint64(7), np.uint64(key[0]), np.uint64(key[1])
    n = kernels.screen_classes(0, 2, 5000, *keys, np.uint32(table.max()), table, classes, able, True, row, word)
    lanes = [luck.philox(key, np.arange(t * 1024, (t + 1) * 1024), 0, 7, 0)[i] >> np.uint64(1) for t in range(2) for i in range(4)]
    words = np.concatenate(lanes)[:5000]
    assert row[:n].tolist() == np.flatnonzero((words < table[classes]) & (able > 0)).tolist() and n > 150
    for masked in (True, False):
        n = kernels.screen_tiles(0, 2, 5000, *keys, np.uint32(1 << 27), np.empty(0, np.uint32), False, able, masked, row, word)
        assert row[:n].tolist() == np.flatnonzero((words < 1 << 27) & ((able > 0) | (not masked))).tolist() and n > 100
    n = kernels.screen_tiles(0, 2, 5000, *keys, np.uint32(0), table[classes], True, able, False, row, word)
    assert row[:n].tolist() == np.flatnonzero(words < table[classes]).tolist()
    assert word[:n].tolist() == words[row[:n]].tolist()


@pytest.mark.small_world
def test_the_fused_neighbour_rule_equals_its_numpy_twin() -> None:
    n = 400
    word = luck.words(luck.stream_key(3, "twin"), np.arange(n * 6)).astype(np.int64)
    target, base = (word[: n * 5] % n).astype(np.int32).reshape(n, 5), -(word[n * 5 :] % 9000).astype(np.int32)
    skip, out = (np.arange(n) % 7 == 0).astype(np.uint8), np.empty(300, np.int64)
    args = [np.int64(v) for v in (1000, 0)], [np.int64(v) for v in (1 << 16, 30_000, -4000)]
    found = kernels.rows_below(50, target[50:350], base, *args[0], skip, *args[1], out)
    value = np.minimum(0, base.astype(np.int64) + 1000)
    low = value * 5 * (1 << 16) + 30_000 * value[target].sum(axis=1) < -4000 * 5 * (1 << 16)
    assert out[:found].tolist() == [i - 50 for i in np.flatnonzero(low & (skip == 0)) if 50 <= i < 350]
    assert 0 < found < 300


def test_rows_pruned_by_their_own_word_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    pruned = digest_of()
    camera = REGISTRY["observe.camera"]
    monkeypatch.setitem(REGISTRY, "observe.camera", dataclasses.replace(camera, on=(dataclasses.replace(camera.on[0], prune=()),)))
    assert digest_of() == pruned


def test_ids_pack_and_unpack() -> None:
    assert unpack_id(int(pack_ids(2**31 - 1, 4095, 255, 255)[0])) == (2**31 - 1, 4095, 255, 255)


@pytest.mark.small_world
def test_pick_never_gives_the_person_and_is_uniform() -> None:
    n = 3000
    out = np.empty(n, np.int64)
    start, size = np.full(n, 100), np.full(n, 7)
    kernels.pick_members(start, size, 0, np.arange(n), np.uint64(1), np.uint64(2), np.uint64(3), np.full(n, 103), out)
    counts = np.bincount(out - 100, minlength=7)
    assert counts[3] == 0 and counts.sum() == n
    assert abs(np.delete(counts, 3) - n / 6).max() < 5 * np.sqrt(n / 6)


def test_one_more_member_moves_only_those_whose_slot_it_is() -> None:
    n = 2000
    before, after = np.empty(n, np.int64), np.empty(n, np.int64)
    for size, out in ((600, before), (601, after)):
        kernels.pick_members(np.zeros(n, np.int64), np.full(n, size), 0, np.arange(n), np.uint64(1), np.uint64(2), np.uint64(3), np.full(n, -1), out)
    moved = before != after
    assert (after[moved] == 600).all() and moved.sum() < 20


@pytest.mark.parametrize("options", [{"spans": 3}, {"spans": 16}, {"spans": 3, "threads": 2}, {"computed": False}])
def test_one_digest_for_spans_and_threads(options: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scslab.engine.loop.THREAD_ROWS", 0)
    assert digest_of(**options) == digest_of()


def test_recorders_change_nothing() -> None:
    with_log, without = mini(log=EventLog(None)), mini()
    for simulation in (with_log, without):
        simulation.run(START + 12)
    assert arm_digest(with_log.arms[0]) == arm_digest(without.arms[0])


def test_a_checkpoint_continues_to_the_same_digest(tmp_path) -> None:  # type: ignore[no-untyped-def]
    log = EventLog(None)
    first = mini(log=log)
    first.run(START + 7)
    save(tmp_path / "state", first, log, "stamp")
    again = EventLog(None)
    second = mini(log=again)
    restore(tmp_path / "state", second, again, "stamp")
    second.run(START + 18)
    assert arm_digest(second.arms[0], again.table("mini")) == digest_of()


def test_computed_friends_run_and_differ_only_by_network() -> None:
    simulation = mini(computed=True, months=6)
    simulation.run(START + 6)
    assert simulation.arms[0].tallies["listed_started"].sum() > 0


def test_the_ledger_replays_to_every_score() -> None:
    """Double entry: postings and clamps, with the declared recovery, give the stored score."""
    log = EventLog(None)
    simulation = mini(log=log)
    simulation.run(START + 18)
    from scslab.mechanisms.decide.ledger import deviation, stored_form

    table = log.table("mini")
    rows = np.isin(table["table"], ("postings", "score_orders"))
    stored = np.zeros(simulation.society.people, np.int64)
    for month in range(START, START + 18):
        orders = rows & (table["table"] == "score_orders") & (table["month"] == month - 1)
        who = table["subject"][orders]
        stored[who] = stored_form(table["points"][orders] - 100_000, month - 1, 200)
        posted = rows & (table["table"] == "postings") & (table["month"] == month)
        change = np.zeros(len(stored), np.int64)
        np.add.at(change, table["subject"][posted], table["points"][posted] + table["clamp"][posted])
        moved = np.unique(table["subject"][posted])
        stored[moved] = stored_form(deviation(stored[moved], month - 1, 200) + change[moved], month, 200)
    last = START + 17
    orders = rows & (table["table"] == "score_orders") & (table["month"] == last)
    kept = np.setdiff1d(np.arange(len(stored)), table["subject"][orders])
    assert (stored[kept] == simulation.arms[0].columns["persons.score"][kept]).all()


def test_stock_and_flow_of_listings() -> None:
    simulation = mini()
    simulation.run(START + 18)
    arm = simulation.arms[0]
    flow = (arm.tallies["listed_started"] - arm.tallies["listed_ended"]).sum()
    assert flow == len(arm.stores["listings"]) == (arm.columns["persons.listed"] > 0).sum() > 0


@pytest.mark.small_world
def test_a_small_world_runs_without_the_compiler() -> None:
    simulation = mini(people=500, months=2)
    simulation.run(START + 2)
    assert simulation.arms[0].tallies["score_sum"].sum() < 0


def made(name: str, **options: object) -> Mechanism:
    blank: dict[str, object] = {f.name: () for f in dataclasses.fields(Mechanism)}
    return Mechanism(**{**blank, "name": name, "step": lambda *a: None, "params": None, "doc": "", **options})  # type: ignore[arg-type]


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> dict[str, Mechanism]:
    load_all()
    copy = dict(REGISTRY)
    monkeypatch.setattr("scslab.engine.plan.REGISTRY", copy)
    return copy


def test_two_owners_of_a_column_are_refused(registry: dict[str, Mechanism]) -> None:
    column = Column("persons.twice", "int8")
    registry |= {n: made(n, on=(Sweep(),), writes=(column,)) for n in ("decide.one", "decide.two")}
    with pytest.raises(InputError, match=r"both own 'persons\.twice'"):
        build_plan({"decide.one": Block("decide.one", None), "decide.two": Block("decide.two", None)})


def test_a_cycle_is_refused_unless_lagged(registry: dict[str, Mechanism]) -> None:
    registry["decide.one"] = made("decide.one", on=(Rows("acts"),), emits=("records",))
    registry["decide.two"] = made("decide.two", on=(Rows("records"),), emits=("acts",))
    blocks = {n: Block(n, None) for n in ("decide.one", "decide.two")}
    with pytest.raises(InputError, match="wait for each other"):
        build_plan(blocks)
    registry["decide.one"] = made("decide.one", on=(Rows("acts"),), emits=("records",), lagged=("acts",))
    assert [e.instance for e in build_plan(blocks).entries] == ["decide.one", "decide.two"]


def test_an_unknown_mechanism_offers_the_nearest(registry: dict[str, Mechanism]) -> None:
    with pytest.raises(InputError, match=r"Did you mean 'observe\.camera'"):
        build_plan({"observe.camara": Block("observe.camara", None)})


def test_truth_is_physically_absent_in_blind_phases() -> None:
    load_all()
    seen: dict[str, tuple[str, ...]] = {}

    class Spy:
        def __call__(self, batch: object, cols: object, p: object, luck: object) -> None:
            seen["columns"] = batch.columns  # type: ignore[attr-defined]
            with pytest.raises(AttributeError, match="truth column"):
                batch.fault  # type: ignore[attr-defined]  # noqa: B018

    spy = made("decide.spy", on=(Rows("records"),), step=Spy())
    REGISTRY["decide.spy"] = spy
    try:
        simulation = mini(months=3)
        arm = simulation.arms[0]
        blocks = {**simulation.schedules["mini"].at(START), "decide.spy": Block("decide.spy", None)}
        arm.adopt(blocks)
        simulation.run(START + 2)
    finally:
        del REGISTRY["decide.spy"]
    assert seen["columns"] and not {"fault", "cause", "true_actor"} & set(seen["columns"])


def test_narrowing_checks_the_range() -> None:
    with pytest.raises(OverflowError, match="does not fit int16"):
        narrow(np.array([40_000]), "int16", "x.y")
    with pytest.raises(TypeError, match="float"):
        narrow(np.array([0.5]), "int16", "x.y")


@pytest.mark.small_world
def test_keys_are_found_in_any_order() -> None:
    have = np.unique(luck.words(luck.stream_key(1, "have"), np.arange(300)).astype(np.int64) % 1000)
    mixed = luck.words(luck.stream_key(1, "keys"), np.arange(500)).astype(np.int64) % 1000
    for keys in (np.arange(1000), np.arange(1000)[::-1].copy(), mixed, np.array([-5, 2000])):
        out = np.empty(len(keys), np.int64)
        kernels.find_sorted(have, keys, out)
        assert [have[i] if i >= 0 else None for i in out] == [k if k in set(have.tolist()) else None for k in keys.tolist()]


def test_store_puts_replace_and_drops_remove() -> None:
    store = StoreData(Store("s", {"value": "int16"}))

    def rows(keys: list[int], value: int) -> dict[str, np.ndarray]:
        n = len(keys)
        return {"key": np.array(keys), "subject": np.array(keys) >> 16, "id": np.zeros(n, np.int64), "origin": np.zeros(n, np.uint8),
                "value": np.full(n, value, np.int16)}  # fmt: skip

    store.pending = {1: [(rows([5, 9], 1), None)], 0: [(rows([7], 2), None)]}
    store.apply()
    assert store.data["key"].tolist() == [5, 7, 9]
    store.pending = {0: [(rows([7], 3), np.array([5]))]}
    store.apply()
    assert store.data["key"].tolist() == [7, 9] and store.data["value"].tolist() == [3, 1]
    assert store.find(np.array([9, 8])).tolist() == [1, -1]


def test_a_store_finds_what_was_put_beside_many_rows_replaced() -> None:
    """Looking up thousands of changes flags who has rows; rows put with them must be found afterwards."""
    store, n = StoreData(Store("s")), 5000

    def put(subjects: np.ndarray) -> None:
        zeros = np.zeros(len(subjects), np.int64)
        store.pending = {0: [({"key": subjects << 16, "subject": subjects, "id": zeros, "origin": zeros.astype(np.uint8)}, None)]}
        store.apply()

    even, everybody = np.arange(0, n, 2), np.arange(n)
    put(even)
    put(everybody)
    assert (store.find(everybody << 16) == everybody).all()
    store.pending = {0: [(None, even << 16)]}
    store.apply()
    assert (store.find(everybody << 16) >= 0).tolist() == (everybody % 2 == 1).tolist()
    put(even)
    assert (store.find(everybody << 16) == everybody).all()


def test_every_parameter_class_is_one() -> None:
    load_all()
    assert all(m.params is None or issubclass(m.params, Parameters) for m in REGISTRY.values())
