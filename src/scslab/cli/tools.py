"""Commands beside the runs: bench, cite."""

from __future__ import annotations

from . import arguments as given


def bench(*, profile: given.Profile = False, json: given.Json = False, quick: given.Quick = False) -> None:
    """Measure the speed of this machine, in person-months per second."""
    from .render import Progress, document, print_json, screen

    with Progress(quiet=json) as progress:
        from scslab import api

        result = api.bench(profile=profile, quick=quick, progress=progress)
    if json:
        print_json(result)
    else:
        document(screen(), result)


def cite() -> None:
    """Print how to cite scslab."""
    from .. import __version__
    from ..store.cite import citation

    print(citation(__version__))
