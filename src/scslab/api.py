"""The user path: run, open, follow a life, look things up. The command line is a thin face over these functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .base.errors import InputError, Problem, nearest
from .study.library import (
    list_mechanisms,
    list_reforms,
    list_regimes,
    list_worlds,
    load_regime,
    regime_check,
    regime_diff,
    regime_new,
    regime_rows,
    regime_schema,
    regime_show,
    world_check,
    world_rows,
    world_show,
)  # fmt: skip
from .study.mechanisms import mechanism_rows, mechanism_show
from .study.pair import Pair

DEMO = ("rongcheng-2016", "court-list")
Progress = Callable[..., Any]


def run(
    *regimes: str,
    reforms: Sequence[str] = (),
    world: str | None = None,
    people: int | None = None,
    months: int | None = None,
    start: str | None = None,
    warm_up: int | None = None,
    against: str = "ordinary-law",
    also: Sequence[str] | None = None,
    seeds: int | None = None,
    worlds: int | None = None,
    seed: int | None = None,
    threads: int | None = None,
    events: str | None = None,
    counterfactual: str | None = None,
    out: str | Path | None = None,
    replace: bool = False,
    progress: Progress | None = None,
) -> Pair:
    """Run regimes on a made-up society beside the same society, with the same luck, without them.

    Args:
        regimes: names of the library or paths of YAML files, laid over one another.
        reforms: overlays, each a further arm.
        world, people: who exists; months, start, warm_up: when; against: the comparator;
            also: further comparators (default `ordinary-law-enforced` beside `ordinary-law`).
        seeds: replicates (they redraw population and luck); seed: the first seed.
        worlds: instead of seeds, joint draws of every number that is not documented, each with a structure and a seed of its own.
        events: 'off', 'panel' (a sample of persons and every listing) or 'full'.
        counterfactual: 'misfortune' runs each arm once more, with the first illness or job loss of each person spared, and compares the
            struck with themselves; it takes about twice the time.
        out: run folder; default a free name in the current folder. replace: overwrite a finished run there.

    Returns:
        The run, opened.

    Raises:
        InputError: anything wrong with what was asked; ScslabError: the run could not be finished.

    Example:
        >>> pair = run("court-list", people=2000, months=12, seeds=2, out="run")  # doctest: +SKIP
        >>> pair.effects(by="sex")  # doctest: +SKIP
    """
    from .base.files import check_new_folder
    from .study.parallel import processors
    from .study.prepare import default_folder, make_job
    from .study.run import start_run

    if out is not None:
        check_new_folder(out, replace)
    reforms = [reforms] if isinstance(reforms, str) else reforms
    job, _ = make_job(regimes, reforms, world, against, people=people, months=months, start=start, warm_up=warm_up, seeds=seeds,
                      worlds=worlds, seed=seed, events=events, threads=threads, also=also, counterfactual=counterfactual)  # fmt: skip
    folder = Path(out) if out is not None else default_folder(job)
    start_run(job, folder, replace, threads or processors(), progress, lambda since: _announce(job, progress, since))
    return Pair(folder)


def demo(out: str | Path = "demo-run", replace: bool = False, fresh: bool = False, progress: Progress | None = None) -> Pair:
    """Run the demonstration: a county of 20,000 made-up people, Rongcheng's ledger and the court list, 60 months, 8 seeds.

    Args:
        fresh: simulate even if this machine has kept the replicates of the same demonstration.
    """
    from .base.files import check_new_folder
    from .study.parallel import processors
    from .study.prepare import make_job
    from .study.run import start_run

    check_new_folder(out, replace)
    job, _ = make_job(DEMO, world="county", people=20_000, months=60, seeds=8, also=())
    start_run(job, Path(out), replace, processors(), progress, lambda since: _announce(job, progress, since), keep=not fresh)
    return Pair(out)


def resume(folder: str | Path, threads: int | None = None, progress: Progress | None = None) -> Pair:
    """Continue a run that was interrupted."""
    from .study.parallel import processors
    from .study.run import resume_run

    resume_run(Path(folder), threads or processors(), progress)
    return Pair(folder)


def reproduce(folder: str | Path, threads: int | None = None, progress: Progress | None = None) -> dict[str, Any]:
    """Run a finished run again from its folder, and compare every digest."""
    from .study.parallel import processors
    from .study.run import reproduce_run

    return reproduce_run(Path(folder), threads or processors(), progress)


def diverge(run_a: str | Path, run_b: str | Path) -> dict[str, Any]:
    """Find the first month, mechanism and row in which two runs differ."""
    from .study.diverge import diverge_runs

    return diverge_runs(Path(run_a), Path(run_b))


def open_run(folder: str | Path) -> Pair:
    """Open a finished run."""
    return Pair(folder)


def life(folder: str | Path, person: int, seed_index: int = 0) -> dict[str, Any]:
    """Follow one made-up person through all arms of a run, each event with its chain of causes."""
    return Pair(folder).life(person, seed_index).document


def report(folder: str | Path, out: str | Path | None = None) -> Path:
    """Write the report of a run: one HTML file that opens offline."""
    return Pair(folder).report(out)


def bench(profile: bool = False, quick: bool = False, progress: Progress | None = None) -> dict[str, Any]:
    """Measure speed and memory on this machine."""
    from .study.bench import bench as measure

    return measure(profile, quick, progress)


def showcase(
    *rows: str, seeds: int | None = None, threads: int | None = None, progress: Progress | None = None
) -> list[dict[str, Any]]:
    """Run rows of the showcase and judge them: measured effects beside those expected before any run, and an arm that must change nothing.

    Args:
        rows: names (`S12`) or paths of YAML files; all by default.
        seeds: replicates, instead of each row's own number.

    Returns:
        One document a row: effects with interval, expected, found and grade; whether the null arm counts the same; `ok`, else `problem`.

    Raises:
        InputError: anything wrong with the rows asked for.

    Example:
        >>> [row["ok"] for row in showcase("S27")]  # doctest: +SKIP
        [True]
    """
    from .study.parallel import processors
    from .study.showcase.run import showcase as run_rows

    return run_rows(rows, seeds, threads or processors(), progress)


def showcase_list() -> list[dict[str, Any]]:
    """List the rows of the showcase and what they expect."""
    from .study.showcase.run import showcase_list as listed

    return listed()


def replicate(*models: str, seed: int | None = None, progress: Progress | None = None) -> list[dict[str, Any]]:
    """Run published models, built from the lab's mechanisms, and compare them with what their authors found.

    Args:
        models: names; all by default. seed: the first seed.

    Returns:
        One document a model: rows (quantity, target, result, tolerance, kind, pass), deviations, seconds; `ok` unless a miss is not declared.

    Raises:
        InputError: a name that no model has.

    Example:
        >>> [model["ok"] for model in replicate("gaming")]  # doctest: +SKIP
        [True]
    """
    from .study.published.run import replicate as run_models

    return run_models(models, seed, progress)


def replicate_list() -> list[dict[str, Any]]:
    """List the published models."""
    from .study.published.run import replicate_list as listed

    return listed()


def verify(*cases: str, seed: int = 1, drawn: int | None = None, progress: Progress | None = None) -> list[dict[str, Any]]:
    """Measure closed forms on the machine and compare.

    Args:
        cases: `CF01a`, or `CF01` for all its cases; all by default.
        seed: of worlds and luck.
        drawn: measure each case at so many freshly drawn parameter sets instead, against its formula.

    Returns:
        One row a case (and set): expected and measured, standard errors off, tolerance or p, pass.

    Raises:
        InputError: an unknown case.

    Example:
        >>> [row["pass"] for row in verify("CF26a")]
        [True]
    """
    from .study.verify import verify as measure
    from .study.verify import verify_drawn

    return measure(cases, seed, progress=progress) if drawn is None else verify_drawn(cases, drawn, seed, progress)


def contract(package: str = "", examples: int | None = None, progress: Progress | None = None) -> dict[str, Any]:
    """Try the contract kit on the laboratory's own mechanisms, regimes and reforms, or on those that a package brings.

    Args:
        package: name of an importable package; empty for what the laboratory has.
        examples: trials of each set of rules, chosen by Hypothesis.

    Returns:
        `results`, a row for each contract and subject with the cases tried; `broken`, those that do not hold, with the smallest counterexample.

    Raises:
        InputError: no such package, one that brings nothing, or Hypothesis is missing.

    Example:
        >>> contract("my_package")["broken"]  # doctest: +SKIP
        []
    """
    from .study.contract.command import contract as try_contracts

    return try_contracts(package, examples, progress)


def contract_list() -> list[dict[str, Any]]:
    """List the contracts: name, number among the exact invariants, how it is checked, what it says."""
    from .study.contract.command import contract_list as listed

    return listed()


def verify_list(*cases: str) -> list[dict[str, Any]]:
    """List closed forms: case, mechanism, quantity, formula, recommended size, and whether parameters are drawn."""
    from .study.verify.judge import listed

    return listed(cases)


def validate(
    *moments: str, people: int | None = None, seeds: int | None = None, threads: int | None = None, out: str | Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Hold china-2014-2025 against published figures: band, simulated value with its interval, pass, miss, open or not measurable.

    Args:
        moments: figures (`court-stock-2021`) or families of them (`court-stock`); all by default.
        people, seeds: the size, instead of the default one.
        out: a new folder for the document and the counters behind it.

    Returns:
        One document: a row a figure with half, evidence and source; verdicts counted by half; `ok` unless a miss is not declared.

    Raises:
        InputError: an unknown figure, a folder that stands there.

    Example:
        >>> validate("men-listed", people=2000, seeds=2)["ok"]  # doctest: +SKIP
        True
    """
    from .study.parallel import processors
    from .study.validate.run import validate as hold

    return hold(moments, people, seeds, threads or processors(), out, progress=progress)


def validate_list(*moments: str) -> list[dict[str, Any]]:
    """List the published figures, their bands, sources and halves; nothing runs."""
    from .study.validate.run import validate_list as listed

    return listed(moments)


def odd(*regimes: str, world: str = "county", out: str | Path | None = None) -> str:
    """Describe the model under some regimes by the ODD protocol, as Markdown made from declarations.

    Args:
        regimes: names or files, laid over one another; world: the spec of the society.
        out: a new file to write it to.

    Returns:
        The text, or the path written.

    Raises:
        InputError: rules or a world that do not exist, a file that stands there.
    """
    from .study.odd import odd as describe
    from .study.odd import write_odd

    return describe(regimes, world) if out is None else str(write_odd(regimes, world, out))


def _announce(job: Any, progress: Progress | None, since: str | None = None) -> None:
    """Say what is about to run, or from when it is kept."""
    from .study.words import title

    say = getattr(progress, "say", None)
    if say is not None:
        from . import __version__

        say(f"scslab {__version__} - synthetic people only\n{title(job)}")
        from .base.files import cache_dir
        from .base.jit import kernel_hash

        if since is not None:
            say(f"Simulated on {since} by this very version and kept on this machine; `scslab demo --fresh` simulates it again")
        elif next((cache_dir() / f"numba-{kernel_hash()}").rglob("*.nbi"), None) is None:
            say("Preparing the engine, once on this machine (some 10 s)")


__all__ = [
    "InputError", "Pair", "Problem", "bench", "contract", "contract_list", "demo", "diverge", "life", "list_mechanisms", "list_reforms",
    "list_regimes", "list_worlds", "load_regime", "mechanism_rows", "mechanism_show", "nearest", "odd", "open_run", "regime_check", "regime_diff",
    "regime_new", "regime_rows", "regime_schema", "regime_show", "replicate", "replicate_list", "report", "reproduce", "resume", "run", "showcase",
    "showcase_list", "validate", "validate_list", "verify", "verify_list", "world_check", "world_rows", "world_show",
]  # fmt: skip
