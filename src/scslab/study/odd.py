"""The description of the model by the ODD protocol (Grimm et al. 2020), for one configuration: tables from declarations, prose around them.

Whatever can be read from a declaration is read from it: columns, stores, tables, the plan of a month, parameters with their evidence. The prose
says only what no declaration holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ..base.months import month_text
from ..engine.declare import PHASES, REGISTRY, TABLES, Mechanism
from ..engine.plan import build_plan, describe_trigger
from ..measure.cells import DIMENSIONS
from ..measure.outcomes import outcomes_of
from ..mechanisms.catalogue import catalogue
from ..regime import Regime, combine
from ..regime.clauses import GRADES
from ..regime.model import NumberRow
from ..world.columns import COLUMNS, NETWORKS
from .library import load_regime, month_in_force, world_show
from .replicate import RegimeSchedule, counters_of, mechanisms_of
from .unseen import without_unseen

PROTOCOL = "Grimm et al. 2020, JASSS 23(2) 7"
Row = dict[str, Any]

SCALES = [
    {"scale": "time", "unit": "one month (abstract worlds: a day or a round)", "extent": "up to 600 months; demography is dated 20 years ahead"},
    {"scale": "space", "unit": "a place: village, street or quarter, with a province and an urban or rural setting", "extent": "as many as the world "
     "spec gives"},
    {"scale": "people", "unit": "a person", "extent": "100 to 100 million; unborn persons have rows too"},
    {"scale": "money", "unit": "yuan, whole", "extent": "32 bits a sum"},
    {"scale": "points", "unit": "1/100 point", "extent": "32 bits a score"},
]

CONCEPTS: tuple[tuple[str, str], ...] = (
    ("Basic principles", "Conduct belongs to no rules: people act by lasting propensities and occasions, the same in every arm. Rules see acts only "
     "through sensors that err. "
     "What is concluded is the difference between two arms that share one society and the same luck."),
    ("Emergence", "Who is listed, for how long, how many are innocent, what kin and firms bear, how conduct, speech, payment and trust move. Imposed: "
     "propensities, rates of "
     "occasions, error rates of sensors, strengths of responses."),
    ("Adaptation", "People change conduct by these mechanisms; each has a setting without any effect."),
    ("Objectives", "Nobody maximises anything in a run. People react by thresholds and factors; self-censorship uses the closed solution of a "
     "published choice between speech "
     "and penalty."),
    ("Learning", "People learn that rules exist by hearsay or by living through them, and perceive a risk that moves with what happens to them, in "
     "one form with what they hear."),
    ("Prediction", "Nobody predicts beyond perceived risk. Risk models of rules (where a configuration has any) are part of the rules."),
    ("Sensing", "Rules know what these sensors report, with stated misses, false reports and mistaken names. Columns marked as truth are absent from "
     "what decides and enforces."),
    ("Interaction", "Through these mechanisms that walk a network, and through rationed places: what one person is refused, another gets. Prices and "
     "wages are fixed."),
    ("Stochasticity", "Every chance is a word of a keyed generator (Philox-4x32-10): key = seed and name of the stream, counter = persons, month, "
     "ordinal. Arms share luck; "
     "one more person shifts nobody's. Draws by mechanism:"),
    ("Collectives", "Households, places and firms are entities of the world. Groups of results (below) are fixed at the fork and enter no rule of conduct."),
    ("Observation", "Recorders count; they never draw and change nothing. Results are monthly counters by group, effects with an interval over seeds "
     "(luck only) or worlds "
     "(assumptions and structure as well), and lives."),
)
"""The design concepts of the protocol, in its order; lists from declarations follow some of them."""


def odd(names: Sequence[str], world: str = "county") -> str:
    """Describe the model under some rules, on a world, as Markdown.

    Args:
        names: regimes, laid over one another; world: the spec of the society.

    Raises:
        InputError: rules or a world that do not exist, or rules that do not combine.

    Example:
        >>> odd(["court-list"]).splitlines()[0]
        '# ODD: court-list on county'
    """
    title = str(world_show(world)["title"])
    known = catalogue()
    regimes = [load_regime(name) for name in names]
    regime = combine(regimes, known) if len(regimes) > 1 else regimes[0]
    seen = without_unseen([regime])[0]
    month = month_in_force(regime)
    plan = build_plan(RegimeSchedule(seen).at(month)).table()
    made = [REGISTRY[name] for name in mechanisms_of(seen)]
    parts = [
        f"# ODD: {' + '.join(names)} on {world}\n\n",
        f"By the ODD protocol ({PROTOCOL}). Tables are made from declarations; `scslab odd {' '.join(names)} --world {world}` prints this page.\n",
        _purpose(regimes), _entities(made), _scheduling(plan, month), _concepts(made, seen), _initialisation(regime, title, world), _input(regime),
        _submodels(made, seen),
    ]  # fmt: skip
    return "".join(parts)


def _purpose(regimes: Sequence[Regime]) -> str:
    """Write what the model is for, what the rules are, and the patterns it is held against."""
    rules = ""
    for regime in regimes:
        rules += f"\n**{regime.name}**: {regime.title}. {' '.join(str(regime.notes).split())}\n\n"
        rules += "".join(f"- {key}: {text}\n" for key, value in dict(regime.about).items() for text in ([value] if isinstance(value, str) else value))
    patterns = {
        "closed forms of mechanisms and metrics": "`scslab verify`", "published models": "`scslab replicate`", "published figures": "`scslab validate`",
        "each system does what it should, and nothing where it is off": "`scslab showcase`",
    }  # fmt: skip
    return (
        "\n## 1. Purpose and patterns\n\nTo find what rules of this kind do to a society: to those they reach rightly and wrongly, to those around "
        "them, to what others gain, "
        f"and what a safeguard would change and cost. It explains and compares; it does not predict, and it is no estimate of any country.\n{rules}\n"
        "Patterns that say whether it is realistic enough for this:\n\n" + table([{"pattern": key, "checked by": value} for key, value in patterns.items()])
    )


def _entities(made: Sequence[Mechanism]) -> str:
    """Write state variables: columns of the world, columns and stores that mechanisms own, rows that pass between them."""
    world = [{"column": name, "type": dtype, "means": words} for name, (dtype, words) in COLUMNS.items()]
    own = [
        {"column": c.name, "type": c.dtype, "unit": c.unit, "start": c.initial, "truth": "yes" if c.truth else "", "owner": m.name, "means": c.doc}
        for m in made for c in m.writes
    ]  # fmt: skip
    stores = [
        {"store": s.name, "of": s.of, "columns": _typed(s.columns), "truth": _typed(s.truth), "owner": m.name, "means": s.doc} for m in made for s in m.owns
    ]
    emitted = {name for m in made for name in m.emits}
    tables = [TABLES[name] for name in sorted(emitted)]  # by name: the order in which files are imported must not show
    rows = [{"table": t.name, "of": t.of, "columns": _typed(t.columns), "truth": _typed(t.truth), "means": t.doc} for t in tables]
    return (
        "\n## 2. Entities, state variables and scales\n\nEntities are persons, households, places and firms, and the lists, ledgers and books that "
        "rules keep on them.\n\n"
        + table(SCALES) + "\nWhat a world holds; it is shared by all arms and never changes in a run (what changes with time is dated):\n\n" + table(world)
        + "\nNetworks:\n\n" + table([{"network": name, "means": words} for name, words in NETWORKS.items()])
        + "\nState of persons and others that one mechanism each owns:\n\n" + table(own)
        + "\nSparse state: stores, one owner each:\n\n" + table(stores)
        + "\nRows that pass between mechanisms. Truth columns are handed on and are never shown to what decides and enforces:\n\n" + table(rows)
    )  # fmt: skip


def _scheduling(plan: Sequence[Row], month: int) -> str:
    return (
        f"\n## 3. Process overview and scheduling\n\nA month runs the phases {', '.join(PHASES)}, in this order. Within a phase the order follows "
        f"from who emits and owns what "
        "others read, then from names; state changes take effect when a step is over; rows of a table are seen once, in the same month by what comes "
        "later, else in "
        f"the next. All arms advance together. The plan of {month_text(month)}:\n\n"
        + table([{key: row[key] for key in ("phase", "mechanism", "woken by", "does", "emits", "writes")} for row in plan])
    )


def _concepts(made: Sequence[Mechanism], regime: Regime) -> str:
    lists = {
        "Adaptation": [{"mechanism": m.name, "does": _does(m)} for m in made if m.phase == "respond"],
        "Sensing": [{"sensor": m.name, "does": _does(m)} for m in made if m.phase == "observe"],
        "Interaction": [{"mechanism": m.name, "networks": ", ".join(m.networks)} for m in made if m.networks],
        "Stochasticity": [{"mechanism": m.name, "draws": ", ".join(m.draws)} for m in made if m.draws],
        "Collectives": [{"groups": name, "are": ", ".join(groups)} for name, groups in DIMENSIONS.items()],
        "Observation": [{"outcome": o.name, "means": o.words, "unit": o.unit, "kind": o.kind, "note": o.note} for o in outcomes_of({"": counters_of(regime)})],
    }
    text = "\n## 4. Design concepts\n"
    for name, words in CONCEPTS:
        text += f"\n**{name}.** {words}\n" + (f"\n{table(lists[name])}" if lists.get(name) else "")
    return text


def _initialisation(regime: Regime, title: str, world: str) -> str:
    return (
        f"\n## 5. Initialisation\n\nWorld `{world}`: {title}. Persons, households, kin, friends, places and "
        f"firms are drawn from published "
        f"marginals; every number of the spec stands with its source in `scslab world show {world}`, and `scslab world check {world}` compares a "
        f"built world with them. "
        f"The rules ask for a warm-up of {regime.warm_up_months or 0} months under the comparator, so that debts, records and jobs are in motion and "
        f"nobody is listed under "
        "these rules at the fork; then all arms start from the same state. World seed and luck seed are separate.\n"
    )


def _input(regime: Regime) -> str:
    dated: dict[tuple[str, str], dict[str, None]] = {}
    for row in regime.numbers():
        if row.month:
            dated.setdefault((row.instance, row.param), {})[row.month] = None
    rows = [{"rule": instance, "number": param, "changes": ", ".join(months)} for (instance, param), months in dated.items() if len(months) > 1]
    references = [{"source": key, "title": r.get("title", ""), "address": r.get("url", "")} for key, r in regime.references.items()]
    words = "No time series drives the model" + ("; what changes from outside are the dated values of rules:" if rows else ", and no number changes "
     "with time.")
    return f"\n## 6. Input data\n\n{words}\n\n" + (table(rows) if rows else "") + "\nSources of the rules:\n\n" + table(references)


def _submodels(made: Sequence[Mechanism], regime: Regime) -> str:
    counts = regime.evidence_counts()
    text = "\n## 7. Submodels\n\nEach mechanism with the numbers it is told here. Evidence: " + ", ".join(f"{counts[g]} {g}" for g in GRADES if counts[g])
    text += ". What each reads, writes and draws in full: `scslab mechanism show NAME`.\n"
    numbers: dict[str, list[NumberRow]] = {}
    for row in regime.numbers():
        numbers.setdefault(row.instance, []).append(row)
    instances: dict[str, list[str]] = {}
    for instance, clause in sorted(regime.clauses.items()):
        instances.setdefault(clause.mechanism, []).append(instance)
    for m in sorted(made, key=lambda one: (PHASES.index(one.phase), one.name)):
        text += f"\n### {m.name}\n\n{' '.join(m.doc.split())} Woken by {', '.join(map(describe_trigger, m.on))}.\n"
        rows = [row for instance in instances.get(m.name, ()) for row in _numbers(numbers.get(instance, ()))]
        text += "\n" + table(rows) if rows else ""
    return text


def _numbers(rows: Iterable[NumberRow]) -> list[Row]:
    """Write a parameter's numbers of one date and evidence as one row."""
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        source = ", ".join(filter(None, (row.source, row.at)))
        limits = "" if row.range is None else f"{row.range[0]} to {row.range[1]}"
        evidence = row.evidence + (", disputed" if row.disputed else "")
        key = (row.instance, row.param, row.month, evidence, source, limits)
        value = "never" if row.value is None else str(row.value)
        value = f"{row.key}: {value}" if row.key else value
        if key in found:
            found[key]["value"] += f"; {value}"
        else:
            found[key] = {"as": row.instance.partition(":")[2], "number": row.param, "from": row.month, "value": value, "unit": row.unit, "evidence": evidence,
                          "source": source, "range": limits}  # fmt: skip
    return list(found.values())


def _does(made: Mechanism) -> str:
    return (made.doc or " ").splitlines()[0]


def _typed(columns: Any) -> str:
    return ", ".join(f"{name} {dtype}" for name, dtype in columns.items())


def table(rows: Sequence[Row]) -> str:
    """Write rows as a Markdown table; (none) without rows.

    Example:
        >>> print(table([{"a": 1, "b": "x|y"}]), end="")
        | a | b |
        | --- | --- |
        | 1 | x\\|y |
    """
    if not rows:
        return "(none)\n"
    columns = list(rows[0])

    def line(values: Iterable[object]) -> str:
        return "| " + " | ".join(" ".join(str(value).split()).replace("|", "\\|") for value in values) + " |\n"

    return line(columns) + line("---" for _ in columns) + "".join(line(row.get(c, "") for c in columns) for row in rows)


def write_odd(names: Sequence[str], world: str, out: str | Path) -> Path:
    """Write the description into a new file.

    Raises:
        InputError: a file that stands there.
    """
    from ..base.errors import InputError, Problem
    from ..base.files import write_text

    path = Path(out)
    if path.exists():
        raise InputError(Problem(f"'{path}' exists already", "--out", fix="Choose another name"))
    write_text(path, odd(names, world))
    return path
