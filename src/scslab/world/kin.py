"""The network of kin, from who is whose mother, father and partner; symmetric by construction."""

from __future__ import annotations

import numpy as np

from .model import Network
from .people import Draft


def add_kin(draft: Draft) -> Network:
    """Collect partners, parents, children and siblings of everybody, the unborn included (they count from birth)."""
    from .kernels_kin import chain_children, kin_rows

    n, sex = len(draft.mother), draft.columns["persons.sex"]
    chains = [np.full(n, -1, np.int32) for _ in range(4)]
    chain_children(draft.mother, draft.father, *chains)
    offsets = np.zeros(n + 1, np.int64)
    empty, none = np.zeros(0, np.int32), np.zeros(0, np.uint8)
    people = (draft.partner, draft.mother, draft.father, sex, *chains)
    draft.spans(n, lambda lo, hi: kin_rows(lo, hi, *people, offsets, empty, none, False))
    np.cumsum(offsets, out=offsets)
    target, relation = np.empty(offsets[-1], np.int32), np.empty(offsets[-1], np.uint8)
    draft.spans(n, lambda lo, hi: kin_rows(lo, hi, *people, offsets, target, relation, True))
    return Network("csr", offsets.astype(np.int32 if offsets[-1] < 2**31 else np.int64), target, relation)
