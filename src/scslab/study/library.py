"""Looking things up: regimes, reforms, worlds, mechanisms, as rows or documents."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..base.errors import InputError, Problem
from ..base.files import write_text
from ..base.months import month_text


def list_regimes() -> list[str]:
    """Name the regimes of the library (comparators and regimes)."""
    from ..regime import list_regimes as listed

    return listed()


def list_reforms() -> list[str]:
    """Name the reforms of the library."""
    from ..regime import list_reforms as listed

    return listed()


def list_worlds() -> list[str]:
    """Name the worlds that can be built."""
    from ..world import list_worlds as listed

    return listed()


def list_mechanisms() -> list[str]:
    """Name the mechanisms, those of third parties included."""
    from ..mechanisms.catalogue import catalogue

    return list(catalogue())


def load_regime(name_or_path: str | Path) -> Any:
    """Load a regime by name or path."""
    from ..mechanisms.catalogue import catalogue
    from ..regime import load_regime as load

    return load(name_or_path, catalogue())


def _title(regime: Any) -> dict[str, Any]:
    scope = regime.scope
    held = f"{scope.get('from', '')} to {scope.get('until', '') or 'now'}" if scope.get("from") else ""
    return {
        "name": regime.name,
        "kind": regime.kind,
        "title": regime.title,
        "jurisdiction": str(scope.get("jurisdiction", "")),
        "held": held,
    }


def regime_rows() -> dict[str, Any]:
    """List regimes and reforms with where and when they held."""
    from ..mechanisms.catalogue import catalogue
    from ..regime import load_reform

    reforms = [load_reform(name, catalogue()) for name in list_reforms()]
    return {
        "regimes": [_title(load_regime(name)) for name in list_regimes()],
        "reforms": [{"name": r.name, "title": r.title, "price": str(r.price)} for r in reforms],
    }


def regime_show(name: str) -> dict[str, Any]:
    """Show a regime: scope, what is documented, disputed, myth, the plan of a month, every number with its provenance."""
    from ..engine.plan import build_plan
    from ..regime import rule_rows
    from .replicate import RegimeSchedule
    from .unseen import without_unseen

    regime = load_regime(name)
    numbers = [
        {
            "rule": n.instance, "number": n.param + (f" [{n.key}]" if n.key else ""), "from": n.month, "value": "none" if n.value is None else str(n.value),
            "unit": n.unit, "evidence": n.evidence + (", disputed" if n.disputed else ""), "source or range": n.source or _range(n.range),
        }
        for n in regime.numbers()
    ]  # fmt: skip
    month = month_in_force(regime)
    plan = build_plan(RegimeSchedule(without_unseen([regime])[0]).at(month)).table()
    about = {f"about: {k}": _words(v) for k, v in dict(regime.about).items()}
    scope = {f"scope: {k}": _words(v) for k, v in dict(regime.scope).items() if v is not None}
    return {
        "name": regime.name, "title": regime.title, "kind": regime.kind, **scope, **about, "status": _status_words(regime.status), "notes": str(regime.notes),
        "hash": regime.hash, "evidence": ", ".join(f"{k} {v}" for k, v in regime.evidence_counts().items()),
        f"plan of a month ({month_text(month)})": [{k: row[k] for k in ("phase", "mechanism", "woken by", "emits", "does")} for row in plan],
        "rules it states itself": [{"rule": r.rule, "held": r.held, "status": r.status, "note": r.note} for r in rule_rows(regime)],
        "numbers": numbers,
        "references": [{"key": k, "title": str(v.get("title", "")), "url": str(v.get("url", ""))} for k, v in regime.references.items()],
    }  # fmt: skip


def _words(value: Any) -> str:
    """Write a value or a list of them as text."""
    if isinstance(value, list | tuple):
        return ("; " if any(len(str(v)) > 20 for v in value) else ", ").join(map(str, value))
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _status_words(status: Any) -> str:
    return "; ".join(f"{rule}: {_status_words(value)}" for rule, value in status.items()) if isinstance(status, dict) else str(status)


def _range(limits: Any) -> str:
    return "" if limits is None else f"{limits[0]} to {limits[1]}"


def month_in_force(regime: Any) -> int:
    """Choose a month in which the rules hold: 2018-01 if it can be, else the nearest of their scope."""
    from ..base.months import month

    first, last = regime.scope.get("from"), regime.scope.get("until")
    at = month("2018-01")
    if first:
        at = max(at, month(str(first)))
    if last:
        at = min(at, month(str(last)) - 1)
    return at


def regime_check(file: str | Path) -> dict[str, Any]:
    """Check a regime file, all problems at once, and run its worked cases.

    Raises:
        InputError: with every problem of the file.
    """
    from ..mechanisms.catalogue import catalogue
    from ..regime import check_file
    from ..regime.library import is_path
    from .cases import run_cases

    path = Path(file)
    if not path.exists() and not is_path(str(file)):
        regime = load_regime(str(file))
    else:
        problems = check_file(path, catalogue())
        if problems:
            raise InputError(*problems)
        regime = load_regime(str(path))
    cases = [{**asdict(row), "ok": row.ok} for row in run_cases(regime)]
    failed = [case for case in cases if not case["ok"]]
    numbers = sum(regime.evidence_counts().values())
    summary = {
        "file": str(file),
        "numbers": numbers,
        "evidence": ", ".join(f"{k} {v}" for k, v in regime.evidence_counts().items()),
        "failed": len(failed),
    }
    return {**summary, "cases": cases}


def regime_diff(a: str, b: str) -> list[dict[str, Any]]:
    """List what differs between two regimes."""
    from ..regime import diff

    return [row._asdict() for row in diff(load_regime(a), load_regime(b))]


def regime_new(file: str | Path) -> Path:
    """Write a commented skeleton; refuses an existing file."""
    from ..regime import new_regime_text

    path = Path(file)
    if path.exists():
        raise InputError(Problem(f"'{path}' exists already", fix="Choose another name"))
    if path.suffix not in (".yaml", ".yml"):
        raise InputError(Problem(f"'{path}' is no YAML file name", fix=f"Call it {path.with_suffix('.yaml')}"))
    write_text(path, new_regime_text(path.stem))
    return path


def regime_schema() -> dict[str, Any]:
    """Give the JSON Schema of a regime file."""
    from ..mechanisms.catalogue import catalogue
    from ..regime import json_schema

    return json_schema(catalogue())


def world_rows() -> list[dict[str, Any]]:
    """List worlds with their title."""
    from ..world import load_spec
    from ..world.spec import ABSTRACT

    rows = []
    for name in list_worlds():
        title = "abstract" if name in ABSTRACT else str(load_spec(name).tree.get("title", ""))
        rows.append({"name": name, "title": title})
    return rows


def world_show(name: str) -> dict[str, Any]:
    """Show a world's numbers with their sources."""
    from ..world import load_spec
    from ..world.spec import ABSTRACT

    if name in ABSTRACT:
        return {"name": name, "title": "an abstract world, made by a rule; see docs/architecture.md"}
    spec = load_spec(name)
    rows: list[dict[str, Any]] = []

    def walk(node: Any, path: str) -> None:
        if isinstance(node, dict) and "value" in node:
            source = str(node.get("source", "") or node.get("range", ""))
            rows.append(
                {
                    "number": path,
                    "value": node["value"],
                    "unit": node.get("unit", ""),
                    "evidence": node.get("evidence", ""),
                    "source or range": source,
                }
            )
        elif isinstance(node, dict):
            for key, child in node.items():
                walk(child, f"{path}.{key}" if path else str(key))

    walk(spec.tree, "")
    return {
        "name": name,
        "title": str(spec.tree.get("title", "")),
        "start": str(spec.tree.get("start", "")),
        "hash": spec.hash,
        "numbers": rows,
    }


def world_check(name: str, people: int = 1_000_000, seed: int = 1) -> dict[str, Any]:
    """Build a world and compare it with the published marginals."""
    from ..world import build_world, check_world

    world = build_world(name, people=people, seed=seed)
    rows = [asdict(row) for row in check_world(world)]
    failed = sum(not row["ok"] for row in rows)
    return {"world": name, "people": people, "seed": seed, "checked": len(rows), "failed": failed, "marginals": rows}
