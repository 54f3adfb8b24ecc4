"""The kit: lets Hypothesis choose trials, checks every contract on them, and makes what breaks one as small as it can."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from ...base.errors import InputError, Problem
from ...engine.declare import REGISTRY
from ...regime import list_regimes
from . import books, pairs, persons, renumber, wrongs
from .contract import CONTRACTS, PAIR, STEP, STILL, TRACE, Contract, mechanism_of
from .probe import Finding, Watch
from .steps import drawing, idle
from .subjects import KINDS, Brought, RuleSet, starts
from .trial import Broken, TooBusy, Trial, rules, run

assert books and pairs and persons and renumber and wrongs  # they register their contracts

EXAMPLES = 3
"""Trials of each set of rules, unless told otherwise."""

PER_TRIAL = 3
"""Contracts that need a second trial each trial of the laboratory's own rules is given, in turn."""

SHRINKS, CUTS = 25, 40
"""Trials spent on making numbers smaller, and on leaving mechanisms out, once a contract is broken."""

MONTHS, PEOPLE = (2, 8), (100, 160)
"""Least and most months and people of a trial; counterexamples go below."""

FEW_PLACES = ("islands", "ring")
"""Worlds in which half as many people will do."""

OK, FAILED, NOT_TRIED = "holds", "broken", "not tried"


@dataclass
class Failure:
    """A broken contract and the smallest trial that breaks it."""

    finding: Finding
    trial: Trial | None

    def plain(self) -> dict[str, Any]:
        """Give it as a document."""
        f = self.finding
        plain: dict[str, Any] = {"what": f.words(), "row": dict(f.row)}
        if self.trial is not None:
            whole = rules(self.trial.regimes, self.trial.reforms)
            plain["trial"] = self.trial.plain()
            plain["mechanisms left"] = sorted({*whole.clauses} - {*self.trial.without}) + [*self.trial.extra]
        return plain


@dataclass
class Result:
    """What came of one contract and one subject."""

    contract: str
    subject: str
    kind: str
    cases: int
    result: str
    failure: Failure | None = None

    def plain(self) -> dict[str, Any]:
        """Give it as a row."""
        row = {"contract": self.contract, "subject": self.subject, "kind": self.kind, "cases": self.cases, "result": self.result}
        return row if self.failure is None else {**row, "counterexample": self.failure.plain()}


class _Found(Exception):
    """Raised inside Hypothesis when a trial breaks a contract."""


@dataclass
class Kit:
    """Tries contracts on what is brought.

    Args:
        brought: mechanisms and sets of rules.
        examples: trials of each set of rules.
        pairs: how many contracts that need a second trial each trial is given, in turn; None for all of them.
        only: names of contracts; None for all.
        seed: added to the luck of every trial; the same seed gives the same trials.
        months: least and most months of a trial.
        beside: whether rules are tried beside others of the library too. shrinks, cuts: trials spent on making a counterexample small.
    """

    brought: Brought
    examples: int = EXAMPLES
    pairs: int | None = None
    only: frozenset[str] | None = None
    seed: int = 0
    months: tuple[int, int] = MONTHS
    beside: bool = True
    shrinks: int = SHRINKS
    cuts: int = CUTS
    cases: Counter[tuple[str, str]] = field(default_factory=Counter)
    failures: dict[tuple[str, str], Failure] = field(default_factory=dict)
    used: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    _turn: Iterator[int] = field(default_factory=itertools.count)
    _turns: dict[Trial, int] = field(default_factory=dict)

    def run(self, progress: Callable[[int, int], None] | None = None) -> list[Result]:
        """Try everything.

        Returns:
            One result per contract and subject, in the order of contracts, failures included.
        """
        sets = self.brought.rule_sets
        for i, rule_set in enumerate(sets):
            if progress is not None:
                progress(i, len(sets))
            self._hunt(rule_set)
        self._still()
        return self.results()

    def results(self) -> list[Result]:
        """Give what came of every contract and subject."""
        made = []
        for name in CONTRACTS:
            if not self._wanted(name):
                continue
            for kind in KINDS:
                for subject in sorted(s for s, k in self.brought.kinds.items() if k == kind):
                    if not self._concerns(CONTRACTS[name], subject, kind):
                        continue
                    cases, failure = self.cases[name, subject], self.failures.get((name, subject))
                    result = FAILED if failure else OK if cases else NOT_TRIED
                    made.append(Result(name, subject, kind, cases, result, failure))
        return made

    def _concerns(self, made: Contract, subject: str, kind: str) -> bool:
        """Tell whether a contract is about a subject: steps and declarations are of mechanisms; what does not hold for a trial is not missed."""
        if (made.name, subject) in self.failures or self.cases[made.name, subject]:
            return True
        if made.how in (STEP, STILL):
            return kind in KINDS[:2] and made.name in ("runs", "repeatable", "batch", "declared")
        return made.name in ("ids", "parents")

    def _wanted(self, name: str) -> bool:
        return self.only is None or name in self.only

    def _hunt(self, rule_set: RuleSet) -> None:
        """Try a set of rules until nothing new is broken."""
        while True:
            hunt = _Hunt(self, rule_set)
            failure = hunt.run()
            if failure is None:
                return
            self.failures[failure.finding.contract, failure.finding.subject] = failure

    def _still(self) -> None:
        for name in self.brought.mechanisms:
            made = REGISTRY[name]
            for contract, found in (("never-draws", drawing(made)), ("used", idle(made, self.used[name]))):
                if self._wanted(contract) and (contract == "never-draws" or ("woken", "woken") in self.used[name]):
                    self.cases[contract, name] += 1
                    for finding in found:
                        self.failures.setdefault((contract, name), Failure(finding, None))

    def check(self, trial: Trial, contracts: Iterable[str], count: bool) -> list[Finding]:
        """Carry out a trial and check contracts on it; findings about others than what is brought are the rules'."""
        names = [name for name in contracts if self._wanted(name)]
        watch = Watch(trial.pick, "monotone" in names)
        found: list[Finding] = []
        try:
            trace = run(trial, watch=watch if any(CONTRACTS[n].how == STEP for n in names) else None)
        except Broken as broken:
            return [self._owned(finding, trial) for finding in (*watch.findings, _failed(broken)) if finding.contract in names]
        found += [finding for finding in watch.findings if finding.contract in names]
        if count:
            self._count(trial, watch, trace.plan)
        for name in names:
            made = CONTRACTS[name]
            if made.check is None or not made.holds_for(trial, trace):
                continue
            try:
                found += made.check(trial, trace)
            except Broken as broken:
                found.append(replace(_failed(broken), contract=name))
            except (TooBusy, InputError):
                continue
            if count:
                for subject in (*{mechanism_of(n) for n in trace.plan}, *self._names(trial)):
                    self.cases[name, subject] += 1
        return [self._owned(finding, trial) for finding in found]

    def _count(self, trial: Trial, watch: Watch, plan: list[str]) -> None:
        self.cases.update(watch.cases)
        for name, used in watch.used.items():
            self.used[name] |= used
            if used:
                self.cases["runs", name] += 1

    def _names(self, trial: Trial) -> tuple[str, ...]:
        """Name the rule set, and the regimes and reforms it is made of."""
        whole = RuleSet(trial.regimes, trial.reforms)
        return tuple({whole.name, *(RuleSet((r,)).name for r in trial.regimes), *(RuleSet(trial.regimes, (r,)).name for r in trial.reforms)})

    def _owned(self, finding: Finding, trial: Trial) -> Finding:
        if finding.subject in self.brought.kinds:
            return finding
        seen = "" if finding.subject == "rules" else f"{finding.subject}: "
        return replace(finding, subject=RuleSet(trial.regimes, trial.reforms).name, what=seen + finding.what)


def _failed(broken: Broken) -> Finding:
    return Finding("runs", broken.mechanism, f"{type(broken.error).__name__}: {broken.error}", broken.month)


class _Hunt:
    """One search by Hypothesis among trials of a set of rules."""

    def __init__(self, kit: Kit, rule_set: RuleSet) -> None:
        self.kit, self.rule_set = kit, rule_set
        self.failed: dict[Trial, Finding] = {}
        self.passed: set[Trial] = set()
        self.target: tuple[str, str] | None = None
        self.spent = 0

    def run(self) -> Failure | None:
        """Search; shrink what is found."""
        hypothesis = required()
        phases = (hypothesis.Phase.generate, hypothesis.Phase.shrink)
        settings = hypothesis.settings(max_examples=self.kit.examples, derandomize=True, deadline=None, database=None, phases=phases,
                                       suppress_health_check=list(hypothesis.HealthCheck), verbosity=hypothesis.Verbosity.quiet)  # fmt: skip
        strategy = trials(self.rule_set, self.kit.seed, self.kit.months, self.kit.beside)
        if strategy is None:
            return None

        @settings
        @hypothesis.given(strategy)
        def search(trial: Trial) -> None:
            if self._breaks(trial):
                raise _Found

        try:
            search()
        except _Found:
            pass
        except Exception as error:
            if not type(error).__name__.startswith("Flaky") and type(error).__name__ not in ("Unsatisfiable",):
                raise
        if not self.failed:
            return None
        smallest = list(self.failed)[-1]
        return self._cut(smallest, self.failed[smallest])

    def _breaks(self, trial: Trial) -> bool:
        if trial in self.failed or trial in self.passed:
            return trial in self.failed
        if self.target is not None:
            self.spent += 1
            if self.spent > self.kit.shrinks:
                return False
        finding = self._finding(trial)
        if finding is None:
            self.passed.add(trial)
            return False
        self.target = finding.contract, finding.subject
        self.failed[trial] = finding
        return True

    def _finding(self, trial: Trial) -> Finding | None:
        names = self._turned(trial) if self.target is None else [self.target[0]]
        try:
            found = self.kit.check(trial, names, self.target is None)
        except (TooBusy, InputError):
            return None
        if self.target is not None:
            return next((one for one in found if (one.contract, one.subject) == self.target), None)
        return next((one for one in found if (one.contract, one.subject) not in self.kit.failures), None)

    def _turned(self, trial: Trial) -> list[str]:
        """Name the contracts of a trial: all that need no second one, and its share of those that do."""
        first = [name for name, made in CONTRACTS.items() if made.how in (STEP, TRACE) or (made.how == PAIR and made.is_rare)]
        second = [name for name, made in CONTRACTS.items() if made.how == PAIR and not made.is_rare and self.kit._wanted(name)]
        n = len(second) if self.kit.pairs is None else min(self.kit.pairs, len(second))
        turn = self.kit._turns.setdefault(trial, next(self.kit._turn))
        if not second:
            return first
        return first + [second[(turn * n + i) % len(second)] for i in range(n)]

    def _cut(self, trial: Trial, finding: Finding) -> Failure:
        """Make a broken trial smaller still: fewer months, and whatever mechanisms can be left out."""
        best, left = (trial, finding), self.kit.cuts

        def broken(other: Trial) -> bool:
            nonlocal best, left
            if left <= 0 or other == best[0]:
                return False
            left -= 1
            again = self._finding(other)
            if again is None:
                return False
            best = other, again
            return True

        while finding.month is not None and best[0].months > 1 and broken(replace(best[0], months=best[0].months // 2)):
            pass
        for other in (replace(best[0], likely=False), replace(best[0], busy=1)):
            broken(replace(other, months=best[0].months))
        self._leave_out(lambda: best[0], broken)
        return Failure(best[1], best[0])

    @staticmethod
    def _leave_out(now: Callable[[], Trial], broken: Callable[[Trial], bool]) -> None:
        """Leave out as many instances as can be: halves, then quarters, and so on."""
        whole = sorted(rules(now().regimes, now().reforms).clauses)
        size = max(len(whole) // 2, 1)
        while size >= 1:
            there = [name for name in whole if name not in now().without]
            for i in range(0, len(there), size):
                broken(replace(now(), without=tuple(sorted({*now().without, *there[i : i + size]}))))
            size //= 2


def required() -> Any:
    """Give Hypothesis.

    Raises:
        InputError: it is not installed.
    """
    try:
        import hypothesis
    except ImportError as error:
        problem = Problem("hypothesis is not installed", why="it chooses the trials of the contract kit", fix="pip install 'scslab[contract]'")
        raise InputError(problem) from error
    return hypothesis


def trials(rule_set: RuleSet, seed: int, months: tuple[int, int], beside_others: bool = True) -> Any:
    """Give Hypothesis's choice of trials of a set of rules: world, people, luck, months, rules beside it, and mechanisms left out; None if nothing fits."""
    required()
    from hypothesis import strategies as st

    if not starts(rule_set.regimes, rule_set.reforms, months[1]):
        return None
    names = sorted(rules(rule_set.regimes, rule_set.reforms).clauses)
    others = [(name,) for name in list_regimes() if name not in rule_set.regimes]

    @st.composite
    def draw_trial(draw: Any) -> Trial:
        beside = draw(st.sampled_from(others)) if beside_others and not rule_set.extra and draw(st.integers(0, 3)) == 3 else ()
        regimes = _joined(rule_set, beside, months[1])
        world, start = draw(st.sampled_from(starts(regimes, rule_set.reforms, months[1])))
        low, high = PEOPLE
        low = low // 2 if world in FEW_PLACES else low
        return Trial(
            regimes, rule_set.reforms, world, draw(st.integers(low, high)), draw(st.integers(1, 9)),
            seed + draw(st.integers(0, 2**16)), start, draw(st.integers(*months)), draw(st.sampled_from((24, 12, 36, 4))), draw(st.booleans()),
            tuple(sorted(draw(st.lists(st.sampled_from(names), unique=True, max_size=6)))), rule_set.extra, draw(st.integers(0, 2**16)),
        )  # fmt: skip

    return draw_trial()


def _joined(rule_set: RuleSet, beside: tuple[str, ...], months: int) -> tuple[str, ...]:
    """Combine the rules with others where they go together; else leave them alone."""
    regimes = (*rule_set.regimes, *beside)
    try:
        return regimes if beside and starts(regimes, rule_set.reforms, months) else rule_set.regimes
    except InputError:
        return rule_set.regimes
