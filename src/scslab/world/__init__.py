"""Who exists: synthetic people, households, places, firms and ties, made from published marginals or from abstract rules.

Modules: `spec` reads the YAML, `tables` compiles it to integers, `people` lays out households and kin, `persons`, `work`, `income`
and `demography` add columns, `friends` and `kin` add networks, `abstract` makes worlds without a file, `cache` keeps worlds, `check`
compares them with the published numbers, `model` holds the result. `kernels_*` and `permute` need numba and are imported when used.
"""

from .build import build_world
from .check import check_world
from .model import RELATIONS, Network, World
from .spec import Spec, list_worlds, load_spec

__all__ = ["RELATIONS", "Network", "Spec", "World", "build_world", "check_world", "list_worlds", "load_spec"]
