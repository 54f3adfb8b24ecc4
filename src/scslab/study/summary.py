"""What a run says about itself: the terminal's summary and the report, from the same rows."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np

from ..base import luck
from ..base.months import month_text
from ..engine.plan import build_plan
from ..measure.cells import DIMENSIONS
from ..measure.effects import clear
from ..measure.intervals import holm
from ..measure.outcomes import BY_NAME, PRIMARY, windows
from ..measure.report import ReportData, report
from ..measure.worlds import RANGE, is_worlds
from ..store import Manifest, citation
from ..store.cite import run_digest
from .besides import poor_rows, proportion_rows, short_poor, tables, unaware_rows
from .job import Job
from .replicate import RegimeSchedule, load_arm
from .results import Results, Row
from .words import CAVEATS, span, title
from .worlds import deciding, structure_rows, tornado_rows

SHOWN_NUMBERS = 400
SHOWN_OF_A_LIFE = 60
BESIDE_PRIMARY = ("wrongly_listed", "wrong_by_rights", "grades_lowered", "children_reached", "after_misfortune_net", "listings_after_misfortune")
"""Outcomes that the terminal shows below the primary ones, where they are counted."""

GROUP_OUTCOMES = ("listed", "blameless_reached", "burden", "speech")


def headline(results: Results, arm: str | None = None, against: str | None = None) -> list[Row]:
    """Give every outcome in the last 12 months; those that need a longer look (cohorts) over the whole run, and say so."""
    late = results.effects(arm=arm, against=against, window="last 12")
    whole = {row["outcome"]: row for row in results.effects(arm=arm, against=against, window="all")}
    rows = []
    for row in late:
        if row["difference"] is None and whole[row["outcome"]]["difference"] is not None:
            row = {**whole[row["outcome"]], "words": f"{row['words']}, whole run"}
        rows.append(row)
    return rows


def summary(pair: Any) -> dict[str, Any]:
    """Give what `scslab run` prints: primary outcomes, the transient in three windows, a sparkline, what to try next."""
    from .kept import job_of

    results, job = pair.results, job_of(pair.path)
    rows = headline(results)
    over = is_worlds(results.label)
    shown = [row for row in rows if row["primary"]] + [row for row in rows if row["outcome"] in BESIDE_PRIMARY]
    names = [r["outcome"] for r in shown]
    effects = [_effect(row) for row in shown]
    transient = []
    for window in windows(job.months):
        found = {row["outcome"]: row for row in results.effects(window=window)}
        transient.append({"window": window, **{n: _number(found[n]["difference"]) for n in names if n in PRIMARY and BY_NAME[n].form != "within"}})
    next_person = affected_person(pair.path, job)
    reforms = [
        {"reform": arm.name, **{n: _number(r["difference"]) for r in results.effects(arm=arm.name, against=job.arms[1].name, window="last 12")
                                if (n := r["outcome"]) in PRIMARY}}
        for arm in job.reformed
    ]  # fmt: skip
    unit = pair.path
    inputs = tornado_rows(results, job) if over else []
    following = [f"scslab life {unit} {next_person}"] if next_person is not None else []
    named = list(takewhile(lambda word: not word.startswith("--"), shlex.split(job.command)[2:])) or job.arms[1].regimes  # paths as they were given
    suggested = fitting_reforms(job)
    following += [" ".join(["scslab run", shlex.join(named), *(f"--reform {name}" for name in suggested)])] if suggested else []
    following += ["scslab regime new my-rules.yaml"]
    return {
        "title": title(job), "measured": span(job), "with": "with", "without": job.arms[0].name, "interval": results.label,
        "band": f"{RANGE} ({results.label})" if over else f"95 % ({results.label})",
        "per": f"{COMMON}, last 12 months", "effects": effects, "difference_by_window": transient, "reforms_against_the_regime": reforms,
        "speech_by_nearness": [{k: _number(v) if k != "stratum" else v for k, v in row.items()} for row in results.strata.get(job.arms[1].name, ())],
        "unaware": unaware_rows(results), "out_of_proportion": proportion_rows(results),
        "poor_and_rich": [{k: v for k, v in short_poor(row).items() if k != "difference without"} for row in poor_rows(results)],
        "reform_prices": [{"reform": row["name"], "price": row["words"].removeprefix("price: ").partition(",")[0], "more than without": row["effect"]}
                          for arm in job.reformed for row in price_rows(results, job, arm.name)],
        "against_the_law_better_enforced": [_short(row) for arm in job.further for row in headline(results, against=arm.name) if row["primary"]],
        "series": {f"on a list, {arm.name}": np.round(results.monthly(arm.name), 3).tolist() for arm in job.arms[:2] if results.counts("listed_stock")},
        "notes": [CAVEATS[0], CAVEATS[1], _evidence(pair.manifest), *pair.manifest.notes,
                  *([f"What moves them most: {deciding(inputs, job)}"] if over else [])],
        "tornado": inputs, "by_structure": structure_rows(results, job) if over else [],
        "folder": str(pair.path) + "/", "report": str(pair.path / "report.html"), "digest": run_digest(pair.manifest), "next": following,
    }  # fmt: skip


COMMON = "per 10,000 person-years"


def fitting_reforms(job: Job, most: int = 2) -> list[str]:
    """Name reforms that apply to the regime and were not run yet, those most often asked for first."""
    from ..base.errors import InputError
    from ..mechanisms.catalogue import catalogue
    from ..regime import apply_reforms, load_reform

    regime, done, found = load_arm(job.arms[1].yaml), {name for arm in job.reformed for name in arm.reforms}, []
    for name in ("notice", "appeal", "context", "human-review", "fixed-expiry"):
        if name in done or len(found) == most:
            continue
        try:
            apply_reforms(regime, [load_reform(name, catalogue())])
        except InputError:
            continue
        found.append(name)
    return found


def _effect(row: Row) -> Row:
    note = row["note"] if row["difference"] is None else ""
    if row["outcome"] == "speech" and row["difference"] == row["high"] == 0 == row["low"]:
        note = "same: no rule here reads it"
    unit = row["unit"].replace(f" {COMMON}", "") if row["unit"] != COMMON else ""
    return {"outcome": row["words"], "unit": unit, "with": row["with"], "without": row["without"], "difference": row["difference"],
            "low": row["low"], "high": row["high"], "clear": row["clear"], "share": row["share"], "in_worlds": row["in_worlds"], "note": note}  # fmt: skip


def _short(row: Row) -> Row:
    return {"outcome": row["words"], "with": _number(row["with"]), "enforced law": _number(row["without"]), "difference": _number(row["difference"]),
            "low": _number(row["low"]), "high": _number(row["high"]), "clear": row["clear"]}  # fmt: skip


def _number(value: Any) -> Any:
    return None if value is None else float(f"{value:.4g}")


def _evidence(manifest: Manifest) -> str:
    counts = ", ".join(f"{n} {grade}" for grade, n in manifest.parameters.items() if n)
    return f"Numbers behind the rules: {counts}."


def affected_person(folder: Path, job: Job) -> int | None:
    """Draw, by keyed luck, one of the persons listed with the rules and not without them, in the first seed."""
    from ..store import read_table

    path = folder / "events" / "seed-0000.parquet"
    if not path.exists():
        return None
    events = read_table(path)
    listed = [np.unique(events["subject"][(events["arm"] == arm.name) & (events["table"] == "listings")]) for arm in job.arms[:2]]
    only = np.setdiff1d(listed[1], listed[0])
    only = (only if len(only) else listed[1])[: job.people]
    only = only[only < job.people]
    if not len(only):
        return None
    return int(only[np.argmin(luck.words(luck.stream_key(job.seeds[0][1], "report/person"), only))])


def reform_rows(results: Results, job: Job) -> list[Row]:
    """Give each reform's effect on the primary outcomes against the regime, and its price; what is clear is adjusted for all of them together."""
    from ..mechanisms.catalogue import catalogue
    from ..regime import load_reform

    rows, compared = [], []
    for arm in job.reformed:
        prices = []
        for name in arm.reforms:
            try:
                prices.append(str(load_reform(name, catalogue()).price))
            except Exception as error:  # noqa: BLE001  (a reform given by path may be gone; the numbers stand without its text)
                prices.append(f"({error})")
        measured = price_rows(results, job, arm.name)
        for row in results.effects(arm=arm.name, against=job.arms[1].name, window="all"):
            if row["primary"]:
                rows.append({"name": arm.name, "words": row["words"] + f", {row['unit']}", "effect": row["difference"], "low": row["low"],
                             "high": row["high"], "p": row["p"], "price": " ".join(prices) if row["outcome"] == "listed" else ""})  # fmt: skip
                compared.append(rows[-1])
        rows += measured
    for row, p in zip(compared, holm([row["p"] for row in compared]), strict=True):
        row["clear"] = clear(row["p"], p)
    return rows


PRICES = (
    ("notices", "letters sent"),
    ("appeals", "objections filed"),
    ("decisions", "objections decided"),
    ("decisions_granted_sound", "sound listings struck: offenders missed"),
    ("missed", "offenders missed: the lists' rules would list on all true acts, and did not within a year"),
    ("paid_yuan", "yuan paid to creditors"),
    ("performed", "judgments performed"),
)
"""Counters that make up a reform's price: work for bodies, offenders missed, creditors unpaid."""


def price_rows(results: Results, job: Job, arm: str) -> list[Row]:
    """Give a reform's measured price: its counters less the regime's, over all seeds and the whole run."""
    rows = []
    for counter, words in PRICES:
        difference = results.counter(arm, counter) - results.counter(job.arms[1].name, counter)
        if difference:
            rows.append(
                {
                    "name": arm,
                    "words": f"price: {words}, whole run, all seeds",
                    "effect": difference,
                    "low": None,
                    "high": None,
                    "price": "measured",
                }
            )
    return rows


def report_html(results: Results, manifest: Manifest, folder: Path) -> str:
    """Write the report of a run as one HTML document."""
    from .kept import read_job

    job = read_job(folder)
    regime = load_arm(job.arms[1].yaml)
    scope = regime.scope
    place = f"{scope.get('jurisdiction', 'no place stated')}, {scope.get('from', '?')} to {scope.get('until') or 'now'}"
    groups: dict[str, list[Row]] = {}
    for by in DIMENSIONS:
        groups[by] = [row for row in results.effects(by, window="all") if row["outcome"] in GROUP_OUTCOMES]
    near = results.strata.get(job.arms[1].name, ())
    groups["nearness of a sanction (within persons, same ids in all arms; acts of protected conduct per 1,000 adults over the run)"] = [
        {"words": "protected conduct", "group": f"{row['stratum']} ({row['share']:.1%} of adults)", "outcome": "speech", **_plain(row)} for row in near
    ]
    for arm in job.further:
        groups[f"second comparator, {arm.name}"] = [{**row, "group": "everybody"} for row in headline(results, against=arm.name)]
    poor = _poor_words(results.poor_rich()) if results.counts("listed") else ""
    replicate = "worlds" if job.draws else "seeds"
    facts = {
        "Society": f"{manifest.people:,} made-up people, world '{manifest.world}' of {manifest.world_year}, {len(job.seeds)} {replicate}",
        "Months": span(job), "Estimand": f"{manifest.estimand}; {manifest.start_stock}",
        "Poorest : richest": poor, "Notes": " ".join(manifest.notes),
    }  # fmt: skip
    numbers = [
        {"instance": n.instance, "param": n.param, "key": n.key, "month": n.month, "value": n.value, "unit": n.unit,
         "evidence": n.evidence + (" (disputed)" if n.disputed else ""), "range": n.range,
         "source": str(regime.references.get(n.source, {}).get("title", n.source)) + (f", {n.at}" if n.at else "")}
        for n in sorted(regime.numbers(), key=lambda n: (n.evidence not in ("documented", "reported"), n.instance))[:SHOWN_NUMBERS]
    ]  # fmt: skip
    inputs = tornado_rows(results, job) if job.draws else []
    data = ReportData(
        title=title(job), with_name=" + ".join(job.arms[1].regimes), without_name=job.arms[0].name, command=manifest.command,
        digest=run_digest(manifest), scope=f"{place}. {_status(regime.status)}".strip(), facts={k: v for k, v in facts.items() if v},
        evidence=manifest.parameters, interval=results.label, tornado=inputs, deciding=deciding(inputs, job) if inputs else "",
        window="last 12 months (cohort outcomes: whole run)",
        effects=[{**row, "about": row["note"]} for row in headline(results)], by_group=groups,
        months=[month_text(results.start + t) for t in range(results.months)],
        tables=tables(results), series={arm: results.monthly(arm).tolist() for arm in results.arms if results.counts("listed_stock")},
        reforms=reform_rows(results, job),
        plan=build_plan(RegimeSchedule(regime).at(job.start)).table(), numbers=numbers, caveats=CAVEATS,
        lives=_random_life(folder, job), life_command=_life_command(folder, job), python=manifest.python_call,
        cite=citation(manifest.scslab, manifest), version=manifest.scslab,
    )  # fmt: skip
    return report(data)


def _plain(row: Row) -> Row:
    return {name: row[name] for name in ("with", "without", "difference")} | {"low": None, "high": None, "label": "no interval"}


def _status(status: Any) -> str:
    """Write a status, or those of combined regimes, as a sentence."""
    if isinstance(status, Mapping):
        return "; ".join(f"{name}: {_status(value)}" for name, value in status.items() if value)
    return str(status or "")


def _poor_words(row: Row) -> str:
    if row["difference"] is None:
        return f"listings: {row['note']}"
    ratio = f", ratio {row['ratio']:.2f}" if row["ratio"] else ""
    low = f" ({row['low']:+.1f} to {row['high']:+.1f})" if row["low"] is not None else ""
    return f"listings per 10,000 person-years {row['poor']:.1f} : {row['rich']:.1f}{ratio}, difference {row['difference']:+.1f}{low}; {row['note']}"


def _life_command(folder: Path, job: Job) -> str:
    person = affected_person(folder, job)
    return "" if person is None else f"scslab life RUN {person}"


def _rule_of_list(rules: Mapping[tuple[str, str], str], label: str) -> str:
    """Cite what decides a list, where the decision itself was not kept: a run keeps everybody's listings, and more of a panel only."""
    ending = f":{label}" if label else "nothing"
    return next((text for (instance, name), text in rules.items() if not name and instance.startswith("decide.") and instance.endswith(ending)), "")


def _random_life(folder: Path, job: Job) -> list[Row]:
    """Tell the kept rows of one person drawn at random among those affected, each with the rule behind it."""
    from ..measure.explain import chain
    from ..store import read_table
    from .life import event_words, eventful, grade_names, rule_words, sources_of
    from .replicate import label_names

    person = affected_person(folder, job)
    if person is None:
        return []
    events, arm, regime = read_table(folder / "events" / "seed-0000.parquet"), job.arms[1].name, load_arm(job.arms[1].yaml)
    events = {name: column[events["arm"] == arm] for name, column in events.items()}
    lists, shown, rows = label_names(job), eventful(), []
    for at in map(int, np.flatnonzero(events["subject"] == person)):
        if str(events["table"][at]) not in shown or len(rows) == SHOWN_OF_A_LIFE:
            continue
        when, fault = int(events["month"][at]), int(events["fault"][at]) if "fault" in events else -1
        truth = "" if fault < 0 else "true" if fault == 0 else "wrong"
        words = f"person {person} {event_words(events, at, lists, grade_names(regime, when))}"
        rules = sources_of(regime, when)
        source = rule_words(chain(events, at, rules)) or _rule_of_list(rules, lists.get(int(events["list"][at]) if "list" in events else -1, ""))
        rows.append({"month": month_text(when), "words": words, "truth": truth, "source": source})
    return rows
