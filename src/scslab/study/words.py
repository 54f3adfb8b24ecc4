"""Sentences about a run: its title, what every report must say, commands to try next."""

from __future__ import annotations

from ..base.months import month_text
from .job import Job

PLACES = {"county": "A county", "china-2020": "A China-like society"}


def title(job: Job) -> str:
    """Say in a sentence what was compared.

    Example: A county of 20,000 made-up people - rongcheng-2016 + court-list, against ordinary-law - 8 seeds, same luck in both worlds
    """
    place = PLACES.get(job.world, f"A world '{job.world}'")
    names = " + ".join(job.arms[1].regimes)
    reforms = sorted({reform for arm in job.arms for reform in arm.reforms})
    mended = f" (and with {', '.join(reforms)})" if reforms else ""
    what = "world" if job.draws else "seed"
    seeds = f"{len(job.seeds)} {what}" + ("s" if len(job.seeds) > 1 else "")
    same = "arms" if job.draws else "worlds"
    return f"{place} of {job.people:,} made-up people - {names}{mended}, against {job.arms[0].name} - {seeds}, same luck in all {same}"


def span(job: Job) -> str:
    """Say which months were measured, and what came before."""
    last = month_text(job.start + job.months - 1)
    return f"{month_text(job.start)} to {last}, after {job.warm_up} months under {job.arms[0].name}"


CAVEATS = (
    "Synthetic people: this is not an estimate of China or of any place, and nothing is scaled up to 1.4 billion.",
    "The same person in both worlds is a device for seeing the mechanism; only averages are claims.",
    "There is no national citizen score; most listings are court debts.",
    "Prices and wages are fixed (partial equilibrium): school places, public posts and a lender's budget are rationed, so a refused place goes to somebody.",
    "An introduction over a few years is a transient: read the months 1-12, 13-36 and the last 12 apart.",
    "Protected conduct means speech, petition, religion, assembly and association: constitution of the PRC 35, 36, 41; UDHR 18-20.",
)
"""What a result does not show; printed above every table of numbers."""
