"""Accounts at a token bank: adults of the place who want one open it with their first recorded deed.

The wish is the person's own and lasting: the same word is compared with the share in every month and arm.
"""

from __future__ import annotations

import numpy as np

from ...base.parameters import Parameters, count, names, share
from ...engine.declare import Rows, Store, mechanism
from ..common import ALIVE, lasting, living
from ..kinds import KIND


class Params(Parameters):
    kinds = names("kinds of records with which an account is opened", KIND, codes=True)
    joins = share("share of persons with such a record who open an account")
    age_min = count("youngest age at which a person may have an account", unit="years")


@mechanism(
    "record.accounts",
    on=Rows("records", kinds="kinds"),
    params=Params,
    reads=ALIVE,
    owns=(Store("account_holders", {"since": "int16"}, {}, "Persons with an account at the token bank"),),
    draws=("join",),
)
def accounts(records, cols, p, luck):
    """Whoever wants an account opens it with a first recorded deed.

    The first record of a month counts, of a living person of that age without an account, if the lasting word `join` is below joins.
    """
    store = cols.stores.account_holders
    who, first = np.unique(records.subject, return_index=True)
    new = np.flatnonzero(~store.has(who) & living(cols, who, p.age_min))
    new = new[lasting(luck, "join", who[new]) < p.joins]
    store.put(records, first[new], since=cols.month)
