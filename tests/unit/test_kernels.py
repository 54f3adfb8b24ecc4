"""Every kernel against a plain twin, on small arrays: all cases of a loop, its first and last row, and both sides of each comparison."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from scslab.base import luck
from scslab.engine import kernels

pytestmark = pytest.mark.small_world
K0, K1, MONTH = np.uint64(0x12345678), np.uint64(0x9ABCDEF0), np.uint64(217)
LOW = 0xFFFFFFFF


def philox(c0, c1, c2, c3):
    """Give the four words of a counter, by the NumPy twin that is held to the published vectors."""
    return [int(word[0]) for word in luck.philox((int(K0), int(K1)), c0, c1, c2, c3)]


def network(people, most, seed=0):
    """Draw ties as lists of neighbours, and as a CSR network."""
    rng = np.random.default_rng(seed)
    near = [sorted(rng.choice(people, rng.integers(0, most), replace=False).tolist()) for _ in range(people)]
    offsets = np.concatenate([[0], np.cumsum([len(one) for one in near])]).astype(np.int32)
    return near, offsets, np.array([one for some in near for one in some], np.int32)


# ------------------------------------------------------------------ luck


def test_words_of_ids_are_those_of_philox():
    ids = np.array([0, 1, 7, 2**31 - 1, 2**32, (5 << 32) + 9, 2**62], np.int64)
    out = np.zeros(len(ids), np.uint32)
    kernels.philox_ids(ids, MONTH, np.uint64(3), K0, K1, out)
    assert out.tolist() == [philox(i & LOW, i >> 32, 217, 3)[0] >> 1 for i in ids.tolist()]


def test_lanes_hold_the_four_words_of_a_counter():
    lanes = [np.zeros(9, np.uint32) for _ in range(4)]
    kernels.philox_lanes(5, MONTH, K0, K1, *lanes)
    assert np.stack(lanes).T.tolist() == [[word >> 1 for word in philox(5 + j, 0, 217, 0)] for j in range(9)]


def slots(start, size, ids, unless, keyed=0):
    """Choose members by Philox: the first slot below the size that is not the one left out."""
    for first, n, row, left_out in zip(start, size, ids, unless, strict=True):
        mask = 1
        while mask < n:
            mask *= 2
        tries = (philox(row & LOW, row >> 32, 217, keyed + trial)[0] >> 1 & (mask - 1) for trial in range(64))
        members = () if n <= 0 or (n == 1 and first == left_out) else tries
        yield next((first + slot for slot in members if slot < n and first + slot != left_out), -1)


@pytest.mark.parametrize("keyed", [0, 64])
def test_members_are_picked_by_keyed_slots(keyed):
    start, size = np.repeat(np.arange(0, 90, 10), 40), np.repeat([0, 1, 2, 3, 4, 5, 8, 9, 10], 40)
    ids = np.arange(len(start)) * (2**33 + 3)
    unless = np.where(np.arange(len(start)) % 3 == 0, -1, start + np.arange(len(start)) % np.maximum(size, 1))
    out = np.zeros(len(ids), np.int64)
    kernels.pick_members(start, size, keyed, ids, MONTH, K0, K1, unless, out)
    assert out.tolist() == list(slots(start.tolist(), size.tolist(), ids.tolist(), unless.tolist(), keyed))


# ------------------------------------------------------------------ screening

WORDS = np.array([5, 9, 10, 11, 0, 30] * 7, np.uint32)
ABLE = np.array([1, 1, 0, 1, 2, 0, 1] * 8, np.uint8)


def screened(call):
    """Run a screening that appends after two rows, and list what it appends."""
    row, word = np.full(99, -1, np.int64), np.zeros(99, np.uint32)
    n = call(row, word, 2)
    assert row[:2].tolist() == [-1, -1]
    return list(zip(row[2:n].tolist(), word[2:n].tolist(), strict=True))


def wanted(count, passes):
    """List the rows, from 3 on, and words of those who pass."""
    return [(3 + j, int(WORDS[j])) for j in range(count) if passes(j)]


@pytest.mark.parametrize("masked", [False, True])
def test_rows_below_one_limit(masked):
    found = screened(lambda *into: kernels.compact_below(WORDS, np.uint32(10), ABLE, masked, 3, 40, *into))
    assert found and found == wanted(40, lambda j: WORDS[j] < 10 and (not masked or ABLE[3 + j]))


@pytest.mark.parametrize("count", [1, 15, 16, 17, 32, 40])
def test_rows_below_their_own_limits(count):
    limits = np.resize([6, 9, 10, 12, 0], count).astype(np.uint32)
    found = screened(lambda *into: kernels.compact_under(WORDS, limits, 3, *into))
    assert found == wanted(count, lambda j: WORDS[j] < limits[j])


@pytest.mark.parametrize("masked", [False, True])
def test_rows_below_the_limit_of_their_class(masked):
    table, classes = np.array([0, 10, 31], np.uint32), np.resize([0, 1, 2, 2, 1], 60).astype(np.uint8)
    found = screened(lambda *into: kernels.compact_class(WORDS, np.uint32(31), table, classes, ABLE, masked, 3, 40, *into))
    assert found and found == wanted(40, lambda j: WORDS[j] < table[classes[3 + j]] and (not masked or ABLE[3 + j]))


@pytest.fixture
def short_tiles(monkeypatch):
    """Tiles of eight persons, so that they can be counted by hand; run as Python, because compiled code keeps the constants that it found."""
    if hasattr(kernels.screen_tiles, "py_func"):
        for name in ("screen_tiles", "screen_classes", "compact_below", "compact_under", "_take_under", "compact_class", "philox_lanes"):
            monkeypatch.setattr(kernels, name, getattr(kernels, name).py_func)
    monkeypatch.setattr(kernels, "BLOCK", 2)
    monkeypatch.setattr(kernels, "TILE", 8)


def lane_words(people):
    """Give everybody's word, in tiles of eight: the four words of two counters, lane by lane."""
    words = []
    for tile in range(people // 8 + 1):
        counters = [philox(2 * tile + j, 0, 217, 0) for j in range(2)]
        words += [counters[j][lane] >> 1 for lane in range(4) for j in range(2)]
    return words[:people]


@pytest.mark.parametrize(("people", "first"), [(5, 0), (8, 0), (19, 0), (24, 1), (30, 2)])
@pytest.mark.parametrize("form", ["one", "own", "class"])
def test_tiles_screen_everybody_once(short_tiles, people, first, form):
    words, half = lane_words(people), 1 << 30
    limits = np.resize([half, 0, 2**31 - 1, half // 2], people).astype(np.uint32)
    table, classes, able = np.array([half, 2**31 - 1], np.uint32), np.resize([0, 1, 0], people).astype(np.uint8), np.resize([1, 1, 0], people)
    row, word = np.zeros(people + 1, np.int64), np.zeros(people + 1, np.uint32)
    tiles = -(-people // 8) - first
    if form == "class":
        n = kernels.screen_classes(first, tiles, people, MONTH, K0, K1, np.uint32(2**31 - 1), table, classes, able, True, row, word)
    else:
        n = kernels.screen_tiles(first, tiles, people, MONTH, K0, K1, np.uint32(half), limits, form == "own", able, form == "one", row, word)
    below = {"one": [half] * people, "own": limits.tolist(), "class": table[classes].tolist()}[form]
    hits = [j for j in range(8 * first, people) if words[j] < below[j] and (form == "own" or able[j])]
    assert row[:n].tolist() == hits and word[:n].tolist() == [words[j] for j in hits]


# ------------------------------------------------------------------ networks


def test_neighbours_are_listed_in_order():
    near, offsets, target = network(12, 5)
    subjects = np.array([3, 0, 11, 3])
    size = sum(len(near[s]) for s in subjects)
    source, other, edge = (np.full(size, -1, np.int64) for _ in range(3))
    kernels.expand_csr(subjects, offsets, target, source, other, edge)
    wanted = [(j, one, int(offsets[s]) + k) for j, s in enumerate(subjects) for k, one in enumerate(near[s])]
    assert size > 4 and list(zip(source.tolist(), other.tolist(), edge.tolist(), strict=True)) == wanted


@pytest.mark.parametrize("pruned", [False, True])
@pytest.mark.parametrize("form", ["csr", "regular"])
def test_subjects_and_their_neighbours_are_marked(pruned, form):
    people, column, subjects = 20, np.resize([4, 5, 6, 5, 9], 20).astype(np.int32), np.array([1, 2, 7, 13])
    near, offsets, target = network(people, 4, seed=1)
    if form == "regular":
        targets = np.random.default_rng(2).integers(0, people, (people, 3)).astype(np.int32)
        near = targets.tolist()
    flag = np.zeros(people, np.bool_)
    if form == "csr":
        kernels.mark_neighbours(subjects, offsets, target, column, 5, pruned, flag)
    else:
        kernels.mark_targets(subjects, targets[subjects], column, 5, pruned, flag)
    reached = {int(s) for s in subjects} | {one for s in subjects for one in near[s]}
    assert set(np.flatnonzero(flag).tolist()) == {one for one in reached if not pruned or column[one] <= 5}


@pytest.mark.parametrize(("lo", "hi"), [(0, 256), (0, 64), (3, 61), (63, 65), (64, 128), (70, 250), (200, 200)])
def test_flagged_rows_are_taken_in_order(lo, hi):
    flag = np.zeros(256, np.bool_)
    flag[[0, 3, 60, 61, 63, 64, 65, 127, 128, 249, 250, 255]] = True
    out = np.full(256, -1, np.int64)
    n = kernels.take_flagged(flag, flag.view(np.uint64), lo, hi, out)
    assert out[:n].tolist() == [i for i in range(lo, hi) if flag[i]] and (out[n:] == -1).all()


def test_sums_over_neighbours():
    near, offsets, target = network(15, 6, seed=3)
    base = np.arange(-40, 20, 4).astype(np.int32)
    targets = np.random.default_rng(4).integers(0, 15, (15, 4)).astype(np.int32)
    out, subjects = np.zeros(15, np.int64), np.arange(15)
    kernels.neighbour_sum(targets, base, 11, 0, out)
    assert out.tolist() == [sum(min(0, int(base[t]) + 11) for t in row) for row in targets.tolist()]
    kernels.neighbour_sum_csr(subjects, offsets, target, base, 11, 0, out)
    assert out.tolist() == [sum(min(0, int(base[t]) + 11) for t in row) for row in near]
    assert kernels.sum_recovering(base, 11, 0) == sum(min(0, int(b) + 11) for b in base)
    assert kernels.sum_recovering(base[:0], 11, 0) == 0


def test_rows_whose_own_and_neighbours_values_fall_below_a_cut():
    rng = np.random.default_rng(6)
    base, lo, full = rng.integers(-30, 10, 40).astype(np.int32), 5, 4
    targets, skip = rng.integers(0, 40, (30, 3)).astype(np.int32), rng.integers(0, 2, 40).astype(np.uint8)

    def value(i):
        return min(2, int(base[i]) + 4)

    sums = [value(lo + j) * 3 * full + 2 * sum(value(t) for t in row) for j, row in enumerate(targets.tolist())]
    for cut in {-(-total // (3 * full)) + more for total in sums for more in (0, 1)}:
        out = np.full(30, -1, np.int64)
        n = kernels.rows_below(lo, targets, base, 4, 2, skip, full, 2, cut, out)
        assert out[:n].tolist() == [j for j in range(30) if sums[j] < cut * 3 * full and not skip[lo + j]]


# ------------------------------------------------------------------ sorted rows


def test_keys_are_found_in_sorted_rows():
    for have in ([4], [4, 7], [1, 4, 7, 9, 12, 20, 21, 22, 23, 40]):
        for keys in ([0], [4], [5, 4], [99], list(range(45)), list(range(45))[::-1], [40, 1, 23, 7, 7]):
            out = np.full(len(keys), -2, np.int64)
            kernels.find_sorted(np.array(have, np.int64), np.array(keys, np.int64), out)
            assert out.tolist() == [have.index(key) if key in have else -1 for key in keys], (have, keys)


def test_rows_are_merged_around_those_that_go():
    for size in range(5):
        for gone in itertools.chain.from_iterable(itertools.combinations(range(size), k) for k in range(size + 1)):
            for before in itertools.combinations_with_replacement(range(size + 1), 2):
                old, new, order = np.arange(size, dtype=np.uint16), np.array([90, 80], np.uint16), np.array([1, 0])
                out = np.zeros(size + 2 - len(gone), np.uint16)
                n = kernels.merge_rows(old, np.array(gone, np.int64), new, order, np.array(before, np.int64), out)
                wanted = []
                for i in range(size + 1):
                    wanted += [v for v, b in zip((80, 90), before, strict=True) if b == i] + ([i] if i < size and i not in gone else [])
                assert n == len(wanted) and out.tolist() == wanted, (size, gone, before)


def test_equal_neighbours_are_numbered():
    for keys in ([], [3], [3, 3, 3], [0, 0, 5, 6, 6, 6, 9]):
        out = np.full(len(keys), -1, np.int64)
        highest = kernels.rank_equal(np.array(keys, np.int64), out)
        assert out.tolist() == [keys[:j].count(key) for j, key in enumerate(keys)] and highest == max([0, *out.tolist()])


@pytest.mark.parametrize("weighted", [False, True])
def test_counts_by_group(weighted):
    cells, weights = np.array([0, 2, 2, 1, 2]), np.array([5, -1, 7, 3, 4])
    out = np.array([10, 20, 30])
    kernels.group_counts(cells, weights, weighted, out)
    assert out.tolist() == ([15, 23, 40] if weighted else [11, 21, 33])
    kinds, table = np.array([1, 0, 1, 2, 1]), np.zeros((3, 3), np.int64)
    kernels.kind_counts(kinds, cells, table)
    assert table.tolist() == [[0, 0, 1], [1, 0, 2], [0, 1, 0]]
