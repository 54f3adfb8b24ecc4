"""Two copies of a society with the same luck: who differs when one person is banned or added, and how much quieter paired differences are."""

from __future__ import annotations

import tempfile
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ....engine.arm import table_codes
from ....engine.declare import REGISTRY
from ....engine.rows import KIND_SHIFT, SUBJECT_SHIFT
from ....measure.outcomes import outcome, parts
from ....mechanisms.catalogue import catalogue
from ....mechanisms.kinds import KIND
from ....regime import Regime, apply_reforms, combine
from ....regime.overlay import Reform
from ....world import World, build_world
from ....world.newcomer import with_newcomer
from ...parallel import processors, replicates
from ...paths import CHANNELS, STRICT, Reach, person_tables, reach
from ...prepare import make_job
from ...replicate import load_named
from ...results import Results
from ...verify.scenario import Played, play, regime_of
from ..registry import Deviation, Measured, Target, published

RULES = ("rongcheng-2016", "court-list", "denunciation", "family-liability", "public-shaming")
"""Rules under which much passes between people: reports on others, measures on kin, shaming."""
SORTED = ("sesame", "ties-follow-scores")
"""Rules under which friends are dropped, kept out of sight and found."""
PEOPLE, MONTHS, START = 2_000, 24, 216
BANS = 10
SHARED = (
    "speech", "judgments_performed", "acts_watched", "acts_unwatched", "volunteering", "loans", "listed", "listed_stock", "ever_listed", "blameless_reached",
)  # fmt: skip
"""Outcomes that both societies have much of: there sharing luck must make the effect easier to see."""
MADE = ("burden", "burden_yuan", "wrongly_listed", "grades_lowered", "trust", "disclosures")
"""Outcomes that are mostly made by the rules: there is little in the other society to pair with."""
HEADLINE = (*SHARED, *MADE)
SEEDS, PAIRED_PEOPLE, PAIRED_MONTHS, WARM_UP = 20, 2_000, 36, 6


def rules_of(names: tuple[str, ...]) -> Regime:
    return combine([load_named(name) for name in names], catalogue())


def forbid(regime: Regime, person: int, kind: str) -> Regime:
    """Lay over a regime that one person does not do one thing."""
    clause = regime_of("forbidden", {"respond.forbidden": {"person": person, "kinds": [kind]}}).clauses["respond.forbidden"]
    return apply_reforms(regime, [Reform("forbidden", add={"respond.forbidden": clause})])


def lived(regime: Regime, world: World, seed: int, months: int = MONTHS) -> Played:
    """Run a society and keep every row about a person."""
    return play({"run": regime}, people=world.people, periods=months, seed=seed, world=world, keep=person_tables(), start=START)["run"]


@cache
def forbiddable() -> frozenset[str]:
    """Name the kinds of acts that can be forbidden."""
    catalogue()
    return frozenset(quantity.partition(".")[2] for made in REGISTRY.values() for quantity in made.quantities if quantity.startswith("conduct."))


def far_reaching(played: Played, count: int) -> list[tuple[int, str]]:
    """List the (person, kind of act) whose acts caused most rows about other people, and as many others by their ids' order."""
    codes, above, about_others = table_codes(), {}, []
    for table in played.kept:
        rows = played.rows(table)
        if len(rows["id"]):
            for number, parent, origin, subject in zip(*(rows[name].tolist() for name in ("id", "parent", "origin", "subject")), strict=True):
                above[codes[table], number] = (origin, parent)
                if parent and parent >> SUBJECT_SHIFT != subject:
                    about_others.append((codes[table], number))
    caused: Counter[tuple[int, str]] = Counter()
    for row in about_others:
        subject, seen = row[1] >> SUBJECT_SHIFT, 0
        while row in above and seen < 50:
            actor, kind = row[1] >> SUBJECT_SHIFT, KIND.names[row[1] >> KIND_SHIFT & 255]
            if row[0] == codes["acts"] and actor != subject and kind in forbiddable():
                caused[actor, kind] += 1
            row, seen = above[row], seen + 1
    acts = played.rows("acts")
    every = [(int(s), KIND.names[k]) for s, k in zip(acts["subject"][:: max(1, len(acts["id"]) // 50)], acts["kind"][:: max(1, len(acts["id"]) // 50)])]
    plain = [one for one in dict.fromkeys(every) if one[1] in forbiddable() and one not in caused]
    first = [one for one, _ in sorted(caused.items(), key=lambda item: (-item[1], item[0]))[: count - count // 2]]
    return first + plain[: count - len(first)]


def banned(seed: int, people: int = PEOPLE, months: int = MONTHS, bans: int = BANS) -> list[Reach]:
    """Forbid one person one kind of act, again and again in the same county, and follow the difference."""
    regime, world = rules_of(RULES), build_world("county", people, seed, start_month=START)
    free = lived(regime, world, seed, months)
    return [reach(free, lived(forbid(regime, who, kind), world, seed, months), who) for who, kind in far_reaching(free, bans)]


def added(seed: int, people: int = PEOPLE, months: int = MONTHS) -> list[Reach]:
    """Add a person without ties, and one with friends, to a county under either set of rules, and one to an island where people meet anybody."""
    found: list[Reach] = []
    options: dict[str, Any]
    for names, kind, options in ((RULES, "county", {}), (SORTED, "county", {}), (("nosedive", "court-list"), "islands", {"islands": 20})):
        size = people if kind == "county" else people // 5
        regime, world = rules_of(names), build_world(kind, size, seed, start_month=START, **options)
        base = lived(regime, world, seed, months)
        grown = np.flatnonzero(world.columns["persons.birth_month"][:size] < START - 12 * 30)
        like = int(grown[len(grown) // 2])
        for friends in ((), tuple(int(person) for person in grown[len(grown) // 2 : len(grown) // 2 + 5])):
            newcomer = with_newcomer(world, like, friends)
            # Friends' scores are read without a row.
            channels = CHANNELS if friends and names == SORTED else STRICT
            found.append(reach(base, lived(regime, newcomer, seed, months), world.n_rows, channels))
    return found


def values(results: Results, arm: str, name: str) -> np.ndarray:
    """Give an outcome of an arm seed by seed; NaN where there is nobody to count."""
    measured, found = outcome(name), []
    for i, seed in enumerate(sorted(results.tallies[arm])):
        top, bottom, _ = parts(measured, results.tallies[arm][seed], results.people[i], None, "all")
        found.append(top[0] / bottom[0] * measured.per if bottom[0] else np.nan)
    return np.array(found, float)


def variances(seed: int, people: int = PAIRED_PEOPLE, months: int = PAIRED_MONTHS, seeds: int = SEEDS, threads: int | None = None) -> dict[str, Measured]:
    """Give by outcome the variance of the effect where both arms share luck over that where each has seeds of its own."""
    settings: dict[str, Any] = {"people": people, "months": months, "seeds": seeds, "seed": seed, "warm_up": WARM_UP, "events": "off", "also": ()}
    job, _ = make_job(["rongcheng-2016", "court-list"], world="county", **settings)
    with tempfile.TemporaryDirectory() as folder:
        results = Results.of(job, replicates(job, Path(folder), processors() if threads is None else threads))
    without, with_ = results.arms[:2]
    return {name: ratio_of(values(results, with_, name), values(results, without, name)) for name in HEADLINE}


def ratio_of(one: np.ndarray, other: np.ndarray) -> Measured:
    """Give Var(one - other) over Var(one) + Var(other), with the jackknife's standard error; what two independent runs have is the sum.

    Example:
        >>> ratio_of(np.array([1.0, 2, 3, 4]), np.array([0.0, 1, 2, 3])).value
        0.0
    """
    kept = np.isfinite(one) & np.isfinite(other)
    one, other = one[kept], other[kept]
    if len(one) < 3:
        return Measured(float("nan"))

    def ratio(at: np.ndarray) -> float:
        apart = one[at].var(ddof=1) + other[at].var(ddof=1)
        return float((one[at] - other[at]).var(ddof=1) / apart) if apart else float("nan")

    every = np.arange(len(one))
    left_out = np.array([ratio(np.delete(every, k)) for k in every])
    return Measured(ratio(every), float(np.sqrt((len(every) - 1) / len(every) * ((left_out - left_out.mean()) ** 2).sum())))


def variance_target(name: str) -> Target:
    """Say what pairing must do for an outcome."""
    words = f"variance paired over unpaired: {name}"
    if name in SHARED:
        return Target(words, (0.0, 1.0), "band", note="below 1: sharing luck makes the effect easier to see")
    return Target(words, (0.0, 1.5), "band", note="mostly made by the rules, so that pairing can do little; near 1 within the noise of twenty seeds")


@published(
    "paired-luck",
    title="Paired luck: the same random numbers in both worlds",
    source="Klein and others 2024, arXiv 2409.02086",
    equations=(
        "Each decision of each person has a random number of its own, a function of seed, decision, person and time.",
        "Banned person: forbidding one person one action changes nobody without a causal path from it; all other histories are identical to the last bit.",
        "One more person in one world shifts nobody else's draws.",
        "The variance of the paired effect is below that of runs with independent seeds, Var(with) + Var(without).",
    ),
    expressed=(
        "A county of 2,000 for 24 months, every row of every person compared (study/paths.py): respond.forbidden on ten persons, half of them those whose "
        "acts caused most for others; world.newcomer in a county under two sets of rules and on islands where people meet anybody; "
        "and 20 seeds of 36 months of rongcheng-2016 with court-list against ordinary-law."
    ),
    targets=(
        Target("banned person: lives that differ without a path", 0.0, "exact"),
        Target("banned person: other lives that differ, reached by a path", 1.0, "sign", note="so the test can see a difference"),
        Target("one more person: lives that differ without a path", 0.0, "exact"),
        Target("one more person: other lives that differ, reached by a path", 1.0, "sign", note="so the test can see a difference"),
        *(variance_target(name) for name in HEADLINE),
    ),
    deviations=(
        Deviation(
            "A causal path is a row caused by or naming another; where a newcomer has friends whose scores are read, a tie or a queue too.",
            "The publication follows infections along contacts; the lab has more ways in which one life touches another.",
        ),
        Deviation(
            "A newcomer to a county is a lodger whom nobody meets but through ties; on islands anybody of the place may meet the newcomer.",
            "Ids of a place are contiguous, and a made world keeps everybody's id.",
        ),
    ),
)
def paired_luck(seed: int) -> dict[str, Measured | float]:
    """Ban, add, and compare variances."""
    found: dict[str, Measured | float] = {}
    for words, reached in (("banned person", banned(seed)), ("one more person", added(seed))):
        found[f"{words}: lives that differ without a path"] = float(sum(len(one.unexplained) for one in reached))
        found[f"{words}: other lives that differ, reached by a path"] = float(sum(sum(one.channels.values()) for one in reached))
    return found | {f"variance paired over unpaired: {name}": value for name, value in variances(seed).items()}
