"""The showcase: one row per system, with what it should do said before any run, what it did, and an arm in which it does nothing.

| module | holds |
|---|---|
| `rows` | a row as a file says it, strictly read |
| `arms` | from a row to a job: regimes combined, reforms applied, numbers laid over |
| `judge` | found directions and levels beside the expected ones; whether the null arm differs |
| `run` | rows run one after another, as rows of a table |
"""

from .rows import Row, load_row, row_names

__all__ = ["Row", "load_row", "row_names"]
