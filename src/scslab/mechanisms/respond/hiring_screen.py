"""Employers who fear for their own grade look at lists before they hire: at the applicant's name, and at those of the applicant's kin."""

from __future__ import annotations

import numpy as np

from ...base.parameters import FACTOR_ONE, Parameters, factor
from ...engine.declare import Modifies, mechanism


class Params(Parameters):
    own = factor("multiplies the chance of finding work for who is on a list; 1 = no change")
    kin = factor("multiplies it for who has listed kin and is on no list; 1 = no change")


@mechanism("respond.hiring_screen", on=Modifies(("work.find",)), params=Params, reads=("persons.listed",), networks=("kin",))
def hiring_screen(quantity, subjects, cols, p):
    """The listed, and the kin of the listed, find work more slowly.

    `own` for the listed, else `kin` where some relative is on a list.
    """
    found = np.where(cols.persons.listed[subjects] > 0, p.own, FACTOR_ONE)
    if p.kin != FACTOR_ONE:
        at, relative, _ = cols.networks.kin.expand(subjects)
        near = np.zeros(len(subjects), bool)
        near[at[cols.persons.listed[relative] > 0]] = True
        found[near & (cols.persons.listed[subjects] == 0)] = p.kin
    return found
