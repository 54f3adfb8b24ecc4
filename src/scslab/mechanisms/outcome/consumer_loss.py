"""Unsafe and counterfeit goods harm customers of the firm's place, for as long as the breach lasts."""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, factor, yuan
from ...engine.declare import Each, mechanism
from ..common import ALIVE, between, living
from ..firms import BREACH, breach_of, in_business

MOST = 200
"""Harmed customers of one breach in a month beyond this are not counted."""


class Params(Parameters):
    harmed = factor("customers harmed in a month by a breach that lasts, per employee of the firm", unit="customers per employee", by=BREACH, partial=0)
    loss_low = yuan("lowest loss of a harmed customer")
    loss_high = yuan("highest loss of a harmed customer")


@mechanism(
    "outcome.consumer_loss",
    on=Each("open_breaches"),
    params=Params,
    reads=(*ALIVE, "firms.size", "firms.place", "firms.closed", "places.start"),
    draws=("rest", "who", "loss"),
    emits=("harms",),
)
def consumer_loss(breaches, cols, p, luck):
    """Each lasting breach harms some customers near the firm.

    `harmed` of the kind x persons of the firm, the rest decided by the word `rest` of the breach (its highest 16 bits below the rest), 200 at most; none by a
    firm that has closed. Each customer, from 0, has the breach's id + number: chosen by `cols.pick` among those of the firm's place in the stream `who`;
    who is no living adult is not harmed. The loss: the word `loss` of that id, spread over loss_low..loss_high. The row is about the customer.
    """
    firm, rate = breaches.subject, p.harmed[breach_of(breaches.kind)]
    at = np.flatnonzero((rate > 0) & in_business(cols, firm))
    if not len(at):
        return None
    whole = cols.firms.size[firm[at]].astype(np.int64) * rate[at]
    number = np.minimum((whole >> 16) + ((whole & 0xFFFF) > (luck.words("rest", at) >> 15)), MOST)
    row = np.repeat(at, number)
    ids = breaches.id[row] + np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
    place = cols.firms.place[firm[row]].astype(np.int64)
    start, nobody = cols.places.start[place].astype(np.int64), np.full(len(row), -1)
    who = cols.pick(start, cols.places.start[place + 1] - start, luck.key("who"), ids, nobody)
    row, who, ids = (array[living(cols, who)] for array in (row, who, ids))
    loss = between(luck.at("loss", ids), p.loss_low, p.loss_high)
    return breaches.emit("harms", subject=who, parent=row, amount=loss, firm=firm[row])


