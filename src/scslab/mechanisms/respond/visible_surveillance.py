"""Surveillance that everybody sees makes everybody more careful, whether they know of any rule or not."""

from __future__ import annotations

from ...base.parameters import Parameters, names, share
from ...engine.declare import Modifies, mechanism
from ..kinds import KIND, PROTECTED, SETTING
from ..restraint import kind_of

CHILLED = tuple(f"conduct.{name}" for name in (*PROTECTED, "sensitive_search"))


class Params(Parameters):
    kinds = names("kinds of acts that it holds back", KIND, codes=True)
    chill = share("share of those acts that it holds back; 0 = none", by=SETTING)


@mechanism("respond.visible_surveillance", on=Modifies(CHILLED), params=Params, reads=("persons.place", "places.urban"))
def visible_surveillance(quantity, subjects, cols, p):
    """Where cameras and patrols are seen, people hold back.

    1 - chill by setting of the person's place (in 2^-16, rounded down); only kinds named.
    """
    if not len(subjects) or not p.chill.any() or kind_of(quantity) not in p.kinds:
        return None
    return (1 << 16) - (p.chill[cols.places.urban[cols.persons.place[subjects]]] >> 15)
