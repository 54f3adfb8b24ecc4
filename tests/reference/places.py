"""Inspectorates that send units or patrols to their places, employers that judge by place, and admission by the score shown."""

from __future__ import annotations

from decimal import Decimal, localcontext
from functools import cache

from .arithmetic import CERTAIN, NEVER, WHOLE
from .chances import poisson
from .cycle import Step, step


def inspectorates(s: Step) -> list[list[int]]:
    """Give each inspectorate so many places in a row; places left over belong to none."""
    sites = int(s.p.sites)
    return [list(range(first, first + sites)) for first in range(0, len(s.world["places"]["urban"]) - sites + 1, sites)] if sites else []


def by_chance(word: int, chances: list[int]) -> int:
    """Choose a place by a word, in proportion to its chances."""
    reach, upto = word * sum(chances) >> 31, 0
    for place, chance in enumerate(chances):
        upto += chance
        if reach < upto:
            return place
    return len(chances) - 1


@step("observe.units")
def units(s: Step) -> None:
    p, held = s.p, s.cycle.state
    offices = inspectorates(s)
    learns = offices and p.policy != "uniform" and p.every and held["places.months_sent"][offices[0][0]] >= p.learn_first
    for office in offices:
        if learns and held["places.months_sent"][offices[0][0]] % int(p.every) == 0:
            for place in office:
                held["places.believed_rate"][place] = estimated([held[name][place] for name in SEEN])
    months = {place: held["places.months_sent"][place] for office in offices for place in office}
    for office in offices:
        sent = sent_to(s, office)
        for site, place in enumerate(office):
            first = int(p.rates[site % 8])
            rate = held["places.rate_shift"][place] + first
            happened = poisson(s, "incidents", place, rate)
            found = min(sent[site], happened)
            held["places.incidents_found"][place] += found
            held["places.incidents_missed"][place] += happened - found
            rate = max(rate - int(p.response) * sent[site] if sent[site] else rate + int(p.response), 0)
            held["places.rate_shift"][place] = rate - first
            held["places.months_sent"][place] = months[place] + 1
            if p.policy != "uniform":
                learn(s, place, sent[site], found)


SEEN = ("places.looks", "places.looks_found", *(f"places.cut_off_{k}" for k in range(1, 13)))


def learn(s: Step, place: int, sent: int, found: int) -> None:
    is_full = sent > 0 and found == sent
    is_part = sent > 0 and not is_full
    told = [is_part, found if is_part else 0, *(is_full and min(sent, 12) == k for k in range(1, 13))]
    for name, new in zip(SEEN, told, strict=True):
        column = s.cycle.state[name]
        column[place] += int(new) * WHOLE - (column[place] // max(int(s.p.memory), 1) if s.p.memory < NEVER else 0)


def sent_to(s: Step, office: list[int]) -> list[int]:
    """Tell how many units go to each place."""
    p, sent = s.p, [0] * len(office)
    believed = [s.cycle.state["places.believed_rate"][place] for place in office]
    explores = p.policy == "uniform" or s.word("explore", office[0]) < p.explore
    if p.policy == "greedy" and not explores:
        for _ in range(int(p.units)):
            gains = [more_than(believed[site])[min(sent[site], 12)] for site in range(len(office))]
            sent[gains.index(max(gains))] += 1
        return sent
    chances = [1] * len(office) if explores or not sum(believed) else believed
    for unit in range(int(p.units)):
        sent[by_chance(s.word("unit", office[0], unit), chances)] += 1
    return sent


def at_least(rate: Decimal, most: int) -> list[Decimal]:
    """List the chances of at least 1, ..., most incidents."""
    chance, left, found = (-rate).exp(), Decimal(1), []
    for k in range(1, most + 1):
        left -= chance
        found.append(max(left, Decimal("1e-18")))
        chance *= rate / k
    return found


@cache
def more_than(eighths: int) -> list[int]:
    with localcontext(prec=30):
        return [round(chance * CERTAIN) for chance in at_least(Decimal(eighths) / 8, 13)]


@cache
def logarithms(eighths: int) -> list[int]:
    with localcontext(prec=30):
        rate = Decimal(eighths) / 8 if eighths else Decimal("1e-6")
        return [round(value * WHOLE) for value in (-rate, rate.ln(), *(chance.ln() for chance in at_least(rate, 12)))]


def estimated(seen: list[int]) -> int:
    """Give the likeliest rate, in eighths; the lowest of those as likely."""
    return max(range(241), key=lambda g: (sum(n * value for n, value in zip(seen, logarithms(g), strict=True)), -g))


@step("observe.patrols")
def patrols(s: Step) -> None:
    p, incidents, visits = s.p, s.cycle.state["places.known_incidents"], s.cycle.state["places.patrol_visits"]
    for office in inspectorates(s):
        code = [site % 8 for site in range(len(office))]
        known = [incidents[place] + int(p.start[k]) * WHOLE for place, k in zip(office, code, strict=True)]
        for visit in range(int(p.visits)):
            shift = max(sum(known).bit_length() - 31, 0)
            read = [value >> shift for value in known]
            where = by_chance(s.word("visit", office[0], visit), read)
            visits[office[where]] += 1
            if accepted(s, office[0], visit, read, where):
                for site in range(len(office)):
                    found = int(p.found[code[site]])
                    known[site] += found if site == where else found * int(p.reported) >> 16
        for site, place in enumerate(office):
            incidents[place] = known[site] - int(p.start[code[site]]) * WHOLE


def accepted(s: Step, head: int, visit: int, read: list[int], where: int) -> bool:
    """Accept an update as often as its place is not visited, beside the place that is visited least."""
    if s.word("corrected", head, visit) >= s.p.correction:
        return True
    most, rest = sum(read) - min(read), sum(read) - read[where]
    return s.word("accept", head, visit) * most >> 31 < rest


@step("decide.signal_cut")
def signal_cut(s: Step) -> None:
    start = s.world["places"]["start"]
    for place in range(len(start) - 1):
        size = start[place + 1] - start[place]
        if size:
            share = sum(s.person("persons.invests", i) for i in range(start[place], start[place + 1])) * CERTAIN // size
            good = share * int(s.p.payoff) // WHOLE
            s.cycle.state["places.signal_cut"][place] = (CERTAIN - share) * CERTAIN // max(CERTAIN - share + good, 1)


@step("decide.admission")
def admission(s: Step) -> None:
    for i in range(s.people):
        s.cycle.state["persons.admitted"][i] = int(s.person("persons.shown_score", i) >= s.p.cut)
