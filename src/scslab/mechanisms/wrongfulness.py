"""Why a listing or measure is wrong, from its truth columns: seven classes, the first that applies.

W1 no act behind it; W2 somebody else's act; W3 stale, a) beyond the rule's own deadline, b) performed but the rule keeps it;
W4 excused, a) by the rule itself, b) not by the rule; W5 lawful, a) protected conduct, or a pretext whose chain starts there, b) other; W6 association.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from ..base.months import NEVER
from ..base.parameters import Domain
from .common import among
from .kinds import CAUSE, EXCUSED, FAULT, FIRM_BREACHES, KIND, PRAISED, PROTECTED

WRONG = Domain("class", ("none", "W1", "W2", "W3a", "W3b", "W4a", "W4b", "W5a", "W5b", "W6"))
OWN_RULES = ("W1", "W2", "W3a", "W4a")
"""Wrong by the regime's own rules."""
UNSOUND = ("W1", "W2", "W3a")
"""Records that no rule would count."""
RIGHTS = ("W3b", "W4b", "W5a", "W5b", "W6")
"""Wrong by the rights yardstick. The two are never summed."""
BLAMELESS = WRONG.codes(("W4b", "W5a", "W5b", "W6"))

DEBT_KINDS = KIND.codes(("missed_payment", "unperformed_judgment", "refusal_to_perform", "evasion", "breach_of_limits"))
"""Kinds of listings that performance should end."""

NO_ACT = FAULT.codes(("fabricated", "tampered", "grudge"))
"""Faults of records that no act stands behind."""
_STALE = FAULT.code("stale")
_OTHERS = FAULT.codes(("misattributed", "mislinked"))
_EXCUSED = CAUSE.codes(EXCUSED)
_EXCUSED_BY_RULE = KIND.codes(("refusal_to_perform",))
"""To refuse although able presupposes ability (court list, 2013 and 2017 texts, art. 1); consumption limits and credit records do not."""
_PROTECTED, _PRETEXT = KIND.codes(PROTECTED), CAUSE.code("pretext")
_PRAISED = KIND.codes(PRAISED)
_LAWFUL = KIND.codes(
    (*PRAISED, "illness", "job_loss", "loan_application", "school_application", "post_application", "air_trip", "rail_trip", "gaming", "passing",
     "sensitive_search", "vpn_use", "praise", "custom")
)

_OF_FIRM = KIND.codes(FIRM_BREACHES)
"""What a firm did: a person entered for it, as its officer, bears it by association."""

_ASSOCIATION = KIND.code("association")
"""A change of score for the sake of somebody near."""


def wrong_class(rows, cause=None) -> np.ndarray:
    """Give the class of each row by its own record; rows of no kind (decided on a score, or praise) get 'none'.

    Args:
        rows: a batch or store with subject, kind, true_actor, fault, cause.

    Returns:
        Codes of `WRONG`.
    """
    kind = np.asarray(rows.kind)
    another = (rows.true_actor != rows.subject) & (kind != _ASSOCIATION)
    return _classes()[another.view(np.uint8), np.asarray(rows.fault), np.asarray(rows.cause if cause is None else cause), kind]


@cache
def _classes() -> np.ndarray:
    """Tabulate the class by whether somebody else did it, fault, cause and kind: a look-up costs a fraction of the questions."""
    shape = (2, len(FAULT.names), len(CAUSE.names), 256)
    another, fault, cause, kind = np.indices(shape).reshape(4, -1)
    excused = among(cause, _EXCUSED)
    checks = (
        ("none", kind == 0),
        ("W1", among(fault, NO_ACT)),
        ("W2", among(fault, _OTHERS) | (another > 0)),
        ("W3a", fault == _STALE),
        ("W4a", excused & among(kind, _EXCUSED_BY_RULE)),
        ("W4b", excused),
        ("W5a", among(kind, _PROTECTED) | (cause == _PRETEXT)),
        ("W5b", among(kind, _LAWFUL)),
        ("W6", among(kind, _OF_FIRM) | (kind == _ASSOCIATION)),
    )
    classes = np.select([found for _, found in checks], [WRONG.code(name) for name, _ in checks], 0).astype(np.uint8)
    return classes.reshape(shape)


def is_unsound(rows, classes=UNSOUND) -> np.ndarray:
    """Tell which records must not count: no act behind them, somebody else's act, or stale."""
    return among(wrong_class(rows), WRONG.codes(classes))


def is_praise(rows) -> np.ndarray:
    """Tell which listings are praise: for a good deed or nomination; or of no kind of act, for as long as a score is high (without an end)."""
    kind = np.asarray(rows.kind)
    return among(kind, _PRAISED) | ((kind == 0) & (np.asarray(rows.until) == NEVER))
