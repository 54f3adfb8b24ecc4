"""A life in all arms of a run, same luck: every event with its chain of causes, down to the rule and its source."""

from __future__ import annotations

import dataclasses
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from ..base.errors import InputError, Problem
from ..base.jit import package_hash
from ..base.months import NEVER, month, month_text
from ..engine.declare import TABLES
from ..measure.explain import chain, root_words
from ..mechanisms.common import root_list
from ..mechanisms.kinds import BASIS, EXCUSED, GROUND, KIND, MEASURE
from ..regime import Regime
from ..store import read_manifest, read_table
from ..world import World, build_world
from .job import FULL_LIMIT, Job
from .kept import job_of
from .parallel import replicates
from .replicate import label_names, load_arm, panel_of

EVENTFUL = (
    "shocks", "spared_shocks", "acts", "observations", "debts", "judgments", "penalties", "grades", "appeals", "decisions", "listings",
    "listing_ends", "notices", "measures", "measure_ends", "refusals", "payments", "performances", "jobs", "loans",
)  # fmt: skip
"""Shared tables whose rows are events of a life, in the order of a month; see `eventful`."""

BY_NATURE = ("shocks", "spared_shocks", "acts", "debts", "payments", "performances", "jobs")
"""Tables of what people do and what befalls them: no rule decides them, so that none is cited for them."""

SEX, STATUS = (
    ("woman", "man"),
    ("pupil or child", "employee", "self-employed", "farmer", "public employee", "unemployed", "not in work", "retired"),
)


def eventful() -> tuple[str, ...]:
    """List the tables whose rows are events of a life, in the order of a month; rows of the others are steps of their chains."""
    return (*EVENTFUL, *sorted(made.name for made in TABLES.values() if made.event and made.of == "persons"))


class Life:
    """A twin life: `document` is plain data, `rich` and HTML reprs show it."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    @staticmethod
    def of(path: Path, person: int, seed_index: int = 0) -> Life:
        """Follow a person through the arms of a run.

        Raises:
            InputError: no such person or seed; the run's rules or world do not regenerate.
        """
        manifest, job = read_manifest(path), job_of(path)
        problems = []
        if isinstance(person, bool) or not isinstance(person, int | np.integer) or not 0 <= person < job.people:
            problems.append(Problem(f"there is no person {person}", "PERSON", fix=f"This run has persons 0 to {job.people - 1}"))
        if not 0 <= seed_index < len(job.seeds):
            problems.append(Problem(f"there is no seed {seed_index}", "--seed-index", fix=f"This run has seeds 0 to {len(job.seeds) - 1}"))
        if problems:
            raise InputError(*problems)
        options: dict[str, Any] = {"start_month": job.start} if manifest.world_hash != "abstract" else {}
        world = build_world(job.world, job.people, job.seeds[seed_index][0], **options)
        ledgers = _ledgers(path, job, world, person, seed_index)
        document = _document(job, world, person, seed_index, ledgers)
        if manifest.package_hash != package_hash():
            document["notes"] = [*document.get("notes", ()), "scslab's source has changed since this run; `scslab reproduce` says whether its numbers have."]
        return Life(document)

    def __repr__(self) -> str:
        d = self.document
        lines = [d["who"]]
        for row in d["rows"]:
            told: dict[str, list[str]] = {}
            for arm in d["arms"]:
                if row[arm]:
                    told.setdefault(row[arm], []).append(arm)
            said = "  |  ".join(f"{'all' if len(where) == len(d['arms']) else ', '.join(where)}: {words}" for words, where in told.items())
            lines.append(f"{row['month']}  {said}" + (f"  ({row['why']})" if row["why"] else ""))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        import html

        d = self.document
        head = "".join(f'<th scope="col">{html.escape(c)}</th>' for c in ("month", *d["arms"], "why"))
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(str(r[c]))}</td>" for c in ("month", *d["arms"], "why")) + "</tr>" for r in d["rows"]
        )
        return f"<p>{html.escape(d['who'])}</p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _ledgers(path: Path, job: Job, world: World, person: int, seed_index: int) -> dict[str, dict[str, np.ndarray]]:
    """Give the ledger of each arm: as kept, or from running that seed again with the person and close kin in the panel."""
    if job.events == "full" or (job.events == "panel" and job.people > FULL_LIMIT and person in panel_of(job, job.seeds[seed_index][1])):
        table = read_table(path / "events" / f"seed-{seed_index:04d}.parquet")
        return {arm.name: {name: column[table["arm"] == arm.name] for name, column in table.items()} for arm in job.arms}
    near = [person, *(int(i) for i in world.networks["kin"].neighbours(person))] if "kin" in world.networks else [person]
    draws = [job.draws[seed_index]] if job.draws else []
    again = dataclasses.replace(job, seeds=[job.seeds[seed_index]], draws=draws, events="panel", panel=sorted(near), panel_size=0)
    with tempfile.TemporaryDirectory() as folder:
        return replicates(again, Path(folder), 1)[0].ledger


def sources_of(regime: Regime, at: int) -> dict[tuple[str, str], str]:
    """Give the source of each rule in force at a month: grade, range where it is assumed, title, place, address.

    Returns:
        By instance and the kind or measure that a number is for; '' holds the best evidenced of those that are for no kind or measure, or of all
        where there are none such.
    """
    rank = {"documented": 0, "reported": 1, "estimated": 2, "assumed": 3, "invented": 4}
    best: dict[tuple[str, str], tuple[int, int, str]] = {}
    fallback: dict[str, tuple[int, int, str]] = {}
    for number in regime.numbers():
        since = month(number.month) if number.month else 0
        if since > at:
            continue
        reference = regime.references.get(number.source, {})
        words = ", ".join(str(w) for w in (reference.get("title", number.source), number.at, reference.get("url", "")) if w)
        if number.evidence not in ("documented", "reported") and number.range:
            span = f"{number.instance} {number.param}, {number.range[0]} to {number.range[1]}"
            words = f"{span}, see {words}" if words else span
        found = (rank[number.evidence], -since, f"{number.evidence}: {words}" if words else number.evidence)
        names = [part for part in number.key.split("/") if part in KIND.names or part in MEASURE.names]
        for name in names or [""]:
            key = (number.instance, name)
            best[key] = min(best.get(key, (9, 0, "")), found)
        if names:
            fallback[number.instance] = min(fallback.get(number.instance, (9, 0, "")), found)
    return {key: words for key, (_, _, words) in ({(instance, ""): found for instance, found in fallback.items()} | best).items()}


def _document(job: Job, world: World, person: int, seed_index: int, ledgers: dict[str, dict[str, np.ndarray]]) -> dict[str, Any]:
    regimes = {arm.name: load_arm(arm.yaml) for arm in job.arms}
    lists = label_names(job)
    arms, shown = [arm.name for arm in (*job.arms[1:], job.arms[0])], eventful()
    found: dict[tuple[int, int, str, int], dict[str, Any]] = {}
    for arm in arms:
        events = ledgers[arm]
        sources = cache(lambda at, arm=arm: sources_of(regimes[arm], at))
        for at in np.flatnonzero(events["subject"] == person):
            table = str(events["table"][at])
            if table not in shown:
                continue
            words = event_words(events, int(at), lists, grade_names(regimes[arm], int(events["month"][at])))
            key = (int(events["month"][at]), shown.index(table), words, int(events["id"][at]))
            row = found.setdefault(key, {"month": month_text(key[0]), **dict.fromkeys(arms, ""), "why": "", "because": "", "rule": "", "chain": []})
            row[arm] = words
            if not row["chain"]:
                row["chain"] = _causes(events, int(at), sources(key[0]))
                row["because"], row["rule"] = because_words(row["chain"]), rule_words(row["chain"])
                row["why"] = "; ".join(filter(None, (row["because"], row["rule"] and f"rule {row['rule']}")))
    rows = [found[key] for key in sorted(found)]
    notes = [
        "Synthetic: nobody like this is meant. The twin is a device for seeing the mechanism; only averages are claims.",
        f"Seed {seed_index} of {job.command}",
    ]
    return {"who": who_words(world, person, job.start), "person": person, "arms": arms, "rows": rows, "notes": notes}


def _causes(events: dict[str, np.ndarray], at: int, sources: dict[tuple[str, str], str]) -> list[dict[str, Any]]:
    """Follow the parents of a row; a measure on kin goes on to the listing of the relative it comes from."""
    steps = chain(events, at, sources)
    source = int(events["source"][at]) if "source" in events else -1
    if str(events["table"][at]) in ("measures", "measure_ends") and source >= 0 and source != int(events["subject"][at]):
        listed = (events["subject"] == source) & (events["table"] == "listings") & (events["month"] <= events["month"][at])
        if listed.any():
            steps = chain(events, int(np.flatnonzero(listed)[-1]), sources) + steps
    return steps


def because_words(steps: list[dict[str, Any]]) -> str:
    """Tell a chain of causes in a line, from the root to the event, errors named; empty for what nothing led to."""
    words, kind, cause = [], "", ""
    for step in steps:
        text = step["words"]
        if step["kind"] not in ("", "none", kind):
            text, kind = f"{text} ({step['kind'].replace('_', ' ')})", step["kind"]
        if step["cause"] and step["cause"] != cause:
            text, cause = f"{text} because of {step['cause']}", step["cause"]
        if step["truth"] not in ("", "true"):
            text += f" [WRONG: {step['truth']}]"
        if not words or words[-1] != text:
            words.append(text)
    if cause.replace(" ", "_") in EXCUSED and any(step["table"] == "listings" for step in steps):
        words.append("[EXCUSED: could not pay]")
    if len(steps) > 1:
        return " -> ".join(words)
    return root_words(steps) if steps[0]["truth"] not in ("", "true") else ""


def rule_words(steps: list[dict[str, Any]]) -> str:
    """Cite the rule behind an event, where a rule made it: its grade and source.

    Where its number is nobody's finding, that is said, with the nearest rule before it that has a source.
    """
    rules = [step for step in reversed(steps) if step["source"] and step["table"] not in BY_NATURE]
    told = [step["source"] if step is steps[-1] else f"{step['words']}: {step['source']}" for step in rules]
    first = next((i for i, step in enumerate(rules) if step["source"].startswith(("documented", "reported"))), 0)
    return "; after ".join(dict.fromkeys((told[0], told[first]))) if told else ""


@cache
def grade_names(regime: Regime, at: int) -> tuple[str, ...]:
    """Give the names of the ledger's grades at a month, lowest first; none where there is no ledger."""
    block = regime.at(at).get("decide.ledger")
    return () if block is None else tuple(block.params.grades[0])


def event_words(events: dict[str, np.ndarray], at: int, lists: dict[int, str], grades: tuple[str, ...] = ()) -> str:
    """Say in words what one row of the ledger is, with the names of lists and grades."""

    def value(name: str) -> int:
        return int(events[name][at]) if name in events else -1

    def grade(name: str) -> str:
        return grades[value(name)] if 0 <= value(name) < len(grades) else str(value(name))

    table, kind = str(events["table"][at]), KIND.names[value("kind")].replace("_", " ") if value("kind") > 0 else ""
    listed = lists.get(int(root_list(np.array(value("list")))), "") if value("list") > 0 else ""
    measure = MEASURE.names[value("measure")].replace("_", " ") if value("measure") >= 0 else ""
    amount = f", {value('amount'):,} yuan" if value("amount") > 0 and table not in ("acts", "observations") else ""
    basis = f" ({BASIS.names[value('basis')]})" if value("basis") > 0 else ""
    ground = GROUND.names[value("ground")].replace("_", " ") if value("ground") > 0 else ""
    until = f" until {month_text(value('until'))}" if 0 < value("until") < NEVER else ""
    words = {
        "acts": f"does: {kind}", "observations": f"is seen: {kind}", "listings": f"is listed: {listed}{until}",
        "listing_ends": f"leaves the list {listed}: {ground}", "measures": f"measure begins: {measure}{basis}",
        "measure_ends": f"measure ends: {measure}{basis}", "notices": f"learns of the listing: {listed}", "appeals": f"objects: {listed}",
        "decisions": f"objection {'granted' if value('granted') == 1 else 'refused'}: {listed}",
        "grades": f"grade changes from {grade('previous')} to {grade('grade')}",
        "debts": f"owes, overdue{amount}", "judgments": f"is ordered to pay{amount}", "payments": f"pays{amount}",
        "performances": f"has performed the judgment{amount}", "shocks": "is struck by misfortune", "refusals": f"is refused: {measure}",
        "spared_shocks": "is spared a misfortune",
        "loans": f"loan {'granted' if value('granted') == 1 else 'refused'}{amount}", "jobs": "finds work" if value("gained") == 1 else "loses work",
        "penalties": _penalty(value("amount"), value("points")),
    }  # fmt: skip
    if table in words:
        return words[table]
    spec = TABLES.get(table)
    if spec is None or not spec.event:
        return table.replace("_", " ")
    plain = {name: value(name) for name in spec.columns}
    money = f"{value('amount'):,} yuan" if value("amount") >= 0 else ""
    return spec.event.format_map({**plain, "kind": kind, "list": listed, "measure": measure, "ground": ground, "amount": money, "until": until.strip()})


def _penalty(yuan: int, points: int) -> str:
    if yuan > 0:
        return f"is fined, {yuan:,} yuan"
    return f"gets {points} licence points" if points > 0 else "is warned, or ordered to undo it, without a fine"


def who_words(world: World, person: int, start: int) -> str:
    """Introduce a made-up person by attributes only; no name, no photograph."""
    columns = world.columns

    def value(name: str) -> int:
        column = columns.get(f"persons.{name}")
        return 0 if column is None else int(column[person])

    age = (start - value("birth_month")) // 12
    status = int(world.standing(start, np.array([person]))["status"][0])
    urban = columns.get("places.urban")
    where = "town" if urban is not None and urban[value("place")] else "village"
    return (
        f"Person {person}, made up: a {SEX[value('sex')]} of {age} in a {where}, {STATUS[status]}, "
        f"income group {value('quintile') + 1} of 5"
    )
