"""Worked cases of a regime: one made-up person, given records or a score, run through the real rules; what comes out is compared.

A case states `given`: `records` (kinds, in the registries at its date), `score` (points before), `age` (30), `driver` (true),
`consent` (true; to a ledger or an account), `hours` (of each record of volunteering), `later` (list of {months, records}), `performed` (months
until every judgment is performed), `after` (months until the look; default the last of the others). It states `expect`: `points`, `grade`,
`tokens`, `listed` and `not_listed` (labels of lists), `until` (month, or null for no term; of the first list in `listed`). Only deciding
mechanisms, repair and the register run; nothing is drawn, save that repair may be late, so cases of repair look some months later.
Cases about a firm are in `firm_cases`, those about the score of a platform's member or a borrower in `score_cases`.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from ..base import luck
from ..base.errors import InputError, Problem, nearest
from ..base.months import NEVER, month_text
from ..base.months import month as month_index
from ..engine.arm import Arm, Society
from ..engine.declare import TABLES
from ..engine.loop import Simulation, make_spans
from ..engine.rows import RowSet, empty_rows, pack_ids
from ..mechanisms.catalogue import load_all
from ..mechanisms.kinds import KIND
from ..regime import Regime
from ..world.model import Network
from .firm_cases import firm_case, is_about_a_firm
from .score_cases import is_about_a_score, score_case

PEOPLE = 64
PERSON = 7
GIVEN = ("records", "hours", "score", "age", "driver", "consent", "later", "performed", "after")
EXPECT = ("points", "grade", "tokens", "listed", "not_listed", "until")
ACCOUNTS = "record.accounts"
RUN = ("decide.", ACCOUNTS, "review.register", "review.memory", "review.repair", "review.grace", "review.amnesty", "review.score_reset")
TAKES_PART, REFUSED = 1, 2


@dataclass(frozen=True)
class CaseRow:
    """One expectation of one case, and what came out."""

    case: str
    date: str
    what: str
    expected: str
    got: str

    @property
    def ok(self) -> bool:
        """Tell whether it came out as expected."""
        return self.expected == self.got


class _Rules:
    """The deciding part of a regime, as a schedule; the person wants an account or not, as the case says."""

    def __init__(self, regime: Regime, consent: bool = True) -> None:
        self.regime, self.consent = regime, consent

    def at(self, month: int) -> dict[str, Any]:
        """Give the blocks of a month that decide."""
        blocks = {name: block for name, block in self.regime.at(month).items() if name.startswith(RUN) and not name.startswith("decide.firm_")}
        if ACCOUNTS in blocks:
            params = copy(blocks[ACCOUNTS].params)
            params.__dict__["joins"] = luck.ONE if self.consent else 0
            blocks[ACCOUNTS] = blocks[ACCOUNTS]._replace(params=params)
        return blocks

    def change_months(self, start: int, end: int) -> set[int]:
        """Give the months in which a block changes."""
        return set(self.regime.change_months(start, end))


def run_cases(regime: Regime) -> list[CaseRow]:
    """Run every worked case of a regime.

    Returns:
        One row per expectation; `ok` tells whether it holds.

    Example:
        >>> from scslab.study.library import load_regime
        >>> all(row.ok for row in run_cases(load_regime("court-list")))
        True
    """
    load_all()
    return [row for case in regime.cases for row in run_case(regime, case)]


def run_case(regime: Regime, case: Mapping[str, Any]) -> list[CaseRow]:
    """Run one worked case."""
    if is_about_a_firm(case):
        return [_row(case, what, _text(expected), _text(got)) for what, (expected, got) in firm_case(regime, case).items()]
    if is_about_a_score(case):
        return [_row(case, what, _text(expected), _text(got)) for what, (expected, got) in score_case(regime, case).items()]
    given, expect = dict(case["given"]), dict(case["expect"])
    rows = [_row(case, f"given {key}", "known", "unknown") for key in given if key not in GIVEN]
    rows += [_row(case, f"expect {key}", "known", "unknown") for key in expect if key not in EXPECT]
    if rows:
        return rows
    _check(case, given)
    start, rules = month_index(case["date"]), _Rules(regime, bool(given.get("consent", True)))
    dates: dict[int, list[str]] = {start: list(given.get("records", ()))}
    for more in given.get("later", ()):
        dates.setdefault(start + int(more["months"]), []).extend(more["records"])
    performed = start + int(given["performed"]) if "performed" in given else None
    end = start + int(given["after"]) if "after" in given else max(max(dates), performed or 0)
    labels = {name: code for code, name in enumerate(sorted({n.partition(":")[2] for n in regime.clauses} - {""}), 1)}
    simulation = Simulation(_society(given, start, labels, _takes_part(regime, start, given)), start, end - start + 1)
    arm = simulation.add("case", rules)
    _set_score(arm, rules, start, given)
    for month in range(start, end + 1):
        if month in rules.change_months(start, end + 1):
            arm.adopt(rules.at(month))
        kinds = dates.get(month, [])
        for table in ("records", "national_records"):
            _deliver(arm, table, month, kinds, int(given.get("hours", 0)))
        if month == performed:
            _deliver(arm, "performances", month, ["missed_payment"])
        simulation.run(month + 1)
    simulation.close()
    found = _state(arm, rules.at(end), labels, end, expect)
    return [_row(case, what, _text(expect[what]), _text(found[what])) for what in EXPECT if what in expect]


def _row(case: Mapping[str, Any], what: str, expected: str, got: str) -> CaseRow:
    return CaseRow(case["name"], case["date"], what, expected, got)


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {value[name]}" for name in sorted(value))
    if isinstance(value, (list, tuple)):
        return ", ".join(sorted(map(str, value)))
    return "no term" if value is None else f"{float(value):g}" if not isinstance(value, str) else value


def _check(case: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Refuse kinds of records that do not exist and what is no number, all at once."""
    where, problems = f"case '{case['name']}'", []
    later = given.get("later", ())
    if not isinstance(later, list | tuple) or not all(isinstance(more, Mapping) and {"months", "records"} == set(more) for more in later):
        raise InputError(Problem("later is not a list of months and records", where, fix="Write later: [{months: 6, records: [evasion]}]"))
    for records in (given.get("records", ()), *(more["records"] for more in later)):
        if not isinstance(records, list | tuple):
            problems.append(Problem(f"records: {records!r} is not a list", where, fix="Write it in brackets, for example [evasion]"))
            continue
        for kind in records:
            if kind not in KIND.names[1:]:
                problems.append(Problem(f"there is no kind of record {kind!r}", where, fix=nearest(str(kind), KIND.names[1:])))
    numbers = [(key, given[key]) for key in ("hours", "age", "performed", "after", "score") if key in given]
    for key, value in (*numbers, *(("months", more["months"]) for more in later)):
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or (key != "score" and (value != int(value) or value < 0)):
            problems.append(Problem(f"{key}: {value!r} is not a number for it", where, fix="Give a whole number from 0 on"))
    if problems:
        raise InputError(*problems)


def _society(given: Mapping[str, Any], start: int, labels: Mapping[str, int], takes_part: bool) -> Society:
    """Make a few persons without ties; the case is about one of them."""
    n = PEOPLE
    columns = {
        "persons.birth_month": np.full(n, start - 12 * int(given.get("age", 30)), np.int16),
        "persons.death_month": np.full(n, NEVER, np.int16),
        "persons.role": np.full(n, 4 if given.get("driver", True) else 0, np.uint8),
        "persons.place": np.zeros(n, np.uint16),
        "persons.household": np.arange(n, dtype=np.int32),
        "persons.quintile": np.full(n, 2, np.uint8),
        "persons.enrolled": np.full(n, TAKES_PART if takes_part else REFUSED, np.uint8),
        "places.start": np.array([0, n], np.int32),
        "places.urban": np.ones(1, np.uint8),
        "households.start": np.arange(n + 1, dtype=np.int32),
    }
    nobody = Network("csr", np.zeros(n + 1, np.int32), np.zeros(0, np.int32), np.zeros(0, np.uint8))
    counts = {"persons": n, "households": n, "places": 1}
    return Society(columns, {"kin": nobody, "friends": nobody}, counts, make_spans(n, None, 1), np.zeros(n, np.uint16), 1, 1, labels)


def _takes_part(regime: Regime, month: int, given: Mapping[str, Any]) -> bool:
    """Tell whether the person has a score: old enough, and has consented."""
    age = next((b.params.age_min for n, b in regime.at(month).items() if n.startswith("record.enrolment")), 0)
    return bool(given.get("consent", True)) and int(given.get("age", 30)) >= age


def _set_score(arm: Arm, rules: _Rules, month: int, given: Mapping[str, Any]) -> None:
    """Set the score before the case."""
    ledger = next((b for n, b in rules.at(month).items() if n.startswith("decide.ledger")), None)
    if ledger is not None and "score" in given:
        value = round(float(given["score"]) * 100) - ledger.params.start
        arm.columns["persons.score"][PERSON] = value - ledger.params.recovery * (month - 1) if value < 0 else value
        arm.announced["score"] = [np.array([PERSON])]
        arm.publish(("score",))


def _deliver(arm: Arm, table: str, month: int, kinds: list[str], hours: int = 0) -> None:
    """Put rows about the person into the mailboxes of those who read the table."""
    if not kinds or not arm.consumers.get(table):
        return
    codes = np.sort(KIND.codes(kinds))
    ordinal = np.array([int((codes[:i] == code).sum()) for i, code in enumerate(codes)])
    data = {name: np.zeros(len(codes), column.dtype) for name, column in empty_rows(TABLES[table]).data.items()}
    data["subject"] = np.full(len(codes), PERSON, np.int64)
    data["kind"] = codes.astype(np.uint8)
    data["id"] = pack_ids(data["subject"], month, codes, ordinal)
    if "amount" in data:
        data["amount"][codes == KIND.code("volunteering")] = hours
    for consumer in arm.consumers[table]:
        consumer.deliver(RowSet(table, data))


def _state(arm: Arm, blocks: Mapping[str, Any], labels: Mapping[str, int], month: int, expect: Mapping[str, Any]) -> dict[str, Any]:
    """Read points, grade and lists of the person."""
    found: dict[str, Any] = {"points": "no score", "grade": "no score", "tokens": "no account", "until": "not listed"}
    ledger = next((b for n, b in blocks.items() if n.startswith("decide.ledger")), None)
    if ledger is not None:
        p, stored = ledger.params, int(arm.columns["persons.score"][PERSON])
        value = min(0, stored + p.recovery * month) if stored < 0 else stored
        grade = max(int(np.searchsorted(p.grades[1], value + p.start, side="right")) - 1, 0)
        held = arm.stores["grade_overrides"].data
        for code in held["grade"][held["subject"] == PERSON]:
            grade = min(grade, int(code))
        found["points"], found["grade"] = (value + p.start) / 100, p.grades[0][grade]
    if "tokens" in arm.stores:
        held = arm.stores["tokens"].data
        found["tokens"] = int(held["balance"][held["subject"] == PERSON].sum()) / 100
    book = arm.stores["listings"].data if "listings" in arm.stores else {"subject": np.empty(0)}
    names = {code: name for name, code in labels.items()}
    mine = {names[int(book["list"][i])]: int(book["until"][i]) for i in np.flatnonzero(book["subject"] == PERSON)}
    found["listed"] = [name for name in expect.get("listed", ()) if name in mine]
    found["not_listed"] = [name for name in expect.get("not_listed", ()) if name not in mine]
    if expect.get("listed") and expect["listed"][0] in mine:
        until = mine[expect["listed"][0]]
        found["until"] = None if until >= NEVER else month_text(until)
    return found
