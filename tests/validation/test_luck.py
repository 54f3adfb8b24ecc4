"""Luck: published vectors, and batteries of tests on keyed words in three orders, with hashes too weak that must fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from luck_battery import BATTERY, holm, p_values

from scslab.base import luck
from scslab.engine import kernels
from scslab.engine.rows import pack_ids

MONTH, MONTHS, KIND, ORDINALS, STREAMS = 217, 240, 3, 4, 64
ORDERS = ("id", "month", "stream")
KEYS = [luck.stream_key(1, f"luck test {k}") for k in range(STREAMS)]
LEVEL = 1e-3
"""Chance that sound luck fails somewhere, over all tests of all orders."""

VECTORS = [  # counter, key, output: kat_vectors of Random123 (Salmon et al. 2011), philox4x32 with 10 rounds
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0), (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
]  # fmt: skip


@pytest.mark.small_world
@pytest.mark.parametrize(("counter", "key", "output"), VECTORS)
def test_every_implementation_gives_the_published_vectors(counter: tuple[int, ...], key: tuple[int, int], output: tuple[int, ...]) -> None:
    """NumPy twin, block of the world's kernels, words by id of the engine's kernels; lanes where their counter can be the vector's."""
    from scslab.base.luck_kernels import block

    assert tuple(int(w[0]) for w in luck.philox(key, *counter)) == output
    assert tuple(int(w) for w in block(*(np.uint64(v) for v in (*key, *counter)))) == output
    c0, c1, c2, c3 = counter
    out, keys = np.empty(1, np.uint32), [np.uint64(k) for k in key]
    row = np.array([c1 << 32 | c0], np.uint64).view(np.int64)
    kernels.philox_ids(row, np.uint64(c2), np.uint64(c3), *keys, out)
    assert out[0] == output[0] >> 1
    if not any(counter):
        lanes = [np.empty(1, np.uint32) for _ in range(4)]
        kernels.philox_lanes(0, np.uint64(0), *keys, *lanes)
        assert tuple(int(lane[0]) for lane in lanes) == tuple(word >> 1 for word in output)


def places(order: str, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Give stream, person, month and ordinal of the first words in an order."""
    n = np.arange(count)
    if order == "id":
        return n * 0, n, np.full(count, MONTH), n * 0
    if order == "month":
        return n * 0, n // MONTHS, n % MONTHS, n * 0
    return n % STREAMS, n // STREAMS // ORDINALS, np.full(count, MONTH), n // STREAMS % ORDINALS


def draw(order: str, count: int) -> np.ndarray:
    """Draw words with the engine's kernel, keyed as a run keys them, and lay them in an order."""
    stream, person, month, ordinal = places(order, count)
    ids, out, found = pack_ids(person, 0, KIND) + (month << 16), np.empty(count, np.uint32), np.empty(0, np.uint32)
    group = (stream * MONTHS + month % MONTHS) * ORDINALS + ordinal
    sorted_by = np.argsort(group, kind="stable")
    for part in np.split(sorted_by, np.flatnonzero(np.diff(group[sorted_by])) + 1):
        at = part[0]
        found = np.empty(len(part), np.uint32)
        key = (np.uint64(k) for k in KEYS[int(stream[at])])
        kernels.philox_ids(ids[part], np.uint64(month[at]), np.uint64(ordinal[at]), *key, found)
        out[part] = found
    return out


def draw_weak(order: str, count: int) -> np.ndarray:
    """Draw words of a linear hash of the same counters."""
    stream, person, month, ordinal = places(order, count)
    ids = (pack_ids(person, 0, KIND) + (month << 16)).astype(np.uint64)
    low, factors = np.uint64(0xFFFFFFFF), (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1, 1)
    k0, k1 = (np.array([k[i] for k in KEYS], np.uint64)[stream] for i in (0, 1))
    parts = (ids & low, ids >> np.uint64(32), month.astype(np.uint64), ordinal.astype(np.uint64), k0, k1)
    return ((sum((p * np.uint64(f) for p, f in zip(parts, factors, strict=True)), np.uint64(0)) & low) >> np.uint64(1)).astype(np.uint32)


def test_words_are_drawn_as_the_package_says() -> None:
    for order in ORDERS:
        got, at = draw(order, 2000), (0, 1, 241, 700, 1999)
        stream, person, month, ordinal = places(order, 2000)
        for n in at:
            identity = pack_ids(person[n], int(month[n]), KIND)
            assert got[n] == luck.words(KEYS[int(stream[n])], identity, 0, int(month[n]), int(ordinal[n]))[0]


def test_keyed_luck_passes_the_battery_in_every_order(record_property: Callable[[str, Any], None]) -> None:
    p = {f"{name}, by {order}": value for order in ORDERS for name, value in p_values(draw(order, 1 << 20)).items()}
    record_property("least p", f"{min(p.values()):.3g} of {len(p)}")
    assert not holm(p, LEVEL), {name: p[name] for name in holm(p, LEVEL)}


@pytest.mark.parametrize("order", ORDERS)
def test_a_weak_hash_fails_the_battery_in_every_order(order: str) -> None:
    p = p_values(draw_weak(order, 1 << 20))
    assert min(p.values()) < 1e-15 and len(holm(p, LEVEL)) >= 3, p


def test_each_test_of_the_battery_holds_its_level() -> None:
    """On NumPy's PCG64, 40 times: p-values are uniform enough, and none of them is stuck."""
    rng = np.random.default_rng(20)
    p = {name: np.array([test(rng.integers(0, 1 << 31, 1 << 17, dtype=np.uint32)) for _ in range(40)]) for name, test in BATTERY.items()}
    low = {name: float((values < 0.1).mean()) for name, values in p.items()}
    assert all(share <= 0.3 for share in low.values()), low  # 12 of 40 where 4 are expected: P < 3e-4 each
    assert all(np.unique(values.round(6)).size > 10 and values.max() > 0.5 for values in p.values())


def test_strata_keep_their_promise() -> None:
    """Words for counts: every aligned run of 2^m ids has one word in each of 2^m equal strata; two streams are independent."""
    from scslab.base.luck_kernels import strata_into

    drawn = []
    for key in KEYS[:2]:
        out = np.empty(1 << 14, np.uint32)
        strata_into(np.uint64(key[0]), np.uint64(key[1]), 0, len(out), out)
        drawn.append(out)
        for m in (1, 4, 9):
            runs = (out >> np.uint32(31 - m)).reshape(-1, 1 << m)
            assert (np.sort(runs, axis=1) == np.arange(1 << m)).all()
    cells = (drawn[0] >> np.uint32(28)).astype(np.int64) * 8 + (drawn[1] >> np.uint32(28))
    counts = np.bincount(cells, minlength=64)
    assert abs(counts - 256).max() < 6 * 16


# ------------------------------------------------------------------ TestU01


def build(folder: Path, testu01: bool) -> Path:
    """Compile the C twin, with TestU01 where asked for; skip where there is no compiler or no TestU01."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    program = folder / "testu01"
    linked = ["-DWITH_TESTU01", "-I/usr/include/testu01", "-ltestu01", "-ltestu01probdist", "-ltestu01mylib", "-lm"] if testu01 else []
    words = [compiler, "-O3", "-o", str(program), str(Path(__file__).with_name("testu01.c")), *linked]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode and testu01:
        pytest.skip("TestU01 is not installed: apt-get install libtestu01-0-dev (Debian, component non-free)")
    assert not done.returncode, done.stderr
    (folder / "keys.txt").write_text("".join(f"{a} {b}\n" for a, b in KEYS))
    return program


def battery(program: Path, size: str, order: str, kind: str) -> dict[str, float]:
    """Run a battery of TestU01; two-sided p-values by name."""
    done = subprocess.run([str(program), size, order, kind, str(program.with_name("keys.txt"))], capture_output=True, text=True, check=True)
    lines = [line.split(" ", 2) for line in done.stdout.splitlines() if line.startswith("p ")]
    return {f"{k} {name.strip()}, by {order}": min(1.0, 2 * min(float(p), 1 - float(p))) for k, (_, p, name) in enumerate(lines)}


@pytest.mark.parametrize("order", ORDERS)
def test_the_twin_in_c_draws_the_same_words(order: str, tmp_path: Path) -> None:
    program = build(tmp_path, False)
    for kind, wanted in (("philox", draw), ("weyl", draw_weak)):
        done = subprocess.run([str(program), "words", order, kind, str(tmp_path / "keys.txt"), "50000"], capture_output=True, text=True, check=True)
        assert (np.array(done.stdout.split(), np.uint32) == wanted(order, 50_000)).all(), kind


@pytest.mark.soak
def test_small_crush(tmp_path: Path, record_property: Callable[[str, Any], None]) -> None:
    program, p = build(tmp_path, True), {}
    for order in ORDERS:
        found = battery(program, "small", order, "philox")
        assert len(found) == 15
        record_property(f"by {order}", ", ".join(f"{value:.3g}" for value in found.values()))
        p |= found
    assert not holm(p, LEVEL), {name: p[name] for name in holm(p, LEVEL)}


@pytest.mark.soak
@pytest.mark.parametrize("order", ORDERS)
def test_weak_hashes_fail_small_crush(order: str, tmp_path: Path, record_property: Callable[[str, Any], None]) -> None:
    program = build(tmp_path, True)
    weyl = battery(program, "small", order, "weyl")
    record_property("failed", f"{len(holm(weyl, LEVEL))} of {len(weyl)}, least p {min(weyl.values()):.3g}")
    assert len(holm(weyl, LEVEL)) >= 5 and min(weyl.values()) < 1e-15


@pytest.mark.soak
@pytest.mark.parametrize("order", ORDERS)
def test_crush(order: str, tmp_path: Path, record_property: Callable[[str, Any], None]) -> None:
    p = battery(build(tmp_path, True), "crush", order, "philox")
    assert len(p) == 144
    record_property("least p", f"{min(p.values()):.3g} of {len(p)}")
    assert not holm(p, LEVEL / len(ORDERS)), {name: p[name] for name in holm(p, LEVEL / len(ORDERS))}
