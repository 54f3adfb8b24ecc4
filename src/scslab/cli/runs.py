"""Commands that make a run or look at one: demo, run, life, report, resume, reproduce, diverge."""

from __future__ import annotations

from typing import Any

from ..base.errors import Problem
from ..study.job import COUNTERFACTUALS, EVENTS
from . import arguments as given
from . import render
from .errors import resumable


def demo(*, out: given.Out = None, replace: given.Replace = False, fresh: given.Fresh = False, json: given.Json = False) -> None:
    """Show a county with and without a social credit system, in a minute."""
    _check_out(out)
    with render.Progress(quiet=json) as progress, resumable(out):
        from scslab import api

        pair = api.demo(progress=progress, **_said(out=out, replace=replace, fresh=fresh))
    _show(pair, json)


def run(
    *regime: str,
    reform: given.Reforms = None,
    world: given.World = None,
    people: given.People = None,
    months: given.Months = None,
    start: given.Start = None,
    warm_up: given.WarmUp = None,
    against: given.Against = None,
    seeds: given.Seeds = None,
    worlds: given.Worlds = None,
    seed: given.Seed = None,
    threads: given.Threads = None,
    events: given.Events = None,
    counterfactual: given.Counterfactual = None,
    out: given.Out = None,
    replace: given.Replace = False,
    json: given.Json = False,
) -> None:
    """Run regimes (names, or YAML files) on a made-up society, and compare with the same society without them."""
    check = given.Check()
    if not regime:
        check.problems.append(Problem("no regime is named", fix="See `scslab regime list`, then `scslab run NAME`"))
    for name in regime:
        check.filled("REGIME", name)
    for name in reform or ():
        check.filled("--reform", name)
    settings = _said(
        reforms=reform,
        world=check.filled("--world", world),
        people=check.whole("--people", people),
        months=check.whole("--months", months),
        start=check.month("--start", start),
        warm_up=check.whole("--warm-up", warm_up),
        against=check.filled("--against", against),
        seeds=check.whole("--seeds", seeds),
        worlds=check.whole("--worlds", worlds),
        seed=check.whole("--seed", seed),
        threads=check.whole("--threads", threads),
        events=check.choice("--events", events, EVENTS),
        counterfactual=check.choice("--counterfactual", counterfactual, COUNTERFACTUALS),
        out=check.filled("--out", out),
        replace=replace,
    )
    check.done()
    with render.Progress(quiet=json) as progress, resumable(out):
        from scslab import api

        pair = api.run(*regime, progress=progress, **settings)
    _show(pair, json)


def life(run: str, person: str, /, *, seed_index: given.SeedIndex = "0", json: given.Json = False) -> None:
    """Follow one made-up person through both worlds, same luck.

    Args:
        run: Folder of a run.
        person: Number of the person.
    """
    check = given.Check()
    number, index = check.whole("PERSON", person), check.whole("--seed-index", seed_index)
    check.done()
    assert number is not None and index is not None
    from scslab import api

    document = api.life(run, number, seed_index=index)
    render.show(document, json, render.life)


def report(run: str, /, *, out: given.Out = None) -> None:
    """Write the report of a run: one HTML file that opens offline.

    Args:
        run: Folder of a run.
    """
    _check_out(out)
    from scslab import api

    print(f"Wrote {api.report(run, **_said(out=out))}")


def resume(run: str, /, *, json: given.Json = False) -> None:
    """Continue a run that was interrupted.

    Args:
        run: Folder the run was to make.
    """
    with render.Progress(quiet=json) as progress, resumable(run):
        from scslab import api

        pair = api.resume(run, progress=progress)
    _show(pair, json)


def reproduce(run: str, /, *, json: given.Json = False) -> int:
    """Run a run again from its manifest, and compare every digest.

    Args:
        run: Folder of a run.
    """
    with render.Progress(quiet=json) as progress:
        from scslab import api

        document = api.reproduce(run, progress=progress)
    return _compared(document, json)


def diverge(run_a: str, run_b: str, /, *, json: given.Json = False) -> int:
    """Find the first month, mechanism and row in which two runs differ.

    Args:
        run_a: Folder of a run.
        run_b: Folder of another.
    """
    from scslab import api

    return _compared(api.diverge(run_a, run_b), json)


def _said(**options: Any) -> dict[str, Any]:
    """Keep what was said; `scslab.api` holds the defaults, once."""
    return {name: value for name, value in options.items() if value is not None and value is not False}


def _check_out(out: str | None) -> None:
    check = given.Check()
    check.filled("--out", out)
    check.done()


def _show(pair: Any, json: bool) -> None:
    render.show(pair.summary(), json, render.summary)


def _compared(document: Any, json: bool) -> int:
    """Print a comparison; the exit code is 0 when both are the same, 1 when they differ."""
    render.show(document, json, render.document)
    return 0 if document.get("same") else 1
