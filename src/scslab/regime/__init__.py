"""What the rules say: strict YAML to immutable, content-hashed regimes of dated, sourced numbers; knows no persons.

| module | holds |
|---|---|
| `clauses` | Clause, Series: what one rule states, and the parameters it compiles to |
| `model` | Regime, Block: clauses under one name, compiled for a month |
| `values`, `read` | YAML nodes to clauses, every problem at its line |
| `library` | finding and loading files, parents merged in |
| `overlay` | combining regimes, reforms, freezing at a date |
| `inline` | plain numbers laid over a regime, graded invented |
| `canon`, `draws` | clauses as plain data and its hash; numbers replaced within their ranges |
| `differences` | what differs between two regimes |
| `rules` | how each rule stands |
| `schema` | JSON Schema and the skeleton of a new file |
"""

from .differences import DiffRow, diff
from .library import check_file, list_reforms, list_regimes, load_reform, load_regime
from .model import Block, NumberRow, Regime
from .overlay import Reform, apply_reforms, combine
from .rules import RuleRow, rule_rows
from .schema import json_schema, new_regime_text

__all__ = [
    "Block", "DiffRow", "NumberRow", "Reform", "Regime", "RuleRow", "apply_reforms", "check_file", "combine", "diff", "json_schema",
    "list_reforms", "list_regimes", "load_reform", "load_regime", "new_regime_text", "rule_rows",
]  # fmt: skip
