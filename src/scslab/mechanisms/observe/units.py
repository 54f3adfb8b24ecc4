"""An inspectorate sends a limited number of units to its places each month, and incidents answer: fewer where it was, more where it was not.

The attention allocation problem of D'Amour and others (2020). A unit finds one incident at most; what units do not find is missed. `uniform`
draws a place for each unit; `proportional` and `greedy` go by rates estimated from what was found, by maximum likelihood for counts that the
number of units cuts off: in proportion, or each unit where it is most likely to find one more (the first place, where nothing tells them
apart). Places are numbered; an inspectorate has `sites` of them in a row.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from functools import cache

import numpy as np

from ...base.luck import ONE
from ...base.months import NEVER
from ...base.parameters import FACTOR_ONE, Parameters, choice, count, duration, factor, probability
from ...engine.declare import Column, Sweep, mechanism
from ..counts import poisson
from ..sites import SITE, inspectorates

GRID = 8
"""Estimated rates are whole eighths."""
RATES = 240
"""Highest estimate: 30 incidents."""
MOST_UNITS = 12
"""More units than this at one place learn as if they were so many."""
CUT_OFF = tuple(f"places.cut_off_{k}" for k in range(1, MOST_UNITS + 1))
SEEN = ("places.looks", "places.looks_found", *CUT_OFF)


class Params(Parameters):
    sites = count("places in the charge of one inspectorate", unit="places")
    units = count("units that each inspectorate sends out in a month", unit="units")
    policy = choice("how units are sent out", ("uniform", "proportional", "greedy"), default="uniform")
    rates = factor("incidents expected in a month at first, by place of the inspectorate", unit="incidents", by=SITE, partial=0)
    response = factor("incidents fewer expected for each unit sent, and more where none was", unit="incidents")
    explore = probability("chance a month of sending units out uniformly, to learn (proportional, greedy)")
    learn_first = duration("months before the first estimate; until then every rate is believed to be zero (proportional, greedy)")
    memory = duration("months that a month's looks are remembered on average; null = for ever (proportional, greedy)", allow_none=True)
    every = duration("months between two estimates of the rates (proportional, greedy)")


@mechanism(
    "observe.units",
    on=Sweep(),
    params=Params,
    reads=("places.start",),
    writes=(
        Column("places.rate_shift", "int64", 0, "1/65536 incident", "how far the expected incidents of a place have moved from the first", truth=True),
        Column("places.incidents_found", "int64", 0, "incidents", "found at the place"),
        Column("places.incidents_missed", "int64", 0, "incidents", "not found at the place", truth=True),
        Column("places.looks", "int64", 0, "1/65536 month", "remembered months that found less than the units sent"),
        Column("places.looks_found", "int64", 0, "1/65536 incident", "found in such months"),
        *(Column(name, "int64", 0, "1/65536 month", "remembered months in which so many units each found one") for name in CUT_OFF),
        Column("places.believed_rate", "int32", 0, "1/8 incident", "last estimate of the place's incidents a month"),
        Column("places.months_sent", "int32", 0, "months", "months in which units were sent out"),
    ),
    draws=("incidents", "unit", "explore"),
)
def units(everybody, cols, p, luck):
    """Units go out, find at most one incident each, and the expected incidents move.

    Words are by the inspectorate's first place. First, where the policy estimates, in months sent that are at least learn_first and that `every` divides,
    believed rates become the likeliest whole eighths, the lowest of those as likely, by logarithms over 2^16: what was seen is months with units left over,
    incidents found in them, and months in which each of k units found one (more than 12 count as 12), each less its memory-th part a month. If the word
    `explore` is below explore units go uniformly. Uniformly, or in proportion to believed rates (uniformly where all are 0), each goes where the word
    `unit`, of its number as ordinal, times the sum of chances over 2^31 falls; greedy is as above, by the chance of more than are there already. Incidents
    are a Poisson number (`counts.poisson`) by the place's word `incidents`. The expected then fall by response for each unit, or rise by it where none was,
    at least to 0.
    """
    office = inspectorates(cols, everybody, p.sites)
    if not len(office):
        return
    places, first = cols.places, p.rates[np.arange(office.shape[1]) % len(SITE)]
    rate = places.rate_shift[office] + first
    happened = poisson(luck, "incidents", office.reshape(-1), rate.reshape(-1)).reshape(office.shape)
    sent = _sent(office, cols, p, luck)
    found = np.minimum(sent, happened)
    places.incidents_found[office] += found
    places.incidents_missed[office] += happened - found
    rate = np.maximum(np.where(sent > 0, rate - p.response * sent, rate + p.response), 0)
    places.rate_shift[office] = rate - first
    places.months_sent[office] += 1
    if p.policy != "uniform":
        _learn(office, sent, found, places, p.memory)


def _sent(office, cols, p, luck):
    """Give the units sent to each place."""
    n, sites = office.shape
    chance = np.ones((n, sites), np.int64)
    if p.policy != "uniform":
        months = int(cols.places.months_sent[office[0, 0]])
        if p.every and months >= p.learn_first and months % p.every == 0:
            cols.places.believed_rate[office] = estimates(_seen(office, cols.places))
        plain = luck.at("explore", office[:, 0]) < p.explore
        believed = cols.places.believed_rate[office].astype(np.int64)
        if p.policy == "greedy":
            return np.where(plain[:, None], _drawn(office, chance, p, luck), greedy(believed, p.units))
        chance = np.where(plain[:, None] | (believed.sum(axis=1) == 0)[:, None], chance, believed)
    return _drawn(office, chance, p, luck)


def _drawn(office, chance, p, luck):
    """Draw a place for each unit, by chance."""
    sent, cut = np.zeros(office.shape, np.int64), np.cumsum(chance, axis=1)
    for unit in range(p.units):
        word = luck.at("unit", office[:, 0], unit).astype(np.int64) * cut[:, -1] >> 31
        sent[np.arange(len(office)), (cut <= word[:, None]).sum(axis=1)] += 1
    return sent


def greedy(believed, units):
    """Send each unit where it is most likely to find one incident more than the units before it; the first place where that is equal.

    Args:
        believed: rates in eighths, (inspectorates, places).

    Example:
        >>> greedy(np.array([[16, 8, 0]]), 3).tolist()
        [[2, 1, 0]]
    """
    sent, rows, tail = np.zeros(believed.shape, np.int64), np.arange(len(believed)), tails()
    for _ in range(units):
        gain = tail[believed, np.minimum(sent, MOST_UNITS)]
        sent[rows, gain.argmax(axis=1)] += 1
    return sent


def _learn(office, sent, found, places, memory):
    """Remember what the month told: how much was found where units were left over, or that none was; older months fade."""
    full = (sent > 0) & (found == sent)
    part = (sent > 0) & ~full
    told = [part, np.where(part, found, 0), *(full & (np.minimum(sent, MOST_UNITS) == k) for k in range(1, MOST_UNITS + 1))]
    for name, new in zip(SEEN, told, strict=True):
        column = getattr(places, name.partition(".")[2])
        kept = column[office]
        column[office] = kept - (kept // max(memory, 1) if memory < NEVER else 0) + new * FACTOR_ONE


def _seen(office, places):
    """Gather what was learned of each place: (places..., 2 + MOST_UNITS)."""
    return np.stack([getattr(places, name.partition(".")[2])[office] for name in SEEN], axis=-1)


def estimates(seen):
    """Estimate rates, in eighths, by maximum likelihood over a grid.

    Args:
        seen: int64 (..., 2 + MOST_UNITS): months that found less than the units sent, incidents found in them, and months in which each
            of k units found one, by k.

    Example:
        >>> int(estimates(np.array([10, 30] + [0] * MOST_UNITS))) / GRID
        3.0
    """
    return (seen @ likelihoods()).argmax(axis=-1)


@cache
def tails() -> np.ndarray:
    """Tabulate the chance, over 2^31, of more than k incidents, by rate in eighths and k; int64 (RATES + 1, MOST_UNITS + 1)."""
    with localcontext(prec=30):
        return np.array([[round(chance * ONE) for chance in _at_least(Decimal(g) / GRID, MOST_UNITS + 1)] for g in range(RATES + 1)], np.int64)


def _at_least(rate: Decimal, most: int) -> list[Decimal]:
    """List the chances of at least 1, ..., `most` incidents."""
    chance, left, found = (-rate).exp(), Decimal(1), []
    for k in range(1, most + 1):
        left -= chance
        found.append(max(left, Decimal(10) ** -18))
        chance *= rate / k
    return found


@cache
def likelihoods() -> np.ndarray:
    """Tabulate log-likelihoods, over 2^16, of what `estimates` is told, by rate; int64 (2 + MOST_UNITS, RATES + 1)."""
    table = np.zeros((2 + MOST_UNITS, RATES + 1), np.int64)
    with localcontext(prec=30):
        for g in range(RATES + 1):
            rate = Decimal(g) / GRID if g else Decimal(10) ** -6
            logs = [-rate, rate.ln(), *(chance.ln() for chance in _at_least(rate, MOST_UNITS))]
            table[:, g] = [round(value * FACTOR_ONE) for value in logs]
    return table
