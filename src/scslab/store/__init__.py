"""Run folders: a manifest, Parquet tables, and DuckDB to read them. Knows nothing of simulation.

| file | holds |
|---|---|
| `run.json` | the manifest (`manifest.Manifest`): everything that reproduces the run |
| `arms/NAME.yaml` | the regime of each arm, as compiled |
| `outcomes.parquet` | tidy results: arm, seed, month, group, level, outcome, value |
| `people.parquet` | attributes of the panel's persons |
| `events/seed-NNNN.parquet` | the ledger, sorted by subject and month |
| `worlds.parquet`, `world_outcomes.parquet`, `tornado.parquet` | runs over worlds: draws, outcomes, strongest inputs |
| `report.html` | the report |
"""

from .cite import citation
from .folder import RunFolder, open_run
from .manifest import Arm, Manifest, read_manifest, write_manifest
from .tables import Table, read_table, write_table
from .write import write_arm, write_events, write_outcomes, write_people

__all__ = [
    "Arm", "Manifest", "RunFolder", "Table", "citation", "open_run", "read_manifest", "read_table", "write_arm", "write_events",
    "write_manifest", "write_outcomes", "write_people", "write_table",
]
