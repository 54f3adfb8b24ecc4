"""Contracts about wrongs: without errors nobody is wronged; perfect appeals leave no wrong; what is shared out among those near adds up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ...base.parameters import FACTOR_ONE, Number
from ...engine.arm import Society
from ...engine.declare import REGISTRY
from ...engine.plan import Block
from ...mechanisms.kinds import BASIS, KIND
from ...mechanisms.wrongfulness import OWN_RULES, WRONG, wrong_class
from .contract import PAIR, contract, mechanism_of
from .pairs import _filled
from .probe import Finding
from .trace import Rows, Trace
from .trial import Trial, TrialSchedule, fits, run, with_values

OWN = BASIS.code("own")
WRONG_NOW = WRONG.codes([name for name in OWN_RULES if name != "W3a"])
"""Wrong from the start by the regime's own rules; W3a comes with time and is counted by months."""

ASSOCIATION = KIND.code("association")
BODY = "contract-perfect"


def _lists(trial: Trial) -> list[str]:
    """Name the labels of the lists of persons in any month of a trial: some begin while it lasts."""
    schedule = TrialSchedule(trial)
    blocks = {name: block for month in range(trial.start, trial.start + trial.months) for name, block in schedule.at(month).items()}
    return sorted({n.partition(":")[2] for n, b in blocks.items() if "entries" in REGISTRY[b.mechanism].emits and ":" in n})


def _has_lists(trial: Trial, trace: Trace) -> bool:
    return "review.register" in trace.plan and bool(_lists(trial))


@contract("no-errors", "with every rate of errors at zero nobody is listed, or under an own measure, wrongly by the regime's own rules (W1, W2, W3a, W4a)",
          PAIR, 7, holds_for=_has_lists)
def no_errors(trial: Trial, trace: Trace) -> list[Finding]:
    """Set every rate of errors to nothing, leave associations out, and look for wrongs."""
    alone = replace(trial, without=tuple(sorted({*trial.without, *(n for n in trace.plan if _associates(n))})))
    other = run(alone, change=lambda blocks, month: {n: errorless(b) for n, b in blocks.items()})
    return _wrongs("no-errors", other, "without errors", stock=False)


def _associates(instance: str) -> bool:
    """Tell whether a mechanism makes somebody answer for others: it walks ties and emits entries, awards or measures."""
    made = REGISTRY[mechanism_of(instance)]
    near = {*made.networks} & {"kin", "friends"} or {"persons.household", "households.start"} & {*made.reads}
    return (bool(near) and bool({"entries", "awards", "measures"} & {*made.emits})) or made.name == "decide.firm_list"


def errorless(block: Block) -> Block:
    """Set a block's rates of errors to the values without any."""
    made = REGISTRY.get(block.mechanism)
    fields = made.params.fields() if made is not None and made.params is not None else {}
    changed = {
        name: _filled(getattr(block.params, name), declared.errorless)
        for name, declared in fields.items()
        if isinstance(declared, Number) and declared.errorless is not None and hasattr(block.params, name)
    }
    return Block(block.mechanism, with_values(block.params, changed)) if changed else block


class _Seen:
    """Rows as `wrong_class` wants them: columns as attributes."""

    def __init__(self, rows: Mapping[str, np.ndarray]) -> None:
        self.__dict__.update(rows)


def _wrongs(name: str, trace: Trace, when: str, stock: bool) -> list[Finding]:
    """Find listings and own measures of a wrong class; with `stock`, those in force at some month's end only."""
    found: list[Finding] = []
    if stock:
        for month, held in sorted(trace.stocks.items()):
            for store in ("listings", "burdens"):
                rows = held.get(store)
                named = None if rows is None else {**rows, "origin": trace.names[rows["origin"]], "parent": rows["id"]}
                found += _first(name, named, f"{when}, at a month's end in '{store}'", month, trace)
    else:
        for table in ("listings", "measures"):
            rows = trace.table(table)
            own = {column: values[rows["basis"] == OWN] for column, values in rows.items()} if rows and table == "measures" else rows
            found += _first(name, own, f"{when}, in '{table}'", None, trace)
    for counter in ("stale_months.W3a", *(() if stock else ("grades_lowered_wrongly",))):  # a grade has no appeal, a record has
        count = trace.tallies.get(counter)
        if count is not None and count.any():
            month = trace.start + int(np.flatnonzero(count.any(axis=1))[0])
            found.append(Finding(name, "rules", f"{when}, counter '{counter}' is {int(count.sum())}", month))
    return found[:1]


def _first(name: str, rows: Rows | None, when: str, month: int | None, trace: Trace) -> list[Finding]:
    if rows is None or not rows or not len(rows["subject"]):
        return []
    rows = {"kind": np.zeros(len(rows["subject"]), np.uint8), **rows}
    classes = wrong_class(_Seen(rows))
    bad = np.flatnonzero(np.isin(classes, WRONG_NOW) & (rows["kind"] != ASSOCIATION))
    if not len(bad):
        return []
    at = bad[0]
    row = {"subject": int(rows["subject"][at]), "kind": KIND.names[rows["kind"][at]], **{n: int(rows[n][at]) for n in ("true_actor", "fault", "cause")}}
    whose = _first_wrong(trace, str(rows["origin"][at]), int(rows["parent"][at]))
    return [Finding(name, whose, f"{when}: {WRONG.names[classes[at]]}", month if month is not None else int(rows["month"][at]), row)]


def _first_wrong(trace: Trace, table: str, row_id: int) -> str:
    """Follow causes upwards, and name who made the first row that is wrong already."""
    whose = "rules"
    while table != "none":
        found = next(((key, at) for key, rows in trace.rows.items() if key[2] == table for at in np.flatnonzero(rows["id"] == row_id)[:1]), None)
        if found is None:
            break
        key, at = found
        row = {name: values[at : at + 1] for name, values in trace.rows[key].items()}
        if {"fault", "cause", "true_actor"} <= row.keys() and np.isin(wrong_class(_Seen(row)), WRONG_NOW).any():
            whose = mechanism_of(key[1])
        table, row_id = str(row["origin"][0]), int(row["parent"][0])
    return whose


@contract("perfect-appeals", "when all are told before, all object, and every wrong is seen at once, no wrong listing is in force at a month's end",
          PAIR, 8, holds_for=_has_lists)
def perfect_appeals(trial: Trial, trace: Trace) -> list[Finding]:
    """Give every list a notice, an objection and a body without delay or error, and look for wrongs that last to a month's end."""
    lists = _lists(trial)
    other_ways = {"review.notice", "review.objection", "review.appeal_body", "review.context", "review.human_review", "review.inquiry"}
    gone = [n for n in trace.plan if mechanism_of(n) in other_ways or _associates(n)]

    def with_appeals(blocks: dict[str, Block], month: int) -> dict[str, Block]:
        made = {n: Block(b.mechanism, _punctual(b)) if b.mechanism == "review.repair" else b for n, b in blocks.items()}
        return {**made, **_appeals(lists)}

    def with_label(society: Society) -> Society:
        return replace(society, labels={**society.labels, BODY: max(society.labels.values(), default=0) + 1})

    other = run(replace(trial, without=tuple(sorted({*trial.without, *gone}))), change=with_appeals, society=with_label)
    return _wrongs("perfect-appeals", other, "with perfect appeals", stock=True)


def _punctual(block: Block) -> Any:
    return errorless(block).params


def _appeals(lists: list[str]) -> dict[str, Block]:
    made = {}
    for label in lists:
        made[f"review.notice:{label}"] = _block("review.notice", told=1, delay=0)
        made[f"review.objection:{label}"] = _block("review.objection", access=1, files_if_wrong=1, files_if_right=1, delay=0, body=BODY)
    made[f"review.appeal_body:{BODY}"] = _block(
        "review.appeal_body", capacity=1_000_000, overturns_wrong=1, overturns_right=0, hears_excuses=True, sees_excuse=1, false_excuse=0, delay=0, goes_on=0,
    )  # fmt: skip
    return made


def _block(name: str, **plain: Any) -> Block:
    params = REGISTRY[name].params
    assert params is not None
    return Block(name, params.compile(plain))


def _spills(trial: Trial, trace: Trace) -> bool:
    return any("awards" in REGISTRY[mechanism_of(n)].emits and _weighted(n) for n in trace.plan)


def _weighted(instance: str) -> bool:
    """Tell whether a mechanism shares scores out among those near: it walks ties and has a form and a weight."""
    made = REGISTRY[mechanism_of(instance)]
    fields = made.params.fields() if made.params else {}
    return {"form", "weight", "near"} <= fields.keys()


ROUNDING = 1
"""1/100 point by which each person reached may be off, because points are whole."""


@contract("spill", "scores shared out among those near add up to what was there; where they come on top, a weight without an end is refused", PAIR, 6,
          holds_for=_spills, is_rare=True)
def spill(trial: Trial, trace: Trace) -> list[Finding]:
    """Let scores follow friends where everybody has as many, in both forms and at a weight by `pick`, and add up what each posting spreads."""
    instances = [n for n in trace.plan if "awards" in REGISTRY[mechanism_of(n)].emits and _weighted(n)]
    found = [one for n in instances for one in _endless(mechanism_of(n), REGISTRY[mechanism_of(n)].params)]
    tenths = 1 + trial.choose("weight", 9)
    weight = FACTOR_ONE * tenths // 10
    ring = replace(trial, world="ring")
    for form in ("shared", "added") if fits(ring) else ():
        def set_form(blocks: dict[str, Block], month: int, form: str = form) -> dict[str, Block]:
            plain = {"form": form, "near": "friends", "weight": tenths / 10}
            return {n: Block(b.mechanism, with_values(b.params, _compiled(b.mechanism, plain))) if n in instances else b for n, b in blocks.items()}

        other = run(ring, change=set_form)
        for (month, who, table), rows in other.rows.items():
            if who in instances and table == "awards":
                found += _uneven(mechanism_of(who), form, weight, month, rows, other)
    return found[:1]


def _compiled(name: str, plain: dict[str, Any]) -> dict[str, Any]:
    """Compile some parameters, with what a mechanism derives from them; by themselves where it needs others too."""
    params = REGISTRY[name].params
    assert params is not None
    fields = params.fields()
    try:
        made = params.compile(plain).__dict__
    except ValueError:
        return {given: fields[given].compile(value) for given, value in plain.items()}
    return {given: value for given, value in made.items() if given in plain or given not in fields}


def _endless(name: str, params: Any) -> list[Finding]:
    for weight in (1, 1.5):
        try:
            params.compile({"form": "added", "near": "kin", "weight": weight})
        except ValueError:
            continue
        return [Finding("spill", name, f"weight {weight} is accepted where scores come on top, though the sum has no end")]
    return []


def _uneven(name: str, form: str, weight: int, month: int, rows: Rows, trace: Trace) -> list[Finding]:
    """Add up by posting: nothing where scores are shared out, the weight's series where they come on top."""
    posted = trace.table("postings")
    change = dict(zip(posted["id"].tolist(), posted["points"].tolist(), strict=True))
    total: dict[int, list[int]] = {}
    for parent, points in zip(rows["parent"].tolist(), rows["points"].tolist(), strict=True):
        total.setdefault(parent, []).append(points)
    share = weight / FACTOR_ONE
    for parent, parts in sorted(total.items()):
        series = 0.0 if form == "shared" else change[parent] * share / (1 - share)
        if abs(sum(parts) - series) > ROUNDING * len(parts) / (1 - share):
            what = f"at weight {share:.1f} ({form}) what one posting of {change[parent]} spreads adds up to {sum(parts)}, not {series:.0f} (1/100 point)"
            return [Finding("spill", name, what, month, {"parent": parent})]
    return []
