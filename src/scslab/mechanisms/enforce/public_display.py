"""Listed people are shown in public, in one or several ways, for so many months or until the measure ends.

Which ways a listing brings is drawn once. The measure `shaming` of any list is what is carried out here.
"""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import Parameters, count, duration, probability
from ...engine.declare import Each, Rows, mechanism
from ..common import ALIVE, bits_in, living
from ..kinds import BASIS, MEASURE
from ..tables_shaming import CHANNELS, SHOWN

OWN, SHAMING = BASIS.code("own"), MEASURE.code("shaming")


class Params(Parameters):
    used = probability("share of those under the measure shaming who are shown in a way", by=CHANNELS, partial=0)
    viewers = count("persons of the place who see it in a month, by way of showing", by=CHANNELS, partial=0, unit="persons")
    months = duration("months for which a person is shown; null = as long as the measure lasts", allow_none=True)


@mechanism(
    "enforce.public_display",
    on=(Rows("measures"), Rows("measure_ends"), Each("shown")),
    params=Params,
    reads=ALIVE,
    owns=(SHOWN,),
    draws=("use",),
    emits=("displays",),
)
def public_display(batch, cols, p, luck):
    """Those under the measure shaming are shown month after month.

    An own measure shaming that begins: shown in each way for which the word `use` of its row, with the way's code as ordinal, is below `used`; one
    row for each way, now and every month, until an own measure shaming of the person ends, `months` have passed, or the person dies; none in that
    month.
    """
    store, new, ends, held = cols.stores.shown, batch.measures, batch.measure_ends, batch.shown
    gone, made = np.zeros(len(store), bool), []
    if len(ends):
        over = ends.subject[(ends.measure == SHAMING) & (ends.basis == OWN)]
        at = store.find(over)
        gone[at[at >= 0]] = True
    if len(held):
        over = ~living(cols, held.subject, 0)
        over |= (p.months < NEVER) & (cols.month - store.since[held.at].astype(np.int64) >= p.months)
        gone[held.at[over]] = True
        at = np.flatnonzero(~gone[held.at])
        made += _show(held, at, store.channels[held.at[at]].astype(np.int64), p)
    if len(new):
        at = np.flatnonzero((new.measure == SHAMING) & (new.basis == OWN))
        channels = np.zeros(len(at), np.int64)
        for code in np.flatnonzero(p.used):
            channels |= (luck.of(new).words("use", at, int(code)) < p.used[code]).astype(np.int64) << code
        at, channels = at[channels > 0], channels[channels > 0]
        store.put(new, at, channels=channels, since=cols.month)
        made += _show(new, at, channels, p)
    store.drop(gone)
    return made


def _show(rows, at, channels, p):
    """Emit a row for each way in which a person is shown this month."""
    made = []
    for code in bits_in(channels):
        hit = at[channels >> code & 1 == 1]
        made.append(rows.emit("displays", parent=hit, kind=0, channel=code, viewers=p.viewers[code]))
    return made
