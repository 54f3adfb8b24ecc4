"""How to cite the laboratory, and a run made with it."""

from __future__ import annotations

import json

from .manifest import Manifest

TITLE = "scslab: a laboratory that simulates social credit systems on synthetic populations"
AUTHOR = "The scslab contributors"


def citation(version: str, manifest: Manifest | None = None) -> str:
    """Give a BibTeX entry; with a manifest, the note names the arms, the world and the digest of the run.

    Args:
        version: of scslab.
        manifest: of the run that is cited, if any.

    Example:
        >>> print(citation("0.1.0").splitlines()[0])
        @software{scslab,
    """
    note = "Synthetic people only"
    if manifest:
        arms = " against ".join(arm.name for arm in manifest.arms)
        seeds = len(manifest.luck_seeds)
        note += f"; {arms}; world {manifest.world}, {manifest.people:,} people, {manifest.months} months from {manifest.start}"
        note += f"; {seeds} seeds; digest {run_digest(manifest)}; {manifest.command}"
    entries = {"author": "{" + AUTHOR + "}", "title": TITLE, "version": version, "license": "Apache-2.0", "note": note}
    if manifest:
        entries["year"] = manifest.created[:4]
    return "@software{scslab,\n" + "".join(f"  {key} = {{{value}}},\n" for key, value in entries.items()) + "}"


def run_digest(manifest: Manifest) -> str:
    """Fold the digests of all replicates and arms into one short name for the run."""
    import hashlib

    return hashlib.sha256(json.dumps(manifest.digests, sort_keys=True).encode()).hexdigest()[:12]
