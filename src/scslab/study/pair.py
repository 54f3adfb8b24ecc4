"""A finished run, opened: effects, lives, events, report. What `scslab.run` returns."""

from __future__ import annotations

import html
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ..base.errors import InputError, Problem
from ..base.files import write_text
from ..measure.outcomes import PRIMARY
from ..measure.worlds import is_worlds
from ..store import Manifest, citation, open_run
from .results import Results, Row
from .words import title


class Effects(list[Row]):
    """Rows of effects that print as a table in a notebook."""

    COLUMNS = ("arm", "outcome", "group", "with", "without", "difference", "low", "high", "clear", "in_worlds", "label", "note")

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{c}</th>' for c in self.COLUMNS)
        body = "".join("<tr>" + "".join(f"<td>{html.escape(_cell(row.get(c)))}</td>" for c in self.COLUMNS) + "</tr>" for row in self)
        return f"<table><caption>Synthetic people only</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: Any) -> str:
    return "" if value is None else f"{value:,.2f}" if isinstance(value, float) else str(value)


class Events:
    """The ledger of a run, asked in SQL."""

    def __init__(self, folder: Any) -> None:
        self._folder = folder

    def sql(self, query: str) -> dict[str, np.ndarray]:
        """Ask one SELECT over the views events, outcomes and people.

        Example:
            >>> pair.events.sql("select instance, count(*) n from events group by all")  # doctest: +SKIP
        """
        return self._folder.sql(query)


class Pair:
    """A run of one regime beside its comparator (and reforms beside both).

    Args:
        path: a run folder.

    Raises:
        InputError: no such folder, or no finished run.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._folder = open_run(self.path)
        self.manifest: Manifest = self._folder.manifest

    @cached_property
    def results(self) -> Results:
        """The counters by arm, seed, month and cell."""
        return Results.load(self.path)

    @cached_property
    def events(self) -> Events:
        """The ledger."""
        return Events(self._folder)

    def effects(self, by: str | None = None, arm: str | None = None, against: str | None = None, window: str | None = "all") -> Effects:
        """Give outcomes with and without the rules, with intervals.

        Args:
            by: income_quintile, sex, age_band, urban or hukou; None for everybody.
            arm, against: default the regime and the comparator. window: 'all', 'months 1-12', 'months 13-36' or 'last 12'.
        """
        return Effects(self.results.effects(by, arm, against, window))

    def moves(self, arm: str | None = None, window: str | None = "all") -> Effects:
        """Give the mobility matrix of an arm's ledger: persons by grade in one January and in the next, and their share of the row.

        Args:
            arm: default the regime; window: as for `effects`.
        """
        return Effects(self.results.moves(arm, window))

    def life(self, person: int, seed_index: int = 0) -> Any:
        """Follow one made-up person through the arms; someone outside the panel is run again, which is exact."""
        from .life import Life

        return Life.of(self.path, person, seed_index)

    def to_df(self, table: str = "outcomes") -> Any:
        """Give a table (outcomes, events, people, worlds, world_outcomes, tornado) as a pandas data frame.

        Raises:
            InputError: pandas is not installed.
        """
        return _frame("pandas")(self._folder.table(table))

    def to_polars(self, table: str = "outcomes") -> Any:
        """Give a table as a polars data frame."""
        return _frame("polars")(self._folder.table(table))

    def to_xarray(self) -> Any:
        """Give the counters as an xarray Dataset over arm, seed, month and cell."""
        xarray = _library("xarray")
        r = self.results
        seeds = sorted(r.tallies[r.arms[0]])
        names = sorted({n for arm in r.tallies.values() for seed in arm.values() for n in seed})
        blank = np.zeros_like(r.people[0])
        dims = ("arm", "seed", "month", "cell")
        stacked = {n: (dims, np.array([[r.tallies[a][s].get(n, blank) for s in seeds] for a in r.arms])) for n in names}
        return xarray.Dataset(stacked, coords={"arm": r.arms, "seed": seeds})

    def cite(self) -> str:
        """Give the citation of the software and of this run."""
        return citation(self.manifest.scslab, self.manifest)

    def report(self, out: str | Path | None = None) -> Path:
        """Write the report again: one HTML file that opens offline.

        Raises:
            InputError: `out` is a folder.
        """
        from .kept import job_of
        from .summary import report_html

        job_of(self.path)
        path = Path(out) if out is not None else self.path / "report.html"
        if path.is_dir():
            raise InputError(Problem(f"'{path}' is a folder", fix="Name a file, for example report.html"))
        write_text(path, report_html(self.results, self.manifest, self.path))
        return path

    def summary(self) -> dict[str, Any]:
        """Give what the command line prints."""
        from .summary import summary

        return summary(self)

    def _repr_html_(self) -> str:
        rows = Effects(row for row in self.effects() if row["outcome"] in PRIMARY)
        from .kept import job_of

        return f"<p><b>{html.escape(title(job_of(self.path)))}</b></p>{rows._repr_html_()}"

    def __repr__(self) -> str:
        arms = ", ".join(self.results.arms)
        what = "worlds" if is_worlds(self.results.label) else "seeds"
        return f"<run '{self.path}': {arms}; {self.manifest.people:,} synthetic people, {len(self.manifest.luck_seeds)} {what}>"

    def __rich__(self) -> str:
        return repr(self)


def _library(name: str) -> Any:
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise InputError(Problem(f"{name} is not installed", fix=f"pip install {name}")) from error


def _frame(name: str) -> Any:
    return _library(name).DataFrame
