"""Contracts on what a trial left behind: ids, parents, stock and flow, scores replayed, counters and confusion matrices."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ...engine.declare import TABLES
from ...measure.cells import DIMENSIONS, SHAPE
from ...measure.confusion import Confusion, confusion
from ...mechanisms.kinds import BASIS, GROUND, KIND
from .contract import TRACE, contract, mechanism_of
from .probe import Finding
from .trace import Rows, Trace
from .trial import Trial, TrialSchedule

TOLERANCE = 1e-12
OWN, KIN, ASSOCIATE = (BASIS.code(name) for name in ("own", "kin", "associate"))


@contract("ids", "no two rows of a table have the same id", TRACE)
def unique_ids(trial: Trial, trace: Trace) -> list[Finding]:
    """Find an id that two rows of a table share."""
    seen: dict[str, dict[int, str]] = {}
    found = []
    for (month, instance, table), rows in trace.rows.items():
        known = seen.setdefault(table, {})
        for i, row_id in enumerate(rows["id"].tolist()):
            if row_id in known:
                row = {"subject": int(rows["subject"][i]), "id": row_id, "also by": known[row_id]}
                found.append(Finding("ids", mechanism_of(instance), f"an id of '{table}' is given twice", month, row))
                break
            known[row_id] = instance
    return found


@contract("parents", "every row's parent is a row that was there before, or an occasion, a sweep or a change", TRACE)
def parents_resolve(trial: Trial, trace: Trace) -> list[Finding]:
    """Find a row whose parent nobody made."""
    first: dict[str, dict[int, int]] = {}
    for (month, _, table), rows in trace.rows.items():
        made = first.setdefault(table, {})
        for row_id in rows["id"].tolist():
            made.setdefault(row_id, month)
    found = []
    for (month, instance, table), rows in trace.rows.items():
        for i, (origin, parent) in enumerate(zip(rows["origin"].tolist(), rows["parent"].tolist(), strict=True)):
            if origin != "none" and first.get(origin, {}).get(parent, month + 1) > month:
                row = {"subject": int(rows["subject"][i]), "id": int(rows["id"][i]), "origin": origin, "parent": parent}
                found.append(Finding("parents", mechanism_of(instance), f"a row of '{table}' has a parent that nobody made", month, row))
                break
    return found


@contract("subjects", "every row is about somebody who exists, in a month of the trial", TRACE)
def subjects_exist(trial: Trial, trace: Trace) -> list[Finding]:
    """Find a row about nobody."""
    found = []
    for (month, instance, table), rows in trace.rows.items():
        count = trace.society.rows.get(TABLES[table].of, trace.society.people)
        bad = np.flatnonzero((rows["subject"] < 0) | (rows["subject"] >= count))
        if len(bad):
            row = {"subject": int(rows["subject"][bad[0]]), f"{TABLES[table].of} in all": count}
            found.append(Finding("subjects", mechanism_of(instance), f"a row of '{table}' is about nobody", month, row))
    return found


STOCKS = (
    ("listings", "listings", "listing_ends", "review.register"),
    ("firm_listings", "firm_listings", "firm_listing_ends", "review.firm_register"),
)
"""Store of a stock, table of what comes in, table of what goes out, owner."""


@contract("stock-and-flow", "who is on a list at a month's end: those of last month, plus entries, less ends, each with its ground", TRACE, 10)
def stock_and_flow(trial: Trial, trace: Trace) -> list[Finding]:
    """Find a month in which a stock is not last month's stock plus what came less what went."""
    found = []
    for store, entered, left, owner in STOCKS:
        if any(mechanism_of(instance) == owner for instance in trace.plan):
            found += list(_balance(trace, store, entered, left, owner))
    return found + _measures(trace)


def _balance(trace: Trace, store: str, entered: str, left: str, owner: str) -> Iterator[Finding]:
    came, went = (_by_month(trace.table(name)) for name in (entered, left))
    stock: dict[tuple[int, int], int] = {}
    for month, held in sorted(trace.stocks.items()):
        for sign, flow in ((-1, went), (1, came)):
            for key in flow.get(month, ()):
                stock[key] = stock.get(key, 0) + sign
        data = held.get(store)
        pairs = [] if data is None else list(zip(data["subject"].tolist(), data["list"].tolist(), strict=True))
        have = dict.fromkeys(pairs, 1)
        wrong = sorted(key for key in have.keys() | stock.keys() if have.get(key, 0) != stock.get(key, 0))
        if wrong or len(have) != len(pairs):
            key = wrong[0] if wrong else pairs[0]
            row = {"subject": key[0], "list": key[1], "in the stock": have.get(key, 0), "by the flow": stock.get(key, 0)}
            yield Finding("stock-and-flow", _culprit(trace, (entered, left), owner, key), f"store '{store}' is not what came less what went", month, row)
            return
    ends = trace.table(left)
    if ends and (ends["ground"] == GROUND.code("none")).any():
        at = int(np.flatnonzero(ends["ground"] == GROUND.code("none"))[0])
        row = {"subject": int(ends["subject"][at]), "list": int(ends["list"][at])}
        yield Finding("stock-and-flow", mechanism_of(str(ends["instance"][at])), "a listing ends on no ground", int(ends["month"][at]), row)


def _culprit(trace: Trace, tables: tuple[str, str], owner: str, key: tuple[int, int]) -> str:
    """Name who wrote into the owner's flow; the owner, when nobody else did."""
    for name in tables:
        rows = trace.table(name)
        for instance in np.unique(rows["instance"]).tolist() if rows else ():
            if mechanism_of(instance) != owner:
                return mechanism_of(instance)
    return owner


def _by_month(rows: Rows) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    for month, subject, code in zip(*(rows[name].tolist() for name in ("month", "subject", "list")), strict=True) if rows else ():
        found.setdefault(month, []).append((subject, code))
    return found


def _measures(trace: Trace) -> list[Finding]:
    """Balance measures: bits of the book against the rows that say a measure begins and ends."""
    begins, ends = trace.table("measures"), trace.table("measure_ends")
    if not begins:
        return []
    books = {"burdens": (OWN,), "kin_burdens": (KIN, ASSOCIATE)}
    for store, bases in books.items():
        flow: dict[tuple[int, int], int] = {}
        if not any(store in held for held in trace.stocks.values()):
            continue
        rows = [(rows, sign) for rows, sign in ((begins, 1), (ends, -1)) if rows]
        for month, held in sorted(trace.stocks.items()):
            for part, sign in rows:
                for i in np.flatnonzero((part["month"] == month) & np.isin(part["basis"], bases)).tolist():
                    key = int(part["subject"][i]), int(part["measure"][i])
                    flow[key] = flow.get(key, 0) + sign
            have = {(s, b): 1 for s, m in zip(held[store]["subject"].tolist(), held[store]["mask"].tolist(), strict=True) for b in range(63) if m >> b & 1}
            wrong = sorted(key for key in have.keys() | flow.keys() if have.get(key, 0) != flow.get(key, 0))
            if wrong:
                row = {"subject": wrong[0][0], "measure": wrong[0][1], "in the book": have.get(wrong[0], 0), "by the rows": flow.get(wrong[0], 0)}
                makers = sorted({mechanism_of(str(v)) for part, _ in rows for v in np.unique(part["instance"])} - {"enforce.book", "enforce.kin"})
                owner = makers[0] if makers else "enforce.book" if store == "burdens" else "enforce.kin"
                return [Finding("stock-and-flow", owner, f"store '{store}' is not what began less what ended", month, row)]
    return []


def _has_ledger(trial: Trial, trace: Trace) -> bool:
    return "decide.ledger" in trace.plan


@contract("replay", "postings, clamps, orders and recovery, replayed from the start, give every person's stored score", TRACE, 11, holds_for=_has_ledger)
def replay(trial: Trial, trace: Trace) -> list[Finding]:
    """Replay the ledger and compare with the stored scores, person by person."""
    from ...mechanisms.scores import deviation

    schedule = TrialSchedule(trial)
    value = np.zeros(trace.society.people, np.int64)
    postings, orders = trace.table("postings"), trace.table("score_orders")
    params = None
    for month in range(trial.start, trial.start + trial.months):
        block = schedule.at(month).get("decide.ledger")
        if block is None:
            return []  # the ledger came or went in between
        if params is not None and (params.start, params.recovery) != (block.params.start, block.params.recovery):
            return []  # other units from here on
        params = block.params
        if orders:
            at = orders["month"] == month - 1
            value[orders["subject"][at]] = orders["points"][at].astype(np.int64) - params.start
        moved = np.zeros(len(value), bool)
        if postings:
            at = postings["month"] == month
            np.add.at(value, postings["subject"][at], postings["points"][at].astype(np.int64) + postings["clamp"][at])
            moved[postings["subject"][at]] = True
        low = ~moved & (value < 0)
        value[low] = np.minimum(0, value[low] + params.recovery)
    last = trial.start + trial.months - 1
    assert params is not None
    stored = deviation(trace.columns["persons.score"], last, params.recovery)
    wrong = np.flatnonzero(stored != value)
    if not len(wrong):
        return []
    makers = sorted({mechanism_of(str(v)) for v in np.unique(postings["instance"])} - {"decide.ledger"}) if postings else []
    row = {"person": int(wrong[0]), "stored": int(stored[wrong[0]]), "replayed": int(value[wrong[0]])}
    return [Finding("replay", makers[0] if makers else "decide.ledger", "the rows do not give the stored score (1/100 point from the start)", last, row)]


@contract("confusion", "counters of what is observed are the rows' by group; PPV, TPR, FPR and base rate of every group fit to 1e-12", TRACE, 9)
def confusion_fits(trial: Trial, trace: Trace) -> list[Finding]:
    """Recount observations by group, and check the identities between the rates of every group and kind."""
    seen, acts = trace.table("observations"), trace.table("acts")
    if not seen:
        return []
    found = _recount(trace, seen)
    cells = trace.society.cells.astype(np.int64)
    for kind in np.unique(seen["kind"]).tolist():
        said, did = np.zeros(trace.society.people, bool), np.zeros(trace.society.people, bool)
        said[seen["subject"][seen["kind"] == kind]] = True
        if acts:
            did[acts["subject"][acts["kind"] == kind]] = True
        for name, groups in zip(DIMENSIONS, np.unravel_index(cells, SHAPE), strict=True):
            whole = confusion(said, did)
            parts = [confusion(said[groups == group], did[groups == group]) for group in np.unique(groups)]
            if tuple(sum(getattr(part, field) for part in parts) for field in ("hits", "false_alarms", "misses", "passes")) != (
                whole.hits, whole.false_alarms, whole.misses, whole.passes,
            ):  # fmt: skip
                found.append(Finding("confusion", "rules", f"groups by {name} do not add up", None, {"kind": KIND.names[kind]}))
            found += [Finding("confusion", "rules", words, None, {"kind": KIND.names[kind], "by": name}) for part in parts for words in misfits(part)]
    return found[:1]


def misfits(part: Confusion) -> Iterator[str]:
    """Say which identities between the rates of a confusion matrix do not hold."""
    p, ppv, tpr, fpr = part.base_rate, part.ppv, part.tpr, part.fpr
    if any(math.isnan(v) for v in (p, ppv, tpr, fpr)):
        return
    if p * tpr + (1 - p) * fpr > 0 and abs(ppv - p * tpr / (p * tpr + (1 - p) * fpr)) > TOLERANCE:
        yield f"PPV {ppv} is not what base rate {p}, TPR {tpr} and FPR {fpr} give"
    if ppv > 0 and p < 1 and abs(fpr - p / (1 - p) * (1 - ppv) / ppv * tpr) > TOLERANCE * max(1.0, p / (1 - p) / ppv):
        yield f"FPR {fpr} is not what base rate {p}, PPV {ppv} and TPR {tpr} give"


def _recount(trace: Trace, seen: Rows) -> list[Finding]:
    """Count rows of `observations` by cell and month again, right and wrong, and compare with the recorder's counters."""
    if "measure.detection" not in trace.plan:
        return []
    wrong = (seen["fault"] != 0) | (seen["true_actor"] != seen["subject"])
    for name, which in (("observed", np.ones(len(wrong), bool)), ("observed_wrong", wrong)):
        have = trace.tallies.get(name)
        want = np.zeros(trace.society.n_cells, np.int64)
        np.add.at(want, trace.society.cells[seen["subject"][which]], 1)
        got = np.zeros(trace.society.n_cells, np.int64) if have is None else have.sum(axis=0)
        if not np.array_equal(want, got):
            cell = int(np.flatnonzero(want != got)[0])
            row = {"group cell": cell, "counted": int(got[cell]), "rows": int(want[cell])}
            return [Finding("confusion", "measure.detection", f"counter '{name}' is not what the rows say", None, row)]
    return []
