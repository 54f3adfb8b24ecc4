"""Posts in the public service: rationed; an applicant under the measure is refused, and the post goes to a rival."""

from __future__ import annotations

import numpy as np

from ...base.exact import places_this_month
from ...base.parameters import Parameters, factor
from ...engine.declare import Pool, mechanism
from ..common import EVERYBODY, barred, ration
from ..kinds import MEASURE

PUBLIC_JOB = MEASURE.code("public_job")


class Params(Parameters):
    posts = factor("public posts filled", unit="posts a month per 10000")
    everybody = EVERYBODY


@mechanism(
    "outcome.public_jobs",
    on=Pool("post_requests", capacity="everybody"),
    params=Params,
    stores=("burdens", "kin_burdens"),
    draws=("order", "round"),
    emits=("refusals", "gains", "jobs"),
)
def public_jobs(asked, cols, p, luck):
    """Public posts go to applicants in keyed order; those barred are refused and a rival gains the post.

    All applications, in order of the word `order`, then id; posts x population / 10,000 places, the rest of the division decided by the word `round`
    of id 0. Barred applicants are refused, the place goes to the next in order: a gain where that one stands behind as many as there are places. Who
    is placed gets a row in jobs, gained 1.
    """
    blocked, basis = barred(cols, asked.subject, PUBLIC_JOB)
    posts = places_this_month(p.posts, cols.people, luck.at("round", np.zeros(1, np.int64))[0])
    placed, gained = ration(luck.order, asked.id, blocked, posts)
    refused = asked.emit("refusals", parent=np.flatnonzero(blocked), measure=PUBLIC_JOB, basis=basis[blocked])
    won = asked.emit("gains", parent=np.flatnonzero(gained), measure=PUBLIC_JOB)
    return [refused, won, asked.emit("jobs", parent=np.flatnonzero(placed), gained=1, cause=0)]
