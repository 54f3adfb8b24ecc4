"""Cameras: coverage by setting, sensitivity, misattribution to another person of the place, an optional human look.

Two forms of coverage: `afresh` places each act in view or not by itself; `lasting` lets each person's ways lead past cameras or not, for
good, so that as many acts are seen but of fewer persons.
"""

from __future__ import annotations

import numpy as np

from ...base.luck import ONE
from ...base.parameters import Parameters, choice, flag, names, probability
from ...engine.declare import Rows, mechanism
from ..common import lasting, of_place
from ..kinds import FAULT, KIND, SENSOR, SETTING

CAMERA = SENSOR.code("camera")
SOUND, MISATTRIBUTED = FAULT.code("sound"), FAULT.code("misattributed")


class Params(Parameters):
    form = choice("whether each act is in view or not by itself, or a person's acts are in view for good or never", ("afresh", "lasting"), default="afresh")
    where_kept = flag("only in places where a ledger is kept (`record.enrolment`), from the month after it begins", default=False)
    kinds = names("kinds of acts that cameras can see", KIND, codes=True)
    coverage = probability("share of acts that happen in view of a camera", by=SETTING)
    sensitivity = probability("share of acts in view that raise an alert")
    misattribution = probability("share of alerts that name another person of the place", errorless=0)
    look_drops_wrong = probability("share of wrong names that a human look removes (0 = no human look)")
    look_drops_right = probability("share of right names that a human look removes by mistake")


@mechanism(
    "observe.camera",
    on=Rows("acts", kinds="kinds", prune=(("view", lambda p: p.coverage.max() if p.form == "afresh" else ONE), ("see", lambda p: p.sensitivity))),
    params=Params,
    reads=("persons.place", "places.urban", "places.start", "places.ledger"),
    draws=("view", "see", "blame", "victim", "look", "ways"),
    emits=("observations",),
)
def camera(acts, cols, p, luck):
    """Cameras see some acts and blame some people who did nothing.

    An act is in view by the word `view`, or by the actor's lasting word `ways`, against coverage by setting of the actor's place; seen by `see`;
    blamed on another person of that place (`victim`, drawn by the act's id; nobody where there is none) by `blame`; struck out by `look`, with
    look_drops_wrong or look_drops_right. The fault is misattributed where another is named, else sound. With where_kept, no act is in view except in
    places where a ledger is kept.
    """
    place = cols.persons.place[acts.subject]
    in_view = p.coverage[cols.places.urban[place]]
    in_view = in_view * cols.places.ledger[place] if p.where_kept else in_view
    seen = np.flatnonzero(luck.below("view", in_view) if p.form == "afresh" else lasting(luck, "ways", acts.subject) < in_view)
    seen = seen[luck.below("see", p.sensitivity, seen)]
    actor = acts.subject[seen]
    wrong = luck.below("blame", p.misattribution, seen)
    subject = actor.copy()
    at = np.flatnonzero(wrong)
    subject[at] = cols.pick(*of_place(cols, actor[at]), luck.key("victim"), acts.id[seen[at]], actor[at])
    kept = subject >= 0
    kept &= ~luck.below("look", np.where(wrong, p.look_drops_wrong, p.look_drops_right), seen)
    fault = np.where(wrong, MISATTRIBUTED, SOUND)
    return acts.emit("observations", subject=subject[kept], parent=seen[kept], sensor=CAMERA, true_actor=actor[kept], fault=fault[kept])
