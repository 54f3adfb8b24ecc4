"""Every outcome: its words, unit, formula and kind, each in one place. Numerators and denominators are names of counters.

Kinds: a *level* exists only with rules (listings, unaware months); a *contrast* is read as with minus without.
A rate is per person-year of the cohort (adults at the fork); a stock is the mean of the last twelve month-ends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..base.errors import InputError, Problem, nearest
from .cells import marginal, minors

YEAR = 12
FOLLOWED = "followed"
"""The denominator of rates: person-months of the cohort, from `cells.followed`."""

Tallies = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Outcome:
    """One outcome.

    Args:
        form: 'rate' (per person-year), 'stock' (per person, mean of the last 12 month-ends of the window), 'ratio' (of counters),
            'ever' (per person, from the start to the window's end), 'within' (share of complete cohorts after `months`).
        numerator, denominator: counters, summed; a leading '-' subtracts.
        per: what the value is multiplied by.
        events: counters that tell how many events stand behind the number; default the numerator.
        note: evidence and what it does not show; by_construction: true because we switched it on.
        minors: about those under 18 at the fork, who are outside the cohort of every other outcome.
    """

    name: str
    words: str
    unit: str
    numerator: tuple[str, ...]
    kind: str = "contrast"
    form: str = "rate"
    denominator: tuple[str, ...] = (FOLLOWED,)
    per: float = 10_000.0
    primary: bool = False
    events: tuple[str, ...] = ()
    months: int = 0
    note: str = ""
    by_construction: bool = False
    headline: bool = True
    minors: bool = False


PER_10000 = "per 10,000 person-years"
STOCK = "per 10,000 people"
MONTHS = "person-months per 10,000 person-years"
OWN_RULES = tuple(f"listings_started.{c}" for c in ("W1", "W2", "W4a")) + ("listings_stale.W3a",)
RIGHTS = tuple(f"listings_started.{c}" for c in ("W4b", "W5a", "W5b")) + ("listings_stale.W3b",)
NO_IDENTIFIED = "no data identify the deciding error rate: read it as a curve over that rate"

OUTCOMES: tuple[Outcome, ...] = (
    Outcome("listed", "listings that start", PER_10000, ("listings_started",), "level", primary=True, by_construction=True,
            note="entries in own name; persons, entries and blocked attempts are never mixed"),
    Outcome("wrongly_listed", "listed wrongly by the regime's own rules", PER_10000, OWN_RULES, "level", note=NO_IDENTIFIED),
    Outcome("blameless_reached", "blameless but reached", PER_10000, ("first_blameless",), "level", primary=True,
            note="persons, first time: excused, lawful or without own act (W4b, W5, W6)"),
    Outcome("burden", "burden: measures x months", "measure-months per 10,000 person-years", ("burden_weight",), primary=True,
            events=("burden_months",), note="each measure weighs one; the second weight set is burden_yuan"),
    Outcome("judgments_performed", "judgments performed within 24 months", "per 100 judgments", ("performed_able", "performed_unable"),
            form="within", denominator=("judgments",), per=100.0, primary=True, months=24),
    Outcome("speech", "critical speech, petitions, worship", "acts per 1,000 person-years", ("speech",), per=1000.0, primary=True,
            note="acts seen or unseen; how much people hold back is assumed"),
    Outcome("listed_stock", "on a list", STOCK, ("listed_stock",), "level", "stock"),
    Outcome("ever_listed", "ever listed", STOCK, ("first_listed",), "level", "ever"),
    Outcome("wrong_share", "wrong among listings, own rules", "per 100 listings", OWN_RULES, "level", "ratio", ("listings_started",), 100.0,
            note=NO_IDENTIFIED),
    Outcome("wrong_by_rights", "listed against the rights yardstick", PER_10000, RIGHTS, "level",
            note="protected: constitution of the PRC 35, 36, 41; UDHR 18-20; never summed with the own rules' errors"),
    Outcome("grades_lowered", "grades lowered", PER_10000, ("grades_lowered",), "level", by_construction=True),
    Outcome("grades_wrong", "wrong among lowered grades", "per 100 lowered", ("grades_lowered_wrongly",), "level", "ratio",
            ("grades_lowered",), 100.0, note="the grade falls only with unsound records (W1, W2, W3a); " + NO_IDENTIFIED),
    Outcome("children_reached", "children under a measure on a parent", "person-months per 10,000 child-years", ("burden_kin_months",), "level", minors=True,
            by_construction=True, note="under 18 at the fork; every other outcome is about adults"),
    Outcome("no_own_act", "restricted without own act", MONTHS, ("no_own_act_months",), "level"),
    Outcome("burden_yuan", "burden, weighted in yuan", "yuan per person-year", ("burden_yuan",), per=1.0,
            events=("burden_months",), note="weights are assumed"),
    Outcome("burden_protected", "burden rooted in protected conduct", MONTHS, ("burden_protected_months",)),
    Outcome("unaware", "months on a list unawares", MONTHS, ("unaware_months",), "level"),
    Outcome("after_misfortune", "sanctioned within a year of illness or job loss", "per 100 struck", ("shocks_sanctioned",), form="ratio",
            denominator=("shocks_followed",), per=100.0, note="not compared with the same persons without the shock"),
    Outcome("performed_able", "judgments performed by able debtors", "per 100 judgments", ("performed_able",), form="within",
            denominator=("judgments.able",), per=100.0, months=24),
    Outcome("performed_unable", "judgments performed by debtors struck by misfortune", "per 100 judgments", ("performed_unable",),
            form="within", denominator=("judgments.unable",), per=100.0, months=24),
    Outcome("recovered", "paid per 100 yuan newly overdue", "yuan per 100 yuan", ("paid_yuan",), form="ratio",
            denominator=("overdue_yuan",), per=100.0, events=("judgments",)),
    Outcome("paid_by_others", "paid by kin or by new debt", "per 100 yuan paid", ("paid_yuan.by_kin", "paid_yuan.by_new_debt"),
            form="ratio", denominator=("paid_yuan",), per=100.0, events=("judgments",)),
    Outcome("stuck_12", "still on a list 12 months after the first listing", "per 100", ("stuck.after12",), "level", "ratio",
            ("stuck_seen.after12",), 100.0),
    Outcome("stuck_36", "still on a list 36 months after", "per 100", ("stuck.after36",), "level", "ratio", ("stuck_seen.after36",), 100.0),
    Outcome("stuck_60", "still on a list 60 months after", "per 100", ("stuck.after60",), "level", "ratio", ("stuck_seen.after60",), 100.0,
            note="needs 120 months"),
    Outcome("acts_watched", "acts of watched kinds", "acts per 1,000 person-years", ("acts@watched",), per=1000.0),
    Outcome("acts_unwatched", "acts of unwatched kinds", "acts per 1,000 person-years", ("acts@unwatched",), per=1000.0),
    Outcome("volunteering", "volunteering", "acts per 1,000 person-years", ("acts.volunteering",), per=1000.0),
    Outcome("loans", "loans granted", "per 100 applicants", ("loans",), form="ratio", denominator=("loan_applications",), per=100.0,
            note="the lender's budget is fixed: a refused loan goes to somebody else"),
    Outcome("thin_loans", "loans to people without a credit file", "per 100 such applicants", ("thin_loans",), form="ratio",
            denominator=("thin_applications",), per=100.0),
    Outcome("refusals", "refusals by a measure", PER_10000, ("refusals",), "level", by_construction=True,
            note="blocked attempts, not persons"),
    Outcome("gains", "places gained because somebody was refused", PER_10000, ("gains",), "level", by_construction=True),
    Outcome("jobs_lost", "jobs lost", PER_10000, ("jobs_lost",)),
    Outcome("trust", "trust moved: sign and rank only", "index", ("trust",), per=1 / 65_536, events=("burden_months",),
            note="assumed weights; never a level"),
    Outcome("disclosures", "attributes shown to others", "per person and year", ("disclosures",), per=1.0,
            events=("records",)),
    Outcome("appeals_granted", "appeals granted", "per 100 decided", ("decisions_granted",), "level", "ratio", ("decisions",), 100.0),
    Outcome("freed_though_sound", "freed on appeal though the record was sound", "per 100 granted", ("decisions_granted_sound",),
            "level", "ratio", ("decisions_granted",), 100.0, note="the price of an appeal that errs"),
)  # fmt: skip

BY_NAME = {outcome.name: outcome for outcome in OUTCOMES}
PRIMARY = tuple(outcome.name for outcome in OUTCOMES if outcome.primary)


def outcome(name: str) -> Outcome:
    """Find an outcome by name.

    Raises:
        InputError: unknown name.
    """
    if name not in BY_NAME:
        raise InputError(Problem(f"'{name}' is not an outcome", fix=nearest(name, BY_NAME)))
    return BY_NAME[name]


def windows(months: int) -> dict[str, slice]:
    """Name the windows of a run: the transient is printed in parts, never as one mean.

    Example:
        >>> list(windows(60)), windows(60)["last 12"]
        (['months 1-12', 'months 13-36', 'last 12', 'all'], slice(48, 60, None))
    """
    named = {"months 1-12": slice(0, min(12, months)), "months 13-36": slice(12, 36), "last 12": slice(max(months - 12, 0), months)}
    named = {name: part for name, part in named.items() if part.start < months and part.stop <= months}
    return named | {"all": slice(0, months)}


def window_of(months: int, window: str | slice | None) -> slice:
    """Turn a window's name into months; None is the last twelve.

    Raises:
        InputError: unknown name.
    """
    if isinstance(window, slice):
        return window
    named = windows(months)
    if (window or "last 12") not in named:
        raise InputError(Problem(f"'{window}' is not a window of {months} months", fix=nearest(str(window), named)))
    return named[window or "last 12"]


def counter(tallies: Tallies, names: Sequence[str], shape: tuple[int, int], watched: Sequence[str] = ()) -> np.ndarray:
    """Sum counters by name; one that never rose is zero. `acts@watched` and `acts@unwatched` split acts by kind where they are
    not stored as such.

    Returns:
        int64 array (months, cells).
    """
    total = np.zeros(shape, np.int64)
    for name in names:
        sign, bare = (-1, name[1:]) if name.startswith("-") else (1, name)
        if bare in tallies:
            total += sign * tallies[bare]
        elif bare.startswith("acts@"):
            kinds = {f"acts.{kind}" for kind in watched}
            for one in (t for t in tallies if t.startswith("acts.") and (t in kinds) == (bare == "acts@watched")):
                total += tallies[one]
    return total


def parts(
    measured: Outcome,
    tallies: Tallies,
    followed: np.ndarray,
    by: str | None = None,
    window: str | slice | None = None,
    watched: Sequence[str] = (),
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compute numerator, denominator and events of an outcome in each group, for one arm and seed.

    Args:
        tallies: counters (months, cells) by name; followed: person-months (months, cells).

    Returns:
        Three arrays (groups,). value = numerator / denominator * per.
    """
    shape = followed.shape
    window = window_of(shape[0], window)
    take = minors if measured.minors else np.asarray
    followed = take(followed)
    events = take(counter(tallies, measured.events or measured.numerator, shape, watched))
    if measured.form == "within":
        top, bottom = _within(measured, tallies, shape)
        return marginal(top, by), marginal(bottom, by), marginal(bottom, by)
    top = take(counter(tallies, measured.numerator, shape, watched))
    if measured.form == "ever":
        start = followed[0] if window.start == 0 else followed[window.start]
        return marginal(top[: window.stop].sum(axis=0), by), marginal(start, by), marginal(events[: window.stop].sum(axis=0), by)
    if measured.form == "stock":
        window = slice(max(window.start, window.stop - YEAR), window.stop)
    summed = tuple(marginal(array[window].sum(axis=0), by) for array in (top, events))
    bottom = followed if measured.denominator == (FOLLOWED,) else counter(tallies, measured.denominator, shape, watched)
    base = marginal(bottom[window].sum(axis=0), by)
    return summed[0], base / YEAR if measured.form == "rate" else base, summed[1]


def _within(measured: Outcome, tallies: Tallies, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Follow complete cohorts: of those counted in month c, how many had the event by month c + `months`."""
    complete = max(shape[0] - measured.months, 0)
    top = np.zeros(shape[1], np.int64)
    for name in measured.numerator:
        for m in range(measured.months + 1):
            found = tallies.get(f"{name}.m{m}")
            if found is not None:
                top += found[m : m + complete].sum(axis=0)
    bottom = counter(tallies, measured.denominator, shape)[:complete].sum(axis=0)
    return top, bottom


def survival_unaware(tallies: Tallies, shape: tuple[int, int]) -> dict[str, float | None]:
    """Estimate by Kaplan-Meier how long listings stay unknown to their subject; whoever is still unaware at the run's end is censored.

    Returns:
        'median_months' (None when more than half are unaware as long as we look), 'never_aware' (share of finished spells that no notice,
        refusal or inquiry ended).
    """
    months, longest = shape[0], 36
    started = counter(tallies, ("unaware_started",), shape).sum(axis=1)
    told = [counter(tallies, (f"unaware_told.m{m}",), shape).sum(axis=1) for m in range(longest + 1)]
    ended = [counter(tallies, (f"unaware_ended.m{m}",), shape).sum(axis=1) for m in range(longest + 1)]
    if not started.sum():
        return {"median_months": None, "never_aware": None}
    left, alive, median = started.astype(np.int64), 1.0, None
    for m in range(longest):
        out = np.zeros(months, np.int64)
        inside = max(months - m, 0)
        out[:inside] = told[m][m:] + ended[m][m:]
        at_risk = np.maximum(left[:inside], 0).sum()
        if at_risk:
            alive *= 1 - min(out[:inside].sum() / at_risk, 1)
        if alive <= 0.5 and median is None:
            median = float(m)
        left = left - out
    known, unknown = sum(int(t.sum()) for t in told), sum(int(e.sum()) for e in ended)
    return {"median_months": median, "never_aware": unknown / (known + unknown) if known + unknown else None}
