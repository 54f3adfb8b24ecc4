"""How peers judge each other: opinions, the worth of being seen to do good, norms and those who punish their breach."""

from __future__ import annotations

from .arithmetic import CERTAIN
from .conduct_more import boldness, vengefulness
from .cycle import Row, Step, step

GOOD = {"stern_judging": (False, True), "standing": (True, True), "image_scoring": (True, False), "shunning": (False, False)}
"""By norm: whether help given to a bad person is good, and help refused to one."""


@step("respond.opinions")
def opinions(s: Step) -> None:
    p, store = s.p, s.shelf("opinions")
    for row in s.rows("encounters"):
        for friend, _ in s.ties("friends", row.subject):
            seen = friend * 2**31 + row.subject
            if not s.living(friend) or s.word("see", seen) >= p.sees:
                continue
            thinks_well = store.find(friend, row.other) is None
            is_good = bool(row.helped) if thinks_well else GOOD[p.norm][0 if row.helped else 1]
            is_good ^= s.word("err", seen) < p.errs
            held = store.find(friend, row.subject)
            if is_good and held is not None:
                store.drop(held)
            if not is_good and held is None:
                store.put(row, row.subject, subject=friend)


@step("respond.reputation")
def reputation(s: Step) -> None:
    seen: dict[int, dict[int, list[int]]] = {}
    for row in s.queue("public_calls", s.p.everybody):
        if row.seen:
            seen.setdefault(s.persons["place"][row.subject], {0: [], 1: []})[row.took].append(row.care)
    for place, cares in seen.items():
        if cares[0] and cares[1]:
            s.cycle.state["places.reputation_gap"][place] = sum(cares[1]) // len(cares[1]) - sum(cares[0]) // len(cares[0])


def groups(s: Step) -> dict[int, list[int]]:
    """List the living adults of each place, in order of number."""
    found: dict[int, list[int]] = {}
    for i in range(s.people):
        if s.living(i):
            found.setdefault(s.persons["place"][i], []).append(i)
    return found


@step("respond.norm_enforcement")
def norm_enforcement(s: Step) -> None:
    p, members = s.p, groups(s)
    harmed: list[list[tuple[int, Row]]] = [[], []]
    punished: list[list[tuple[int, Row]]] = [[], []]
    for row in s.queue("norm_breaches", p.everybody):
        place = s.persons["place"][row.subject]
        base = s.world["places"]["start"][place]

        def reacts(watched: int, watcher: int, draws: tuple[str, str], row: Row = row, place: int = place, base: int = base) -> tuple[bool, bool]:
            """Tell whether somebody sees what another did about the breach, and whether it is punished."""
            key = place
            for who in (row.subject, watched, watcher):
                key = key * 4096 + who - base
            key = key * 16 + row.chance
            sees = s.word(draws[0], key) < row.open
            return sees, sees and s.word(draws[1], key) < vengefulness(s, watcher) * CERTAIN // 7

        for witness in members.get(place, []):
            if witness == row.subject:
                continue
            sees, punishes = reacts(row.subject, witness, ("see", "punish"))
            if punishes:
                harmed[0].append((row.subject, row))
                punished[0].append((witness, row))
            for watcher in members[place] if p.meta and sees and not punishes else ():
                if watcher not in (witness, row.subject) and reacts(witness, watcher, ("see_lapse", "punish_lapse"))[1]:
                    harmed[1].append((witness, row))
                    punished[1].append((watcher, row))
    tolls: dict[int, tuple[int, Row]] = {}
    for points, parts in ((p.punished, harmed), (p.punishing, punished)):
        for who, row in (entry for part in parts for entry in part):
            so_far, first = tolls.get(who, (0, row))
            tolls[who] = so_far - int(points), first
    for who, (points, row) in tolls.items():
        s.emit("norm_tolls", row, subject=who, kind=0, points=points)


@step("outcome.norm_learning")
def norm_learning(s: Step) -> None:
    p, breaches, tolls = s.p, s.rows("norm_breaches"), s.queue("norm_tolls", s.p.everybody)
    learned: dict[int, tuple[int, int]] = {}
    for members in groups(s).values():
        own = {i: sum(row.subject == i for row in breaches) for i in members}
        payoff = {i: int(p.gain) * own[i] - int(p.hurt) * (sum(own.values()) - own[i]) for i in members}
        for row in tolls:
            if row.subject in payoff:
                payoff[row.subject] += row.points
        pool = followers(s, payoff)
        for rank, i in enumerate(members):
            slot = rank if rank < len(pool) else s.pick("more", 0, len(pool), s.announced(i), -1)
            learned[i] = boldness(s, pool[slot]), vengefulness(s, pool[slot])
    for i, levels in learned.items():
        for name, held in zip(("boldness", "vengefulness"), levels, strict=True):
            flips = sum(2**bit for bit in range(3) if s.word(f"flip_{name}", i, bit) < p.mutation)
            s.cycle.state[f"persons.norm_{name}"][i] = (held ^ flips) + 1


def followers(s: Step, payoff: dict[int, int]) -> list[int]:
    """List whom the members of a group could follow, in keyed order: the successful twice, the others once or not at all."""
    n, total, squares = len(payoff), sum(payoff.values()), sum(x * x for x in payoff.values())
    pool: list[tuple[int, int]] = []
    for i, x in payoff.items():
        above = n * x - total
        is_far = above * above >= n * squares - total * total
        copies = 1 if not is_far else 2 if above >= 0 else 0
        pool += [(s.word("order", i, copy), i) for copy in range(copies)]
    return [i for _, i in sorted(pool)]
