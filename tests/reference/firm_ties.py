"""Firms that deal with each other: who leaves whom, whom they find, and what a rating keeps from breaching."""

from __future__ import annotations

from scslab.mechanisms.firms import STANDING

from .arithmetic import WHOLE
from .cycle import Row, Step, modifier, step
from .firms import in_business

UNRATED = 255


@modifier("respond.firm_deterrence")
def firm_deterrence(s: Step, quantity: str, i: int) -> int:
    is_late = any(held.since > s.month - int(s.p.memory) for held in s.shelf("firm_records_held").of(i))
    return int(s.p.rated) * (int(s.p.caught) if is_late else WHOLE) >> 16


def partners_of(s: Step, firm: int) -> list[int]:
    """List the partners in business of a firm: of the network or found since, not cut."""
    known = [j for j, _ in s.ties("partners", firm)] + [held.partner for held in s.shelf("new_ties").of(firm)]
    return sorted(j for j in set(known) if in_business(s, j) and s.shelf("cut_ties").find(firm, j) is None)


def codes(s: Step, names: list[str]) -> set[int]:
    return {s.cycle.labels[name] for name in names if name in s.cycle.labels}


def stands_badly(s: Step, firm: int) -> bool:
    """Tell whether a firm stands on a rating or list at which partners leave."""
    for label in codes(s, s.p.rating) | codes(s, s.p.lists):
        rated = s.shelf("firm_ratings").find(firm, label)
        standing = None if rated is None else rated.grade
        if s.shelf("firm_listings").find(firm, label) is not None:
            standing = STANDING.code("listed")
        if standing is not None and s.p.leaves[standing] > 0:
            return True
    return False


@step("respond.partner_churn")
def partner_churn(s: Step) -> None:
    p, ratings, lists, done = s.p, codes(s, s.p.rating), codes(s, s.p.lists), set()
    grades = [row for row in s.rows("firm_grades") if row.rating in ratings and (row.previous == UNRATED or row.grade < row.previous)]
    listings = [row for row in s.rows("firm_listings") if row.list in lists]
    for rows in ([(row, row.grade) for row in grades], [(row, STANDING.code("listed")) for row in listings]):
        gone: dict[int, tuple[Row, int, int]] = {}
        for row, standing in rows:
            for partner in partners_of(s, row.subject):
                pair = partner * 2**31 + row.subject
                if pair not in done and pair not in gone and s.word("leave", pair) < p.leaves[standing]:
                    gone[pair] = row, row.subject, partner
        in_order = [gone[pair] for pair in sorted(gone)]
        done |= {one * 2**31 + other for _, firm, partner in in_order for one, other in ((partner, firm), (firm, partner))}
        keep(s, "cut_ties", in_order, 0)
        found: dict[tuple[int, int], tuple[Row, int, int]] = {}
        for row, firm, leaver in in_order:
            other = another(s, firm, leaver)
            if other >= 0:
                found.setdefault((min(leaver, other), max(leaver, other)), (row, leaver, other))
        keep(s, "new_ties", [found[pair] for pair in sorted(found)], 1)


def keep(s: Step, store: str, ties: list[tuple[Row, int, int]], begun: int) -> None:
    """Note ties both ways round, those of the firms first, and say so once."""
    for row, firm, partner in ties:
        s.shelf(store).put(row, partner, subject=firm, partner=partner, since=s.month)
        s.emit("firm_ties", row, subject=firm, kind=0, partner=partner, begun=begun)
    for row, firm, partner in ties:
        s.shelf(store).put(row, firm, subject=partner, partner=firm, since=s.month)


def another(s: Step, firm: int, leaver: int) -> int:
    """Find another firm of the lost one's sector for somebody who left; -1 where none fits."""
    pair, sectors = leaver * 2**31 + firm, s.world["firms"]["sector"]
    alike = [j for j in range(len(sectors)) if sectors[j] == sectors[firm]]
    other = alike[s.word("whom", pair) * len(alike) >> 31]
    fits = s.word("find", pair) < s.p.replaces and other not in (firm, leaver) and in_business(s, other) and other not in partners_of(s, leaver)
    return other if fits and s.shelf("cut_ties").find(leaver, other) is None and not stands_badly(s, other) else -1
