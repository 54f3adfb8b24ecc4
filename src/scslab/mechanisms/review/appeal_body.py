"""A body that decides objections, with limited capacity and evidence that errs both ways (`review.appeal_body:BODY`)."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, duration, flag, probability, text
from ...engine.declare import Pool, mechanism
from ..kinds import CAUSE, EXCUSED, FAULT, GROUND, UNSOUND_FAULTS

UNSOUND = FAULT.codes(UNSOUND_FAULTS)
EXCUSES = CAUSE.codes(EXCUSED)
OVERTURNED, UNABLE = GROUND.code("overturned"), GROUND.code("unable")


class Params(Parameters):
    capacity = count("appeals decided a month", unit="per 10,000 persons")
    overturns_wrong = probability("share of appeals granted when the record behind the listing is unsound")
    overturns_right = probability("share of appeals granted when it is sound")
    hears_excuses = flag("illness, job loss and disaster count as a ground", default=False)
    sees_excuse = probability("share of true excuses that the papers prove (only if excuses are heard)")
    false_excuse = probability("share of appellants without excuse who are granted one (only if excuses are heard)")
    delay = duration("months from taking up an appeal to the decision")
    next_body = text("label of the body to which refused appellants may go on", default="")
    goes_on = probability("share of refused appellants who go on to the next body")


@mechanism(
    "review.appeal_body",
    on=Pool("appeals", capacity="capacity", match="body"),
    params=Params,
    draws=("overturn", "excuse", "go_on"),
    emits=("decisions", "removals", "appeals"),
    evidence=("fault", "cause"),
)
def appeal_body(appeals, cols, p, luck):
    """Decide appeals on evidence; those granted end the listing, or keep it from taking effect.

    Takes up at most capacity x population / 10,000 waiting appeals to it, the rest decided by a word. Granted when the evidence `fault` says unsound
    (word `overturn`: overturns_wrong for any fault, else overturns_right), ground overturned; or, where excuses are heard, when the evidence `cause`
    says illness, job loss or disaster (word `excuse`), ground unable. A granted appeal orders the removal of the entry it names. One refused goes on
    to next_body, if there is one, with chance goes_on (word `go_on`). All is due after `delay`.
    """
    wrong = appeals.evidence("fault", UNSOUND, luck, "overturn", p.overturns_wrong, p.overturns_right)
    excused = np.zeros(len(appeals), bool)
    if p.hears_excuses:
        excused = ~wrong & appeals.evidence("cause", EXCUSES, luck, "excuse", p.sees_excuse, p.false_excuse)
    due, granted = cols.month + p.delay, np.flatnonzero(wrong | excused)
    made = [appeals.emit("decisions", granted=wrong | excused, due=due)]
    made.append(appeals.emit("removals", parent=granted, ground=np.where(wrong[granted], OVERTURNED, UNABLE), due=due))
    if p.next_body:
        refused = np.flatnonzero(~wrong & ~excused)
        on = refused[luck.below("go_on", p.goes_on, refused)]
        made.append(appeals.emit("appeals", parent=on, body=cols.code(p.next_body), due=due))
    return made
