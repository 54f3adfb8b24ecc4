"""Rules that turn records into lists, scores, grades and ordinary penalties. They draw nothing and see no truth."""

from __future__ import annotations

from scslab.mechanisms.kinds import GROUND

from .arithmetic import NEVER
from .cycle import Row, Step, first_of_each, step


@step("decide.binary_list")
def binary_list(s: Step) -> None:
    one_record_is_enough(s, "national_records")


@step("decide.local_list")
def local_list(s: Step) -> None:
    one_record_is_enough(s, "records")


def one_record_is_enough(s: Step, table: str, is_serious=lambda record: True) -> None:
    """Enter who is not listed, with the longest term of the month's records; lengthen the listing of who is."""
    p, listings, former = s.p, s.shelf("listings"), s.shelf("former_listings")
    best: dict[int, Row] = {}
    longer: dict[int, int] = {}
    for record in s.rows(table):
        i = record.subject
        if s.month - s.persons["birth_month"][i] < 12 * int(p.age_min) or s.persons["death_month"][i] <= s.month or not is_serious(record):
            continue
        listing = listings.find(i, s.label)
        if listing is not None:
            months = int(p.extension[record.kind])
            if listing.until >= NEVER:
                months = 0
            elif p.longest < NEVER:
                months = min(months, max(int(p.longest) - (listing.until + longer.get(i, 0) - listing.since), 0))
            if months > 0:
                longer[i] = longer.get(i, 0) + months
                s.emit("extensions", record, list=s.label, months=months)
            continue
        left = former.find(i, s.label)
        if left is not None and s.month - left.ended < p.relist_bar[left.ground]:
            continue
        if i not in best or p.term[record.kind] > p.term[best[i].kind]:
            best[i] = record
    start = s.month + int(p.grace)
    for record in best.values():
        s.emit("entries", record, list=s.label, until=min(start + int(p.term[record.kind]), NEVER), due=start)


@step("decide.penalties")
def penalties(s: Step) -> None:
    for record in s.rows("records"):
        s.emit("penalties", record, amount=s.p.fine[record.kind], points=0)


@step("decide.licence_points")
def licence_points(s: Step) -> None:
    p, store = s.p, s.shelf("licence_points")
    total: dict[int, int] = {}
    last: dict[int, Row] = {}
    cycle: dict[int, int] = {}
    for record in s.rows("records"):
        i, points = record.subject, int(p.per_record[record.kind])
        if not s.persons["role"][i] & 4 or points <= 0:
            continue
        if i not in total:
            length = int(p.cycle)
            cycle[i] = (s.month - s.persons["birth_month"][i] % length) // length
            held = store.find(i)
            total[i] = held.points if held is not None and held.cycle == cycle[i] else 0
        total[i] += points
        last[i] = record
        s.emit("penalties", record, amount=0, points=points // 100)
    for i, record in last.items():
        is_full = total[i] >= p.full
        store.put(record, points=0 if is_full else total[i], cycle=cycle[i])
        if is_full:
            s.emit("entries", record, list=s.label, until=s.month + int(p.suspension))


@step("decide.redlist")
def redlist(s: Step) -> None:
    p = s.p
    for i in s.changed("score"):
        points = deviation(s.cycle.state["persons.score"][i], s.month, int(p.recovery)) + int(p.start)
        is_listed = s.shelf("listings").find(i, s.label) is not None
        row = s.announced(i)
        if points >= p.cut and not is_listed:
            s.emit("entries", row, list=s.label, until=NEVER)
        elif points < p.cut and is_listed:
            s.emit("removals", row, list=s.label, ground=GROUND.code("below_cut"))


def deviation(stored: int, month: int, recovery: int) -> int:
    """Read a stored score at a month: what is below the start has recovered since."""
    return min(0, stored + recovery * month) if stored < 0 and recovery else stored


def stored_form(value: int, month: int, recovery: int) -> int:
    return value - recovery * month if value < 0 else value


def grade_of(value: int, p) -> int:
    return max(sum(value + int(p.start) >= int(cut) for cut in p.grades[1]) - 1, 0)


@step("decide.ledger")
def ledger(s: Step) -> None:
    p, score, overrides = s.p, s.cycle.state["persons.score"], s.shelf("grade_overrides")
    recovery = int(p.recovery)
    for order in s.rows("score_orders"):
        score[order.subject] = stored_form(order.points - int(p.start), s.month - 1, recovery)
        s.touch("score", order.subject)
    records, ends, awards = s.rows("records"), s.rows("record_ends"), s.rows("awards")

    def has_score(i: int) -> bool:
        return not p.enrolled_only or s.person("persons.enrolled", i) == 1

    moved: dict[int, list[tuple[str, Row, int]]] = {}
    for source, rows, sign in (("records", records, 1), ("record_ends", ends if p.end_with_record else [], -1)):
        for row in rows:
            points = sign * int(p.per_record[row.kind])
            if points and has_score(row.subject):
                moved.setdefault(row.subject, []).append((source, row, points))
    for row in awards:
        if has_score(row.subject):
            moved.setdefault(row.subject, []).append(("awards", row, row.points))

    def held_down(i: int, grade: int) -> int:
        override = overrides.find(i)
        return grade if override is None else min(grade, override.grade)

    for i in sorted(moved):
        changes = moved[i]
        before = deviation(score[i], s.month - 1, recovery)
        wanted = before + sum(points for _, _, points in changes)
        after = max(int(p.floor) - int(p.start), min(wanted, int(p.cap) - int(p.start)))
        score[i] = stored_form(after, s.month, recovery)
        s.touch("score", i)
        cause = changes[-1][1]
        for source in ("awards", "record_ends", "records"):  # in this order the postings are numbered
            for name, row, points in changes:
                if name == source:
                    s.emit("postings", row, points=points, clamp=after - wanted if row is cause else 0)
        old, new = held_down(i, grade_of(before, p)), held_down(i, grade_of(after, p))
        if old != new:
            s.emit("grades", cause, grade=new, previous=old)
    hold_grades(s, records, has_score)


def hold_grades(s: Step, records: list[Row], has_score) -> None:
    """Set grades whatever the points, and let them go when their time is over."""
    p, score, overrides = s.p, s.cycle.state["persons.score"], s.shelf("grade_overrides")
    kinds, hit = {int(k) for k in p.override_kinds}, set()

    def by_points(i: int) -> int:
        return grade_of(deviation(score[i], s.month, int(p.recovery)), p)

    for record in first_of_each([r for r in records if r.kind in kinds and has_score(r.subject)]):
        i = record.subject
        hit.add(i)
        set_grade, override = p.grades[0].index(p.override_grade), overrides.find(i)
        now = by_points(i) if override is None else min(by_points(i), override.grade)
        until = min(s.month + int(p.override_months), NEVER)
        low = min(by_points(i), set_grade)
        overrides.put(record, grade=set_grade, until=until)
        if low != now:
            s.emit("grades", record, grade=low, previous=now)
        if until < NEVER:
            s.emit("overrides_due", record, due=until)
    for due in s.rows("overrides_due"):
        i = due.subject
        override = overrides.find(i)
        if override is not None and override.until <= s.month and i not in hit:
            overrides.drop(override)
            held, free = min(by_points(i), override.grade), by_points(i)
            if held != free:
                s.emit("grades", due, grade=free, previous=held)


@step("decide.agency_list")
def agency_list(s: Step) -> None:
    one_record_is_enough(s, "records", lambda record: record.amount >= s.p.least[record.kind])


@step("decide.takedown")
def takedown(s: Step) -> None:
    for record in s.rows("records"):
        s.emit("takedowns", record, due=s.month + int(s.p.delay))


@step("decide.hours")
def hours(s: Step) -> None:
    p, store = s.p, s.shelf("hours_counted")
    period = 0 if p.period >= NEVER else s.month // max(int(p.period), 1)
    price = dict(zip(*p.hours_per_point, strict=True))

    def points_of(counted: int) -> int:
        total, ends = 0, [*(int(cut) for cut in p.tiers[1][1:]), None]
        for name, low, high in zip(p.tiers[0], p.tiers[1], ends, strict=True):
            inside = max((counted if high is None else min(counted, high)) - int(low), 0)
            total += 100 * (inside // int(price[name])) if p.whole else 100 * inside // int(price[name])
        return min(total, int(p.most))

    so_far: dict[int, int] = {}
    last: dict[int, Row] = {}
    for record in s.rows("records"):
        i = record.subject
        held = store.find(i)
        before = so_far.get(i, held.hours if held is not None and held.period == period else 0)
        so_far[i], last[i] = before + record.amount, record
        gained = points_of(so_far[i]) - points_of(before)
        if gained:
            s.emit("awards", record, points=gained)
            if p.valid < NEVER:
                s.emit("awards", record, points=-gained, due=s.month + max(int(p.valid), 1))
    for i, record in last.items():
        store.put(record, hours=min(so_far[i], 2**31 - 1), period=period)


@step("decide.merit_list")
def merit_list(s: Step) -> None:
    p, listings, former = s.p, s.shelf("listings"), s.shelf("former_listings")
    adverse, seen = [s.code(name) for name in p.adverse], set()

    def is_stained(i: int) -> bool:
        for code in adverse:
            left = former.find(i, code)
            if listings.find(i, code) is not None or (left is not None and s.month - left.ended < p.clean_for):
                return True
        return False

    merits = [row for row in s.rows("merits") if row.total >= p.merits] if p.merits > 0 else []
    for rows in (merits, s.rows("records") if p.nominated else []):
        for row in first_of_each(rows):
            i = row.subject
            if i in seen or not s.living(i) or is_stained(i):
                continue
            seen.add(i)
            listing = listings.find(i, s.label)
            if listing is None:
                s.emit("entries", row, list=s.label, until=s.month + int(p.term))
            elif listing.until < s.month + int(p.term):
                s.emit("extensions", row, list=s.label, months=s.month + int(p.term) - listing.until)
    for row in first_of_each([row for row in s.rows("listings") if row.list in adverse]):
        if listings.find(row.subject, s.label) is not None:
            s.emit("removals", row, list=s.label, ground=GROUND.code("misconduct"), entry=0)


@step("decide.strikes")
def strikes(s: Step) -> None:
    p, store = s.p, s.shelf("strikes")
    left = {i: store.of(i) for i in {held.subject for held in store.all()}}

    def alive(held: list[Row]) -> list[Row]:
        """Leave out what is forgotten."""
        window = max(int(p.window), 1)
        if p.reset == "never" or p.window >= NEVER or not held:
            return held
        if p.reset == "cycle":
            return [h for h in held if h.columns["month"] // window == s.month // window]
        if p.reset == "rolling":
            return [h for h in held if s.month - h.columns["month"] < window]
        return held if s.month - max(h.columns["month"] for h in held) < window else []

    if s.month % 12 == 0:
        left = {i: alive(held) for i, held in left.items()}
    for end in s.rows("record_ends"):
        same = [h for h in left.get(end.subject, []) if h.kind == end.kind]
        if same:
            gone = same[0] if end.ground == GROUND.code("term_over") else same[-1]
            left[end.subject] = [h for h in left[end.subject] if h is not gone]
    new: dict[int, list[Row]] = {}
    for record in s.rows("records"):
        if s.living(record.subject, int(p.age_min)):
            new.setdefault(record.subject, []).append(record)
    because = {"needed": int(p.strikes), "list": s.label}
    for i, records in new.items():
        left[i] = alive(left.get(i, []))
        if len(left[i]) + len(records) < max(int(p.strikes), 1) or s.shelf("listings").find(i, s.label) is not None:
            for record in records:
                store.put(record, record.id % 2**28, month=s.month)
            continue
        s.emit("entries", records[-1], list=s.label, until=min(s.month + int(p.term), NEVER))
        for record in records:
            s.emit("strikes_counted", record, **because)
        for held in left[i]:
            s.emit("strikes_counted", records[-1], kind=held.kind, carry=held, **because)
        left[i] = []
    for held in store.all():
        if not any(h is held for h in left.get(held.subject, [])):
            store.drop(held)
