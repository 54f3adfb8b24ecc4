"""Files and persons: keys that several share, linkage by fields, islands of files joined."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from ....base import luck
from ....mechanisms.kinds import KIND
from ....mechanisms.linkage import BITS, FIELD, best_links, names_of, weights
from .. import rules
from ..register import Inputs, Measured, case, drawn, formula, share
from ..scenario import scenario

AT_ONCE = 1_000_000
"""Persons of one scenario where rare matters need more of them than memory holds."""


def _keys(seed: int, trial: int, population: int, key_space: int) -> np.ndarray:
    """Give everybody's key, as `record.master` gives everybody a name: a keyed hash of the id."""
    key = luck.stream_key(seed, f"keys {trial}")
    return names_of((np.uint64(key[0]), np.uint64(key[1])), population, key_space).of


@formula("CF11a")
def shared(inputs: Inputs) -> float:
    return -math.expm1((inputs["population"] - 1) * math.log1p(-1 / inputs["key_space"]))


@drawn("CF11a", "CF11b")
def key_spaces(rng: np.random.Generator) -> dict[str, Any]:
    return {"key_space": int(rng.integers(100_000, 180_000)), "population": 200_000}


@case("CF11a", least=200_000, most=200_000)
def measure_shared(inputs: Inputs, size: int, seed: int) -> Measured:
    """The error is that of independent persons; sharing a key is common to both, hence twice the variance at most."""
    keys = _keys(seed, 0, inputs["population"], inputs["key_space"])
    held = np.bincount(keys)[keys]
    found = share(int((held > 1).sum()), inputs["population"])
    return Measured(found.value, found.error * math.sqrt(2))


@formula("CF11b")
def pairs(inputs: Inputs) -> float:
    return inputs["population"] * (inputs["population"] - 1) / 2 / inputs["key_space"]


@case("CF11b", least=200_000, most=200_000)
def measure_pairs(inputs: Inputs, size: int, seed: int) -> Measured:
    held = np.bincount(_keys(seed, 0, inputs["population"], inputs["key_space"])).astype(np.int64)
    found = float((held * (held - 1) // 2).sum())
    return Measured(found, math.sqrt(found))


@formula("CF11c")
def any_pair(inputs: Inputs) -> float:
    steps = np.arange(inputs["records"])
    return -math.expm1(float(np.log1p(-steps / inputs["key_space"]).sum()))


@drawn("CF11c")
def birthdays(rng: np.random.Generator) -> dict[str, Any]:
    space = int(rng.integers(5_000, 50_000))
    return {"key_space": space, "records": round(math.sqrt(space) * rng.uniform(1, 2))}


@case("CF11c", most=200_000)
def measure_any_pair(inputs: Inputs, size: int, seed: int) -> Measured:
    """So many files of so many records each."""
    n = inputs["records"]
    return share(sum(len(np.unique(_keys(seed, trial, n, inputs["key_space"]))) < n for trial in range(size)), size)


def _patterns(inputs: Inputs) -> tuple[float, float]:
    """Give the chances of a link between files of two persons, and of none between files of one, over all patterns of agreement."""
    false, missed = 0.0, 0.0
    for pattern in itertools.product((True, False), repeat=len(inputs["m"])):
        triples = list(zip(pattern, inputs["m"], inputs["u"], strict=True))
        bits = sum(math.log2(m / u if agrees else (1 - m) / (1 - u)) for agrees, m, u in triples)
        if bits >= inputs["threshold_bits"]:
            false += math.prod(u if agrees else 1 - u for agrees, _, u in triples)
        else:
            missed += math.prod(m if agrees else 1 - m for agrees, m, _ in triples)
    return false, missed


@formula("CF12a")
def false_link(inputs: Inputs) -> float:
    return _patterns(inputs)[0]


@formula("CF12b")
def missed_link(inputs: Inputs) -> float:
    return _patterns(inputs)[1]


@drawn("CF12a", "CF12b")
def fields(rng: np.random.Generator) -> dict[str, Any]:
    """No pattern may lie so near the threshold that 1/1024 of a bit decides."""
    while True:
        made = {"m": np.round(rng.uniform(0.7, 0.95, 4), 3).tolist(), "u": np.round(rng.uniform(0.1, 0.4, 4), 3).tolist(), "threshold_bits": 2.5}
        near = [
            abs(sum(math.log2(m / u if a else (1 - m) / (1 - u)) for a, m, u in zip(pattern, made["m"], made["u"], strict=True)) - 2.5)
            for pattern in itertools.product((True, False), repeat=4)
        ]
        if min(near) > 0.02:
            return made


def _linked(inputs: Inputs, agrees: str, size: int, seed: int) -> int:
    """Draw pairs that agree in each field with the chances named, let the mechanism's rule decide, and count links."""
    tables = weights(tuple(luck.threshold(m) for m in inputs["m"]), tuple(luck.threshold(u) for u in inputs["u"]))
    least, linked = round(inputs["threshold_bits"] * (1 << BITS)), 0
    keys = [luck.stream_key(seed, f"pairs {agrees} {field}") for field in FIELD.names]
    nobody = dict.fromkeys(FIELD.names, None)
    for low in range(0, size, 500_000):
        pair = np.arange(low, min(low + 500_000, size))
        row = np.arange(len(pair))
        drawn_words = (luck.words(key, pair) for key in keys)
        written = {
            field: (word >= luck.threshold(chance)).astype(np.int8)
            for field, word, chance in zip(nobody, drawn_words, inputs[agrees], strict=True)
        }
        held = dict.fromkeys(FIELD.names, np.zeros(len(pair), np.int8))
        found = best_links(written, held, [(row, row)], tables, least, lambda file, person: person)
        linked += int((found >= 0).sum())
    return linked


@case("CF12a", most=10_000_000)
def measure_false_link(inputs: Inputs, size: int, seed: int) -> Measured:
    return share(_linked(inputs, "u", size, seed), size)


@case("CF12b")
def measure_missed_link(inputs: Inputs, size: int, seed: int) -> Measured:
    return share(size - _linked(inputs, "m", size, seed), size)


@formula("CF36a")
def visible(inputs: Inputs) -> float:
    return 1 - (1 - inputs["integration"] * inputs["record_prob"]) ** inputs["agencies"]


@drawn("CF36a")
def islands(rng: np.random.Generator) -> dict[str, Any]:
    return {"agencies": int(rng.integers(4, 15)), "integration": rng.uniform(0.1, 0.9), "record_prob": rng.uniform(0.03, 0.2)}


@case("CF36a", most=10_000_000)
def measure_visible(inputs: Inputs, size: int, seed: int) -> Measured:
    """Each agency has a kind of matter of its own; the master database takes in the files that are joined."""
    return share(sum(_in_master(inputs, min(AT_ONCE, size - part), seed + 7919 * part) for part in range(0, size, AT_ONCE)), size)


def _in_master(inputs: Inputs, size: int, seed: int) -> int:
    """Count those of so many persons about whom the master database holds anything."""
    kinds = [name for name in KIND.names if name not in ("none", "association")][: inputs["agencies"]]
    master = {
        "kinds": kinds, "integration": inputs["integration"], "joined": "record", "delay": 0, "retention": None, "refresh": None, "keyed": 1,
        "key_wrong": 0, "key_taken": 0, "names": 1, "agrees": 1, "by_chance": 0.5, "link": 1, "propagates": 0, "propagation": 0,
    }  # fmt: skip
    chances = dict.fromkeys(kinds, float(inputs["record_prob"]))
    plan = rules.acts(chances) | rules.camera(kinds) | rules.RECORDS | {"record.master": master}
    played = scenario(plan, people=size, periods=1, seed=seed, recorders=False)
    return len(np.unique(played.store("national_copies")["subject"]))
