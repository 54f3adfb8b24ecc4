"""Why it happened: the chain of rows behind one row, back to the act or the error, with the rule that made each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..base.months import month_text
from ..engine.declare import TABLES
from ..engine.rows import unpack_id
from ..mechanisms.kinds import CAUSE, FAULT, KIND, MEASURE

Events = Mapping[str, np.ndarray]
Rules = Mapping[tuple[str, str], str]
"""Source of a rule by instance and the kind or measure its number is for; '' where it is for all of them."""
Step = dict[str, Any]

LONGEST = 64
"""A chain longer than this is cut: ids go back in time, so that it cannot happen in a sound run."""

WORDS = {
    "acts": "act", "observations": "observation", "records": "record", "national_records": "national record", "postings": "points",
    "grades": "new grade", "entries": "decision to list", "listings": "listing", "listing_ends": "end of a listing",
    "notices": "notice", "appeals": "appeal", "decisions": "decision on the appeal", "impositions": "measures ordered",
    "measures": "measure", "measure_ends": "end of a measure", "penalties": "penalty", "debts": "debt overdue", "judgments": "judgment",
    "payments": "payment", "performances": "judgment performed", "shocks": "misfortune", "refusals": "refusal", "gains": "place gained",
    "loans": "loan decided", "jobs": "job lost or found", "dismissals": "dismissal", "harms": "harm by goods", "firm_exits": "closure of a firm",
    "firm_acts": "breach of a firm", "firm_findings": "finding about a firm", "firm_records": "record of a firm",
}  # fmt: skip

NO_ACT = "no act stands behind it"


def chain(events: Events, row: int, rules: Rules | None = None) -> list[Step]:
    """Follow parents from one row to the root.

    Args:
        events: columns table, subject, id, parent, origin (the parent's table), month, kind, instance, and truth where there is any.
        row: position of the row in the columns.
        rules: source of each rule; a row is told the source of the number for its measure or kind, before that of its instance.

    Returns:
        Steps, the root first: table, words, month, person, kind, instance, source, truth ('true', or what is wrong), cause, row.
        A first step with row None stands for a parent that was not kept, or for an occasion that no row stands for.
    """
    steps, at, seen = [], row, 0
    index, measure, child = _index(events), _value(events, "measure", row), row
    while seen < LONGEST:
        steps.append({**_step(events, at), "source": _source(events, at, rules or {}, (measure, child))})
        seen += 1
        origin, parent = str(events["origin"][at]), int(events["parent"][at])
        if origin in ("none", ""):
            break
        found = index.get((origin, parent))
        if found is None:
            steps.append(_missing(origin, parent))
            break
        at, child = found, at
    return steps[::-1]


def root_words(steps: list[Step]) -> str:
    """Say what a chain goes back to, in a sentence.

    Example:
        >>> root_words([{"words": "act", "kind": "littering", "truth": "", "month": "2018-01"}])
        'It goes back to an act of littering in 2018-01.'
    """
    wrong = next((step["truth"] for step in steps if step["truth"] not in ("", "true")), "")
    if wrong:
        return f"It goes back to an error: {wrong}."
    root = steps[0]
    kind = f" of {root['kind'].replace('_', ' ')}" if root["kind"] not in ("", "none") else ""
    article = "an" if root["words"][:1] in "aeiou" else "a"
    return f"It goes back to {article} {root['words']}{kind} in {root['month']}."


def _index(events: Events) -> dict[tuple[str, int], int]:
    return {(str(table), int(i)): at for at, (table, i) in enumerate(zip(events["table"], events["id"], strict=True))}


def _step(events: Events, at: int) -> Step:
    table, instance = str(events["table"][at]), str(events["instance"][at])
    return {
        "row": at, "table": table, "words": WORDS.get(table, table.replace("_", " ")), "month": month_text(int(events["month"][at])),
        **_whose(table, int(events["subject"][at])), "kind": _name(KIND.names, int(events["kind"][at])), "instance": instance,
        "source": "", "truth": _truth(events, at), "cause": _cause(events, at),
    }  # fmt: skip


def _source(events: Events, at: int, rules: Rules, asked: tuple[int | None, int]) -> str:
    """Give the source of the number that decided a row: that for the measure asked about, its kind or its child's, or all of them."""
    instance, (measure, child) = str(events["instance"][at]), asked
    kinds = [_name(KIND.names, int(events["kind"][i])) for i in (at, child)]
    names = [*([] if measure is None else [_name(MEASURE.names, measure)]), *kinds, ""]
    places = [(place, name) for place in (instance, instance.partition(":")[0]) for name in names]
    return next((rules[place] for place in places if place in rules), "")


def _whose(table: str, subject: int) -> dict[str, int | None]:
    """Say whether a row is about a person or about a firm: both are numbered from 0."""
    about_firm = table in TABLES and TABLES[table].of == "firms"
    return {"person": None if about_firm else subject, "firm": subject if about_firm else None}


def _missing(table: str, row_id: int) -> Step:
    subject, month, kind, _ = unpack_id(row_id)
    return {
        "row": None, "table": table, "words": WORDS.get(table, table.replace("_", " ")), "month": month_text(month),
        **_whose(table, subject),
        "kind": _name(KIND.names, kind), "instance": "", "source": "", "truth": "", "cause": "",
    }  # fmt: skip


def _value(events: Events, name: str, at: int) -> int | None:
    """Give a code of a row, None where its table has no such column (the ledger marks it with a negative number)."""
    if name not in events:
        return None
    value = events[name][at]
    return None if np.ma.is_masked(value) or int(value) < 0 else int(value)


def _truth(events: Events, at: int) -> str:
    """Say whether a row is true, or what is wrong with it; empty for rows that cannot be wrong."""
    fault, actor = _value(events, "fault", at), _value(events, "true_actor", at)
    if fault is None:
        return ""
    if actor is None and FAULT.names[fault] in ("misattributed", "mislinked"):
        return f"{FAULT.names[fault]}: the act was firm {_value(events, 'true_firm', at)}'s"
    if FAULT.names[fault] in ("fabricated", "tampered"):
        return f"{FAULT.names[fault]}: {NO_ACT}"
    if FAULT.names[fault] != "sound":
        return f"{FAULT.names[fault]}: " + ("kept beyond its time" if FAULT.names[fault] == "stale" else f"the act was person {actor}'s")
    if actor is not None and actor != int(events["subject"][at]) and int(events["kind"][at]) != 0:
        return f"the act was person {actor}'s"
    return "true"


def _cause(events: Events, at: int) -> str:
    cause = _value(events, "cause", at)
    return "" if cause is None or cause == 0 else _name(CAUSE.names, cause).replace("_", " ")


def _name(names: tuple[str, ...], code: int) -> str:
    return names[code] if 0 <= code < len(names) else str(code)
