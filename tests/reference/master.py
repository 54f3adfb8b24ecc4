"""The master database: which islands are joined, whom a file is matched to, how long a copy stands, what corrections reach it."""

from __future__ import annotations

from decimal import Decimal, localcontext
from functools import cache
from math import floor

from scslab.mechanisms.kinds import GROUND
from scslab.mechanisms.linkage import FIELD
from scslab.mechanisms.tables_registry import MATCH

from .arithmetic import CERTAIN, NEVER, between
from .cycle import Row, Step, step
from .observe import MISLINKED

LOW_28 = 2**28 - 1


@step("record.master")
def master(s: Step) -> None:
    p, store, gone = s.p, s.shelf("national_copies"), set()
    records, files, orders, copy_orders = (s.rows(table) for table in ("records", "files", "record_orders", "copy_orders"))
    for rows in (records, files):
        for row in rows:
            take_in(s, row, row.parent if rows is records else -1 - row.id)

    def end(copy: Row, order: Row, due: int) -> None:
        if id(copy) not in gone:
            gone.add(id(copy))
            store.drop(copy)
            s.emit("copy_ends", order, subject=copy.subject, kind=copy.kind, ground=order.ground, carry=copy, due=due)

    of_record: dict[int, list[Row]] = {}
    for copy in s.each("national_copies"):
        of_record.setdefault(copy.record, []).append(copy)
    for order in orders:
        for copy in of_record.get(order.record, []) if order.ground != GROUND.code("erased") else ():
            if (copy.subject == order.subject or copy.fault == MISLINKED) and s.word("pass_on", copy.record) < p.propagates:
                end(copy, order, s.month + int(p.propagation))
    for order in copy_orders:
        for copy in store.of(order.subject):
            if copy.kind == order.kind:
                end(copy, order, s.month)
    for copy in s.each("national_copies"):
        if copy.until <= s.month:
            store.drop(copy)
        elif id(copy) not in gone and p.refresh < NEVER and s.month % max(int(p.refresh), 1) == 0:
            s.emit("national_records", copy)


def take_in(s: Step, row: Row, record: int) -> None:
    """Match what a joined island passes on, and keep a copy."""
    p, own = s.p, row.subject
    place = s.persons["place"][own]
    region = s.world["places"]["province"][place] if p.region == "province" else place
    is_joined = s.happens("join", p.integration, row) if p.joined == "record" else s.lasting("island", region << 8 | row.sensor) < p.integration
    if not is_joined:
        return
    linked = linked_to(s, row)
    match = "none" if linked < 0 else "right" if linked == own else "wrong"
    s.emit("matches", row, subject=own if linked < 0 else linked, match=MATCH.code(match))
    if linked >= 0:
        fault, due = MISLINKED if match == "wrong" else row.fault, s.month + int(p.delay[row.sensor])
        key = (record + 0x9E3779B1 * ((record >> 28) - linked)) & LOW_28
        s.shelf("national_copies").put(row, key, linked, until=min(due + int(p.retention), NEVER), record=record, fault=fault)
        s.emit("national_records", row, subject=linked, due=due, fault=fault)


def is_alive(s: Step, i: int) -> bool:
    return s.living(i, 0)


def linked_to(s: Step, row: Row) -> int:
    """Give the person a file is matched to: by the key where it serves, else by the fields; -1 is nobody."""
    p = s.p
    if not s.happens("keyed", p.keyed[row.sensor], row):
        return by_fields(s, row)
    if not s.happens("key", p.key_wrong, row):
        return row.subject
    if not s.happens("taken", p.key_taken, row):
        return by_fields(s, row)
    victim = s.pick("victim", 0, s.people, row, row.subject)
    return victim if victim >= 0 and is_alive(s, victim) else -1


def by_fields(s: Step, row: Row) -> int:
    """Match a file by name, birth, sex and place, each of them written wrongly now and then."""
    p, i, names, places = s.p, row.subject, max(int(s.p.names), 1), len(s.world["places"]["urban"])
    birth, place = s.persons["birth_month"], s.persons["place"]
    name = s.once("names", lambda: [s.lasting("names", j) * names >> 31 for j in range(s.people)])
    off = between(s.word("birth", row, 1), 1, 240)
    other = {
        "name": (name[i] + between(s.word("name", row, 1), 1, max(int(p.names) - 1, 1))) % names,
        "birth": birth[i] + (off - 120 if off > 120 else -off),
        "sex": 1 - s.persons["sex"][i],
        "place": (place[i] + between(s.word("place", row, 1), 1, max(places - 1, 1))) % places,
    }
    held = {"name": name, "birth": birth, "sex": s.persons["sex"], "place": place}
    written = {field: held[field][i] if s.word(field, row) < p.agrees[code] else other[field] for code, field in enumerate(FIELD.names)}
    found = []
    for j in range(s.people):
        if not is_alive(s, j) or (p.compared == "namesakes" and name[j] != written["name"]):
            continue
        weight = 0
        for code, field in enumerate(FIELD.names):
            m, u = int(p.agrees[code]), int(p.by_chance[code])
            weight += bits(m, u) if held[field][j] == written[field] else bits(CERTAIN - m, CERTAIN - u)
        if weight >= int(p.link) >> 6:
            found.append((-weight, s.word("tie", j << 28 | (row.id & LOW_28)), j))
    return min(found)[2] if found else -1


@cache
def bits(top: int, bottom: int) -> int:
    """Give log2(top / bottom) in 1/1024 bit, rounded down; 64 bits stand for an infinite one."""
    if not top or not bottom:
        return 0 if top == bottom else 2**16 if top else -(2**16)
    with localcontext(prec=60):
        return floor((Decimal(top) / bottom).ln() / Decimal(2).ln() * 1024 + Decimal("1e-40"))
