"""Models from the literature as months: behaviour that follows what is deployed, effort for a sign or a score, loans that move scores."""

from __future__ import annotations

from functools import cache
from statistics import NormalDist

from .arithmetic import WHOLE, between, both
from .cycle import Step, step

PARTS = 2**14
MARKED = 8


@cache
def quantile(part: int) -> int:
    """Give the standard normal quantile at the middle of one of so many even parts, over 2^16."""
    return round(NormalDist().inv_cdf((part + 0.5) / PARTS) * WHOLE)


@step("respond.performing")
def performing(s: Step) -> None:
    p = s.p
    for i in range(s.people):
        shift = s.person("places.deployed", s.persons["place"][i]) * int(p.follows) >> 16
        noise = quantile(s.word("noise", s.announced(i)) * PARTS >> 31) * int(p.spread) >> 16
        s.cycle.state["persons.behaviour"][i] = int(p.base) + shift + noise


@step("outcome.retraining")
def retraining(s: Step) -> None:
    start = s.world["places"]["start"]
    for place, (first, after) in enumerate(zip(start, start[1:], strict=False)):
        if after > first:
            total = sum(s.person("persons.behaviour", i) for i in range(first, after))
            s.cycle.state["places.deployed"][place] = (2 * total + after - first) // (2 * (after - first))


@step("respond.investing")
def investing(s: Step) -> None:
    p = s.p
    for i in range(s.people):
        if s.happens("adjust", p.adjust, s.announced(i)):
            cut = s.person("places.signal_cut", s.persons["place"][i])
            worth = both(2 * both(cut, 2**31 - cut), p.wage)
            s.cycle.state["persons.invests"][i] = int(s.person("persons.effort_cost", i) <= worth)


@step("respond.score_gaming")
def score_gaming(s: Step) -> None:
    p, shown, spent = s.p, s.cycle.state["persons.shown_score"], s.cycle.state["persons.effort_spent"]
    for i in range(s.people):
        true = s.person("persons.true_score", i)
        price = max(int(p.cut) - true, 0) * int(p.cost[s.persons["quintile"][i]]) // 10_000
        pays = 0 < price <= p.worth
        shown[i] = int(p.cut) if pays else true
        spent[i] += price if pays else 0


@step("outcome.score_ladder")
def score_ladder(s: Step) -> None:
    p, start = s.p, s.world["places"]["start"]
    if p.applicants == "everybody":
        for i in range(s.people):
            apply(s, i, s.word("repay", i))
        return
    for application in range(int(p.applications)):
        for place in range(len(start) - 1):
            if start[place + 1] > start[place]:
                i = between(s.word("applicant", place, application), start[place], start[place + 1] - 1)
                apply(s, i, s.word("repay", place, application))


def apply(s: Step, i: int, word: int) -> None:
    """Decide one application, and what comes of the loan."""
    p, state = s.p, s.cycle.state

    def within(score: int) -> int:
        return min(max(score, int(p.low)), int(p.high))

    score = within(s.person("persons.loan_score", i))
    if score < p.cut[1 if s.persons["role"][i] & MARKED else 0]:
        return
    names, cuts = p.bands
    reached = [name for name, cut in zip(names, cuts, strict=True) if score >= cut] or [names[0]]
    repaid = word < dict(zip(*p.repays, strict=True))[reached[-1]]
    state["persons.loans_granted"][i] += 1
    state["persons.loans_repaid"][i] += int(repaid)
    state["persons.loan_score"][i] = within(score + (int(p.up) if repaid else -int(p.down)))
