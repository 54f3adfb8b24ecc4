"""Who sends letters of thanks, what they do to those who get one, and how many there are."""

from __future__ import annotations

import numpy as np

from scslab.base.months import NEVER
from scslab.base.parameters import FACTOR_ONE, Parameters, duration, factor, names, probability
from scslab.engine.declare import Each, Modifies, Rows, Store, mechanism, table
from scslab.mechanisms.kinds import GOOD_DEEDS, KIND

table("thanks", {}, {}, "A letter of thanks for a good deed.", event="gets a letter of thanks")


class Letters(Parameters):
    kinds = names("kinds of deeds that are thanked for", KIND, codes=True)
    sent = probability("share of those deeds for which a letter is sent")
    lasts = duration("months for which a letter is remembered")


@mechanism(
    "respond.thanks",
    on=(Rows("acts", kinds="kinds"), Each("thanked")),
    params=Letters,
    owns=(Store("thanked", {"until": "int16"}, {}, "Who remembers a letter of thanks, and until when"),),
    draws=("send",),
    emits=("thanks",),
)
def thanks(batch, cols, p, luck):
    """The town thanks some of those who do good deeds; in time letters are forgotten."""
    store, acts, held = cols.stores.thanked, batch.acts, batch.thanked
    if len(held):
        store.drop(held.at[held.until <= cols.month])
    sent = np.flatnonzero(luck.of(acts).below("send", p.sent))
    store.put(acts, sent, until=min(cols.month + p.lasts, NEVER))
    return acts.emit("thanks", parent=sent)


class Encouragement(Parameters):
    more = factor("multiplies the good deeds of those who remember a letter; 1 = no change")


@mechanism("respond.encouragement", on=Modifies(tuple(f"conduct.{kind}" for kind in GOOD_DEEDS)), params=Encouragement, stores=("thanked",))
def encouragement(quantity, subjects, cols, p):
    """Those who remember a letter of thanks do more."""
    return np.where(cols.stores.thanked.has(subjects), p.more, FACTOR_ONE)


@mechanism("measure.thanks", on=Rows("thanks", only=()), tallies=("thanks",))
def count_thanks(rows, cols, p, luck):
    """Count letters of thanks."""
    return rows.tally("thanks")
