"""The office that takes reports: how many reporters it wants for a case, how it looks into one, whom it pays and whom it blames.

A case is a person and a kind of act. The office believes a case when enough different persons reported it within the window, and its own look
does not drop it. It pays the first reporter. Of false cases it drops, some reporters are fined for a false claim.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, duration, probability, yuan
from ...engine.declare import Each, Rows, mechanism
from ..kinds import FAULT, KIND, SENSOR
from ..tables_reports import TIPS_WAITING

INFORMER, SOUND, FALSE_CLAIM = SENSOR.code("informer"), FAULT.code("sound"), KIND.code("false_claim")
COLUMNS = ("subject", "reporter", "kind", "true_actor", "fault", "cause")


class Params(Parameters):
    needed = count("different persons who must report a case before the office believes it", unit="persons")
    window = duration("months that a report waits for another")
    look_drops_wrong = probability("share of false cases that a look into them drops (0 = no look)")
    look_drops_right = probability("share of true cases that it drops by mistake")
    reward = yuan("paid to the first reporter of a case that is believed")
    slander = probability("share of reporters of a false case dropped who are fined for a false claim")
    fine = yuan("that fine")


@mechanism(
    "observe.tip_line",
    on=(Rows("tips"), Each("tips_waiting")),
    params=Params,
    owns=(TIPS_WAITING,),
    draws=("look", "charge"),
    emits=("observations", "upheld_tips", "penalties"),
    lagged=("tips_waiting",),
)
def tip_line(batch, cols, p, luck):
    """Reports wait for others, become cases, and are believed or dropped.

    First reports older than the window (at least a month) are dropped. This month's reports of a person are put behind those of that person which wait, and
    make cases by kind. A case of fewer different reporters than needed (at least 1) waits, one report a reporter and person, the last. Else its reports
    leave, and its truth is that of its first report that is right, if there is one, else of the first. The word `look`, of this month's last report of the
    case, drops it if below look_drops_right or look_drops_wrong. A case believed is one observation, by that report, and a row for each of its reports, the
    first with the reward. Of a wrong case dropped a reporter is fined if the word `charge` of the report is below slander; for one that waited the person's
    first report of this month stands.
    """
    store, new, old = cols.stores.tips_waiting, batch.tips, batch.tips_waiting
    gone = np.zeros(len(store), bool)
    if len(old):
        gone[old.at[cols.month - store.month[old.at].astype(np.int64) >= max(p.window, 1)]] = True
    made = []
    if len(new):
        row, held, tips = _together(new, store, gone)
        case = _cases(tips, max(p.needed, 1))
        ready = np.flatnonzero(case >= 0)
        gone[held[ready][held[ready] >= 0]] = True
        waits = np.flatnonzero((case < 0) & (held < 0))
        store.put(new, row[waits], sub=tips["reporter"][waits], reporter=tips["reporter"][waits], month=cols.month)
        made = _decided(new, row[ready], case[ready], {k: v[ready] for k, v in tips.items()}, p, luck) if len(ready) else []
    store.drop(gone)
    return made


def _together(new, store, gone):
    """Join this month's reports with those that wait: (row of `new` that stands for each, position in the store or -1, columns)."""
    who, first = np.unique(new.subject, return_index=True)
    source, at = store.of(who)
    alive = ~gone[at]
    source, at = source[alive], at[alive]
    tips = {k: np.concatenate([getattr(store, k)[at], getattr(new, k)]).astype(np.int64) for k in COLUMNS}
    return np.concatenate([first[source], np.arange(len(new))]), np.concatenate([at, np.full(len(new), -1)]), tips


def _cases(tips, needed):
    """Number the cases that enough different persons reported; -1 where a report still waits."""
    key = tips["subject"] << 8 | tips["kind"]
    _, case = np.unique(key, return_inverse=True)
    pairs = np.unique(case.astype(np.int64) << 31 | tips["reporter"])
    reporters = np.bincount(pairs >> 31, minlength=int(case.max()) + 1)
    return np.where(reporters[case] >= needed, case, -1)


def _decided(new, row, case, tips, p, luck):
    """Believe or drop each case. What is true of a case is what its first sound report says, if it has one."""
    wrong = (tips["fault"] != SOUND) | (tips["true_actor"] != tips["subject"])
    order = np.lexsort((np.arange(len(case)), wrong, case))
    _, begin, number = np.unique(case[order], return_index=True, return_inverse=True)
    best = order[begin]  # a sound report before a false one
    index = np.empty(len(case), np.int64)
    index[order] = number
    last = np.zeros(len(best), np.int64)
    np.maximum.at(last, index, row)  # the newest report stands for the case, so that luck is this month's
    dropped = luck.of(new).below("look", np.where(wrong[best], p.look_drops_wrong, p.look_drops_right), last)
    truth = {k: tips[k][best] for k in ("kind", "true_actor", "fault", "cause")}
    kept = {k: v[~dropped] for k, v in truth.items()}
    made = [new.emit("observations", subject=tips["subject"][best][~dropped], parent=last[~dropped], sensor=INFORMER, amount=0, **kept)]
    first = np.zeros(len(case), bool)
    first[np.unique(case, return_index=True)[1]] = True  # reports that waited stand before those of this month
    told = np.flatnonzero(~dropped[index])
    columns = {k: v[index[told]] for k, v in truth.items()}
    paid = {"reporter": tips["reporter"][told], "first": first[told], "reward": np.where(first[told], p.reward, 0)}
    made.append(new.emit("upheld_tips", subject=tips["subject"][told], parent=last[index[told]], **paid, **columns))
    liars = np.flatnonzero(dropped[index] & wrong[best][index])
    liars = liars[luck.of(new).below("charge", p.slander, row[liars])]
    who = tips["reporter"][liars]
    return [*made, new.emit("penalties", subject=who, parent=row[liars], kind=FALSE_CLAIM, amount=p.fine, points=0)]
