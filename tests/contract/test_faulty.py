"""A contract that cannot fail is a defect: for each of them a package that breaks it, and that the kit must catch."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from scslab.engine.made import Made
from scslab.study.contract.contract import CONTRACTS
from scslab.study.contract.kit import FAILED, Kit
from scslab.study.contract.subjects import Brought, RuleSet
from scslab.study.contract.trial import Trial, run


@dataclass(frozen=True)
class Fault:
    """A package that breaks one contract: its module, its rules, and what they extend; `by` is whose fault it is said to be."""

    contract: str
    source: str
    blocks: str = ""
    extends: str = "court-list"
    by: str = ""
    months: tuple[int, int] = field(default=(3, 4))


ON_ACTS = '@mechanism("respond.{0}", on=Rows("acts"){1})\ndef {0}(acts, cols, p, luck):\n    "Break a promise."\n'
NOTHING = "  respond.{0}: {{}}"


def on_acts(contract: str, name: str, body: str, declares: str = "", before: str = "", **more) -> Fault:
    """Make a package of one mechanism that wakes on acts."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    source = before + "\n" + ON_ACTS.format(name, (", " + declares) if declares else "") + lines
    return Fault(contract, source, NOTHING.format(name), by=f"respond.{name}", **more)


FAULTS = [
    on_acts("runs", "fragile", "return acts.emit('fragile_rows', subject=acts.subject[:1])", "emits=('fragile_rows',)", "table('fragile_rows')"),
    on_acts("repeatable", "counting", "SEEN.append(1)\nreturn acts.emit('counts', parent=np.arange(len(SEEN) % 2))", "emits=('counts',)",
            "SEEN = []\ntable('counts')"),
    on_acts("batch", "scribbling", "acts.amount[:] = 7"),
    on_acts("declared", "announcing", "cols.touch('score', acts.subject)"),
    Fault(
        "truth",
        '@mechanism("decide.seer", on=Rows("records"), emits=("visions",))\n'
        "def seer(records, cols, p, luck):\n    'Look behind the curtain.'\n"
        "    return records.emit('visions', parent=np.flatnonzero(records.truth('true_actor') % 2 == 0))\n\ntable('visions')\n",
        "  decide.seer: {}", by="decide.seer",
    ),
    Fault(
        "whole",
        '@mechanism("respond.halves", on=Sweep(), writes=(Column("persons.halves", "int16"),))\n'
        "def halves(everybody, cols, p, luck):\n    'Write halves.'\n"
        "    cols.persons.halves[everybody.lo : everybody.hi] = np.full(len(everybody), 0.5)\n",
        "  respond.halves: {}", by="respond.halves",
    ),
    Fault(
        "monotone",
        "class Params(Parameters):\n    chance = probability('a chance')\n\n"
        '@mechanism("respond.fickle", on=Rows("acts"), params=Params, draws=("word",), emits=("whims",))\n'
        "def fickle(acts, cols, p, luck):\n    'Change and change back.'\n"
        "    return acts.emit('whims', parent=np.flatnonzero((luck.word.astype(np.int64) + 3 * p.chance) % ONE < p.chance))\n\ntable('whims')\n",
        "  respond.fickle:\n    chance: {value: 0.5, unit: probability, evidence: invented, range: [0, 1]}", by="respond.fickle",
    ),
    Fault("never-draws", '@mechanism("decide.dicer", on=Rows("records"), draws=("die",))\ndef dicer(records, cols, p, luck):\n    "Throw a die."\n',
          "  decide.dicer: {}", by="decide.dicer"),
    on_acts("used", "boasting", "return None", "reads=('persons.income',)"),
    on_acts("parents", "orphan", "other = Batch('acts', cols.month, {'subject': acts.subject, 'id': acts.id + 5, 'kind': acts.kind},\n"
            "    {'origin_table': np.full(len(acts), ACTS, np.uint8)})\nreturn other.emit('orphans')", "emits=('orphans',)",
            "from scslab.engine.arm import table_codes\ntable('orphans')\nACTS = table_codes()['acts']"),
    on_acts("subjects", "nobody", "return acts.emit('nobodies', subject=acts.subject + 10**6)", "emits=('nobodies',)", "table('nobodies')"),
    on_acts("stock-and-flow", "smuggler", "return acts.emit('listings', parent=np.arange(1), list=1, until=300)", "emits=('listings',)"),
    on_acts("replay", "giver", "return acts.emit('postings', points=100, clamp=0)", "emits=('postings',)", extends="rongcheng-2016"),
    Fault("confusion", '@mechanism("measure.inflation", on=Rows("acts", only=()), tallies=("observed",))\ndef inflation(rows, cols, p, luck):\n'
          '    "Count acts as observations."\n    return rows.tally("observed")\n', "  respond.nothing: {}", by="faulty"),
    on_acts("spans", "placing", "return acts.emit('placings', parent=np.arange(0, len(acts), 2))", "emits=('placings',)", "table('placings')"),
    on_acts("checkpoint", "hoarding", "seen = cols.__dict__.setdefault('seen', [0])\nseen[0] += 1\n"
            "return acts.emit('hoards', parent=np.arange(min(seen[0], len(acts))))",
            "emits=('hoards',)", "table('hoards')"),
    Fault("recorders", '@mechanism("measure.meddler", on=Rows("acts"), emits=("debts",))\ndef meddler(acts, cols, p, luck):\n'
          '    "Record, and make debts on the way."\n    return acts.emit("debts", amount=5000)\n', "  respond.nothing: {}", by="measure.meddler"),
    on_acts("registration", "ordered", "place = list(REGISTRY).index('respond.ordered')\n"
            "return acts.emit('orders_seen', place=place)",
            "emits=('orders_seen',)", "from scslab.engine.declare import REGISTRY\ntable('orders_seen', {'place': 'int32'})"),
    on_acts("absent", "nosy", "return acts.emit('noses', parent=np.flatnonzero(acts.subject % 7 == len(REGISTRY) % 7))", "emits=('noses',)",
            "from scslab.engine.declare import REGISTRY\ntable('noses')"),
    Fault("groups", '@mechanism("measure.first_cell", on=Rows("acts", only=()), tallies=("first_cell",))\ndef first_cell(rows, cols, p, luck):\n'
          '    "Count by sex, whatever the groups are."\n    return rows.tally_cells("first_cell", np.array([0, 1, 2]))\n', "  respond.nothing: {}",
          by="measure.first_cell"),
    Fault("null", '@mechanism("respond.hidden", on=Modifies(("conduct.volunteering",)))\ndef hidden(quantity, subjects, cols, p):\n'
          '    "Have an effect that no number tells."\n    return np.full(len(subjects), FACTOR_ONE // 3)\n', "  respond.hidden: {}", by="faulty"),
    on_acts("banned", "crowd", "return acts.emit('crowds', parent=np.flatnonzero(acts.subject % 7 == len(acts) % 7))", "emits=('crowds',)", "table('crowds')"),
    on_acts("one-more", "census_taker", "alive = int(living(cols, np.arange(cols.people)).sum())\n"
            "return acts.emit('heads', parent=np.flatnonzero(acts.subject % 2 == alive % 2))",
            "reads=('persons.birth_month', 'persons.death_month'), emits=('heads',)", "table('heads')"),
    on_acts("permuted", "numbered", "return acts.emit('lows', parent=np.flatnonzero(acts.subject < cols.people // 2))", "emits=('lows',)", "table('lows')"),
    on_acts("no-errors", "slanderer", "return acts.emit('entries', list=cols.code('court'), fault=SLANDER, until=cols.month + 12, due=cols.month + 1)",
            "emits=('entries',)", "SLANDER = FAULT.code('fabricated')"),
    on_acts("perfect-appeals", "accuser", "who = (acts.subject + 1) % cols.people\n"
            "return acts.emit('entries', subject=who, list=cols.code('court'), until=cols.month + 12)",
            "emits=('entries',)"),
    Fault(
        "spill",
        "class Params(Parameters):\n    form = choice('form', ('shared', 'added'))\n    near = choice('who', ('kin', 'friends'))\n    weight = weight('w')\n\n"
        '@mechanism("decide.leak", on=Rows("postings"), params=Params, networks=("friends",), emits=("awards",), lagged=("postings",))\n'
        "def leak(postings, cols, p, luck):\n    'Give everybody near the whole change.'\n"
        "    at, other, _ = cols.networks.friends.expand(postings.subject)\n"
        "    return postings.emit('awards', subject=other, parent=at, kind=KIND.code('association'), points=postings.points[at])\n",
        "  decide.leak:\n    form: shared\n    near: friends\n    weight: {value: 0.2, unit: weight, evidence: invented, range: [0, 1]}",
        extends="rongcheng-2016", by="decide.leak",
    ),
]  # fmt: skip

BY_ENGINE = ("ids",)
"""Contracts that a mechanism cannot break, because the engine alone does what they are about."""


def test_every_contract_has_a_package_that_breaks_it() -> None:
    assert {fault.contract for fault in FAULTS} | {*BY_ENGINE} == {*CONTRACTS}


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.contract for fault in FAULTS])
def test_the_kit_catches_the_fault(fault: Fault, write, attempt) -> None:
    idle = '@mechanism("respond.nothing", on=Rows("debts"))\ndef nothing(rows, cols, p, luck):\n    "Do nothing."\n\n'
    plain = idle if "respond.nothing" in fault.blocks else ""
    package = write(fault.contract.replace("-", "_"), plain + fault.source, fault.blocks, fault.extends)
    results = attempt(package, *({"runs", fault.contract} if fault.contract == "used" else {fault.contract}), months=fault.months)
    broken = [row for row in results if row.result == FAILED]
    assert [row.contract for row in broken] == [fault.contract]
    assert broken[0].subject == ("faulty" if fault.contract == "absent" else fault.by) and broken[0].failure is not None
    if broken[0].failure.trial is not None:  # a declaration needs no trial
        assert broken[0].failure.plain()["trial"]["people"] >= 50 and broken[0].failure.finding.words()


def test_an_id_given_twice_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Made, "rank", lambda self: 0)
    trial = Trial(("court-list",), months=2)
    found = CONTRACTS["ids"].check(trial, run(trial))  # type: ignore[misc]
    assert found and "twice" in found[0].what


def test_a_counterexample_is_small(write) -> None:
    """Of a hundred mechanisms two are needed to break the promise, and one month."""
    from scslab.study.contract.subjects import brought_by

    fault = next(fault for fault in FAULTS if fault.contract == "batch")
    package = write("small", fault.source, fault.blocks)
    kit = Kit(brought_by(package), 2, None, frozenset(["batch"]))
    failure = next(row.failure for row in kit.run() if row.failure)
    assert failure.trial is not None and failure.trial.months == 1
    left = failure.plain()["mechanisms left"]
    assert "respond.scribbling" in left and len(left) <= 4


def test_a_fault_that_comes_and_goes_is_told_all_the_same(write, attempt) -> None:
    source = "import random\ntable('whims_2')\n" + ON_ACTS.format("whim", ", emits=('whims_2',)")
    package = write("flaky", source + "    return acts.emit('whims_2', parent=np.arange(random.randrange(len(acts) + 1)))\n", NOTHING.format("whim"))
    assert [row.subject for row in attempt(package, "repeatable", "spans") if row.result == FAILED] in (["respond.whim"], ["respond.whim"] * 2)


def test_trials_are_chosen_anew_only_by_the_seed() -> None:
    brought = Brought("", (), (RuleSet(("ordinary-law",)),), {"ordinary-law": "regime"})
    seen = []
    for seed in (0, 0, 5):
        kit = Kit(brought, 3, None, frozenset(["subjects"]), seed=seed, months=(1, 2))
        kit.run()
        seen.append(sorted(trial.luck for trial in kit._turns))
    assert seen[0] == seen[1] and np.array_equal(np.array(seen[2]) - 5, seen[0])
