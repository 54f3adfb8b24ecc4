"""Laying rules over rules: a child over its parent, several regimes on one parent, reforms over a regime."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import pairwise
from typing import Any

from scslab.base.errors import InputError, Problem, nearest
from scslab.base.parameters import Number
from scslab.base.periods import PERIODS

from .canon import clause_data, hash_of, stated_data
from .clauses import Catalogue, Clause, Plain, Series, check_catalogue, check_compiles
from .model import Regime

References = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Reform:
    """A safeguard laid over a regime; see `load_reform`.

    Attributes:
        applies_to: patterns of instances, one of which the regime must have.
        patches: parameters to set, by pattern of instance.
        add: blocks to add, by instance.
        remove: patterns of instances to remove.
    """

    name: str
    title: str = ""
    claim: str = ""
    price: str = ""
    applies_to: tuple[str, ...] = ()
    patches: Mapping[str, Clause] = field(default_factory=dict, repr=False)
    add: Mapping[str, Clause] = field(default_factory=dict, repr=False)
    remove: tuple[str, ...] = ()
    references: References = field(default_factory=dict, repr=False)
    about: Mapping[str, Any] = field(default_factory=dict, repr=False)
    notes: Any = field(default="", repr=False)
    status: Any = field(default="", repr=False)
    file: str = field(default="", compare=False)

    def __hash__(self) -> int:
        return hash(self.hash)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of what it does."""
        blocks = {
            name: {key: clause_data(clause) for key, clause in part.items()} for name, part in (("set", self.patches), ("add", self.add))
        }
        return hash_of([self.name, self.applies_to, blocks, self.remove, {key: dict(value) for key, value in self.references.items()}])

    @property
    def targets(self) -> tuple[str, ...]:
        """The patterns one of which a regime must have."""
        return self.applies_to or (*self.patches, *self.remove)


def matches(instance: str, pattern: str) -> bool:
    """Tell whether an instance fits a pattern; `mechanism:*` fits the mechanism without a label too.

    Example:
        >>> matches("decide.binary_list", "decide.binary_list:*")
        True
    """
    return fnmatchcase(instance, pattern) or (pattern.endswith(":*") and instance == pattern[:-2])


def merge_clause(old: Clause, new: Clause) -> Clause:
    """Lay what one clause states over another; a stated parameter replaces the old one whole."""
    return replace(
        old,
        params={**old.params, **new.params},
        in_force=new.in_force if new.in_force is not None else old.in_force,
        status=new.status or old.status,
        note=new.note or old.note,
        place=new.place,
    )


def adopt(taken: References, references: References, clauses: Mapping[str, Clause], owner: str) -> tuple[dict[str, Any], dict[str, Clause]]:
    """Merge references; a name taken by another text becomes 'owner.name', in the clauses too.

    Returns:
        All references, and the clauses with their sources renamed.
    """
    names = {name: name if taken.get(name, about) == about else f"{owner}.{name}" for name, about in references.items()}
    merged = {**taken, **{names[name]: about for name, about in references.items()}}
    if all(old == new for old, new in names.items()):
        return merged, dict(clauses)

    def renamed(series: Series) -> Series:
        return replace(series, source=tuple(names.get(name, name) for name in series.source))

    changed = {}
    for instance, clause in clauses.items():
        params = {
            name: stated if isinstance(stated, Plain) else tuple(renamed(series) for series in stated)
            for name, stated in clause.params.items()
        }
        changed[instance] = replace(clause, params=params)
    return merged, changed


def lay_over(old: Mapping[str, Clause], new: Mapping[str, Clause]) -> dict[str, Clause]:
    """Lay clauses over clauses."""
    result = dict(old)
    for instance, clause in new.items():
        result[instance] = merge_clause(result[instance], clause) if instance in result else clause
    return result


def freeze(clauses: Mapping[str, Clause], month: int) -> tuple[dict[str, Clause], list[Problem]]:
    """Keep the clauses in force in a month, with that month's values for ever."""
    kept, problems = {}, []
    for instance, clause in clauses.items():
        start, end = clause.span
        if not start <= month < end:
            continue
        problems += clause.plain_at(month)[1]
        params = {
            name: stated if isinstance(stated, Plain) else tuple(_frozen_series(series, month) for series in stated)
            for name, stated in clause.params.items()
        }
        kept[instance] = replace(clause, params=params, in_force=None)
    return kept, problems


def _frozen_series(series: Series, month: int) -> Series:
    dates = [(date, values) for date, values in series.dates if date is None or date <= month]
    if not dates:
        return series
    date, values = dates[-1]
    places = {(None, path): place for (at, path), place in series.places.items() if at == date}
    return replace(series, dates=((None, values),), places=places)


def check_clauses(clauses: Mapping[str, Clause], catalogue: Catalogue, failed: Iterable[tuple[str, str]] = ()) -> list[Problem]:
    """Check whole clauses: nothing missing, and tables that compile."""
    known_bad = set(failed)
    problems = []
    for clause in clauses.values():
        missing = check_catalogue(clause, catalogue)
        problems += [p for p in missing if not any((clause.instance, name) in known_bad for name in _quoted(p.what))]
        if not missing and not any(instance == clause.instance for instance, _ in known_bad):
            problems += check_compiles(clause, catalogue)
    return problems


def _quoted(text: str) -> list[str]:
    return text.split("'")[1::2]


def combine(regimes: Sequence[Regime], catalogue: Catalogue) -> Regime:
    """Join regimes that extend one parent, directly or not, or have none, into one.

    Args:
        regimes: at least one; what each changes against the nearest rules that all extend is kept.
        catalogue: parameters by mechanism name.

    Raises:
        InputError: when parents differ, or two regimes state different things for one parameter.

    Example:
        >>> from scslab.study.library import load_regime
        >>> from scslab.mechanisms.catalogue import catalogue
        >>> combine([load_regime("court-list"), load_regime("rongcheng-2016")], catalogue()).name
        'court-list+rongcheng-2016'
    """
    if len(regimes) == 1:
        return regimes[0]
    twice = sorted({regime.name for i, regime in enumerate(regimes) if any(regime.name == other.name for other in regimes[:i])})
    if twice:
        raise InputError(*(Problem(f"'{name}' is named twice", why="a combination lays different regimes together", fix="Name it once") for name in twice))
    regimes = [r for r in regimes if not any(r.hash == above.hash for other in regimes if other is not r for above in _lineage(other)[1:])]
    if len(regimes) == 1:  # the others are what it extends
        return regimes[0]
    if len({regime.period for regime in regimes}) > 1:
        shown = ", ".join(f"{regime.name} in {PERIODS[regime.period].unit}" for regime in regimes)
        raise InputError(Problem("these regimes do not share one period", why=shown, fix="Combine regimes whose steps of time are alike"))
    base, shared = _common_parent(regimes)
    if not shared:
        shown = ", ".join(f"{regime.name} extends {regime.parent.name}" for regime in regimes if regime.parent is not None)
        raise InputError(
            Problem("these regimes do not share one parent", why=shown or "none given", fix="Combine overlays of one comparator, whatever lies between")
        )
    clauses = dict(base.clauses) if base else {}
    references: dict[str, Any] = dict(base.references) if base else {}
    owners: dict[tuple[str, str], tuple[str, Any]] = {}
    clashes: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for regime in _nearest_first(regimes, base, catalogue):
        references, own = adopt(references, regime.references, regime.clauses, regime.name)
        before = base.clauses if base is not None and regime.parent else {}
        if base is not None and regime.hash == base.hash:
            continue
        _join(regime, own, before, clauses, owners, clashes)
    if clashes:
        raise InputError(*(_clash(pair, found) for pair, found in clashes.items()))
    made = _joined(regimes, base, catalogue, clauses, references)
    problems = check_clauses(made.clauses, catalogue)
    if problems:
        raise InputError(*problems)
    return made


def _clash(pair: tuple[str, str], found: list[tuple[str, str]]) -> Problem:
    """Say on what two regimes differ: the first, and how many more."""
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    what = f"{found[0][0]}: {pair[0]} and {pair[1]} state different things{more}"
    return Problem(what, found[0][1], "a combination has one rule for each", "Use labels for separate instances, or drop one")


def _lineage(regime: Regime) -> list[Regime]:
    """List a regime and those it extends, nearest first."""
    found: list[Regime] = []
    node: Regime | None = regime
    while node is not None:
        found.append(node)
        node = node.parent
    return found


def _common_parent(regimes: Sequence[Regime]) -> tuple[Regime | None, bool]:
    """Find the nearest rules that all regimes with a parent extend or are; None where no regime has a parent.

    Returns:
        The rules, and whether there is something to build on.
    """
    bound = [_lineage(regime) for regime in regimes if regime.parent is not None]
    if not bound:
        return None, bool(regimes)
    bound += [[regime] for regime in regimes if regime.parent is None and any(regime.hash == node.hash for line in bound for node in line)]
    for candidate in bound[0]:
        if all(any(candidate.hash == node.hash for node in line) for line in bound):
            return candidate, True
    return None, False


def _nearest_first(regimes: Sequence[Regime], base: Regime | None, catalogue: Catalogue) -> list[Regime]:
    """Join those that have rules in common nearer than `base`, so that what one inherits from them does not clash with what another changes."""
    groups: dict[str, list[Regime]] = {}
    for regime in regimes:
        line = _lineage(regime)
        below = next((node for node, above in pairwise(line) if base is not None and above.hash == base.hash), regime)
        groups.setdefault(below.hash, []).append(regime)
    return [combine(group, catalogue) for group in groups.values()] if 1 < len(groups) < len(regimes) else list(regimes)


def _join(
    regime: Regime, own: Mapping[str, Clause], before: Mapping[str, Clause], clauses: dict[str, Clause],
    owners: dict[tuple[str, str], tuple[str, Any]], clashes: dict[tuple[str, str], list[tuple[str, str]]],
) -> None:  # fmt: skip
    """Add what one regime changes, noting conflicts with those joined earlier."""

    def claim(instance: str, name: str, data: Any, place: str) -> None:
        other, stated = owners.setdefault((instance, name), (regime.name, data))
        clash = stated != data
        for (found_in, key), (owner, _) in owners.items():
            if found_in == instance and owner != regime.name and (key == "(block)") != (name == "(block)"):
                other, clash = owner, True  # one removes what the other changes
        if clash:
            clashes.setdefault((other, regime.name), []).append((f"{instance} {name}", place))

    for instance in sorted(set(before) - set(own)):
        claim(instance, "(block)", "removed", regime.file)
        clauses.pop(instance, None)
    for instance, clause in sorted(own.items()):
        old = before.get(instance)
        changed = {
            name: stated for name, stated in clause.params.items() if old is None or name not in old.params or old.params[name] != stated
        }
        for name, stated in changed.items():
            claim(instance, name, stated_data(stated), str(clause.place))
        for name, value, was in (("in_force", clause.in_force, old and old.in_force), ("status", clause.status, old and old.status)):
            if old is None or value != was:
                claim(instance, name, value, str(clause.place))
        if old is None or changed or (clause.in_force, clause.status) != (old.in_force, old.status):
            patch = replace(clause, params=changed)
            clauses[instance] = merge_clause(clauses[instance], patch) if instance in clauses else clause


def _joined(
    regimes: Sequence[Regime], base: Regime | None, catalogue: Catalogue, clauses: dict[str, Clause], references: dict[str, Any]
) -> Regime:
    kinds = {regime.kind for regime in regimes}
    estimands = {regime.estimand for regime in regimes if regime.estimand}
    warm_ups = [regime.warm_up_months for regime in regimes if regime.warm_up_months is not None]
    return Regime(
        name="+".join(regime.name for regime in regimes),
        kind="regime" if "regime" in kinds else "comparator" if "comparator" in kinds else "society",
        catalogue=catalogue,
        title=" + ".join(regime.title or regime.name for regime in regimes),
        clauses=clauses,
        references=references,
        scope=_joint_scope([regime for regime in regimes if regime.scope]),
        about={},
        notes={regime.name: regime.notes for regime in regimes if regime.notes},
        status={regime.name: regime.status for regime in regimes if regime.status},
        estimand=estimands.pop() if len(estimands) == 1 else "",
        warm_up_months=max(warm_ups, default=None),
        period=regimes[0].period,
        lineage=tuple(dict.fromkeys(name for regime in regimes for name in (regime.name, *regime.lineage))),
        reforms=tuple(dict.fromkeys(name for regime in regimes for name in regime.reforms)),
        parent=base,
    )


def _joint_scope(regimes: Sequence[Regime]) -> dict[str, Any]:
    """Join scopes: the narrowest of each key, jurisdictions listed."""
    made: dict[str, Any] = {}
    for key in dict.fromkeys(key for regime in regimes for key in regime.scope):
        stated = [regime.scope[key] for regime in regimes if regime.scope.get(key) is not None]
        if not stated or all(value == stated[0] for value in stated):
            made[key] = stated[0] if stated else None
        elif key in ("from", "residence_months"):
            made[key] = max(stated)
        elif key == "until":
            made[key] = min(stated)
        elif key == "ages":
            made[key] = [max(ages[0] for ages in stated), min(ages[1] for ages in stated)]
        elif key == "consent":
            made[key] = any(stated)
        elif key == "worlds":
            made[key] = [world for world in stated[0] if all(world in worlds for worlds in stated)]
        else:
            made[key] = " + ".join(dict.fromkeys(stated))
    return made


def apply_reforms(regime: Regime, reforms: Iterable[Reform]) -> Regime:
    """Lay reforms over a regime, in order; the regime itself never changes.

    Raises:
        InputError: when a reform finds nothing it targets, or adds a block that is already there.

    Example:
        >>> from scslab.study.library import load_regime
        >>> from scslab.mechanisms.catalogue import catalogue
        >>> from scslab.regime import load_reform
        >>> apply_reforms(load_regime("court-list"), [load_reform("notice", catalogue())]).reforms
        ('notice',)
    """
    for reform in reforms:
        regime = _apply(regime, reform)
    return regime


def _apply(regime: Regime, reform: Reform) -> Regime:
    found = [instance for instance in regime.clauses if any(matches(instance, pattern) for pattern in reform.targets)]
    if reform.targets and not found:
        why = f"{regime.name} has none of {', '.join(reform.targets)}"
        phase = reform.targets[0].partition(".")[0] + "."
        has = [instance for instance in regime.clauses if instance.startswith(phase)] or list(regime.clauses)
        fix = f"It has {', '.join(sorted(has)[:8])}" if has else "It has no mechanisms"
        raise InputError(Problem(f"reform {reform.name} does not apply to {regime.name} because {why}", reform.file, fix=fix))
    references, patches = adopt(regime.references, reform.references, reform.patches, reform.name)
    _, added = adopt(regime.references, reform.references, reform.add, reform.name)
    clauses = {name: clause for name, clause in regime.clauses.items() if not any(matches(name, pattern) for pattern in reform.remove)}
    problems: list[Problem] = []
    touched: set[str] = set()
    for pattern, patch in patches.items():
        for instance in [name for name in clauses if matches(name, pattern)]:
            clauses[instance] = merge_clause(clauses[instance], _fitting(regime, clauses[instance], patch, problems))
            touched.add(instance)
    for instance, clause in added.items():
        if instance in clauses and clause_data(clauses[instance]) != clause_data(clause):
            what = f"reform {reform.name} adds {instance}, which {regime.name} already has"
            problems.append(Problem(what, str(clause.place), fix="Use set, or another label"))
        clauses[instance] = clause
        touched.add(instance)
    if reform.patches and not reform.add and not touched and len(clauses) == len(regime.clauses):
        why = f"{regime.name} has none of {', '.join(reform.patches)}"
        problems.append(Problem(f"reform {reform.name} does not apply to {regime.name} because {why}", reform.file))
    problems = problems or check_clauses({name: clauses[name] for name in touched}, regime.catalogue)
    if problems:
        raise InputError(*problems)
    name = f"{regime.name}+{reform.name}"
    return replace(regime, name=name, clauses=clauses, references=references, reforms=(*regime.reforms, reform.name))


def _fitting(regime: Regime, clause: Clause, patch: Clause, problems: list[Problem]) -> Clause:
    """Keep the parameters of a patch that a mechanism has; units must agree."""
    fields = regime.catalogue[clause.mechanism].fields()
    params = {name: stated for name, stated in patch.params.items() if name in fields}
    if patch.params and not params:
        what = f"{clause.instance} has no parameter '{next(iter(patch.params))}'"
        problems.append(Problem(what, str(patch.place), fix=nearest(next(iter(patch.params)), fields)))
    for name, stated in params.items():
        declared = fields[name]
        unit = "" if isinstance(stated, Plain) else stated[0].unit
        if unit != declared.unit or isinstance(declared, Number) == isinstance(stated, Plain):
            problems.append(Problem(f"{clause.instance} {name} is measured in '{declared.unit}', not '{unit}'", str(patch.place)))
    return replace(patch, params=params)
