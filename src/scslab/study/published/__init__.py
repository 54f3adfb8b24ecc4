"""Published models built again from their equations, with the lab's own mechanisms, and compared with what their authors found.

Not to be confused with `study/replicate.py`, which runs one seed of a study.

| module | holds |
|---|---|
| `registry` | what a model declares: source, equations, how the lab expresses it, deviations, targets |
| `run` | models run and judged, as rows of a table: `scslab replicate` |
| `page` | the same declarations as a page of the docs |
| `models/` | one file a model; every module there registers itself |
"""

from .registry import Deviation, Measured, Model, Target, model_names, published, registered

__all__ = ["Deviation", "Measured", "Model", "Target", "model_names", "published", "registered"]
