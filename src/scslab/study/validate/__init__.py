"""Published figures held against what a dated regime gives: bands, halves (tuned to, held out), misses said openly.

| module | holds |
|---|---|
| `figures` | the figures as their file says them, strictly read |
| `judge` | where a simulated value lies beside its band |
| `run` | the job, its results, the table, a folder to keep |
"""

from .figures import FIGURES, Figure, Moments, load_moments

__all__ = ["FIGURES", "Figure", "Moments", "load_moments"]
