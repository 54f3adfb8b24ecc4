"""Due process: notices, appeals, decisions; the work behind a reform's price."""

from __future__ import annotations

from ...engine.declare import Rows, mechanism
from ..wrongfulness import OWN_RULES, is_unsound


@mechanism(
    "measure.procedure",
    on=(Rows("notices"), Rows("appeals"), Rows("decisions")),
    tallies=("notices", "appeals", "decisions", "decisions_granted", "decisions_granted_sound"),
)
def procedure(batch, cols, p, luck):
    """Count notices, appeals and decisions, and how many decisions freed somebody whose record was sound."""
    made = [rows.tally(name) for name, rows in (("notices", batch.notices), ("appeals", batch.appeals)) if len(rows)]
    decided = batch.decisions
    if len(decided):
        granted = decided.granted > 0
        made += [decided.tally("decisions"), decided.tally("decisions_granted", granted)]
        made.append(decided.tally("decisions_granted_sound", granted & ~is_unsound(decided, OWN_RULES)))
    return made
