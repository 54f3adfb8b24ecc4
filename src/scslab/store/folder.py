"""A run folder, opened for reading: its manifest, its tables, and SQL over them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from ..base.errors import InputError, Problem, nearest
from .manifest import Manifest, read_manifest
from .tables import Table, arrays, connection, explained_database, first_line, read_table, text

VIEWS = {
    "outcomes": "outcomes.parquet", "people": "people.parquet", "events": "events/*.parquet", "worlds": "worlds.parquet",
    "world_outcomes": "world_outcomes.parquet", "tornado": "tornado.parquet",
}  # fmt: skip
"""Tables that `sql` can name, and the files behind them."""

SHORT = {"rule": ("instance", "instance"), "truth": ("fault", "CASE WHEN fault >= 0 THEN fault = 0 END")}
"""Columns that views have besides what is kept: from which column, and how."""


class RunFolder:
    """A run on disk. Nothing here writes.

    Args:
        path: the folder.

    Example:
        >>> run = open_run("demo-run")  # doctest: +SKIP
        >>> run.sql("select outcome, sum(value) total from outcomes group by all")["total"]  # doctest: +SKIP
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    @cached_property
    def manifest(self) -> Manifest:
        """The manifest, read when first asked for."""
        return read_manifest(self.path)

    @property
    def tables(self) -> list[str]:
        """Names of the tables this run holds: `events` is absent when none were kept."""
        return [name for name, pattern in VIEWS.items() if any(self.path.glob(pattern))]

    def table(self, name: str) -> Table:
        """Read a whole table: `outcomes`, `people` or `events` (all seeds, in order).

        Raises:
            InputError: no such table here.
        """
        self._check(name)
        if name != "events":
            return read_table(self.path / VIEWS[name])
        return self.sql("SELECT * FROM events")

    def events_of(self, person: int, seed_index: int = 0) -> Table:
        """Read the ledger of one person; the file is sorted by subject, so little of it is touched.

        Raises:
            InputError: this run kept no events for that seed.
        """
        path = self.path / "events" / f"seed-{seed_index:04d}.parquet"
        if not path.is_file():
            raise InputError(Problem(f"'{self.path}' keeps no events of seed index {seed_index}",
                                     fix=f"It has {len(self.manifest.luck_seeds)} seeds, and events are '{self.manifest.events}'"))
        with explained_database(path), connection() as database:
            return arrays(database.execute(f"SELECT * FROM read_parquet({text(path)}) WHERE subject = ?", [int(person)]))

    def arm_yaml(self, name: str) -> str:
        """Read the regime of one arm as it was compiled.

        Raises:
            InputError: no such arm, or its file is gone.
        """
        path = self.path / "arms" / f"{self.manifest.arm(name).name}.yaml"
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(Problem(f"'{path}' cannot be read", why=str(error), fix="The folder is damaged")) from error

    def sql(self, query: str) -> Table:
        """Ask one SELECT over the views `outcomes`, `people` and `events`; files outside the folder cannot be reached.

        Events have, besides what is kept, `rule` (the instance that made the row) and `truth` (is it sound? null where a row cannot be wrong).

        Raises:
            InputError: the query is wrong, or is not a single SELECT.
        """
        import duckdb

        with connection() as database:
            for name in self.tables:
                with explained_database(self.path / VIEWS[name]):
                    source = f"read_parquet({text(self.path / VIEWS[name])})"
                    has = {str(row[0]) for row in database.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
                    more = "".join(f", {words} AS {short}" for short, (column, words) in SHORT.items() if column in has and short not in has)
                    database.execute(f"CREATE VIEW {name} AS SELECT *{more} FROM {source}")
            database.execute(f"SET allowed_directories = [{text(self.path)}]")
            database.execute("SET enable_external_access = false")
            database.execute("SET lock_configuration = true")
            try:
                statements = database.extract_statements(query)
                allowed = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)
                if len(statements) != 1 or statements[0].type not in allowed:
                    raise InputError(Problem("only one SELECT can be asked", why="a run folder is never changed"))
                return arrays(database.execute(statements[0]))
            except duckdb.CatalogException as error:
                raise InputError(Problem(first_line(error), fix=f"Tables here: {', '.join(self.tables) or 'none'}")) from error
            except duckdb.Error as error:
                fix = "`select * from events limit 1` shows the columns of a table" if isinstance(error, duckdb.BinderException) else ""
                raise InputError(Problem("the query failed", why=first_line(error), fix=fix)) from error

    def _check(self, name: str) -> None:
        if name not in VIEWS:
            raise InputError(Problem(f"there is no table '{name}'", fix=nearest(name, VIEWS)))
        if name not in self.tables:
            raise InputError(Problem(f"'{self.path}' holds no {name}", fix=f"Tables here: {', '.join(self.tables) or 'none'}"))

    def __repr__(self) -> str:
        return f"RunFolder('{self.path}')"


def open_run(path: Path | str) -> RunFolder:
    """Open a run folder and check its manifest.

    Raises:
        InputError: missing, damaged or newer than this scslab.
    """
    folder = RunFolder(path)
    _ = folder.manifest
    return folder
