"""Searches for what authorities do not like to be looked for: lawful, and made the more often the more outspoken a person is."""

from __future__ import annotations

from types import SimpleNamespace

from ...base.parameters import Parameters, probability, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, over_14, shares
from ..everyday import acts_of


class Params(Parameters):
    questions = yearly_rate("occasions to look for something sensitive online")
    searches = probability("share of those occasions at which the most outspoken person does")


@mechanism(
    "conduct.searches",
    on=Occasions("sensitive_search", rate="questions", trait="persons.outspokenness", share=lambda p: shares(p.searches, "rising"), able=over_14),
    params=Params,
    reads=ALIVE,
    draws=("act",),
    emits=("acts",),
    quantities=("conduct.sensitive_search",),
)
def searches(batch, cols, p, luck):
    """People look for sensitive things, unless something makes them careful.

    From 14 on. The occasion is met with its rate x the share x rising outspokenness. Who meets it acts; where `conduct.sensitive_search` is
    below 1, only if the word `act` is below it. The cause is will.
    """
    return acts_of(SimpleNamespace(sensitive_search=batch), cols, luck, ("sensitive_search",))
