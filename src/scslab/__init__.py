"""A laboratory that simulates social credit systems on synthetic populations and measures what they do to a society.

Synthetic people only: there is no importer for real persons, and no interface by which a score could reach anybody.
Importing the package is cheap: the engine and the database load when first used.

Example:
    >>> import scslab
    >>> pair = scslab.run("rongcheng-2016", people=20_000, months=60, seeds=8)  # doctest: +SKIP
    >>> pair.effects(by="income_quintile")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .api import InputError, Pair, list_reforms, list_regimes, list_worlds, load_regime, open_run, run

__all__ = ["InputError", "Pair", "__version__", "list_reforms", "list_regimes", "list_worlds", "load_regime", "open_run", "run"]


def __getattr__(name: str) -> Any:
    """Fetch a public name from `scslab.api` when it is first asked for."""
    if name in __all__:
        from . import api

        return getattr(api, name)
    raise AttributeError(f"module 'scslab' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
