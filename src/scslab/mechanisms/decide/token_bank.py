"""A token bank (`decide.token_bank:LIST`): deeds bring tokens, tokens buy goods, and nothing else hangs on them; whoever earned enough is praised.

No deduction and no sanction. Tokens spent are subtracted a month after they are handed in, before new ones are added.
"""

from __future__ import annotations

import numpy as np

from ...base.months import NEVER
from ...base.parameters import Parameters, points
from ...engine.declare import Rows, Store, mechanism
from ..common import cut_to_int32
from ..kinds import KIND
from ..tables_points import REDEMPTIONS


class Params(Parameters):
    per_record = points("tokens per record, by kind", by=KIND, partial=0)
    model = points("tokens ever earned at which a person is praised by name")


@mechanism(
    "decide.token_bank",
    on=(Rows("records"), Rows(REDEMPTIONS.name)),
    params=Params,
    owns=(Store("tokens", {"balance": "int32", "earned": "int32"}, {}, "Tokens held and ever earned, 1/100 point"),),
    stores=("account_holders", "listings"),
    emits=("entries",),
)
def token_bank(batch, cols, p, luck):
    """Deeds of account holders bring tokens, handed-in tokens are subtracted, and high earners are praised.

    The balance is that held, less tokens handed in, at least 0, plus this month's; tokens earned only grow. Praised, until a removal, is who gained some
    this month, has earned `model` or more, and is not on the list; the cause is the last record.
    """
    store, records, spent = cols.stores.tokens, batch.records, batch.redemptions
    at = np.flatnonzero(p.per_record[records.kind] > 0)
    at = at[cols.stores.account_holders.has(records.subject[at])]
    who, inverse = np.unique(np.concatenate([records.subject[at], spent.subject]), return_inverse=True)
    gained, paid = (np.zeros(len(who), np.int64) for _ in range(2))
    np.add.at(gained, inverse[: len(at)], p.per_record[records.kind[at]])
    np.add.at(paid, inverse[len(at) :], spent.points.astype(np.int64))
    held = store.find(who)
    balance, earned = (store.value(name, held) for name in ("balance", "earned"))
    balance, earned = np.maximum(balance - paid, 0) + gained, earned + gained
    for rows, index, owner in ((spent, np.arange(len(spent)), inverse[len(at) :]), (records, at, inverse[: len(at)])):
        store.put(rows, index, balance=cut_to_int32(balance[owner]), earned=cut_to_int32(earned[owner]))
    last = np.zeros(len(who), np.int64)
    last[inverse[: len(at)]] = at
    praised = np.flatnonzero((gained > 0) & (earned >= p.model) & ~cols.stores.listings.has(who, cols.label))
    return records.emit("entries", parent=last[praised], kind=0, list=cols.label, until=NEVER)
