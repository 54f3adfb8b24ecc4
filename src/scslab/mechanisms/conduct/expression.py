"""Protected conduct: critical posts, petitions, public worship, assemblies (constitution of the PRC 35, 36, 41; UDHR 18-20).

The outspoken criticise and petition; worship and assembly in view of others need boldness. No group enters conduct.
"""

from __future__ import annotations

from ...base.parameters import Parameters, probability, yearly_rate
from ...engine.declare import Occasions, mechanism
from ..common import ALIVE, over_16, shares, unless_deterred
from ..kinds import CAUSE, PROTECTED

WILL = CAUSE.code("will")


class Params(Parameters):
    topics = yearly_rate("occasions to criticise authorities in public or online")
    critical_post = probability("share of those occasions at which the most outspoken person does")
    grievances = yearly_rate("grievances that could be carried to an authority")
    petition = probability("share of grievances that the most outspoken person petitions about")
    services = yearly_rate("occasions for religious practice that others can see")
    worship = probability("share of those occasions that the boldest person takes")
    gatherings = yearly_rate("occasions for a public assembly that nobody licensed")
    assembly = probability("share of those occasions that the boldest person takes")


@mechanism(
    "conduct.expression",
    on=(
        Occasions("critical_post", rate="topics", trait="persons.outspokenness", share=lambda p: shares(p.critical_post, "rising", 2), able=over_16),
        Occasions("petition", rate="grievances", trait="persons.outspokenness", share=lambda p: shares(p.petition, "rising", 2), able=over_16),
        Occasions("worship", rate="services", trait="persons.boldness", share=lambda p: shares(p.worship, "rising", 1), able=over_16),
        Occasions("assembly", rate="gatherings", trait="persons.boldness", share=lambda p: shares(p.assembly, "rising", 2), able=over_16),
    ),
    params=Params,
    reads=ALIVE,
    draws=("act",),
    emits=("acts",),
    quantities=("conduct.critical_post", "conduct.petition", "conduct.worship", "conduct.assembly"),
)
def expression(batch, cols, p, luck):
    """The outspoken criticise and petition, the bold worship and assemble, unless something makes them silent.

    From 16 on. The occasion is met with its rate x the share x rising outspokenness squared (posts, petitions), boldness (worship) or boldness
    squared (assemblies). Who meets it acts; where `conduct.KIND` is below 1, only if the word `act` is below it. The cause is will.
    """
    made = []
    for kind in PROTECTED:
        rows = getattr(batch, kind)
        made.append(rows.emit("acts", parent=unless_deterred(rows, cols, luck, f"conduct.{kind}"), cause=WILL))
    return made
