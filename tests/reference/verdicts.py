"""What peers say of each other: verdicts by a norm, stars, what is shown of them, and doors that ask for stars."""

from __future__ import annotations

from scslab.mechanisms.kinds import MEASURE

from .arithmetic import CERTAIN, WHOLE, between
from .cycle import Step, step

GOOD = {  # by norm: whether refusing and giving help is good when the other is bad, and when the other is good
    "stern_judging": (("refuses",), ("helps",)), "standing": (("refuses", "helps"), ("helps",)),
    "image_scoring": (("helps",), ("helps",)), "shunning": ((), ("helps",)),
}  # fmt: skip


def stars(points: int) -> int:
    """Turn stars in 1/100 into stars over 2^16."""
    return int(points) * WHOLE // 100


@step("observe.peer_ratings")
def peer_ratings(s: Step) -> None:
    for met in s.rows("encounters"):
        other_is_good = s.person("persons.standing", met.other) > 0
        is_good = ("helps" if met.helped else "refuses") in GOOD[s.p.norm][other_is_good]
        s.emit("peer_ratings", met, good=is_good != s.happens("err", s.p.errs, met))


@step("decide.peer_standing")
def peer_standing(s: Step) -> None:
    for rating in s.rows("peer_ratings"):
        s.cycle.state["persons.standing"][rating.subject] = rating.good


@step("observe.star_ratings")
def star_ratings(s: Step) -> None:
    p = s.p
    for met in s.rows("encounters"):
        i = met.subject
        shown = s.person("persons.stars", i)
        taste = sum(s.word("taste", met, k) for k in range(3)) - 3 * CERTAIN // 2
        own = stars(p.mean) + (stars(p.spread) * taste >> 30)
        own += between(s.lasting("charm", i), -stars(p.charm), stars(p.charm))
        own -= (0 if met.helped else stars(p.refused)) + (stars(p.stigma) if shown < stars(p.below) else 0)
        given = own + ((shown - own) * int(p.conform) >> 31)
        s.emit("star_ratings", met, stars=max(stars(p.lowest), min(given, stars(p.highest))))


@step("decide.star_average")
def star_average(s: Step) -> None:
    given: dict[int, list[int]] = {}
    for rating in s.rows("star_ratings"):
        given.setdefault(rating.subject, []).append(rating.stars)
    shown = s.cycle.state["persons.stars"]
    for i, ratings in given.items():
        shown[i] += (sum(ratings) // len(ratings) - shown[i]) * int(s.p.weight) >> 31
        s.touch("stars", i)


@step("enforce.rating_access")
def rating_access(s: Step) -> None:
    for i in s.changed("stars"):
        shown = s.person("persons.stars", i)
        mask = sum(1 << code for code in range(len(MEASURE)) if s.p.asks[code] and shown < stars(s.p.asks[code]))
        held = s.shelf("burdens").find(i, s.label)
        if mask != (held.mask if held is not None else 0):
            s.emit("impositions", s.announced(i), list=s.label, mask=mask, spill=0)
