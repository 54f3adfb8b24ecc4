"""Inspectors visit a fixed number of firms a month: at random, or where the risk model says.

The model is the urn of Ensign and others (2018): visits go to districts or sectors in proportion to what was found there before, so what
decides where to look next is what was looked at. `correction` accepts a finding the less often, the more its firms are visited (for two
regions: the authors' rejection step, which restores the true shares); `override` is an official who sets the model aside and visits any
firm. Reports from outside can count beside findings. Grades and lists act through `firm.inspection`.
"""

from __future__ import annotations

import numpy as np

from ...base.exact import places_this_month
from ...base.luck import ONE
from ...base.parameters import FACTOR_ONE, Parameters, choice, count, factor, names, probability, share
from ...engine.declare import Column, Occasions, Rows, mechanism
from ..common import among, thinned
from ..firms import BREACH, DISTRICTS, EVERY_FIRM, FIRST, OWNERSHIP, SECTOR, breach_of, district_of, draw_by_weight, in_business
from ..kinds import FAULT, SENSOR

INSPECTION, FABRICATED = SENSOR.code("inspection"), FAULT.code("fabricated")
FINDING = 256
"""A finding in the memory of the inspectors, so that reports can count less than one."""


class Params(Parameters):
    visits = factor("visits by inspectors", unit="visits a month per 10000 firms")
    kinds = names("breaches that inspectors look for", BREACH, codes=True)
    sensitivity = probability("chance that a visit finds a breach that is there", by=BREACH, partial=0)
    false_find = probability("chance that a visit finds a breach that is not there", errorless=0)
    by_ownership = factor("multiplies the chance of a visit", by=OWNERSHIP)
    unit = choice("what the risk model predicts for", ("district", "sector"), default="district")
    prediction = share("how much visits follow past findings; 0 = every firm alike, 1 = in proportion to findings")
    start = count("findings with which every unit begins in the model", unit="findings")
    head_start = count("findings with which the first unit begins beside that", unit="findings")
    reports = factor("weight of a report from outside in the model, beside a finding")
    correction = share("how far findings from often visited firms are discounted; 1 = fully")
    override = probability("share of visits for which an official sets the model aside")
    every = EVERY_FIRM


@mechanism(
    "observe.inspection",
    on=(Occasions("firm_month", rate="every", of="firms"), Rows("firm_findings")),
    params=Params,
    reads=("firms.closed", "firms.ownership", "firms.sector", "firms.place", "places.start"),
    writes=(Column("firms.found", "int32", 0, "1/256 finding", "what inspectors remember to have found"),),
    stores=("open_breaches",),
    draws=("round", "visit", "override", "see", "false", "which", "accept"),
    emits=("firm_visits", "firm_findings"),
    quantities=("firm.inspection",),
)
def inspection(batch, cols, p, luck):
    """A fixed number of visits falls on firms by weight; breaches that are there are found or not, and some that are not.

    First findings of others add reports, in 1/256, to what is remembered of a firm. Visits are visits x firms in business / 10,000, the rest by the word
    `round` of id 0; each, by its number, goes where the word `visit` times the sum of weights (shifted to 32 bits) over 2^31 falls, firms in order. The
    weight is by_ownership x `firm.inspection`, and, unless the word `override` is below override, x the model's ratio of the firm's unit, each over 2^16.
    The ratio is 1 - prediction + prediction x (share of findings, with the start, over share of firms), 1 without findings; a district is place x min(16,
    places) / places. A firm visited is looked at once, in order: of its breaches of the kinds looked for each is found if the word `see`, by its id, is
    below sensitivity; then one is made up if the word `false` of the firm is below false_find, by `which`, unless it is there. A finding is remembered if
    the word `accept`, by the firm's id + kind, is below 1 - correction x (1 - least ratio of a firm in business / its ratio). The first of a firm's visits
    says how many were found.
    """
    firms, found = batch.firm_month, cols.firms.found  # every firm, so that positions are firms
    outside = np.flatnonzero(batch.firm_findings.sensor != INSPECTION)
    np.add.at(found, batch.firm_findings.subject[outside], np.int32(p.reports * FINDING >> 16))
    who = np.flatnonzero(in_business(cols, firms.subject))
    number = np.arange(places_this_month(p.visits, len(who), luck.at("round", np.zeros(1, np.int64))[0]))
    plain = thinned(p.by_ownership[cols.firms.ownership[who]], cols.factor("firm.inspection", who))
    unit, ratio = _model(cols, p)
    words, aside = luck.at("visit", number), luck.at("override", number) < p.override
    by_model = draw_by_weight(words[~aside], plain * ratio[unit[who]] >> 16)
    visited = who[np.sort(np.concatenate([by_model, draw_by_weight(words[aside], plain)]))]
    at, kind, made = _look(firms, np.unique(visited), cols, p, luck)
    accepted = luck.at("accept", firms.id[at] + kind) < _discount(ratio, np.unique(unit[who]), p)[unit[at]]
    np.add.at(found, at[accepted], np.int32(FINDING))
    first = np.ones(len(visited), bool)
    first[1:] = visited[1:] != visited[:-1]
    n_found = np.bincount(at, minlength=len(firms))[visited]
    return [*made, firms.emit("firm_visits", parent=visited, found=np.where(first, n_found, 0))]


def _model(cols, p):
    """Give each firm's unit, and by unit the weight (over 2^16) of each of its firms: its share of findings over its share of firms."""
    everybody = np.arange(len(cols.firms.found))
    unit = district_of(cols, everybody) if p.unit == "district" else cols.firms.sector.astype(np.int64)
    units = DISTRICTS if p.unit == "district" else len(SECTOR)
    open_ = in_business(cols, everybody)
    size, counts = np.bincount(unit[open_], minlength=units), np.full(units, p.start * FINDING, np.int64)
    np.add.at(counts, unit, cols.firms.found)
    counts[0] += p.head_start * FINDING
    counts[size == 0] = 0
    total, n = int(counts.sum()), int(size.sum())
    if not p.prediction or not total:
        return unit, np.full(units, FACTOR_ONE, np.int64)
    like = [int(c) * n * FACTOR_ONE // (total * int(s)) if s else 0 for c, s in zip(counts, size, strict=True)]
    return unit, np.array([((ONE - p.prediction) * FACTOR_ONE + p.prediction * x) >> 31 for x in like], np.int64)


def _discount(ratio, units, p):
    """Give by unit the threshold of accepting a finding: how often the least visited firms are visited over how often the unit's are."""
    least = int(ratio[units].min(initial=1 << 40))
    kept = [least * ONE // int(x) if x > least else ONE for x in ratio]
    return np.array([ONE - (p.correction * (ONE - k) >> 31) for k in kept], np.int64)


def _look(firms, visited, cols, p, luck):
    """Look for breaches at the visited firms: where something was found, what, and the findings."""
    held = cols.stores.open_breaches
    at, breach = held.of(visited)
    sought = among(breach_of(held.kind[breach]), p.kinds)
    at, breach = visited[at[sought]], breach[sought]
    seen = luck.at("see", held.id[breach]) < p.sensitivity[breach_of(held.kind[breach])]
    at, breach = at[seen], breach[seen]
    values = {"since": held.since[breach], "cause": held.cause[breach], "true_firm": at, "fault": 0, "sensor": INSPECTION}
    made = [firms.emit("firm_findings", parent=at, kind=held.kind[breach], **values)]
    wrong = visited[luck.of(firms).below("false", p.false_find, visited)] if len(p.kinds) else visited[:0]
    which = (luck.of(firms).words("which", wrong).astype(np.int64) * len(p.kinds)) >> 31
    kind = FIRST + (p.kinds[which] if len(wrong) else which)
    new = ~held.has(wrong, breach_of(kind))
    wrong, kind = wrong[new], kind[new]
    values = {"since": cols.month, "cause": 0, "true_firm": wrong, "fault": FABRICATED, "sensor": INSPECTION}
    made.append(firms.emit("firm_findings", parent=wrong, kind=kind, **values))
    return np.concatenate([at, wrong]), np.concatenate([held.kind[breach].astype(np.int64), kind]), made
