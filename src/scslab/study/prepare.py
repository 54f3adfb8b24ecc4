"""From what a user says to a job: loads and combines regimes, applies reforms, fills defaults, checks the horizon."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..base.errors import InputError, Problem, nearest
from ..base.months import month, month_text
from ..base.periods import PERIODS
from ..mechanisms.catalogue import catalogue
from ..regime import Regime, apply_reforms, combine, load_reform, load_regime
from ..regime.overlay import Reform
from ..world.spec import load_spec
from .counterfactual import marked, spared, twin_of
from .job import BOUNDS, COUNTERFACTUALS, EVENTS, ArmJob, Job
from .sampling import draw_worlds
from .unseen import without_unseen

COMPARATOR = "ordinary-law"
SECOND = "ordinary-law-enforced"
"""The second comparator: why not simply enforce the law better?"""
DEFAULTS = {"people": 20_000, "months": 60, "seeds": 8, "seed": 1, "start": "2018-01", "events": "panel"}
WARM_UP = 60
"""Months before the start where a comparator states none: the central bank's credit record lasts five years."""


def make_job(
    names: Sequence[str],
    reforms: Sequence[str] = (),
    world: str | None = None,
    against: str = COMPARATOR,
    **settings: Any,
) -> tuple[Job, list[Regime]]:
    """Make a job from names and numbers; every problem is reported at once.

    Args:
        names: regimes (names or paths), combined over their common parent.
        reforms: overlays; each becomes a further arm, and all together one more.
        world: default the first world that the regimes' scope names.
        against: the comparator. `also` (setting): further comparators, run as arms of their own and printed beside it; by default
            `ordinary-law-enforced` beside `ordinary-law`: the regime's sensors and publicity, but statutory penalties only.
        settings: people, months, seeds or worlds, seed, start, warm_up, events, threads, panel, command; counterfactual: 'misfortune' adds to
            the comparator, the regime and each reform an arm that spares first misfortunes (about twice the time).

    Returns:
        The job and the regimes of its arms, comparator first.

    Raises:
        InputError: unknown names, numbers out of bounds, rules without values in the horizon, reforms that do not apply.
    """
    problems = _bounds(settings)
    known = catalogue()
    loaded = [r for r in (_load(load_regime, name, known, problems) for name in (*names, against)) if r is not None]
    overlays = [r for r in (_load(load_reform, name, known, problems) for name in reforms) if r is not None]
    if not names:
        problems.append(Problem("no regime is named", fix="See `scslab regime list`"))
    if problems:
        raise InputError(*problems)
    *regimes, comparator = loaded
    combined = combine(regimes, known) if len(regimes) > 1 else regimes[0]
    chosen = world or _world_of(combined)
    _in_months((combined, comparator))
    load_spec(chosen) if not _is_abstract(chosen) else None
    months = int(settings.get("months") or DEFAULTS["months"])
    start = month(str(settings.get("start") or _start_of(combined, months)), "--start")
    warm_up = warm_up_months(comparator, chosen, settings.get("warm_up"))
    applied: list[list[Reform]] = [[overlay] for overlay in overlays] + ([overlays] if len(overlays) > 1 else [])
    further = _further(settings.get("also"), against, regimes, known)
    everything = without_unseen([comparator, combined, *(apply_reforms(combined, several) for several in applied), *further])
    twinned = len(applied) + 2 if settings.get("counterfactual") else 0
    everything[:twinned] = [marked(regime, start) for regime in everything[:twinned]]
    _check_horizons(everything, start, start + months, warm_up)
    own = [r.name for r in regimes]
    laid = [([against], []), (own, []), *((own, several) for several in applied), *(([regime.name], []) for regime in further)]
    arms = _distinct([_arm(regime, over, several) for regime, (over, several) in zip(everything, laid, strict=True)])
    arms += [twin_of(arm, regime) for arm, regime in zip(arms[:twinned], everything, strict=False)]
    everything += [spared(regime) for regime in everything[:twinned]]
    worlds, first = int(settings.get("worlds") or 0), _seeds(settings)[0][0]
    job = Job(
        chosen, int(settings.get("people") or DEFAULTS["people"]), arms, _seeds(settings), start, warm_up, months,
        str(settings.get("events") or DEFAULTS["events"]), sorted(settings.get("panel") or ()),
        command=_command(names, reforms, chosen, against, settings, start, months, warm_up),
        python_call=_python(names, reforms, chosen, against, settings, start, months, warm_up),
        draws=draw_worlds(everything, [arm.name for arm in arms], worlds, first) if worlds else [],
    )  # fmt: skip
    return job, everything


def _in_months(regimes: Sequence[Regime]) -> None:
    """Refuse rules that do not count in months: outcomes of a run are rates per year and its windows months."""
    for regime in regimes:
        if regime.period != "month":
            unit = PERIODS[regime.period].unit
            fix = "Such rules are for abstract scenarios: see docs/architecture.md, Closed forms"
            raise InputError(Problem(f"'{regime.name}' counts in {unit}", why="a run counts in months", fix=fix))


def warm_up_months(comparator: Regime, world: str, asked: int | None) -> int:
    """Choose how many months run before the first one measured: as asked, else as the comparator states, else `WARM_UP`."""
    if asked is not None:
        return int(asked)
    return int(comparator.warm_up_months or (0 if _is_abstract(world) else WARM_UP))


def _further(also: Sequence[str] | None, against: str, regimes: list[Regime], known: Any) -> list[Regime]:
    if also is None:
        usual = against == COMPARATOR and all(COMPARATOR in r.lineage and r.name != SECOND for r in regimes)
        also = (SECOND,) if usual else ()
    return [load_regime(name, known) for name in also]


def _load(loader: Any, name: str, known: Any, problems: list[Problem]) -> Any:
    try:
        return loader(name, known)
    except InputError as error:
        problems += error.problems
        return None


def _bounds(settings: dict[str, Any]) -> list[Problem]:
    problems = []
    for name, (low, high) in BOUNDS.items():
        value = settings.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high):
            option = "--" + name.replace("_", "-")
            problems.append(Problem(f"{value} is out of bounds", option, fix=f"Give a whole number from {low:,} to {high:,}"))
    if settings.get("seeds") is not None and settings.get("worlds") is not None:
        problems.append(Problem("seeds and worlds are both given", "--worlds", "each world has a seed of its own", "Leave out --seeds"))
    events = settings.get("events")
    if events is not None and events not in EVENTS:
        problems.append(Problem(f"'{events}' is not a way to keep events", "--events", fix=nearest(str(events), EVENTS)))
    asked = settings.get("counterfactual")
    if asked is not None and asked not in COUNTERFACTUALS:
        problems.append(Problem(f"'{asked}' is not a counterfactual", "--counterfactual", fix=nearest(str(asked), COUNTERFACTUALS)))
    start = settings.get("start")
    if start is not None:
        try:
            if not 0 <= month(str(start), "--start") < 3600:
                problems.append(Problem(f"'{start}' is out of bounds", "--start", fix="Give a month from 2000-01 to 2299-12"))
        except InputError as error:
            problems += error.problems
    return problems


def _is_abstract(world: str) -> bool:
    from ..world.spec import ABSTRACT

    return world in ABSTRACT


def _world_of(regime: Regime) -> str:
    worlds = regime.scope.get("worlds") or ["china-2020"]
    return str(worlds[0])


def _start_of(regime: Regime, months: int) -> str:
    """Choose a start: 2018-01, or later or earlier so that the rules hold in every month where they can."""
    start = month(str(DEFAULTS["start"]))
    first, last = regime.scope.get("from"), regime.scope.get("until")
    if last:
        start = min(start, month(str(last)) - months)
    if first:
        start = max(start, month(str(first)))
    return month_text(start)


def outside_scope(regime: Regime, start: int, months: int) -> str:
    """Say so when a run goes beyond the dates in which its rules held; empty when it does not."""
    first, last = regime.scope.get("from"), regime.scope.get("until")
    early = first and start < month(str(first))
    late = last and start + months > month(str(last))
    if not (early or late):
        return ""
    applied = f"from {month_text(start)} to {month_text(start + months - 1)}"
    return f"The rules of {regime.name} held from {first or '?'} to {last or 'now'}; the run applies them {applied}."


def _arm(regime: Regime, names: list[str], applied: list[Reform]) -> ArmJob:
    name = regime.name.replace(" ", "")
    if applied:
        name = "+".join(r.name for r in applied)
    return ArmJob(name, names, [r.name for r in applied], regime.to_yaml(), regime.hash)


def _distinct(arms: list[ArmJob]) -> list[ArmJob]:
    seen: set[str] = set()
    for arm in arms:
        if arm.name in seen:
            raise InputError(
                Problem(
                    f"two arms are called '{arm.name}'",
                    why="a comparison needs two different arms",
                    fix="Choose another --against or --reform",
                )
            )
        seen.add(arm.name)
    return arms


def _check_horizons(regimes: list[Regime], start: int, end: int, warm_up: int) -> None:
    problems: dict[str, Problem] = {}
    for i, regime in enumerate(regimes):
        try:
            regime.check_horizon(start - warm_up if i == 0 else start, end)
        except InputError as error:
            problems |= {str(p): p for p in error.problems}
    if problems:
        raise InputError(*problems.values())


def _seeds(settings: dict[str, Any]) -> list[tuple[int, int]]:
    first = DEFAULTS["seed"] if settings.get("seed") is None else settings["seed"]
    return [(int(first) + i, int(first) + i) for i in range(int(settings.get("worlds") or settings.get("seeds") or DEFAULTS["seeds"]))]


def _said(settings: dict[str, Any], start: int, months: int, warm_up: int) -> dict[str, Any]:
    values = {
        name: settings.get(name) if settings.get(name) is not None else DEFAULTS[name] for name in ("people", "seeds", "seed", "events")
    }
    count = {"worlds": settings["worlds"]} if settings.get("worlds") else {"seeds": values["seeds"]}
    twins = {"counterfactual": settings["counterfactual"]} if settings.get("counterfactual") else {}
    return {"people": values["people"], "start": month_text(start), "warm_up": warm_up, "months": months, **count,
            "seed": values["seed"], "events": values["events"], **twins}  # fmt: skip


def _command(names: Sequence[str], reforms: Sequence[str], world: str, against: str, settings: dict[str, Any], *when: int) -> str:
    words = ["scslab", "run", *names]
    for reform in reforms:
        words += ["--reform", reform]
    words += ["--world", world, "--against", against]
    for name, value in _said(settings, *when).items():
        words += ["--" + name.replace("_", "-"), str(value)]
    return shlex.join(words)


def _python(names: Sequence[str], reforms: Sequence[str], world: str, against: str, settings: dict[str, Any], *when: int) -> str:
    arguments = (
        [repr(str(n)) for n in names] + ([f"reforms={list(reforms)!r}"] if reforms else []) + [f"world={world!r}", f"against={against!r}"]
    )
    return "scslab.run(" + ", ".join(arguments + [f"{k}={v!r}" for k, v in _said(settings, *when).items()]) + ")"


def default_folder(job: Job) -> Path:
    """Choose a folder name that is free: the regime's name, '-run', and a number if need be."""
    stem = job.arms[1].name.replace("/", "-") + "-run"
    candidates = (Path(stem if k == 1 else f"{stem}-{k}") for k in range(1, 10_000))
    return next(path for path in candidates if not path.exists())
