"""What lists and grades bring: measures on the listed and on those near them, and seizure by the ordinary court."""

from __future__ import annotations

from scslab.mechanisms.kinds import BASIS, MEASURE, PAYMENT, RELATION

from .arithmetic import CERTAIN, NEVER, WHOLE
from .cycle import Row, Step, first_of_each, modifier, step

OWN, KIN, ASSOCIATE = (BASIS.code(name) for name in ("own", "kin", "associate"))
FRIEND = len(RELATION)


def bits(mask: int) -> list[int]:
    return [bit for bit in range(62) if mask >> bit & 1]


@step("enforce.measures")
def measures(s: Step) -> None:
    for listing in s.rows("listings"):
        mask = {"execute": 0, "spill": 0}
        for draw, shares in (("execute", s.p.execution), ("spill", s.p.spill)):
            for measure, share in enumerate(shares):
                if s.word(draw, listing, measure) < share:
                    mask[draw] |= 1 << measure
        if mask["execute"] or mask["spill"]:
            s.emit("impositions", listing, mask=mask["execute"], spill=mask["spill"])


@step("enforce.grade_measures")
def grade_measures(s: Step) -> None:
    last = {row.subject: row for row in s.rows("grades")}
    for row in last.values():
        mask = 0
        for name, share in zip(*s.p.execution, strict=True):
            grade, _, measure = name.partition(".")
            code = MEASURE.code(measure)
            if s.p.grades[row.grade] == grade and s.word("execute", row, code) < share:
                mask |= 1 << code
        s.emit("impositions", row, list=s.label, mask=mask, spill=0)


@step("enforce.book")
def book(s: Step) -> None:
    store, new, ends = s.shelf("burdens"), s.rows("impositions"), s.rows("listing_ends")
    last = {(row.subject, row.list): row for row in new}
    struck = {(row.subject, row.list) for row in (*new, *ends)}
    for i in sorted({row.subject for row in (*new, *ends)}):
        mine = store.of(i)
        stays = [held for held in mine if (i, held.list) not in struck]
        comes = [row for row in new if row.subject == i and last[i, row.list] is row and (row.mask | row.spill)]
        for column in ("mask", "spill"):
            before, after = joined(mine, column), joined([*stays, *comes], column)
            if column == "spill" and before != after:
                s.touch("spill", i)
            if column == "mask":
                begin(s, comes, after & ~before)
                end(s, [r for r in (*ends, *new) if r.subject == i], before & ~after)
        for held in mine:
            if held not in stays:
                store.drop(held)
        for row in comes:
            store.put(row, row.list, since=s.month)


def joined(rows: list[Row], column: str) -> int:
    mask = 0
    for row in rows:
        mask |= row.columns[column]
    return mask


def begin(s: Step, comes: list[Row], begun: int) -> None:
    """Say which measures begin; the first imposition that brings one is its cause."""
    for measure in bits(begun):
        cause = next((row for row in comes if row.mask >> measure & 1), None)
        if cause is not None:
            s.emit("measures", cause, measure=measure, basis=OWN, source=cause.subject, list=cause.list)


def end(s: Step, causes: list[Row], ended: int) -> None:
    """Say which measures end; the first ended listing, else replaced grade, that held one is its cause."""
    store = s.shelf("burdens")
    for table in ("listing_ends", "impositions"):
        rows = [row for row in causes if row.table == table]
        for measure in bits(ended):
            for row in rows:
                held = store.find(row.subject, row.list)
                if held is not None and held.mask >> measure & 1:
                    ended &= ~(1 << measure)
                    s.emit("measure_ends", row, carry=held, measure=measure, basis=OWN, source=row.subject, list=row.list)
                    break


@step("enforce.kin")
def kin(s: Step) -> None:
    p, seen = s.p, set()
    changed = [s.announced(i) for i in s.changed("spill")]
    for rows in (changed, s.rows("kin_checks"), s.each("kin_burdens")):
        for row in first_of_each(rows):
            if row.subject not in seen:
                seen.add(row.subject)
                weigh(s, row)
    spilling = [row for row in s.each_every("burdens", 12) if row.spill]
    watched = [(spilling, "kin"), (spilling, "friends"), ([r for r in changed if s.shelf("burdens").of(r.subject)], "friends")]
    for rows, network in watched:
        if network == "kin" or len(p.friend):
            for row in rows:
                for near, _ in s.ties(network, row.subject):
                    s.emit("kin_checks", row, subject=near, kind=0)


def weigh(s: Step, row: Row) -> None:
    """Compare what a person bears for others now with what the book says."""
    p, i, store = s.p, row.subject, s.shelf("kin_burdens")
    names = (*RELATION.names, "friend")
    inverse = {0: 0, 1: 2, 2: 1, 3: 3, FRIEND: FRIEND}
    near = list(s.ties("kin", i)) + ([(j, FRIEND) for j, _ in s.ties("friends", i)] if len(p.friend) else [])
    brought: list[tuple[int, int, Row, int]] = []
    for j, relation in near:
        reach = sum(1 << int(m) for m in getattr(p, names[inverse[relation]]))
        for held in s.shelf("burdens").of(j):
            mask = held.spill & reach if s.living(i, 0) else 0
            if s.age(i) >= 18:
                mask &= ~(1 << MEASURE.code("private_school"))
            if p.form == "household" and s.persons["household"][i] != s.persons["household"][j]:
                mask = 0
            brought.append((j, relation, held, mask))
    after = 0
    for *_, mask in brought:
        after |= mask
    held = store.find(i)
    before, source = (held.mask, held.source) if held is not None else (0, -1)
    is_kin = source < 0 or any(j == source and relation != FRIEND for j, relation in near)
    basis = KIN if is_kin else ASSOCIATE
    for measure in bits(before ^ after):
        if after >> measure & 1:
            source, relation, cause = next((j, relation, held) for j, relation, held, mask in brought if mask >> measure & 1)
            by = ASSOCIATE if relation == FRIEND else KIN
            s.emit("measures", row, kind=0, carry=cause, measure=measure, basis=by, source=source, list=cause.list)
        else:
            s.emit("measure_ends", row, kind=0, measure=measure, basis=basis, source=source, list=0)
    if before != after:
        if held is not None:
            store.drop(held)
        if after:
            store.put(row, mask=after, since=s.month, source=source)


@step("enforce.seizure")
def seizure(s: Step) -> None:
    p = s.p
    for debt in s.each("debts"):
        since = s.month - debt.judged - int(p.wait)
        is_searched = debt.stage == 1 and since >= 0 and since % max(int(p.between), 1) == 0
        if is_searched and s.happens("find", p.found[s.persons["quintile"][debt.subject]], debt):
            amount = max(debt.amount * int(p.part) // CERTAIN, min(debt.amount, 1))
            s.emit("payments", debt, amount=amount, ground=PAYMENT.code("seized"))


@modifier("enforce.closer_look")
def closer_look(s: Step, quantity: str, i: int) -> int:
    p, result = s.p, WHOLE
    mask = joined(s.shelf("burdens").of(i), "mask")
    for measure in bits(mask):
        if p.more[measure] != WHOLE:
            result = max(result, int(p.more[measure]))
    return result * int(p.fewer) >> 16 if mask >> MEASURE.code("fewer_inspections") & 1 else result


@step("enforce.household")
def household(s: Step) -> None:
    listed = s.cycle.state["households.listed"]
    for table, change in (("listings", 1), ("listing_ends", -1)):
        for row in s.rows(table):
            listed[s.persons["household"][row.subject]] += change


@step("enforce.public_display")
def public_display(s: Step) -> None:
    p, store, shaming = s.p, s.shelf("shown"), MEASURE.code("shaming")

    def show(row: Row, channels: int) -> None:
        for channel in bits(channels):
            s.emit("displays", row, kind=0, channel=channel, viewers=p.viewers[channel])

    over = {row.subject for row in s.rows("measure_ends") if row.measure == shaming and row.basis == OWN}
    for held in s.each("shown"):
        is_old = p.months < NEVER and s.month - held.since >= p.months
        if held.subject in over or is_old or not s.living(held.subject, 0):
            store.drop(held)
        else:
            show(held, held.channels)
    for row in s.rows("measures"):
        if row.measure == shaming and row.basis == OWN:
            channels = sum(1 << code for code, share in enumerate(p.used) if s.word("use", row, code) < share)
            if channels:
                store.put(row, channels=channels, since=s.month)
                show(row, channels)
