"""Parquet tables as dicts of NumPy arrays; DuckDB does the reading and writing, one thread, so that the bytes are the same every time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..base.errors import InputError, Problem, ScslabError
from ..base.files import replacing

if TYPE_CHECKING:
    import duckdb

Table = dict[str, np.ndarray]
"""Columns by name, all of one length."""

_SQL_TYPES = {
    "bool": "BOOLEAN", "int8": "TINYINT", "int16": "SMALLINT", "int32": "INTEGER", "int64": "BIGINT", "uint8": "UTINYINT",
    "uint16": "USMALLINT", "uint32": "UINTEGER", "uint64": "UBIGINT", "float32": "FLOAT", "float64": "DOUBLE", "object": "VARCHAR",
}


def write_table(path: Path | str, columns: Mapping[str, Any]) -> None:
    """Write columns as one Parquet file, whole or not at all; the same columns give the same bytes.

    Args:
        path: the file; one that exists is replaced.
        columns: arrays of one length by name: integers, floats, booleans or text. A NaN is kept as a missing value.

    Raises:
        InputError: columns of different lengths, or of a type that has no column here.
        ScslabError: the folder is read-only or the disk is full.

    Example:
        >>> import tempfile
        >>> file = tempfile.mkdtemp() + "/t.parquet"
        >>> write_table(file, {"arm": np.array(["a", "b"]), "value": np.array([1, 2], dtype=np.int32)})
        >>> read_table(file)["value"].tolist()
        [1, 2]
    """
    table = {name: _writable(name, values) for name, values in columns.items()}
    if not table:
        raise InputError(Problem(f"a table without columns for '{path}'"))
    lengths = {name: len(values) for name, values in table.items()}
    if len(set(lengths.values())) > 1:
        raise InputError(Problem(f"columns of different lengths for '{path}': {lengths}"))
    selected = ", ".join(f"{quoted(name)}::{_SQL_TYPES[values.dtype.name]} AS {quoted(name)}" for name, values in table.items())
    with replacing(path) as temporary, explained_database(path), connection() as database:
        database.register("written", table)
        database.execute(f"COPY (SELECT {selected} FROM written) TO {text(temporary)} (FORMAT parquet, COMPRESSION zstd)")


def read_table(path: Path | str) -> Table:
    """Read a Parquet file into arrays; text becomes fixed-width unicode, a missing float NaN, another missing value a masked entry.

    Raises:
        InputError: the file is missing, or is not whole Parquet.
    """
    if not Path(path).is_file():
        raise InputError(Problem(f"'{path}' does not exist", fix="Is the folder whole?"))
    with explained_database(path), connection() as database:
        return arrays(database.execute(f"SELECT * FROM read_parquet({text(path)})"))


def arrays(result: Any) -> Table:
    """Fetch a query's result as arrays, in its order.

    Args:
        result: what DuckDB's `execute` returned.
    """
    return {name: _plain(values) for name, values in result.fetchnumpy().items()}


@contextlib.contextmanager
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database in memory that fetches nothing from the network; DuckDB is imported here, when first needed."""
    import duckdb

    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1, "preserve_insertion_order": True, "autoinstall_known_extensions": False, "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }
    database = duckdb.connect(":memory:", config=settings)
    try:
        yield database
    finally:
        database.close()


@contextlib.contextmanager
def explained_database(path: Path | str) -> Iterator[None]:
    """Turn DuckDB's errors about a file into ours."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        words = first_line(error)
        if "No space left" in words:
            full = Problem(f"cannot write '{path}'", why="the disk is full", fix="Free some space or choose another folder")
            raise ScslabError(full) from error
        if isinstance(error, duckdb.IOException) and ("Cannot open" in words or "Permission" in words or "Read-only" in words):
            raise ScslabError(Problem(f"cannot open '{path}'", why=words)) from error
        fix = "The file is damaged or was not written by scslab"
        raise InputError(Problem(f"'{path}' cannot be read as a table", why=words, fix=fix)) from error


def first_line(error: Exception) -> str:
    """Take the first line of an error, without a final stop."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def quoted(name: str) -> str:
    """Quote a column's name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def text(value: Path | str) -> str:
    """Quote text for SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def _writable(name: str, values: Any) -> np.ndarray:
    array = np.ma.getdata(values) if not np.ma.is_masked(values) else values
    array = np.asarray(array) if not isinstance(array, np.ndarray) else array
    if array.ndim != 1:
        raise InputError(Problem(f"column '{name}' has {array.ndim} dimensions", why="a column has one"))
    if array.dtype.kind == "U":
        return array.astype(object)
    if array.dtype.kind == "O" and all(isinstance(value, str) for value in array):
        return array
    if array.dtype.name not in _SQL_TYPES or array.dtype.kind == "O" or np.ma.isMaskedArray(array):
        kind = "a column with missing entries" if np.ma.isMaskedArray(array) else f"type {array.dtype}"
        raise InputError(Problem(f"column '{name}' cannot be written: {kind}", why="a column holds integers, floats, booleans or text"))
    return np.ascontiguousarray(array.astype(array.dtype.newbyteorder("="), copy=False))


def _plain(values: np.ndarray) -> np.ndarray:
    if np.ma.isMaskedArray(values):
        if not np.ma.is_masked(values):
            values = np.ma.getdata(values)
        elif values.dtype.kind == "f":
            return np.ma.filled(values, np.nan)
        else:
            return values
    if values.dtype.kind == "O" and all(isinstance(value, str) for value in values):
        return values.astype(str)
    return values
