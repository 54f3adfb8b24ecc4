"""Help among peers: encounters, and those in which help was given."""

from __future__ import annotations

from ...engine.declare import Rows, mechanism


@mechanism("measure.peer_help", on=Rows("encounters"), tallies=("encounters", "encounters_helped"))
def peer_help(met, cols, p, luck):
    """Count encounters and help, by the one who could help."""
    return [met.tally("encounters"), met.tally("encounters_helped", met.helped > 0)]
