"""Platform scores: who takes part, who regrets it, how far the score misreads people and which, what hiding says."""

from __future__ import annotations

import numpy as np

from ...engine.declare import Each, Rows, mechanism
from ..common import ALIVE, SEX, first_rows, living

RELIABLE = 128
"""Members whose conscientiousness is in the upper half are called reliable."""
QUANTUM = 100


@mechanism(
    "measure.platforms",
    on=(Each("memberships"), Rows("platform_joins"), Rows("platform_exits"), Rows("platform_marks"), Rows("shared_marks")),
    reads=(*ALIVE, "persons.conscientiousness", "persons.sex"),
    tallies=(
        "platform_members", "platform_seats", "platform_joins", "platform_exits", "platform_regretters", "platform_perk_yuan", "platform_scored",
        "platform_points", "proxy_read", "proxy_error", "proxy_abs_error", "reliable_scored", "reliable_refused", "platform_shown", "hidden_scored",
        "hidden_misread_points", "platform_marks", "platform_marks_wrong",
    ),
)  # fmt: skip
def platforms(batch, cols, p, luck):
    """Count members, joins, exits, regret, perks, scores, errors of the proxies by sex, and what hiding a score costs."""
    made, held = [], batch.memberships
    for name, rows in (("platform_joins", batch.platform_joins), ("platform_exits", batch.platform_exits)):
        if len(rows):
            made.append(rows.tally(name))
    for rows in (batch.platform_marks, batch.shared_marks):
        if len(rows):
            made += [rows.tally("platform_marks"), rows.tally("platform_marks_wrong", rows.true_actor != rows.subject)]
    if not len(held):
        return made
    here = np.flatnonzero(living(cols, held.subject, 0))
    who, codes = held.subject[here], held.list[here]  # the same array for several counters: their cells are looked up once
    regrets = here[held.regrets[here] > 0]
    made += [held.tally_of("platform_members", who[first_rows(who)]), held.tally_of("platform_seats", who)]
    made.append(held.tally_of("platform_perk_yuan", who, held.worth[here].astype(np.int64)))
    made.append(held.tally("platform_regretters", regrets[first_rows(held.subject[regrets])]))
    made += [held.tally_of(f"platform_seats.list.{cols.name_of(code)}", who[codes == code]) for code in np.flatnonzero(np.bincount(codes))]
    return made + _scores(held, here, cols) + _hidden(held, here, cols.stores.memberships)


def _scores(held, here, cols):
    """Compare what purchases are taken for with what people are; errors are counted on a scale of 255."""
    scored = here[held.score[here] > 0]
    who = held.subject[scored]
    own = cols.persons.conscientiousness[who].astype(np.int64)
    error, reliable = held.behaviour[scored].astype(np.int64) - own, own >= RELIABLE
    made = [
        held.tally_of("platform_scored", who),
        held.tally_of("platform_points", who, held.score[scored].astype(np.int64) // QUANTUM),
        held.tally_of("proxy_read", who), held.tally_of("proxy_error", who, error), held.tally_of("proxy_abs_error", who, np.abs(error)),
        held.tally("reliable_scored", scored[reliable]),
        held.tally("reliable_refused", scored[reliable & (held.worth[scored] == 0)]),
    ]  # fmt: skip
    sex = cols.persons.sex[who]
    for code, name in enumerate(SEX.names):
        mine = np.flatnonzero(sex == code)
        some = who[mine]
        made += [held.tally_of(f"proxy_read.{name}", some), held.tally_of(f"proxy_error.{name}", some, error[mine])]
    return made


def _hidden(held, here, store):
    """Count members who hide a score, and the points by which others, who take it for the mean of the platform's hidden ones, think less of them."""
    made, codes, shown, hidden = [], held.list[here], held.shown[here] > 0, (store.score > 0) & (store.shown == 0)
    scored = held.score[here] > 0
    for code in np.flatnonzero(np.bincount(codes)):
        mine = scored & (codes == code)
        hides = here[mine & ~shown]
        made.append(held.tally("platform_shown", here[mine & shown]))
        if len(hides):
            all_hidden = store.score[hidden & (store.list == code)].astype(np.int64)
            believed = int(all_hidden.sum()) // len(all_hidden)
            lost = np.maximum(held.score[hides].astype(np.int64) - believed, 0) // QUANTUM
            made += [held.tally("hidden_scored", hides), held.tally("hidden_misread_points", hides, lost)]
    return made
