"""Recorders: mechanisms of the phase 'measure'. They read everything, change nothing, and add to tallies."""
