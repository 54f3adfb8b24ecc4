"""Commands beside the runs: bench, cite, odd."""

from __future__ import annotations

from ..base.errors import Problem
from . import arguments as given
from . import render


def bench(*, profile: given.Profile = False, json: given.Json = False, quick: given.Quick = False) -> None:
    """Measure the speed of this machine, in person-months per second."""
    with render.Progress(quiet=json) as progress:
        from scslab import api

        result = api.bench(profile=profile, quick=quick, progress=progress)
    render.show(result, json, render.document)


def odd(*regime: str, world: given.World = None, out: given.Out = None) -> None:
    """Describe the model under some regimes by the ODD protocol, as Markdown; tables are made from declarations.

    Args:
        regime: Names of regimes, or YAML files, laid over one another.
    """
    check = given.Check()
    for option, name in [*(("REGIME", one) for one in regime), ("--world", world), ("--out", out)]:
        check.filled(option, name)
    if not regime:
        check.problems.append(Problem("no regime is named", "REGIME", fix="For example `scslab odd court-list`; see `scslab regime list`"))
    check.done()
    from scslab import api

    if out is None:
        print(api.odd(*regime, world=world or "county"), end="")
    else:
        print(f"Wrote {api.odd(*regime, world=world or 'county', out=out)}")


def cite() -> None:
    """Print how to cite scslab."""
    from .. import __version__
    from ..store.cite import citation

    print(citation(__version__))
