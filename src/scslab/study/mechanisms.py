"""Looking up mechanisms: what wakes one, what it reads, writes, draws, emits and is told, and which rules use it with what evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any

from ..base.declared import Parameter
from ..base.errors import InputError, Problem, nearest
from ..engine.declare import PHASES, REGISTRY, TABLES, Mechanism
from ..engine.plan import describe_trigger
from ..mechanisms.catalogue import catalogue, load_all, recorders
from ..regime import Regime, list_reforms, list_regimes, load_reform, load_regime, rule_rows
from ..regime.clauses import GRADES, Clause

Row = dict[str, Any]

FEW = 6
"""Domains with so many names or fewer are written out."""


def mechanism_rows() -> list[Row]:
    """List mechanisms in the order of the phases."""
    load_all()
    made = sorted(REGISTRY.values(), key=lambda m: (PHASES.index(m.phase), m.name))
    return [
        {"phase": m.phase, "mechanism": m.name, "woken by": _woken(m), "emits": ", ".join(m.emits), "does": (m.doc or " ").splitlines()[0]} for m in made
    ]


def mechanism_show(name: str) -> Row:
    """Show what a mechanism reads, draws, writes, emits and is told, and which regimes and reforms use it.

    Raises:
        InputError: unknown name.

    Example:
        >>> mechanism_show("observe.camera")["emits"]
        'observations (What a sensor says that its subject did)'
    """
    load_all()
    if name not in REGISTRY:
        raise InputError(Problem(f"there is no mechanism '{name}'", fix=nearest(name, REGISTRY)))
    made = REGISTRY[name]
    facts = {"mechanism": name, "does": " ".join(made.doc.split()), **declared(made)}
    return {
        **{key: value for key, value in facts.items() if value}, "parameters": parameter_rows(made), "used by": uses([name]).get(name, []),
    }  # fmt: skip


def declared(made: Mechanism) -> dict[str, str]:
    """Give what a mechanism declares, in words by name; empty where it declares nothing of the kind."""
    owned = [f"{c.name} ({', '.join(filter(None, (c.dtype, c.unit, c.doc)))})" for c in made.writes]
    owned += [f"store {s.name}" + (f" ({s.doc})" if s.doc else "") for s in made.owns]
    emitted = [f"{table} ({TABLES[table].doc.rstrip('.')})" if table in TABLES and TABLES[table].doc else table for table in made.emits]
    joins = "when its rules feed it" if made.name in recorders() else ""
    return {
        "woken by": _woken(made), "reads": ", ".join((*made.reads, *(f"store {s}" for s in made.stores), *(f"network {n}" for n in made.networks))),
        "writes": "; ".join(owned), "draws": ", ".join(made.draws), "emits": "; ".join(emitted), "announces": ", ".join(made.touches),
        "asks modifiers for": ", ".join(made.quantities), "evidence it may ask for": ", ".join(made.evidence), "counts": ", ".join(made.tallies),
        "reads as of last month": ", ".join(made.lagged), "joins a run": joins,
    }  # fmt: skip


def parameter_rows(made: Mechanism) -> list[Row]:
    """List a mechanism's parameters with kind, unit, the values allowed, and what they are keyed by."""
    fields: Mapping[str, Parameter] = made.params.fields() if made.params else {}
    rows = made.params.describe() if made.params else []
    return [
        {
            "parameter": row["name"], "kind": row["type"], "unit": row["unit"], "allowed": _allowed(fields[row["name"]]), "by": _keys(fields[row["name"]]),
            "default": row["default"], "means": row["doc"],
        }
        for row in rows
    ]  # fmt: skip


def _keys(parameter: Parameter) -> str:
    """Name the domains that key a parameter, with their names where they are few."""
    return " x ".join(d.name + (f" ({', '.join(d.names)})" if len(d.names) <= FEW else "") for d in parameter.by)


def _allowed(parameter: Parameter) -> str:
    """Say which values a parameter takes."""
    options = getattr(parameter, "options", ()) or ()
    if options:
        return " or ".join(map(str, options))
    domain = getattr(parameter, "domain", None)
    if domain is not None:
        return f"names of {domain.name}"
    inner = getattr(parameter, "number", parameter)
    low, high = getattr(inner, "low", None), getattr(inner, "high", None)
    if low is None and high is None:
        return ""
    whole = "whole, " if getattr(inner, "whole", False) else ""
    never = ", or null for never" if getattr(inner, "allow_none", False) else ""
    return f"{whole}{low} to {high:,}{never}"


def uses(names: Iterable[str] = ()) -> dict[str, list[Row]]:
    """List by mechanism which regimes and reforms of the library state it themselves, with the grades of its numbers there.

    Args:
        names: mechanisms; none for all.
    """
    wanted, known, found = set(names), catalogue(), dict[str, list[Row]]()
    for name in _mentioning("library", list_regimes(), wanted):
        regime = load_regime(name, known)
        stated = {row.rule: row for row in rule_rows(regime)}
        for instance in sorted(stated.keys() & regime.clauses.keys()):
            clause = regime.clauses[instance]
            row = {"rules": name, "as": instance, "held": stated[instance].held, "status": stated[instance].status, "evidence": grades_of(_own(regime, clause))}
            found.setdefault(clause.mechanism, []).append(row)
    for name in _mentioning("reforms", list_reforms(), wanted):
        reform = load_reform(name, known)
        for instance, clause in sorted({**reform.patches, **reform.add}.items()):
            row = {"rules": f"reform {name}", "as": instance, "held": "", "status": "reform", "evidence": grades_of(clause)}
            found.setdefault(clause.mechanism, []).append(row)
    return {name: rows for name, rows in sorted(found.items()) if not wanted or name in wanted}


def _mentioning(folder: str, names: Iterable[str], wanted: set[str]) -> list[str]:
    """List the files of the library in which a wanted mechanism's name stands: the others need not be read."""
    place = files("scslab.regime") / folder
    texts = {name: (place / f"{name}.yaml") for name in names}
    return [name for name, path in texts.items() if not wanted or not path.is_file() or any(w in path.read_text(encoding="utf-8") for w in wanted)]


def _own(regime: Regime, clause: Clause) -> Clause:
    """Keep of a clause the parameters that the regime states or changes itself."""
    from dataclasses import replace

    before = regime.parent.clauses.get(clause.instance) if regime.parent else None
    params = {name: stated for name, stated in clause.params.items() if before is None or before.params.get(name) != stated}
    return replace(clause, params=params)


def grades_of(clause: Clause) -> str:
    """Count the numbers of a clause by grade.

    Example:
        >>> from scslab.study.library import load_regime
        >>> grades_of(load_regime("scs-mini").clauses["conduct.offence"])
        '1 invented'
    """
    counts = Counter(series.evidence for _, series in clause.series() for _, values in series.dates for _ in values)
    return ", ".join(f"{counts[grade]} {grade}" for grade in GRADES if counts[grade])


def _woken(made: Mechanism) -> str:
    return ", ".join(map(describe_trigger, made.on))
