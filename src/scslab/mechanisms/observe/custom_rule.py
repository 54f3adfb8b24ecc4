"""A rule against the customs of one group (`observe.custom_rule`): observers look at members only, neighbours are paid to report them.

The group is the neutral label that the world draws by hash from nothing; it has no name and enters no conduct. Paid reporters also report members who
did nothing, and now and then take somebody else for a member. Off in every documented regime.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import Parameters, choice, factor, names, probability, yearly_rate
from ...engine.declare import Occasions, Rows, mechanism, table
from ..common import ALIVE, of_place, over_14, thinned
from ..kinds import FAULT, KIND, SENSOR
from ..tables import TRUTH

MEMBER = 8
"""Bit of `persons.role`: the neutral label."""
INFORMER, SOUND, MISATTRIBUTED, GRUDGE = SENSOR.code("informer"), FAULT.code("sound"), FAULT.code("misattributed"), FAULT.code("grudge")

table("custom_reports", {"false": "uint8"}, TRUTH, "Somebody is reported for keeping a custom.", event="is reported for {kind}")


class Params(Parameters):
    kinds = names("kinds of acts that are reported when a member does them", KIND, codes=True)
    reported = probability("share of those acts that somebody reports, without a reward")
    pull = factor("multiplies that share where reports are paid, and the false ones; 1 = no reward")
    mistakes = probability("share of reports that name another person of the place, member or not", errorless=0)
    false_reports = yearly_rate("reports of members who did nothing, per member, at a pull of 1", errorless=0)
    named_as = choice("kind of act that those are reported for", KIND.names)


@mechanism(
    "observe.custom_rule",
    on=(
        Rows("acts", kinds="kinds"),
        Occasions("grudge", rate="false_reports", trait="persons.role", share=lambda p: np.where(np.arange(256) & MEMBER, ONE, 0), able=over_14),
    ),
    params=Params,
    reads=(*ALIVE, "persons.role", "persons.place", "places.start"),
    draws=("report", "mistake", "victim"),
    emits=("observations", "custom_reports"),
)
def custom_rule(batch, cols, p, luck):
    """Members are reported for what others may do, and for what they did not do.

    Members have bit 8 of `role`. An act of a member is reported if the word `report` is below reported x pull, for another person of the place (word
    `victim`) if `mistake` is below mistakes. Members from 14 on who meet the occasion `grudge` are reported too, for `named_as`, as a grudge.
    """
    acts, accused = batch.acts, batch.grudge
    made = _kept(acts, cols, p, luck) if len(acts) else []
    if len(accused):
        told = {"kind": KIND.code(p.named_as), "true_actor": accused.subject, "fault": GRUDGE}
        made += [accused.emit("observations", sensor=INFORMER, **told), accused.emit("custom_reports", false=1, **told)]
    return made


def _kept(acts, cols, p, luck):
    """Report acts of members; some reports name somebody else."""
    at = np.flatnonzero(cols.persons.role[acts.subject] & MEMBER > 0)
    at = at[luck.of(acts).below("report", thinned(p.reported, p.pull), at)]
    actor = acts.subject[at]
    wrong = luck.of(acts).below("mistake", p.mistakes, at)
    subject, hit = actor.copy(), np.flatnonzero(wrong)
    subject[hit] = cols.pick(*of_place(cols, actor[hit]), luck.key("victim"), acts.id[at[hit]], actor[hit])
    kept = subject >= 0
    told = {"subject": subject[kept], "parent": at[kept], "true_actor": actor[kept], "fault": np.where(wrong, MISATTRIBUTED, SOUND)[kept]}
    return [acts.emit("observations", sensor=INFORMER, **told), acts.emit("custom_reports", false=wrong[kept], **told)]
