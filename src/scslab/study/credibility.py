"""The credibility sheet: what is checked, against what, how far, with what evidence; what is known to fail; what a result does not show.

Every number on it is counted from what is declared: cases, models, figures, rows, contracts, grades. It says what is compared and which misses are
declared; whether a comparison passes is for the command beside it to say.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..engine.declare import PHASES, REGISTRY
from ..mechanisms.catalogue import catalogue
from ..regime import list_reforms, list_regimes
from ..regime.clauses import GRADES
from .library import load_regime
from .odd import table
from .published.registry import registered
from .showcase import load_row, row_names
from .validate import Moments, load_moments
from .verify.register import DRAWS, MEASUREMENTS, load_cases
from .verify.table import closed_forms, declared

Row = dict[str, Any]
SHOWN = ("ordinary-law", "court-list", "rongcheng-2016", "corporate-2018", "china-2018", "china-2014-2025", "china-total")
"""Rules whose evidence is counted on the sheet; docs/regimes.md has all."""

NOT_HERE = "not in this version"

CONTRACTS = "scslab.study.contract.kit"
"""Where all contracts are registered, in versions that have them."""

TESTS = (
    ("one digest for any threads, spans, checkpoints, processes", "tests/contract/test_digest.py"),
    ("keyed luck: known answers, batteries of tests, negative controls", "tests/validation/test_luck.py"),
    ("intervals: coverage on models with known truth", "tests/validation/test_intervals.py"),
    ("the suite itself: seeded faults and mutants", "tests/suite"),
)
"""What tests alone check, and where; a line says whether they are there."""

LIMITS = (
    "Behaviour is assumed. Propensities, rates of occasions and strengths of responses come from no survey of individuals; most are graded assumed "
    "and are drawn over their "
    "ranges by `--worlds`.",
    "Error rates of sensors, courts and registries are not identified by any data; wrongful listings are curves over them, never one number.",
    "Prices and wages are fixed, and no new firm is founded: partial equilibrium. Rationed places (schools, posts, loans) go to the next in line.",
    "A person weds, divorces and moves once at most; the household of the start is kept as a fact for rules that look at it.",
    "Reports of one act by sensors that file directly are one record. A witness's tip about it, an agency's file and a later report stay apart.",
    "Entities (firms, units) on the court list are apart from persons, while some published totals join them.",
    "Nothing in rules or conduct differs between provinces but who lives there.",
    "The warm-up runs under the comparator, so that a regime begins with nobody listed: an introduction, with a transient of years.",
    "Small worlds have few places and few events; the command says where there are too few.",
)

NOT_SHOWN = (
    "It is no estimate of China or of anywhere: the people are made up, and nothing is scaled up to a country.",
    "That a pattern or a published figure is met does not show that the mechanism behind it is right; several would meet it.",
    "An interval without `--worlds` is luck only. It says nothing of what was assumed.",
    "The same person in both worlds is a device for seeing the mechanism; only averages are claims.",
    "Where a finding is true because it was switched on, only its size or its side effects are findings; outcomes marked so say it.",
    "Trust has a sign and a rank, never a level.",
    "Figures that are tuned to, or were known when a number was chosen, are no test.",
)


def credibility(root: Path | None = None) -> str:
    """Write the sheet as Markdown.

    Args:
        root: the repository, for what only tests and docs hold; without it those lines are left out.
    """
    catalogue()
    moments = load_moments()
    parts = [
        "# Credibility\n\nWhat is checked, against what, how far and with what evidence; what is known to fail; what a result does not show. Made "
        "from declarations: it counts what "
        "is compared. Whether it passes, say the commands.\n\n## What is checked\n\n",
        table([*_checks(moments), *(_tested(root) if root is not None else ())]),
        "\n## Published figures\n\n", _figures(moments),
        "\n## Declared misses\n\nA miss that is declared is printed and does not fail its command. Every one:\n\n", table(_misses(moments)),
        "\n## Evidence behind the numbers\n\nNumbers of some rules with all they rest on (society and comparator included), by grade:\n\n", table(_evidence()),
        "\n## Known limits\n\n", _listed([*LIMITS, *_uncovered(root)]), "\n## What a result does not show\n\n", _listed(NOT_SHOWN),
    ]  # fmt: skip
    return "".join(parts)


def _checks(moments: Moments) -> list[Row]:
    """Count what each command compares."""
    load_cases()
    cases, held = closed_forms(), registered()
    targets = [target for model in held.values() for target in model.targets]
    rows = [load_row(name) for name in row_names()]
    worked = sum(len(load_regime(name).cases) for name in list_regimes())
    halves = Counter(figure.half for figure in moments.figures)
    made: list[Row] = [
        _line("mechanisms and metrics", "closed forms", f"{len(MEASUREMENTS)} of {len(cases)} cases measured, {len(DRAWS)} also at freshly drawn parameters",
              len(declared()), "`scslab verify`", "mathematics"),
        _line("models of others, rebuilt", "their publications", f"{len(held)} models, {len(targets)} targets", sum(bool(t.miss) for t in targets),
              "`scslab replicate`", "the publication"),
        _line("the roll-out of 2014 to 2025", "published figures",
              f"{len(moments.figures)} figures: {halves['tune']} may be tuned to, {halves['hold-out']} held out, {halves['none']} in neither half",
              sum(bool(f.miss) for f in moments.figures), "`scslab validate`",
              ", ".join(f"{n} {grade}" for grade, n in Counter(f.evidence for f in moments.figures).items())),
        _line("each system of the articles", "what was expected before the first run, and an arm that must change nothing",
              f"{len(rows)} rows, {sum(len(row.effects) for row in rows)} expectations", sum(bool(row.surprise) for row in rows), "`scslab showcase`",
              "by row; misses are rows whose surprise is explained"),
        _line("rules", "worked cases that a jurist can read", f"{worked} cases of {len(list_regimes())} regimes", 0, "`scslab regime check`", "the "
         "text of the rule"),
    ]  # fmt: skip
    contracts = _contracts()
    subjects = f"{len(REGISTRY)} mechanisms, {len(list_regimes())} regimes, {len(list_reforms())} reforms"
    reach = f"{len(contracts)} contracts on {subjects}" if contracts else NOT_HERE
    return [*made, _line("every mechanism, regime, reform and recorder", "exact invariants", reach, 0, "`scslab contract`" if contracts else "", "none needed")]


def _line(what: str, against: str, far: str, misses: int, command: str, evidence: str) -> Row:
    return {"what": what, "against": against, "how far": far, "declared misses": misses, "command": command, "evidence": evidence}


def _contracts() -> Mapping[str, Any]:
    """Give the contracts where this version has them."""
    if importlib.util.find_spec(CONTRACTS.rpartition(".")[0]) is None:
        return {}
    return getattr(importlib.import_module(CONTRACTS), "CONTRACTS", {})


def _tested(root: Path) -> list[Row]:
    """Say of what only tests check whether the tests are there."""
    have = _covered(root)
    total = sum(made.phase != PHASES[-1] for made in REGISTRY.values())
    far = f"{len(have)} of {total} mechanisms, recorders left out" if have else NOT_HERE
    rows = [_line("the monthly cycle", "an independent reference, row for row", far, 0, "`pytest tests/reference`" if have else "", "docs/differences.md")]
    for what, place in TESTS:
        path = root / place
        files = sorted(path.glob("test_*.py")) if path.is_dir() else [path] if path.is_file() else []
        n = sum(len(re.findall(r"^ *def test_", file.read_text(encoding="utf-8"), re.MULTILINE)) for file in files)
        rows.append(_line(what, "tests", f"{n} tests" if n else NOT_HERE, 0, f"`pytest {place}`" if n else "", "none needed"))
    return rows


def _covered(root: Path) -> set[str]:
    """Name the mechanisms that the independent reference enters."""
    sources = (path.read_text(encoding="utf-8") for path in sorted((root / "tests" / "reference").glob("*.py")))
    return {name for text in sources for name in re.findall(r'^@(?:step|modifier)\("([a-z_.]+)"\)', text, re.MULTILINE)} & set(REGISTRY)


def _figures(moments: Moments) -> str:
    """Write every figure with its half, and how the split was made."""
    rows = [
        {"figure": f.name, "what": f.title, "half": f.half, "published": f"{f.published:g}", "band": f"{f.band[0]:g} to {f.band[1]:g}", "evidence": f.evidence,
         "source": f.source, "known when a number was chosen": f.known or ("given by the rules, not measured" if f.given else "")}
        for f in moments.figures
    ]  # fmt: skip
    return "".join(f"{words}\n\n" for words in moments.split.values()) + table(rows)


def _misses(moments: Moments) -> list[Row]:
    """List every miss that is declared anywhere."""
    found = [{"where": "scslab verify", "what": name, "why": why} for name, why in declared().items()]
    found += [{"where": f"scslab replicate {m.name}", "what": t.name, "why": t.miss} for m in registered().values() for t in m.targets if t.miss]
    found += [{"where": "scslab validate", "what": f.name, "why": f.miss} for f in moments.figures if f.miss]
    rows = (load_row(name) for name in row_names())
    return [*found, *({"where": f"scslab showcase {row.name}", "what": row.title, "why": row.surprise} for row in rows if row.surprise)]


def _evidence() -> list[Row]:
    rows = []
    for name in SHOWN:
        counts = load_regime(name).evidence_counts()
        rows.append({"rules": name, **{grade: counts[grade] for grade in GRADES}, "disputed": counts["disputed"]})
    return rows


def _uncovered(root: Path | None) -> list[str]:
    """Say how many closed forms nobody measures, and how much the reference leaves out."""
    load_cases()
    left = [name for name in closed_forms() if name not in MEASUREMENTS]
    said = [f"Closed forms that nothing measures yet: {', '.join(left)}."] if left else []
    have = _covered(root) if root is not None else set()
    lack = sum(made.phase != PHASES[-1] and made.name not in have for made in REGISTRY.values())
    return [*said, f"The independent reference leaves out {lack} mechanisms (docs/differences.md names them)."] if have and lack else said


def _listed(lines: Sequence[str] | Iterable[str]) -> str:
    return "".join(f"- {line}\n" for line in lines)
